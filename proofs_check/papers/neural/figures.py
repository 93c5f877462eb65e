"""What flips the contrast: how much of the rise under replacement is left under accumulation, net by net."""

from typing import Any

import numpy as np

from proofs_check.figure import ALPHA, STYLES, Data, Figure, bare, key_legend
from proofs_check.papers.common import loops
from proofs_check.papers.common.nets import studied

_POLICIES: tuple[loops.Policy, ...] = ("steps", "passes")
_KINDS = (loops.LANGUAGE, loops.IMAGES, loops.TORUS, loops.FLOW)
_NAMES = {loops.LANGUAGE: "language model", loops.IMAGES: "VAE", loops.TORUS: "diffusion", loops.FLOW: "flow"}
_BESIDE = {
    "accumulate": ({**STYLES[0], "linestyle": ""}, "accumulate"),
    "multiple": ({**STYLES[3], "linestyle": ""}, "control: $t\\,n$ draws of the last model"),
}
_SEEN = -1.0, 2.5


def _data(*, kinds: tuple[str, ...] = _KINDS, generations: int = 8, chains: int = 8, seed: int = 0) -> Data:
    data = {}
    for kind in kinds:
        for policy in _POLICIES:
            data |= studied(kind, ("replace", *_BESIDE), (loops.METRIC[kind],), chains, generations, seed,
                            f"{kind}_{policy}_", policy=policy)  # fmt: skip
    return data


def _rows(data: Data) -> list[tuple[str, str]]:
    return [(kind, policy) for kind in _KINDS for policy in _POLICIES if f"{kind}_{policy}_replace_{loops.METRIC[kind]}" in data]  # fmt: skip


def _paths(data: Data, kind: str, policy: str, workflow: str) -> np.ndarray:
    return data[f"{kind}_{policy}_{workflow}_{loops.METRIC[kind]}"]


def _left(data: Data, kind: str, policy: str, workflow: str) -> tuple[np.ndarray, float]:
    """Rise over the rise of replacement: chain by chain, and of the medians."""
    one, all_of_it = (_paths(data, kind, policy, name) for name in (workflow, "replace"))
    rise, whole = one[-1] - one[0], all_of_it[-1] - all_of_it[0]
    return rise / whole, float(np.median(rise) / np.median(whole))


def _draw(axes: Any, data: Data) -> None:
    from collapse_jax.results.estimate import binomial_limits

    left, right = axes
    rows = _rows(data)
    for place, (kind, policy) in enumerate(rows):
        for shift, (workflow, (style, _)) in zip((-0.16, 0.16), _BESIDE.items(), strict=True):
            each, middle = _left(data, kind, policy, workflow)
            y = place + shift
            inside = np.clip(each, *_SEEN)
            left.plot(inside, np.full(len(each), y), "|", color=style["color"], markersize=6, alpha=0.55)
            left.plot(np.clip(middle, *_SEEN), y, style["marker"], color=style["color"], markersize=6)
            # of accumulation the pairs with replacement above it, of the control those with the control above it
            above = _paths(data, kind, policy, "replace" if workflow == "accumulate" else "multiple")[-1]
            apart = above - _paths(data, kind, policy, "accumulate")[-1]
            low, high = binomial_limits(np.sum(apart > 0), apart.size, ALPHA / (2 * len(rows)))
            share = np.mean(apart > 0)
            right.plot((low, high), (y, y), color=style["color"], linewidth=1)
            right.plot(share, y, style["marker"], color=style["color"], markerfacecolor="white", markersize=5)
    for x, line in ((0, "-"), (1, "-"), (0.25, ":")):
        left.axvline(x, color="#888888", linewidth=0.7, linestyle=line, zorder=0)
    right.axvline(0.5, color="#888888", linewidth=0.7, zorder=0)
    left.set_xlim(_SEEN[0] - 0.08, _SEEN[1] + 0.08)
    left.set_yticks(range(len(rows)), [f"{_NAMES[kind]}, {policy}" for kind, policy in rows])
    left.set_ylabel("net, and what is constant")
    left.set_xlabel("rise, of the rise under replacement")
    right.set_yticks(range(len(rows)), [])
    right.set_xlim(-0.02, 1.04)
    right.set_xlabel("share of pairs above accumulation")
    for ax in axes:
        ax.set_ylim(len(rows) - 0.4, -0.6)
        bare(ax)
    key_legend(left, list(_BESIDE.values()), loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    replaced = _BESIDE["accumulate"][0], "replace"
    key_legend(right, [replaced, (_BESIDE["multiple"][0], "control")], loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)  # fmt: skip


def _caption(config: dict[str, Any], data: Data) -> str:
    shares = [_left(data, *row, workflow)[0] for row in _rows(data) for workflow in _BESIDE]
    outside = sum(int(np.sum((each < _SEEN[0]) | (each > _SEEN[1]))) for each in shares)
    return (
        "What flips it: small nets whose truth is known, not the authors' runs; KL (VAE: held-out loss) from fit 1 to fit "
        f"{config['generations']}, {config['chains']} pairs of chains, fresh weights at every fit. Left: rise under accumulation as a part of the rise "
        "under replacement, 0 where the error stays, 1 where nothing is gained, dotted at a quarter; strokes: pairs, marks: ratio of medians; "
        f"{outside} of {sum(map(len, shares))} strokes lie beyond the panel and are drawn at its edge. Steps: every fit is as long as the first; passes: as long as its pool is large. The control is fitted to "
        "as much as accumulation, all drawn from the last model. Right: share of pairs that end above accumulation, with exact limits, "
        f"all at once 99 %. Seed {config['seed']}."
    )


flips = Figure(
    "neural.flips",
    "what flips the contrast: four nets, two compute policies, and a control",
    _data,
    _draw,
    _caption,
    panels=(1, 2),
    size=(8.4, 4.0),
    quick={"kinds": (loops.LANGUAGE, loops.IMAGES, loops.TORUS), "chains": 3, "generations": 3},
    needs=("sklearn", "tables"),
)
