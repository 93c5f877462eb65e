"""Lemmas 2.1 and 2.2: the law of what is curated, and the gain of one generation."""

import math
from functools import lru_cache
from itertools import product

from collapse_jax.laws.domain import Integers, Interval, Positive, Probability, domain
from proofs_check.claim import Computed, claim
from proofs_check.curves import along
from proofs_check.papers.ferbach2024 import theory
from proofs_check.papers.ferbach2024.claims._setups import ALIKE, REWARD, SETTING, P, case, moments, selection, weights


@claim(
    "ferbach2024.lem2_1",
    statement=r"p_{t+1}(x) \to p_t(x)\, \frac{e^{r(x)}}{E_{p_t} e^r} \quad (K \to \infty)",
    relation="==",
    regime="asymptotic",
    provenance="note",
    source="Lemma 2.1, K to infinity, as a review gives it",
    domain=SETTING & domain("symbol < len(p)", symbol=Integers(0), K=Integers(2, 10**6)),
)
def lem2_1(p=P, reward=REWARD, symbol=3):
    """The exact law at K = 10, .., 10,000, with the distance of order 1/K that `lem2_1.rate` bounds allowed for."""
    import numpy as np

    q, w = np.asarray(p), weights(reward)
    mean, variance, _ = moments(p, reward)
    given = (q[symbol], w[symbol], mean, variance, w.min())
    return Computed(
        lambda K: selection(reward, K)(q)[symbol],
        lambda K: q[symbol] * w[symbol] / mean,
        {
            "exp(1.1 r)": lambda K: (q * w**1.1)[symbol] / (q @ w**1.1),
            "best of K": lambda K: 1.0,
        },
        at=(10, 100, 1000, 10_000),
        index="K",
        allowance=lambda K: theory.infinite_choice_distance(K, *given),
    )


@claim(
    "ferbach2024.lem2_1.rate",
    statement=r"\left|p H^K - p H^\infty\right| \le \frac{p w}{K \mu}\left[\frac{|w - \mu|}{\mu} + \frac{\sigma^2 + (w - \mu)^2}{\mu w_{min}}\right], \quad w = e^r",
    relation="<=",
    provenance="derived",
    source="from T = w + sum of K - 1 weights >= K w_min, and the first two moments of T",
    domain=SETTING & domain("symbol < len(p)", symbol=Integers(0)),
)
def lem2_1_rate(p=P, reward=REWARD, symbol=0):
    """Of order 1/K: the bound is two to twelve times the distance for the rewards shown, twice for symbol 0 at K = 2."""
    import numpy as np

    q, w = np.asarray(p), weights(reward)
    mean, variance, _ = moments(p, reward)

    def bound(K, least=1.0):
        given = (q[symbol], w[symbol], mean, variance, w.min() * least)
        return theory.infinite_choice_distance(K, *given)

    return Computed(
        lambda K: abs(selection(reward, K)(q)[symbol] - q[symbol] * w[symbol] / mean),
        bound,
        {"of order 1 / K^2": lambda K: bound(K) * 10 / K, "a fifth of it": lambda K: bound(K) / 5},
        at=(2, 10, 100, 1000),
        index="K",
        tolerance=1e-6,
    )


@claim(
    "ferbach2024.lem2_1.finite_K",
    statement=r"p_{t+1}(x) = p_t(x)\, E_{x_1 .. x_{K-1} \sim p_t}\!\left[\frac{K e^{r(x)}}{e^{r(x)} + \sum_{j < K} e^{r(x_j)}}\right]",
    relation="==",
    provenance="recalled",
    source="Lemma 2.1 at finite K; computed as a race of exponential clocks, one integral for any K",
    domain=SETTING & domain("len(p) ** K <= 100000", K=Integers(2, 10)),
)
def lem2_1_finite(p=P, reward=REWARD, K=4):
    """The integral $p_i K w_i \\int e^{-w_i u} \\varphi(u)^{K - 1} du$ beside the enumeration of all choices, by symbol."""
    import numpy as np

    q, w = np.asarray(p, float), weights(reward)

    @lru_cache(maxsize=4)
    def enumerated(K):
        found = np.zeros(len(q))
        for drawn in product(range(len(q)), repeat=K):
            chosen = list(drawn)
            np.add.at(found, chosen, np.prod(q[chosen]) * w[chosen] / w[chosen].sum())
        return found

    return Computed(
        along(selection(reward, K)(q)),
        lambda i: enumerated(K)[i - 1],
        {"K - 1 for K": lambda i: enumerated(K - 1)[i - 1], "K infinite": lambda i: (q * w / (q @ w))[i - 1]},
        at=tuple(range(1, len(q) + 1)),
        index="symbol",
        rung="identity",
    )


