r"""Which labels a verifier lets through, and when that is enough (Feng et al. 2024, arXiv 2406.07515).

p: probability that a synthetic label is wrong; phi, psi: that a right one, and a wrong one, is kept.
"""

from typing import Any

from collapse_jax.laws.domain import Interval, Probability, Real, domain
from collapse_jax.laws.special import erf, exp, sqrt

__all__ = ["breakdown", "correct_given_kept", "kept_right", "kept_wrong", "margin", "normal_cdf2", "wrong"]

# Gauss and Legendre's rule of 12 points on [-1, 1], its positive nodes.
_NODES = (
    (0.1252334085114689, 0.2491470458134028),
    (0.3678314989981802, 0.2334925365383548),
    (0.5873179542866175, 0.2031674267230659),
    (0.7699026741943047, 0.1600783285433462),
    (0.9041172563704749, 0.1069393259953184),
    (0.9815606342467192, 0.0471753363865118),
)
_PARTS = 8


@domain("phi + psi > 0", phi=Probability, psi=Probability)
def breakdown(phi: Any, psi: Any) -> Any:
    r"""$p_* = \frac{1}{1 + \psi / \phi} = \frac{\phi}{\phi + \psi}$ (Theorem 4.2)."""
    return phi / (phi + psi)


@domain(p=Probability, phi=Probability, psi=Probability)
def margin(p: Any, phi: Any, psi: Any) -> Any:
    r"""$\phi (1 - p) - \psi p$: positive where, with infinitely many data, the fit points along $\mu$."""
    return phi * (1 - p) - psi * p


@domain("phi * (1 - p) + psi * p > 0", p=Probability, phi=Probability, psi=Probability)
def correct_given_kept(p: Any, phi: Any, psi: Any) -> Any:
    r"""$P(\text{right} \mid \text{kept}) = \frac{\phi (1 - p)}{\phi (1 - p) + \psi p}$."""
    return phi * (1 - p) / (phi * (1 - p) + psi * p)


def _cdf(x: Any) -> Any:
    return (1 + erf(x / sqrt(x * 0 + 2))) / 2


@domain(h=Real, k=Real, r=Interval("(-1, 1)"))
def normal_cdf2(h: Any, k: Any, r: Any) -> Any:
    r"""$\Phi_2(h, k; r) = \Phi(h)\,\Phi(k) + \frac{1}{2\pi} \int_0^r \exp\Bigl(-\frac{h^2 - 2 h k s + k^2}{2 (1 - s^2)}\Bigr) \frac{ds}{\sqrt{1 - s^2}}$.

    Plackett's integral in $u = \tan(\tfrac12 \arcsin s)$, where nothing is infinite, by Gauss and Legendre's rule on eight
    parts: to 1e-9 for |r| <= 0.999.
    """
    total, end = h * 0 + k * 0 + r * 0, r / (1 + sqrt(1 - r * r))
    for part in range(_PARTS):
        for node, weight in _NODES:
            for side in (-1, 1):
                u = end * (2 * part + 1 + side * node) / (2 * _PARTS)
                s, rest = 2 * u / (1 + u * u), ((1 - u * u) / (1 + u * u)) ** 2
                total = total + weight * exp(-(h * h - 2 * h * k * s + k * k) / (2 * rest)) * 2 / (1 + u * u)
    return _cdf(h) * _cdf(k) + total * end / (2 * _PARTS) / 6.283185307179586


@domain(a=Real)
def wrong(a: Any) -> Any:
    r"""$p = \Phi(-a)$ for labels sign(g.x), $a = \mu \cdot g$, |g| = 1 (derived)."""
    return _cdf(-a)


@domain(a=Real, b=Real, r=Interval("(-1, 1)"))
def kept_right(a: Any, b: Any, r: Any) -> Any:
    r"""$\phi = \Phi_2(a, b; r) / \Phi(a)$ where sign(v.x) has to agree: $b = \mu \cdot v$, $r = g \cdot v$ (derived)."""
    return normal_cdf2(a, b, r) / _cdf(a)


@domain(a=Real, b=Real, r=Interval("(-1, 1)"))
def kept_wrong(a: Any, b: Any, r: Any) -> Any:
    r"""$\psi = \Phi_2(-a, -b; r) / \Phi(-a)$ (derived)."""
    return normal_cdf2(-a, -b, r) / _cdf(-a)
