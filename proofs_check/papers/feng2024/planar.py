r"""A generator, a verifier and the mean in one plane: what infinitely many verified data come to, by polar integrals.

$u = \tilde y x$ lies, where it is kept, in the cone {g.u > 0, v.u > 0}, with a right label as $N(\mu, I)$ and with a wrong
one as $N(-\mu, I)$; the classifier is $w = E[u u']^{-1} E[u]$. Angles are measured from $\mu$; what is orthogonal to
the plane is independent of it and of mean 0.
"""

import math
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

__all__ = ["Kept", "agreement", "classifier", "kept"]


class Kept(NamedTuple):
    """Probabilities that the label is right, that it is right and kept, and that it is wrong and kept."""

    right: float
    right_kept: float
    wrong_kept: float


@lru_cache
def _rule(order: int) -> tuple[np.ndarray, np.ndarray]:
    return np.polynomial.legendre.leggauss(order)


def _integrals(low: float, high: float, mu: float, sign: int, *, order: int = 160) -> tuple[Any, Any, Any]:
    """Mass, first and second moments of N(sign mu e_1, I_2) between two angles."""
    node, weight = _rule(order)
    theta = (low + high) / 2 + (high - low) / 2 * node
    r = (mu + 12) / 2 * (1 + node)
    exponent = -(r[:, None] ** 2 + mu**2 - 2 * sign * mu * r[:, None] * np.cos(theta)) / 2
    density = np.exp(exponent) * (weight * (mu + 12) / 2)[:, None] * (weight * (high - low) / 2) / (2 * math.pi)
    e = np.array([np.cos(theta), np.sin(theta)])
    mass, first, second = ((density * r[:, None] ** power).sum(0) for power in (1, 2, 3))
    return mass.sum(), e @ first, np.einsum("t,it,jt->ij", second, e, e)


def _cone(*angles: float) -> tuple[float, float]:
    """Where all of these directions have a positive product with u; they lie within half a turn."""
    return max(angles) - math.pi / 2, min(angles) + math.pi / 2


def kept(mu: float, g: float, v: float) -> Kept:
    """What becomes of labels sign(g.x) that sign(v.x) has to confirm; g and v are angles from the mean."""
    right = _integrals(*_cone(g), mu, 1)[0]
    return Kept(right, _integrals(*_cone(g, v), mu, 1)[0], _integrals(*_cone(g, v), mu, -1)[0])


def classifier(mu: float, g: float, v: float) -> float:
    """The angle of the least-squares classifier of infinitely many kept data."""
    parts = [_integrals(*_cone(g, v), mu, sign) for sign in (1, -1)]
    first, second = (parts[0][k] + parts[1][k] for k in (1, 2))
    w = np.linalg.solve(second, first)
    return float(math.atan2(w[1], w[0]))


def agreement(mu: float, angle: float) -> float:
    """How often a classifier at this angle says what the Bayes classifier, along the mean, says."""
    cone = _cone(0.0, angle)
    return float(sum(_integrals(*cone, mu, sign)[0] for sign in (1, -1)))
