r"""Total collapse of empirical distributions (Seddik et al. 2024, arXiv 2404.05090); complete text available to us.

One context: p on s symbols, n synthetic samples per generation, N real ones where a corpus is reused,
$S_0 = \sum_i p_i^2$, $\tilde s = |\mathrm{supp}\, p|$, $S_t = E\|p^{(t)}\|_2^2$; t = 1 is the fit on real data.
"""

import math
from collections.abc import Sequence
from typing import Any

from collapse_jax.laws.domain import Integers, Interval, Positive, Probabilities, Probability, domain
from collapse_jax.laws.identities import accumulate_steps, product, product_limit, replace_steps
from collapse_jax.laws.special import exp, log, sqrt

__all__ = [
    "accumulate",
    "collapse_time_bounds",
    "collapse_time_diffusion",
    "collapse_time_tail",
    "contexts",
    "corollary_size",
    "corpus_deviation",
    "corpus_l1_bound",
    "deviation_polynomial",
    "partially_synthetic",
    "partially_synthetic_limit",
    "partially_synthetic_printed",
    "phi",
    "random_pool",
    "random_pool_limit",
    "rho_bounds",
    "sum_of_squares",
    "theorem3",
    "theorem4",
    "window_decay",
    "window_sizes",
]


_CORPUS = domain(t=Integers(1), n=Integers(1), N=Integers(1), S0=Probability)
_SPREAD = "S0 * support >= 1 - 1e-9"


@domain("t <= len(n)", t=Integers(0), n=Integers(1), S0=Probability)
def sum_of_squares(t: Any, n: Any, S0: Any) -> Any:
    r"""Theorem 1, fully synthetic: $S_t = 1 - (1 - \frac1n)^t (1 - S_0)$; for a schedule $1 - (1 - S_0) \prod_{k \le t} (1 - \frac{1}{n_k})$."""
    return 1 - product(t, replace_steps(n), -1) * (1 - S0)


@domain(_SPREAD, t=Integers(0), n=Integers(1), S0=Probability, support=Integers(2))
def rho_bounds(t: Any, n: Any, S0: Any, support: Any) -> tuple[Any, Any]:
    r"""Theorem 1: $1 - n (1 - S_0)(1 - \frac1n)^t \le P(p^{(t)} \text{ is Dirac}) \le 1 - \frac{1 - S_0}{1 - 1/\tilde s}(1 - \frac1n)^t$."""
    remaining = product(t, replace_steps(n), -1) * (1 - S0)
    return 1 - n * remaining, 1 - remaining / (1 - 1 / support)


@domain(_SPREAD, n=Integers(1), S0=Probability, support=Integers(2))
def collapse_time_bounds(n: Any, S0: Any, support: Any) -> tuple[Any, Any]:
    r"""Theorem 1: $1 + \frac{1 - S_0}{1 - 1/\tilde s}(n - 1) \le E[T] \le 1 + (1 - S_0)\, n (n - 1)$."""
    return 1 + (1 - S0) / (1 - 1 / support) * (n - 1), 1 + (1 - S0) * n * (n - 1)


@domain(t=Integers(0), n=Integers(1), S0=Probability)
def collapse_time_tail(t: Any, n: Any, S0: Any) -> Any:
    r"""$E[T] - E[\min(T, t + 1)] \le n^2 (1 - S_0)(1 - \frac1n)^{t + 1}$, from the lower bound on rho (derived)."""
    return n**2 * (1 - S0) * product(t + 1, replace_steps(n), -1)


@domain(n=Integers(1), p=Probabilities)
def collapse_time_diffusion(n: Any, p: Sequence[Any]) -> Any:
    r"""$E[T] \approx -2 n \sum_i (1 - p_i) \log(1 - p_i) - \frac13 \log n - 0.72$ (derived from Ewens' diffusion)."""
    slope = -2 * sum((1 - q) * log(1 - q) for q in p if q < 1)
    return slope * n - log(n) / 3 - 0.72


