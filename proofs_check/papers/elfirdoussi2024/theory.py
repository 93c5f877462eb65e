r"""Ridge classifiers fitted to verified synthetic labels (El Firdoussi et al. 2024, arXiv 2410.08942), closed forms.

A label is wrong with probability eps and kept with probability phi if right, rho if wrong; |mu| is written mu, and
gamma is the penalty beside the mean over all m observations, kept or not. Limits p, m -> oo at p/m fixed.
"""

from typing import Any

from collapse_jax.laws.domain import Integers, NonNegative, Positive, Probability, Real, domain
from collapse_jax.laws.special import erf, sqrt

__all__ = [
    "accuracy",
    "correctness",
    "critical_error",
    "excess_kept",
    "kept_share",
    "ridgeless_score",
    "ridgeless_square",
    "synth_score",
    "synth_score_as_coded",
    "synth_square",
    "synth_square_as_coded",
]

_LABELS = domain(eps=Probability, phi=Probability, rho=Probability)
_SYNTH = _LABELS & domain(m=Integers(1), p=Integers(1), mu=NonNegative, gamma=Positive)


@_LABELS
def kept_share(eps: Any, phi: Any, rho: Any) -> Any:
    r"""$\alpha = \phi (1 - \varepsilon) + \rho\,\varepsilon$: how many are kept."""
    return phi * (1 - eps) + rho * eps


@_LABELS
def excess_kept(eps: Any, phi: Any, rho: Any) -> Any:
    r"""$\lambda = \phi (1 - \varepsilon) - \rho\,\varepsilon$: kept with a right label, less kept with a wrong one."""
    return phi * (1 - eps) - rho * eps


@_LABELS
def correctness(eps: Any, phi: Any, rho: Any) -> Any:
    r"""$\kappa = \lambda / \alpha = 2 P(\text{right} \mid \text{kept}) - 1$."""
    return excess_kept(eps, phi, rho) / kept_share(eps, phi, rho)


@domain(phi=Probability, rho=Positive)
def critical_error(phi: Any, rho: Any) -> Any:
    r"""$\varepsilon^* = \frac{1}{1 + \rho / \phi}$, where $\lambda$ changes its sign."""
    return phi / (phi + rho)


@domain("square > score**2", score=Real, square=Positive)
def accuracy(score: Any, square: Any) -> Any:
    r"""$\Phi\bigl(m / \sqrt{\nu - m^2}\bigr)$ of a classifier with $E\,y\,x'w = m$, $E (x'w)^2 = \nu$."""
    z = score / sqrt(square - score * score)
    return (1 + erf(z / sqrt(z * 0 + 2))) / 2


def _delta(aspect: Any, alpha: Any, gamma: Any) -> Any:
    """The positive root of gamma delta^2 + (alpha + gamma - aspect) delta = aspect."""
    b = alpha + gamma - aspect
    return (sqrt(b * b + 4 * aspect * gamma) - b) / (2 * gamma)


def _synth(m: Any, p: Any, mu: Any, eps: Any, phi: Any, rho: Any, gamma: Any, aspect: Any) -> tuple[Any, Any]:
    alpha, excess = kept_share(eps, phi, rho), excess_kept(eps, phi, rho)
    K = alpha + gamma * (1 + _delta(aspect, alpha, gamma))
    size = alpha * mu**2 + K
    h = 1 - alpha * p / m / K**2
    score = excess * mu**2 / size
    signal = (excess * mu) ** 2 * (1 + mu**2) / (h * size**2)
    return score, signal + (1 - h) / h * (1 - 2 * excess / alpha * score)


@_SYNTH
def synth_score(m: Any, p: Any, mu: Any, eps: Any, phi: Any, rho: Any, gamma: Any) -> Any:
    r"""$E\,y\,x'w$ on synthetic data only, $C = I$ (corrected): $\frac{\lambda \mu^2}{\alpha \mu^2 + K}$ with

    $K = \alpha + \gamma (1 + \delta)$ and $\gamma \delta^2 + (\alpha + \gamma - \eta)\,\delta = \eta$, $\eta = p/m$.
    """
    return _synth(m, p, mu, eps, phi, rho, gamma, p / m)[0]


@_SYNTH
def synth_square(m: Any, p: Any, mu: Any, eps: Any, phi: Any, rho: Any, gamma: Any) -> Any:
    r"""$E (x'w)^2$ on synthetic data only (corrected), with $h = 1 - \alpha\,\eta / K^2$, $D = \alpha \mu^2 + K$:

    $$\frac{(\lambda \mu)^2 (1 + \mu^2)}{h D^2} + \frac{1 - h}{h} \Bigl(1 - \frac{2 \lambda}{\alpha} \frac{\lambda \mu^2}{D}\Bigr).$$
    """
    return _synth(m, p, mu, eps, phi, rho, gamma, p / m)[1]


@_SYNTH
def synth_score_as_coded(m: Any, p: Any, mu: Any, eps: Any, phi: Any, rho: Any, gamma: Any) -> Any:
    r"""`synth_score` with $\alpha\,\eta$ in place of $\eta$ in the equation of $\delta$, as the authors' code has it."""
    return _synth(m, p, mu, eps, phi, rho, gamma, kept_share(eps, phi, rho) * p / m)[0]


@_SYNTH
def synth_square_as_coded(m: Any, p: Any, mu: Any, eps: Any, phi: Any, rho: Any, gamma: Any) -> Any:
    r"""`synth_square` with $\alpha\,\eta$ in place of $\eta$ in the equation of $\delta$, as the authors' code has it."""
    return _synth(m, p, mu, eps, phi, rho, gamma, kept_share(eps, phi, rho) * p / m)[1]


@domain(mu=NonNegative, kappa=Real)
def ridgeless_score(mu: Any, kappa: Any) -> Any:
    r"""$m = \kappa\,s$, $s = \frac{\mu^2}{1 + \mu^2}$: the limit $\gamma \to 0$, more than p observations being kept."""
    return kappa * mu**2 / (1 + mu**2)


@domain("r < 1", r=NonNegative, mu=NonNegative, kappa=Real)
def ridgeless_square(r: Any, mu: Any, kappa: Any) -> Any:
    r"""$\nu = \frac{\kappa^2 s + r - 2 r \kappa^2 s}{1 - r}$ for $r = p / k$, k being kept (derived)."""
    signal = kappa * kappa * mu**2 / (1 + mu**2)
    return (signal + r - 2 * r * signal) / (1 - r)
