r"""Least squares on labels that a verifier has let through: exact moments of the classifier, for any sizes.

k observations are kept, $x_i = y_i \mu + z_i$ with $z_i \sim N(0, I_p)$, each with the right label, apart from all
else, with probability $(1 + \kappa)/2$. Then $\hat w = G^{-1} Z's$ for rows $y_i x_i$ of Z and signs $E s_i = \kappa$.
With $Z'1 = \sqrt k\,a$, $G = a a' + W$ for a Wishart matrix W of k - 1 degrees of freedom, of which

$$E\,\mu'\hat w = \kappa\,k |\mu|^2\, E \frac{1}{k + 2J}, \qquad J \sim \mathrm{Poisson}(k |\mu|^2 / 2),$$

and the second moments below follow. Exact for every k >= p + 3; derived.
"""

from typing import Any

import numpy as np

from collapse_jax.laws._check import real, whole
from collapse_jax.laws.domain import Integers, Interval, NonNegative, domain

__all__ = ["kept", "score", "size2", "squared_score"]

_SETTING = domain("k >= p + 3", k=Integers(4), p=Integers(1), mu2=NonNegative, kappa=Interval("[-1, 1]"))


def _poisson(rate: float) -> tuple[np.ndarray, np.ndarray]:
    """Numbers and their probabilities, all but 1e-20 of them."""
    from scipy.stats import poisson

    width = 10 * rate**0.5 + 60
    number = np.arange(max(0, int(rate - width)), int(rate + width))
    return number, poisson.pmf(number, rate)


@domain(k=Integers(1), mu2=NonNegative, kappa=Interval("[-1, 1]"))
def score(k: Any, mu2: Any, kappa: Any) -> float:
    r"""$E\,\mu'\hat w$, the mean of $y\,x'\hat w$ at a new observation; it does not depend on p.

    **Args**: `k`: observations kept; `mu2`: $|\mu|^2$; `kappa`: $\kappa = 2 P(\text{right} \mid \text{kept}) - 1$.

    **Returns**: a number.

    >>> round(score(1_000, 1.0, 0.6), 4)
    0.3002
    """
    k, mu2 = whole(k), real(mu2)
    number, law = _poisson(k * mu2 / 2)
    return real(kappa) * k * mu2 * float(law @ (1 / (k + 2 * number)))


@_SETTING
def squared_score(k: Any, p: Any, mu2: Any, kappa: Any) -> float:
    r"""$E (\mu'\hat w)^2$.

    **Args**: `k`: observations kept; `p`: dimension; `mu2`: $|\mu|^2$; `kappa`: as in `score`.

    **Returns**: a number.
    """
    k, p, mu2, square = whole(k), whole(p), real(mu2), real(kappa) ** 2
    number, law = _poisson(k * mu2 / 2)
    less = law / (k + 2 * number - 2)
    along, whole_of_a = 1 + 2 * number, p + 2 * number  # degrees of freedom of a along mu, and of a
    across = whole_of_a - along
    free = 1 / (k - p - 1)
    signal = k * mu2 * float(less @ ((along + across * free) / (k + 2 * number)))
    noise = mu2 * (1 - float(less @ (along + across * free))) / (k - p - 2)
    return square * signal + (1 - square) * noise


@_SETTING
def size2(k: Any, p: Any, mu2: Any, kappa: Any) -> float:
    r"""$E |\hat w|^2$, so that $E (x'\hat w)^2$ at a new observation is this plus `squared_score`.

    **Args**: `k`: observations kept; `p`: dimension; `mu2`: $|\mu|^2$; `kappa`: as in `score`.

    **Returns**: a number.
    """
    k, p, mu2, square = whole(k), whole(p), real(mu2), real(kappa) ** 2
    number, law = _poisson(k * mu2 / 2)
    less = law / (k + 2 * number - 2)
    spread = (k - 2) / (k - p - 1)
    signal = k * spread * float(less @ ((p + 2 * number) / (k + 2 * number)))
    noise = p / (k - p - 2) - spread * (1 / (k - p - 2) - float(less.sum()))
    return square * signal + (1 - square) * noise


@domain(n=Integers(1), least=Integers(1), share=Interval("(0, 1]"))
def kept(n: Any, share: Any, least: Any = 1) -> tuple[np.ndarray, np.ndarray]:
    r"""How many of n observations are kept, each with probability `share`, given that at least `least` are.

    **Args**: `n`: observations; `share`: $\alpha$; `least`: fewer are left out, as those that determine no fit.

    **Returns**: numbers, and their probabilities.
    """
    from scipy.stats import binom

    n = whole(n)
    number = np.arange(min(whole(least), n), n + 1)
    law = binom.pmf(number, n, real(share))
    number, law = number[law > 1e-18], law[law > 1e-18]
    return number, law / law.sum()
