"""A student with a penalty, isotropic: Proposition 4.2 and Corollary 4.4 beside the exact values of finite d."""

from collapse_jax.laws.equivalents import remainder
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.dohmatob2024demyst import theory
from proofs_check.papers.dohmatob2024demyst.claims._setups import RANGES, RIDGE, C, ridge_law, ridge_parts, students

_DIMENSIONS = (10, 20, 40)


def _against_finite_size(part, stated, mutants, ratio, penalty):
    """A part of the risk at d = 10, 20, 40 with T = `ratio` d rows: exact, and as the equivalent has it."""

    def exact(d):
        return ridge_parts(d, round(ratio * d), penalty)[part]

    return Computed(
        exact,
        lambda d: stated,
        {name: lambda d, value=value: value for name, value in mutants.items()},
        at=_DIMENSIONS,
        index="d",
        allowance=lambda d: remainder(stated, d, C),
    )


@claim(
    "dohmatob2024demyst.prop4_2_bias",
    statement=r"Bias \simeq \frac{\kappa^2\,w_0^\top\Sigma(\Sigma + \kappa)^{-2}w_0}{1 - df_2(\kappa)/T}"
    r" = \frac{\kappa^2 r^2}{(1 + \kappa)^2 - \phi}",
    relation="==",
    regime="asymptotic",
    provenance="text",
    source="Proposition 4.2 at Sigma = I, beside the exact mean over the spectra of designs of d features; allowance 2/d of it",
    domain=RIDGE & RANGES,
)
def prop4_2_bias(ratio=2.0, penalty=0.3):
    k, phi = theory.kappa(penalty, 1 / ratio), 1 / ratio
    mutants = {"without 1 - df_2/T": (k / (1 + k)) ** 2, "lambda for kappa": theory.bias_isotropic(penalty, phi, 1.0)}
    return _against_finite_size(0, theory.bias_isotropic(k, phi, 1.0), mutants, ratio, penalty)


@claim(
    "dohmatob2024demyst.prop4_2_variance",
    statement=r"Var \simeq \sigma^2\frac{df_2(\kappa)}{T - df_2(\kappa)} = \frac{\sigma^2\phi}{(1 + \kappa)^2 - \phi}",
    relation="==",
    regime="asymptotic",
    provenance="text",
    source="Proposition 4.2 at Sigma = I, beside the exact mean over the spectra of designs of d features; allowance 2/d of it",
    domain=RIDGE & RANGES,
)
def prop4_2_variance(ratio=2.0, penalty=0.3):
    k, phi = theory.kappa(penalty, 1 / ratio), 1 / ratio
    mutants = {
        "df_2/T": phi / (1 + k) ** 2,
        "df_1 for df_2": phi / (1 + k) / (1 - phi / (1 + k)),
        "lambda for kappa": theory.variance_isotropic(penalty, phi, 1.0),
    }
    return _against_finite_size(1, theory.variance_isotropic(k, phi, 1.0), mutants, ratio, penalty)


@claim(
    "dohmatob2024demyst.cor4_4_rho",
    statement=r"\rho = \frac{E \operatorname{tr}\Sigma^{-1}\hat\Sigma R\Sigma R\hat\Sigma}{T_0 - d - 1} \simeq"
    r" \frac{\phi_0}{1 - \phi_0}\left[\frac1{(1+\kappa)^2} + \frac1{(1+\kappa)^2}\frac{\phi\kappa^2}{(1+\kappa)^2 - \phi}\right]",
    relation="==",
    regime="asymptotic",
    provenance="text",
    source="Corollary 4.4 at Sigma = I, beside Theorem F.1, whose mean is taken exactly at d features; the step from T_0 - d to T_0 - d - 1 and 1/(4 d) of it are allowed",
    domain=RIDGE & RANGES,
)
def cor4_4_rho(ratio=2.0, ratio_0=2.0, penalty=0.3):
    """The square of 1 + kappa before the second term is in the print; a single power would not do."""
    phi, phi0 = 1 / ratio, 1 / ratio_0
    k = theory.kappa(penalty, phi)
    stated, x2 = theory.rho_isotropic(k, phi, phi0), (1 + k) ** 2

    def exact(d):
        T0 = round(ratio_0 * d)
        return ridge_parts(d, round(ratio * d), penalty)[2] / (T0 - d - 1)

    return Computed(
        exact,
        lambda d: stated,
        {
            "1 + kappa for its square": lambda d: phi0 / (1 - phi0) * (1 / x2 + phi * k**2 / (x2 - phi) / (1 + k)),
            "first term alone": lambda d: phi0 / (1 - phi0) / x2,
        },
        at=(20, 40, 80),
        index="d",
        allowance=lambda d: remainder(stated, d, 0.25) + stated / (round(ratio_0 * d) - d - 1),
    )


