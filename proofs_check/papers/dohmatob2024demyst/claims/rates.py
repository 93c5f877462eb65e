r"""Theorem 5.1: rates under a power law, $\Sigma_j = j^{-\beta}$, $w_{0j}^2 = j^{-\delta}$, $\delta = 1 + \beta (2 r - 1)$.

Slopes of Proposition 4.2 and Corollary 4.4 at d up to 10^13. Sums over j are integrals up to a share
$\kappa^{1/\beta} \sim T^{-\ell/\beta}$, and $\kappa = \lambda$ up to a share $T^{-(1 - \ell/\beta)}$: twice their sum over log 2
is the allowance, and what the smaller branch of a maximum adds where there is one.
"""

import math

from collapse_jax.laws.domain import Interval, Positive, domain
from collapse_jax.laws.rate import exponent
from collapse_jax.laws.spectrum import Spectrum
from proofs_check.claim import Computed, claim
from proofs_check.papers.dohmatob2024demyst import theory

POWER = domain("ell < beta", beta=Interval("(1, oo)"), r=Positive, ell=Positive, b=Positive)
ROWS = (10**4, 10**6, 10**8)
LARGEST = 10**13


def power_law(d, beta, r):
    """Spectrum and source, w_0j^2."""
    spectrum = Spectrum.power_law(d, beta)
    return spectrum, spectrum.values ** ((1 + beta * (2 * r - 1)) / beta)


def remainder(T, ell, beta):
    return 2 * (T ** -(1 - ell / beta) + T ** (-ell / beta)) / math.log(2)


@claim(
    "dohmatob2024demyst.thm5_1_bias",
    statement=r"Bias \asymp T^{-2\underline r\ell}, \quad \lambda = T^{-\ell},\ \underline r = \min(r, 1)",
    relation="==",
    regime="rate",
    provenance="text",
    source="Theorem 5.1: the slope of the bias of Proposition 4.2",
    domain=POWER,
)
def thm5_1_bias(beta=1.5, r=0.375, ell=0.6):
    spectrum, source = power_law(LARGEST, beta, r)
    stated = theory.bias_exponent(ell, beta, r)
    return Computed(
        lambda T: exponent(lambda T: theory.bias(spectrum, source, T**-ell, T), T),
        lambda T: stated,
        {
            "without the cap's half": lambda T: stated / 2,
            "r + .05": lambda T: theory.bias_exponent(ell, beta, r + 0.05),
        },
        at=ROWS,
        index="T",
        allowance=lambda T: remainder(T, ell, beta),
    )


@claim(
    "dohmatob2024demyst.thm5_1_saturated",
    statement=r"Bias \asymp T^{-2\ell} \quad (r > 1)",
    relation="==",
    regime="rate",
    provenance="text",
    source="Theorem 5.1: ridge does not profit from sources smoother than r = 1",
    domain=POWER,
)
def thm5_1_saturated(beta=1.5, r=2.0, ell=0.6):
    spectrum, source = power_law(LARGEST, beta, r)
    return Computed(
        lambda T: exponent(lambda T: theory.bias(spectrum, source, T**-ell, T), T),
        lambda T: theory.bias_exponent(ell, beta, r),
        {"without the cap": lambda T: -2 * r * ell},
        at=ROWS,
        index="T",
        allowance=lambda T: remainder(T, ell, beta) + 2 * T ** (-2 * ell * (r - 1)) / math.log(2),
    )


@claim(
    "dohmatob2024demyst.thm5_1_variance",
    statement=r"Var \asymp \sigma^2\,T^{-(1 - \ell/\beta)}",
    relation="==",
    regime="rate",
    provenance="text",
    source="Theorem 5.1: the slope of the variance of Proposition 4.2",
    domain=POWER,
)
def thm5_1_variance(beta=1.5, ell=0.6):
    spectrum, _ = power_law(LARGEST, beta, 1.0)
    return Computed(
        lambda T: exponent(lambda T: theory.variance(spectrum, T**-ell, T, 1.0), T),
        lambda T: theory.variance_exponent(ell, beta),
        {"1/T": lambda T: -1.0, "beta + .1": lambda T: theory.variance_exponent(ell, beta + 0.1)},
        at=ROWS,
        index="T",
        allowance=lambda T: remainder(T, ell, beta),
    )


@claim(
    "dohmatob2024demyst.thm5_1",
    statement=r"\rho \asymp \max(T/T_0, \phi_0)\,T^{-(1 - \ell/\beta)}, \quad T_0 \gg T: \text{ the branch } \phi_0",
    relation="==",
    regime="rate",
    provenance="text",
    source="Theorem 5.1: the slope of rho of Corollary 4.4 at T_0 = 2 d = 2e13",
    domain=POWER,
)
def thm5_1(beta=1.5, ell=0.6):
    """With more features than the student has rows the collapse term falls as the variance does, whatever T_0 is."""
    spectrum, _ = power_law(LARGEST, beta, 1.0)
    stated = theory.collapse_exponent(ell, beta, 2.0)
    return Computed(
        lambda T: exponent(lambda T: theory.rho(spectrum, T**-ell, T, 2 * LARGEST), T),
        lambda T: stated,
        {"the branch T/T_0": lambda T: stated + 1, "1/T": lambda T: -1.0},
        at=ROWS,
        index="T",
        allowance=lambda T: remainder(T, ell, beta) + 2 * T / LARGEST,
    )


@claim(
    "dohmatob2024demyst.thm5_1_few_features",
    statement=r"\rho \asymp \max(T/T_0, \phi_0)\,T^{-(1 - \ell/\beta)}, \quad T_0 = 2 d \sim T^b,\ b < 1: \text{ the branch } T/T_0",
    relation="==",
    regime="rate",
    provenance="text",
    source="Theorem 5.1: the slope of rho of Corollary 4.4",
    domain=POWER,
)
def thm5_1_few_features(beta=1.5, ell=0.4, b=0.8):
    """The remainder has besides $T^{b - 1}$, of the other branch, and $T^{\\ell/\\beta - b}$, of the end of the spectrum."""
    stated = theory.collapse_exponent(ell, beta, b)

    def law(T):
        d = T**b / 2
        return theory.rho(Spectrum.power_law(round(d), beta), T**-ell, T, 2 * round(d))

    return Computed(
        lambda T: exponent(law, T, 100),
        lambda T: stated,
        {"the branch phi_0": lambda T: theory.collapse_exponent(ell, beta, 2.0), "1/T_0": lambda T: -b},
        at=ROWS,
        index="T",
        allowance=lambda T: (
            (remainder(T, ell, beta) * math.log(2) + T ** (b - 1) + T ** (ell / beta - b)) / math.log(100)
        ),
    )
