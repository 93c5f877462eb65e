"""Results: what a simulation measured, how sure it is, and where it came from."""

import hashlib
import io
import json
import os
import platform
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

import equinox as eqx
import numpy as np

from collapse_jax import _files
from collapse_jax._tally import Tally, spans
from collapse_jax.estimate import Moments4, simultaneous_z

_FORMAT = "collapse_jax run 2"
# What may differ between runs that add: the chains they hold, and how hard the compiler tried.
_EXTENT = ("chains", "first_block", "keep_paths")


@dataclass(frozen=True)
class Curve:
    """One metric over the generations; every array has shape (generations,).

    `mean`, `variance` and `standard_error` are NaN at a generation where some chain was not finite: no chain is
    averaged away. `nonfinite` counts those chains; `finite` holds the moments of the others, to be used knowingly.
    """

    name: str
    generations: np.ndarray
    finite: Moments4

    def _honest(self, values: np.ndarray) -> np.ndarray:
        return np.where((self.finite.nonfinite > 0) | (self.finite.count == 0), np.nan, values)

    @property
    def mean(self) -> np.ndarray:
        return self._honest(self.finite.mean)

    @property
    def variance(self) -> np.ndarray:
        """Variance over chains."""
        return self._honest(self.finite.variance)

    @property
    def standard_error(self) -> np.ndarray:
        """Standard error of `mean`."""
        return self._honest(self.finite.standard_error)

    @property
    def minimum(self) -> np.ndarray:
        return self.finite.minimum

    @property
    def maximum(self) -> np.ndarray:
        return self.finite.maximum

    @property
    def nonfinite(self) -> np.ndarray:
        """Chains whose value was NaN or infinite."""
        return self.finite.nonfinite.astype(int)

    def band(self, alpha: float = 0.01) -> tuple[np.ndarray, np.ndarray]:
        """Limits that hold the true means of *all* generations with probability 1 - alpha (normal, Bonferroni)."""
        half = simultaneous_z(alpha, len(self.generations)) * self.standard_error
        return self.mean - half, self.mean + half


@dataclass(frozen=True, eq=False)
class Run(Mapping[str, Curve]):
    """The outcome of `simulate`: `run["variance"].mean` is a curve over `run.generations` (1, 2, ..).

    Two runs of the same configuration on adjacent blocks add: `run + simulate(..., first_block=...)` is one longer run,
    to the last bit. `tally` holds the moments of the blocks in the canonical order of reduction, `moments` those of all
    chains, `paths` kept metric values, (generations, chains) by name; `config` everything needed to run it again.
    """

    config: dict[str, Any]
    tally: Tally = field(repr=False)
    paths: dict[str, np.ndarray] = field(repr=False, default_factory=dict)

    @cached_property
    def moments(self) -> Moments4:
        """Moments of all chains, (generations, metrics)."""
        return self.tally.moments(_shape(self.config))

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
        keys = differing(self.config, other.config, but=(*_EXTENT, "optimisation"))
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
        head = (
            f"Run: {describe(self.config['family'])} under {describe(self.config['workflow'])}\n"
            f"  {self.chains:,} chains, {self.config['generations']} generations, engine {self.config['engine']}, "
            f"{self.config['dtype']}, seed {self.config['seed']}"
        )
        lines = [head]
        if "shard" in self.config:
            part = self.config["shard"]
            lines.append(f"  shard {part['index']}/{part['of']} of {part['chains']:,} chains")
        if not self.chains:
            return "\n".join(lines)
        for curve in self.values():
            bad = int(curve.nonfinite.max())
            if bad:
                lines.append(f"  {curve.name}: not finite in up to {bad:,} chains at one generation; see .nonfinite")
            else:
                first, last = curve.mean[0], curve.mean[-1]
                lines.append(
                    f"  {curve.name}: {first:.6g} +- {curve.standard_error[0]:.2g} at t=1, "
                    f"{last:.6g} +- {curve.standard_error[-1]:.2g} at t={self.generations[-1]}"
                )
        return "\n".join(lines)

    def to_xarray(self) -> Any:
        """An `xarray.Dataset` over generation, one variable per metric and moment (extra `data`)."""
        try:
            import xarray
        except ImportError:
            raise ImportError("to_xarray needs the extra 'data': pip install collapse_jax[data]") from None
        columns = ("mean", "standard_error", "variance", "minimum", "maximum", "nonfinite")
        variables = {
            (curve.name if column == "mean" else f"{curve.name}_{column}"): ("generation", getattr(curve, column))
            for curve in self.values()
            for column in columns
        }
        return xarray.Dataset(
            variables, {"generation": self.generations}, {key: str(value) for key, value in self.config.items()}
        )

    def plot(self, metric: str | None = None, *, ax: Any = None, alpha: float = 0.01, **style: Any) -> Any:
        """Mean and simultaneous band of one metric against the generation, on `ax`; returns the axes."""
        from matplotlib import pyplot

        curve = self[metric or self.config["metrics"][0]]
        ax = pyplot.gca() if ax is None else ax
        [line] = ax.plot(self.generations, curve.mean, **{"label": f"{curve.name}, {self.chains:,} chains", **style})
        ax.fill_between(self.generations, *curve.band(alpha), color=line.get_color(), alpha=0.25, linewidth=0)
        ax.set_xlabel("generation $t$")
        ax.set_ylabel(curve.name.replace("_", " "))
        return ax

    def save(self, path: str | os.PathLike) -> Path:
        """Write PATH.npz and, beside it, PATH.json with the configuration and a checksum of both."""
        path = _npz(path)
        content = pack(self)
        about = {"format": _FORMAT, "sha256": checksum(content, self.config), "config": self.config}
        for target, written in ((path, content), (path.with_suffix(".json"), json.dumps(about, indent=2).encode())):
            try:
                _files.write(target, written)
            except OSError as error:
                raise ValueError(
                    f"cannot write {target}: {error.strerror}; choose a folder that exists and can be written"
                ) from None
        return path

    @classmethod
    def load(cls, path: str | os.PathLike) -> Self:
        """Read what `save` wrote; raises ValueError if a file is missing, truncated or was changed."""
        path = _npz(path)
        sidecar = path.with_suffix(".json")
        try:
            content, text = path.read_bytes(), sidecar.read_bytes()
        except OSError as error:
            raise ValueError(
                f"cannot read {error.filename}: {error.strerror}; a saved run is a .npz and a .json "
                "of the same name, keep them together"
            ) from None
        try:
            about = json.loads(text)
            config, expected, form = about["config"], about["sha256"], about["format"]
        except (ValueError, KeyError, TypeError):
            raise ValueError(
                f"{sidecar} is not the description of a run, or was truncated; run the simulation again"
            ) from None
        if form != _FORMAT:
            raise ValueError(
                f"{sidecar} was written in another format ({form!r}); this version reads {_FORMAT!r}: load it with the "
                "version of collapse_jax that wrote it, or run the simulation again"
            )
        if checksum(content, config) != expected:
            raise ValueError(
                f"{path} does not match its checksum: it or {sidecar.name} was truncated or changed; "
                "run the simulation again"
            )
        return cls(*unpack(content, config))


