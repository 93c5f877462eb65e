"""The command `collapse`. JAX is imported only by the subcommands that simulate."""

import argparse
import ast
import importlib
import json
import os
import shlex
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from proofs_check import papers, registry
from proofs_check.claim import PROVENANCE, Claim
from proofs_check.plan import QUICK, Plan

if TYPE_CHECKING:
    from proofs_check.outcome import Outcome


class _Parser(argparse.ArgumentParser):
    """Errors are one line and exit 2."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: error: {message}; see {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    try:
        if arguments[:1] == ["bench"]:  # whose options are not ours
            return _bench(arguments[1:])
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

    def command(name: str, run: Any, summary: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=summary, description=summary)
        sub.set_defaults(run=run)
        return sub

    sub = command("list", _list, "the claims, one per line")
    sub.add_argument("--paper", help="only the claims of this paper")
    sub.add_argument("--json", action="store_true", help="as JSON")

    sub = command("show", _show, "everything about one claim")
    sub.add_argument("id")

    sub = command("cite", _cite, "BibTeX of the paper of a claim, and what was tested")
    sub.add_argument("id")

    sub = command("verify", _verify, "decide claims; exit 0 when every outcome is the expected one")
    sub.add_argument("what", nargs="*", metavar="ID|glob|file.py", help="claims to decide (default: all shipped ones)")
    sub.add_argument("--all", action="store_true", help="all shipped claims, which is also the default")
    sub.add_argument("--quick", action="store_true", help=f"resolution {QUICK.resolution:g}, fewer chains")
    sub.add_argument(
        "--alpha", type=float, default=Plan.alpha, help="family-wise error probability (default %(default)g)"
    )
    sub.add_argument("--resolution", type=float, help=f"relative accuracy asked for (default {Plan.resolution:g})")
    sub.add_argument("--max-chains", type=int, metavar="N", help="most chains per claim")
    sub.add_argument("--seed", type=int, default=0)
    sub.add_argument("--engine", choices=("exact", "literal"), default="exact")
    sub.add_argument(
        "--sampler",
        choices=("quantile", "rejection"),
        default=Plan.sampler,
        help="how chains draw (default %(default)s)",
    )
    sub.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a parameter of the claims")
    sub.add_argument("--mutants", action="store_true", help="show every mutant and its verdict")
    sub.add_argument("--json", metavar="FILE", help="write the outcomes as JSON (- for standard output)")
    sub.add_argument("--report", metavar="DIR", help="write DIR/index.html, one self-contained page")

    sub = command("simulate", _simulate, "run chains and print, save or plot their error curves")
    sub.add_argument("family", metavar="FAMILY", help=", ".join(_FAMILIES))
    sub.add_argument("workflow", metavar="WORKFLOW", help=", ".join(_WORKFLOWS))
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

    sub = command("merge", _merge, "join the shards of a run")
    sub.add_argument("out", metavar="OUT", help="save as OUT.npz and OUT.json")
    sub.add_argument("files", nargs="+", metavar="FILE", help="what every `simulate --shard I/N --out FILE` saved")

    sub = command("figure", _figure, "draw figures of the papers, with their data and what they came from")
    sub.add_argument("id", nargs="*", metavar="ID", help="figures to draw")
    sub.add_argument("--list", action="store_true", help="the figures, one per line")
    sub.add_argument("--all", action="store_true", help="draw every figure")
    sub.add_argument("--out", metavar="DIR", default="figures", help="folder to write to (default %(default)s)")
    sub.add_argument("--quick", action="store_true", help="few chains and curves: a look within seconds per figure")
    sub.add_argument("--seed", type=int, default=0)

    command("bench", _bench, "measure speed in a clone of the repository; takes the arguments of python -m benchmarks")
    return parser


def _list(parsed: argparse.Namespace) -> int:
    claims = registry.select([], parsed.paper)
    if parsed.json:
        keys = ("id", "paper", "statement", "relation", "regime", "provenance", "source", "expected", "parameters")
        print(json.dumps([{key: getattr(claim, key) for key in keys} for claim in claims], indent=2))
        return 0
    width = max(len(claim.id) for claim in claims)
    for claim in claims:
        print(f"{claim.id:{width}}  {claim.relation:7}  {claim.regime:11}  {claim.provenance:8}  {claim.expected}")
    return 0


def _one(id: str) -> Claim:
    found = registry.select([id])
    if len(found) > 1:
        raise ValueError(f"{id!r} names {len(found)} claims; give one id")
    return found[0]


def _show(parsed: argparse.Namespace) -> int:
    claim = _one(parsed.id)
    check = claim.check()
    lines = {
        "statement": claim.statement,
        "relation": f"{claim.relation} ({claim.regime})",
        "source": claim.source,
        "provenance": f"{claim.provenance}: {PROVENANCE[claim.provenance]}",
        "expected": claim.expected,
        "parameters": ", ".join(f"{name}={value!r}" for name, value in claim.parameters.items()),
        "evidence": ", ".join(check.evidence),
        "mutants": "; ".join(check.mutants),
        "note": " ".join(claim.note.split()),
    }
    print(claim.id)
    for name, value in lines.items():
        if value:
            print(f"  {name:11} {value}")
    return 0


def _cite(parsed: argparse.Namespace) -> int:
    print(papers.cite(_one(parsed.id)))
    return 0


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


def _verify(parsed: argparse.Namespace) -> int:
    from proofs_check.suite import verify_all

    if parsed.all and parsed.what:
        raise ValueError(f"--all and {parsed.what[0]!r} contradict each other; give one of them")
    _keep_programs(not any(name.endswith(".py") for name in parsed.what))
    claims = registry.select(parsed.what)
    base = QUICK if parsed.quick else Plan()
    plan = Plan(
        alpha=parsed.alpha,
        resolution=base.resolution if parsed.resolution is None else parsed.resolution,
        max_chains=base.max_chains if parsed.max_chains is None else parsed.max_chains,
        seed=parsed.seed,
        engine=parsed.engine,
        sampler=parsed.sampler,
        parameters=assignments(parsed.set),
        hasty=base.hasty,
    )
    started = time.perf_counter()
    outcomes: list[Outcome] = []
    out = sys.stderr if parsed.json == "-" else sys.stdout
    for claim in claims:  # bad parameters and places to write are reported before anything is simulated
        prepare(claim, plan)
    for target in (parsed.json if parsed.json != "-" else None, parsed.report):
        writable(target)
    width = max(len(claim.id) for claim in claims)
    print(f"{'verdict':10} {'claim':{width}}  {'resolution':>10} {'chains':>10} {'seconds':>8}", file=out)
    interrupted = False
    try:
        for outcome in verify_all(claims, plan):
            outcomes.append(outcome)
            print(_line(outcome, width), file=out, flush=True)
            if parsed.mutants:
                for name, verdict in outcome.mutants.items():
                    print(f"{'':10}   {verdict:10} mutant: {name}", file=out)
    except KeyboardInterrupt:
        interrupted = True
    seconds = time.perf_counter() - started
    print(_summary(outcomes, len(claims), plan, seconds), file=out)
    if parsed.json:
        text = json.dumps([outcome.row() for outcome in outcomes], indent=2)
        print(text) if parsed.json == "-" else write_text(parsed.json, text)
    if parsed.report and outcomes:
        from proofs_check.report import write_report

        print(f"report: {write_report(outcomes, parsed.report, plan=plan, seconds=seconds)}", file=out)
    if interrupted:
        print(f"collapse: interrupted after {len(outcomes)} of {len(claims)} claims", file=sys.stderr)
        sys.stdout.flush()
        os._exit(130)  # worker threads may be inside a long compiled call
    return 0 if all(outcome.as_expected for outcome in outcomes) else 1


def _keep_programs(described: bool = True) -> None:
    """Programs are compiled once per machine; a cache is never switched on by importing the library."""
    from collapse_jax.engine import cache as _cache

    _cache.enable(described)


def _line(outcome: "Outcome", width: int) -> str:
    reached = f"{outcome.reached:.2%}" if outcome.reached < 10 else "-"
    line = (
        f"{outcome.verdict:10} {outcome.claim.id:{width}}  {reached:>10} {outcome.chains:>10,} {outcome.seconds:>8.1f}"
    )
    missed = [name for name, verdict in outcome.mutants.items() if verdict != "REFUTED"]
    remarks = []
    if not outcome.as_expected:
        remarks.append(f"NOT AS EXPECTED ({outcome.claim.expected})")
    if missed:
        remarks.append(f"mutants not refuted: {', '.join(missed)}")
    remarks += [remark for remark in (outcome.reason, outcome.vacuous) if remark]
    return "  ".join([line, *remarks])


def _summary(outcomes: Sequence["Outcome"], asked: int, plan: Plan, seconds: float) -> str:
    count = {
        verdict: sum(outcome.verdict == verdict for outcome in outcomes)
        for verdict in ("SUPPORTED", "REFUTED", "UNDECIDED")
    }
    mutants = [verdict for outcome in outcomes for verdict in outcome.mutants.values()]
    tally = ", ".join(f"{number} {verdict}" for verdict, number in count.items())
    return (
        f"{len(outcomes)} of {asked} claims: {tally}; {sum(outcome.as_expected for outcome in outcomes)} as expected; "
        f"{mutants.count('REFUTED')} of {len(mutants)} mutants refuted; alpha {plan.alpha:g}; "
        f"engine {plan.engine}, sampler {plan.sampler}; {seconds:.0f} s"
    )


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


_FAMILIES = {
    "gaussian": "Gaussian",
    "bernoulli": "Bernoulli",
    "poisson": "Poisson",
    "exponential": "Exponential",
    "categorical": "Categorical",
    "contexts": "Contexts",
    "linear-regression": "LinearRegression",
    "beta": "Beta",
    "truncated-geometric": "TruncatedGeometric",
    "logistic-regression": "LogisticRegression",
    "second-fit-collapse": "SecondFitCollapse",
    "slow-collapse": "SlowCollapse",
}
_WORKFLOWS = {
    "replace": "Replace",
    "replace-multiple": "ReplaceMultiple",
    "accumulate": "Accumulate",
    "accumulate-subsample": "AccumulateSubsample",
    "window": "Window",
    "random-pool": "RandomPool",
    "fixed-real": "FixedReal",
    "fresh-real": "FreshReal",
}


def _simulate(parsed: argparse.Namespace) -> int:
    for target in (parsed.out, parsed.plot):
        writable(target)
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
        print(run)
        if run.chains:
            print(_table(run))
        if parsed.out:
            print(f"saved: {run.save(parsed.out)}")
        if parsed.plot and run.chains:
            _plot(run, parsed.plot)
    if stopped:
        print(
            f"collapse: {stopped}; finished {run.chains:,} of {parsed.chains:,} chains; "
            + (f"resume with: {parsed.line}" if parsed.checkpoint else "the above holds those"),
            file=sys.stderr,
        )
    return code


def _simulated(parsed: argparse.Namespace) -> Any:
    from proofs_check.construct import build

    family, workflow = build(
        _choose(_FAMILIES, parsed.family, "family"),
        _choose(_WORKFLOWS, parsed.workflow, "workflow"),
        assignments(parsed.set),
    )
    from collapse_jax import metrics_for, simulate

    _keep_programs()
    return simulate(
        family,
        workflow,
        parsed.metric or metrics_for(family)[:1],
        generations=parsed.generations,
        chains=parsed.chains,
        seed=parsed.seed,
        engine=parsed.engine,
        dtype=parsed.dtype,
        draws=parsed.draws,
        sampler=parsed.sampler,
        devices=_devices(parsed.devices),
        shard=_shard(parsed.shard),
        distributed=parsed.distributed,
        checkpoint=parsed.checkpoint,
        checkpoint_every=parsed.checkpoint_every,
    )


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
    from collapse_jax import distributed

    return distributed(parsed.coordinator, parsed.processes, parsed.process)[0]


def _devices(text: str) -> int | None:
    if text != "all" and not text.isdecimal():
        raise ValueError(f"--devices {text} is not possible; use a number of devices, or all")
    return None if text == "all" else int(text)


def _shard(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    index, _, of = text.partition("/")
    if not (index.isdecimal() and of.isdecimal()):
        raise ValueError(f"--shard {text} is not I/N; write for example --shard 3/8")
    return int(index), int(of)


def _merge(parsed: argparse.Namespace) -> int:
    from collapse_jax import merge

    writable(parsed.out)
    run = merge(parsed.files)
    print(run)
    print(f"saved: {run.save(parsed.out)}")
    return 0


def _choose(known: dict[str, str], name: str, kind: str) -> str:
    if name not in known:
        raise ValueError(f"unknown {kind} {name!r}; known are {', '.join(known)}")
    return known[name]


def _table(run: Any) -> str:
    """Mean and standard error of every metric, at all generations or at about twelve of many."""
    total = len(run.generations)
    rows = range(total) if total <= 20 else sorted({round(total ** (i / 11)) - 1 for i in range(12)})
    head = f"{'t':>6}" + "".join(f"  {name:>28}" for name in run)
    lines = [head]
    for row in rows:
        cells = "".join(
            f"  {f'{curve.mean[row]:.6g} +- {curve.standard_error[row]:.2g}':>28}" for curve in run.values()
        )
        lines.append(f"{run.generations[row]:>6}{cells}")
    return "\n".join(lines)


def _plot(run: Any, path: str) -> None:
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
    print(f"plotted: {path}")


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
    _keep_programs()
    chosen = figures.choose(list(figures.FIGURES) if parsed.all else parsed.id)
    figures.prepare_folder(Path(parsed.out))
    for figure in chosen:
        started = time.perf_counter()
        for path in figures.write(figure, Path(parsed.out), quick=parsed.quick, seed=parsed.seed):
            print(path)
        print(f"{figure.id}: {time.perf_counter() - started:.1f} s", file=sys.stderr, flush=True)
    return 0


def _bench(arguments: Sequence[str]) -> int:
    if Path("benchmarks", "rows.py").is_file():  # the command's path does not hold the current folder
        sys.path.insert(0, os.getcwd())
    try:
        main = importlib.import_module("benchmarks.__main__").main
    except ModuleNotFoundError as error:
        if error.name not in ("benchmarks", "benchmarks.__main__"):
            raise
        raise ValueError("the benchmarks are not installed; run it from a clone of the repository") from None
    return main(list(arguments))


if __name__ == "__main__":
    sys.exit(main())
