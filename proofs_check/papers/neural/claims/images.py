"""A VAE on digits: minus the evidence lower bound on held-out digits, in nats. Both compute policies, with the control."""

from proofs_check.claim import claim
from proofs_check.papers.common import loops
from proofs_check.papers.neural import statements

_METRIC = loops.METRIC[loops.IMAGES]


@claim(
    "neural.images.steps.worse",
    statement=r"P(L^{\mathrm{replace}}_8 > L^{\mathrm{accumulate}}_8) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="replacement is worse than accumulation, pair by pair; these nets, measured here",
    dear=True,
)
def steps_worse():
    return statements.worse(loops.trial(loops.IMAGES, "steps"), "replace", "accumulate", _METRIC)


@claim(
    "neural.images.steps.rises",
    statement=r"P(\text{slope of } L^{\mathrm{replace}}_t > 0) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="the error rises under replacement; these nets, measured here",
    dear=True,
)
def steps_rises():
    return statements.rising(loops.trial(loops.IMAGES, "steps"), "replace", _METRIC)


@claim(
    "neural.images.steps.flat",
    statement=r"P(L^{\mathrm{accumulate}}_8 - L^{\mathrm{accumulate}}_1 < \tfrac14 (L^{\mathrm{replace}}_8 - L^{\mathrm{replace}}_1)) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="accumulation keeps three quarters of the rise away; these nets, measured here",
    dear=True,
)
def steps_flat():
    return statements.flat(loops.trial(loops.IMAGES, "steps"), "accumulate", _METRIC)


@claim(
    "neural.images.steps.control",
    statement=r"P(L^{\mathrm{multiple}}_8 > L^{\mathrm{accumulate}}_8) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="as much data and compute from the last model alone do not save it; these nets, measured here",
    dear=True,
)
def steps_control():
    return statements.worse(loops.trial(loops.IMAGES, "steps"), "multiple", "accumulate", _METRIC)


@claim(
    "neural.images.steps.subsample",
    statement=r"P(L^{\mathrm{replace}}_8 > L^{\mathrm{subsample}}_8) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="a subsample of all that was drawn is better than the last draw; these nets, measured here",
    dear=True,
)
def steps_subsample():
    return statements.worse(loops.trial(loops.IMAGES, "steps"), "replace", "subsample", _METRIC)


@claim(
    "neural.images.steps.fixed_real",
    statement=r"P(L^{\mathrm{fixed}}_8 - L^{\mathrm{fixed}}_1 < \tfrac14 (L^{\mathrm{replace}}_8 - L^{\mathrm{replace}}_1)) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="half of real data, always the same, suffice; these nets, measured here",
    dear=True,
)
def steps_fixed_real():
    return statements.flat(loops.trial(loops.IMAGES, "steps"), "fixed_real", _METRIC)


@claim(
    "neural.images.passes.worse",
    statement=r"P(L^{\mathrm{replace}}_8 > L^{\mathrm{accumulate}}_8) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="replacement is worse than accumulation, pair by pair; these nets, measured here",
    dear=True,
)
def passes_worse():
    return statements.worse(loops.trial(loops.IMAGES, "passes"), "replace", "accumulate", _METRIC)


@claim(
    "neural.images.passes.rises",
    statement=r"P(\text{slope of } L^{\mathrm{replace}}_t > 0) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="the error rises under replacement; these nets, measured here",
    dear=True,
)
def passes_rises():
    return statements.rising(loops.trial(loops.IMAGES, "passes"), "replace", _METRIC)


@claim(
    "neural.images.passes.flat",
    statement=r"P(L^{\mathrm{accumulate}}_8 - L^{\mathrm{accumulate}}_1 < \tfrac14 (L^{\mathrm{replace}}_8 - L^{\mathrm{replace}}_1)) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="accumulation keeps three quarters of the rise away; these nets, measured here",
    dear=True,
)
def passes_flat():
    return statements.flat(loops.trial(loops.IMAGES, "passes"), "accumulate", _METRIC)


@claim(
    "neural.images.passes.control",
    statement=r"P(L^{\mathrm{multiple}}_8 > L^{\mathrm{accumulate}}_8) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="as much data and compute from the last model alone do not save it; these nets, measured here",
    dear=True,
)
def passes_control():
    return statements.worse(loops.trial(loops.IMAGES, "passes"), "multiple", "accumulate", _METRIC)
