r"""The mean field with a disturbance, $\dot\theta = \tau(\theta) - \theta + \mu (\theta_0 - \theta) + \epsilon(t)$, $\|\epsilon\|_\infty \le \eta$ (Marchi et al. 2026).

$\tau \propto \theta^{1/T}$, $\delta = \min_i \theta_{0,i}$, $\theta_e$ the equilibrium without disturbance,
$\eta_{FR} = 1 / (T \min_i \theta_{e,i})$, $\kappa \in (0, 1)$.
"""

from collections.abc import Sequence
from typing import Any

from collapse_jax.laws.domain import Integers, Interval, NonNegative, Positive, Probabilities, domain
from collapse_jax.laws.special import exp, log, sqrt

__all__ = ["distance_bound", "enough", "equilibrium", "fisher_rao_bound", "floor", "settling_time", "sharp_ratio"]

_PI = 3.141592653589793
_LOOP = domain("mu * delta > eta", mu=Positive, delta=Interval("(0, 0.5]"), eta=NonNegative, kappa=Interval("[0, 1)"))


@domain(mu=Positive, kappa=Interval("[0, 1)"))
def settling_time(mu: Any, kappa: Any) -> Any:
    r"""$t_\kappa = \frac{1}{1 + \mu} \log\frac{1}{1 - \kappa}$."""
    return -log(1 - kappa) / (1 + mu)


@_LOOP
def floor(mu: Any, delta: Any, eta: Any, kappa: Any) -> Any:
    r"""Lemma 1: $\theta_i(t) \ge \frac{\kappa (\mu \delta - \eta)}{1 + \mu}$ for $t \ge t_\kappa$."""
    return kappa * (mu * delta - eta) / (1 + mu)


@domain(kl=NonNegative)
def distance_bound(kl: Any) -> Any:
    r"""Lemma 4: $d_{FR} \le \frac\pi2 \sqrt{\mathrm{KL}}$, $d_{FR}$ being the arc cosine of $\sum_i \sqrt{p_i q_i}$."""
    return _PI / 2 * sqrt(kl)


@domain(T=Positive, delta=Interval("(0, 0.5]"), eta=NonNegative, kappa=Interval("(0, 1)"), least=Interval("(0, 1)"))
def enough(T: Any, delta: Any, eta: Any, kappa: Any, least: Any) -> Any:
    r"""Theorem 1 asks for $\mu \ge \max\left\{\frac{1 + T \eta_{FR} \kappa}{T \delta \kappa}, \frac{\eta + 2 \eta_{FR} / \kappa}{\delta}\right\}$; `least` is $\min_i \theta_{e,i}$."""
    eta_fr = 1 / (T * least)
    return max((1 + T * eta_fr * kappa) / (T * delta * kappa), (eta + 2 * eta_fr / kappa) / delta)


@domain(T=Interval("(0, 1]"))
def sharp_ratio(T: Any) -> Any:
    r"""$\frac1T - 1$, the ratio above which the uniform equilibrium is stable without disturbance (derived)."""
    return 1 / T - 1


@domain("mu * delta > eta", t=NonNegative, T=Positive, mu=Positive, delta=Interval("(0, 0.5]"), eta=NonNegative,
        kappa=Interval("(0, 1)"), n=Integers(2), kl=NonNegative, least=Interval("(0, 1)"), most=Interval("(0, 1)"))  # fmt: skip
def fisher_rao_bound(
    t: Any, T: Any, mu: Any, delta: Any, eta: Any, kappa: Any, n: Any, kl: Any, least: Any, most: Any
) -> Any:
    r"""Theorem 1: $d_{FR}(\theta, \theta_e) \le \frac\pi2 \sqrt{e^{-\lambda (t - t_\kappa)} \mathrm{KL}(\theta(t_\kappa) \| \theta_e)} + \epsilon_{FR}$.

    $\lambda = \frac12 (1 + \mu - \eta_{FR} / c_1)$, $c_1 = \frac{\kappa (\mu\delta - \eta)}{2 (1 + \mu) \max \theta_e}$,
    $\epsilon_{FR} = \frac{\pi \eta \sqrt{n \max\theta_e}}{\sqrt2\, \kappa (\mu\delta - \eta)\,[1 - 2 \eta_{FR} \max\theta_e / (\kappa (\mu\delta - \eta))]}$;
    `kl` is that at $t_\kappa$, t is counted from there, `least` and `most` are the extremes of $\theta_e$.
    """
    eta_fr, room = 1 / (T * least), kappa * (mu * delta - eta)
    c1 = room / (2 * (1 + mu) * most)
    rate = ((1 + mu) - eta_fr / c1) / 2
    left = _PI * eta * sqrt(n * most) / (sqrt(2) * room * (1 - 2 * eta_fr * most / room))
    return _PI / 2 * sqrt(exp(-rate * t) * kl) + left


@domain(T=Positive, mu=Positive, theta0=Probabilities)
def equilibrium(T: Any, mu: Any, theta0: Sequence[float]) -> list[float]:
    r"""$\theta_e$ with $\tau(\theta_e) - \theta_e + \mu (\theta_0 - \theta_e) = 0$, by iteration of $\theta \mapsto \frac{\tau(\theta) + \mu \theta_0}{1 + \mu}$ from $\theta_0$."""
    theta = list(theta0)
    for _ in range(2000):
        power = [x ** (1 / T) for x in theta]
        theta = [(x / sum(power) + mu * q) / (1 + mu) for x, q in zip(power, theta0, strict=True)]
    return theta
