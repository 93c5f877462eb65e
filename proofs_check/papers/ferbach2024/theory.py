r"""Curation on infinite samples (Ferbach et al. 2024, arXiv 2407.09499).

Of K draws from $p_t$ one is kept, with probability $e^{r(x_k)} / \sum_j e^{r(x_j)}$; $w = e^r$, its maximum
$e^{r_*}$. With real data, $p_{t+1} = (p_{ref} + \lambda\, p_t H^K_{p_t}) / (1 + \lambda)$. The laws themselves are in
`collapse_jax.laws.population`.
"""

from typing import Any

from collapse_jax.laws.domain import Integers, NonNegative, Positive, Probability, Real, domain
from collapse_jax.laws.special import exp, log

__all__ = [
    "best_of_two",
    "infinite_choice_distance",
    "last_steps",
    "lemma_gain",
    "mixed_divergence",
    "mixed_gain",
    "mixed_gain_linear",
    "mixed_ratio",
    "one_step_gain",
    "stability_rate",
    "tilted_mean",
    "tilted_variance",
    "uniform_reward",
]

_MIXED = domain("lam * (K - 1) < 1", lam=Positive, K=Integers(2))


@domain(x=Probability, gap=Real)
def best_of_two(x: Any, gap: Any) -> Any:
    r"""Two symbols, K = 2: $x' = x + x (1 - x) \tanh(\delta / 2)$ for the share x of the one whose reward is $\delta$ higher (derived)."""
    return x + x * (1 - x) * (1 - 2 / (exp(gap) + 1))


@domain(x=Probability, gap=Real, n=Integers(1))
def one_step_gain(x: Any, gap: Any, n: Any) -> Any:
    r"""$E p_2 = x + \tanh(\delta / 2)\, x (1 - x) (1 - \frac1n)$: curated once after a fit on n real observations, K = 2 (derived)."""
    return x + (best_of_two(x, gap) - x) * (1 - 1 / n)


@domain(K=Integers(1), p=Probability, w=Positive, mean=Positive, variance=NonNegative, least=Positive)
def infinite_choice_distance(K: Any, p: Any, w: Any, mean: Any, variance: Any, least: Any) -> Any:
    r"""$|p H^K - p H^\infty| \le \frac{p w}{K \mu} \left[\frac{|w - \mu|}{\mu} + \frac{\sigma^2 + (w - \mu)^2}{\mu w_{min}}\right]$ (derived).

    $\mu$ and $\sigma^2$ are mean and variance of $w = e^r$ under p, $w_{min}$ its least value.
    """
    return p * w / (K * mean) * (abs(w - mean) / mean + (variance + (w - mean) ** 2) / (mean * least))


@domain(K=Integers(1), variance=NonNegative, largest=Positive)
def lemma_gain(K: Any, variance: Any, largest: Any) -> Any:
    r"""Lemma 2.2: $E_{p_{t+1}} e^r - E_{p_t} e^r \ge \frac{K - 1}{K} \frac{\mathrm{Var}_{p_t}(e^r)}{e^{r_*}}$."""
    return (K - 1) / K * variance / largest


@domain(lam=NonNegative, K=Integers(1), variance=NonNegative, largest=Positive)
def mixed_gain(lam: Any, K: Any, variance: Any, largest: Any) -> Any:
    r"""Theorem 2.3: $E_{p_t} e^r - E_{ref} e^r \ge \frac{\lambda}{(1 + \lambda)^3} \frac{K - 1}{K} \frac{\mathrm{Var}_{ref}(e^r)}{e^{r_*}}$."""
    return mixed_gain_linear(lam, K, variance, largest) / (1 + lam) ** 2


@domain(lam=NonNegative, K=Integers(1), variance=NonNegative, largest=Positive)
def mixed_gain_linear(lam: Any, K: Any, variance: Any, largest: Any) -> Any:
    r"""Theorem 2.3 without its cube: the factor $\frac{\lambda}{1 + \lambda}$, which holds at t = 1 by Lemma 2.2 (derived)."""
    return lam / (1 + lam) * lemma_gain(K, variance, largest)


@_MIXED
def mixed_ratio(lam: Any, K: Any) -> Any:
    r"""$\max_x p_t(x) / p_{ref}(x) \le \frac{1}{1 - \lambda (K - 1)}$, the limit of $c \mapsto (1 + \lambda K c) / (1 + \lambda)$ (derived)."""
    return 1 / (1 - lam * (K - 1))


@_MIXED
def mixed_divergence(lam: Any, K: Any) -> Any:
    r"""Theorem 2.4: $KL(p_t \| p_{ref}) \le -\log(1 - \lambda (K - 1))$."""
    return log(mixed_ratio(lam, K))


@domain(K=Integers(1), ratio=Probability)
def last_steps(K: Any, ratio: Any) -> Any:
    r"""Limit of $KL(p_* \| p_{t+1}) / KL(p_* \| p_t)$: $\frac{K \rho}{\rho + K - 1}$, $\rho = e^{r_2 - r_*}$ for the second best reward (derived)."""
    return K * ratio / (ratio + K - 1)


@domain(("L * eps < alpha", "2 * lam * L * eps < alpha"), lam=Positive, alpha=Positive, L=NonNegative, eps=NonNegative)
def stability_rate(lam: Any, alpha: Any, L: Any, eps: Any) -> Any:
    r"""Theorem 2.2: $\frac{\lambda (\alpha + \epsilon L)}{\alpha + \lambda (\alpha - \epsilon L)}$, per generation; the divergence shrinks by its square.

    $\alpha$: least curvature of the expected log-likelihood at the optimum; L: Lipschitz constant of its Hessian;
    $\epsilon$: Wasserstein distance between the data and the best model.
    """
    return lam * (alpha + eps * L) / (alpha + lam * (alpha - eps * L))


@domain(t=NonNegative, v0=Positive, s2=Positive)
def tilted_variance(t: Any, v0: Any, s2: Any) -> Any:
    r"""$K = \infty$, $p_0 = N(m_0, v_0)$, $r = -(x - b)^2 / 2 s^2$: $1 / v_t = 1 / v_0 + t / s^2$ (derived)."""
    return 1 / (1 / v0 + t / s2)


@domain(t=NonNegative, m0=Real, v0=Positive, b=Real, s2=Positive)
def tilted_mean(t: Any, m0: Any, v0: Any, b: Any, s2: Any) -> Any:
    r"""$K = \infty$, $p_0 = N(m_0, v_0)$, $r = -(x - b)^2 / 2 s^2$: mean $v_t (m_0 / v_0 + t b / s^2)$ (derived)."""
    return tilted_variance(t, v0, s2) * (m0 / v0 + t * b / s2)


@domain(t=Positive)
def uniform_reward(t: Any) -> Any:
    r"""$K = \infty$, $p_0$ uniform on [0, 1], $r(x) = x$: $E_{p_t} e^r = \frac{t}{t + 1} \frac{e - e^{-t}}{1 - e^{-t}} \to e$, without an atom (derived)."""
    return t / (t + 1) * (exp(t * 0 + 1) - exp(-t)) / (1 - exp(-t))
