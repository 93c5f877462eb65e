"""Synthetic data only: the closed form, the transition, and the limit of no penalty."""

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.elfirdoussi2024 import theory
from proofs_check.papers.elfirdoussi2024.claims._setups import (
    LABELS,
    RANGES,
    SETTING,
    along,
    classifier,
    synthetic,
    within,
)

_RIDGELESS = LABELS & domain(
    ("k >= 2 * p", "abs(1 - 2 * eps) >= 0.01"), k=Integers(8), p=Integers(1), mu=Interval("(0, 3]")
)
_SYNTH_SOURCE = "synthetic data only, C = I; C/p is left open, C = 1"


def _check(p, gamma, workflow, metric, stated, mutants, **options):
    return Check(
        classifier(p, gamma),
        workflow,
        metric=metric,
        generations=2,
        at=(2,),
        predicted=lambda t: stated,
        mutants={name: lambda t, value=value: value for name, value in mutants.items()},
        **options,
    )


@claim(
    "elfirdoussi2024.synth.score",
    statement=r"E\,y\,x'w \to \frac{\lambda \mu^2}{\alpha \mu^2 + \alpha + \gamma (1 + \delta)}, \quad \gamma \delta^2 + (\alpha + \gamma - \tfrac pm)\,\delta = \tfrac pm",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source=f"the code's form with the corrected equation of delta; {_SYNTH_SOURCE}",
    domain=SETTING,
)
def synth_score(p=20, m=80, eps=0.1, phi=0.8, rho=0.3, gamma=0.1):
    stated = float(theory.synth_score(m, p, 1.0, eps, phi, rho, gamma))
    mutants = {"labels all right": stated / theory.correctness(eps, phi, rho), "20 % less": 0.8 * stated}
    return _check(p, gamma, synthetic(m, eps, phi, rho), "score", stated, mutants, allowance=within(stated, p))


@claim(
    "elfirdoussi2024.synth.square",
    statement=r"E (x'w)^2 \to \frac{(\lambda \mu)^2 (1 + \mu^2)}{h D^2} + \frac{1 - h}{h} \Bigl(1 - \frac{2 \lambda}{\alpha} m_q\Bigr), \quad \delta \text{ with } p/m",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source=f"the code's form with the corrected equation of delta; {_SYNTH_SOURCE}",
    domain=SETTING,
)
def synth_square(p=20, m=100, eps=0.3, phi=0.5, rho=0.1, gamma=0.1):
    stated = float(theory.synth_square(m, p, 1.0, eps, phi, rho, gamma))
    coded = float(theory.synth_square_as_coded(m, p, 1.0, eps, phi, rho, gamma))
    mutants = {"as coded": coded, "20 % more": 1.2 * stated}
    return _check(p, gamma, synthetic(m, eps, phi, rho), "squared_score", stated, mutants, allowance=within(stated, p))


@claim(
    "elfirdoussi2024.synth.as_coded",
    statement=r"E (x'w)^2 \to \nu_q, \quad \delta \text{ with } \alpha\,p/m",
    relation="==",
    regime="asymptotic",
    provenance="code",
    source=f"the synthetic-only form of the authors' rmt_results.py; {_SYNTH_SOURCE}",
    expected="REFUTED",
    domain=SETTING,
)
def synth_as_coded(p=20, m=100, eps=0.3, phi=0.5, rho=0.1, gamma=0.1):
    coded = float(theory.synth_square_as_coded(m, p, 1.0, eps, phi, rho, gamma))
    mutants = {"20 % more": 1.2 * coded, "10 % more": 1.1 * coded}
    return _check(p, gamma, synthetic(m, eps, phi, rho), "squared_score", coded, mutants, allowance=within(coded, p))


