r"""What was simulated for a conjecture: mean curves over a design, and how their errors hang together.

All generations of a run come from the same chains, so their errors are correlated, and their covariance is estimated
from the chains themselves. In its eigenvectors the errors of a cell are independent and of size 1: the squared length
of (mean - law) is then $\chi^2$ with as many degrees of freedom as there are points, in the limit of many chains.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from proofs_check.conjecture.problem import Conjecture, cells

__all__ = ["Observed", "observe", "of_chains", "table"]

CARRIERS = 400  # chains that have to carry the spread of a mean, else its error is not known well enough
_ROUNDING = 1e-10  # of the largest mean: no error is known to be smaller
_RIDGE = 1e-8  # least eigenvalue of a correlation matrix that is believed


@dataclass(frozen=True, eq=False)
class Observed:
    """Means at generations `t` (P,) for every cell of a design (C).

    **Args**: `cells`: the parameters of every cell; `t`: generations; `mean`, `error`: (C, P), NaN where left out;
    `whiten`: of every cell the matrix that makes the errors of its points independent, of size 1; `chains`: per cell;
    `left_out`: how many points few chains carry, or where some chain is not finite.
    """

    cells: list[dict[str, Any]]
    t: tuple[int, ...]
    mean: np.ndarray
    error: np.ndarray
    whiten: list[np.ndarray]
    chains: int
    left_out: int

    @property
    def points(self) -> int:
        """How many means there are."""
        return int(np.isfinite(self.mean).sum())

    @cached_property
    def parameters(self) -> dict[str, np.ndarray]:
        """Every parameter of the design at all cells, (C,), as floats."""
        return {name: np.asarray([cell[name] for cell in self.cells], float) for name in self.cells[0]}

    def whitened(self, values: np.ndarray) -> np.ndarray:
        """Numbers per point in units in which the errors are independent, of size 1.

        **Args**: `values`: (C, P).

        **Returns**: one vector, (points,).
        """
        rows = zip(self.whiten, values, self._kept, strict=True)
        return np.concatenate([whiten @ row[kept] for whiten, row, kept in rows])

    @cached_property
    def _kept(self) -> np.ndarray:
        return np.isfinite(self.mean)


def observe(
    conjecture: Conjecture, design: Mapping[str, Sequence[Any]], at: Sequence[int], chains: int, seed: int
) -> Observed:
    """Simulate a design, all cells by one program where only sizes differ.

    **Args**: `conjecture`: family, workflow, metric, horizon; `design`: of this simulation; `at`: generations to keep;
    `chains`: per cell; `seed`: of the sweep.

    **Returns**: what was seen.

    **Raises**: ValueError as `collapse_jax.sweep`, and where no mean is left that can be trusted.
    """
    from collapse_jax import simulate, sweep
    from collapse_jax.metrics import resolve

    options: dict[str, Any] = {"generations": conjecture.generations, "chains": chains, "keep_paths": chains}
    options |= {"seed": seed, "optimisation": 0}
    if design:
        grid = sweep(conjecture.build, design, conjecture.metric, **options)
        runs = [grid[tuple(cell.values())] for cell in cells(design)]
    else:
        runs = [simulate(*conjecture.build(), conjecture.metric, progress=False, **options)]
    name = resolve(conjecture.metric)[0]
    index = np.asarray(at) - 1
    paths = [run.paths[name][index] for run in runs]
    trusted = [
        (run[name].nonfinite[index] == 0) & (run[name].carriers[index] >= min(CARRIERS, chains / 3)) for run in runs
    ]
    constant = [np.ptp(path, axis=1) == 0 for path in paths]
    return of_chains(cells(design), tuple(at), paths, [a | b for a, b in zip(trusted, constant, strict=True)])


def of_chains(
    cells: list[dict[str, Any]], t: tuple[int, ...], paths: Sequence[np.ndarray], trusted: Sequence[np.ndarray]
) -> Observed:
    """What chains show.

    **Args**: `cells`: parameters; `t`: generations; `paths`: of every cell the chains, (P, chains); `trusted`: which of
    its points to use, (P,).

    **Returns**: means, errors and the matrices that whiten them.

    **Raises**: ValueError where nothing is trusted.
    """
    if not any(map(np.any, trusted)):
        raise ValueError(
            "few chains carry every mean of this metric, or some are not finite; use more chains or another"
        )
    means, errors, whiten = [], [], []
    for path, keep in zip(paths, trusted, strict=True):
        chains = path.shape[1]
        kept = path[keep]
        mean = kept.mean(1)
        covariance = np.atleast_2d(np.cov(kept)) / chains
        floor = _ROUNDING * max(np.abs(mean).max(initial=0), np.finfo(float).tiny)
        spread = np.maximum(np.sqrt(np.diag(covariance)), floor) if keep.any() else np.zeros(0)
        means.append(_at(keep, mean))
        errors.append(_at(keep, spread))
        if keep.any():
            values, vectors = np.linalg.eigh(covariance / np.outer(spread, spread) + 0.0)
            whiten.append((vectors / np.sqrt(np.maximum(values, _RIDGE))).T / spread)
        else:
            whiten.append(np.zeros((0, 0)))
    left_out = int(sum(np.sum(~keep) for keep in trusted))
    return Observed(cells, t, np.asarray(means), np.asarray(errors), whiten, paths[0].shape[1], left_out)


def _at(keep: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Values where they are kept, NaN elsewhere."""
    found = np.full(keep.shape, np.nan)
    found[keep] = values
    return found


def table(observed: Observed, value: Callable[[int], Any]) -> np.ndarray:
    """A law at all points.

    **Args**: `observed`: the points; `value`: generation -> the law of all cells.

    **Returns**: numbers, (C, P).
    """
    found = np.empty(observed.mean.shape)
    with np.errstate(all="ignore"):
        for column, t in enumerate(observed.t):
            found[:, column] = value(t)
    return found
