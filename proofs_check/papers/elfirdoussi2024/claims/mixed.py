"""Real and synthetic data together: the limit, and the one that the code computes."""

import numpy as np

from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.elfirdoussi2024 import deterministic, theory
from proofs_check.papers.elfirdoussi2024.claims._setups import (
    LABELS,
    MIX,
    SETTING,
    along,
    classifier,
    mixed,
    spectrum,
    within,
)

_SOURCE = (
    r"mean and covariance of the synthetic data as in the code, $\mu_b = .8 \mu + .6 \mu_\perp$, C with eigenvalues 1/2 and "
    "3/2; C/p of it is left open, C = 1"
)


def _limit(p, mix, **options):
    return deterministic.mixed(mix, along(p, 1), along(p, 0.8, 0.6), spectrum(p), **options)


def _check(p, mix, metric, stated, mutants):
    return Check(
        classifier(p, mix.gamma),
        mixed(mix, along(p, 0.8, 0.6), np.diag(spectrum(p))),
        metric=metric,
        generations=2,
        at=(2,),
        predicted=lambda t: stated,
        mutants={name: lambda t, value=value: value for name, value in mutants.items()},
        allowance=within(stated, p),
    )


@claim(
    "elfirdoussi2024.general.score",
    statement=r"E\,y\,x'w \to \mu' \bar Q \Bigl[\frac{\pi \mu}{1 + \delta} + \frac{\lambda (1 - \pi) \mu_b}{1 + \delta_s}\Bigr], \quad \delta_s = \tfrac1N \operatorname{tr} C \bar Q",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source=f"the code's form with the corrected fixed point; {_SOURCE}",
    domain=SETTING,
)
def general_score(p=20, n=MIX.n, m=MIX.m, eps=MIX.eps, phi=MIX.phi, rho=MIX.rho, gamma=MIX.gamma):
    """Real data at fit 1; at fit 2 the same and synthetic ones."""
    mix = deterministic.Mix(n, m, eps, phi, rho, gamma)
    limit = _limit(p, mix)
    unpruned = _limit(p, mix._replace(phi=1.0, rho=1.0))
    mutants = {"nothing left out": unpruned.score, "20 % more": 1.2 * limit.score}
    return _check(p, mix, "score", limit.score, mutants)


@claim(
    "elfirdoussi2024.general.square",
    statement=r"E (x'w)^2 \to \nu_q \quad \text{with } \delta_s = \tfrac1N \operatorname{tr} C \bar Q",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source=f"the code's form with the corrected fixed point; {_SOURCE}",
    domain=SETTING,
)
def general_square(p=20, n=MIX.n, m=MIX.m, eps=MIX.eps, phi=MIX.phi, rho=MIX.rho, gamma=MIX.gamma):
    mix = deterministic.Mix(n, m, eps, phi, rho, gamma)
    limit, coded = _limit(p, mix), _limit(p, mix, as_coded=True)
    return _check(p, mix, "squared_score", limit.square, {"as coded": coded.square, "20 % more": 1.2 * limit.square})


@claim(
    "elfirdoussi2024.general.accuracy",
    statement=r"P(\operatorname{sign} x'w = y) \to \Phi\bigl(m_q / \sqrt{\nu_q - m_q^2}\bigr)",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source=f"the corrected moments; {_SOURCE}",
    domain=SETTING,
)
def general_accuracy(p=20, n=MIX.n, m=MIX.m, eps=MIX.eps, phi=MIX.phi, rho=MIX.rho, gamma=MIX.gamma):
    mix = deterministic.Mix(n, m, eps, phi, rho, gamma)
    limit = _limit(p, mix)
    half = 0.5 + (limit.accuracy - 0.5) / 2
    mutants = {"half as far from 1/2": half, "10 % more": 1.1 * limit.accuracy}
    return _check(p, mix, "accuracy", limit.accuracy, mutants)


@claim(
    "elfirdoussi2024.general_as_coded.square",
    statement=r"E (x'w)^2 \to \nu_q \quad \text{with } \delta_s = \tfrac{\alpha}{N} \operatorname{tr} C \bar Q",
    relation="==",
    regime="asymptotic",
    provenance="code",
    source=f"`Delta` of the authors' rmt_results.py; {_SOURCE}",
    expected="REFUTED",
    domain=SETTING,
)
def general_as_coded_square(p=20, n=MIX.n, m=MIX.m, eps=MIX.eps, phi=MIX.phi, rho=MIX.rho, gamma=MIX.gamma):
    """A fifth of the labels are kept and the ridge is weak; where nothing is left out the code is right."""
    mix = deterministic.Mix(n, m, eps, phi, rho, gamma)
    coded = _limit(p, mix, as_coded=True).square
    return _check(p, mix, "squared_score", coded, {"another 20 % more": 1.2 * coded, "10 % more": 1.1 * coded})


