"""What several subcommands read from their arguments, and places that they write to."""

import argparse
import ast
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple


def command(
    commands: Any, name: str, run: Callable[[argparse.Namespace], int], summary: str
) -> argparse.ArgumentParser:
    """A subcommand that `run` carries out; returns its parser, for the arguments."""
    sub = commands.add_parser(name, help=summary, description=summary)
    sub.set_defaults(run=run)
    return sub


def assignments(items: Sequence[str]) -> dict[str, Any]:
    """NAME=VALUE pairs; values are Python literals, anything else is text."""
    found: dict[str, Any] = {}
    for item in items:
        name, separator, text = item.partition("=")
        if not separator or not name.isidentifier() or not text:
            raise ValueError(f"--set {item!r} is not NAME=VALUE; write for example --set n=50")
        try:
            found[name] = ast.literal_eval(text)
        except (ValueError, SyntaxError):
            found[name] = text
    return found


class Target(NamedTuple):
    """A file that an option names; `make`: its folder is made, `stream`: a pipe or a device will do."""

    option: str
    path: str | Path | None
    make: bool = False
    stream: bool = False


def destinations(*targets: Target) -> None:
    """Refuse, before any work, files that cannot be written, and a file that two options name."""
    from collapse_jax.results import files

    owner: dict[str, str] = {}
    for option, path, make, stream in targets:
        if path is None:
            continue
        real = os.path.realpath(files.place(path, option))
        if owner.setdefault(real, option) != option:
            raise ValueError(f"{owner[real]} and {option} would both write {path}; give them different files")
        files.check({"": path}, make=make, stream=stream)


def write_text(path: str, text: str) -> None:
    """Write a file, whole or not at all, or say in one line why not."""
    from collapse_jax.results import files

    try:
        files.write(Path(path), text.encode())
    except OSError as error:
        raise ValueError(
            f"cannot write {path}: {error.strerror}; choose a folder that exists and can be written"
        ) from None


def devices(text: str) -> int | None:
    if text != "all" and not text.isdecimal():
        raise ValueError(f"--devices {text} is not possible; use a number of devices, or all")
    return None if text == "all" else int(text)


def shard(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    index, _, of = text.partition("/")
    if not (index.isdecimal() and of.isdecimal()):
        raise ValueError(f"--shard {text} is not I/N; write for example --shard 3/8")
    return int(index), int(of)


def keep_programs(described: bool = True) -> None:
    """Programs are compiled once per machine; with a user's code loaded, each is found by its text alone."""
    from collapse_jax.engine import cache

    cache.enable(described)
