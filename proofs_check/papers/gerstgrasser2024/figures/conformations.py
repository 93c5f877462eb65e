"""Figure 4 on a small scale: a diffusion model on a torus, as the angles of a backbone have it."""

from typing import Any

from proofs_check.figure import Data, Figure, key_legend
from proofs_check.papers.common.nets import LOOPS, curves, ends, pairs, studied

_METRICS = ("kl", "coverage", "clashes")


def _data(*, chains: int = 16, generations: int = 8, seed: int = 0) -> Data:
    pair = ("replace", "accumulate")
    steps = studied("torus", (*pair, "subsample"), _METRICS, chains, generations, seed)
    passes = studied("torus", ("accumulate",), _METRICS, chains, generations, seed, "passes_", policy="passes")
    return {**steps, **passes}


def _draw(axes: Any, data: Data) -> None:
    labels = ("KL, nats", "coverage", "mass at forbidden angles")
    for ax, metric, label in zip(axes, _METRICS, labels, strict=True):
        curves(ax, data, metric, label=label)
        curves(ax, data, metric, "passes_", marker="^")
        ax.set_ylim(0, 1.02 if metric == "coverage" else None)
    style, name = LOOPS["accumulate"]
    entries = [LOOPS["replace"], LOOPS["subsample"], (style, f"{name}, 390 steps"), ({**style, "marker": "^"}, f"{name}, 100 passes")]  # fmt: skip
    key_legend(axes[1], entries, loc="lower left")


def _caption(config: dict[str, Any], data: Data) -> str:
    return (
        "After figure 4 of Gerstgrasser et al. (2024), with a small net whose truth is known, not the authors' run (GeoDiff on 40,000 "
        "conformations of GEOM-Drugs, 8 iterations): a diffusion model of 9,410 weights on a torus density with two minor basins, 500 "
        "points per generation. KL is of histograms of 24 x 24 cells, coverage the share of 512 real points with one of "
        "512 drawn within 5 degrees, forbidden is a true density below .002. A fit lasts 390 steps, or 100 passes over its pool, as long at t = 1, where this net is undertrained: the median KL under accumulation "
        f"goes from {ends(data, 'accumulate', 'kl')} with constant steps, from {ends(data, 'accumulate', 'kl', 'passes_')} with constant "
        f"passes, and under replacement from {ends(data, 'replace', 'kl')}. "
        f"Lines: medians of {config['chains']} chains; bands: the middle half of them. Replacement ends above accumulation, "
        f"at equal steps, in {pairs(data, 'replace', 'accumulate', 'kl')}. Seed {config['seed']}."
    )


fig4 = Figure(
    "gerstgrasser2024.fig4",
    "a small diffusion model on a torus: KL, coverage and forbidden angles by generation",
    _data,
    _draw,
    _caption,
    panels=(1, 3),
    size=(9.6, 3.1),
    quick={"chains": 4, "generations": 6},
)
