r"""K models that train on each other's outputs (after Vu, Reeves and Wenger 2025, arXiv 2505.21677; isotropic, derived).

Model k sees a share $\alpha$ of synthetic data pooled from all models; of the rest $1 - \beta$ is public, with
parameter $\theta_*$, and $\beta$ its own, with $\theta^{(k)}$.
"""

from typing import Any

from collapse_jax.laws.domain import NonNegative, Probability, Real, domain

__all__ = ["average", "disagreement", "limit", "own"]


@domain(public=Real, private=Real, beta=Probability)
def own(public: Any, private: Any, beta: Any) -> Any:
    r"""What the real data of model k say: $(1 - \beta)\,\theta_* + \beta\,\theta^{(k)}$."""
    return (1 - beta) * public + beta * private


@domain(public=Real, private=Real, mean=Real, alpha=Probability, beta=Probability)
def limit(public: Any, private: Any, mean: Any, alpha: Any, beta: Any) -> Any:
    r"""$\theta_{k, \infty} = (1 - \alpha)[(1 - \beta) \theta_* + \beta \theta^{(k)}] + \alpha [(1 - \beta) \theta_* + \beta \bar\theta]$ (derived); `mean` is the average $\bar\theta$ of the private parameters."""
    return (1 - alpha) * own(public, private, beta) + alpha * own(public, mean, beta)


@domain(t=NonNegative, start=Real, end=Real, alpha=Probability)
def average(t: Any, start: Any, end: Any, alpha: Any) -> Any:
    r"""Average of the models: $\bar\theta_t = \bar\theta_\infty + \alpha^t (\bar\theta_0 - \bar\theta_\infty)$ (derived)."""
    return end + alpha**t * (start - end)


@domain(difference=Real, alpha=Probability, beta=Probability)
def disagreement(difference: Any, alpha: Any, beta: Any) -> Any:
    r"""$\theta_{j, t} - \theta_{k, t} = (1 - \alpha)\,\beta\,(\theta^{(j)} - \theta^{(k)})$ from the first retraining on (derived)."""
    return (1 - alpha) * beta * difference
