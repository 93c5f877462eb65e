"""Figures 5 and 6 on a small scale: a variational autoencoder on its own digits."""

import math
from typing import Any

from proofs_check.figure import Data, Figure
from proofs_check.papers.common.nets import curves, ends, legend, pairs, studied

_METRICS = ("loss", "label_entropy", "frechet")


def _data(*, chains: int = 16, generations: int = 8, seed: int = 0) -> Data:
    every = ("replace", "multiple", "subsample", "accumulate")
    return studied("images", every, _METRICS, chains, generations, seed)


def _draw(axes: Any, data: Data) -> None:
    labels = ("held-out loss, nats per image", "entropy of the judge's labels, nats", "Frechet distance")
    for ax, metric, label in zip(axes, _METRICS, labels, strict=True):
        curves(ax, data, metric, label=label)
    axes[2].set_ylim(0, None)
    axes[1].axhline(math.log(10), color="#888888", linewidth=0.6)
    legend(axes[0], loc="upper left")


def _caption(config: dict[str, Any], data: Data) -> str:
    return (
        "After figures 5 and 6 of Gerstgrasser et al. (2024), with a small net, not the authors' run (VAE on CelebA, where replacement "
        "ends in one mode and accumulation slows the growth of the error): a VAE of 9,936 weights on scikit-learn's 8 x 8 digits, 500 images per "
        "generation, 469 steps at every fit. Loss: minus the ELBO of digits never trained on; a fixed classifier labels what is "
        "drawn (grey: ten labels equally often), and the Frechet distance is in its features. "
        f"Lines: medians of {config['chains']} chains; bands: the middle half of them. Replacement ends above accumulation in "
        f"{pairs(data, 'replace', 'accumulate', 'loss')}; medians go from {ends(data, 'replace', 'loss')} and from "
        f"{ends(data, 'accumulate', 'loss')}. Seed {config['seed']}."
    )


fig5 = Figure(
    "gerstgrasser2024.fig5",
    "a small VAE on its own digits: loss, diversity of labels and Frechet distance by generation",
    _data,
    _draw,
    _caption,
    panels=(1, 3),
    size=(9.6, 3.1),
    quick={"chains": 4, "generations": 6},
    needs=("sklearn", "tables"),
)
