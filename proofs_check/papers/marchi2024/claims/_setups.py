"""What the claims about urns share: two symbols, one draw at a time."""

from functools import lru_cache

from collapse_jax import laws


def frequency_laws(T, first, generations, n=1, n_real=0, p=0.5):
    """Laws of the first colour, started from a binomial sample."""
    from scipy.stats import binom

    start = binom.pmf(range(first + 1), first, p)
    return laws.urn.distributions(start, n, n_real, p, lambda x: laws.selection.tempered(x, T), generations)


@lru_cache(maxsize=8)
def from_one_of_each(T, generations):
    """Laws of the first colour from one of each of two symbols, one draw per generation; N = t + 1."""
    return laws.urn.distributions([0, 1, 0], 1, 0, 0.5, lambda x: laws.selection.tempered(x, T), generations)


def at_size(T, N, function):
    """E f(frequency) when the urn holds N."""
    return float(laws.urn.expectation(function, from_one_of_each(T, 2000)[N - 2 : N - 1])[0])
