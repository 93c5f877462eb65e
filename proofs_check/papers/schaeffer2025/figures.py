"""Which workflows collapse by which definition: seven collapse profiles of a coin side by side."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, log_axis, points, record

__all__ = ["profiles"]

_WORDS = ("no", "yes", "undecided", "not defined")
_WORKFLOWS = {
    "replace": ("Replace", {}),
    "replace, more each time": ("ReplaceMultiple", {}),
    "last three samples": ("Window", {"k": 3}),
    "accumulate, subsample": ("AccumulateSubsample", {}),
    "accumulate": ("Accumulate", {}),
    "fixed real data": ("FixedReal", {"n_real": True}),
    "fresh real data": ("FreshReal", {"n_real": True}),
}
_LOOKS = [*STYLES, {"color": "#6b3f8f", "marker": "P"}, {"color": "#555555", "marker": "X"}]


def _data(
    *,
    n: int = 10,
    p: float = 0.1,
    generations: int = 16,
    factor: float = 5.0,
    chains: int = 1 << 15,
    optimisation: int = 1,
    seed: int = 0,
    workflows: tuple[str, ...] = tuple(_WORKFLOWS),
) -> Data:
    """Words as numbers, their place in "no", "yes", "undecided", "not defined": (workflows, definitions)."""
    import collapse_jax as cj
    from collapse_jax.laws import pedigree

    data = {"workflows": np.asarray(workflows), "generations": np.arange(1, generations + 1)}
    words = []
    for at, (name, options) in enumerate(_WORKFLOWS[label] for label in workflows):
        own = {option: n if value is True else value for option, value in options.items()}
        workflow = getattr(cj, name)(n, **own)
        found = cj.profile(cj.Bernoulli(p), workflow, generations=generations, chains=chains, seed=seed, factor=factor,
                           sizes="traced", optimisation=optimisation, progress=False)  # fmt: skip
        words.append([_WORDS.index(answer.word) for answer in found.values()])
        record(data, f"risk{at}", found.run["squared_error"], len(workflows))
        if name != "AccumulateSubsample":
            error = pedigree.quadratic_error(pedigree.of(workflow, generations), p * (1 - p), -1)
            data[f"closed{at}"] = error / error[0]
    for at in range(len(workflows)):
        for part in ("mean", "stderr", "lower", "upper"):
            data[f"risk{at}_{part}"] = data[f"risk{at}_{part}"] / (p * (1 - p) / n)
    return data | {"words": np.asarray(words)}


def _draw(axes: Any, data: Data) -> None:
    from collapse_jax.results.profile import mark_column

    curves, marks = axes
    names, t = data["workflows"].tolist(), data["generations"]
    log_axis(curves, t[-1])
    curves.set_yscale("log")
    for at, (name, style) in enumerate(zip(names, _LOOKS, strict=False)):
        if f"closed{at}" in data:
            curves.plot(t, data[f"closed{at}"], color=style["color"], linewidth=1)
        points(curves, t, data, f"risk{at}", style, name)
    curves.set_xlabel("generation $t$")
    curves.set_ylabel("risk $R_t$, in units of that of the first fit")
    curves.set_yticks([0.5, 1, 2, 4, 8], ["0.5", "1", "2", "4", "8"])
    curves.minorticks_off()
    curves.set_ylim(top=24)
    curves.legend(frameon=False, fontsize=7, ncols=2, loc="upper left", columnspacing=1)
    bare(curves)
    for at, codes in enumerate(data["words"].tolist()):
        mark_column(marks, at, [_WORDS[code] for code in codes])
    for row in range(1, data["words"].shape[1]):
        marks.axhline(row - 0.5, color="#dddddd", linewidth=0.6, zorder=0)
    marks.set_xticks(range(len(names)), names, rotation=40, ha="right", rotation_mode="anchor")
    marks.set_xlim(-0.6, len(names) - 0.4)


def _caption(config: dict[str, Any], data: Data) -> str:
    split = sum(len({word for word in row if word < 2}) > 1 for row in data["words"].tolist())
    return (
        f"A coin with $p = {config['p']:g}$, fitted on $n = {config['n']}$ tosses per generation (and as many real ones where real data "
        f"stay), risk $(\\hat p - p)^2$. Left: its mean, lines are exact from the pedigree of the workflow (none where a subsample is "
        "left to chance). Right: eight definitions of model collapse, filled where a workflow collapses, open where it does not, ? "
        f"undecided. Catastrophic is a factor {config['factor']:g}; what diverges or vanishes does so at least logarithmically up to "
        f"$t = {config['generations']}$. The definitions disagree on {split} of {len(data['words'])} workflows. "
        f"{config['chains']:,} chains; left with simultaneous 99 % limits, right every column with error probability 1 %; seed {config['seed']}."
    )


profiles = Figure(
    "schaeffer2025.profile",
    "eight definitions of model collapse beside seven workflows",
    _data,
    _draw,
    _caption,
    panels=(1, 2),
    size=(9.4, 4.0),
    quick={"chains": 1 << 12, "optimisation": 0},
)
