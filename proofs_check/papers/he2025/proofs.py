"""Real and synthetic data with a weight, for every t, n, m and w; the optimal weight for every ratio."""

from fractions import Fraction
from pathlib import Path

from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.papers.he2025 import theory
from proofs_check.proofs import Induction, Inequality, proves

_COQ = Path(__file__).parent / "coq"

_OVER = domain(n=Integers(1), m=Integers(2), w=Interval("(0, 1)"))


@proves("he2025.mean_limit")
def mean_limit():
    """V' = w^2/n + (1 - w)^2 (V + 1/m): n real data of weight w, m draws from the last fit."""
    return Induction(
        stated=theory.mean_error,
        at=lambda n, m, w, generations: {"n": n, "m": m, "w": w},
        mutants={
            "weight 1/2": lambda t, n, m, w: theory.mean_error(t, n, m, (w * 0 + 1) / 2),
            "no gain over one real fit": lambda t, n, m, w: 1 / n,
            "limit without the synthetic noise": lambda t, n, m, w: w / (2 - w) / n,
        },
        over=_OVER,
        step=lambda t, error, n, m, w: w**2 / n + (1 - w) ** 2 * (error + 1 / m),
        base=lambda n, m, w: 1 / n,
    )


@proves("he2025.cdf")
def cdf():
    """As for coins, whose variance is short of F (1 - F) by the error."""
    return Induction(
        stated=theory.cdf_error,
        at=lambda F, n, m, w, generations: {"n": n, "m": m, "w": w, "F": F},
        mutants={
            "weight 1/2": lambda t, n, m, w, F: theory.cdf_error(t, n, m, (w * 0 + 1) / 2, F),
            "one real sample": lambda t, n, m, w, F: F * (1 - F) / n,
        },
        over=domain(n=Integers(1), m=Integers(2), w=Interval("(0, 1)"), F=Interval("(0, 1)")),
        step=lambda t, e, n, m, w, F: w**2 * F * (1 - F) / n + (1 - w) ** 2 * (e + (F * (1 - F) - e) / m),
        base=lambda n, m, w, F: F * (1 - F) / n,
    )


@proves("he2025.naive_floor")
def naive_floor():
    """(1 + k)/(2 + k) - 1/2 = k/(2 (2 + k)); t is m."""
    return Inequality(
        stated=lambda t: Fraction(1, 2),
        at=lambda n: {},
        mutants={"0.51": lambda t: Fraction(51, 100), "2/3": lambda t: Fraction(2, 3)},
        over=domain(n=Integers(1), t=Integers(1)),
        residual=lambda stated, n, t: theory.naive_factor(n / t) - stated(t),
    )
