r"""The pathway to $\pi^2/6$ and its neighbours (Dey and Donoho 2024, arXiv 2410.22812).

Relative risks: $\operatorname{Var} Z_t$ of $Z_t = \lim \sqrt n\, I^{1/2} (\hat\theta_t - \theta^*)$, in units of one fit, t = 1 being the
fit on real data. Batch j, drawn from model j - 1, brings $\epsilon_j + Z_{j-1}$ with independent $\epsilon_j \sim N(0, 1)$. Exact at finite n for
means of families with quadratic variance; the limit n to infinity at fixed t for all others. Forms at finite t are derived.
"""

from collections.abc import Sequence
from math import pi
from typing import Any

from collapse_jax.laws.domain import Choice, Integers, NonNegative, Positive, Real, domain
from collapse_jax.laws.identities import accumulate_steps, harmonic2, total

__all__ = [
    "LIMIT",
    "augment",
    "combined",
    "discard",
    "doubling",
    "efficiency",
    "general_workflow",
    "information",
    "limit_process",
    "median_moment",
    "real_and_latest",
    "relabel_all",
    "subsample",
    "subsample_limit",
    "subsampled_error",
    "unequal_batches",
]

LIMIT = pi**2 / 6
r"""$\pi^2/6$, what `augment` rises to."""


@domain(t=Integers(0))
def discard(t: Any) -> Any:
    r"""$\operatorname{Var} Z_t = t$: fits on the last batch alone."""
    return t


@domain(t=Integers(0))
def augment(t: Any) -> Any:
    r"""$\operatorname{Var} Z_t = \sum_{k \le t} k^{-2} \to \pi^2/6$: fits on all batches so far."""
    return harmonic2(t)


@domain(t=Integers(1))
def efficiency(t: Any) -> Any:
    r"""Asymptotic relative efficiency $1/\sum_{k \le t} k^{-2} \ge 6/\pi^2 = 0.6079$ of fit t under `augment`."""
    return 1 / augment(t)


@domain()
def combined(weights: Sequence[Sequence[Any]]) -> list[list[Any]]:
    r"""$M = (I - W S)^{-1} W$, $(S Z)_j = Z_{j-1}$: batch noises by fit, $Z_t = \sum_j M_{tj} \epsilon_j$.

    The system is triangular and is solved downwards: $M_t = W_t + \sum_{j \ge 2} W_{tj} M_{j-1}$.

    **Args**: `weights`: W, weight of batch j in fit t, rows of t entries or more, the others 0.

    **Returns**: the rows of M, t entries in row t.
    """
    rows: list[list[Any]] = []
    for t, row in enumerate(weights, 1):
        own = list(row[:t])
        for j in range(1, t):
            for k in range(j):
                own[k] = own[k] + row[j] * rows[j - 1][k]
        rows.append(own)
    return rows


@domain("t <= len(weights)", t=Integers(1))
def general_workflow(t: int, weights: Sequence[Sequence[Any]]) -> Any:
    r"""$\operatorname{Var} Z_t = \sum_j M_{tj}^2$, $M = (I - W S)^{-1} W$: any workflow by one linear solve."""
    return sum(one**2 for one in combined(weights[:t])[-1])


@domain(t=Integers(1))
def real_and_latest(t: Any) -> Any:
    r"""$\operatorname{Var} Z_t = 1 + \frac13 (1 - 4^{1-t}) \to \frac43$: the real batch is kept, the latest one beside it, 1:1."""
    return 1 + (1 - 1 / 4 ** (t - 1)) / 3


@domain("t <= len(n)", t=Integers(1), n=Integers(1))
def unequal_batches(t: Any, n: Any) -> Any:
    r"""$\operatorname{Var} \hat\theta_t = I^{-1} \sum_{g \le t} n_g / N_g^2$, $N_g = n_1 + \dots + n_g$: augment with batches of any sizes."""
    return total(t, accumulate_steps(n))


@domain(t=Integers(1))
def subsample(t: Any) -> Any:
    r"""$\operatorname{Var} Z_t = 2 - \frac1t + \sum_{k=2}^{t} \bigl(\frac{2}{k^2} - \frac{1}{k^2 (k - 1)}\bigr)$: pool everything, fit n of it at random.

    The pool mean moves by $(\eta_t + \epsilon)/(t + 1)$, where $\operatorname{Var} \eta_t = 1 - \frac1t$ is what the subsample adds.
    """
    steps = total(t - 1, lambda k: 2 / (k + 1) ** 2 - 1 / ((k + 1) ** 2 * k))
    return 2 - 1 / t + steps


@domain()
def subsample_limit() -> Any:
    r"""$\frac{\pi^2}{2} - 2 = 2.9348$, what `subsample` rises to."""
    return 3 * LIMIT - 2


