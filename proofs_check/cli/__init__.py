"""The command `collapse`. JAX is imported only by the subcommands that simulate.

Every module of this package that has a function `add` declares subcommands with it; nothing lists them.
"""

import argparse
import importlib
import pkgutil
import shlex
import sys
from collections.abc import Sequence
from typing import NoReturn

from proofs_check.cli.terminal import complain, forget_output, neutral_streams


class _Parser(argparse.ArgumentParser):
    """Errors are one line and exit 2."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: error: {message}; see {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    with neutral_streams():
        try:
            try:
                return _run(sys.argv[1:] if arguments is None else list(arguments))
            finally:
                if sys.stdout is not None:
                    sys.stdout.flush()  # else the end of Python finds out that it cannot be written
        except ValueError as error:
            complain(f"error: {error}")
            return 2
        except BrokenPipeError:
            forget_output()
            return 1
        except OSError as error:
            forget_output()
            what = "write the output" if error.filename is None else f"use {error.filename}"
            complain(f"error: cannot {what}: {error.strerror or error}; choose a place with room, open to this user")
            return 1
        except MemoryError:
            complain("error: the memory of this machine is not enough; use a smaller n, fewer chains or generations")
            return 1
        except KeyboardInterrupt:
            complain("interrupted")
            return 130


def _run(arguments: list[str]) -> int:
    if arguments[:1] == ["bench"]:  # whose options are not ours
        from proofs_check.cli import benching

        return benching.bench(arguments[1:])
    parsed = _parser().parse_args(arguments)
    parsed.line = shlex.join(["collapse", *arguments])
    return parsed.run(parsed)


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
