"""`collapse figure`: the figures of the papers, with their data."""

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from proofs_check.cli.options import command, keep_programs


def add(commands: Any) -> None:
    """Declare the subcommands of this module."""
    sub = command(commands, "figure", _figure, "draw figures of the papers, with their data and what they came from")
    sub.add_argument("id", nargs="*", metavar="ID", help="figures to draw")
    sub.add_argument("--list", action="store_true", help="the figures, one per line")
    sub.add_argument("--all", action="store_true", help="draw every figure")
    sub.add_argument("--out", metavar="DIR", default="figures", help="folder to write to (default %(default)s)")
    sub.add_argument("--quick", action="store_true", help="few chains and curves: a look within seconds per figure")
    sub.add_argument("--seed", type=int, default=0)


def _figure(parsed: argparse.Namespace) -> int:
    from collapse_jax import figures

    if parsed.list:
        width = max(map(len, figures.FIGURES))
        for figure in figures.FIGURES.values():
            print(f"{figure.id:{width}}  {figure.summary}")
        return 0
    if bool(parsed.id) == parsed.all:
        raise ValueError("name figures or give --all; `collapse figure --list` shows them")
    if parsed.seed < 0:
        raise ValueError(f"--seed {parsed.seed} is not possible; use a whole number >= 0")
    keep_programs()
    chosen = figures.choose(list(figures.FIGURES) if parsed.all else parsed.id)
    figures.prepare_folder(Path(parsed.out))
    for figure in chosen:
        started = time.perf_counter()
        for path in figures.write(figure, Path(parsed.out), quick=parsed.quick, seed=parsed.seed):
            print(path)
        print(f"{figure.id}: {time.perf_counter() - started:.1f} s", file=sys.stderr, flush=True)
    return 0
