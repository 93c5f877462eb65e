r"""Urns of two colours, exactly: a data set that grows by draws from a response to itself, and by real ones.

$C_{t+1} = C_t + \mathrm{Bin}(a, f(C_t / N_t)) + \mathrm{Bin}(b, p)$ and $N_{t+1} = N_t + a + b$; O(N (a + b)) per
generation. f(x) = x and b = 0 is Polya's urn, f of `selection.tempered` the model of Marchi et al. (2024).
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.stats import binom

from collapse_jax.host import afford
from collapse_jax.laws._check import callable_function, numbers, real, whole
from collapse_jax.laws.domain import Integers, Probability, domain

__all__ = ["distributions", "expectation"]


@domain(p=Probability, n=Integers(0), n_real=Integers(0), generations=Integers(1))
def distributions(
    start: Any, n: int, n_real: int, p: float | int, response: Callable[[np.ndarray], Any], generations: int
) -> list[np.ndarray]:
    r"""Law of the count of the first colour at generations 1, .., G, the first being that of the start.

    **Args**: `start`: law of the count among the $N_1$ first observations, ($N_1$+1,), such as a binomial one;
    `n`: draws of the response per generation; `n_real`: real draws per generation; `p`: the probability in the
    truth; `response`: f, from frequencies to probabilities; `generations`: G.

    **Returns**: G arrays, of length $N_t + 1$.

    **Raises**: ValueError for a start that is no law, sizes below 0, and for more work than there is memory.

    >>> [law.round(4).tolist() for law in distributions([0, 0.5, 0.5, 0], 1, 0, 0.5, lambda x: x, 2)]
    [[0.0, 0.5, 0.5, 0.0], [0.0, 0.3333, 0.3333, 0.3333, 0.0]]
    """
    law, n, n_real, p, G = numbers(start, "start"), whole(n), whole(n_real), real(p), whole(generations)
    if law.ndim != 1 or len(law) < 2 or np.any(law < 0) or abs(law.sum() - 1) > 1e-9:
        raise ValueError("start is no law of a count; give the probabilities of 0, .., N, which sum to 1")
    callable_function(response, "response")
    if n_real > 10**8:
        raise ValueError(f"n_real={n_real:,} real draws per generation are too many for their law; use at most 10^8")
    last = len(law) + (G - 1) * (n + n_real)
    afford(f"an urn of {last}", numbers=G * last + (n + 1) * last, operations=G * last * (n + 1), remedy="use fewer")
    real_draws = binom.pmf(np.arange(n_real + 1), n_real, p)
    laws = [law]
    for _ in range(G - 1):
        success = np.asarray(response(np.arange(len(law)) / (len(law) - 1)), np.float64)
        drawn = np.zeros(len(law) + n)
        for k, part in enumerate(binom.pmf(np.arange(n + 1), n, success[:, None]).T):
            drawn[k : k + len(law)] += law * part
        law = np.convolve(drawn, real_draws)
        laws.append(law)
    return laws


def expectation(function: Callable[[np.ndarray], Any], laws: list[np.ndarray]) -> np.ndarray:
    r"""$E f(C_t / N_t)$ at every generation of `distributions`.

    **Args**: `function`: f, from frequencies to numbers; `laws`: what `distributions` returns.

    **Returns**: (G,).

    **Raises**: ValueError for what are no laws of counts, and where f does not give one number per frequency.
    """
    if not isinstance(laws, list | tuple):
        raise ValueError(f"laws={laws!r} is no list of laws; give what `distributions` returns")
    callable_function(function, "function")
    found = []
    for law in (numbers(law, "laws") for law in laws):
        if law.ndim != 1 or len(law) < 2:
            raise ValueError(
                f"a law of a count is (N + 1,) with N >= 1, not {law.shape}; give what `distributions` returns"
            )
        values = numbers(function(np.arange(len(law)) / (len(law) - 1)), "function")
        if values.shape != law.shape:
            raise ValueError(
                f"function gave shape {values.shape} for {len(law)} frequencies; return one number for each"
            )
        found.append(law @ values)
    return np.array(found)
