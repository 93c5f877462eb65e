"""Runs as files: a .npz of numbers and a .json of what they are, tied by a checksum."""

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from collapse_jax.results import files
from collapse_jax.results.estimate import Moments4
from collapse_jax.results.tally import Tally, spans

if TYPE_CHECKING:
    from collapse_jax.results.run import Run

__all__ = ["checksum", "pack", "read", "shape_of", "targets", "unpack", "write"]

_FORMAT = "collapse_jax run 3"

Parts = tuple[dict[str, Any], Tally, dict[str, np.ndarray]]


def write(run: "Run", path: str | os.PathLike) -> Path:
    """Write PATH.npz and, beside it, PATH.json with the configuration and a checksum of both.

    **Raises**: ValueError for a place that cannot be written.
    """
    path, sidecar = targets(path)
    content = pack(run)
    about = {"format": _FORMAT, "sha256": checksum(content, run.config), "config": run.config}
    for target, written in ((path, content), (sidecar, json.dumps(about, indent=2).encode())):
        try:
            files.write(target, written)
        except OSError as error:
            raise ValueError(
                f"cannot write {target}: {error.strerror}; choose a folder that exists and can be written"
            ) from None
    return path


def read(path: str | os.PathLike) -> Parts:
    """Read what `write` wrote: the parts of a run.

    **Raises**: ValueError if a file is missing, truncated, was changed or is of another format.
    """
    path, sidecar = targets(path)
    try:
        content, text = path.read_bytes(), sidecar.read_bytes()
    except OSError as error:
        raise ValueError(
            f"cannot read {error.filename}: {error.strerror}; a saved run is a .npz and a .json "
            "of the same name, keep them together"
        ) from None
    try:
        about = json.loads(text)
        config, expected, form = about["config"], about["sha256"], about["format"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError(
            f"{sidecar} is not the description of a run, or was truncated; run the simulation again"
        ) from None
    if form != _FORMAT:
        raise ValueError(
            f"{sidecar} was written in another format ({form!r}); this version reads {_FORMAT!r}: load it with the "
            "version of collapse_jax that wrote it, or run the simulation again"
        )
    if checksum(content, config) != expected:
        raise ValueError(
            f"{path} does not match its checksum: it or {sidecar.name} was truncated or changed; "
            "run the simulation again"
        )
    return unpack(content, config)


def targets(path: str | os.PathLike) -> tuple[Path, Path]:
    """The .npz and the .json that a run saved as `path` is.

    `with_suffix` would turn both run0.5 and run0.7 into run0.npz.
    """
    path = Path(files.place(path))
    path = path if path.suffix == ".npz" else path.with_name(path.name + ".npz")
    return path, path.with_suffix(".json")


def shape_of(config: Mapping[str, Any]) -> tuple[int, int]:
    """Generations and metrics: the shape of the moments of a run."""
    return config["generations"], len(config["metrics"])


def pack(run: "Run") -> bytes:
    """The numbers of a run as .npz; equal runs give equal bytes."""
    stacked = run.tally.stacked(shape_of(run.config))
    arrays = {f"nodes/{item.name}": getattr(stacked, item.name) for item in fields(Moments4)}
    arrays |= {f"paths/{name}": values for name, values in run.paths.items()}
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # pyright: ignore[reportArgumentType]
    return buffer.getvalue()


def unpack(content: bytes, config: dict[str, Any]) -> Parts:
    """The parts of the run of this configuration that `pack` wrote; raises ValueError if they do not fit it."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            stacked = Moments4(*(arrays[f"nodes/{item.name}"] for item in fields(Moments4)))
            paths = {name.removeprefix("paths/"): arrays[name] for name in arrays.files if name.startswith("paths/")}
        whole, rest = divmod(config["chains"], config["block"])
        number = len(spans(config["first_block"], whole)) + (rest > 0)
        if any(getattr(stacked, item.name).shape != (number, *shape_of(config)) for item in fields(Moments4)):
            raise ValueError("the summaries are not those of the blocks")
        nodes = tuple(stacked[i] for i in range(number))
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise ValueError(f"these numbers are not those of the run described ({error}); run it again") from None
    return config, Tally(config["first_block"], whole, nodes, rest > 0), paths


def checksum(content: bytes, config: dict) -> str:
    """What ties the numbers of a run to its configuration."""
    return hashlib.sha256(content + json.dumps(config, sort_keys=True).encode()).hexdigest()
