"""Results: what a simulation measured, and where it came from."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np

from collapse_jax.results import store
from collapse_jax.results.curve import Curve
from collapse_jax.results.estimate import Moments4
from collapse_jax.results.record import describe, differing
from collapse_jax.results.tables import attributes, dataset, html_table
from collapse_jax.results.tally import Tally

__all__ = ["Run"]

# What may differ between runs that add: the chains they hold, and how hard the compiler tried.
_EXTENT = ("chains", "first_block", "keep_paths", "optimisation")


@dataclass(frozen=True, eq=False)
class Run(Mapping[str, Curve]):
    """The outcome of `simulate`: `run["variance"].mean` is a curve over `run.generations` (1, 2, ..).

    Two runs of the same configuration on adjacent blocks add: `run + simulate(..., first_block=...)` is one longer run,
    to the last bit. `moments` holds those of all chains, shape (generations, metrics).

    **Args**: `config`: everything needed to run it again; `tally`: the moments of the blocks in the canonical order of
    reduction; `paths`: kept metric values, (generations, chains) by name.
    """

    config: dict[str, Any]
    tally: Tally = field(repr=False)
    paths: dict[str, np.ndarray] = field(repr=False, default_factory=dict)

    @cached_property
    def moments(self) -> Moments4:
        """Moments of all chains, (generations, metrics)."""
        return self.tally.moments(store.shape_of(self.config))

    @property
    def generations(self) -> np.ndarray:
        return np.arange(1, self.config["generations"] + 1)

    @property
    def chains(self) -> int:
        return self.config["chains"]

    def __getitem__(self, metric: str) -> Curve:
        names = self.config["metrics"]
        if metric not in names:
            raise KeyError(
                f"this run recorded {', '.join(names)}, not {metric!r}; name it in simulate(..., metrics=...)"
            )
        return Curve(metric, self.generations, self.moments[:, names.index(metric)])

    def __iter__(self):
        return iter(self.config["metrics"])

    def __len__(self):
        return len(self.config["metrics"])

    def __add__(self, other: Self) -> Self:
        if "shard" in self.config or "shard" in other.config:
            raise ValueError("shards do not add; join all of them with collapse_jax.merge or `collapse merge`")
        keys = differing(self.config, other.config, but=_EXTENT)
        if keys:
            raise ValueError(
                f"these runs have different configurations ({', '.join(keys)}); "
                "add runs that differ in first_block only"
            )
        end = self.tally.first + self.tally.whole + self.tally.partial
        if other.tally.first != end or self.tally.partial:
            raise ValueError(
                f"runs add when the second starts where the first ended; use whole blocks and first_block={end}"
            )
        # Kept paths are those of the first chains: the second run extends them only if the first kept all of its own.
        kept, both = self.config["keep_paths"], dict(self.paths)
        if kept == self.chains and other.paths:
            both = {name: np.concatenate([paths, other.paths[name]], -1) for name, paths in self.paths.items()}
            kept += other.config["keep_paths"]
        config = {**self.config, "chains": self.chains + other.chains, "keep_paths": kept}
        return type(self)(config, self.tally + other.tally, both)

    def __repr__(self) -> str:
        lines = [self._title(), *self._notes()]
        if self.chains:
            lines += [f"{curve.name}: {curve.summary}" for curve in self.values()]
        return "\n  ".join(lines)

    def _title(self) -> str:
        return f"Run: {describe(self.config['family'])} under {describe(self.config['workflow'])}"

    def _notes(self) -> list[str]:
        notes = [
            f"{self.chains:,} chains, {self.config['generations']} generations, engine {self.config['engine']}, "
            f"{self.config['dtype']}, seed {self.config['seed']}"
        ]
        if "shard" in self.config:
            part = self.config["shard"]
            notes.append(f"shard {part['index']}/{part['of']} of {part['chains']:,} chains")
        return notes

    def _repr_html_(self) -> str:
        """What a notebook shows: a row per metric."""
        rows = [[curve.name, curve.at(0), curve.at(-1), curve.remark] for curve in self.values() if self.chains]
        return html_table(self._title(), self._notes(), ["metric", "t=1", f"t={self.config['generations']}", ""], rows)

    def to_xarray(self) -> Any:
        """An `xarray.Dataset` over the generation, one variable per metric and moment (extra `data`).

        **Returns**: the data, its attributes the configuration; with kept paths also METRIC_paths, over generation and
        chain.

        **Raises**: ImportError without xarray; ValueError for a name that would stand for two things.
        """
        paths = self.paths.__getitem__ if self.paths else None
        about = attributes([self.config])
        return dataset(list(self), {}, self.generations, lambda name, part: getattr(self[name], part), paths, about)

    def plot(self, metric: str | None = None, *, ax: Any = None, alpha: float = 0.01, **style: Any) -> Any:
        """Mean and simultaneous band of one metric against the generation, on `ax`; returns the axes."""
        from matplotlib import pyplot

        curve = self[metric or self.config["metrics"][0]]
        ax = pyplot.gca() if ax is None else ax
        [line] = ax.plot(self.generations, curve.mean, **{"label": f"{curve.name}, {self.chains:,} chains", **style})
        if self.chains > 1:
            ax.fill_between(self.generations, *curve.band(alpha), color=line.get_color(), alpha=0.25, linewidth=0)
        ax.set_xlabel("generation $t$")
        ax.set_ylabel(curve.name.replace("_", " "))
        return ax

    def save(self, path: str | os.PathLike) -> Path:
        """Write PATH.npz and, beside it, PATH.json with the configuration and a checksum of both.

        **Returns**: the path of the .npz.

        **Raises**: ValueError for a place that cannot be written.
        """
        return store.write(self, path)

    @classmethod
    def load(cls, path: str | os.PathLike) -> Self:
        """Read what `save` wrote.

        **Raises**: ValueError if a file is missing, truncated, was changed or is of another format.
        """
        return cls(*store.read(path))
