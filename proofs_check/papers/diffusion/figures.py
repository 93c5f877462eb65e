"""Loops of diffusion models: what is forgotten, what guidance does, what early stopping keeps."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, points, record
from proofs_check.marks import key_legend
from proofs_check.papers.diffusion import theory

_STARTS, _GUIDANCE, _SIZES = (0.25, 3.0), (0.1, 0.2, 0.4), (5, 20, 80)


def _data(
    *,
    chains: int = 1 << 14,
    generations: int = 20,
    seed: int = 0,
    n: int = 20,
    T: float = 1.0,
    stop: float = 0.05,
    V: float = 2.0,
) -> Data:
    from collapse_jax import KDE, Diffused, Gaussian, Replace, simulate
    from proofs_check.papers.diffusion.workflows import Shrunken

    def within(model: Any, truth: Any) -> Any:
        x = model.points[..., 0]
        return ((x - x.mean(-1, keepdims=True)) ** 2).mean(-1)

    def log_variance(model: Any, truth: Any) -> Any:
        return model.log_det

    def run(family: Any, workflow: Any, metric: Any, last: int) -> Any:
        found = simulate(family, workflow, metric, generations=last, chains=chains, seed=seed, progress=False)
        return found[metric if isinstance(metric, str) else metric.__name__]

    t, few = np.arange(1, generations + 1), np.arange(1, 9)
    data: Data = {"t": t, "few": few}
    curves = len(_STARTS) + len(_GUIDANCE) + len(_SIZES)
    for v in _STARTS:
        ode, sde = [v], [v]
        for _ in t[1:]:
            ode.append(theory.ode(ode[-1], T, stop))
            sde.append(theory.sde(sde[-1], T, stop))
        data[f"ode_{v}"], data[f"sde_{v}"] = np.array(ode), np.array(sde)
        data[f"far_{v}"] = np.array([theory.ode_sampled(k, v, stop) for k in t.tolist()])
        curve = run(Gaussian(cov=v, ddof=1), Diffused(Replace(n), stop=stop), "variance", generations)
        record(data, f"seen_{v}", curve, curves)
    for w in _GUIDANCE:
        data[f"guided_{w}"] = np.array([theory.guided_sampled(k, n, 1.0, V, w) for k in few.tolist()]) + theory.log(V)
        curve = run(Gaussian(ddof=1), Diffused(Replace(n), guidance=w, against=V), log_variance, len(few))
        record(data, f"guided_{w}", curve, curves)
    for size in _SIZES:
        data[f"kept_{size}"] = np.array([theory.score_loop(k, size, stop, 1.0) for k in t.tolist()])
        data[f"limit_{size}"] = np.asarray(theory.retained(size, stop))
        keep = float(np.exp(-stop))
        curve = run(KDE((1 - keep**2) ** 0.5), Shrunken(Replace(size), keep=keep), within, generations)
        record(data, f"memory_{size}", curve, curves)
    return data


def _draw(axes: Any, data: Data) -> None:
    left, middle, right = axes
    t, few = data["t"], data["few"]
    for v, style in zip(_STARTS, STYLES, strict=False):
        left.plot(t, data[f"far_{v}"], color=style["color"], linewidth=1.3)
        left.plot(t, data[f"ode_{v}"], "--", color=style["color"], linewidth=1)
        left.plot(t, data[f"sde_{v}"], ":", color=style["color"], linewidth=1.3)
        points(left, t, data, f"seen_{v}", style)
    left.axhline(1, color="#888888", linewidth=0.6)
    left.set_yscale("log")
    left.set_ylim(0.2, 6)
    left.set_yticks([0.25, 0.5, 1, 2, 3], ["0.25", "0.5", "1", "2", "3"])
    left.minorticks_off()
    left.set_ylabel("variance $E\\,v_t$")
    key_legend(
        left,
        [
            ({"linestyle": "-"}, r"$T = \infty$"),
            ({"linestyle": "--"}, "flow, $T = 1$"),
            ({"linestyle": ":"}, "diffusion, $T = 1$"),
            ({"linestyle": "", "marker": "o"}, "simulated"),
        ],
        loc="upper right",
        bbox_to_anchor=(1.0, 1.04),
    )
    for w, style, first in zip(_GUIDANCE, STYLES, (0, 4, 2), strict=False):  # marks where curves lie apart
        middle.plot(few, data[f"guided_{w}"], color=style["color"], linewidth=1.3, label=f"$w = {w:g}$")
        points(middle, few, data, f"guided_{w}", style, first=first)
    middle.set_ylabel(r"$E \log v_t$")
    for size, style in zip(_SIZES, STYLES, strict=False):
        right.plot(t, data[f"kept_{size}"], color=style["color"], linewidth=1.3, label=f"$n = {size}$")
        right.axhline(float(data[f"limit_{size}"]), color=style["color"], linewidth=0.6, linestyle=":")
        points(right, t, data, f"memory_{size}", style, first=1)
    right.set_ylim(0, 1.05)
    right.set_ylabel("variance within a sample, $E\\,V_t$")
    for ax in (middle, right):
        ax.legend(frameon=False, fontsize=7.5)
    for ax in axes:
        ax.set_xlabel("fit $t$")
        bare(ax)


def _caption(config: dict[str, Any], data: Data) -> str:
    n, stop = config["n"], config["stop"]
    return (
        f"Diffusion models trained on what they generate, early stop $t_0 = {stop:g}$, exact scores. Left: Gaussian data of variance "
        f"0.25 or 3, an infinite horizon with n = {n} points per fit (lines and marks), and the maps of infinitely many points at "
        f"$T = {config['T']:g}$, flow (dashed) and reverse diffusion (dotted). Middle: guidance w against variance V = {config['V']:g}, "
        f"$t_0 = 0$, n = {n}: closed form (lines). Right: models that memorise their n points; closed form and its limits (dotted). "
        f"Marks: {config['chains']:,} chains, limits together at 99 %; seed {config['seed']}."
    )


loops = Figure(
    "diffusion.loops",
    "diffusion loops: what forgets the data, what loses diversity, what keeps some",
    _data,
    _draw,
    _caption,
    panels=(1, 3),
    size=(9.6, 3.1),
    quick={"chains": 1 << 10},
)
