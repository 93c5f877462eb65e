r"""One prompt under a noisy filter and a weak labeler (after Amin et al. 2025, arXiv 2502.08924; derived).

q is the probability that the model answers well. A bad answer is caught with probability $1 - \gamma$ and then labelled
well with probability $\beta$; all else is trained on as it is.
"""

from typing import Any

from collapse_jax.laws.domain import Interval, NonNegative, Probability, domain
from collapse_jax.laws.special import log

__all__ = ["generations_needed", "labelled", "wrong"]


@domain(q=Probability, beta=Probability, gamma=Probability)
def labelled(q: Any, beta: Any, gamma: Any) -> Any:
    r"""Share of good answers in the data that the next model sees: $q + (1 - q)\,\beta (1 - \gamma)$ (derived)."""
    return q + (1 - q) * beta * (1 - gamma)


@domain(t=NonNegative, q=Probability, beta=Probability, gamma=Probability)
def wrong(t: Any, q: Any, beta: Any, gamma: Any) -> Any:
    r"""$E (1 - q_t) = (1 - q_0)\,(1 - \beta (1 - \gamma))^t$, for any number of samples (derived)."""
    return (1 - q) * (1 - beta * (1 - gamma)) ** t


@domain(
    "epsilon <= 1 - q", epsilon=Interval("(0, 1]"), q=Probability, beta=Interval("(0, 1]"), gamma=Interval("[0, 1)")
)
def generations_needed(epsilon: Any, q: Any, beta: Any, gamma: Any) -> Any:
    r"""$t = \log\frac{\epsilon}{1 - q_0} / \log(1 - \beta (1 - \gamma))$, at which $E (1 - q_t) = \epsilon$ (derived)."""
    return log(epsilon / (1 - q)) / log(1 - beta * (1 - gamma))
