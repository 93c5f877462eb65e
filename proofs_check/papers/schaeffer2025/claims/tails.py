"""Definitions 7 and 8: a real tail that vanishes, and hallucinated data."""

import math

import collapse_jax as cj
from collapse_jax.laws import drift
from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.schaeffer2025 import theory
from proofs_check.papers.schaeffer2025.claims._setups import SIZES, SOURCE, gaussian_mean
from proofs_check.papers.schaeffer2025.exact import pooled_cover

_RARE = SIZES & domain(p=Interval("(0, 0.5)"))


def _bend_of_logarithm(cover, s):
    """The second difference of -log E over logarithmic time."""
    first, middle, last = (-math.log(cover(t)) for t in (1, s, s * s))
    return last - 2 * middle + first


@claim(
    "schaeffer2025.profile.tail_replace",
    statement=r"L_{s^2} - 2 L_s + L_1 > 0,\ L_t = -\log E \min(1, p^{(t)} / p) \quad \text{(coin with rare side } p \text{, replace)}",
    relation=">=",
    provenance="derived",
    source="the Markov chain of the counts, exactly; at least .03",
    domain=_RARE & domain(("n * p >= 1", "n <= 2 * s**2", "s**2 <= 2 * n"), p=Interval("(0, 0.25]"), s=Integers(3)),
)
def tail_replace(p=0.1, n=10, s=4):
    """Collapse by definition 7: the share of the rare side that is covered falls at least as a power of t, around t = n. Later
    it settles at p, the chance that the rare side is all that is left."""

    def cover(t):
        return drift.expectation(lambda x: (x / p).clip(max=1), p, n, t)

    return Computed(
        lambda t: _bend_of_logarithm(cover, s),
        lambda t: 0.03,
        {"as under accumulation, with the sign turned": lambda t: 2.0},
        at=(s * s,),
    )


@claim(
    "schaeffer2025.profile.tail_accumulate",
    statement=r"L_{s^2} - 2 L_s + L_1 < 0,\ L_t = -\log E \min(1, p^{(t)} / p) \quad \text{(coin with rare side } p \text{, accumulate)}",
    relation="<=",
    provenance="derived",
    source="the Markov chain of the counts in the pool, exactly",
    domain=_RARE,
)
def tail_accumulate(p=0.1, n=10, s=4):
    """No collapse by definition 7."""
    return Computed(
        lambda t: _bend_of_logarithm(lambda t: pooled_cover(p, n, t), s),
        lambda t: 0.0,
        {"a twentieth less": lambda t: 20 * _bend_of_logarithm(lambda t: pooled_cover(p, n, t), s)},
        at=(s * s,),
        scale=1.0,
    )


def _outside(workflow, coefficient, n, generations):
    from proofs_check.papers.schaeffer2025.metrics import hallucinated_tenth

    return Check(
        gaussian_mean(),
        workflow,
        metric=hallucinated_tenth,
        generations=generations,
        predicted=lambda t: theory.outside(coefficient(t), n, 0.1),
        mutants={
            "as the first fit": lambda t: theory.outside(1, n, 0.1),
            "a fit less": lambda t: theory.outside(coefficient(t - 1), n, 0.1),
        },
        at=(2, generations),
        bounds=(0.0, 1.0),
    )


@claim(
    "schaeffer2025.profile.hallucination_replace",
    statement=r"E\,P_t(|x| > q) = 2\,\Phi\bigl(-q / \sqrt{1 + t / n}\bigr) \to 1 \quad \text{(Gaussian mean, replace)}",
    relation="==",
    provenance="derived",
    source=SOURCE,
    domain=SIZES & domain(generations=Integers(2)),
)
def hallucination_replace(n=4, generations=12):
    """Collapse by definition 8: nearly all mass ends where the truth has next to nothing."""
    return _outside(cj.Replace(n), theory.replace, n, generations)


@claim(
    "schaeffer2025.profile.hallucination_accumulate",
    statement=r"E\,P_t(|x| > q) = 2\,\Phi\Bigl(-q / \sqrt{1 + \tfrac1n \textstyle\sum_{k \le t} k^{-2}}\Bigr) \quad \text{(Gaussian mean, accumulate)}",
    relation="==",
    provenance="derived",
    source=SOURCE,
    domain=SIZES & domain(generations=Integers(2)),
)
def hallucination_accumulate(n=4, generations=12):
    """Collapse by definition 8 as well, since any increase counts; the mass stays bounded."""
    return _outside(cj.Accumulate(n), theory.accumulate, n, generations)
