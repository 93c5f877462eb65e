"""Scaling laws of a memory: tokens of a cut law, retold tokens, true tokens mixed in, and bigrams."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, points, record
from proofs_check.marks import key_legend
from proofs_check.papers.dohmatob2024tails import theory

_CUTS, _SHARES, _ROWS = (10, 100, 1000), (0.1, 0.01, 0.001), (1.5, 2.0, 3.0)
_MOST, _LAST, _VOCABULARY = 60, 5, 2000
_INF = float("inf")


def _data(*, chains: int = 1 << 11, seed: int = 0, beta: float = 2.0, T_0: int = 300) -> Data:
    from collapse_jax import Categorical, Replace, laws, simulate
    from proofs_check.papers.dohmatob2024tails.workflows import Shown

    def unseen_mass(model: Any, truth: Any) -> Any:
        return (truth.p * (model.p == 0)).sum(-1)

    def zipf(exponent: float, last: float = _INF) -> np.ndarray:
        i = np.arange(1, _VOCABULARY + 1.0)
        weights = i**-exponent * (i <= last)
        return weights / weights.sum()

    hutter = laws.hutter
    T = np.geomspace(1, 1e8, 161)
    n = np.arange(_MOST + 1)
    size = 4 ** np.arange(_LAST + 1)
    data: Data = {"T": T, "n": n, "size": size, "whole": hutter.unseen(T, beta)}
    data["whole_form"] = theory.error(T, beta)
    for k in _CUTS:
        data[f"cut_{k}"] = hutter.unseen(T, beta, hutter.cut(beta, k))
        data[f"cut_form_{k}"] = theory.cut_error(T, beta, k)
    data["additive"] = theory.error(T, beta) + theory.tail_mass(_CUTS[1], beta)
    data["retold"] = hutter.retold(T_0, T_0, _MOST, beta)
    data["mean_field"] = theory.error(np.array([theory.effective_tokens(T_0, T_0, r) for r in n.tolist()]), beta)
    data["linear"] = (n + 1) * theory.error(T_0, beta)
    for share in _SHARES:
        data[f"mixed_{share}"] = hutter.unseen(T, beta, hutter.mixed(beta, _CUTS[1], share))
        data[f"mixed_form_{share}"] = theory.mixed_error(T, beta, _CUTS[1], share)
    tokens = np.unique(np.geomspace(1, 1e6, 61).astype(int))
    data["tokens"] = tokens
    for exponent in _ROWS:
        data[f"row_{exponent}"] = np.array([hutter.distance(int(one), exponent) for one in tokens])
        if exponent != 2:
            data[f"row_form_{exponent}"] = theory.row_error(tokens.astype(float), exponent)

    def run(workflow: Any, exponent: float, generations: int, metric: Any, number: int) -> Any:
        family = Categorical(zipf(exponent), sampler="index")
        found = simulate(family, workflow, metric, generations=generations, chains=number, seed=seed, progress=False)
        return found[metric if isinstance(metric, str) else metric.__name__]

    sizes, p = tuple(size.tolist()), zipf(beta)
    shown = {"whole": p, "cut": zipf(beta, _CUTS[0]), "mixed": 0.1 * p + 0.9 * zipf(beta, _CUTS[1])}
    for name, law in shown.items():
        record(data, name, run(Shown(sizes, q=law), beta, len(sizes), unseen_mass, chains), curves=6)
    record(data, "told", run(Replace(T_0), beta, _MOST + 1, unseen_mass, chains), curves=6)
    for exponent in _ROWS[1:]:
        law = zipf(exponent)
        record(data, f"row_{exponent}", run(Shown(sizes, q=law), exponent, len(sizes), "tv", chains), curves=6)
    return data


def _draw(axes: Any, data: Data) -> None:
    cut, told, mixed, rows = axes
    ink = [style["color"] for style in STYLES]
    T, size = data["T"], data["size"]
    dashed: dict[str, Any] = {"color": "black", "linestyle": (0, (1, 2)), "linewidth": 1.1}
    cut.loglog(T, data["whole"], color=ink[0], label="whole law")
    for k, colour in zip(_CUTS, ink[1:], strict=False):
        cut.loglog(T, data[f"cut_{k}"], color=colour, label=f"cut at $k = {k:,}$")
        cut.loglog(T, data[f"cut_form_{k}"], **dashed)
    cut.loglog(T, data["additive"], "--", color="#888888", linewidth=1)
    points(cut, size, data, "whole", STYLES[0])
    points(cut, size, data, "cut", STYLES[1], first=4)
    cut.set_xlabel("tokens $T$")
    cut.set_ylabel("error $E(T)$")
    cut.set_ylim(1e-4, 1.3)
    cut.legend(frameon=False, fontsize=7, loc="lower left")

    n = data["n"]
    told.plot(n, data["retold"], color=ink[0])
    told.plot(n, data["mean_field"], **dashed)
    told.plot(n, data["linear"], "--", color="#888888", linewidth=1)
    points(told, n, data, "told", STYLES[0])
    told.set_ylim(0, 1.6 * data["retold"][-1])
    told.set_xlabel("generations $n$")
    told.set_ylabel("error $E_n(T_0)$")
    key_legend(
        told,
        [
            ({"color": ink[0]}, "exact"),
            ({"color": "black", "linestyle": (0, (1, 2))}, "closed form"),
            ({"color": "#888888", "linestyle": "--"}, "terms added"),
            ({"color": ink[0], "linestyle": "", "marker": "o"}, "simulated"),
        ],
        loc="lower right",
    )

    mixed.loglog(T, data[f"cut_{_CUTS[1]}"], color="#888888", linewidth=1, label=r"$\pi = 0$")
    for share, style in zip(_SHARES, STYLES, strict=False):
        mixed.loglog(T, data[f"mixed_{share}"], color=style["color"], label=rf"$\pi = {share:g}$")
        mixed.loglog(T, data[f"mixed_form_{share}"], **dashed)
        knee = _CUTS[1] ** 2 / share
        mixed.axvline(knee, color=style["color"], linewidth=0.6, alpha=0.5)
    points(mixed, size, data, "mixed", STYLES[0])
    mixed.set_ylim(1e-4, 1.3)
    mixed.set_xlabel("tokens $T$")
    mixed.set_ylabel("error $E(T)$")
    mixed.legend(frameon=False, fontsize=7, loc="lower left")

    for exponent, style in zip(_ROWS, STYLES, strict=False):
        rows.loglog(data["tokens"], data[f"row_{exponent}"], color=style["color"], label=rf"$\beta = {exponent:g}$")
        if exponent != 2:
            rows.loglog(data["tokens"], data[f"row_form_{exponent}"], **dashed)
        if f"row_{exponent}_mean" in data:
            points(rows, size, data, f"row_{exponent}", style)
    rows.set_xlabel("tokens $T$")
    rows.set_ylabel("total variation of a row")
    rows.legend(frameon=False, fontsize=7, loc="lower left")
    for ax in axes:
        bare(ax)


def _caption(config: dict[str, Any], data: Data) -> str:
    return (
        f"A memory of tokens by Zipf's law, $\\beta = {config['beta']:g}$ except below on the right. Above, left: tail cut at k; "
        f"right: n generations of $T_0 = {config['T_0']}$ tokens, then $T_0$. Below, left: a share $\\pi$ of true tokens among those "
        f"of a law cut at k = {_CUTS[1]}, thin lines at $k^\\beta/\\pi$; right: next tokens, total variation of frequencies. Coloured "
        "lines: exact on infinitely many tokens. Dotted: closed forms of this room. Grey, dashed: $A T^{-c} + F_k$ and "
        "$(n + 1) A T_0^{-c}$, which are upper bounds. Marks: "
        f"{config['chains']:,} chains on the first {_VOCABULARY:,} tokens, limits together at 99 %; seed {config['seed']}."
    )


scaling = Figure(
    "dohmatob2024tails.scaling",
    "scaling laws of a memory: cut tails, retelling, grokking, bigrams",
    _data,
    _draw,
    _caption,
    panels=(2, 2),
    size=(7.6, 5.6),
    quick={"chains": 1 << 8},
)
