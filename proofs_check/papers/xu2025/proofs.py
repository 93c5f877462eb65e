"""Sums of a schedule between their bounds, for every t."""

import functools
import itertools

from collapse_jax.laws.special import zeta
from proofs_check.proofs import Everywhere, proves
from proofs_check.proofs.certified import ball

_LAST = 1500


@functools.cache
def _sums():
    """Sums of k^-3/2 in balls."""
    return list(itertools.accumulate(1 / (ball(k) * ball(k).sqrt()) for k in range(1, _LAST + 1)))


def _within(s):
    """The bounds with the exponent s."""

    def bounds(t, n):
        limit = zeta(1 + s + 0 * t)
        return (limit - t**-s / s) / n, limit / n

    return bounds


@proves("xu2025.walk_threshold")
def walk_threshold():
    """Every t up to 1,500 at s = 1/2; all others by the integral of k^-3/2, which falls: its mean over [k - 1, k] is more
    than its value at k."""

    def value(t, n=10):
        return _sums()[int(float(t)) - 1] / n

    every = {"t": (1, _LAST)}
    return Everywhere(
        stated=_within(0.5),
        at=lambda n: {"n": n},
        mutants={"s = 0.6": _within(0.6), "s = 0.45": _within(0.45)},
        margin=lambda stated, t: value(t) - stated(t, 10)[0],
        box=every,
        pieces=((lambda stated, t: stated(t, 10)[1] - value(t), every),),
        whole=("t",),
    )
