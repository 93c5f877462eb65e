"""Theorem 1 and Proposition 1, fully synthetic data: total collapse, its probability, time and place."""

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Integers, domain
from proofs_check.claim import Check, claim
from proofs_check.curves import along
from proofs_check.papers.seddik2024 import theory
from proofs_check.papers.seddik2024.claims._setups import (
    SETTING,
    P,
    one_context,
    require_collapse,
    squared_norm,
    squares_by_law,
)


@claim(
    "seddik2024.thm1.S",
    statement=r"E\,\|p^{(t)}\|_2^2 = 1 - \left(1 - \frac{1}{n}\right)^t (1 - S_0)",
    relation="==",
    provenance="text",
    source="Theorem 1, fully synthetic",
    domain=SETTING,
)
def thm1_S(p=P, n=10, generations=20):
    S0 = squared_norm(p)
    return Check(
        one_context(p, n),
        cj.Replace(n),
        metric="sum_of_squares",
        generations=generations,
        predicted=lambda t: theory.sum_of_squares(t, n, S0),
        mutants={
            "n - 1 for n": lambda t: theory.sum_of_squares(t, n - 1, S0),
            "starts one generation late": lambda t: theory.sum_of_squares(t - 1, n, S0),
        },
        law=lambda t: laws.coalescent.sum_of_squares(p, n, t),
    )


@claim(
    "seddik2024.thm1.rho",
    statement=r"1 - n(1-S_0)\left(1-\tfrac1n\right)^t \le P(p^{(t)}\ \text{Dirac}) \le 1 - \frac{1-S_0}{1-1/\tilde s}\left(1-\tfrac1n\right)^t",
    relation="between",
    provenance="text",
    source="Theorem 1, probability of total collapse",
    domain=SETTING,
)
def thm1_rho(p=P, n=10, generations=40):
    """The lower bound is negative, hence says nothing, until t exceeds n log(n (1 - S_0))."""
    S0, support = squared_norm(p), sum(q > 0 for q in p)
    return Check(
        one_context(p, n),
        cj.Replace(n),
        metric="absorbed",
        generations=generations,
        statistic="probability",
        predicted=lambda t: theory.rho_bounds(t, n, S0, support),
        mutants={
            "lower bound without the factor n": lambda t: (1 - (1 - S0) * (1 - 1 / n) ** t, 1),
            "upper bound with the factor n": lambda t: (-1, theory.rho_bounds(t, n, S0, support)[0]),
        },
        bounds=(0, 1),
        law=along(laws.coalescent.collapse_curve(p, n, generations)),
    )


@claim(
    "seddik2024.thm1.ET",
    statement=r"1 + \frac{1 - S_0}{1 - 1/\tilde s}(n - 1) \le E[T] \le 1 + (1 - S_0)\,n(n - 1)",
    relation="between",
    provenance="text",
    source="Theorem 1, expected time of total collapse",
    domain=SETTING,
)
def thm1_ET(p=P, n=6, generations=120):
    """Tested on min(T, t + 1) at the last generation; what that misses is bounded and allowed for, below 1e-6 here."""
    S0, support = squared_norm(p), sum(q > 0 for q in p)
    require_collapse(theory.collapse_time_tail(generations, n, S0), generations)
    lower, upper = theory.collapse_time_bounds(n, S0, support)
    return Check(
        one_context(p, n),
        cj.Replace(n),
        metric="collapse_time",
        generations=generations,
        at=(generations,),
        predicted=lambda t: (lower, upper),
        mutants={
            "lower bound doubled": lambda t: (1 + 2 * (lower - 1), upper),
            "upper bound (1 - S0)(n - 1)": lambda t: (lower, 1 + (1 - S0) * (n - 1)),
        },
        allowance=lambda t: theory.collapse_time_tail(t, n, S0),
        law=lambda t: laws.coalescent.expected_collapse_time(p, n),
    )


@claim(
    "seddik2024.prop1",
    statement=r"P\left(\lim_t p^{(t)} = \delta_i\right) = p_i",
    relation="==",
    provenance="text",
    source="Proposition 1",
    domain=SETTING & domain("symbol < len(p)", symbol=Integers(0)),
)
def prop1(p=P, symbol=0, n=5, generations=100):
    """Tested at a generation by which all but n (1 - S_0)(1 - 1/n)^t of the chains have collapsed; that is allowed for."""
    require_collapse(n * (1 - squared_norm(p)) * (1 - 1 / n) ** generations, generations)

    def ends_there(model, truth):
        return model.p[..., symbol] == 1

    return Check(
        one_context(p, n),
        cj.Replace(n),
        metric=ends_there,
        generations=generations,
        at=(generations,),
        statistic="probability",
        predicted=lambda t: p[symbol],
        mutants={
            "uniform over the support": lambda t: 1 / len(p),
            "proportional to p^2": lambda t: p[symbol] ** 2 / squared_norm(p),
        },
        allowance=lambda t: n * (1 - squared_norm(p)) * (1 - 1 / n) ** t,
        law=lambda t: laws.drift.distribution(p[symbol], n, t)[n],
    )


@claim(
    "seddik2024.varying_n",
    statement=r"1 - S_t = (1 - S_0) \prod_{k=1}^{t}\left(1 - \frac{1}{n_k}\right)",
    relation="==",
    provenance="derived",
    source="Theorem 1 with n_k samples at fit k: total collapse almost surely iff the sum of 1/n_k diverges",
    domain=SETTING & domain(power=Integers(1)),
)
def varying_n(p=P, n=5, power=2, generations=10):
    """n_k = n k^power; with power 2 the product converges, and there is no total collapse."""
    S0, schedule = squared_norm(p), [n * k**power for k in range(1, generations + 1)]
    return Check(
        cj.Categorical(p),
        cj.Replace(schedule),
        metric="sum_of_squares",
        generations=generations,
        predicted=lambda t: theory.sum_of_squares(t, schedule, S0),
        mutants={
            "constant n": lambda t: theory.sum_of_squares(t, n, S0),
            "the mean of the sizes": lambda t: theory.sum_of_squares(t, round(sum(schedule) / generations), S0),
        },
        law=squares_by_law(cj.Replace(schedule), p, generations),
    )
