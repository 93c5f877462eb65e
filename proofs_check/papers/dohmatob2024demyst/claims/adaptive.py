r"""Corollary 5.2: the best penalty where $n\sigma_0^2 \sim T^a$ and $T_0 \sim T^b$, as printed and as Theorem 5.1 implies.

$d = T_0/2$, so that $\phi_0$ is fixed. Slopes of the equivalents, minimised over $\lambda$; at finite T the sum of two
powers has the slope of its greater one up to the ratio of the two, which the allowance holds.
"""

import math

from collapse_jax.laws.domain import Interval, NonNegative, Positive, domain
from collapse_jax.laws.rate import exponent
from proofs_check.claim import Computed, claim
from proofs_check.papers.dohmatob2024demyst import theory
from proofs_check.papers.dohmatob2024demyst.claims.figure_1a import best_penalty
from proofs_check.papers.dohmatob2024demyst.claims.rates import power_law

_LAW = domain(beta=Interval("(1, oo)"), r=Positive, a=NonNegative, b=Positive)
_ROWS = (10**4, 10**6, 10**8)
_FACTOR = 100


def _risk(a, b, beta, r, sigma2=0.0):
    """T -> lambda -> the risk of Theorem 5.1's setting, by Corollary 4.4."""

    def at(T):
        d = round(T**b / 2)
        spectrum, source = power_law(d, beta, r)

        def risk(penalty):
            clean = theory.bias(spectrum, source, penalty, T)
            noise = theory.variance(spectrum, penalty, T, sigma2) if sigma2 else 0.0
            return clean + noise + T**a * theory.rho(spectrum, penalty, T, 2 * d)

        return risk

    return at


def _best(a, b, beta, r, sigma2=0.0):
    """T -> the best penalty and its risk."""
    risk = _risk(a, b, beta, r, sigma2)
    return lambda T: best_penalty(risk(T), T**-beta, 1.0)


def _allowance(a, b, beta, r):
    """T -> what shares of the order T^-(1 - l/beta), T^-(l/beta), T^-|1 - b| and T^(l/beta - b) do to a slope."""
    ell = theory.adaptive_penalty(a, b, beta, r)
    powers = [1 - ell / beta, ell / beta, abs(1 - b)] + ([b - ell / beta] if b < 1 else [])
    return lambda T: 2 * sum(T**-power for power in powers if power > 0) / math.log(_FACTOR)


_BEST = r"\inf_\lambda E_{test} \asymp T^{-(%s - a) c}, \quad n\sigma_0^2 \sim T^a,\ T_0 \sim T^b,\ \sigma = 0,\ \phi_0 \text{ fixed}"


@claim(
    "dohmatob2024demyst.cor5_2",
    statement=_BEST % "b",
    relation="==",
    regime="rate",
    provenance="text",
    source="Corollary 5.2 as printed, at b = 1.5 > 1",
    expected="REFUTED",
    domain=_LAW,
)
def cor5_2(a=0.25, b=1.5, beta=1.5, r=0.375):
    """Beyond b = 1 the branch phi_0 of Theorem 5.1 rules, and more rows for the generators no longer help: see
    cor5_2_capped. For b <= 1 the two agree (cor5_2_below)."""
    best = _best(a, b, beta, r)
    stated = theory.adaptive_exponent_printed(a, b, beta, r)
    return Computed(
        lambda T: exponent(lambda T: best(T)[1], T, _FACTOR),
        lambda T: stated,
        {"b + 1/2": lambda T: theory.adaptive_exponent_printed(a, b + 0.5, beta, r)},
        at=_ROWS,
        index="T",
        allowance=_allowance(a, b, beta, r),
    )


def _capped(a, b, beta, r):
    best = _best(a, b, beta, r)
    stated = theory.adaptive_exponent(a, b, beta, r)
    return Computed(
        lambda T: exponent(lambda T: best(T)[1], T, _FACTOR),
        lambda T: stated,
        {
            "clean data": lambda T: -theory.clean_exponent(beta, r),
            "half of it": lambda T: stated / 2,
        },
        at=_ROWS,
        index="T",
        allowance=_allowance(a, b, beta, r),
    )


@claim(
    "dohmatob2024demyst.cor5_2_capped",
    statement=_BEST % r"\min(b, 1)",
    relation="==",
    regime="rate",
    provenance="derived",
    source="what Theorem 5.1 implies in place of Corollary 5.2, at b = 1.5",
    domain=_LAW,
)
def cor5_2_capped(a=0.25, b=1.5, beta=1.5, r=0.375):
    return _capped(a, b, beta, r)