@domain(t=Integers(2), n=Integers(1), N=Integers(1), S0=Probability)
def partially_synthetic_printed(t: Any, n: Any, N: Any, S0: Any) -> Any:
    r"""Theorem 2 as printed (eq. 9), at t = m + 1, m >= 1; its last sign is wrong, see `partially_synthetic`.

    $\frac{\frac1N [1 + 2\alpha - (1 - \frac1N)\alpha\beta^m] + (1 - \frac1N) S_0 [1 + \alpha - \frac{\alpha}{N}\beta^m]}{1 + (1 + \frac1N)\alpha}$,
    $\alpha = \frac{n}{N + n}$, $\beta = \alpha[(1 + \frac1N)\alpha - \frac1N]$.
    """
    a = n / (N + n)
    decay = (a * ((1 + 1 / N) * a - 1 / N)) ** (t - 1)
    constant = (1 + 2 * a - (1 - 1 / N) * a * decay) / N
    return (constant + (1 - 1 / N) * S0 * (1 + a - a / N * decay)) / (1 + (1 + 1 / N) * a)


@_CORPUS
def corpus_deviation(t: Any, n: Any, N: Any, S0: Any) -> Any:
    r"""$E\|p^{(t)} - p^{(1)}\|_2^2 = (1 - S_0)(1 - \frac1N) \frac{n (1 - \beta^{t - 1})}{N^2 + 2 N n + n}$, $\beta = \alpha^2 (1 - \frac1n)$ (derived)."""
    a = n / (N + n)
    return (1 - S0) * (1 - 1 / N) * n * (1 - (a**2 * (1 - 1 / n)) ** (t - 1)) / (N**2 + 2 * N * n + n)


@_CORPUS
def partially_synthetic(t: Any, n: Any, N: Any, S0: Any) -> Any:
    r"""Corrected Theorem 2, a corpus of N reused with n synthetic samples: the plus sign in $[1 + \alpha + \frac{\alpha}{N}\beta^m]$ (derived).

    It reads $S_t = 1 - (1 - S_0)(1 - \frac1N)\bigl[1 - \frac{n (1 - \beta^{t - 1})}{N^2 + 2 N n + n}\bigr]$ for t >= 1.
    """
    return S0 + (1 - S0) / N + corpus_deviation(t, n, N, S0)


@domain(n=Integers(1), N=Integers(1), S0=Probability)
def partially_synthetic_limit(n: Any, N: Any, S0: Any) -> Any:
    r"""$S_\infty$ of Theorem 2; the printed limit is right, only the transient is not."""
    a = n / (N + n)
    return ((1 + 2 * a) / N + (1 - 1 / N) * S0 * (1 + a)) / (1 + (1 + 1 / N) * a)


@domain(n=Integers(1), N=Integers(1), p=Probabilities)
def corpus_l1_bound(n: Any, N: Any, p: Sequence[Any]) -> Any:
    r"""$E\|p^{(t)} - p^{(1)}\|_1 \le \sqrt{\frac{n (1 - 1/N)}{N^2 + 2 N n + n}} \sum_i \sqrt{p_i (1 - p_i)}$ (derived: Cauchy-Schwarz per symbol).

    Below $\sqrt{(\tilde s - 1) / (2 N)}$ whatever n is.
    """
    return sqrt(n * (1 - 1 / N) / (N**2 + 2 * N * n + n)) * sum(sqrt(q * (1 - q)) for q in p)


@domain(x=Interval("(0, 0.5]"))
def phi(x: Any) -> Any:
    r"""$\varphi(x) = \frac{1}{1 - 2 x} \log\frac{1 - x}{x}$ on (0, 1/2), $\varphi(1/2) = 2$."""
    return 2 if x == 0.5 else log((1 - x) / x) / (1 - 2 * x)


@domain(n=Integers(1), s=Integers(2))
def deviation_polynomial(n: Any, s: int) -> Any:
    r"""$G_n(s)$ of Lemma 1 (Mardia et al. 2020), $C_0 = e^3 / 2\pi$, $C_1 = 6 e / \pi^{3/2}$.

    $C_1 s\, e^{C_0 n / 2e}$ if $C_0 n / e + 2 \le s$; $C_1 s (C_0 n / s)^{s/2}$ if $C_0 n / 4 + 2 \le s$; $2^s - 2$ otherwise.
    """
    C0, C1 = math.e**3 / (2 * math.pi), 6 * math.e / math.pi**1.5
    if C0 * n / math.e + 2 <= s:
        return C1 * s * exp(C0 * n / (2 * math.e))
    if C0 * n / 4 + 2 <= s:
        return C1 * s * (C0 * n / s) ** (s / 2)
    return 2.0**s - 2


