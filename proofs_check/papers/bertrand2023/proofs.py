r"""Fixed points beside one real sample, for every n and n_real.

About the mean of the real sample $D' = a^2 (D + V/n)$ with $a = n/N$; real and synthetic second moments average to 1,
so that $V = 1 - E(\mu - \mu_0)^2$ with the 1/n variance.
"""

from fractions import Fraction

from collapse_jax.laws.domain import Integers, domain
from proofs_check.papers.bertrand2023 import theory
from proofs_check.proofs import Identity, proves

_SIZES = domain(n=Integers(1), n_real=Integers(2))


def _fixed(stated, mutants, variance, error):
    """`error` and `variance`: of the stated value."""

    def residual(stated, n, n_real):
        a, value = n / (n_real + n), stated(1, n, n_real)
        D = error(value) - 1 / n_real
        return a**2 * (D + variance(value) / n) - D

    return Identity(
        stated=stated,
        at=lambda n_real, n, generations: {"n": n, "n_real": n_real},
        mutants=mutants,
        over=_SIZES,
        residual=residual,
    )


@proves("bertrand2023.fixed_real_finite.known_variance")
def known_variance():
    return _fixed(
        lambda t, n, n_real: theory.known_variance_error(n_real, n),
        {
            "the limit of large lambda": lambda t, n, n_real: Fraction(3, 2) / n_real,
            "independent of lambda": lambda t, n, n_real: 1 / n_real,
            "lambda/(1 + lambda)": lambda t, n, n_real: (1 + n / (n_real + n)) / n_real,
        },
        lambda value: 1,
        lambda value: value,
    )


@proves("bertrand2023.fixed_real_finite.mean")
def mean():
    return _fixed(
        lambda t, n, n_real: theory.fixed_real_error(n_real, n),
        {
            "n_r - 1 for n_r": lambda t, n, n_real: theory.fixed_real_error(n_real - 1, n + 1),
            "one real fit": lambda t, n, n_real: 1 / n_real,
        },
        lambda value: 1 - value,
        lambda value: value,
    )


@proves("bertrand2023.fixed_real_finite.variance")
def variance():
    return _fixed(
        lambda t, n, n_real: theory.fixed_real_variance(n_real, n),
        {
            "n_r - 1 for n_r": lambda t, n, n_real: theory.fixed_real_variance(n_real - 1, n + 1),
            "one real fit": lambda t, n, n_real: 1 - 1 / n_real,
        },
        lambda value: value,
        lambda value: 1 - value,
    )