@claim(
    "elfirdoussi2024.phase.crossing",
    statement=r"\varepsilon = \varepsilon^* = \frac{1}{1 + \rho / \phi} \Rightarrow E\,P(\operatorname{sign} x'w = y) = \tfrac12 \quad \text{for every } m, p, \gamma",
    relation="==",
    provenance="code",
    source="phase_transition.py; exact by symmetry, as kept labels are then fair coins whatever x is",
    domain=SETTING,
)
def phase_crossing(p=20, m=80, phi=0.8, rho=0.3, gamma=1.0):
    """w and -w have one law. The mutants are accuracies a little before and after the crossing."""
    eps = float(theory.critical_error(phi, rho))

    def accuracy(at):
        moments = (law(m, p, 1.0, at, phi, rho, gamma) for law in (theory.synth_score, theory.synth_square))
        return float(theory.accuracy(*moments))

    mutants = {"10 % fewer wrong labels": accuracy(0.9 * eps), "more of them": accuracy(1.1 * eps)}
    workflow = synthetic(m, eps, phi, rho)
    return _check(p, gamma, workflow, "accuracy", 0.5, mutants, law=lambda t: 0.5)


@claim(
    "elfirdoussi2024.phase.beyond",
    statement=r"\varepsilon > \varepsilon^* \Rightarrow E\,P(\operatorname{sign} x'w = y) \to \Phi\bigl(m_q / \sqrt{\nu_q - m_q^2}\bigr) < \tfrac12",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source=f"the signed accuracy; {_SYNTH_SOURCE}",
    domain=SETTING,
)
def phase_beyond(p=20, m=100, eps=0.9, phi=0.8, rho=0.3, gamma=1.0):
    stated = _accuracy(m, p, eps, phi, rho, gamma)
    mutants = {"folded": 1 - stated, "20 % more": 1.2 * stated}
    return _check(p, gamma, synthetic(m, eps, phi, rho), "accuracy", stated, mutants, allowance=within(stated, p))


@claim(
    "elfirdoussi2024.phase.folded",
    statement=r"\varepsilon > \varepsilon^* \Rightarrow E\,P(\operatorname{sign} x'w = y) \to \Phi\bigl(|m_q| / \sqrt{\nu_q - m_q^2}\bigr)",
    relation="==",
    regime="asymptotic",
    provenance="code",
    source="`test_accuracy` of rmt_results.py, which the script of the phase transition mirrors by hand",
    expected="REFUTED",
    domain=SETTING,
)
def phase_folded(p=20, m=100, eps=0.9, phi=0.8, rho=0.3, gamma=1.0):
    folded = 1 - _accuracy(m, p, eps, phi, rho, gamma)
    mutants = {"10 % more": 1.1 * folded, "20 % more": 1.2 * folded}
    return _check(p, gamma, synthetic(m, eps, phi, rho), "accuracy", folded, mutants, allowance=within(folded, p))


def _accuracy(m, p, eps, phi, rho, gamma):
    arguments = m, p, 1.0, eps, phi, rho, gamma
    return float(theory.accuracy(theory.synth_score(*arguments), theory.synth_square(*arguments)))


@claim(
    "elfirdoussi2024.phase.step",
    statement=r"p/m \to 0 \Rightarrow P(\operatorname{sign} x'w = y) \to \Phi(\mu) \text{ for } \varepsilon < \varepsilon^*, \quad 1 - \Phi(\mu) \text{ beyond}",
    relation="==",
    regime="asymptotic",
    provenance="code",
    source="the sharp transition that Figure 4 tends to; what is left open is p/m times its slope, 1/(kappa^2 alpha)",
    domain=(LABELS & domain(p=Integers(1), mu=Interval("(0, 3]"))) & RANGES,
)
def phase_step(p=100, phi=0.8, rho=0.3, mu=1.0, gamma=1.0):
    """At m/p = 100, 1,000, .. on both sides of the crossing, by turns."""
    eps = {100: 0.5, 1_000: 0.9, 10_000: 0.5, 100_000: 0.9}

    def limit(ratio, sign=1.0):
        side = sign * (1 if eps[ratio] < theory.critical_error(phi, rho) else -1)
        return float(theory.accuracy(side * mu, 1 + mu**2))

    def accuracy(ratio):
        arguments = ratio * p, p, mu, eps[ratio], phi, rho, gamma
        return float(theory.accuracy(theory.synth_score(*arguments), theory.synth_square(*arguments)))

    def left(ratio):
        kappa = theory.correctness(eps[ratio], phi, rho)
        return (1 + mu**2) / (kappa**2 * theory.kept_share(eps[ratio], phi, rho) * mu**2 * ratio)

    return Computed(
        accuracy,
        limit,
        {"the other side": lambda ratio: limit(ratio, -1.0), "1/2": lambda ratio: 0.5, "Phi of 1.1 mu": lambda ratio: float(
            theory.accuracy(1.1 * mu if limit(ratio) > 0.5 else -1.1 * mu, 1 + (1.1 * mu) ** 2))},
        at=tuple(eps),
        index="m/p",
        allowance=left,
    )  # fmt: skip


