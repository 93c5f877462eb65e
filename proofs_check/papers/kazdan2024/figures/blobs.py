"""The blobs panel: test points of the mixture that the model was fitted on, and of another one, as published."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, key_legend, log_axis, points, record

_SETTINGS = ("replace", "accumulate", "subsample")
_TESTS = (("own", "centres shared"), ("other", "new centres, as published"))


def _data(
    *,
    n: int = 32,
    h: float = 1.0,
    K: int = 3,
    tests: int = 100,
    generations: int = 50,
    chains: int = 128,
    seed: int = 0,
) -> Data:
    from collapse_jax import Accumulate, AccumulateSubsample, Replace, simulate
    from proofs_check.papers.kazdan2024.families import Blobs, other_nll, own_nll

    data: Data = {"t": np.arange(1, generations + 1)}
    for name, workflow in zip(_SETTINGS, (Replace(n), Accumulate(n), AccumulateSubsample(n)), strict=True):
        run = simulate(Blobs(h, K=K, tests=tests), workflow, [own_nll, other_nll], generations=generations, chains=chains,
                       block=min(chains, 32), seed=seed, progress=False)  # fmt: skip
        record(data, f"{name}_own", run["own_nll"], 2 * len(_SETTINGS))
        record(data, f"{name}_other", run["other_nll"], 2 * len(_SETTINGS))
    return data


def _draw(axes: Any, data: Data) -> None:
    for ax, (test, title) in zip(axes, _TESTS, strict=True):
        log_axis(ax, data["t"][-1])
        for name, style in zip(_SETTINGS, STYLES, strict=False):
            ax.plot(data["t"], data[f"{name}_{test}_mean"], color=style["color"], linewidth=0.8)
            points(ax, data["t"], data, f"{name}_{test}", style)
        ax.set_title(f"test points: {title}")
        ax.set_xlabel("generation $t$")
        ax.set_ylim(bottom=0)
        bare(ax)
    axes[0].set_ylabel("mean NLL of test points, nats")
    names = ("replace", "accumulate", "accumulate, fit a subsample")
    key_legend(axes[0], [({**style, "linestyle": "-"}, name) for name, style in zip(names, STYLES, strict=False)],
               loc="upper left")  # fmt: skip


def _caption(config: dict[str, Any], data: Data) -> str:
    return (
        f"Kernel density estimates ($h = {config['h']:g}$, n = {config['n']} a generation) of {config['K']} blobs in the plane, "
        "centres uniform in $[-10, 10]^2$ and drawn anew by every chain. Left: test points of the same blobs. Right: of blobs "
        "with new centres, as in the authors' code, which calls make_blobs again: what it shows is the distance between two "
        f"random mixtures, and accumulation appears to improve. Marks: means of {config['chains']} chains, "
        f"{config['tests']} test points each, with simultaneous 99 % limits; seed {config['seed']}. No closed form; the slope "
        "under replacement tends to d/2 = 1 nat a generation."
    )


blobs = Figure(
    "kazdan2024.blobs",
    "density estimates of blobs: test points with shared centres, and with new ones as published",
    _data,
    _draw,
    _caption,
    panels=(1, 2),
    size=(8.0, 3.3),
    quick={"chains": 32},
)
