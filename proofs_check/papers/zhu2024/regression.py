r"""Linear regression with edited labels (Zhu et al. 2024, arXiv 2412.14689, Theorems 1 and 2).

One design X, T rows, d isotropic Gaussian features, noise variance $\sigma^2$. Fit 1 is on real labels. Before fit
n + 1 the labels of the rows in $M_n$, a diagonal matrix of zeros and ones, are replaced by predictions of model n with
new noise, $\tilde Y_n = M_n (X \hat w_n + E_{n+1}) + (1 - M_n) \tilde Y_{n-1}$. Errors are excess risks.
"""

from typing import Any

from collapse_jax.laws.domain import Integers, Interval, NonNegative, domain
from collapse_jax.laws.identities import one_fit
from collapse_jax.laws.special import sqrt

__all__ = ["as_printed", "ceiling", "decreasing_bound", "first_edit", "risk_square"]

_FIT = domain("T >= d + 2", d=Integers(1), T=Integers(1), sigma2=NonNegative)


@_FIT & domain(edits=NonNegative)
def as_printed(edits: Any, d: Any, T: Any, sigma2: Any) -> Any:
    r"""$\frac{\sigma^2 d}{T - d - 1} \bigl(1 + \frac1T \sum_i \operatorname{tr} M_i\bigr)$: what Theorem 1 implies (derived).

    `edits` is $\sum_i \operatorname{tr} M_i$, the number of labels edited so far, with repetitions.
    """
    return one_fit(d, T, sigma2) * (1 + edits / T)


@_FIT & domain("m <= T", m=Integers(0))
def first_edit(m: Any, d: Any, T: Any, sigma2: Any) -> Any:
    r"""The risk of fit 2 when m labels have been replaced (derived):

    $$\frac{\sigma^2 d}{T - d - 1} \Bigl[1 + \frac{2 m}{T} - \beta\Bigr], \qquad
      \beta = \frac{m}{T (T + 2)} \Bigl[d + 2 + \frac{(m - 1)(T - d)}{T - 1}\Bigr],$$

    $\beta = E \operatorname{tr} B^2 / d$ for the share $B = G^{-1/2} G_M G^{-1/2}$ of the edited rows in $G = X'X$, a
    matrix beta independent of G: the error is $G^{-1/2}$ times noise of covariance $\sigma^2 (1 + 2 B - B^2)$.
    """
    share = m * (d + 2 + (m - 1) * (T - d) / (T - 1)) / (T * (T + 2))
    return one_fit(d, T, sigma2) * (1 + 2 * m / T - share)


@_FIT
def ceiling(d: Any, T: Any, sigma2: Any) -> Any:
    r"""The first bound of Theorem 2, $\frac{2 \sigma^2 d}{T - d - 1}$."""
    return 2 * one_fit(d, T, sigma2)


@domain("T >= d + 4", d=Integers(1), T=Integers(1), sigma2=NonNegative, first=NonNegative, eta=Interval("[0, 1)"))
def decreasing_bound(d: Any, T: Any, sigma2: Any, first: Any, eta: Any) -> Any:
    r"""The second bound of Theorem 2, for $\|M_i\| = \eta \|M_{i-1}\|$ and $\operatorname{tr} M_1$ = `first`:

    $$\frac{\sigma^2 d}{T - d - 1} + \sigma^2 \sqrt{E \operatorname{tr} (X'X)^{-2}}\, \frac{\sqrt{E \operatorname{tr} M_1}}{1 - \eta}, \qquad
      E \operatorname{tr} (X'X)^{-2} = \frac{d\,(T - 1)}{(T - d)(T - d - 1)(T - d - 3)}.$$
    """
    squares = d * (T - 1) / ((T - d) * (T - d - 1) * (T - d - 3))
    return one_fit(d, T, sigma2) + sigma2 * sqrt(squares * first) / (1 - eta)


@domain("T >= d + 4", d=Integers(1), T=Integers(1), sigma2=NonNegative)
def risk_square(d: Any, T: Any, sigma2: Any) -> Any:
    r"""A ceiling of the second moment of the risk of fit 2, $4 \sigma^4 E (\chi^2_d / \chi^2_{T-d+1})^2$ (derived).

    Given X the error is normal with covariance at most $2 \sigma^2 (X'X)^{-1}$.
    """
    return 4 * sigma2**2 * d * (d + 2) / ((T - d - 1) * (T - d - 3))
