"""The two tables that come with scikit-learn, split as in the experiments: 70 % of the rows to fit, the others to test."""

from typing import NamedTuple

import numpy as np

__all__ = ["Split", "split"]

TABLES = {"diabetes": ("load_diabetes", 10, "progression > 100"), "breast cancer": ("load_breast_cancer", 10, "benign")}
"""Loader, how many of the first columns are used, and what label 1 means."""


class Split(NamedTuple):
    """Rows to fit and rows to test, with a constant column and the others standardised, and their labels, 0 or 1."""

    fit_rows: np.ndarray
    fit_labels: np.ndarray
    test_rows: np.ndarray
    test_labels: np.ndarray


def split(name: str, seed: int, columns: int | None = None) -> Split:
    """A table of `TABLES`, its rows in the random order of this seed.

    **Args**: `name`: of the table; `seed`: of the order; `columns`: how many of the first to use, by default those of
    `TABLES`.

    **Returns**: the two parts.

    **Raises**: ValueError where scikit-learn is not installed.
    """
    loader, default, _ = TABLES[name]
    try:
        from sklearn import datasets  # pyright: ignore[reportMissingImports]
    except ImportError:
        raise ValueError("the tables come with scikit-learn; pip install collapse_jax[tables]") from None
    x, y = getattr(datasets, loader)(return_X_y=True)
    y = (y > 100 if name == "diabetes" else y > 0).astype(float)
    x = x[:, : columns or default]
    order = np.random.default_rng(seed).permutation(len(y))
    used, left = np.split(order, [round(0.7 * len(y))])
    x = (x - x[used].mean(0)) / x[used].std(0)
    x = np.concatenate([np.ones((len(x), 1)), x], 1)
    return Split(x[used], y[used], x[left], y[left])


def separable(rows: np.ndarray, labels: np.ndarray) -> bool:
    """Whether some direction agrees in sign with every label: then no maximum-likelihood estimate exists."""
    from scipy.optimize import linprog

    signed = (2 * labels - 1)[:, None] * rows
    free = [(None, None)] * rows.shape[1]
    found = linprog(np.zeros(rows.shape[1]), A_ub=-signed, b_ub=-np.ones(len(rows)), bounds=free)
    return found.status == 0
