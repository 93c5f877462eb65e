"""A checkpoint: the finished blocks of a run in one file that is always whole.

The file is replaced by rename, so a process killed at any moment leaves the last one. Two runs may share a file: both
compute the same bits, the last writer wins, and neither can damage what the other wrote.
"""

import hashlib
import json
import os
import time
from pathlib import Path
from typing import Any

from collapse_jax.results import files
from collapse_jax.results.record import differing, versions
from collapse_jax.results.run import Run
from collapse_jax.results.store import checksum, pack, unpack

__all__ = ["Checkpoint", "Unsaved"]

_FORMAT = "collapse_jax checkpoint 2"


class Unsaved(OSError):
    """A checkpoint could not be written; `run` holds the finished chains, the file those of its last write."""

    def __init__(self, message: str, run: Run):
        super().__init__(message)
        self.run = run


class Checkpoint:
    """Reads and writes the checkpoint of the run of one configuration; `every` is in seconds.

    `config` is that of the finished run with `keep_paths` as asked for, even if more than there are chains.
    """

    def __init__(self, path: str | os.PathLike, config: dict[str, Any], every: float):
        self.path = _file(files.place(path, "checkpoint"), config)
        self.every = every
        self._config = config
        self._written = time.monotonic()

    def load(self) -> Run | None:
        """The finished blocks, None if there is no file; raises ValueError if it is damaged or of another run."""
        try:
            head, _, content = self.path.read_bytes().partition(b"\n")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise ValueError(f"cannot read the checkpoint {self.path}: {error.strerror}; give another file") from None
        try:
            about = json.loads(head)
            form, config, expected, kept = about["format"], about["config"], about["sha256"], about["keep_paths"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise ValueError(f"{self.path} is not a checkpoint, or was truncated; {_REMEDY}") from None
        if form != _FORMAT:
            raise ValueError(f"{self.path} was written in another format ({form!r}), not {_FORMAT!r}; {_REMEDY}")
        if checksum(content, config) != expected:
            raise ValueError(f"{self.path} does not match its checksum: it was truncated or changed; {_REMEDY}")
        self._compare({**config, "keep_paths": kept})
        run = Run(*unpack(content, config))
        if run.tally.whole * config["block"] > self._config["chains"]:
            raise ValueError(
                f"{self.path} holds {run.chains:,} chains, more than the {self._config['chains']:,} asked for; "
                f"ask for chains={run.chains} or more, or give another file"
            )
        return run

    def _compare(self, saved: dict[str, Any]) -> None:
        keys = differing(saved, self._config, but=("chains",))
        if keys:
            pairs = (f"{key} ({_short(saved.get(key))} there, {_short(self._config.get(key))} here)" for key in keys)
            raise ValueError(
                f"{self.path} is the checkpoint of another run: it differs in {', '.join(pairs)}; {_REMEDY}"
            )

    def probe(self) -> None:
        """Refuse a place that cannot be written."""
        files.check({"checkpoint": self.path})

    @property
    def due(self) -> bool:
        return time.monotonic() - self._written >= self.every

    def save(self, run: Run) -> None:
        """Write the finished blocks; raises `Unsaved`, and leaves the last file, if that fails."""
        content = pack(run)
        about = {
            "format": _FORMAT,
            "sha256": checksum(content, run.config),
            "keep_paths": self._config["keep_paths"],
            "config": run.config,
        }
        try:
            files.write(self.path, json.dumps(about).encode() + b"\n" + content)
        except OSError as error:
            raise Unsaved(
                f"cannot write the checkpoint {self.path}: {error.strerror}; {run.chains:,} chains are finished, and "
                "the file, if there is one, holds those of its last write: make room and make the same call to resume",
                run,
            ) from error
        self._written = time.monotonic()


_REMEDY = "give another file, or delete this one to start anew"


def _file(name: str, config: dict[str, Any]) -> Path:
    """In a folder, every configuration has a file of its own, named by what is simulated, not by how far or where."""
    path = Path(name)
    if not path.is_dir():
        if name.endswith(os.sep):
            raise ValueError(f"there is no folder {name}; choose a folder that exists and can be written")
        return path
    but = {"chains", "keep_paths", "platform", *versions()}
    named = {key: value for key, value in config.items() if key not in but}
    digest = hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()
    return path / f"{digest[:16]}.checkpoint"


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
