r"""Deterministic equivalents of ridge regression on labels of earlier models: the limit of many features.

$x \sim N(0, \Sigma)$, $y = x^\top w + \sigma\varepsilon$, a new design for every fit, penalty $\lambda$ per row. A
model is known by `Moments`, $E\,w_j = f_j w^*_j$ and $a_j = E\,w_j^2$ along each eigenvector. One fit maps them to
those of the next model, with $\kappa$ of `spectrum.effective_penalty`, $D = \Sigma(\Sigma + \kappa)^{-1}$ and
$q = \Sigma(\Sigma + \kappa)^{-2}$; the risk is $\sum_j \Sigma_j (a_j - 2 f_j w^{*2}_j + w^{*2}_j)$. As features and
rows grow in proportion, these are off by the order 1/d; `remainder` is the allowance to give for it. $\lambda = 0$ is
least squares for T > d and the interpolator of least norm for T < d. Derived; with labels of the last model alone also
in Dohmatob, Feng and Kempe (2024).
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from collapse_jax.laws._check import numbers, real
from collapse_jax.laws.domain import Kind, NonNegative, Positive, domain
from collapse_jax.laws.spectrum import Spectrum, df_2, effective_penalty

__all__ = ["Layer", "Moments", "chain", "excess_risk", "mix_step", "remainder", "replace_step", "truth"]


class Moments(NamedTuple):
    r"""What is known of a model along each eigenvector.

    **Fields**: `kept`: $f_j$, $E\,w_j = f_j w^*_j$; `square`: $a_j = E\,w_j^2$.
    """

    kept: np.ndarray
    square: np.ndarray


class Layer(NamedTuple):
    r"""One fit on T rows labelled by the model before.

    **Fields**: `T`: rows; `penalty`: $\lambda$, per row; `sigma2`: variance of the label noise.
    """

    T: float
    penalty: float = 0.0
    sigma2: float = 0.0


@domain(spectrum=Kind(kind=Spectrum))
def truth(spectrum: Spectrum, source: Any) -> Moments:
    r"""The truth as a model of itself: f = 1, $a_j = w^{*2}_j$.

    **Args**: `spectrum`: of $\Sigma$; `source`: $w^{*2}_j$ per eigenvalue, or one number for all.

    **Returns**: its `Moments`.
    """
    square = numbers(source, "source") + np.zeros_like(spectrum.values)
    return Moments(np.ones_like(square), square)


@domain(spectrum=Kind(kind=Spectrum), T=Positive, penalty=NonNegative, sigma2=NonNegative)
def replace_step(
    spectrum: Spectrum, model: Moments, T: float | int, penalty: float | int = 0, sigma2: float | int = 0
) -> Moments:
    r"""The model fitted on T rows labelled by a model.

    $$f' = D f, \qquad a' = D^2 a + q\,\frac{\kappa^2 \sum_j a_j q_j + \sigma^2}{T - df_2(\kappa)}.$$

    **Args**: `spectrum`: of $\Sigma$; `model`: `Moments` of what labels; `T`: rows; `penalty`: $\lambda$, per row;
    `sigma2`: variance of the label noise.

    **Returns**: `Moments` of what is fitted.

    **Raises**: ValueError for T = d without penalty, where the error is infinite.

    >>> iso = Spectrum.isotropic(100)
    >>> round(excess_risk(iso, 0.01, replace_step(iso, truth(iso, 0.01), 300, sigma2=1.0)), 9)
    0.5
    """
    kappa, D, q, rest = _at(spectrum, real(penalty), real(T))
    passed = kappa**2 * spectrum.sum(model.square * q)
    return Moments(D * model.kept, D**2 * model.square + q * (passed + real(sigma2)) / rest)


@domain(
    "n_real + n_synthetic > 0",
    spectrum=Kind(kind=Spectrum),
    n_real=NonNegative,
    n_synthetic=NonNegative,
    penalty=NonNegative,
    sigma2_real=NonNegative,
    sigma2_synthetic=NonNegative,
)
def mix_step(
    spectrum: Spectrum,
    model: Moments,
    source: Any,
    n_real: float | int,
    n_synthetic: float | int,
    penalty: float | int = 0,
    sigma2_real: float | int = 0,
    sigma2_synthetic: float | int = 0,
) -> Moments:
    r"""The model fitted on $n_1$ rows labelled by the truth together with $n_2$ labelled by a model.

    $n = n_1 + n_2$, $p_i = n_i/n$. With $\delta = w - w^*$, $e_j = E\,\delta_j^2$, $b_j = E\,w^*_j\delta_j$ and
    $s^2 = p_1\sigma_1^2 + p_2\sigma_2^2$ the next are
    $$e' = (1 - 2D)w^{*2} + \mathcal T(w^{*2}) + G_2(e) - 2[p_2 D b - G_{12}(b) - G_2(b)] + s^2 q/(n - df_2),$$
    $b' = -\tfrac{\kappa}{\Sigma + \kappa} w^{*2} + p_2 D b$, where
    $\mathcal T(a) = D^2 a + \kappa^2 q \sum_j a_j q_j/(n - df_2)$, $G_{12} = (\mathcal T - G_1 - G_2)/2$ and, o being
    the other group, $G_j(a) = p_j^2 D^2 a + \tfrac{q}{n - df_2} \sum [p_o p_j^2\,a\Sigma D^2
    + p_j\,a\Sigma(p_o\Sigma + \kappa)^2(\Sigma + \kappa)^{-2}]$.

    **Args**: `spectrum`: of $\Sigma$; `model`: `Moments` of what labels the synthetic rows; `source`: $w^{*2}_j$ per
    eigenvalue, or one number for all; `n_real`, `n_synthetic`: $n_1$ and $n_2$; `penalty`: $\lambda$, per row of both;
    `sigma2_real`, `sigma2_synthetic`: variances $\sigma_1^2$ and $\sigma_2^2$ of the label noise.

    **Returns**: `Moments` of what is fitted.

    **Raises**: ValueError for n = d without penalty, where the error is infinite.
    """
    S, n = spectrum.values, real(n_real) + real(n_synthetic)
    p1, p2 = real(n_real) / n, real(n_synthetic) / n
    kappa, D, q, rest = _at(spectrum, real(penalty), n)
    w2 = truth(spectrum, source).square

    def whole(a: np.ndarray) -> np.ndarray:
        return D**2 * a + kappa**2 * q * spectrum.sum(a * q) / rest

    def group(a: np.ndarray, own: float, other: float) -> np.ndarray:
        within = other * own**2 * spectrum.sum(a * S * D**2)
        between = own * spectrum.sum(a * S * ((other * S + kappa) / (S + kappa)) ** 2)
        return own**2 * D**2 * a + q * (within + between) / rest

    e, b = model.square - 2 * model.kept * w2 + w2, (model.kept - 1) * w2
    both = (whole(b) - group(b, p1, p2) - group(b, p2, p1)) / 2
    noise = (p1 * real(sigma2_real) + p2 * real(sigma2_synthetic)) * q / rest
    error = (1 - 2 * D) * w2 + whole(w2) + group(e, p2, p1) - 2 * (p2 * D * b - both - group(b, p2, p1)) + noise
    kept = 1 - kappa / (S + kappa) + p2 * D * (model.kept - 1)
    return Moments(kept, error + (2 * kept - 1) * w2)


@domain(spectrum=Kind(kind=Spectrum))
def chain(spectrum: Spectrum, source: Any, layers: Iterable[Layer]) -> Moments:
    r"""The model at the end of several fits, the first on labels of the truth.

    **Args**: `spectrum`: of $\Sigma$; `source`: $w^{*2}_j$ per eigenvalue, or one number for all; `layers`: the fits,
    in their order.

    **Returns**: `Moments` of the last.

    **Raises**: ValueError for a layer with T = d and no penalty.
    """
    model = truth(spectrum, source)
    for layer in layers:
        model = replace_step(spectrum, model, *layer)
    return model


@domain(spectrum=Kind(kind=Spectrum))
def excess_risk(spectrum: Spectrum, source: Any, model: Moments) -> float:
    r"""$E\|w - w^*\|_\Sigma^2$, the test error without the noise of test labels.

    **Args**: `spectrum`: of $\Sigma$; `source`: $w^{*2}_j$ per eigenvalue, or one number for all; `model`: `Moments`.

    **Returns**: the risk.
    """
    w2 = truth(spectrum, source).square
    return spectrum.sum(spectrum.values * (model.square - 2 * model.kept * w2 + w2))


@domain(d=Positive)
def remainder(value: Any, d: float | int, constant: float | int = 2) -> Any:
    r"""$C |v| / d$, what an equivalent may be off by at d features.

    C = 2 covers fits with d/T and T/d not within a fifth of 1 and, with a power law, penalties that leave many degrees
    of freedom.

    **Args**: `value`: v, the equivalent; `d`: features; `constant`: C.

    **Returns**: the allowance, of the shape of v.
    """
    return constant * abs(value) / d


def _at(spectrum: Spectrum, penalty: float, T: float) -> tuple[float, np.ndarray, np.ndarray, float]:
    """kappa, D, q and T - df_2 of a fit."""
    kappa = effective_penalty(spectrum, penalty, T)
    rest = T - df_2(spectrum, kappa)
    if not rest > 0:
        raise ValueError(f"T={T:g} rows for as many features, without penalty: the error is infinite; use another T")
    D = spectrum.shrunk(kappa)
    return kappa, D, D / (spectrum.values + kappa), rest
