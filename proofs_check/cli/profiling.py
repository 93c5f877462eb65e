"""`collapse profile`: on which definitions of model collapse a workflow collapses."""

import argparse
from typing import Any

from proofs_check.cli.options import Target, assignments, command, destinations, keep_programs, write_text
from proofs_check.cli.simulating import plotted
from proofs_check.construct import build, find, kinds, metric, protocol

_CRITERIA = {
    "factor": (float, 10.0, "risk above so many times that of the first fit is catastrophic"),
    "scale": (int, 4, "the scaling law is taken between n and so many times n"),
    "exponent": (float, 0.1, "an exponent that differs by more is another scaling law"),
    "tail": (float, 0.05, "real mass of the tail of a continuous law"),
    "rare": (float, 1e-3, "data where the truth has at most this mass are hallucinated"),
}


def add(commands: Any) -> None:
    """Declare the subcommand of this module."""
    sub = command(commands, "profile", _profile, "say on which definitions of model collapse a workflow collapses")
    sub.add_argument("family", metavar="FAMILY", help=f"{', '.join(kinds('families'))}, or of a paper's room")
    known = ", ".join(kinds("workflows"))
    sub.add_argument("workflow", metavar="WORKFLOW", help=f"{known}; around another as tempered:replace")
    sub.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a parameter of either, e.g. n=100"
    )
    sub.add_argument("--generations", type=int, default=36, metavar="G")
    sub.add_argument("--chains", type=int, default=16_384, metavar="R")
    sub.add_argument("--seed", type=int, default=0)
    sub.add_argument("--engine", choices=("exact", "literal"), default="exact")
    sub.add_argument("--risk", metavar="METRIC", help="what is the risk (default: what suits the family)")
    sub.add_argument("--alpha", type=float, default=0.01, help="error probability of all words (default %(default)s)")
    for name, (kind, default, text) in _CRITERIA.items():
        sub.add_argument(f"--{name}", type=kind, default=default, help=f"{text} (default %(default)s)")
    sub.add_argument("--out", metavar="FILE", help="write words, criteria and configurations as JSON")
    sub.add_argument("--plot", metavar="FILE", help="plot to FILE (png, pdf, svg)")


def _profile(parsed: argparse.Namespace) -> int:
    destinations(Target("--out", parsed.out), *plotted(parsed.plot))
    family, workflow = build(find("families", parsed.family), protocol(parsed.workflow), assignments(parsed.set))
    from collapse_jax import profile

    keep_programs()
    options = {name: getattr(parsed, name) for name in ("generations", "chains", "seed", "engine", "alpha", *_CRITERIA)}
    found = profile(family, workflow, risk=None if parsed.risk is None else metric(parsed.risk), **options)
    if parsed.out:
        write_text(parsed.out, found.to_json() + "\n")
    if parsed.plot:
        _plot(found, parsed.plot)
    print("\n".join([str(found), *(f"saved: {path}" for path in (parsed.out, parsed.plot) if path)]))
    return 0


def _plot(found: Any, path: str) -> None:
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    figure, ax = pyplot.subplots(figsize=(4, 3.4), layout="constrained")
    found.plot(ax=ax)
    try:
        figure.savefig(path, dpi=200)
    except OSError as error:
        raise ValueError(
            f"cannot write {path}: {error.strerror}; choose a folder that exists and can be written"
        ) from None