@claim(
    "dohmatob2024demyst.cor5_2_below",
    statement=_BEST % "b" + r",\ b \le 1",
    relation="==",
    regime="rate",
    provenance="text",
    source="Corollary 5.2 as printed, at b = .8, where it follows from Theorem 5.1",
    domain=_LAW & domain("b <= 1"),
)
def cor5_2_below(a=0.2, b=0.8, beta=1.5, r=0.375):
    return _capped(a, b, beta, r)


def _with_clean_penalty(a, b, beta, r):
    risk, ell = _risk(a, b, beta, r), theory.critical(beta, r)
    return lambda T: exponent(lambda T: risk(T)(T**-ell), T, _FACTOR)


@claim(
    "dohmatob2024demyst.cor5_2_divergence",
    statement=r"\lambda = T^{-\ell_{crit}},\ b \ge a + 1 - c \implies E_{test} \to \infty",
    relation=">=",
    regime="rate",
    provenance="text",
    source="the sentence after Corollary 5.2 as printed: its exponent would not be negative; at a = .25, b = .8, c = .53",
    expected="REFUTED",
    domain=_LAW & domain("b <= 1"),
)
def cor5_2_divergence(a=0.25, b=0.8, beta=1.5, r=0.375):
    """The inequality is reversed: the error grows if b < a + 1 - c (cor5_2_clean_penalty), and falls here."""
    return Computed(
        _with_clean_penalty(a, b, beta, r),
        lambda T: 0.0,
        {"exponent at least 1/2": lambda T: 0.5},
        at=_ROWS,
        index="T",
        scale=1.0,
    )


@claim(
    "dohmatob2024demyst.cor5_2_clean_penalty",
    statement=r"E_{test} \asymp T^{-(c + b - a - 1)} \quad \text{for } \lambda = T^{-\ell_{crit}},"
    r" \text{ which diverges if } b < a + 1 - c",
    relation="==",
    regime="rate",
    provenance="text",
    source="the exponent printed after Corollary 5.2, at a = .5, b = .8, c = .53, where it is positive",
    domain=_LAW & domain("b <= 1"),
)
def cor5_2_clean_penalty(a=0.5, b=0.8, beta=1.5, r=0.375):
    """With the penalty that is best for clean data the error of this student increases with its own data."""
    stated, ell = theory.clean_penalty_exponent(a, b, beta, r), theory.critical(beta, r)
    powers = (1 - ell / beta, ell / beta, 1 - b, b - ell / beta, a + 1 - b)
    return Computed(
        _with_clean_penalty(a, b, beta, r),
        lambda T: stated,
        {"the best penalty": lambda T: theory.adaptive_exponent(a, b, beta, r), "falls as fast": lambda T: -stated},
        at=(*_ROWS, 10**12),
        index="T",
        allowance=lambda T: 2 * sum(T**-power for power in powers) / math.log(_FACTOR),
    )


_ADAPTIVE = domain(beta=Interval("(1, oo)"), r=Positive, a=Positive)


@claim(
    "dohmatob2024demyst.cor_adaptive",
    statement=r"\inf_\lambda E_{test} \asymp T^{-2\underline r\beta\min(a, 1)/(2\underline r\beta + 1)}, \quad T_0 = T^a",
    relation="==",
    regime="rate",
    provenance="derived",
    source="Theorem 5.1 with a fixed number of generators, sigma = 0, a = 1/2: Corollary 5.2 with its a = 0 and b here called a",
    domain=_ADAPTIVE,
)
def cor_adaptive(a=0.5, beta=1.5, r=0.375):
    return _capped(0.0, a, beta, r)


@claim(
    "dohmatob2024demyst.cor_adaptive_penalty",
    statement=r"\lambda_* \asymp T^{-\ell_*}, \quad \ell_* = \frac{\beta\min(a, 1)}{2\underline r\beta + 1}, \quad T_0 = T^a",
    relation="==",
    regime="rate",
    provenance="derived",
    source="Theorem 5.1 with a fixed number of generators, sigma = 0, a = 1/2",
    domain=_ADAPTIVE,
)
def cor_adaptive_penalty(a=0.5, beta=1.5, r=0.375):
    """The penalty has to fall more slowly than on clean data."""
    best, allowance = _best(0.0, a, beta, r), _allowance(0.0, a, beta, r)
    stated = -theory.adaptive_penalty(0.0, a, beta, r)
    return Computed(
        lambda T: exponent(lambda T: best(T)[0], T, _FACTOR),
        lambda T: stated,
        {"that of clean data": lambda T: -theory.critical(beta, r), "half of it": lambda T: stated / 2},
        at=_ROWS,
        index="T",
        allowance=allowance,
    )