@claim(
    "elfirdoussi2024.ridgeless.score",
    statement=r"E\,y\,x'w = \kappa\,k \mu^2\,E \frac{1}{k + 2J} \to \kappa\,\frac{\mu^2}{1 + \mu^2}, \quad J \sim \mathrm{Poisson}(k \mu^2 / 2)",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="k kept labels and no penalty: the exact mean, whatever p is, beside its limit; 2/k of it is left open",
    domain=_RIDGELESS,
)
def ridgeless_score(mu=1.0, eps=0.3, phi=0.8, rho=0.2):
    kappa = theory.correctness(eps, phi, rho)
    stated = float(theory.ridgeless_score(mu, kappa))
    return Computed(
        lambda k: laws.verified.score(k, mu**2, kappa),
        lambda k: stated,
        {"labels all right": lambda k: stated / kappa, "2 % more": lambda k: 1.02 * stated},
        at=(200, 2_000, 20_000),
        index="k",
        allowance=lambda k: 2 / k * stated,
    )


@claim(
    "elfirdoussi2024.ridgeless.square",
    statement=r"E (x'w)^2 \to \frac{\kappa^2 s + r - 2 r \kappa^2 s}{1 - r}, \quad s = \frac{\mu^2}{1 + \mu^2},\ r = \frac pk",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="the limit beside the exact moment at k = p / r labels kept; 2/p of it is left open",
    domain=LABELS & domain(r=Interval("[0.01, 0.8]"), mu=Interval("(0, 3]")),
)
def ridgeless_square(r=0.25, mu=1.0, eps=0.3, phi=0.8, rho=0.2):
    kappa = theory.correctness(eps, phi, rho)
    stated = float(theory.ridgeless_square(r, mu, kappa))

    def exact(p):
        k = round(p / r)
        return laws.verified.squared_score(k, p, mu**2, kappa) + laws.verified.size2(k, p, mu**2, kappa)

    return Computed(
        exact,
        lambda p: stated,
        {
            "1/(1 - r) left out": lambda p: stated * (1 - r),
            "2 % more": lambda p: 1.02 * stated,
        },
        at=(50, 500, 5_000),
        index="p",
        allowance=lambda p: 2 / p * stated,
    )


@claim(
    "elfirdoussi2024.ridgeless.exact",
    statement=r"E\,y\,x'w = \kappa\,k \mu^2\,E \frac{1}{k + 2J}, \quad J \sim \mathrm{Poisson}(k \mu^2 / 2)",
    relation="==",
    provenance="derived",
    source="least squares on k labels, all kept, each right with probability 1 - eps; exact for every k and p",
    domain=_RIDGELESS,
)
def ridgeless_exact(p=4, k=24, eps=0.2, mu=1.0):
    """By simulation, and the variance of one classifier from the second moment, exact too."""
    kappa = 1 - 2 * eps
    exact = laws.verified.score(k, mu**2, kappa)
    square = laws.verified.squared_score(k, p, mu**2, kappa)
    limit = float(theory.ridgeless_score(mu, kappa))
    return Check(
        cj.LinearClassifier(along(p, mu)),
        cj.Verified(cj.Replace(k), eps),
        metric="score",
        generations=2,
        at=(2,),
        predicted=lambda t: exact,
        mutants={"labels all right": lambda t: exact / kappa, "k / (k - p) of it": lambda t: exact * k / (k - p),
                 "half of the limit": lambda t: limit / 2},
        variance=lambda t: square - exact**2,
    )  # fmt: skip
