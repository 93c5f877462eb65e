"""Claims about curation with co-evolving preferences (Wei, Xie, Zhu and Zhang 2026)."""

import math

from collapse_jax.laws.domain import Integers, Interval, Probabilities, Probability, Real, domain
from proofs_check.claim import Computed, claim, require
from proofs_check.papers.wei2026 import theory

_REWARDS = domain(
    ("max(reward) <= 1", "min(reward) >= -1", "len(p) <= len(reward) <= len(p)"),
    p=Probabilities,
    reward=Real,
    tau=Interval("(0, 3]"),
    eta=Interval("(0, 1)"),
    K=Integers(2, 10**6),
    beta=Interval("(0, 1]"),
    generations=Integers(1, 10_000),
)
P, REWARD = (0.3, 0.25, 0.2, 0.15, 0.08, 0.02), (-1.0, -0.5, 0.0, 0.3, 0.6, 1.0)


def _curated(reward, tau, K=math.inf):
    from collapse_jax.laws.population import Selection

    return Selection(tuple(tau * r for r in reward), K)


def _distance(p, q):
    return 0.5 * float(abs(p - q).sum())


def _coupled(p, w, reference, features, tau, K, eta, beta, t):
    """Model and preference after t rounds; preferences start in the unit ball and stay there, so nothing is projected."""
    import numpy as np

    path = [(p, w)]
    for _ in range(t):
        p = (1 - eta) * reference + eta * _curated(features @ w, tau, K)(p)
        w = (1 - beta) * w + beta * (p @ features)
        path.append((np.asarray(p), w))
    return path


def _circle(s):
    """s directions, no two alike."""
    import numpy as np

    angle = 2 * np.pi * np.arange(s) / s
    return np.stack([np.cos(angle), np.sin(angle)], 1)


@claim(
    "wei2026.prop3_1",
    statement=r"r(x_i) - r(x_j) \ge \Delta: \quad 1 - \frac{H^K_p(x_j)}{H^K_p(x_i)} \ge \frac{(1 - e^{-\tau \Delta})(K - 1)}{e^{2\tau} + K - 1}",
    relation=">=",
    provenance="text",
    source="Proposition 3.1, odds contraction",
    domain=domain(gap=Interval("(0, 2]"), tau=Interval("(0, 3]"), rare=Interval("(0, 0.4]")),
)
def prop3_1(gap=0.05, tau=0.5, rare=1e-4):
    """Attained where both are of nearly the greatest reward, rare, and all else has the least."""
    import numpy as np

    p, reward = np.array([1 - 2 * rare, rare, rare]), (-1.0, 1.0 - gap, 1.0)

    def value(K):
        factor = _curated(reward, tau, K).advantage(p)
        return 1 - float(factor[1] / factor[2])

    return Computed(
        value,
        lambda K: 1 - theory.odds_contraction(gap, tau, K),
        {
            "three percent more": lambda K: 1.03 * (1 - theory.odds_contraction(gap, tau, K)),
            "the limit of large K": lambda K: 1 - math.exp(-tau * gap),
        },
        at=(2, 4, 16, 128),
        index="K",
        tolerance=1e-6,
    )


@claim(
    "wei2026.thm3_3",
    statement=r"\frac{1 - p_t(x_i)}{1 - p_0(x_i)} \le \left(\frac{\lambda_K(\gamma_i / 2)}{1 - \epsilon_i}\right)^t",
    relation="<=",
    provenance="text",
    source="Theorem 3.3, local convergence to a single instance; eta = 1, preferences that follow",
    domain=_REWARDS & domain(s=Integers(3, 12), epsilon=Interval("(0, 0.05]")),
)
def thm3_3(s=4, tau=0.1, K=2, beta=0.5, epsilon=0.01, generations=40):
    """Directions on a circle; the first of them has mass 1 - epsilon and a preference turned towards the next."""
    import numpy as np

    features = _circle(s)
    gap = 1 - float(features[1] @ features[0])
    most = min(1 - theory.odds_contraction(gap / 2, tau, K), gap / 8)
    require(epsilon < most, f"epsilon={epsilon} leaves the theorem; use epsilon < {most:.3g}")
    start = np.concatenate([[1 - epsilon], np.full(s - 1, epsilon / (s - 1))])
    w = features[0] + gap / 4 * 0.99 * (features[1] - features[0]) / np.linalg.norm(features[1] - features[0])
    path = _coupled(start, w, start, features, tau, K, 1.0, beta, generations)
    return Computed(
        lambda t: float(path[t][0][1:].sum()) / epsilon,
        lambda t: theory.lock_in(t, gap, tau, K, epsilon),
        {
            "gap 2 for gamma / 2": lambda t: theory.odds_contraction(2 * 2 * gap, tau, K) ** t,
            "exp(-2 tau gamma) per round": lambda t: math.exp(-2 * tau * gap * t),
        },
        at=(1, 10, generations),
        tolerance=1e-6,
    )


