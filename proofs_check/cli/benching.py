"""`collapse bench`: measurements of speed, in a clone of the repository."""

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from proofs_check.cli.options import command


def add(commands: Any) -> None:
    """Declare the subcommands of this module."""
    command(
        commands,
        "bench",
        lambda _: bench([]),  # not reached: `main` hands its arguments on as they are
        "measure speed in a clone of the repository; takes the arguments of python -m benchmarks",
    )


def bench(arguments: Sequence[str]) -> int:
    """Run `python -m benchmarks` with these arguments."""
    if Path("benchmarks", "rows.py").is_file():  # the command's path does not hold the current folder
        sys.path.insert(0, os.getcwd())
    try:
        main = importlib.import_module("benchmarks.__main__").main
    except ModuleNotFoundError as error:
        if error.name not in ("benchmarks", "benchmarks.__main__"):
            raise
        raise ValueError("the benchmarks are not installed; run it from a clone of the repository") from None
    return main(list(arguments))
