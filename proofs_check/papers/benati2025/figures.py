"""When the first symbol is lost: the exact chain beside the diffusion's law."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, key_legend, points, record
from proofs_check.papers.benati2025 import theory


def _all_alive(model: Any, truth: Any) -> Any:
    return (model.p > 0).all(-1)


def _data(*, n: int = 50, laws: tuple[tuple[float, ...], ...] = ((0.5, 0.5), (0.5, 0.3, 0.2)), generations: int = 300,
          chains: int = 1 << 15, sizes: tuple[int, ...] = (10, 20, 40, 80, 160), seed: int = 0) -> Data:  # fmt: skip
    from collapse_jax import Categorical, Replace, simulate
    from proofs_check.papers.benati2025.claims import mean_time, survival

    t = np.arange(1, generations + 1)
    data = {"t": t, "sizes": np.asarray(sizes), "n": np.asarray(n)}
    for p in laws:
        key = f"s{len(p)}"
        data[f"{key}_exact"] = survival(p, n, generations)
        data[f"{key}_feller"] = np.asarray([theory.feller_survival(int(k), n, p) for k in t])
        data[f"{key}_mean_exact"] = np.asarray([mean_time(p, k) for k in sizes])
        data[f"{key}_mean_diffusion"] = np.asarray([theory.mean(k, p) for k in sizes])
        run = simulate(Categorical(p, sampler="index"), Replace(n), _all_alive, generations=generations, chains=chains,
                       seed=seed, progress=False)  # fmt: skip
        record(data, key, run["_all_alive"], len(laws))
    return data


def _draw(axes: Any, data: Data) -> None:
    left, right = axes
    left.set_yscale("log")
    for key, style in zip(("s2", "s3"), STYLES, strict=False):
        left.plot(data["t"], data[f"{key}_exact"], color=style["color"], linewidth=1.2)
        left.plot(data["t"], data[f"{key}_feller"], color=style["color"], linestyle="--", linewidth=1)
        last = max(2, int(np.argmin(np.append(data[f"{key}_lower"], 0) > 1e-3)))
        seen = {f"{key}_{part}": data[f"{key}_{part}"][:last] for part in ("mean", "lower", "upper")}
        points(left, data["t"][:last], seen, key, style)
        right.plot(
            data["sizes"], data[f"{key}_mean_diffusion"] / data["sizes"], "--", color=style["color"], linewidth=1
        )
        right.plot(data["sizes"], data[f"{key}_mean_exact"] / data["sizes"], "-", color=style["color"], linewidth=1.2)
    left.set_ylim(1e-3, 1.3)
    left.set_xlabel("generation $t$")
    left.set_ylabel("$P(T_1 > t)$")
    right.set_xscale("log")
    right.set_ylim(0, None)
    right.set_xlabel("sample size $n$")
    right.set_ylabel("$E[T_1] / n$")
    names = ("two symbols", "three symbols")
    key_legend(left, [({**style, "linestyle": "-"}, name) for style, name in zip(STYLES, names, strict=False)])
    key_legend(
        right, [({"linestyle": "-"}, "exact chain"), ({"linestyle": "--"}, "independent diffusions")], loc="lower right"
    )
    for ax in axes:
        bare(ax)


def _caption(config: dict[str, Any], data: Data) -> str:
    laws = " and ".join(str(p) for p in config["laws"])
    return (
        f"First extinction under replacement. Left: no symbol lost by generation $t$, $n = {config['n']}$, p = {laws}; solid: "
        "exact, by inclusion and exclusion over binomial chains; dashed: $\\prod_i (1 - e^{-2 n p_i / t})$, the law quoted for "
        "independent diffusions, whose tail is a power of $t$. Right: the means, which agree to leading order. Marks: shares "
        f"of {config['chains']:,} chains with simultaneous 99 % limits; seed {config['seed']}."
    )


survival_figure = Figure(
    "benati2025.survival",
    "the law of the first-extinction time, exact and by independent diffusions",
    _data,
    _draw,
    _caption,
    panels=(1, 2),
    size=(7.0, 3.1),
    quick={"chains": 1 << 11},
)
