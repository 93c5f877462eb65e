r"""One symbol under drift and a pull: the Wright-Fisher chain with selection, mutation or temperature, exactly.

$n\,x_t \mid x_{t-1} \sim \mathrm{Bin}(n, f(x_{t-1}))$ with any response f: a temperature
$f(x) = x^{1/T} / (x^{1/T} + (1 - x)^{1/T})$, contamination $f(x) = \alpha p + (1 - \alpha) x$, curation
$f(x) = x H(x)$; f(x) = x is `drift`. O(n^2) per generation, n up to a few thousand.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.stats import binom

from collapse_jax.host import afford
from collapse_jax.laws._check import callable_function, numbers, real, whole
from collapse_jax.laws.domain import Integers, Positive, Probability, domain

__all__ = ["distribution", "expectation", "tempered", "transition"]

Response = Callable[[np.ndarray], Any]


@domain(temperature=Positive)
def tempered(x: Any, temperature: float | int) -> np.ndarray:
    r"""The response of a temperature: $x^{1/T} / (x^{1/T} + (1 - x)^{1/T})$.

    **Args**: `x`: frequencies; `temperature`: T.

    **Returns**: probabilities of the same shape.

    **Raises**: ValueError for frequencies outside of [0, 1] and a temperature that is not positive.

    >>> round(float(tempered(0.25, 0.5)), 6)  # 1 / (1 + 3^2)
    0.1
    """
    x, T = numbers(x, "x"), real(temperature)
    if np.any((x < 0) | (x > 1)):
        raise ValueError("x holds numbers that are no frequencies; use values from 0 to 1")
    larger = np.maximum(x, 1 - x)
    one, other = (x / larger) ** (1 / T), ((1 - x) / larger) ** (1 / T)
    return np.asarray(one / (one + other))


@domain(n=Integers(1))
def transition(n: int, response: Response) -> np.ndarray:
    r"""$Q_{ab} = P(\mathrm{Bin}(n, f(a/n)) = b)$, (n+1, n+1).

    **Args**: `n`: draws per generation; `response`: f, from the frequencies 0, 1/n, .., 1 to probabilities.

    **Returns**: the matrix, row a for a symbol seen a times.

    **Raises**: ValueError for n below 1, and for a response that does not give one probability per frequency.
    """
    n = whole(n)
    afford(f"the matrix of n={n}", numbers=2 * (n + 1) ** 2, remedy="use a smaller n")
    counts = np.arange(n + 1)
    success = np.asarray(callable_function(response, "response")(counts / n), np.float64)
    if success.shape != counts.shape or not np.all((success >= 0) & (success <= 1)):
        raise ValueError("response does not give one probability per frequency; return numbers in [0, 1] of its shape")
    return binom.pmf(counts, n, success[:, None])


@domain(p=Probability, n=Integers(1), t=Integers(1))
def distribution(p: float | int, n: int, t: int, response: Response) -> np.ndarray:
    """Law of the count, out of n, at generation t; fit 1 is on real data, later ones are drawn by the response.

    **Args**: `p`: probability of the symbol in the truth; `n`: draws per generation; `t`: generation; `response`: f.

    **Returns**: the probabilities of the counts 0, .., n, (n+1,).

    **Raises**: ValueError for a p outside [0, 1], for n or t below 1, and as `transition` does.
    """
    p, n, t = real(p), whole(n), whole(t)
    afford(f"t={t} generations of n={n} draws", operations=(t - 1) * n**2, remedy="use a smaller n or t")
    law = binom.pmf(np.arange(n + 1), n, p)
    matrix = transition(n, response)
    for _ in range(t - 1):
        law = law @ matrix
    return law


@domain(p=Probability, n=Integers(1), t=Integers(1))
def expectation(function: Response, p: float | int, n: int, t: int, response: Response) -> float:
    r"""$E f(x_t)$; `function` takes the array of frequencies 0, 1/n, .., 1.

    **Args**: `function`: f, one number for each frequency; `p`, `n`, `t`, `response`: as in `distribution`.

    **Returns**: the expectation.

    **Raises**: ValueError where f does not give one number per frequency, and as `distribution` does.

    >>> round(expectation(lambda x: x * (1 - x), 0.5, 10, 3, lambda x: x), 12)  # that of `drift`
    0.18225
    """
    law = distribution(p, n, t, response)
    values = np.asarray(callable_function(function, "function")(np.arange(n + 1) / n), np.float64)
    if values.shape != law.shape:
        raise ValueError(f"function gave shape {values.shape} for {n + 1} frequencies; return one number for each")
    return float(law @ values)
