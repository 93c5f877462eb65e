"""The Gaussian loop with a sampling bias, for every t and n; its fixed points beside real data."""

from fractions import Fraction
from pathlib import Path

from collapse_jax.laws import special
from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.papers.mad2023 import theory
from proofs_check.proofs import Coq, Identity, Induction, Inequality, proves

_COQ = Path(__file__).parent / "coq"

_OVER = domain(n=Integers(2), bias=Interval("(0, 1)"))


@proves("mad2023.prop_cov")
def prop_cov():
    """The unbiased variance of draws whose variance is lambda v."""
    return Induction(
        stated=lambda t, n, bias: theory.covariance(t, bias),
        at=lambda n, bias, generations: {"n": n, "bias": bias},
        mutants={
            "unbiased samples": lambda t, n, bias: 1,
            "1/n covariance": lambda t, n, bias: theory.covariance(t, bias) * (1 - 1 / n) ** t,
        },
        over=_OVER,
        step=lambda t, v, n, bias: bias * v,
        base=lambda n, bias: 1,
    )


@proves("mad2023.prop_mean")
def prop_mean():
    """The mean moves by that of n draws of variance lambda^t."""
    return Induction(
        stated=theory.mean_error,
        at=lambda n, bias, generations: {"n": n, "bias": bias},
        mutants={
            "t/n": lambda t, n, bias: t / n,
            "biased from the start": lambda t, n, bias: bias * theory.mean_error(t, n, bias),
        },
        over=_OVER,
        step=lambda t, error, n, bias: error + theory.covariance(t + 1, bias) / n,
        base=lambda n, bias: 1 / n,
    )


@proves("mad2023.prop_mean")
def prop_mean_formally():
    return Coq.beside(
        prop_mean.build(),
        file=_COQ / "prop_mean.v",
        theorem="prop_mean",
        statement="forall t n bias, n <> 0 -> error t n bias = mean_error t n bias",
        definition="mean_error",
        values=((1, 10, Fraction(1, 2)), (3, 20, Fraction(4, 5))),
    )


_REAL = domain(n=Integers(2), n_real=Integers(2), bias=Interval("(0, 1)"))


def _spread(n_real, n, bias):
    r"""Of the squares of the pooled fit, $(N - 1) S = n_r - 1 + (n - 1) \lambda S + g (E(\mu - m)^2 + \lambda S/n)$, m the mean
    of the real sample: the factor $g = n_r n/N$ of the squared gap of the two means, and what S is multiplied with."""
    N, gap = n_real + n, n_real * n / (n_real + n)
    return gap, N - 1 - (n - 1) * bias - gap * bias / n


@proves("mad2023.aug_mean")
def aug_mean():
    r"""The fixed point of $M' = q^2 (M + \lambda S/n)$ beside that of the pooled variance, about the mean of the real
    sample."""

    def residual(stated, n, n_real, bias):
        M, q = stated(1, n, n_real, bias) - 1 / n_real, n / (n_real + n)
        gap, rest = _spread(n_real, n, bias)
        S = (n_real - 1 + gap * M) / rest
        return q**2 * (M + bias * S / n) - M

    return Identity(
        stated=lambda t, n, n_real, bias: 1 / n_real + theory.fixed_real(n_real, n, bias)[0],
        at=lambda n, n_real, bias, generations: {"n": n, "n_real": n_real, "bias": bias},
        mutants={
            "the real sample alone": lambda t, n, n_real, bias: 1 / n_real,
            "unbiased samples": lambda t, n, n_real, bias: 1 / n_real + theory.fixed_real(n_real, n, 1)[0],
        },
        over=_REAL,
        residual=residual,
    )


@proves("mad2023.aug_variance")
def aug_variance():
    def residual(stated, n, n_real, bias):
        S, q = stated(1, n, n_real, bias), n / (n_real + n)
        M = q**2 * bias * S / n / (1 - q**2)
        gap, rest = _spread(n_real, n, bias)
        return n_real - 1 + gap * M - rest * S

    return Identity(
        stated=lambda t, n, n_real, bias: theory.fixed_real(n_real, n, bias)[1],
        at=lambda n, n_real, bias, generations: {"n": n, "n_real": n_real, "bias": bias},
        mutants={
            "unbiased samples": lambda t, n, n_real, bias: theory.fixed_real(n_real, n, 1)[1],
            "collapse": lambda t, n, n_real, bias: n * 0,
        },
        over=_REAL,
        residual=residual,
    )


