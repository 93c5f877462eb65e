"""A study as one file that is always whole: the state of every workflow after its last fit, and all numbers so far."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import equinox as eqx
import jax
import numpy as np

from collapse_jax.neural.loop import Tracks
from collapse_jax.results import files
from collapse_jax.results.record import differing
from collapse_jax.results.store import checksum

__all__ = ["Saved", "read", "write"]

_REMEDY = "give another file, or delete this one to start anew"


def write(path: Path, form: str, config: dict[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
    """Write arrays and what they are of; the file is the old one or the new one at any moment.

    **Raises**: OSError where it cannot be written.
    """
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # pyright: ignore[reportArgumentType]
    content = buffer.getvalue()
    about = {"format": form, "sha256": checksum(content, config), "config": config}
    files.write(path, json.dumps(about).encode() + b"\n" + content)


def read(path: Path, form: str) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """What `write` wrote.

    **Raises**: FileNotFoundError; ValueError for a file that is damaged or something else.
    """
    head, _, content = path.read_bytes().partition(b"\n")
    try:
        about = json.loads(head)
        config, expected, found = about["config"], about["sha256"], about["format"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError(f"{path} is no {form}, or was truncated; {_REMEDY}") from None
    if found != form:
        raise ValueError(f"{path} was written in another format ({found!r}), not {form!r}; {_REMEDY}")
    if checksum(content, config) != expected:
        raise ValueError(f"{path} does not match its checksum: it was truncated or changed; {_REMEDY}")
    with np.load(io.BytesIO(content), allow_pickle=False) as held:
        return config, dict(held)


class Saved:
    """The checkpoint of one study. What is resumed has the bits of a study that was never interrupted.

    **Args**: `path`: a file; `config`: of the study; `shapes`: of the state of a block, by workflow.

    **Raises**: ValueError for a place that cannot be written.
    """

    form = "collapse_jax neural checkpoint 1"

    def __init__(self, path: files.Place, config: dict[str, Any], shapes: Mapping[str, Any]):
        files.check({"checkpoint": path})
        self.path, self.config, self.shapes = Path(files.place(path, "checkpoint")), config, shapes

    def save(self, tracks: Mapping[str, Tracks]) -> None:
        """Write the state after the last fits.

        **Raises**: OSError, naming the remedy, where that fails; the file is then the last one written.
        """
        arrays = {}
        for index, track in enumerate(tracks.values()):
            if not track.fits:
                continue
            arrays |= {f"{index}/values": np.stack(track.values), f"{index}/losses": np.stack(track.losses)}
            for block, state in enumerate(track.states):
                leaves = jax.tree.leaves(eqx.filter(state, eqx.is_array))
                arrays |= {f"{index}/{block}/{place}": np.asarray(leaf) for place, leaf in enumerate(leaves)}
        try:
            write(self.path, self.form, self.config, arrays)
        except OSError as error:
            raise OSError(
                f"cannot write the checkpoint {self.path}: {error.strerror}; the file, if there is one, holds what was "
                "finished at its last write: make room and make the same call to resume"
            ) from error

    def load(self) -> dict[str, Tracks]:
        """What was finished; nothing if there is no file.

        **Raises**: ValueError for a file that is damaged, or of another study.
        """
        tracks = {name: Tracks() for name in self.shapes}
        try:
            config, arrays = read(self.path, self.form)
        except FileNotFoundError:
            return tracks
        if keys := differing(config, self.config):
            parts = ", ".join(keys)
            raise ValueError(f"{self.path} is the checkpoint of another study: it differs in {parts}; {_REMEDY}")
        blocks = -(-config["chains"] // config["block"])
        for index, (track, shapes) in enumerate(zip(tracks.values(), self.shapes.values(), strict=True)):
            if f"{index}/values" in arrays:
                track.values, track.losses = list(arrays[f"{index}/values"]), list(arrays[f"{index}/losses"])
                track.states = [_filled(shapes, arrays, f"{index}/{block}") for block in range(blocks)]
        return tracks


def _filled(shapes: Any, arrays: Mapping[str, np.ndarray], prefix: str) -> Any:
    abstract, rest = eqx.partition(shapes, lambda leaf: isinstance(leaf, jax.ShapeDtypeStruct))
    leaves, structure = jax.tree.flatten(abstract)
    with jax.enable_x64(False):
        held = [jax.numpy.asarray(arrays[f"{prefix}/{place}"], leaf.dtype) for place, leaf in enumerate(leaves)]
    return eqx.combine(jax.tree.unflatten(structure, held), rest)
