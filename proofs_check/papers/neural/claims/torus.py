"""A diffusion model on a torus: KL of histograms of 24 x 24 cells. Both compute policies, with the control."""

from proofs_check.claim import claim
from proofs_check.papers.common import loops
from proofs_check.papers.neural import statements

_METRIC = loops.METRIC[loops.TORUS]


@claim(
    "neural.torus.steps.worse",
    statement=r"P(\mathrm{KL}^{\mathrm{replace}}_8 > \mathrm{KL}^{\mathrm{accumulate}}_8) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="replacement is worse than accumulation, pair by pair; these nets, measured here",
    dear=True,
)
def steps_worse():
    return statements.worse(loops.trial(loops.TORUS, "steps"), "replace", "accumulate", _METRIC)


@claim(
    "neural.torus.steps.rises",
    statement=r"P(\text{slope of } \mathrm{KL}^{\mathrm{replace}}_t > 0) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="the error rises under replacement; these nets, measured here",
    dear=True,
)
def steps_rises():
    return statements.rising(loops.trial(loops.TORUS, "steps"), "replace", _METRIC)


@claim(
    "neural.torus.steps.flat",
    statement=r"P(\mathrm{KL}^{\mathrm{accumulate}}_8 - \mathrm{KL}^{\mathrm{accumulate}}_1 < \tfrac14 (\mathrm{KL}^{\mathrm{replace}}_8 - \mathrm{KL}^{\mathrm{replace}}_1)) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="accumulation keeps three quarters of the rise away; these nets, measured here",
    expected="REFUTED",
    dear=True,
)
def steps_flat():
    return statements.flat(loops.trial(loops.TORUS, "steps"), "accumulate", _METRIC)


@claim(
    "neural.torus.steps.control",
    statement=r"P(\mathrm{KL}^{\mathrm{multiple}}_8 > \mathrm{KL}^{\mathrm{accumulate}}_8) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="as much data and compute from the last model alone do not save it; these nets, measured here",
    dear=True,
)
def steps_control():
    return statements.worse(loops.trial(loops.TORUS, "steps"), "multiple", "accumulate", _METRIC)


@claim(
    "neural.torus.steps.subsample",
    statement=r"P(\mathrm{KL}^{\mathrm{replace}}_8 > \mathrm{KL}^{\mathrm{subsample}}_8) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="a subsample of all that was drawn is better than the last draw; these nets, measured here",
    dear=True,
)
def steps_subsample():
    return statements.worse(loops.trial(loops.TORUS, "steps"), "replace", "subsample", _METRIC)


@claim(
    "neural.torus.steps.fixed_real",
    statement=r"P(\mathrm{KL}^{\mathrm{fixed}}_8 - \mathrm{KL}^{\mathrm{fixed}}_1 < \tfrac14 (\mathrm{KL}^{\mathrm{replace}}_8 - \mathrm{KL}^{\mathrm{replace}}_1)) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="half of real data, always the same, suffice; these nets, measured here",
    expected="REFUTED",
    dear=True,
)
def steps_fixed_real():
    return statements.flat(loops.trial(loops.TORUS, "steps"), "fixed_real", _METRIC)


@claim(
    "neural.torus.passes.worse",
    statement=r"P(\mathrm{KL}^{\mathrm{replace}}_8 > \mathrm{KL}^{\mathrm{accumulate}}_8) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="replacement is worse than accumulation, pair by pair; these nets, measured here",
    dear=True,
)
def passes_worse():
    return statements.worse(loops.trial(loops.TORUS, "passes"), "replace", "accumulate", _METRIC)


@claim(
    "neural.torus.passes.rises",
    statement=r"P(\text{slope of } \mathrm{KL}^{\mathrm{replace}}_t > 0) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="the error rises under replacement; these nets, measured here",
    dear=True,
)
def passes_rises():
    return statements.rising(loops.trial(loops.TORUS, "passes"), "replace", _METRIC)


@claim(
    "neural.torus.passes.flat",
    statement=r"P(\mathrm{KL}^{\mathrm{accumulate}}_8 - \mathrm{KL}^{\mathrm{accumulate}}_1 < \tfrac14 (\mathrm{KL}^{\mathrm{replace}}_8 - \mathrm{KL}^{\mathrm{replace}}_1)) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="accumulation keeps three quarters of the rise away; these nets, measured here",
    dear=True,
)
def passes_flat():
    return statements.flat(loops.trial(loops.TORUS, "passes"), "accumulate", _METRIC)


@claim(
    "neural.torus.passes.control",
    statement=r"P(\mathrm{KL}^{\mathrm{multiple}}_8 > \mathrm{KL}^{\mathrm{accumulate}}_8) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="as much data and compute from the last model alone do not save it; these nets, measured here",
    dear=True,
)
def passes_control():
    return statements.worse(loops.trial(loops.TORUS, "passes"), "multiple", "accumulate", _METRIC)