def _npz(path: str | os.PathLike) -> Path:
    """The path with .npz at the end; `with_suffix` would turn both run0.5 and run0.7 into run0.npz."""
    path = Path(path)
    return path if path.suffix == ".npz" else path.with_name(path.name + ".npz")


def _shape(config: Mapping[str, Any]) -> tuple[int, int]:
    return config["generations"], len(config["metrics"])


def differing(a: Mapping[str, Any], b: Mapping[str, Any], but: tuple[str, ...] = ()) -> list[str]:
    """The keys, other than `but`, in which two configurations differ."""
    return [key for key in dict.fromkeys([*a, *b]) if key not in but and a.get(key) != b.get(key)]


def pack(run: Run) -> bytes:
    """The numbers of a run as .npz; equal runs give equal bytes."""
    stacked = run.tally.stacked(_shape(run.config))
    arrays = {f"nodes/{item.name}": getattr(stacked, item.name) for item in fields(Moments4)}
    arrays |= {f"paths/{name}": values for name, values in run.paths.items()}
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # pyright: ignore[reportArgumentType]
    return buffer.getvalue()


def unpack(content: bytes, config: dict[str, Any]) -> tuple[dict[str, Any], Tally, dict[str, np.ndarray]]:
    """The parts of the run of this configuration that `pack` wrote; raises ValueError if they do not fit it."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            stacked = Moments4(*(arrays[f"nodes/{item.name}"] for item in fields(Moments4)))
            paths = {name.removeprefix("paths/"): arrays[name] for name in arrays.files if name.startswith("paths/")}
        whole, rest = divmod(config["chains"], config["block"])
        number = len(spans(config["first_block"], whole)) + (rest > 0)
        if any(getattr(stacked, item.name).shape != (number, *_shape(config)) for item in fields(Moments4)):
            raise ValueError("the summaries are not those of the blocks")
        nodes = tuple(stacked[i] for i in range(number))
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise ValueError(f"these numbers are not those of the run described ({error}); run it again") from None
    return config, Tally(config["first_block"], whole, nodes, rest > 0), paths


def checksum(content: bytes, config: dict) -> str:
    return hashlib.sha256(content + json.dumps(config, sort_keys=True).encode()).hexdigest()


def configuration(module: eqx.Module) -> dict[str, Any]:
    """Class and fields of a family or workflow, in full, as JSON holds them."""
    own = {item.name: getattr(module, item.name) for item in fields(module)}  # pyright: ignore[reportArgumentType]
    shown = getattr(module, "described", own)
    values = {name: _plain(value) for name, value in shown.items()}
    return {"type": type(module).__name__, **{name: value for name, value in values.items() if value is not None}}


def _plain(value: Any) -> Any:
    """What `value` becomes when it is written as JSON and read again, so that a loaded run equals the one saved."""
    return np.asarray(value).tolist() if hasattr(value, "shape") or isinstance(value, tuple) else value


def describe(config: Mapping[str, Any]) -> str:
    """A constructor-like line for a reader; long lists are shortened."""

    def show(value: Any) -> str:
        if isinstance(value, float):
            return f"{value:.6g}"
        if isinstance(value, list | tuple):
            array = np.asarray(value)
            if array.size > 8:
                return f"<{' x '.join(map(str, array.shape))} values>"
            return np.array2string(array, precision=6, separator=", ").replace("\n", "")
        return repr(value)

    body = ", ".join(f"{name}={show(value)}" for name, value in config.items() if name != "type")
    return f"{config['type']}({body})"


@cache
def versions() -> dict[str, str]:
    """What the numbers depend on."""
    packages = {name: version(name) for name in ("jax", "jaxlib", "numpy", "equinox")}
    return {"collapse_jax": version("collapse_jax"), "python": platform.python_version(), **packages}
