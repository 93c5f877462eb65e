r"""Curation with co-evolving preferences (Wei, Xie, Zhu and Zhang 2026, arXiv 2610.09415).

$p_{t+1} = (1 - \eta)\, p_{ref} + \eta\, p_t H^K_{p_t, w_t}$ with rewards $\tau \langle w_t, \varphi(x) \rangle$ of at most
$\tau$ in size, $w_{t+1} = (1 - \beta) w_t + \beta E_{p_{t+1}} \varphi$. Proposition 3.8 is
`collapse_jax.laws.population.equilibrium`.
"""

from typing import Any

from collapse_jax.laws.domain import Integers, NonNegative, Positive, Probability, domain
from collapse_jax.laws.special import exp

__all__ = ["contraction", "lipschitz_law", "lipschitz_preference", "lock_in", "odds_contraction"]


@domain(gap=NonNegative, tau=Positive, K=Integers(2))
def odds_contraction(gap: Any, tau: Any, K: Any) -> Any:
    r"""Proposition 3.1: $\frac{H(x_j)}{H(x_i)} \le \lambda_K(\Delta) = 1 - \frac{(1 - e^{-\tau \Delta})(K - 1)}{e^{2 \tau} + K - 1}$ for $r_i - r_j \ge \Delta$."""
    return 1 - (1 - exp(-tau * gap)) * (K - 1) / (exp(2 * tau) + K - 1)


@domain("epsilon < 1", t=NonNegative, gap=NonNegative, tau=Positive, K=Integers(2), epsilon=Probability)
def lock_in(t: Any, gap: Any, tau: Any, K: Any, epsilon: Any) -> Any:
    r"""Theorem 3.3: $\frac{1 - p_t(x_i)}{1 - p_0(x_i)} \le \left(\frac{\lambda_K(\gamma_i / 2)}{1 - \epsilon_i}\right)^t$; `gap` is $\gamma_i$."""
    return (odds_contraction(gap / 2, tau, K) / (1 - epsilon)) ** t


@domain(tau=Positive)
def lipschitz_law(tau: Any) -> Any:
    r"""Lemma 3.6: $d_{TV}(p H_p, q H_q) \le L_p\, d_{TV}(p, q)$, $L_p = 2 e^{2 \tau} (2 + e^{2 \tau})$."""
    return 2 * exp(2 * tau) * (2 + exp(2 * tau))


@domain(tau=Positive)
def lipschitz_preference(tau: Any) -> Any:
    r"""Lemma 3.6: $d_{TV}(p H_{p, w}, p H_{p, v}) \le L_w \|w - v\|$, $L_w = 2 \tau e^{4 \tau}$."""
    return 2 * tau * exp(4 * tau)


@domain(t=NonNegative, tau=Positive, eta=Probability)
def contraction(t: Any, tau: Any, eta: Any) -> Any:
    r"""Lemma 3.7: $d_{TV}(p_t, p_*) \le (\eta L_p)^t\, d_{TV}(p_0, p_*)$, where $\eta L_p < 1$."""
    return (eta * lipschitz_law(tau)) ** t
