"""Convergence of the disturbed mean field, its floor, and the distances it is stated in."""

from functools import lru_cache

from collapse_jax.laws.domain import Interval, NonNegative, Positive, domain
from proofs_check.claim import Computed, claim
from proofs_check.papers.marchi2026 import theory

_TEXT = "in the text of 2026"


@lru_cache(maxsize=8)
def _flow(T, mu, eta, theta0, start, times, wave):
    """The disturbed mean field at these times, by a Runge-Kutta method of order 8 with relative error 1e-10."""
    import numpy as np
    from scipy.integrate import solve_ivp

    real, sign = np.array(theta0), np.resize([1.0, -1.0], len(theta0))

    def field(t, theta):
        power = np.maximum(theta, 0) ** (1 / T)
        return power / power.sum() - theta + mu * (real - theta) + eta * sign * (np.cos(wave * t) if wave else 1)

    found = solve_ivp(field, (0, times[-1]), start, "DOP853", times, rtol=1e-10, atol=1e-12)
    return found.y.T


def _kl(p, q):
    import numpy as np

    p, q = np.asarray(p), np.asarray(q)
    return float(np.sum(np.where(p > 0, p * np.log(np.where(p > 0, p, 1) / q), 0)))


def _distance(p, q):
    import numpy as np

    cosine = np.sum(np.sqrt(np.asarray(p) * np.asarray(q)))
    return float(np.arccos(min(1.0, cosine)))


@claim(
    "marchi2026.thm1",
    statement=r"d_{FR}(\theta(t), \theta_e) \le \tfrac\pi2 \sqrt{e^{-\lambda (t - t_\kappa)}\,\mathrm{KL}(\theta(t_\kappa)\,\|\,\theta_e)} + \epsilon_{FR}, \quad t \ge t_\kappa",
    relation="<=",
    provenance="text",
    source="Theorem 1 " + _TEXT,
    domain=domain(T=Positive, mu=Positive, eta=Interval("[0.01, oo)"), kappa=Interval("(0, 1)")),
)
def thm1(T=0.5, mu=220.0, eta=0.1, kappa=0.9):
    """Four symbols of unequal probability, a disturbance that pushes two up and two down for ever, start at a vertex;
    solved to ten digits. Indices are units of 1/(2 (1 + mu)) of time after t_kappa."""
    from proofs_check.claim import require

    theta0, start = (0.15, 0.2, 0.3, 0.35), (1.0, 0.0, 0.0, 0.0)
    target = theory.equilibrium(T, mu, theta0)
    least, most, delta = min(target), max(target), min(theta0)
    needed = theory.enough(T, delta, eta, kappa, least)
    require(mu >= needed, f"mu={mu:g} is less than the {needed:.4g} that Theorem 1 asks for; use a larger mu")
    first, unit = float(theory.settling_time(mu, kappa)), 0.5 / (1 + mu)
    at = (1, 4, 16, 64, 512)
    path = _flow(T, mu, eta, theta0, start, (first, *(first + k * unit for k in at)), 0.0)
    kl = _kl(path[0], target)

    def bound(k, eta=eta):
        return float(theory.fisher_rao_bound(k * unit, T, mu, delta, eta, kappa, 4, kl, least, most))

    return Computed(
        lambda k: _distance(path[1 + at.index(k)], target),
        bound,
        {
            "without the disturbance": lambda k: bound(k, 0.0),
            "a twentieth of it": lambda k: bound(k) / 20,
        },
        at=at,
        index="time",
        tolerance=1e-6,
    )


