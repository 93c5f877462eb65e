"""Counts of n draws of which a share is real, for every t: the error of a mixture of fits and truth."""

from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.papers.bakshi2026 import theory
from proofs_check.proofs import Identity, Induction, proves

_OVER = domain(n=Integers(2), S0=Interval("(0, 1)"), share=Interval("(0, 1)"))


@proves("bakshi2026.Rt")
def Rt():
    r"""A fit on n draws from $\pi = \alpha p + (1 - \alpha) p_t$: $E\|p' - p\|^2 = E\|\pi - p\|^2 + (1 -
    E\|\pi\|^2)/n$, and
    $E\|\pi\|^2 = S_0 + E\|\pi - p\|^2$."""

    def step(t, error, n, S0, share):
        moved = (1 - share) ** 2 * error
        return moved + (1 - S0 - moved) / n

    return Induction(
        stated=theory.error,
        at=lambda p, n, share, generations: {"n": n, "S0": sum(q * q for q in p), "share": share},
        mutants={"no real data": lambda t, n, S0, share: theory.error(t, n, S0, share * 0)},
        over=_OVER,
        step=step,
        base=lambda n, S0, share: (1 - S0) / n,
    )


@proves("bakshi2026.Rt.floor")
def floor():
    """The fixed point of the same step; t is n."""
    return Identity(
        stated=theory.floor,
        at=lambda p, share, n: {"S0": p * p + (1 - p) ** 2, "share": share},
        mutants={"n + 1 for n": lambda t, S0, share: theory.floor(t + 1, S0, share)},
        over=domain(t=Integers(2), S0=Interval("(0, 1)"), share=Interval("(0, 1)")),
        residual=lambda stated, t, S0, share: (
            (1 - share) ** 2 * stated(t, S0, share)
            + (1 - S0 - (1 - share) ** 2 * stated(t, S0, share)) / t
            - stated(t, S0, share)
        ),
    )
