"""`collapse figure`: the figures of the papers, with their data."""

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from proofs_check import registry
from proofs_check.cli.listing import table
from proofs_check.cli.narrowing import apart, found_in
from proofs_check.cli.options import Target, command, destinations, keep_programs
from proofs_check.figure import Look, targets, write


def add(commands: Any) -> None:
    """Declare the subcommands of this module."""
    sub = command(commands, "figure", _figure, "draw figures of the papers, with their data and what they came from")
    sub.add_argument("id", nargs="*", metavar="ID|folder", help="figures to draw, or a paper's folder of yours")
    sub.add_argument("--list", action="store_true", help="the figures, one per line")
    sub.add_argument("--all", action="store_true", help="draw every figure")
    sub.add_argument("--out", metavar="DIR", default="figures", help="folder to write to (default %(default)s)")
    sub.add_argument(
        "--quick", action="store_true", help="few chains for the same curves: a look within seconds per figure"
    )
    sub.add_argument("--seed", type=int, default=0)
    sub.add_argument("--no-caption", action="store_true", help="leave the caption out of the picture; FILE.json has it")
    sub.add_argument(
        "--style", metavar="NAME|FILE", help="neurips, single, double, slides, a style of matplotlib's, or a file"
    )
    sub.add_argument("--width", type=float, metavar="INCHES", help="how wide the picture is; its height follows")
    sub.add_argument("--dpi", type=int, default=200, help="dots per inch of the PNG (default %(default)s)")


def _figure(parsed: argparse.Namespace) -> int:
    places, ids = apart(parsed.id)
    there = found_in(places).figures
    if parsed.list:
        if not there:
            raise ValueError(f"there is no figure in {', '.join(places)}; make one in its figures.py")
        print(table([], [[figure.id, figure.summary] for figure in there.values()]))
        return 0
    if bool(ids) == parsed.all:
        raise ValueError("name figures or give --all; `collapse figure --list` shows them")
    if parsed.seed < 0:
        raise ValueError(f"--seed {parsed.seed} is not possible; use a whole number >= 0")
    look = Look(caption=not parsed.no_caption, style=parsed.style, width=parsed.width, dpi=parsed.dpi)
    keep_programs(not places)
    for id in ids if places else []:
        if id not in there:
            raise ValueError(f"no figure {id!r} in {', '.join(places)}; there is {', '.join(there) or 'none'}")
    chosen = list(there.values()) if parsed.all else [there[id] for id in ids] if places else registry.choose(ids)
    destinations(*(Target("--out", path, make=True) for one in chosen for path in targets(one, Path(parsed.out))))
    for figure in chosen:
        if figure.missing and not parsed.all:
            raise ValueError(figure.missing)
        if figure.missing:
            print(f"left out: {figure.missing}", file=sys.stderr, flush=True)
            continue
        started = time.perf_counter()
        for path in write(figure, Path(parsed.out), quick=parsed.quick, seed=parsed.seed, look=look):
            print(path)
        print(f"{figure.id}: {time.perf_counter() - started:.1f} s", file=sys.stderr, flush=True)
    return 0
