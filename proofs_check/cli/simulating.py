"""`collapse simulate` and `merge`: run chains and join their parts."""

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

from proofs_check.cli.options import Target, assignments, begin, command, destinations, devices, keep_programs, shard
from proofs_check.construct import build, find, kinds, metric, protocol


def add(commands: Any) -> None:
    """Declare the subcommands of this module."""
    sub = command(commands, "simulate", _simulate, "run chains and print, save or plot their error curves")
    sub.add_argument("family", metavar="FAMILY", help=f"{', '.join(kinds('families'))}, or of a paper's room")
    known = ", ".join(kinds("workflows"))
    sub.add_argument("workflow", metavar="WORKFLOW", help=f"{known}; around another as tempered:replace")
    sub.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a parameter of either, e.g. n=100"
    )
    sub.add_argument("--metric", action="append", default=[], help="what to record (repeatable)")
    sub.add_argument("--generations", type=int, default=20, metavar="G")
    sub.add_argument("--chains", type=int, default=10_000, metavar="R")
    sub.add_argument("--seed", type=int, default=0)
    sub.add_argument("--engine", choices=("exact", "literal"), default="exact")
    sub.add_argument("--dtype", choices=("float64", "float32"), default="float64")
    sub.add_argument("--draws", choices=("float64", "float32"), help="precision of the random draws (default: dtype)")
    sub.add_argument("--sampler", choices=("quantile", "rejection"), default="quantile")
    sub.add_argument("--devices", default="1", metavar="N|all", help="how many devices to use (default 1)")
    sub.add_argument("--checkpoint", metavar="PATH", help="a file or folder for the finished chains; resumes from it")
    sub.add_argument(
        "--checkpoint-every", type=float, default=30, metavar="SECONDS", help="time between writes (default 30)"
    )
    sub.add_argument("--shard", metavar="I/N", help="run only part I of N, to be joined by `collapse merge`")
    sub.add_argument("--distributed", action="store_true", help="share the chains among the processes of this job")
    sub.add_argument("--coordinator", metavar="HOST:PORT", help="where process 0 listens (default: found in the job)")
    sub.add_argument("--processes", type=int, metavar="N", help="number of processes (default: found in the job)")
    sub.add_argument("--process", type=int, metavar="I", help="which one this is, from 0 (default: found in the job)")
    sub.add_argument("--out", metavar="FILE", help="save as FILE.npz and FILE.json")
    sub.add_argument("--plot", metavar="FILE", help="plot to FILE (png, pdf, svg)")

    sub = command(commands, "merge", _merge, "join the shards of a run")
    sub.add_argument("out", metavar="OUT", help="save as OUT.npz and OUT.json")
    sub.add_argument("files", nargs="+", metavar="FILE", help="what every `simulate --shard I/N --out FILE` saved")


def _simulate(parsed: argparse.Namespace) -> int:
    destinations(*_saved("--out", parsed.out), *plotted(parsed.plot))
    stopped, code, process, signals = "", 0, 0, []
    try:
        process = _join(parsed)  # first, since JAX takes SIGTERM for itself there
        with _stoppable() as signals:
            run = _simulated(parsed)
    except KeyboardInterrupt as stop:
        run = getattr(stop, "run", None)
        stopped, code = "interrupted", 128 + (signals[-1] if signals else signal.SIGINT)
    except OSError as error:
        run = getattr(error, "run", None)
        if run is None:  # not of a checkpoint: other processes did not come, or stopped
            raise ValueError(str(error)) from None
        stopped, code = str(error), 1
    if run is None:
        print("collapse: interrupted before the first block of chains was finished", file=sys.stderr)
        return code
    if process == 0 and not (stopped and parsed.distributed):  # what stops in one process is only its part
        # Files first: what is printed may reach nobody.
        written = [f"saved: {run.save(parsed.out)}"] if parsed.out else []
        if parsed.plot and run.chains:
            written.append(_plot(run, parsed.plot))
        print("\n".join([str(run), *([_table(run)] if run.chains else []), *written]))
    if stopped:
        print(
            f"collapse: {stopped}; finished {run.chains:,} of {parsed.chains:,} chains; "
            + (f"resume with: {parsed.line}" if parsed.checkpoint else "the above holds those"),
            file=sys.stderr,
        )
    return code


