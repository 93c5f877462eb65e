"""A GRU on a hidden Markov language: KL in nats per symbol. Both compute policies, with the control."""

from proofs_check.claim import claim
from proofs_check.papers.common import loops
from proofs_check.papers.neural import statements

_METRIC = loops.METRIC[loops.LANGUAGE]


@claim(
    "neural.language.steps.worse",
    statement=r"P(\mathrm{KL}^{\mathrm{replace}}_8 > \mathrm{KL}^{\mathrm{accumulate}}_8) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="replacement is worse than accumulation, pair by pair; these nets, measured here",
    dear=True,
)
def steps_worse():
    return statements.worse(loops.trial(loops.LANGUAGE, "steps"), "replace", "accumulate", _METRIC)


@claim(
    "neural.language.steps.rises",
    statement=r"P(\text{slope of } \mathrm{KL}^{\mathrm{replace}}_t > 0) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="the error rises under replacement; these nets, measured here",
    dear=True,
)
def steps_rises():
    return statements.rising(loops.trial(loops.LANGUAGE, "steps"), "replace", _METRIC)


@claim(
    "neural.language.steps.flat",
    statement=r"P(\mathrm{KL}^{\mathrm{accumulate}}_8 - \mathrm{KL}^{\mathrm{accumulate}}_1 < \tfrac14 (\mathrm{KL}^{\mathrm{replace}}_8 - \mathrm{KL}^{\mathrm{replace}}_1)) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="accumulation keeps three quarters of the rise away; these nets, measured here",
    dear=True,
)
def steps_flat():
    return statements.flat(loops.trial(loops.LANGUAGE, "steps"), "accumulate", _METRIC)


@claim(
    "neural.language.steps.control",
    statement=r"P(\mathrm{KL}^{\mathrm{multiple}}_8 > \mathrm{KL}^{\mathrm{accumulate}}_8) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="as much data and compute from the last model alone do not save it; these nets, measured here",
    dear=True,
)
def steps_control():
    return statements.worse(loops.trial(loops.LANGUAGE, "steps"), "multiple", "accumulate", _METRIC)


@claim(
    "neural.language.steps.subsample",
    statement=r"P(\mathrm{KL}^{\mathrm{replace}}_8 > \mathrm{KL}^{\mathrm{subsample}}_8) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="a subsample of all that was drawn is better than the last draw; these nets, measured here",
    dear=True,
)
def steps_subsample():
    return statements.worse(loops.trial(loops.LANGUAGE, "steps"), "replace", "subsample", _METRIC)


@claim(
    "neural.language.steps.below_subsample",
    statement=r"P(\mathrm{KL}^{\mathrm{subsample}}_8 > \mathrm{KL}^{\mathrm{accumulate}}_8) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="and worse than all of it; these nets, measured here",
    dear=True,
)
def steps_below_subsample():
    return statements.worse(loops.trial(loops.LANGUAGE, "steps"), "subsample", "accumulate", _METRIC)


@claim(
    "neural.language.steps.fixed_real",
    statement=r"P(\mathrm{KL}^{\mathrm{fixed}}_8 - \mathrm{KL}^{\mathrm{fixed}}_1 < \tfrac14 (\mathrm{KL}^{\mathrm{replace}}_8 - \mathrm{KL}^{\mathrm{replace}}_1)) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="half of real data, always the same, suffice; these nets, measured here",
    dear=True,
)
def steps_fixed_real():
    return statements.flat(loops.trial(loops.LANGUAGE, "steps"), "fixed_real", _METRIC)


@claim(
    "neural.language.passes.worse",
    statement=r"P(\mathrm{KL}^{\mathrm{replace}}_8 > \mathrm{KL}^{\mathrm{accumulate}}_8) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="replacement is worse than accumulation, pair by pair; these nets, measured here",
    dear=True,
)
def passes_worse():
    return statements.worse(loops.trial(loops.LANGUAGE, "passes"), "replace", "accumulate", _METRIC)


@claim(
    "neural.language.passes.rises",
    statement=r"P(\text{slope of } \mathrm{KL}^{\mathrm{replace}}_t > 0) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="the error rises under replacement; these nets, measured here",
    dear=True,
)
def passes_rises():
    return statements.rising(loops.trial(loops.LANGUAGE, "passes"), "replace", _METRIC)


@claim(
    "neural.language.passes.flat",
    statement=r"P(\mathrm{KL}^{\mathrm{accumulate}}_8 - \mathrm{KL}^{\mathrm{accumulate}}_1 < \tfrac14 (\mathrm{KL}^{\mathrm{replace}}_8 - \mathrm{KL}^{\mathrm{replace}}_1)) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="accumulation keeps three quarters of the rise away; these nets, measured here",
    expected="REFUTED",
    dear=True,
)
def passes_flat():
    return statements.flat(loops.trial(loops.LANGUAGE, "passes"), "accumulate", _METRIC)


@claim(
    "neural.language.passes.control",
    statement=r"P(\mathrm{KL}^{\mathrm{multiple}}_8 > \mathrm{KL}^{\mathrm{accumulate}}_8) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="as much data and compute from the last model alone do not save it; these nets, measured here",
    dear=True,
)
def passes_control():
    return statements.worse(loops.trial(loops.LANGUAGE, "passes"), "multiple", "accumulate", _METRIC)


@claim(
    "neural.language.cold.replace",
    statement=r"P(\mathrm{KL}^{\mathrm{replace}}_8(\text{temperature } .8) > \mathrm{KL}^{\mathrm{replace}}_8(1)) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="a temperature below 1 makes replacement worse, pair by pair; these nets, measured here",
    dear=True,
)
def cold_replace():
    return statements.worse(loops.tempered(0.8), "replace_cold", "replace", _METRIC)


@claim(
    "neural.language.cold.accumulate",
    statement=r"P(\mathrm{KL}^{\mathrm{accumulate}}_8(\text{temperature } .8) > \mathrm{KL}^{\mathrm{accumulate}}_8(1)) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="a temperature below 1 makes accumulation worse, too; these nets, measured here",
    dear=True,
)
def cold_accumulate():
    return statements.worse(loops.tempered(0.8), "accumulate_cold", "accumulate", _METRIC)


@claim(
    "neural.language.cold.tail",
    statement=r"P(\text{tail mass}^{\mathrm{accumulate}}_8 > \text{tail mass}^{\mathrm{replace}}_8 \text{ at temperature } .8) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="rare symbols are lost under both, more slowly under accumulation; these nets, measured here",
    dear=True,
)
def cold_tail():
    return statements.worse(loops.tempered(0.8), "accumulate_cold", "replace_cold", "tail_mass")


@claim(
    "neural.language.larger.worse",
    statement=r"P(\mathrm{KL}^{\mathrm{replace}}_8 > \mathrm{KL}^{\mathrm{accumulate}}_8) > \tfrac12 \text{ with a state twice as wide}",
    relation=">=",
    provenance="derived",
    source="a larger net does not escape: width 64, 18,224 weights; these nets, measured here",
    dear=True,
)
def larger_worse():
    return statements.worse(loops.wide(64), "replace", "accumulate", _METRIC)


@claim(
    "neural.language.smaller.worse",
    statement=r"P(\mathrm{KL}^{\mathrm{replace}}_8 > \mathrm{KL}^{\mathrm{accumulate}}_8) > \tfrac12 \text{ with a state of 8}",
    relation=">=",
    provenance="derived",
    source="nor does a smaller one; these nets, measured here",
    dear=True,
)
def smaller_worse():
    return statements.worse(loops.wide(8), "replace", "accumulate", _METRIC)
