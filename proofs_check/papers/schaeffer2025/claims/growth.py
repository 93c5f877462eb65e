r"""Definitions 3 and 4: a risk that diverges, by its second difference over logarithmic time, and a changed scaling law."""

import math

import collapse_jax as cj
from collapse_jax.laws import pedigree
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import quadratic_law
from proofs_check.papers.schaeffer2025 import theory
from proofs_check.papers.schaeffer2025.claims._setups import SIZES, SOURCE, gaussian_mean
from proofs_check.papers.schaeffer2025.exact import quadratic_variance


def _bend(workflow, ratio, n, s, mutants):
    from collapse_jax.metrics import squared_error
    from proofs_check.papers.schaeffer2025.metrics import Bend

    curve = quadratic_law(workflow, 1.0, 0, s * s)
    variance = quadratic_variance(workflow, (1, s, s * s), (1.0, -2.0, 1.0), n)
    return Check(
        gaussian_mean(),
        workflow,
        metric=Bend(of=squared_error, middle=s),
        generations=s * s,
        at=(s * s,),
        predicted=lambda t: theory.bend(ratio, s) / n,
        mutants=mutants,
        variance=lambda t: variance,
        law=lambda t: curve(s * s) - 2 * curve(s) + curve(1),
    )


@claim(
    "schaeffer2025.profile.diverging_replace",
    statement=r"R_{s^2} - 2 R_s + R_1 = (s - 1)^2\,R_1 > 0 \quad \text{(Gaussian mean, replace)}",
    relation="==",
    provenance="derived",
    source=SOURCE,
    domain=SIZES,
)
def diverging_replace(n=10, s=6):
    """Collapse by definition 3."""
    return _bend(
        cj.Replace(n), theory.replace, n, s, {"s for s - 1": lambda t: s**2 / n, "bounded": lambda t: -0.4 / n}
    )


@claim(
    "schaeffer2025.profile.diverging_accumulate",
    statement=r"R_{s^2} - 2 R_s + R_1 = R_1 \left[H_{s^2} - 2 H_s + 1\right] < 0,\ H_t = \textstyle\sum_{k \le t} k^{-2} \quad \text{(Gaussian mean, accumulate)}",
    relation="==",
    provenance="derived",
    source=SOURCE,
    domain=SIZES,
)
def diverging_accumulate(n=10, s=6):
    """No collapse by definition 3: the risk settles."""
    limit = 1 - math.pi**2 / 6
    mutants = {"its limit in s": lambda t: limit / n, "logarithmic growth": lambda t: 0.0}
    return _bend(cj.Accumulate(n), theory.accumulate, n, s, mutants)


@claim(
    "schaeffer2025.profile.diverging_replace_multiple",
    statement=r"R_{s^2} - 2 R_s + R_1 \ge (1 - \gamma)\,R_1 - \frac{R_1}{s} \quad \text{(Gaussian mean, t samples of the last model)}",
    relation=">=",
    provenance="derived",
    source="R_t is a harmonic sum; gamma = 0.5772 is Euler's constant",
    domain=SIZES,
)
def diverging_replace_multiple(n=10, s=6):
    """Collapse by definition 3 and, up to t = 12,366, not by definition 1 with the factor 10: the growth is logarithmic."""
    curve = quadratic_law(cj.ReplaceMultiple(n), 1.0, 0, s * s)
    return Computed(
        lambda t: n * (curve(s * s) - 2 * curve(s) + curve(1)),
        lambda t: 1 - 0.5772156649015329 - 1 / s,
        {"one for 1 - gamma": lambda t: 1 - 1 / s},
        at=(s * s,),
    )


@claim(
    "schaeffer2025.profile.scaling_law_gaussian",
    statement=r"\log_k \frac{R_t(n)}{R_t(k n)} = 1 \text{ for every } t \quad \text{(Gaussian mean, replace)}",
    relation="==",
    provenance="derived",
    source=SOURCE,
    domain=SIZES,
)
def scaling_law_gaussian(n=10, scale=4, generations=36):
    """Replacement collapses by definitions 1, 2 and 3, and not by definition 4."""
    small, large = (quadratic_law(cj.Replace(size), 1.0, 0, generations) for size in (n, scale * n))
    return Computed(
        lambda t: math.log(small(t) / large(t), scale),
        lambda t: 1.0,
        {"a half": lambda t: 0.5, "1 % less": lambda t: 0.99},
        at=(1, 6, generations),
    )


@claim(
    "schaeffer2025.profile.scaling_law_coin",
    statement=r"\log_k \frac{R_t(n)}{R_t(k n)} = \log_k \frac{1 - (1 - 1/n)^t}{1 - (1 - 1/(kn))^t} < 1,\ t > 1 \quad \text{(coin, replace)}",
    relation="==",
    provenance="derived",
    source=SOURCE,
    domain=SIZES,
)
def scaling_law_coin(p=0.3, n=10, scale=4, generations=36):
    """A risk that is bounded changes its scaling law on the way: definition 4 depends on the family."""

    def error(size):
        return pedigree.quadratic_error(pedigree.of(cj.Replace(size), generations), p * (1 - p), -1)

    small, large = error(n), error(scale * n)
    return Computed(
        lambda t: math.log(small[t - 1] / large[t - 1], scale),
        lambda t: theory.coin_exponent(t, n, scale),
        {"unchanged": lambda t: 1.0, "one fit less": lambda t: theory.coin_exponent(t - 1, n, scale)},
        at=(6, generations),
    )