@claim(
    "dohmatob2024demyst.cor4_4",
    statement=r"E_{test}(\hat w_n^{pred}) \simeq Bias + Var + n\,\sigma_0^2\rho, \quad \Sigma = I",
    relation="==",
    regime="asymptotic",
    provenance="text",
    source="Corollary 4.4 at Sigma = I, simulated by the paper's protocol and exact at finite d; the step from T_0 - d to T_0 - d - 1 and 1/(2 d) of it are allowed",
    domain=RIDGE,
)
def cor4_4(d=8, T=32, T0=24, penalty=0.3, sigma2=0.3, sigma2_0=0.5, generations=4):
    """Model t is the student of n = t - 1 generators. Equation 1 of the paper has sigma_0 where this has its square."""

    def stated(n, weight=sigma2_0):
        k, phi, phi0 = theory.kappa(penalty, d / T), d / T, d / T0
        clean = theory.bias_isotropic(k, phi, 1.0) + theory.variance_isotropic(k, phi, sigma2)
        return clean + n * weight * theory.rho_isotropic(k, phi, phi0)

    law = ridge_law(d, T, T0, penalty, sigma2, sigma2_0)
    return Check(
        *students(d, T, T0, penalty, sigma2, sigma2_0),
        metric="risk",
        generations=generations,
        predicted=lambda t: stated(t - 1),
        mutants={
            "sigma_0 for its square": lambda t: stated(t - 1, sigma2_0**0.5),
            "n + 1 for n": lambda t: stated(t),
            "no penalty": lambda t: theory.least_squares(t - 1, d / T, d / T0, sigma2, sigma2_0),
        },
        allowance=lambda t: remainder(stated(t - 1), d, 0.5) + (stated(t - 1) - stated(0)) / (T0 - d - 1),
        law=lambda t: law(t - 1),
    )


@claim(
    "dohmatob2024demyst.iso_finite",
    statement=r"E_{test}(\hat w_n^{pred}) = \tfrac{r^2}{d} E\operatorname{tr}\lambda^2 R^2 + \tfrac{\sigma^2}{T}E\operatorname{tr}\hat\Sigma R^2"
    r" + \frac{n\,\sigma_0^2}{T_0 - d - 1}E\operatorname{tr}\hat\Sigma^2R^2, \quad R = (\hat\Sigma + \lambda)^{-1}",
    relation="==",
    provenance="derived",
    source="Theorem F.1 at Sigma = I, its means over the spectrum of a Wishart matrix taken exactly",
    domain=RIDGE,
)
def iso_finite(d=8, T=32, T0=24, penalty=0.3, sigma2=0.3, sigma2_0=0.5, generations=4):
    """What cor4_4 and iso are the limits of; one run serves both."""
    law = ridge_law(d, T, T0, penalty, sigma2, sigma2_0)
    limit = theory.isotropic
    return Check(
        *students(d, T, T0, penalty, sigma2, sigma2_0),
        metric="risk",
        generations=generations,
        predicted=lambda t: law(t - 1),
        mutants={
            "n + 1 for n": lambda t: law(t),
            "T_0 + 1 rows": lambda t: ridge_law(d, T, T0 + 1, penalty, sigma2, sigma2_0)(t - 1),
            "the limit for twice the penalty": lambda t: limit(
                t - 1, 2 * penalty, d / T, d / T0, 1.0, sigma2, sigma2_0
            ),
        },
    )


@claim(
    "dohmatob2024demyst.iso",
    statement=r"E_{test}(\hat w_n^{pred}) \simeq \frac{r^2 (x - 1)^2 + \sigma^2\phi + V_n [1 + \phi - 2\phi/x]}{x^2 - \phi},"
    r"\quad x = 1 + \kappa,\ V_n = n\,\sigma_0^2\frac{\phi_0}{1 - \phi_0}",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="Corollary 4.4 at Sigma = I, put together; beside the exact risk at d = 10, 20, 40, ten generators",
    domain=RIDGE & RANGES,
)
def iso(n=10, ratio=3.0, ratio_0=2.0, penalty=0.1, sigma2=0.3, sigma2_0=0.5):
    def stated(n):
        return theory.isotropic(n, penalty, 1 / ratio, 1 / ratio_0, 1.0, sigma2, sigma2_0)

    return Computed(
        lambda d: ridge_law(d, round(ratio * d), round(ratio_0 * d), penalty, sigma2, sigma2_0)(n),
        lambda d: stated(n),
        {"n + 1 for n": lambda d: stated(n + 1), "no generator": lambda d: stated(0)},
        at=_DIMENSIONS,
        index="d",
        allowance=lambda d: remainder(stated(n), d, 0.5 + 1 / (ratio_0 - 1)),
    )
