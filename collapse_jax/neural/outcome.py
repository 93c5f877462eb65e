"""What a study has found: one number per metric, generation and chain, for every workflow."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from collapse_jax.neural import checkpoint
from collapse_jax.results import files

__all__ = ["Study"]

_FORMAT = "collapse_jax neural study 1"


@dataclass(frozen=True, repr=False, eq=False)
class Study(Mapping[str, Mapping[str, np.ndarray]]):
    """A study, `study["replace"]["kl"]` being (generations, chains) in float64; chain c is paired in all workflows.

    **Args**: `config`: what was run; `numbers`: by workflow and name; `loss`: what every fit ended with,
    (generations, chains) by workflow; `last`: weights after the last fit, (chains, size) by workflow.
    """

    config: dict[str, Any]
    numbers: Mapping[str, Mapping[str, np.ndarray]]
    loss: Mapping[str, np.ndarray]
    last: Mapping[str, np.ndarray]

    @classmethod
    def of(cls, config: dict[str, Any], names: tuple[str, ...], tracks: Mapping[str, Any], last: Any) -> "Study":
        """A finished study."""
        stacked = {name: np.stack(track.values) for name, track in tracks.items()}
        values = {name: dict(zip(names, np.moveaxis(every, 1, 0), strict=True)) for name, every in stacked.items()}
        return cls(config, values, {name: np.stack(track.losses) for name, track in tracks.items()}, last)

    def __getitem__(self, workflow: str) -> Mapping[str, np.ndarray]:
        if workflow not in self.numbers:
            raise KeyError(f"no workflow {workflow!r}; the study has {', '.join(self.numbers)}")
        return self.numbers[workflow]

    def __iter__(self) -> Iterator[str]:
        return iter(self.numbers)

    def __len__(self) -> int:
        return len(self.numbers)

    def losses(self, workflow: str) -> np.ndarray:
        """The loss that every fit ended with, (generations, chains)."""
        return self.loss[workflow]

    def weights(self, workflow: str) -> np.ndarray:
        """Weights after the last fit, (chains, size): `family.fitted(weights[c])` is the net of chain c.

        **Raises**: ValueError for a study of models that have none.
        """
        if workflow not in self.last:
            raise ValueError(f"no weights of {workflow!r} are kept; they are those of nets of a `NeuralFamily`")
        return self.last[workflow]

    def contrast(self, a: str, b: str, metric: str) -> np.ndarray:
        """By how much `metric` is greater in workflow `a` than in `b`, chain by chain: (generations, chains).

        **Args**: `a`, `b`: names of workflows; `metric`: one of the numbers of the probe.

        **Returns**: paired differences.
        """
        return self[a][metric] - self[b][metric]

    def rise(self, workflow: str, metric: str) -> np.ndarray:
        """By how much `metric` exceeds its value after fit 1, chain by chain: (generations, chains).

        **Args**: `workflow`: its name; `metric`: one of the numbers of the probe.

        **Returns**: differences to the first fit.
        """
        every = self[workflow][metric]
        return every - every[0]

    def table(self) -> str:
        """Means over chains and their standard errors after the first and the last fit, as Markdown."""
        rows = ["| workflow | metric | fit 1 | fit G |", "|---|---|---|---|"]
        for name, metrics in self.numbers.items():
            rows += [f"| {name} | {metric} | {_mean(v[0])} | {_mean(v[-1])} |" for metric, v in metrics.items()]
        return "\n".join(rows).replace("fit G", f"fit {self.config['generations']}")

    def __repr__(self) -> str:
        metrics = list(next(iter(self.numbers.values())))
        head = f"{len(self)} workflows, {self.config['chains']} chains, {self.config['generations']} generations"
        lines = [
            f"  {name}: {metric} {_mean(self[name][metric][0])} to {_mean(self[name][metric][-1])}"
            for name in self
            for metric in metrics[:1]
        ]
        return "\n".join([f"Study of {head}; {', '.join(metrics)}", *lines])

    def save(self, path: files.Place) -> Path:
        """Write the study as one file.

        **Args**: `path`: its name.

        **Returns**: where it is.

        **Raises**: ValueError for a place that cannot be written.
        """
        arrays = {}
        for index, (name, metrics) in enumerate(self.numbers.items()):
            arrays |= {f"{index}/values/{metric}": found for metric, found in metrics.items()}
            arrays[f"{index}/loss"] = self.loss[name]
            arrays |= {f"{index}/last": self.last[name]} if name in self.last else {}
        files.check({"study": path})
        target = Path(files.place(path, "study"))
        checkpoint.write(target, _FORMAT, self.config, arrays)
        return target

    @classmethod
    def load(cls, path: files.Place) -> "Study":
        """Read what `save` wrote.

        **Args**: `path`: its name.

        **Returns**: the study.

        **Raises**: ValueError for a file that is missing, damaged or something else.
        """
        try:
            config, arrays = checkpoint.read(Path(files.place(path, "study")), _FORMAT)
        except OSError as error:
            raise ValueError(f"cannot read {path}: {error.strerror}; give the file of a saved study") from None
        values, loss, last = {}, {}, {}
        for index, name in enumerate(config["workflows"]):
            start = f"{index}/values/"
            values[name] = {key.removeprefix(start): each for key, each in arrays.items() if key.startswith(start)}
            loss[name] = arrays[f"{index}/loss"]
            last |= {name: arrays[f"{index}/last"]} if f"{index}/last" in arrays else {}
        return cls(config, values, loss, last)


def _mean(values: np.ndarray) -> str:
    error = np.std(values, ddof=1) / len(values) ** 0.5 if len(values) > 1 else np.nan
    return f"{np.mean(values):.4g} ± {error:.2g}"
