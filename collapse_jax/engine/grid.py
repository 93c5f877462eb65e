"""What a sweep returns: the runs of a grid, by their coordinates."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from collapse_jax.results import Run

__all__ = ["Sweep"]


@dataclass(frozen=True, eq=False)
class Sweep(Mapping[tuple, Run]):
    """The runs of a grid: `grid[100, 0.5]` is the run at these coordinates, in the order of `over`.

    `select(n=100)` keeps the cells with that coordinate; `to_xarray()` puts all of them side by side.

    **Args**: `over`: the values of every coordinate, by name; `runs`: from coordinates to runs, those of all cells, or,
    of a shard, of some.
    """

    over: dict[str, tuple]
    runs: dict[tuple, Run]

    def __getitem__(self, coordinates: Any) -> Run:
        key = coordinates if isinstance(coordinates, tuple) else (coordinates,)
        if key not in self.runs:
            raise KeyError(f"no cell {key!r}; coordinates are ({', '.join(self.over)}), each one of {self.over}")
        return self.runs[key]

    def __iter__(self) -> Iterator[tuple]:
        return iter(self.runs)

    def __len__(self) -> int:
        return len(self.runs)

    def join(self, *others: "Sweep") -> "Sweep":
        """The sweep that holds the cells of all shards.

        **Args**: `others`: what `sweep(..., shard=(i, N))` returned for the other i, in any order.

        **Returns**: the sweep that a call without `shard` returns.

        **Raises**: ValueError for shards of another grid, a cell held twice, or cells that no shard holds.
        """
        runs: dict[tuple, Run] = {}
        for other in (self, *others):
            if other.over != self.over:
                raise ValueError(f"these sweeps run over other grids, {self.over} and {other.over}; join shards of one")
            if twice := [key for key in other.runs if key in runs]:
                raise ValueError(f"cell {twice[0]} is in two of the shards; give every shard once")
            runs |= other.runs
        cells = list(product(*self.over.values()))
        if missing := [key for key in cells if key not in runs]:
            raise ValueError(f"no shard holds {len(missing)} of {len(cells)} cells, the first of them {missing[0]}")
        return Sweep(self.over, {key: runs[key] for key in cells})

    def select(self, **coordinates: Any) -> "Sweep":
        """The cells with these coordinates."""
        for name, value in coordinates.items():
            if name not in self.over or value not in self.over[name]:
                raise KeyError(f"{name}={value!r} is not in the grid; it runs over {self.over}")
        over = {name: (coordinates[name],) if name in coordinates else values for name, values in self.over.items()}
        self._whole()
        return Sweep(over, {key: self.runs[key] for key in product(*over.values())})

    def array(self, metric: str, moment: str = "mean") -> np.ndarray:
        """One moment of a metric, shape (len of every coordinate.., generations)."""
        self._whole()
        rows = [getattr(self.runs[key][metric], moment) for key in product(*self.over.values())]
        return np.reshape(rows, (*map(len, self.over.values()), len(rows[0])))

    def to_xarray(self) -> Any:
        """An `xarray.Dataset` over the coordinates and the generation, with mean and standard error (extra `data`)."""
        try:
            import xarray
        except ImportError:
            raise ImportError("to_xarray needs the extra 'data': pip install collapse_jax[data]") from None
        self._whole()
        first = next(iter(self.runs.values()))
        dimensions = (*self.over, "generation")
        variables = {
            f"{metric}{suffix}": (dimensions, self.array(metric, moment))
            for metric in first
            for moment, suffix in (("mean", ""), ("standard_error", "_standard_error"))
        }
        return xarray.Dataset(
            variables, {**{k: list(v) for k, v in self.over.items()}, "generation": first.generations}
        )

    def _whole(self) -> None:
        cells = math.prod(map(len, self.over.values()))
        if len(self.runs) < cells:
            raise ValueError(
                f"this shard holds {len(self.runs)} of {cells} cells; join all of them first: a.join(b, ..)"
            )