@claim(
    "ferbach2024.lem2_1.pair",
    statement=r"K = 2,\ s = 2: \quad x' = x + x (1 - x) \tanh\tfrac{r_1 - r_0}{2}",
    relation="==",
    provenance="derived",
    source="Lemma 2.1 on two symbols: the logistic replicator equation in discrete time",
    domain=domain(x=Probability, gap=Interval("[-20, 20]")),
)
def lem2_1_pair(x=0.2, gap=0.3):
    import numpy as np

    def kept(t):
        law = np.array([1 - x, x])
        for _ in range(t):
            law = selection((0.0, gap), 2)(law)
        return law[1]

    def iterated(t, gap=gap):
        share = x
        for _ in range(t):
            share = theory.best_of_two(share, gap)
        return share

    return Computed(
        kept,
        iterated,
        {"gain doubled": lambda t: iterated(t, 2 * gap), "reward 3 % higher": lambda t: iterated(t, 1.03 * gap)},
        at=(1, 5, 20),
        rung="identity",
    )


@claim(
    "ferbach2024.lem2_2",
    statement=r"E_{p_{t+1}} e^r - E_{p_t} e^r \ge \frac{K - 1}{K}\, \frac{\operatorname{Var}_{p_t}(e^r)}{e^{r_*}}",
    relation=">=",
    provenance="note",
    source="Lemma 2.2, as a review gives it",
    domain=domain("gap <= 1", gap=Positive, x=Interval("(0, 1)")),
)
def lem2_2(x=0.5, gap=ALIKE[1]):
    """Attained where rewards differ little: one percent above at a difference of .02, for every K."""
    import numpy as np

    p, reward = np.array([1 - x, x]), (0.0, gap)
    mean, variance, largest = moments(p, reward)
    return Computed(
        lambda K: float(selection(reward, K)(p) @ weights(reward)) - mean,
        lambda K: theory.lemma_gain(K, variance, largest),
        {
            "four percent more": lambda K: 1.04 * theory.lemma_gain(K, variance, largest),
            "without (K - 1) / K": lambda K: theory.lemma_gain(10**6, variance, largest),
        },
        at=(2, 4, 16, 128),
        index="K",
    )


@claim(
    "ferbach2024.lem2_2.random",
    statement=r"E_{p'} e^r - E_p e^r \ge \frac{K - 1}{K}\, \frac{\operatorname{Var}_p(e^r)}{e^{r_*}} \quad \text{for random } p, r, K",
    relation=">=",
    provenance="note",
    source="Lemma 2.2, on 2 to 6 symbols and 2 <= K <= 128",
    domain=domain(seed=Integers(0), cases=Integers(1)),
)
def lem2_2_random(seed=0, cases=40):
    """The gain over the bound, which has to be at least 1 in every case."""
    return Computed(
        lambda i: _gain(seed * 10_000 + i),
        lambda i: 1.0,
        {"1.04 times the bound": lambda i: 1.04, "twice the bound": lambda i: 2.0},
        at=tuple(range(1, cases + 1)),
        index="case",
        tolerance=1e-6,
    )


def _gain(index):
    """Gain of one generation in units of the bound of Lemma 2.2, in a random case."""
    p, reward, K = case(index)
    mean, variance, largest = moments(p, reward)
    gain = float(selection(reward, K)(p) @ weights(reward)) - mean
    return gain / theory.lemma_gain(K, variance, largest) if math.isfinite(gain) else gain


@claim(
    "ferbach2024.variance_rises",
    statement=r"\operatorname{Var}_{p_t}(e^r) \le \operatorname{Var}_{p_0}(e^r)",
    relation="<=",
    provenance="derived",
    source="what one might read into Var -> 0 (Theorem 2.1): that it falls; it does not, at first",
    expected="REFUTED",
    domain=SETTING,
)
def variance_rises(p=(0.7, 0.2, 0.07, 0.03), reward=REWARD, K=4):
    """No statement of the paper. Where good symbols are rare the variance rises sixfold before it falls."""
    import numpy as np

    laws, w = [np.asarray(p)], weights(reward)
    for _ in range(12):
        laws.append(selection(reward, K)(laws[-1]))
    values = [float(law @ w**2 - (law @ w) ** 2) for law in laws]
    return Computed(
        lambda t: values[t],
        lambda t: values[0],
        {"half as much": lambda t: values[0] / 2, "four percent less": lambda t: 0.96 * values[0]},
        at=(1, 2, 3, 6, 12),
    )
