"""The command `collapse`. JAX is imported only by the subcommands that simulate.

Every module of this package that has a function `add` declares subcommands with it; nothing lists them.
"""

import argparse
import importlib
import os
import pkgutil
import shlex
import sys
from collections.abc import Sequence
from typing import NoReturn


class _Parser(argparse.ArgumentParser):
    """Errors are one line and exit 2."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: error: {message}; see {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    try:
        if arguments[:1] == ["bench"]:  # whose options are not ours
            from proofs_check.cli import benching

            return benching.bench(arguments[1:])
        parsed = _parser().parse_args(arguments)
        parsed.line = shlex.join(["collapse", *arguments])
        return parsed.run(parsed)
    except ValueError as error:
        print(f"collapse: error: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser() -> argparse.ArgumentParser:
    from collapse_jax import __version__

    parser = _Parser(
        prog="collapse",
        description="Recursive fitting beside its theory: list, decide, simulate.",
        epilog="Compiled programs are kept in the user's cache folder, or in the folder COLLAPSE_CACHE_DIR; an empty "
        "COLLAPSE_CACHE_DIR keeps none.",
    )
    parser.add_argument("--version", action="version", version=f"collapse {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        if not module.name.endswith("__main__"):
            add = getattr(importlib.import_module(module.name), "add", None)
            if add is not None:
                add(commands)
    return parser
