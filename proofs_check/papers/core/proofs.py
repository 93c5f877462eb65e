"""Fresh real data with a fixed weight, for every t and every quadratic variance function."""

from collapse_jax.laws.domain import Integers, Interval, Positive, domain
from proofs_check.papers.core import theory
from proofs_check.proofs import Identity, Induction, proves

_OVER = domain(n=Integers(2), m=Integers(2), w=Interval("(0, 1)"), v=Positive)


def _mixed(error, n, m, w, v, v2):
    """w times a real fit on n plus 1 - w times a fit on m draws from the last model, whose E V is v + v2 error."""
    return w**2 * v / n + (1 - w) ** 2 * (error + (v + v2 * error) / m)


@proves("core.qvf_fresh")
def qvf_fresh():
    return Induction(
        stated=lambda t, n, m, w, v: theory.qvf_fresh(t, n, m, w, v, -1),
        at=lambda p, n, m, w, generations: {"n": n, "m": m, "w": w, "v": p * (1 - p)},
        mutants={
            "v2 = 0": lambda t, n, m, w, v: theory.qvf_fresh(t, n, m, w, v, 0),
            "n + 1 for n": lambda t, n, m, w, v: theory.qvf_fresh(t, n + 1, m, w, v, -1),
            "its limit": lambda t, n, m, w, v: theory.qvf_fresh_limit(n, m, w, v, -1),
        },
        over=_OVER,
        step=lambda t, error, n, m, w, v: _mixed(error, n, m, w, v, -1),
        base=lambda n, m, w, v: v / n,
    )


@proves("core.qvf_fresh.limit")
def qvf_fresh_limit():
    """The limit is the fixed point of the step, which contracts where (1 - w)^2 (1 + v2/m) < 1."""
    return Identity(
        stated=lambda t, n, m, w: theory.qvf_fresh_limit(n, m, w, 1, 1),
        at=lambda n, m, w: {"n": n, "m": m, "w": w},
        mutants={
            "v2 = 0": lambda t, n, m, w: theory.qvf_fresh_limit(n, m, w, 1, 0),
            "one real fit": lambda t, n, m, w: 1 / n,
        },
        over=_OVER.only(("n", "m", "w")),
        residual=lambda stated, n, m, w: _mixed(stated(1, n, m, w), n, m, w, 1, 1) - stated(1, n, m, w),
    )
