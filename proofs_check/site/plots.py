"""The plots of all claims, drawn by several processes and kept in a folder until the code of their claim changes."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from proofs_check import registry
from proofs_check.site.sketch import sketch
from proofs_check.staleness import source_digest, unchanging

__all__ = ["draw", "plots"]


def plots(folder: Path, workers: int) -> dict[str, str]:
    """The plot of every shipped claim by id, drawn by several processes; one whose code did not change is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    with unchanging():
        files = {id: folder / f"{id}.{source_digest(claim)}.svg" for id, claim in registry.claims().items()}
    missing = [id for id, file in files.items() if not file.is_file()]
    if missing:
        # a process that holds JAX does not survive a fork
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            for id, drawn in zip(missing, pool.map(draw, missing, chunksize=8), strict=True):
                files[id].write_text(drawn, encoding="utf-8")
    for old in {*folder.iterdir()} - {*files.values()}:
        old.unlink()
    return {id: file.read_text(encoding="utf-8") for id, file in files.items()}


def draw(id: str) -> str:
    """The plot of one shipped claim."""
    return sketch(registry.claims()[id])
