"""What curated data alone tend to: Theorem 2.1 with an atom of best reward, without one, and infinite choice."""

import math

from collapse_jax.laws.domain import Integers, Interval, Positive, Real, domain
from proofs_check.claim import Computed, claim
from proofs_check.curves import along
from proofs_check.papers.ferbach2024 import theory
from proofs_check.papers.ferbach2024.claims._setups import REWARD, SETTING, P, retrained, selection

_ATOM = SETTING & domain("max(reward) > min(reward)", generations=Integers(1))
_GAUSSIAN = domain("abs(b - m0) <= 10", m0=Real, v0=Interval("[0.01, 100]"), b=Real, s2=Interval("[0.01, 1000]"))


def _divergence(p, reward, K, t):
    """KL(p_* || p_t), p_* being p given the best reward: minus the log of its probability; by the sum of the others."""
    import numpy as np

    p, reward = np.asarray(p), np.asarray(reward)
    best = reward == reward[p > 0].max()
    return -np.log1p(-retrained(p, tuple(reward), K, t)[:, ~best].sum(1))


@claim(
    "ferbach2024.thm2_1",
    statement=r"P_0(r = r_*) > 0: \quad KL(p_* \| p_t) \to 0, \quad p_* = p_0(\,\cdot \mid r = r_*)",
    relation="==",
    regime="asymptotic",
    provenance="note",
    source="Theorem 2.1, as a review gives it; the divergence is -log P_t(r = r_*)",
    domain=_ATOM,
)
def thm2_1(p=P, reward=REWARD, K=4, generations=400):
    values = _divergence(p, reward, K, generations)
    return Computed(
        lambda t: values[t],
        lambda t: 0.0,
        {"stays where it was": lambda t: values[0], "tends to .02": lambda t: 0.02, "tends to .2": lambda t: 0.2},
        at=(generations // 4, generations // 2, generations),
        scale=1.0,
    )


@claim(
    "ferbach2024.thm2_1.rate",
    statement=r"\frac{KL(p_* \| p_{t+1})}{KL(p_* \| p_t)} \to \frac{K \rho}{\rho + K - 1}, \quad \rho = e^{r_2 - r_*}",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="linearised at p_*: only the second best reward r_2 counts in the end",
    domain=_ATOM & domain("generations >= 10"),
)
def thm2_1_rate(p=P, reward=REWARD, K=4, generations=40):
    """With unlimited choice rho itself; with two to choose from 2 rho / (1 + rho). What the other
    rewards still add at t is allowed for."""
    values = _divergence(p, reward, K, generations + 1)
    best = max(reward)
    second = math.exp(max(r for r in reward if r < best) - best)
    others = [theory.last_steps(K, math.exp(r - best)) / theory.last_steps(K, second) for r in reward if r < best]
    return Computed(
        lambda t: values[t + 1] / values[t],
        lambda t: theory.last_steps(K, second),
        {
            "unlimited choice": lambda t: second,
            "K + 1": lambda t: theory.last_steps(K + 1, second),
            "reward 3 % higher": lambda t: theory.last_steps(K, second**0.97),
        },
        at=(generations // 2, generations),
        allowance=lambda t: 3 * values[t] + 9 * sum(one**t for one in others if one < 1) + 1e-9,
        tolerance=1e-6,
    )


@claim(
    "ferbach2024.thm2_1.no_atom",
    statement=r"P_0(r \ge r_* - \epsilon) > 0\ \forall \epsilon: \quad E_{p_t} e^r \to e^{r_*}",
    relation="==",
    regime="asymptotic",
    provenance="recalled",
    source="the part of the theorem that needs no atom; its number in the paper is not confirmed",
    domain=domain(cells=Integers(100, 20_000)),
)
def thm2_1_no_atom(cells=2000):
    """p_0 uniform on [0, 1] and r(x) = x, infinite choice, on a grid: e / (1 + 1/t) or so, which the allowance bounds."""
    import numpy as np

    x = (np.arange(cells) + 0.5) / cells

    def value(t):
        law = np.exp(t * (x - 1))
        return float(law @ np.exp(x) / law.sum())

    return Computed(
        value,
        lambda t: math.e,
        {"four percent less": lambda t: 0.96 * math.e, "stays at e - 1": lambda t: math.e - 1},
        at=(10, 100, 400),
        allowance=lambda t: math.e - theory.uniform_reward(t) + 0.2 / cells,
    )


@claim(
    "ferbach2024.kinf",
    statement=r"K = \infty,\ p_0 = N(m_0, v_0),\ r = -\tfrac{(x - b)^2}{2 s^2}: \quad E_{p_t} x = v_t \left(\tfrac{m_0}{v_0} + \tfrac{t b}{s^2}\right)",
    relation="==",
    provenance="note",
    source="p_t is proportional to p_0 exp(t r), from a summary of the paper; its Gaussian form is derived",
    domain=_GAUSSIAN,
)
def kinf(m0=0.0, v0=1.0, b=1.0, s2=4.0, generations=12):
    """The map iterated on a grid, one generation after the other."""
    return _gaussian(m0, v0, b, s2, generations, 1)


@claim(
    "ferbach2024.kinf.variance",
    statement=r"K = \infty,\ p_0 = N(m_0, v_0),\ r = -\tfrac{(x - b)^2}{2 s^2}: \quad \frac{1}{v_t} = \frac{1}{v_0} + \frac{t}{s^2}",
    relation="==",
    provenance="note",
    source="p_t is proportional to p_0 exp(t r), from a summary of the paper; its Gaussian form is derived",
    domain=_GAUSSIAN,
)
def kinf_variance(m0=0.0, v0=1.0, b=1.0, s2=4.0, generations=12):
    return _gaussian(m0, v0, b, s2, generations, 2)


def _gaussian(m0, v0, b, s2, generations, moment):
    import numpy as np

    narrow = theory.tilted_variance(generations, v0, s2) ** 0.5
    reach = 12 * v0**0.5
    x = np.arange(min(m0, b) - reach, max(m0, b) + reach, narrow / 8)
    start = np.exp(-((x - m0) ** 2) / (2 * v0))
    laws = retrained(start / start.sum(), tuple(-((x - b) ** 2) / (2 * s2)), math.inf, generations)
    means = laws @ x
    values = means if moment == 1 else laws @ x**2 - means**2

    def stated(t, s2=s2):
        variance = theory.tilted_variance(t, v0, s2)
        return theory.tilted_mean(t, m0, v0, b, s2) if moment == 1 else variance

    return Computed(
        lambda t: values[t],
        stated,
        {
            "one generation late": lambda t: stated(t - 1),
            "s^2 doubled": lambda t: stated(t, 2 * s2),
            "s^2 4 % larger": lambda t: stated(t, 1.04 * s2),
        },
        at=tuple(range(1, generations + 1)),
        scale=None if moment == 2 else max(abs(m0), abs(b), v0**0.5),
        tolerance=1e-6,
    )


@claim(
    "ferbach2024.best_of_K",
    statement=r"\text{best of } K: \quad P_t(r \le \rho) = P_0(r \le \rho)^{K^t}",
    relation="==",
    provenance="derived",
    source="greedy choice in place of Bradley and Terry's: the maximum of K maxima",
    domain=SETTING & domain("level < len(p)", level=Integers(0), K=Integers(1, 1000), s=Positive),
)
def best_of_K(p=P, reward=REWARD, K=2, level=2, generations=5):
    """Doubly exponential, where Bradley and Terry's choice is geometric; `level` is a symbol, and rho its reward."""
    import numpy as np

    from collapse_jax.laws.population import Selection, retrained

    laws = retrained(p, Selection(reward, K, "best"), generations)
    below = np.asarray(reward) <= reward[level]
    start = float(np.asarray(p)[below].sum())
    soft = retrained(p, selection(reward, K), generations)
    return Computed(
        lambda t: float(laws[t][below].sum()),
        lambda t: start ** (K**t),
        {
            "Bradley and Terry": along(soft[1:, below].sum(1)),
            "K t in place of K^t": lambda t: start ** (K * t),
            "one percent less to begin with": lambda t: (0.99 * start) ** (K**t),
        },
        at=tuple(range(1, generations + 1)),
        tolerance=1e-6,
        rung="identity",
    )
