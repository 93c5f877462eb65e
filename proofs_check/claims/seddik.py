"""Discrete distributions: Seddik et al. 2024, "How Bad is Training on Synthetic Data?" (arXiv 2404.05090), full text read.

One context of the softmax classifier: the empirical law of n symbols, refitted on n symbols drawn from it.
"""

import collapse_jax as cj
from collapse_jax.theory import seddik2024 as theory
from proofs_check.claim import Check, claim, require

P = (0.5, 0.3, 0.2)


def _squares(p):
    return sum(q * q for q in p)


def _drift(p, n):
    require(n >= 2, f"n={n} collapses at the first fit, and the statements divide by n - 1; use n >= 2")
    require(max(p) < 1, "p is a Dirac mass, which Theorem 1 excludes; give at least two symbols positive probability")
    return cj.Categorical(p, sampler="index")


@claim(
    "seddik2024.thm1.S",
    statement=r"E\,\|p^{(t)}\|_2^2 = 1 - \left(1 - \frac{1}{n}\right)^t (1 - S_0)",
    relation="==",
    regime="exact",
    provenance="text",
    source="Theorem 1, fully synthetic",
)
def thm1_S(p=P, n=10, generations=20):
    S0 = _squares(p)
    return Check(
        _drift(p, n),
        cj.Replace(n),
        metric="sum_of_squares",
        generations=generations,
        predicted=lambda t: theory.sum_of_squares(t, n, S0),
        mutants={
            "n - 1 for n": lambda t: theory.sum_of_squares(t, n - 1, S0),
            "starts one generation late": lambda t: theory.sum_of_squares(t - 1, n, S0),
        },
    )


@claim(
    "seddik2024.thm1.rho",
    statement=r"1 - n(1-S_0)\left(1-\tfrac1n\right)^t \le P(p^{(t)}\ \text{Dirac}) \le 1 - \frac{1-S_0}{1-1/\tilde s}\left(1-\tfrac1n\right)^t",
    relation="between",
    regime="bounds",
    provenance="text",
    source="Theorem 1, probability of total collapse",
)
def thm1_rho(p=P, n=10, generations=40):
    """The lower bound is negative, hence says nothing, until t exceeds n log(n (1 - S_0))."""
    S0, support = _squares(p), sum(q > 0 for q in p)
    return Check(
        _drift(p, n),
        cj.Replace(n),
        metric="absorbed",
        generations=generations,
        statistic="probability",
        predicted=lambda t: theory.rho_bounds(t, n, S0, support),
        mutants={
            "lower bound without the factor n": lambda t: (1 - (1 - S0) * (1 - 1 / n) ** t, 1),
            "upper bound with the factor n": lambda t: (-1, theory.rho_bounds(t, n, S0, support)[0]),
        },
        trivial=(0, 1),
    )


@claim(
    "seddik2024.thm1.ET",
    statement=r"1 + \frac{1 - S_0}{1 - 1/\tilde s}(n - 1) \le E[T] \le 1 + (1 - S_0)\,n(n - 1)",
    relation="between",
    regime="bounds",
    provenance="text",
    source="Theorem 1, expected time of total collapse",
)
def thm1_ET(p=P, n=6, generations=120):
    """Tested on min(T, t + 1) at the last generation; what that misses is bounded and allowed for, below 1e-6 here."""
    S0, support = _squares(p), sum(q > 0 for q in p)
    lower, upper = theory.collapse_time_bounds(n, S0, support)
    return Check(
        _drift(p, n),
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
    )


@claim(
    "seddik2024.prop1",
    statement=r"P\left(\lim_t p^{(t)} = \delta_i\right) = p_i",
    relation="==",
    regime="exact",
    provenance="text",
    source="Proposition 1",
)
def prop1(p=P, symbol=0, n=5, generations=100):
    """Tested at a generation by which all but n (1 - S_0)(1 - 1/n)^t of the chains have collapsed; that is allowed for."""

    require(0 <= symbol < len(p), f"symbol={symbol} is not one of the {len(p)} symbols; use 0 to {len(p) - 1}")

    def ends_there(model, truth):
        return model.p[..., symbol] == 1

    return Check(
        _drift(p, n),
        cj.Replace(n),
        metric=ends_there,
        generations=generations,
        at=(generations,),
        statistic="probability",
        predicted=lambda t: p[symbol],
        mutants={
            "uniform over the support": lambda t: 1 / len(p),
            "proportional to p^2": lambda t: p[symbol] ** 2 / _squares(p),
        },
        allowance=lambda t: n * (1 - _squares(p)) * (1 - 1 / n) ** t,
    )


@claim(
    "seddik2024.random_pool",
    statement=r"E\,\|p^{(t)}\|_2^2 = 1 - \left(1-\tfrac1n\right)(1-S_0)\prod_{k=2}^{t}\left(1 - \frac{1}{n k^2}\right) < 1",
    relation="==",
    regime="exact",
    provenance="derived",
    source="protocol 'randomly sampled data' of section 4.2 (text), where the paper states no theorem; closed form derived",
)
def random_pool(p=P, n=10, generations=12):
    """No total collapse: the limit is 1 - (1 - S_0) sin(pi/sqrt n)/(pi/sqrt n). Real symbols are drawn afresh."""
    S0 = _squares(p)
    return Check(
        _drift(p, n),
        cj.RandomPool(n),
        metric="sum_of_squares",
        generations=generations,
        predicted=lambda t: theory.random_pool(t, n, S0),
        mutants={
            "replacement": lambda t: theory.sum_of_squares(t, n, S0),
            "n - 1 for n": lambda t: theory.random_pool(t, n - 1, S0),
        },
    )
