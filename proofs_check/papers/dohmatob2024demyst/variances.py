r"""Variances of the risk of least squares of least norm, $\Sigma = I$: what licenses the limits of simulated means.

Derived. With $R = |w|^2$ and $A = w^\top w_0$ the first and second moments of (R, A) after one fit are linear in those
before: the fit is $P w + u$, P the projection on T uniform directions and u uniform among them, $|u|^2 =
\sigma^2\chi^2_k/\chi^2_{|d - T| + 1}$, k = min(d, T).
"""

from collections.abc import Iterable


def fresh_variance(fits: Iterable[tuple[int, float]], d: int, r2: float) -> float:
    r"""Variance of $\|w_n - w_0\|^2$ after fits of T rows with label noise $\sigma^2$, each on a fresh design.

    **Args**: `fits`: pairs $(T, \sigma^2)$ with |T - d| >= 4 wherever there is noise; `d`: features; `r2`: $r^2$.

    **Returns**: the variance after the last.
    """
    R, A, RR, RA, AA = r2, r2, r2**2, r2**2, r2**2
    for T, sigma2 in fits:
        k = min(d, T)
        pair = (
            k * (k * (d + 1) - 2) / (d * (d - 1) * (d + 2))
        )  # E P_ij P_kl = pair d_ij d_kl + cross (d_ik d_jl + d_il d_jk)
        cross = k * (d - k) / (d * (d - 1) * (d + 2))
        one, two = noise(T, d, sigma2)
        m, square = k / d, pair + 2 * cross
        R, A, RR, RA, AA = (
            m * R + one,
            m * A,
            square * RR + (2 + 4 / k) * m * R * one + two,
            square * RA + (1 + 2 / k) * m * A * one,
            pair * AA + cross * (R * r2 + AA) + m * r2 * one / k,
        )
    mean = R - 2 * A + r2
    return RR + 4 * AA + r2**2 - 4 * RA + 2 * r2 * R - 4 * r2 * A - mean**2


def shared_variance(n: int, T: int, d: int, r2: float, sigma2: float) -> float:
    r"""Variance of $\|w_n - w_0\|^2$ after n fits of T < d - 3 rows on one design.

    **Args**: `n`: fits; `T`: rows; `d`: features; `r2`: $r^2$; `sigma2`: $\sigma_0^2$.

    **Returns**: the variance.
    """
    one, two = noise(T, d, n * sigma2)
    return r2**2 * 2 * (d - T) * T / (d**2 * (d + 2)) + two - one**2


def noise(T: int, d: int, sigma2: float) -> tuple[float, float]:
    r"""First and second moment of $|u|^2 = \sigma^2\chi^2_k/\chi^2_{|d - T| + 1}$.

    **Args**: `T`: rows; `d`: features; `sigma2`: $\sigma^2$.

    **Returns**: both; zeros without noise.
    """
    if sigma2 == 0:
        return 0.0, 0.0
    k, gap = min(d, T), abs(d - T)
    return sigma2 * k / (gap - 1), sigma2**2 * k * (k + 2) / ((gap - 1) * (gap - 3))
