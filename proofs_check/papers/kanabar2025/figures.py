"""Errors of estimates from data of unknown provenance, beside their closed forms."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, key_legend, log_axis, points, record
from proofs_check.papers.kanabar2025 import theory

_ESTIMATES = ("last", "pooled", "linear")


def _data(
    *, n: int = 50, share: float = 0.2, s: int = 10, generations: int = 40, chains: int = 1 << 12, seed: int = 0
) -> Data:
    from collapse_jax import Categorical, Contaminated, simulate

    t, square = range(1, generations + 1), 1 / s
    q = (1 - 1 / n) * (1 - share) ** 2
    data = {
        "t": np.asarray(t),
        "last_closed": np.asarray([(1 - square) / n * (1 - q**k) / (1 - q) for k in t]),
        "pooled_closed": np.asarray([theory.pooled(k, n, share, square) for k in t]),
        "linear_closed": np.asarray([theory.linear(k, n, share, square) for k in t]),
        "bound": np.asarray([theory.linear_bound(k, n, share, square) for k in t]),
        "labels": np.asarray([(1 - square) / theory.oracle(k, n, share) for k in t]),
    }
    for estimate in _ESTIMATES:
        workflow = Contaminated(n, share=share, estimate=estimate)
        run = simulate(Categorical(np.full(s, 1 / s)), workflow, "squared_error", generations=generations, chains=chains,
                       seed=seed, progress=False)  # fmt: skip
        record(data, estimate, run["squared_error"], len(_ESTIMATES))
    return data


def _draw(axes: Any, data: Data) -> None:
    [ax] = axes
    t = data["t"]
    log_axis(ax, t[-1])
    ax.set_yscale("log")
    for estimate, style in zip(_ESTIMATES, STYLES, strict=False):
        ax.plot(t, data[f"{estimate}_closed"], color=style["color"], linewidth=1.2)
        points(ax, t, data, estimate, style)
    ax.plot(t, data["bound"], color=STYLES[2]["color"], linestyle="--", linewidth=1)
    ax.plot(t, data["labels"], color="#555555", linestyle=":", linewidth=1)
    ax.set_xlabel("fit $t$")
    ax.set_ylabel(r"$E\,\|\hat p_t - p\|^2$")
    names = ("last sample alone", "all data as if real", "linear estimate")
    entries = [({**style, "linestyle": "-"}, name) for style, name in zip(STYLES, names, strict=False)]
    entries += [
        ({"linestyle": "--"}, r"$(1 - S_0)/\Sigma\, n\alpha^2$"),
        ({"linestyle": ":"}, r"labels known: $(1 - S_0)/\Sigma\, n\alpha$"),
    ]
    key_legend(ax, entries, loc="lower left")
    bare(ax)


def _caption(config: dict[str, Any], data: Data) -> str:
    return (
        f"Uniform law on {config['s']} symbols; every fit sees {config['n']} new observations, each real with probability "
        f"{config['share']} and of the last model otherwise, without labels; the first fit is on real data. Solid: closed "
        "forms (the last sample alone: bakshi2026.Rt; all data as if real; the linear estimate with weights $n \\alpha^2$). "
        f"Dashed: bound for the linear estimate, which here it all but attains; dotted: what labels would give. Marks: means of {config['chains']:,} chains "
        f"with simultaneous 99 % limits; seed {config['seed']}."
    )


risk = Figure(
    "kanabar2025.risk",
    "errors of three estimates from unlabelled mixtures of real and synthetic data",
    _data,
    _draw,
    _caption,
    size=(4.6, 3.4),
    quick={"chains": 1 << 9},
)
