"""Theorem 5.2, Construction 2: collapse after a heavy-tailed number of fits."""

import math

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.barzilai2025 import theory
from proofs_check.papers.barzilai2025.claims._setups import SETTING


def _two_intervals():
    from proofs_check.papers.barzilai2025.families import SlowCollapse  # imports JAX

    return SlowCollapse(J=2)


def _waiting(model, truth):
    return model.furthest == 0


@claim(
    "barzilai2025.thm5_2.first_visit",
    statement=r"P(T_1 > t) = \int_0^1 n (1 - u)^{n-1} \left(1 - \min\left(\tfrac u2, \tfrac14\right)\right)^{n t} du \longrightarrow \frac{2}{2 + t}",
    relation="==",
    provenance="derived",
    source="Construction 2: T_1 is the first synthetic sample with an observation in [1, 2]; alpha_0 is frozen after fit 1",
    domain=SETTING & domain(generations=Integers(21)),
)
def thm5_2_first_visit(n=50, generations=60):
    """A heavy tail: the mean of T_1 is infinite, and survival functions are what to compare."""
    return Check(
        _two_intervals(),
        cj.Accumulate(n),
        metric=_waiting,
        generations=generations,
        at=(2, 3, 6, 21, generations),
        statistic="probability",
        predicted=lambda t: theory.first_visit(t - 1, n),
        mutants={
            "1/(1 + t)": lambda t: 1 / t,
            "exponential tail": lambda t: math.exp(-(t - 1) / 2),
            "counted from the first fit": lambda t: theory.first_visit(t, n),
        },
        scale=0.25,  # one for all probabilities, from .66 down to .03
    )


@claim(
    "barzilai2025.thm5_2.first_visit_limit",
    statement=r"P(T_1 > t) \to \frac{2}{2 + t} \quad (n \to \infty)",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="Construction 2, the integral at n = 10^5 with a remainder of at most 2/n",
    domain=SETTING & domain(t=Integers(1)),
)
def thm5_2_first_visit_limit(n=100_000, t=(1, 2, 5, 20, 100)):
    return Computed(
        lambda k: theory.first_visit(k, n),
        theory.first_visit_limit,
        {"1/(1 + t)": lambda k: 1 / (1 + k), "2/(3 + t)": lambda k: 2 / (3 + k)},
        at=tuple(t),
        allowance=lambda k: 2 / n,
    )


@claim(
    "barzilai2025.thm5_2",
    statement=r"P\left(\text{no collapse up to } t\right) \le \delta \quad \text{for } t \ge C \log(4/\delta) / \delta",
    relation="<=",
    provenance="text",
    source="Theorem 5.2 at J = 2, C = 1; the display was lost and its J = 2 case rebuilt from the proof",
    domain=SETTING,
)
def thm5_2(n=50, delta=0.1):
    """The 1/delta is real, since P(T_1 > t) = 2/(2 + t), the logarithm is not needed."""
    waits = math.ceil(math.log(4 / delta) / delta)
    return Check(
        _two_intervals(),
        cj.Accumulate(n),
        metric=_waiting,
        generations=max(waits + 1, 60),
        at=(waits + 1,),
        statistic="probability",
        predicted=lambda t: delta,
        mutants={"delta / 4": lambda t: delta / 4},
        scale=delta,
        bounds=(0, 1),
        law=lambda t: theory.first_visit(t - 1, n),
    )


@claim(
    "barzilai2025.thm5_2.tv",
    statement=r"\mathrm{TV}(g_{\beta, J}, U[0, 1]) \ge \tfrac38",
    relation=">=",
    provenance="text",
    source="Theorem 5.2, end of the proof",
    domain=domain(J=Integers(2)),
)
def thm5_2_tv(J=(2, 3, 5, 10)):
    """True; exactly 1 - 1/(2J), hence at least 3/4: the printed bound integrates over [0, 1] only and halves it. Half the
    L1 distance: the density is 1/(2J) on [0, 1], and the rest of the mass lies beyond."""
    return Computed(
        lambda k: (abs(1 - 0.5 / k) + (1 - 0.5 / k)) / 2,
        lambda k: 3 / 8,
        {"7/8": lambda k: 7 / 8},
        at=tuple(J),
        index="J",
        bounds=(0, 1),
        rung="identity",
    )
