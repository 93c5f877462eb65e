"""A sweep as one file, whole or absent: a line of JSON that says what it is, then the numbers of its cells."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from collapse_jax.results import Run, files
from collapse_jax.results.store import checksum, pack, unpack

__all__ = ["read", "target", "write"]

_FORMAT = "collapse_jax sweep 1"
_AGAIN = "run the sweep again"


def target(path: str | os.PathLike) -> Path:
    """The file that a sweep saved as `path` is: with .sweep at its end."""
    file = Path(files.place(path))
    return file if file.suffix == ".sweep" else file.with_name(f"{file.name}.sweep")


def write(over: Mapping[str, tuple], runs: Mapping[tuple, Run], seed: int | None, path: str | os.PathLike) -> Path:
    """Write the cells of a sweep.

    **Args**: `over`: the values of every coordinate; `runs`: by coordinates; `seed`: of the sweep; `path`: where.

    **Returns**: the file.

    **Raises**: ValueError for a place that cannot be written.
    """
    file, contents = target(path), [pack(run) for run in runs.values()]
    about = {
        "over": [[name, [_coded(value) for value in values]] for name, values in over.items()],
        "seed": seed,
        "cells": [[over[name].index(value) for name, value in zip(over, key, strict=True)] for key in runs],
        "configs": [run.config for run in runs.values()],
        "sizes": [len(content) for content in contents],
    }
    content = b"".join(contents)
    head = {"format": _FORMAT, "sha256": checksum(content, about), **about}
    try:
        files.write(file, json.dumps(head).encode() + b"\n" + content)
    except OSError as error:
        raise ValueError(
            f"cannot write {file}: {error.strerror}; choose a folder that exists and can be written"
        ) from None
    return file


def read(path: str | os.PathLike) -> tuple[dict[str, tuple], dict[tuple, Run], int | None]:
    """Read what `write` wrote.

    **Args**: `path`: the file, with or without .sweep.

    **Returns**: coordinates, runs and seed.

    **Raises**: ValueError if the file is missing, truncated, was changed, is of another format, or has coordinates of
    classes that are not imported.
    """
    file = target(path)
    try:
        head, _, content = file.read_bytes().partition(b"\n")
    except OSError as error:
        raise ValueError(f"cannot read {file}: {error.strerror}; give a file that Sweep.save wrote") from None
    try:
        about = json.loads(head)
        form, expected = about.pop("format"), about.pop("sha256")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ValueError(f"{file} is not a sweep, or was truncated; {_AGAIN}") from None
    if form != _FORMAT:
        raise ValueError(
            f"{file} was written in another format ({form!r}); this version reads {_FORMAT!r}: load it with "
            f"the version of collapse_jax that wrote it, or {_AGAIN}"
        )
    if checksum(content, about) != expected:
        raise ValueError(f"{file} does not match its checksum: it was truncated or changed; {_AGAIN}")
    over = {name: tuple(_decoded(value, file) for value in values) for name, values in about["over"]}
    runs, start = {}, 0
    for places, config, size in zip(about["cells"], about["configs"], about["sizes"], strict=True):
        key = tuple(values[index] for values, index in zip(over.values(), places, strict=True))
        runs[key] = Run(*unpack(content[start : start + size], config))
        start += size
    return over, runs, about["seed"]


def _coded(value: Any) -> Any:
    """A coordinate as JSON: lists stand for tuples, and a class is its name."""
    if isinstance(value, tuple):
        return [_coded(item) for item in value]
    return {"class": [value.__module__, value.__qualname__]} if isinstance(value, type) else value


def _decoded(value: Any, file: Path) -> Any:
    if isinstance(value, list):
        return tuple(_decoded(item, file) for item in value)
    if not isinstance(value, dict):
        return value
    module, name = value["class"]
    found: Any = sys.modules.get(module)  # a file decides nothing that is imported, and so run
    for part in name.split("."):
        found = getattr(found, part, None)
    if not isinstance(found, type):
        raise ValueError(f"{file} has the class {module}.{name} as a coordinate; import {module}, then load it again")
    return found