@domain(n=Integers(1), N=Integers(1), s=Integers(2))
def theorem3(n: Any, N: Any, s: int) -> Any:
    r"""Theorem 3: $E\|p^{(t)} - p^{(1)}\|_1 < \frac1N \sqrt{\frac{\pi n}{2}}\, G_n(s)$, t >= 2."""
    return sqrt(math.pi * n / 2) * deviation_polynomial(n, s) / N


@domain(n=Integers(1), N=Integers(1), s=Integers(2), largest=Interval("(0, 0.25]"))
def theorem4(n: Any, N: Any, s: int, largest: Any) -> Any:
    r"""Theorem 4: $\frac1N \sqrt{\frac{n \pi}{\varphi(\zeta)}}\, G_n(s)$, $\zeta = \frac12 - (\frac12 - 2 M) (\frac{N}{N + n})^2$.

    `largest` is $M = E \max_A p^{(1)}(A)\, p^{(1)}(A^c) \le 1/4$.
    """
    zeta = 0.5 - (0.5 - 2 * largest) * (N / (N + n)) ** 2
    return sqrt(n * math.pi / phi(zeta)) * deviation_polynomial(n, s) / N


@domain(N=Integers(1), s=Integers(2), epsilon=Positive)
def corollary_size(N: Any, s: int, epsilon: Any) -> Any:
    r"""Eq. (11): $n \le \frac{2\pi}{e^2} \min\{s - 2, \log\frac{\sqrt2\,\pi N \epsilon}{6 e s}\}$ ensures $E\|p^{(t)} - p^{(1)}\|_1 < \epsilon$."""
    return 2 * math.pi / math.e**2 * min(s - 2, log(2**0.5 * math.pi * N * epsilon / (6 * math.e * s)))


@domain("t <= len(n)", t=Integers(0), n=Integers(1), S0=Probability)
def accumulate(t: Any, n: Any, S0: Any) -> Any:
    r"""Training on all data so far: $S_t = 1 - (1 - S_0) \prod_{k \le t} (1 - \frac{1}{n k^2})$ (derived); for batches $n_k / N_k^2$."""
    return 1 - (1 - S0) * product(t, accumulate_steps(n), -1)


@domain(t=Integers(1), n=Integers(1), S0=Probability)
def random_pool(t: Any, n: Any, S0: Any) -> Any:
    r"""Randomly sampled data: $S_t = 1 - (1 - \frac1n)(1 - S_0) \prod_{k=2}^{t} (1 - \frac{1}{n k^2})$ (derived); the product of `accumulate`."""
    return accumulate(t, n, S0)


@domain(n=Integers(1), S0=Probability)
def random_pool_limit(n: Any, S0: Any) -> Any:
    r"""$1 - (1 - S_0) \frac{\sin(\pi/\sqrt n)}{\pi/\sqrt n}$, what `random_pool` and `accumulate` tend to (derived)."""
    return 1 - (1 - S0) * product_limit(n)


@domain(t=Integers(0), S0=Probability, factor=Probability)
def contexts(t: Any, S0: Any, factor: Any) -> Any:
    r"""One context among several, visited at random and kept when unvisited: $1 - (1 - S_0) f^t$ (derived).

    $f = 1 - E[\frac{1}{n_j}; n_j > 0]$ over the random number $n_j$ of observations that fall on it.
    """
    return 1 - (1 - S0) * factor**t


@domain("k <= n", n=Integers(1), k=Integers(1), generations=Integers(1))
def window_sizes(n: int, k: int, generations: int) -> list[list[int]]:
    r"""$n_t^{(m)} = \lfloor n / k \rfloor\,[m - k \le t \le m - 1]$: what fit m = 1, 2, .. sees of model t = 0 .. m - 1."""
    return [[n // k if m - k <= t else 0 for t in range(m)] for m in range(1, generations + 1)]


@domain("k <= n", n=Integers(1), k=Integers(1))
def window_decay(n: Any, k: int) -> Any:
    r"""Rate at which $1 - S_t$ decays per generation in a redrawn window of k models: $4 / (n_e (k + 1)^2)$, $n_e = k \lfloor n / k \rfloor$ (asymptotic, derived)."""
    return 4 / (k * (n // k) * (k + 1) ** 2)