@claim(
    "marchi2026.thm1.condition",
    statement=r"\mu \ge \max\left\{\frac{1 + T \eta_{FR} \kappa}{T \delta \kappa}, \frac{\eta + 2 \eta_{FR}/\kappa}{\delta}\right\} \Rightarrow \mu > \tfrac1T - 1, \text{ by a factor of at least } \frac{32}{1 - T}",
    relation=">=",
    provenance="derived",
    source="the condition of Theorem 1 at its best kappa, for uniform theta_0 on four symbols and eta = 0",
)
def condition():
    """Indices are 100 T. At T = 1/2 it asks for 64 real draws per synthetic one or more; 1 is enough."""
    return Computed(
        lambda k: theory.enough(k / 100, 0.25, 0.0, 1 - 1e-9, 0.25) / theory.sharp_ratio(k / 100),
        lambda k: 32 / (1 - k / 100),
        {"twice as loose": lambda k: 65 / (1 - k / 100)},
        at=(20, 50, 80, 95),
        index="100 T",
        tolerance=1e-6,
        rung="identity",
    )


@claim(
    "marchi2026.lem1",
    statement=r"\theta_i(t) \ge \frac{\kappa\,(\mu \delta - \eta)}{1 + \mu}, \quad t \ge t_\kappa = \frac{1}{1 + \mu} \log\frac{1}{1 - \kappa}",
    relation=">=",
    provenance="text",
    source="Lemma 1 " + _TEXT,
    domain=domain(T=Positive, mu=Positive, eta=NonNegative),
)
def lem1(T=0.25, mu=2.0, eta=0.1):
    """The least entry at t_kappa, started from 0 where the disturbance pushes down: nearly sharp for low T, as a symbol that
    is rare is then not drawn at all. Indices are 100 kappa."""
    theta0, start = (0.2, 0.2, 0.3, 0.3), (1.0, 0.0, 0.0, 0.0)
    at = (10, 30, 60, 90)
    times = tuple(float(theory.settling_time(mu, k / 100)) for k in at)
    path = _flow(T, mu, eta, theta0, start, times, 0.0)
    delta = min(theta0)
    return Computed(
        lambda k: float(path[at.index(k)].min()),
        lambda k: float(theory.floor(mu, delta, eta, k / 100)),
        {
            "without eta": lambda k: float(theory.floor(mu, delta, 0.0, k / 100)),
            "a tenth more": lambda k: 1.1 * float(theory.floor(mu, delta, eta, k / 100)),
        },
        at=at,
        index="100 kappa",
        tolerance=1e-6,
    )


@claim(
    "marchi2026.lem4",
    statement=r"\arccos \sum_i \sqrt{p_i q_i} \le \tfrac\pi2 \sqrt{\mathrm{KL}(p\,\|\,q)}",
    relation="<=",
    provenance="text",
    source="Lemma 4 " + _TEXT,
)
def lem4():
    """At twelve pairs of three symbols. The constant could be 1, as KL >= -2 log cos d >= d^2; near the diagonal the
    ratio is 1/sqrt 2."""
    return _distances(lambda kl: float(theory.distance_bound(kl)), {"1/2": 0.5, "0.7": 0.7})


@claim(
    "marchi2026.lem4.sharper",
    statement=r"\arccos \sum_i \sqrt{p_i q_i} \le \sqrt{\mathrm{KL}(p\,\|\,q)}",
    relation="<=",
    provenance="derived",
    source="Jensen: KL >= -2 log cos d, and -2 log cos d >= d^2",
)
def lem4_sharper():
    return _distances(lambda kl: kl**0.5, {"0.7": 0.7})


def _distances(bound, constants):
    points = [(0.2, 0.3, 0.5), (0.6, 0.3, 0.1), (0.21, 0.3, 0.49), (0.98, 0.01, 0.01)]
    pairs = [(p, q) for p in points for q in points if p != q]
    return Computed(
        lambda k: _distance(*pairs[k - 1]),
        lambda k: bound(_kl(*pairs[k - 1])),
        {name: (lambda k, c=c: c * _kl(*pairs[k - 1]) ** 0.5) for name, c in constants.items()},
        at=tuple(range(1, len(pairs) + 1)),
        index="pair",
        tolerance=1e-9,
        rung="identity",
    )
