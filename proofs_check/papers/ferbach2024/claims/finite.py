"""Finite samples: curation with drift, where the best symbol can be lost."""

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, Real, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import along
from proofs_check.papers.ferbach2024 import theory

_PAIR = domain(x=Interval("(0, 1)"), gap=Real, n=Integers(1, 3000), K=Integers(2, 10**6), generations=Integers(2))


def share(model, truth):
    """Share of the second symbol, which has the higher reward."""
    return model.p[..., 1]


def lost(model, truth):
    """Whether the symbol of the higher reward has died out."""
    return model.p[..., 1] == 0


def _law(x, gap, n, K, t):
    """Law of the count of the better symbol: the first fit is on real data, the later ones on curated data."""
    import numpy as np

    from collapse_jax.laws import population, selection

    keep = population.Selection((0.0, gap), K)
    return selection.distribution(x, n, t, lambda f: keep(np.stack([1 - f, f], -1))[..., 1])


def _mean(x, gap, n, K, t):
    return sum(k * mass for k, mass in enumerate(_law(x, gap, n, K, t))) / n


@claim(
    "ferbach2024.finite",
    statement=r"n p_{t+1} \mid p_t \sim \mathrm{Mult}(n,\ p_t H^K_{p_t}), \quad \text{by } E\, p_t(\text{best})",
    relation="==",
    provenance="derived",
    source="n curated observations per generation: Wright-Fisher drift with selection, an exact Markov chain",
    domain=_PAIR,
)
def finite(x=0.2, gap=0.8, n=20, K=2, generations=6):
    """Two symbols. The curated data are drawn from their closed law; `finite.picked` draws K and picks one of them."""
    return Check(
        cj.Categorical((1 - x, x)),
        cj.Curated(cj.Replace(n), (0.0, gap), K),
        metric=share,
        generations=generations,
        predicted=lambda t: _mean(x, gap, n, K, t),
        mutants={
            "infinite samples": along(_population(x, gap, K, generations)),
            "no curation": lambda t: x,
            "rewards 10 % further apart": lambda t: _mean(x, 1.1 * gap, n, K, t),
        },
        bounds=(0, 1),
    )


def _population(x, gap, K, generations):
    """Shares on infinite samples at t = 1, 2, ..; the first is real."""
    from collapse_jax.laws import population

    return population.retrained((1 - x, x), population.Selection((0.0, gap), K), generations - 1)[:, 1]


@claim(
    "ferbach2024.finite.picked",
    statement=r"n p_{t+1} \mid p_t \sim \mathrm{Mult}(n,\ p_t H^K_{p_t}), \quad \text{one of } K \text{ symbols picked } n \text{ times}",
    relation="==",
    provenance="derived",
    source="the protocol as it is described, observation by observation, beside the same exact chain",
    domain=_PAIR,
)
def finite_picked(x=0.2, gap=0.8, n=20, K=2, generations=3):
    def reward(symbol):
        return gap * symbol

    return Check(
        cj.Categorical((1 - x, x)),
        cj.Curated(cj.Replace(n), reward, K),
        metric=share,
        generations=generations,
        predicted=lambda t: _mean(x, gap, n, K, t),
        mutants={
            "best of K": lambda t: x if t == 1 else 1 - (1 - _mean(x, gap, n, K, t - 1)) ** K,
            "rewards 20 % further apart": lambda t: _mean(x, 1.2 * gap, n, K, t),
        },
        bounds=(0, 1),
    )


@claim(
    "ferbach2024.finite.gain",
    statement=r"K = 2: \quad E\, p_2 = x + \tanh\tfrac{\delta}{2}\; x (1 - x) \left(1 - \tfrac1n\right)",
    relation="==",
    provenance="derived",
    source="the curated share of a sample of n, by E[x (1 - x)] = (1 - 1/n) x (1 - x)",
    domain=_PAIR,
)
def finite_gain(x=0.2, gap=0.8, n=20):
    return Computed(
        lambda t: _mean(x, gap, n, 2, t),
        lambda t: theory.one_step_gain(x, gap, n),
        {
            "without 1/n": lambda t: theory.best_of_two(x, gap),
            "n / 2 for n": lambda t: theory.one_step_gain(x, gap, n / 2 if n > 1 else 2),
        },
        at=(2,),
        rung="identity",
    )


@claim(
    "ferbach2024.finite.loss",
    statement=r"P(\text{the best symbol has died out by } t) = 0",
    relation="==",
    provenance="derived",
    source="Theorem 2.1 read for finite samples: it is about infinite ones",
    expected="REFUTED",
    domain=_PAIR,
)
def finite_loss(x=0.2, gap=0.3, n=50, K=2, generations=200):
    """No statement of the paper. With n = 50, a share of .2 and rewards .3 apart the better symbol is lost with
    probability .0764, and wins with .9236; Kimura's diffusion says .949."""
    import numpy as np

    from collapse_jax.laws import population, selection

    keep = population.Selection((0.0, gap), K)
    counts = np.arange(n + 1) / n
    shares = keep(np.stack([1 - counts, counts], -1))[..., 1]
    return Computed(
        lambda t: float(selection.distribution(x, n, t, lambda f: np.interp(f, counts, shares))[0]),
        lambda t: 0.0,
        {"a half": lambda t: 0.5, "as without curation": lambda t: 1 - x},
        at=(20, generations),
        scale=1.0,
    )


@claim(
    "ferbach2024.finite.fixation",
    statement=r"P(p_\infty = \delta_{best}) = v_k, \quad v = Q v,\ v_0 = 0,\ v_n = 1, \quad k \sim \mathrm{Bin}(n, x)",
    relation="==",
    provenance="derived",
    source="first-step analysis of the chain, beside its law after many generations",
    domain=_PAIR & domain("generations >= 20 * n"),
)
def finite_fixation(x=0.2, gap=0.3, n=50, K=2, generations=4000):
    """By one linear solve. Kimura's diffusion is 2.7 percent higher here."""
    import numpy as np
    from scipy.stats import binom

    from collapse_jax.laws import population

    keep = population.Selection((0.0, gap), K)
    counts = np.arange(n + 1)
    shares = keep(np.stack([1 - counts / n, counts / n], -1))[..., 1]
    step = binom.pmf(counts, n, shares[:, None])
    inner = np.linalg.solve(np.eye(n - 1) - step[1:-1, 1:-1], step[1:-1, -1]) if n > 1 else np.zeros(0)
    win = float(binom.pmf(counts, n, x) @ np.concatenate([[0.0], inner, [1.0]]))
    strength = np.tanh(gap / 2)
    kimura = float((1 - np.exp(-2 * n * strength * x)) / (1 - np.exp(-2 * n * strength)))
    return Computed(
        lambda t: float(_law(x, gap, n, K, t)[-1]),
        lambda t: win,
        {"Kimura's diffusion": lambda t: kimura, "certain": lambda t: 1.0},
        at=(generations,),
        tolerance=1e-6,
        rung="identity",
    )
