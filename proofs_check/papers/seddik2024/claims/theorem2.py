"""Theorem 2, one real corpus reused: the sign of equation (9), its limit, and the deviation from the first fit."""

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import along
from proofs_check.papers.seddik2024 import theory
from proofs_check.papers.seddik2024.claims._setups import (
    SETTING,
    P,
    one_context,
    probabilities,
    squared_norm,
    squares_by_law,
)

_CORPUS = domain(S0=Interval("(0, 1)"), N=Integers(1), n=Integers(1))


@claim(
    "seddik2024.thm2",
    statement=r"S_{m+1} = \frac{\frac1N\left[1 + 2\alpha - (1 - \frac1N)\alpha\beta^m\right] + (1 - \frac1N) S_0 \left[1 + \alpha - \frac{\alpha}{N}\beta^m\right]}{1 + (1 + \frac1N)\alpha}",
    relation="==",
    provenance="text",
    source="Theorem 2, equation (9), as printed; alpha = n/(N + n), beta = alpha[(1 + 1/N) alpha - 1/N]",
    expected="REFUTED",
    domain=SETTING,
)
def thm2(p=P, n=50, N=5, generations=6):
    """A sign: the last bracket must read + (alpha/N) beta^m (seddik2024.thm2.corrected). At m = 1, N = 5,
    n = 50 and S_0 = .38 the printed form gives .4694, the exact value is .5122. The slip is of relative order 1/N and
    dies as beta^m, so it does not show in the paper's figures (N = 100); the printed limit is right
    (seddik2024.thm2.limit)."""
    S0 = squared_norm(p)
    return Check(
        one_context(p, n),
        cj.FixedReal(n, n_real=N),
        metric="sum_of_squares",
        generations=generations,
        at=tuple(range(2, generations + 1)),
        predicted=lambda t: theory.partially_synthetic_printed(t, n, N, S0),
        mutants={"no synthetic data": lambda t: S0 + (1 - S0) / N},
        law=along(laws.second_moment.partially_synthetic(n, N, S0, generations)),
    )


@claim(
    "seddik2024.thm2.corrected",
    statement=r"S_t = 1 - (1 - S_0)\left(1 - \tfrac1N\right)\left[1 - \frac{n (1 - \beta^{t-1})}{N^2 + 2 N n + n}\right],\quad \beta = \alpha^2\left(1 - \tfrac1n\right)",
    relation="==",
    provenance="derived",
    source="Theorem 2 with the sign of (alpha/N) beta^m corrected, and simplified",
    domain=SETTING,
)
def thm2_corrected(p=P, n=50, N=5, generations=6):
    S0 = squared_norm(p)
    return Check(
        one_context(p, n),
        cj.FixedReal(n, n_real=N),
        metric="sum_of_squares",
        generations=generations,
        predicted=lambda t: theory.partially_synthetic(t, n, N, S0),
        mutants={
            "as printed": lambda t: theory.partially_synthetic_printed(t, n, N, S0) if t > 1 else S0 + (1 - S0) / N,
            "a fresh corpus in every generation": squares_by_law(cj.FreshReal(n, n_real=N), p, generations),
        },
        law=along(laws.second_moment.partially_synthetic(n, N, S0, generations)),
    )


@claim(
    "seddik2024.thm2.limit",
    statement=r"S_\infty = \frac{\frac1N (1 + 2\alpha) + (1 - \frac1N) S_0 (1 + \alpha)}{1 + (1 + \frac1N)\alpha} < 1",
    relation="==",
    provenance="text",
    source="Theorem 2, limit m to infinity; the printed limit is right",
    domain=_CORPUS,
)
def thm2_limit(S0=0.1, N=100, n=(1, 10, 100, 1000)):
    return Computed(
        lambda k: laws.second_moment.partially_synthetic(k, N, S0, 1 + 20 * (N + k))[-1],
        lambda k: theory.partially_synthetic_limit(k, N, S0),
        {
            "the real fit alone": lambda k: S0 + (1 - S0) / N,
            "n + 1 for n": lambda k: theory.partially_synthetic_limit(k + 1, N, S0),
        },
        at=tuple(n),
        index="n",
    )


@claim(
    "seddik2024.thm2.large_n",
    statement=r"n \gg N: \quad S_{m+1} \approx \frac1N + \left(2 + \tfrac1N\right)^{-1}\left(1 - \tfrac1N\right)\left(2 - \tfrac1N\right) S_0",
    relation="==",
    regime="asymptotic",
    provenance="text",
    source="Remark after Theorem 2, as printed; inherits the sign of equation (9)",
    expected="REFUTED",
    domain=_CORPUS,
)
def thm2_large_n(S0=0.38, N=10):
    """With unlimited synthetic data the model copies its first fit, so the value is S_1 = 1/N + (1 - 1/N) S_0 in every
    generation: the printed form is short by a factor (2 - 1/N)/(2 + 1/N) in its second term, 10 % at N = 10. At N = 100
    the difference is 1 %. What is computed is n = 10^12 at t = 2."""
    return Computed(
        lambda t: laws.second_moment.partially_synthetic(10**12, N, S0, t)[-1],
        lambda t: 1 / N + (1 - 1 / N) * (2 - 1 / N) / (2 + 1 / N) * S0,
        {"without its 1/N": lambda t: (1 - 1 / N) * (2 - 1 / N) / (2 + 1 / N) * S0},
        at=(2,),
        allowance=lambda t: 1e-9,
    )


@claim(
    "seddik2024.L2dev",
    statement=r"E\,\|p^{(t)} - p^{(1)}\|_2^2 = (1 - S_0)\left(1 - \tfrac1N\right)\frac{n (1 - \beta^{t-1})}{N^2 + 2 N n + n}",
    relation="==",
    provenance="derived",
    source="partially synthetic protocol of section 4; bounded by (1 - S_0)(1 - 1/N)/(2N + 1) for any n",
    domain=SETTING,
)
def L2dev(p=P, n=30, N=20, generations=6):
    """The law behind figure 4's "deviation falls as S_0 rises": the factor 1 - S_0 is exact."""
    S0 = squared_norm(p)
    squares = laws.second_moment.partially_synthetic(n, N, S0, generations)
    return Check(
        one_context(p, n),
        cj.FixedReal(n, n_real=N),
        metric=cj.FromFirst(parameter=probabilities, squared=True, name="squares_from_first"),
        generations=generations,
        at=tuple(range(2, generations + 1)),
        predicted=lambda t: theory.corpus_deviation(t, n, N, S0),
        mutants={
            "the limit at once": lambda t: theory.corpus_deviation(10**6, n, N, S0),
            "distance to p instead": lambda t: theory.partially_synthetic(t, n, N, S0) - S0,
        },
        law=lambda t: squares[t - 1] - squares[0],
    )