def _fresh(n, n_real, d, bias, generations):
    return {"n": n, "n_real": n_real, "bias": bias, "d": d}


@proves("mad2023.fresh_mean")
def fresh_mean():
    """A new real sample every time: its own mean is 1/n_real off, and independent of the model."""

    def residual(stated, n, n_real, bias, d):
        N, M = n_real + n, stated(1, n, n_real, bias, d) / d
        gap, rest = _spread(n_real, n, bias)
        S = (n_real - 1 + gap * (1 / n_real + M)) / rest
        return (n_real / N) ** 2 / n_real + (n / N) ** 2 * (M + bias * S / n) - M

    return Identity(
        stated=lambda t, n, n_real, bias, d: d * theory.fresh_real(n_real, n, bias)[0],
        at=_fresh,
        mutants={
            "unbiased samples": lambda t, n, n_real, bias, d: d * theory.fresh_real(n_real, n, 1)[0],
            "the real data alone": lambda t, n, n_real, bias, d: d / n_real,
        },
        over=_REAL & domain(d=Integers(1)),
        residual=residual,
    )


@proves("mad2023.fresh_trace")
def fresh_trace():
    def residual(stated, n, n_real, bias, d):
        N, S = n_real + n, stated(1, n, n_real, bias, d) / d
        M = ((n_real / N) ** 2 / n_real + (n / N) ** 2 * bias * S / n) / (1 - (n / N) ** 2)
        gap, rest = _spread(n_real, n, bias)
        return n_real - 1 + gap * (1 / n_real + M) - rest * S

    return Identity(
        stated=lambda t, n, n_real, bias, d: d * theory.fresh_real(n_real, n, bias)[1],
        at=_fresh,
        mutants={
            "unbiased samples": lambda t, n, n_real, bias, d: d * theory.fresh_real(n_real, n, 1)[1],
            "without the spread between the samples": lambda t, n, n_real, bias, d: (
                d * n_real / (n_real + n - n * bias)
            ),
        },
        over=_REAL & domain(d=Integers(1)),
        residual=residual,
    )


@proves("mad2023.fresh_effective")
def fresh_effective():
    """Both sides, for every n and n_real >= 2."""
    return Inequality(
        stated=lambda t, n_real: (n_real, 2 * n_real),
        at=lambda n_real: {"n_real": n_real},
        mutants={
            "at least 1.1 n_r": lambda t, n_real: (1.1 * n_real, 2 * n_real),
            "at most 1.9 n_r": lambda t, n_real: (n_real, 1.9 * n_real),
        },
        over=domain(n=Integers(2), n_real=Integers(2)),
        residual=lambda stated, n, n_real: (
            theory.effective_size(n_real, n) - stated(n, n_real)[0],
            stated(n, n_real)[1] - theory.effective_size(n_real, n),
        ),
    )


@proves("mad2023.aug_bounded")
def aug_bounded():
    """The limit, to which the error rises from one real fit, as a linear map with positive entries does."""
    return Inequality(
        stated=lambda t, n_real: Fraction(3, 2) / n_real,
        at=lambda n_real: {"n_real": n_real},
        mutants={
            "4/3": lambda t, n_real: Fraction(4, 3) / n_real,
            "1.49": lambda t, n_real: Fraction(149, 100) / n_real,
        },
        over=domain(n=Integers(2), n_real=Integers(2)),
        residual=lambda stated, n, n_real: stated(n, n_real) - 1 / n_real - theory.fixed_real(n_real, n, 1)[0],
    )


@proves("mad2023.lambda_c")
def lambda_c():
    r"""With the critical bias the drift $\log \lambda + \psi(\nu/2) - \log(\nu/2)$ vanishes, so that $E \log v_t$ is what the first
    fit, which has no bias, makes it. Logarithms are split: n is at least 3, all that stands in them is positive."""

    def residual(stated, t, n):
        import sympy

        found = theory.log_variance(t, n, theory.critical_bias(n)) - stated(t, n)
        return sympy.expand_log(found, force=True)

    return Identity(
        stated=lambda t, n: -special.log(theory.critical_bias(n)),
        at=lambda n, generations: {"n": n},
        mutants={
            "lambda = 1 for lambda_c": lambda t, n: -t * special.log(theory.critical_bias(n)),
            "no drift at all": lambda t, n: n * 0,
        },
        over=domain(t=Integers(1), n=Integers(3)),
        residual=residual,
    )
