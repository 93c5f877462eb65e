r"""A Gaussian analogue of the phase transition in synthetic augmentation (Fu et al. 2024, arXiv 2402.11778); derived.

One real sample of $n_r$ in every fit beside n synthetic observations, known variance 1, $q = n/(n_r + n)$.
"""

from typing import Any

from collapse_jax.laws.domain import Integers, NonNegative, domain


@domain(T=Integers(0), n_real=Integers(1), n=NonNegative)
def error(T: Any, n_real: Any, n: Any) -> Any:
    r"""$E(\mu - \mu_0)^2 = \frac{1}{n_r}\bigl(1 + \frac{q (1 - q^{2T})}{1 + q}\bigr)$ after T rounds on top of the first fit."""
    q = n / (n_real + n)
    return (1 + q * (1 - q ** (2 * T)) / (1 + q)) / n_real


@domain(n_real=Integers(1))
def one_round_peak(n_real: Any) -> Any:
    r"""$\frac{5}{4 n_r}$, the error at $n = n_r$, the largest after one round."""
    return 5 / n_real / 4
