"""What several subcommands read from their arguments, and places that they write to."""

import argparse
import ast
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any


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


def writable(path: str | None) -> None:
    """Refuse a place that cannot be written, before hours are spent on what should go there."""
    if path is None:
        return
    folder = Path(path).absolute().parent
    if not folder.is_dir() or not os.access(folder, os.W_OK) or not Path(path).name:
        raise ValueError(f"cannot write {path}; choose a folder that exists and can be written")


def write_text(path: str, text: str) -> None:
    """Write a file, or say in one line why not."""
    try:
        Path(path).write_text(text)
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
