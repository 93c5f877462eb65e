"""What a sweep returns: the runs of a grid, by their coordinates."""

import math
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Self

import numpy as np

from collapse_jax.engine import gridfile
from collapse_jax.results import Run
from collapse_jax.results.tables import attributes, dataset, html_table, labels

__all__ = ["Sweep"]

_ROWS = 20


@dataclass(frozen=True, eq=False)
class Sweep(Mapping[tuple, Run]):
    """The runs of a grid: `grid[100, 0.5]` is the run at these coordinates, in the order of `over`.

    `select(n=100)` keeps the cells with that coordinate; `to_xarray()` puts all of them side by side.

    **Args**: `over`: the values of every coordinate, by name; `runs`: from coordinates to runs, those of all cells, or,
    of a shard, of some; `seed`: that of the sweep, from which every cell has its own.
    """

    over: dict[str, tuple]
    runs: dict[tuple, Run]
    seed: int | None = None

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

        **Raises**: ValueError for shards of another grid or seed, a cell held twice, or cells that no shard holds.
        """
        runs: dict[tuple, Run] = {}
        for other in (self, *others):
            if other.over != self.over:
                raise ValueError(f"these sweeps run over other grids, {self.over} and {other.over}; join shards of one")
            if other.seed != self.seed:
                raise ValueError(f"these sweeps have the seeds {self.seed} and {other.seed}; join shards of one")
            if twice := [key for key in other.runs if key in runs]:
                raise ValueError(f"cell {twice[0]} is in two of the shards; give every shard once")
            runs |= other.runs
        cells = list(product(*self.over.values()))
        if missing := [key for key in cells if key not in runs]:
            raise ValueError(f"no shard holds {len(missing)} of {len(cells)} cells, the first of them {missing[0]}")
        return Sweep(self.over, {key: runs[key] for key in cells}, self.seed)

    def select(self, **coordinates: Any) -> "Sweep":
        """The cells with these coordinates."""
        for name, value in coordinates.items():
            if name not in self.over or value not in self.over[name]:
                raise KeyError(f"{name}={value!r} is not in the grid; it runs over {self.over}")
        over = {name: (coordinates[name],) if name in coordinates else values for name, values in self.over.items()}
        self._whole()
        return Sweep(over, {key: self.runs[key] for key in product(*over.values())}, self.seed)

    def array(self, metric: str, moment: str = "mean") -> np.ndarray:
        """One moment of a metric, shape (len of every coordinate.., generations)."""
        self._whole()
        rows = [getattr(self.runs[key][metric], moment) for key in product(*self.over.values())]
        return np.reshape(rows, (*map(len, self.over.values()), len(rows[0])))

    def to_xarray(self) -> Any:
        """An `xarray.Dataset` over coordinates and the generation, one variable per metric and moment (extra `data`).

        Coordinates that are no numbers, such as schedules and classes, become text. Attributes are what the cells have
        in common, and the seed.

        **Returns**: the data; with kept paths also METRIC_paths, over the chain, too.

        **Raises**: ImportError without xarray; ValueError for a name that would stand for two things, and for a shard.
        """
        self._whole()
        first = next(iter(self.runs.values()))
        about = attributes(run.config for run in self.runs.values())
        about = {key: value for key, value in about.items() if key not in ("seed", "coordinates")}
        if self.seed is not None:
            about["seed"] = str(self.seed)
        paths = self._paths if first.paths else None
        return dataset(list(first), self.over, first.generations, self.array, paths, about)

    def _paths(self, metric: str) -> np.ndarray:
        rows = np.stack([self.runs[key].paths[metric] for key in product(*self.over.values())])
        return rows.reshape(*map(len, self.over.values()), *rows.shape[1:])

    def save(self, path: str | os.PathLike) -> Path:
        """Write PATH.sweep, one file with all cells, whole or not at all.

        **Args**: `path`: where, with or without .sweep at its end.

        **Returns**: the file.

        **Raises**: ValueError for a place that cannot be written.
        """
        return gridfile.write(self.over, self.runs, self.seed, path)

    @classmethod
    def load(cls, path: str | os.PathLike) -> Self:
        """Read what `save` wrote.

        **Args**: `path`: the file, with or without .sweep at its end.

        **Returns**: the sweep.

        **Raises**: ValueError if the file is missing, truncated, was changed, is of another format, or has coordinates
        of classes that are not imported.
        """
        return cls(*gridfile.read(path))

    def __repr__(self) -> str:
        return "\n  ".join([self._title(), *self._notes()])

    def _title(self) -> str:
        cells = math.prod(map(len, self.over.values()))
        held = f"{len(self.runs)} of {cells}" if len(self.runs) < cells else str(cells)
        return f"Sweep: {held} cells over {' x '.join(f'{name} ({len(values)})' for name, values in self.over.items())}"

    def _notes(self) -> list[str]:
        about = [f"{name}: {_shortened(labels(values))}" for name, values in self.over.items()]
        if not self.runs:
            return about
        run = next(iter(self.runs.values()))
        seed = "" if self.seed is None else f", seed {self.seed}"
        what = f"{run.config['generations']} generations, engine {run.config['engine']}, {run.config['dtype']}{seed}"
        return [*about, f"{run.chains:,} chains per cell, {what}", f"metrics: {', '.join(run)}"]

    def _repr_html_(self) -> str:
        """What a notebook shows: a row per cell, of the first twenty."""
        shown = list(self.runs.items())[:_ROWS]
        names = list(shown[0][1]) if shown else []
        rows = [[*map(str, labels(key)), *(run[name].at(-1) for name in names)] for key, run in shown]
        left = len(self.runs) - len(shown)
        if left:
            rows.append([f"and {left} more", *[""] * (len(self.over) + len(names) - 1)])
        last = f" at t={shown[0][1].config['generations']}" if shown else ""
        return html_table(self._title(), self._notes(), [*self.over, *(f"{name}{last}" for name in names)], rows)

    def _whole(self) -> None:
        cells = math.prod(map(len, self.over.values()))
        if len(self.runs) < cells:
            raise ValueError(
                f"this shard holds {len(self.runs)} of {cells} cells; join all of them first: a.join(b, ..)"
            )


def _shortened(values: np.ndarray) -> str:
    texts = [text if len(text) <= 24 else f"{text[:21]}..." for text in map(str, values)]
    return ", ".join(texts) if len(texts) <= 8 else f"{', '.join(texts[:3])}, .., {texts[-1]}"
