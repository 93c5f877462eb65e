"""A normalising flow on eight normals, through the loop with real data and without."""

from typing import Any

import numpy as np

from proofs_check.figure import Data, Figure
from proofs_check.papers.common.nets import curves, legend, pairs, studied

_METRICS = ("kl", "modes", "rare_mass")


def _data(*, chains: int = 32, generations: int = 8, seed: int = 0) -> Data:
    return studied("flow", ("replace", "fixed_real", "accumulate"), _METRICS, chains, generations, seed)


def _draw(axes: Any, data: Data) -> None:
    labels = ("KL, nats", "modes alive, of 8", "rare modes, share of true mass")
    for ax, metric, label in zip(axes, _METRICS, labels, strict=True):
        curves(ax, data, metric, label=label)
    axes[0].set_ylim(0, None)
    axes[1].set_ylim(0, 8.4)
    axes[2].set_ylim(0, None)
    axes[2].axhline(1, color="#888888", linewidth=0.6)
    legend(axes[1], loc="lower left")


def _caption(config: dict[str, Any], data: Data) -> str:
    last = data["replace_kl"][-1]
    return (
        "After the loop of Bertrand et al. (2023), with a small net whose truth is known, not the authors' run: a RealNVP of 9,488 weights "
        "on eight normals with weights from .20 to .04, 500 points per generation, fresh weights and 234 steps at every fit; "
        "beside replacement the same with 500 real points in every fit, always the same, and accumulation. KL is exact up to a mean over real points; "
        "a mode is alive with more than a quarter of its true weight. "
        f"Lines: medians of {config['chains']} chains; bands: the middle half of them. The KL of a chain has a heavy tail (replacement at the "
        f"end: median {np.median(last):.2f}, largest {np.max(last):.1f}), so that signs decide: replacement ends above accumulation in "
        f"{pairs(data, 'replace', 'accumulate', 'kl')}, above the loop with real data in "
        f"{pairs(data, 'replace', 'fixed_real', 'kl')}. Seed {config['seed']}."
    )


flow = Figure(
    "bertrand2023.flow",
    "a small normalising flow on its own points: KL, modes alive and rare modes by generation",
    _data,
    _draw,
    _caption,
    panels=(1, 3),
    size=(9.6, 3.1),
    quick={"chains": 16, "generations": 6},
)
