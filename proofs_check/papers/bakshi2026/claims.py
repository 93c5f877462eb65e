"""The error of fits on unlabelled mixtures of real and synthetic data."""

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Integers, Interval, Probabilities, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.bakshi2026 import theory

P = (0.5, 0.3, 0.2)
SETTING = domain("max(p) < 1", p=Probabilities, n=Integers(2), share=Interval("(0, 1)"))


@claim(
    "bakshi2026.Rt",
    statement=r"R_t = \frac{n_0}{n_t} R_0 + \frac{n_t - 1}{n_t} (1 - \alpha_t)^2 R_{t-1}, \quad R_t = E\,\|\hat p_t - p\|_2^2",
    relation="==",
    provenance="note",
    source="the abstract page of arXiv 2602.10531, here with constant n and alpha",
    domain=SETTING,
)
def Rt(p=P, n=20, share=0.3, generations=10):
    """The paper counts the fit on real data as t = 0, here it is t = 1. Exact besides, by the chain of each symbol."""
    S0 = sum(q * q for q in p)
    return Check(
        cj.Categorical(p),
        cj.Contaminated(n, share=share),
        metric="squared_error",
        generations=generations,
        predicted=lambda t: theory.error(t, n, S0, share),
        mutants={
            "1 - alpha, not squared": lambda t: theory.error(t, n, S0, 1 - (1 - share) ** 0.5),
            "no real data": lambda t: theory.error(t, n, S0, 0.0),
        },
        law=lambda t: sum(
            laws.selection.expectation(lambda x, q=q: (x - q) ** 2, q, n, t, lambda x, q=q: share * q + (1 - share) * x)
            for q in p
        ),
    )


@claim(
    "bakshi2026.Rt.schedule",
    statement=r"R_t = \frac{n_0}{n_t} R_0 + \frac{n_t - 1}{n_t} (1 - \alpha_t)^2 R_{t-1}, \quad n_t = n t,\ \alpha_t = \tfrac1t",
    relation="==",
    provenance="note",
    source="the abstract page of arXiv 2602.10531, with samples that grow as the real share falls",
    domain=domain("max(p) < 1", p=Probabilities, n=Integers(2)),
)
def Rt_schedule(p=P, n=8, generations=8):
    """As many real observations in every generation, in ever more synthetic ones."""
    S0 = sum(q * q for q in p)
    sizes = tuple(n * t for t in range(1, generations + 1))
    share = tuple(1 / t for t in range(1, generations + 1))
    return Check(
        cj.Categorical(p),
        cj.Contaminated(sizes, share=share),
        metric="squared_error",
        generations=generations,
        predicted=lambda t: theory.schedule_error(t, sizes, S0, share),
        mutants={
            "constant n": lambda t: theory.schedule_error(t, (n,) * generations, S0, share),
            "labels known": lambda t: (1 - S0) / n,
        },
    )


@claim(
    "bakshi2026.Rt.floor",
    statement=r"R_\infty = \frac{(1 - S_0) / n}{1 - (1 - 1/n)(1 - \alpha)^2} > 0",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="the fixed point of bakshi2026.Rt; exact law of a symbol after 60 generations",
    domain=SETTING.only(("n", "share")) & domain(p=Interval("(0, 1)")),
)
def Rt_floor(p=0.3, share=0.3, n=(5, 20, 80)):
    """A corpus of real data that is reused has a floor of its own; here the floor falls as 1/n."""
    S0 = p * p + (1 - p) ** 2

    def after(k):
        return 2 * laws.selection.expectation(lambda x: (x - p) ** 2, p, k, 60, lambda x: share * p + (1 - share) * x)

    return Computed(
        after,
        lambda k: theory.floor(k, S0, share),
        {
            "1 - alpha, not squared": lambda k: theory.floor(k, S0, 1 - (1 - share) ** 0.5),
            "n + 1 for n": lambda k: theory.floor(k + 1, S0, share),
        },
        at=tuple(n),
        index="n",
        allowance=lambda k: (1 - share) ** 120,
    )