def _saved(option: str, path: str | None) -> list[Target]:
    """The two files of a saved run."""
    if path is None:
        return []
    from collapse_jax.results.store import targets

    return [Target(option, target) for target in targets(path)]


def plotted(path: str | None) -> list[Target]:
    """The file of a plot, of a kind that can be drawn."""
    if path is None:
        return []
    from matplotlib.backend_bases import FigureCanvasBase

    kind = Path(path).suffix[1:].lower()
    if kind not in FigureCanvasBase.filetypes:
        raise ValueError(
            f"cannot write {path}: {kind or 'no ending'} is no kind of picture; end it in .png, .pdf or .svg"
        )
    return [Target("--plot", path)]


def _simulated(parsed: argparse.Namespace) -> Any:
    family, workflow = build(find("families", parsed.family), protocol(parsed.workflow), assignments(parsed.set))
    from collapse_jax import Request, metrics_for, simulate

    keep_programs()
    given = vars(parsed).keys() - {"family", "workflow"}
    options = {option.name: getattr(parsed, option.name) for option in fields(Request) if option.name in given}
    options |= {"devices": devices(parsed.devices), "shard": shard(parsed.shard)}
    return simulate(family, workflow, [metric(name) for name in parsed.metric] or metrics_for(family)[:1], **options)


@contextmanager
def _stoppable() -> Iterator[list[int]]:
    """SIGTERM, which batch systems send before they kill, acts like Ctrl-C; gives the signals that came."""
    came: list[int] = []

    def stop(number: int, _: Any) -> None:
        came.append(number)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield came
    finally:
        signal.signal(signal.SIGTERM, before)


def _join(parsed: argparse.Namespace) -> int:
    """Meet the other processes of the job; returns which one this is."""
    if not parsed.distributed:
        for name in ("coordinator", "processes", "process"):
            if getattr(parsed, name) is not None:
                raise ValueError(f"--{name} is about several processes; add --distributed")
        return 0
    begin()
    from collapse_jax import distributed

    return distributed(parsed.coordinator, parsed.processes, parsed.process)[0]


def _merge(parsed: argparse.Namespace) -> int:
    from collapse_jax import merge

    destinations(*_saved("OUT", parsed.out))
    run = merge(parsed.files)
    saved = run.save(parsed.out)
    print(f"{run}\nsaved: {saved}")
    return 0


def _table(run: Any) -> str:
    """Mean and standard error of every metric, at all generations or at about twelve of many."""
    total = len(run.generations)
    rows = range(total) if total <= 20 else sorted({round(total ** (i / 11)) - 1 for i in range(12)})
    head = f"{'t':>6}" + "".join(f"  {name:>28}" for name in run)
    lines = [head]
    for row in rows:
        cells = "".join(f"  {curve.at(row):>28}" for curve in run.values())
        lines.append(f"{run.generations[row]:>6}{cells}")
    return "\n".join(lines)


def _plot(run: Any, path: str) -> str:
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(len(run), 1, figsize=(5, 3 * len(run)), squeeze=False, layout="constrained")
    for name, ax in zip(run, axes[:, 0], strict=True):
        run.plot(name, ax=ax).legend(frameon=False)
    try:
        figure.savefig(path, dpi=200)
    except OSError as error:
        raise ValueError(
            f"cannot write {path}: {error.strerror}; choose a folder that exists and can be written"
        ) from None
    except ValueError as error:
        raise ValueError(f"cannot write {path}: {error}; end the name in .png, .pdf or .svg") from None
    return f"plotted: {path}"
