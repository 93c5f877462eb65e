"""Where rounding would show in the numbers of a run: limits that are refused with their remedy."""

from typing import Any

import numpy as np

COUNTED = 10**13
"""Largest mean of a count: beyond, the logarithms in its rejection step lose the digits that decide."""

SHARE = 0.05
"""Rounding may be this share of a standard error at most, hence 1/400 of a variance."""


def check_size(n: int, dtype: Any) -> None:
    """Refuse samples whose standard error, relative to the estimate, is lost in this precision."""
    epsilon = float(np.finfo(dtype).eps) / 2
    if epsilon * n**0.5 > SHARE:
        limit = f"{(SHARE / epsilon) ** 2:.1g}"
        raise ValueError(f"n={n} has errors that dtype={dtype!r} rounds away; use dtype='float64', or n <= {limit}")


def check_count(total: float | int, what: str) -> None:
    """Refuse counts that are too large to be drawn from their law."""
    if total > COUNTED:
        raise ValueError(f"{what} is {total:.3g}, too large for a count to have its law; use at most {COUNTED:.0e}")


def check_offset(offset: Any, error: Any, name: str, dtype: Any) -> None:
    """Refuse parameters so far from 0, in units of the standard error of their fit, that rounding would show."""
    rounding = float(np.finfo(dtype).eps) / 2 * np.abs(np.asarray(offset, np.float64))
    if np.any(rounding > SHARE * np.asarray(error)):
        wider = "" if np.dtype(dtype) == np.float64 else ", or dtype='float64'"
        raise ValueError(
            f"{name} is so far from 0 that dtype={dtype!r} rounds its errors away; subtract the offset from {name}"
            f"{wider}"
        )


def covariance(cov: np.ndarray, size: int, given: Any) -> None:
    """Refuse a matrix that is not symmetric positive definite, judged relative to its own scale."""
    remedy = f"cov must be a symmetric positive definite {size} x {size} matrix; give one with positive eigenvalues"
    kind = getattr(given, "dtype", np.dtype(np.float64))
    precision = float(np.finfo(kind).eps) if kind.kind == "f" else 2.0**-52
    if cov.shape != (size, size) or not np.all(np.isfinite(cov)) or np.any(np.diagonal(cov) <= 0):
        raise ValueError(remedy)
    unit = np.sqrt(np.diagonal(cov))
    correlation = cov / unit[:, None] / unit
    if np.any(np.abs(correlation - correlation.T) > max(1e-8, 8 * precision)):
        raise ValueError(f"cov is not symmetric; {remedy}")
    if np.any(np.linalg.eigvalsh(correlation) <= 0):
        raise ValueError(remedy)