@claim(
    "wei2026.lem3_6",
    statement=r"d_{TV}(p H_p, q H_q) \le L_p\, d_{TV}(p, q), \quad L_p = 2 e^{2\tau}(2 + e^{2\tau})",
    relation="<=",
    provenance="text",
    source="Lemma 3.6, sensitivity to the model",
    domain=domain(tau=Interval("(0, 3]"), K=Integers(2, 10**6), cases=Integers(1)),
)
def lem3_6(tau=1.0, K=4, cases=60):
    """The greatest ratio in random pairs of neighbouring laws, one percent of it or so: L_p is 139 at tau = 1. The map
    does expand distances, by up to K e^{2 tau} / (e^{2 tau} + K - 1) near a rare best instance."""
    import numpy as np

    def ratio(i):
        rng = np.random.default_rng(i)
        s = int(rng.integers(2, 7))
        p, q = rng.dirichlet(np.full(s, 0.3), size=2)
        q = 0.9 * p + 0.1 * q
        keep = _curated(tuple(np.append(rng.uniform(-1, 1, s - 1), 1.0)), tau, K)
        return _distance(keep(p), keep(q)) / _distance(p, q)

    return Computed(
        lambda last: max(ratio(i) for i in range(last)),
        lambda last: theory.lipschitz_law(tau),
        {
            "it expands nothing": lambda last: 1.0,
            "a hundredth of it": lambda last: theory.lipschitz_law(tau) / 100,
        },
        at=(cases,),
        index="cases",
    )


@claim(
    "wei2026.lem3_7",
    statement=r"\eta L_p < 1: \quad d_{TV}(p_t, p_*) \le (\eta L_p)^t\, d_{TV}(p_0, p_*)",
    relation="<=",
    provenance="text",
    source="Lemma 3.7, one equilibrium for fixed preferences",
    domain=_REWARDS,
)
def lem3_7(p=P, reward=REWARD, tau=0.1, K=4, eta=0.1, generations=8):
    """From another start than the reference. The distance falls by about eta per round, not by eta L_p."""
    import numpy as np

    from collapse_jax.laws import population

    lam, start = eta / (1 - eta), np.full(len(p), 1 / len(p))
    path = population.retrained(p, _curated(reward, tau, K), 200, lam, start)
    apart = [_distance(law, path[-1]) for law in path]
    return Computed(
        lambda t: apart[t] / apart[0],
        lambda t: theory.contraction(t, tau, eta),
        {
            "eta^t": lambda t: eta**t,
            "(eta / 2)^t": lambda t: (eta / 2) ** t,
        },
        at=(1, 4, generations),
        tolerance=1e-6,
    )


@claim(
    "wei2026.prop3_8",
    statement=r"p_\infty(x) = (1 - \eta)\, p_{ref}(x)\, \frac{Z}{Z - \eta e^{\tau r(x)}}, \quad \sum_x \frac{(1 - \eta)\, p_{ref}(x)\, e^{\tau r(x)}}{Z - \eta e^{\tau r(x)}} = 1",
    relation="==",
    provenance="text",
    source="Proposition 3.8, equilibrium for unlimited choice and fixed preferences",
    domain=_REWARDS & domain("eta <= 0.95", eta=Interval("(0, 0.95]")),
)
def prop3_8(p=P, reward=REWARD, tau=1.0, eta=1 / 3, generations=2000):
    """By symbol: the root beside the map iterated. With eta = lam / (1 + lam) the fixed point of Ferbach et al."""
    from collapse_jax.laws import population

    iterated = population.retrained(p, _curated(reward, tau), generations, eta / (1 - eta))[-1]
    found = population.equilibrium(p, tuple(tau * r for r in reward), eta)
    other = population.equilibrium(p, tuple(tau * r for r in reward), 1.03 * eta)
    choice = population.retrained(p, _curated(reward, tau, 8), generations, eta / (1 - eta))[-1]
    return Computed(
        lambda i: float(iterated[i - 1]),
        lambda i: float(found[i - 1]),
        {"eta 3 % larger": lambda i: float(other[i - 1]), "K = 8": lambda i: float(choice[i - 1])},
        at=tuple(range(1, len(p) + 1)),
        index="symbol",
    )


@claim(
    "wei2026.thm3_9",
    statement=r"\eta (L_p + 2 L_w) < 1: \quad d_{TV}(p_t, q_t) + \|w_t - v_t\| \to 0",
    relation="==",
    regime="asymptotic",
    provenance="text",
    source="Theorem 3.9: one equilibrium of model and preferences, reached from everywhere",
    domain=domain(
        s=Integers(3, 12), tau=Interval("(0, 1]"), eta=Probability, beta=Interval("[0.05, 1]"), K=Integers(2)
    ),
)
def thm3_9(s=4, tau=0.1, K=4, eta=0.1, beta=0.5, generations=200):
    """Two starts at opposite ends, directions on a circle. At tau = .1 the condition is eta < .118."""
    import numpy as np

    constant = theory.lipschitz_law(tau) + 2 * theory.lipschitz_preference(tau)
    require(eta * constant < 1, f"eta={eta} and tau={tau} leave the theorem; use eta < {1 / constant:.3g}")
    features, reference = _circle(s), np.full(s, 1 / s)
    ends = [0, s // 2]
    paths = [_coupled(np.eye(s)[k], features[k], reference, features, tau, K, eta, beta, generations) for k in ends]

    def apart(t):
        (p, w), (q, v) = paths[0][t], paths[1][t]
        return _distance(p, q) + float(np.linalg.norm(w - v))

    return Computed(
        apart,
        lambda t: 0.0,
        {"apart by .2": lambda t: 0.2, "as at the start": lambda t: apart(0)},
        at=(generations // 2, generations),
        scale=1.0,
    )
