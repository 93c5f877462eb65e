"""Any covariance: Theorem 4.3 and Corollary 4.4 beside the equivalents of several layers, and simulated."""

import numpy as np

from collapse_jax.laws.domain import Positive, domain
from collapse_jax.laws.equivalents import Layer, Moments, chain, excess_risk, remainder, replace_step
from collapse_jax.laws.spectrum import Spectrum
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.dohmatob2024demyst import theory
from proofs_check.papers.dohmatob2024demyst.claims._setups import RIDGE, SIZES, C, students

_SPECTRAL = SIZES & domain(beta=Positive, penalty=Positive)


def _setting(d, beta):
    spectrum = Spectrum(np.arange(1.0, d + 1) ** -beta)
    return spectrum, 1 / d


@claim(
    "dohmatob2024demyst.thm4_3",
    statement=r"\rho = \frac{\operatorname{tr}\Sigma^4(\Sigma+\kappa_0)^{-2}(\Sigma+\kappa)^{-2}}{T_0 - df_2(\kappa_0)}"
    r" + \frac{\kappa^2\operatorname{tr}\Sigma^2(\Sigma+\kappa_0)^{-2}(\Sigma+\kappa)^{-2}}{T_0 - df_2(\kappa_0)}"
    r"\,\frac{df_2(\kappa)}{T - df_2(\kappa)}",
    relation="==",
    regime="asymptotic",
    provenance="text",
    source="Theorem 4.3, one generator with any number of rows, beside the equivalents of two layers applied one after the other",
    domain=_SPECTRAL,
)
def thm4_3(d=200, T=150, beta=1.5, penalty=0.01):
    """What the noise of a generator's labels adds to the student's risk, from T_0 = d/2 (least norm) to 5 d."""
    spectrum, source = _setting(d, beta)

    def added(T0):
        risks = [
            excess_risk(spectrum, source, chain(spectrum, source, [Layer(T0, 0, noise), Layer(T, penalty, 0)]))
            for noise in (1.0, 0.0)
        ]
        return risks[0] - risks[1]

    return Computed(
        added,
        lambda T0: theory.rho_general(spectrum, penalty, T, T0),
        {
            "first term alone": lambda T0: theory.rho_general(spectrum, penalty, 1e12, T0),
            "T_0 + 1 rows": lambda T0: theory.rho_general(spectrum, penalty, T, T0 + 1),
        },
        at=(d // 2, 3 * d // 4, 2 * d, 5 * d),
        index="T_0",
        tolerance=1e-7,
        rung="identity",
    )


def _biases(d, T, T0, beta, penalty, n):
    """Clean bias, what the generators' bias adds by Theorem 4.3, and the risk without any noise."""
    spectrum, source = _setting(d, beta)
    last = chain(spectrum, source, [Layer(T0)] * n)
    lost = last.square - 2 * last.kept * source + source
    passed = replace_step(spectrum, Moments(np.zeros_like(lost), lost), T, penalty)
    clean = theory.bias(spectrum, source, penalty, T)
    total = excess_risk(spectrum, source, replace_step(spectrum, last, T, penalty))
    return clean, spectrum.sum(spectrum.values * passed.square), total


@claim(
    "dohmatob2024demyst.thm4_3_bias",
    statement=r"\widetilde{Bias} \ge Bias + \Delta Bias, \quad"
    r" \Delta Bias = E\|\hat\Sigma R (Q_{n-1} w_0 - w_0)\|_\Sigma^2 \quad (T_0 < d)",
    relation=">=",
    regime="asymptotic",
    provenance="text",
    source="Theorem 4.3, fresh designs, a power law; both sides by deterministic equivalents",
    domain=_SPECTRAL,
)
def thm4_3_bias(d=200, T=150, T0=60, beta=1.5, penalty=0.01):
    """What generators with too few rows forget adds to the bias of the student at least as much as stated."""

    def parts(n):
        return _biases(d, T, T0, beta, penalty, n)

    return Computed(
        lambda n: parts(n)[2],
        lambda n: sum(parts(n)[:2]),
        {"twice the bias added": lambda n: parts(n)[0] + 2 * parts(n)[1]},
        at=(1, 2, 4, 8),
        index="n",
    )


@claim(
    "dohmatob2024demyst.thm4_3_unbiased",
    statement=r"\widetilde{Bias} = Bias \quad (T_0 \ge d)",
    relation="==",
    provenance="text",
    source="Theorem 4.3: with enough rows no generator forgets anything",
    domain=_SPECTRAL & domain("T0 >= d"),
)
def thm4_3_unbiased(d=200, T=150, T0=260, beta=1.5, penalty=0.01):
    return Computed(
        lambda n: _biases(d, T, T0, beta, penalty, n)[2],
        lambda n: _biases(d, T, T0, beta, penalty, 0)[0],
        {"0.9 d rows": lambda n: _biases(d, T, 9 * d // 10, beta, penalty, n)[2]},
        at=(1, 4),
        index="n",
        rung="identity",
    )


@claim(
    "dohmatob2024demyst.cor4_4_power_law",
    statement=r"E_{test}(\hat w_n^{pred}) \simeq Bias + Var + n\,\sigma_0^2\,\frac{1}{T_0 - d}"
    r"\left[df_2 + \kappa^2\operatorname{tr}(\Sigma + \kappa)^{-2}\frac{df_2}{T - df_2}\right]",
    relation="==",
    regime="asymptotic",
    provenance="text",
    source="Corollary 4.4, a power law, simulated by the paper's protocol; allowance 2/d of it",
    domain=RIDGE & domain(beta=Positive),
)
def cor4_4_power_law(d=8, T=32, T0=24, beta=0.8, penalty=0.1, sigma2=0.3, sigma2_0=0.5, generations=4):
    """Model t is the student of n = t - 1 generators."""
    spectrum, source = _setting(d, beta)
    clean = theory.bias(spectrum, source, penalty, T) + theory.variance(spectrum, penalty, T, sigma2)
    slope = sigma2_0 * theory.rho(spectrum, penalty, T, T0)
    return Check(
        *students(d, T, T0, penalty, sigma2, sigma2_0, cov=np.diag(spectrum.values)),
        metric="risk",
        generations=generations,
        predicted=lambda t: clean + (t - 1) * slope,
        mutants={
            "n + 1 for n": lambda t: clean + t * slope,
            "isotropic": lambda t: theory.isotropic(t - 1, penalty, d / T, d / T0, 1.0, sigma2, sigma2_0),
        },
        allowance=lambda t: remainder(clean + (t - 1) * slope, d, C),
    )
