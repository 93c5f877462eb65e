r"""Real and synthetic data together: the limits in which a fixed point has to be found first.

n real $x = y \mu + z$ and m synthetic $x = y \mu_b + C^{1/2} z$, N = n + m, $\pi = n/N$. With $c_k$ the eigenvalues of C,

$$\delta = \frac1N \sum_k \frac1{D_k}, \quad \delta_s = \frac1N \sum_k \frac{c_k}{D_k}, \quad
  D_k = \gamma + \frac{\pi}{1 + \delta} + \frac{\alpha (1 - \pi)\,c_k}{1 + \delta_s} \quad (corrected),$$

because $E[q\,x x' / (1 + q\,x'Qx/N)] = \alpha\,C / (1 + \operatorname{tr}(CQ)/N)$ for a bit q; the authors' code has
$\delta_s = \frac{\alpha}{N} \sum_k c_k / D_k$.
"""

from typing import Any, NamedTuple

import numpy as np

from proofs_check.papers.elfirdoussi2024 import theory

__all__ = ["Limit", "Mix", "deltas", "mixed", "toy"]


class Mix(NamedTuple):
    """n real and m synthetic observations, and how the latter are labelled and kept."""

    n: int
    m: int
    eps: float
    phi: float
    rho: float
    gamma: float


class Limit(NamedTuple):
    """Mean and second moment of the score of a new observation."""

    score: float
    square: float

    @property
    def accuracy(self) -> float:
        return float(theory.accuracy(self.score, self.square))


def _moments(traces: Any, k_real: float, k_synthetic: float) -> tuple[float, float]:
    """c_r and c_s from (1/N) times the traces of Q Q, Q C Q and C Q C Q."""
    rr, rs, ss = traces
    matrix = [[1 - rr * k_real, -k_synthetic * rs], [-rs * k_real, 1 - k_synthetic * ss]]
    real, synthetic = np.linalg.solve(matrix, [rr, rs])
    return k_real * real, k_synthetic * synthetic


def deltas(mix: Mix, c: np.ndarray, *, as_coded: bool = False) -> tuple[float, float]:
    """delta and delta_s for the eigenvalues c of C."""
    N = mix.n + mix.m
    pi, alpha = mix.n / N, theory.kept_share(mix.eps, mix.phi, mix.rho)
    delta = delta_s = 0.0
    for _ in range(100_000):
        D = mix.gamma + pi / (1 + delta) + alpha * (1 - pi) * c / (1 + delta_s)
        before = delta, delta_s
        delta, delta_s = (1 / D).sum() / N, (alpha if as_coded else 1) * (c / D).sum() / N
        if abs(delta - before[0]) + abs(delta_s - before[1]) <= 1e-14 * (delta + delta_s):
            break
    return delta, delta_s


def mixed(mix: Mix, mu: Any, mu_b: Any, c: Any, *, as_coded: bool = False) -> Limit:
    """Score and squared score for C = diag(c), means mu of the real and mu_b of the synthetic data."""
    mu, mu_b, c = (np.asarray(one, float) for one in (mu, mu_b, c))
    N = mix.n + mix.m
    pi, alpha = mix.n / N, theory.kept_share(mix.eps, mix.phi, mix.rho)
    excess = theory.excess_kept(mix.eps, mix.phi, mix.rho)
    delta, delta_s = deltas(mix, c, as_coded=as_coded)
    real, synthetic = pi / (1 + delta), (1 - pi) / (1 + delta_s)
    D = mix.gamma + real + alpha * synthetic * c
    resolvent = np.diag(D) + real * np.outer(mu, mu) + alpha * synthetic * np.outer(mu_b, mu_b)
    w = np.linalg.solve(resolvent, real * mu + excess * synthetic * mu_b)
    traces = [(c**power / D**2).sum() / N for power in (0, 1, 2)]
    c_r, c_s = _moments(traces, real / (1 + delta), alpha * synthetic / (1 + delta_s))
    score = float(mu @ w)
    square = (1 + c_r) * (score**2 + w @ w) + c_s * ((mu_b @ w) ** 2 + w @ (c * w))
    square += c_r * (1 - 2 * score) + c_s * (1 - 2 * excess / alpha * float(mu_b @ w))
    return Limit(score, float(square))


def toy(mix: Mix, p: int, n_hat: int, mu: float, *, as_coded: bool = False) -> Limit:
    r"""The same for $\mu_b = \mu$ and $C = \hat n^{-1} \sum_i z_i z_i'$ of $\hat n$ observations (corrected).

    The code has $\alpha$ in $\delta_s$ here, too, and the trace of Q C Q in place of that of C Q C Q.
    """
    N = mix.n + mix.m
    pi, alpha = mix.n / N, theory.kept_share(mix.eps, mix.phi, mix.rho)
    excess = theory.excess_kept(mix.eps, mix.phi, mix.rho)
    delta, bar, delta_s, b = 0.0, 0.0, 0.0, 1.0
    for _ in range(100_000):
        s, a0 = alpha * (1 - pi) / (1 + delta_s), mix.gamma + pi / (1 + delta)
        before, b = b, a0 + s / (1 + bar)
        delta, bar = p / N / b, s * p / (n_hat * b)
        delta_s = (alpha if as_coded else 1) * delta / (1 + bar)
        if abs(b - before) <= 1e-15 * b:
            break
    s, a0 = alpha * (1 - pi) / (1 + delta_s), mix.gamma + pi / (1 + delta)
    h = 1 - (s / (1 + bar)) ** 2 * p / (n_hat * b**2)
    rr = 1 / (b**2 * h)
    rs = rr / (1 + bar) ** 2
    ss = rs if as_coded else (1 - 2 * a0 / b + a0**2 * rr) / s**2
    c_r, c_s = _moments([p / N * one for one in (rr, rs, ss)], pi / (1 + delta) ** 2, s / (1 + delta_s))
    size = b + (pi / (1 + delta) + s) * mu**2
    signal = pi / (1 + delta) + excess * (1 - pi) / (1 + delta_s)
    score = signal * mu**2 / size
    inner = (1 + c_r) * (mu**4 / b**2 + mu**2 * rr) + c_s * (mu**4 / b**2 + mu**2 * rs)
    square = (signal * b / size) ** 2 * inner + c_r * (1 - 2 * score) + c_s * (1 - 2 * excess / alpha * score)
    return Limit(float(score), float(square))
