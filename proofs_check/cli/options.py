"""What several subcommands read from their arguments, and places that they write to."""

import argparse
import ast
import functools
import os
import re
import subprocess
import sys
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
        files.check({"": files.place(path, option)}, make=make, stream=stream)
        real = os.path.realpath(path)
        if owner.setdefault(real, option) != option:
            raise ValueError(f"{owner[real]} and {option} would both write {path}; give them different files")


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
    begin()
    from collapse_jax.engine import cache, platform

    cache.enable(described)
    platform.devices()


@functools.cache
def begin() -> None:
    """Refuse flags of XLA that would abort the process; asks another process, and only where there are flags."""
    if not os.environ.get("XLA_FLAGS"):
        return
    asked = [sys.executable, "-c", "from jaxlib import xla_client; xla_client.make_cpu_client()"]
    done = subprocess.run(asked, capture_output=True, text=True, errors="replace", check=False)
    fatal = [line.partition("] ")[2] for line in done.stderr.splitlines() if re.match(r"[EF]\d{4} ", line)]
    if done.returncode == 0 or not fatal:  # an exception would come again, as one
        return
    reason = fatal[0]
    raise ValueError(
        f"XLA does not take XLA_FLAGS={os.environ['XLA_FLAGS']}: {reason.rstrip('. ')}; correct or unset it"
    )