@domain(t=Integers(1), n=Integers(1), v=NonNegative, v2=Real)
def subsampled_error(t: int, n: Any, v: Any, v2: Any) -> Any:
    r"""$E(\hat\tau_t - \tau_0)^2$ of fits on n of the t n pooled observations, exact; mean $\tau$, quadratic V, $v = V(\tau_0)$.

    Observations of fit j spread about $\tau_0$ by $v + (1 + v_2) V_j$, $V_j$ the error of fit j. With A the error of the pool mean
    and $N = t n$, the pool's variance is $S = \frac{N}{N - 1}[\frac1t \sum_{j < t} (v + (1 + v_2) V_j) - A]$, $V_t = A + \frac{S}{n}(1 - \frac1t)$ and
    $A' = A + [V_t - A + \frac1n (v + v_2 V_t)]/(t + 1)^2$.
    """
    pool, spread, fitted = v / n, v, v / n
    for k in range(2, t + 1):
        pool = pool + (fitted - pool + (v + v2 * fitted) / n) / k**2
        spread = spread + v + (1 + v2) * fitted
        rows = k * n
        fitted = pool + rows / (rows - 1) * (spread / k - pool) * (1 - 1 / k) / n  # pyright: ignore
    return fitted


@domain(t=Integers(1))
def doubling(t: Any) -> Any:
    r"""$\operatorname{Var} Z_t = \frac32 - 2^{-t}$: every generation the model labels the whole pool anew, and the pool doubles."""
    return 3 / 2 - 1 / 2**t


@domain(t=Integers(1))
def relabel_all(t: Any) -> Any:
    r"""$\operatorname{Var} Z_t = \frac32 - \frac{1}{2t}$: the real batch, and t - 1 batches that all carry labels of the newest model."""
    return 3 / 2 - 1 / (2 * t)


@domain(m=Integers(0), power=Choice(choices=(2, 4)))
def median_moment(m: int, power: int = 2) -> float:
    r"""Moment of the median of $n = 2m + 1$ standard normal observations, by quadrature; n times the second tends to $\frac\pi2$.

    $\int z^k\, \frac{(2m+1)!}{m!^2}\, \Phi(z)^m \Phi(-z)^m \varphi(z)\, dz$, `power` being k.
    """
    import numpy as np
    from scipy.special import gammaln, log_ndtr

    z = np.linspace(-12, 12, 4801)
    log_density = gammaln(2 * m + 2) - 2 * gammaln(m + 1) + m * (log_ndtr(z) + log_ndtr(-z)) - z**2 / 2
    return float(np.sum(z**power * np.exp(log_density)) * (z[1] - z[0]) / np.sqrt(2 * np.pi))


@domain(generations=Integers(1), workflow=Choice(choices=("discard", "augment", "subsample")), variance=Positive)
def limit_process(generations: int, workflow: str, variance: float = 1.0) -> Any:
    r"""$\operatorname{Var} Z_t$, t = 1, .., G, in units of fit 1: the authors' limit process, its covariances carried on exactly.

    Under the null law of all batches $\operatorname{Cov}(\hat\theta_t, \hat\theta_j) = s^2/\max(t, j)$, on the diagonal $s^2$ where only n are fitted; batch j
    drifts by $\hat\theta_{j-1}$ and moves fit t by $\operatorname{Cov}(\hat\theta_t, \bar x_j) = 1/t$ of that (Le Cam's third lemma), whatever the estimator.

    **Args**: `generations`: G; `workflow`: "discard", "augment" or "subsample"; `variance`: s^2, that of one fit, 1 for a mean and
    $\pi/2$ for a median.

    **Returns**: the ratios, (G,).
    """
    import numpy as np

    t = np.arange(1, generations + 1)
    if workflow == "discard":
        null, weight = variance * np.eye(generations), np.eye(generations)
    else:
        null = variance / np.maximum(t[:, None], t)
        weight = np.tril(np.ones((generations, generations))) / t[:, None]
    if workflow == "subsample":
        np.fill_diagonal(null, variance)
    drift = np.zeros((generations, generations))
    drift[:, :-1] = weight[:, 1:]
    carried = np.linalg.inv(np.eye(generations) - drift)
    return np.diag(carried @ null @ carried.T) / variance


@domain()
def information(beta: Any, points: Any, weights: Any) -> Any:
    r"""$I(\beta) = \sum_x w_x\, p_x (1 - p_x)\, x x'$, $p_x = 1/(1 + e^{-x'\beta})$: Fisher information of one label.

    **Args**: `beta`: (\*batch, d); `points`: (m, d); `weights`: (m,), their probabilities.

    **Returns**: the matrices, (\*batch, d, d).
    """
    import jax
    import jax.numpy as jnp

    chance = jax.nn.sigmoid(jnp.einsum("md,...d->...m", points, beta))
    return jnp.einsum("...m,mi,mj->...ij", weights * chance * (1 - chance), points, points)