@claim(
    "elfirdoussi2024.general_as_coded.all_kept",
    statement=r"\alpha = 1 \Rightarrow \nu_q \text{ as coded } = \nu_q",
    relation="==",
    provenance="derived",
    source="the two fixed points are one where every observation is kept",
    domain=LABELS & SETTING,
)
def general_as_coded_all_kept(p=20, n=10, m=100, eps=0.3, gamma=0.1):
    mix = deterministic.Mix(n, m, eps, 1.0, 1.0, gamma)
    kept_half = mix._replace(phi=0.5, rho=0.5)
    return Computed(
        lambda t: _limit(p, mix, as_coded=True).square,
        lambda t: _limit(p, mix).square,
        {
            "half of them kept, as coded": lambda t: _limit(p, kept_half, as_coded=True).square,
            "2 % more": lambda t: 1.02 * _limit(p, mix).square,
        },
        at=(1,),
        rung="identity",
        tolerance=1e-8,
    )


@claim(
    "elfirdoussi2024.toy.square",
    statement=r"\mu_b = \mu,\ C = \hat n^{-1} \sum_i z_i z_i' \Rightarrow E (x'w)^2 \to \nu_q \text{ (corrected)}",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="the toy setting of the code, the generator's covariance drawn anew by every chain; C/p is left open, C = 1",
    domain=SETTING,
)
def toy_square(p=20, n=MIX.n, m=MIX.m, n_hat=20, eps=MIX.eps, phi=MIX.phi, rho=MIX.rho, gamma=MIX.gamma):
    """The generator has the true mean, as in the code, which computes the fitted one and does not use it."""
    mix = deterministic.Mix(n, m, eps, phi, rho, gamma)
    stated = deterministic.toy(mix, p, n_hat, 1.0).square
    coded = deterministic.toy(mix, p, n_hat, 1.0, as_coded=True).square
    return _toy(p, mix, n_hat, stated, {"as coded": coded, "20 % less": 0.8 * stated})


@claim(
    "elfirdoussi2024.toy.as_coded",
    statement=r"\mu_b = \mu,\ C = \hat n^{-1} \sum_i z_i z_i' \Rightarrow E (x'w)^2 \to \nu_q \text{ with } \delta_s = \alpha \delta / (1 + \bar\delta),\ b_1 = b_2",
    relation="==",
    regime="asymptotic",
    provenance="code",
    source="`Delta_bars` and `test_expectation_2_toy` of the authors' rmt_results.py",
    expected="REFUTED",
    domain=SETTING,
)
def toy_as_coded(p=20, n=MIX.n, m=MIX.m, n_hat=20, eps=MIX.eps, phi=MIX.phi, rho=MIX.rho, gamma=MIX.gamma):
    mix = deterministic.Mix(n, m, eps, phi, rho, gamma)
    coded = deterministic.toy(mix, p, n_hat, 1.0, as_coded=True).square
    return _toy(p, mix, n_hat, coded, {"20 % more": 1.2 * coded, "10 % more": 1.1 * coded})


def _toy(p, mix, n_hat, stated, mutants):
    return Check(
        classifier(p, mix.gamma),
        mixed(mix, n_hat=n_hat),
        metric="squared_score",
        generations=2,
        at=(2,),
        predicted=lambda t: stated,
        mutants={name: lambda t, value=value: value for name, value in mutants.items()},
        allowance=within(stated, p),
    )


@claim(
    "elfirdoussi2024.toy.many",
    statement=r"\nu_q(\hat n) = \nu_q(C = I) + O(p / \hat n)",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="the generator's covariance is known where it saw many observations; p / n_hat is left open",
    domain=SETTING,
)
def toy_many(p=20, n=MIX.n, m=MIX.m, eps=MIX.eps, phi=MIX.phi, rho=MIX.rho, gamma=MIX.gamma):
    mix = deterministic.Mix(n, m, eps, phi, rho, gamma)
    known = deterministic.mixed(mix, along(p, 1), along(p, 1), [1.0] * p).square
    return Computed(
        lambda n_hat: deterministic.toy(mix, p, n_hat, 1.0).square,
        lambda n_hat: known,
        {
            "as coded": lambda n_hat: deterministic.toy(mix, p, n_hat, 1.0, as_coded=True).square,
            "1 % more": lambda n_hat: 1.01 * known,
        },
        at=(100 * p, 1_000 * p, 10_000 * p),
        index="n_hat",
        allowance=lambda n_hat: known * p / n_hat,
        tolerance=1e-7,
    )


@claim(
    "elfirdoussi2024.general.one_fixed_point",
    statement=r"\mu_b = \mu,\ C = I,\ n = 0 \Rightarrow \nu_q = \nu_q \text{ (synthetic only)}",
    relation="==",
    provenance="derived",
    source="the general limit without real data, beside the closed form",
    domain=SETTING,
)
def general_one_fixed_point(p=20, m=MIX.m, eps=MIX.eps, phi=MIX.phi, rho=MIX.rho, gamma=MIX.gamma):
    mix = deterministic.Mix(0, m, eps, phi, rho, gamma)
    stated = float(theory.synth_square(m, p, 1.0, eps, phi, rho, gamma))
    return Computed(
        lambda t: deterministic.mixed(mix, along(p, 1), along(p, 1), [1.0] * p).square,
        lambda t: stated,
        {
            "as coded": lambda t: float(theory.synth_square_as_coded(m, p, 1.0, eps, phi, rho, gamma)),
            "2 % more": lambda t: 1.02 * stated,
        },
        at=(1,),
        rung="identity",
        tolerance=1e-8,
    )
