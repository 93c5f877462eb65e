"""Figure 5 on a small scale: a transformer where the theory has a table of frequencies."""

from typing import Any

import numpy as np

from proofs_check.figure import ALPHA, STYLES, Data, Figure, bare, key_legend
from proofs_check.papers.seddik2024 import theory

_MIXES = (("synthetic", "100 % synthetic", 0), ("half", "50 % real", 1), ("most", "80 % real", 4))
_LENGTHS = (("short", "o"), ("long", "s"))
_CURVES = 12  # means that are shown with limits: two numbers of two trainings in three mixtures


def _truth(symbols: int) -> np.ndarray:
    """Zipf's law in a random order per context, which the net cannot share among them."""
    law = 1 / np.arange(1, symbols + 1)
    generator = np.random.default_rng(0)
    return np.stack([(law / law.sum())[generator.permutation(symbols)] for _ in range(symbols)])


def _workflow(n: int, share: int) -> Any:
    from collapse_jax import FixedReal, Replace

    return FixedReal(n, n_real=share * n) if share else Replace(n)


def _flat(model: Any) -> Any:
    return model.p.reshape(*model.p.shape[:-2], -1) / model.p.shape[-2]


def _transformers(data: Data, p: np.ndarray, n: int, steps: dict[str, int], generations: int, chains: int, seed: int):
    from collapse_jax.neural import NeuralFamily, Probe, Training, study, truths
    from proofs_check.papers.seddik2024.transformer import Reader, table

    s = len(p)
    probe = Probe(tuple(f"{j}.{k}" for j in range(s) for k in range(s)), table)
    workflows = {name: _workflow(n, share) for name, _, share in _MIXES}
    for length, number in steps.items():
        family = NeuralFamily(truths.NextToken(p), Reader(s), Training(steps=number, rate=1e-2, batch=64))
        found = study(family, workflows, probe, generations=generations, chains=chains, seed=seed, progress=False)
        for name in workflows:
            q = np.stack([found[name][one] for one in probe.names], -1).reshape(generations, chains, s, s)
            data[f"squares_{name}_{length}"] = (q**2).sum(-1).mean(-1)
            data[f"moved_{name}_{length}"] = np.abs(q - q[0]).sum(-1).mean(-1)


def _data(
    *,
    symbols: int = 8,
    n: int = 160,
    short: int = 60,
    long: int = 400,
    generations: int = 8,
    chains: int = 32,
    tables: int = 1 << 12,
    seed: int = 0,
) -> Data:
    from collapse_jax import Contexts, FromFirst, simulate

    p = _truth(symbols)
    data = {"t": np.arange(1, generations + 1), "S0": np.asarray((p**2).sum(-1).mean())}
    chance = 1 / symbols
    sizes = np.arange(1, n + 1)
    from scipy.stats import binom

    factor = 1 - float((binom.pmf(sizes, n, chance) / sizes).sum())
    data["closed"] = np.array([theory.contexts(k, float(data["S0"]), factor) for k in data["t"].tolist()])
    metrics = ["sum_of_squares", FromFirst(parameter=_flat, name="moved")]
    for name, _, share in _MIXES:
        run = simulate(Contexts(p, unvisited="keep"), _workflow(n, share), metrics, generations=generations,
                       chains=tables, seed=seed, progress=False)  # fmt: skip
        data[f"squares_{name}_table"], data[f"moved_{name}_table"] = run["sum_of_squares"].mean, run["moved"].mean
    _transformers(data, p, n, {"short": short, "long": long}, generations, chains, seed)
    return data


def _marks(ax: Any, data: Data, key: str, style: dict[str, Any], marker: str) -> None:
    from collapse_jax.results.estimate import simultaneous_t

    paths = data[key]
    generations, chains = paths.shape
    error = paths.std(1, ddof=1) / chains**0.5 if chains > 1 else np.full(generations, np.nan)
    bars = simultaneous_t(ALPHA, _CURVES * generations, np.full(generations, chains - 1)) * error
    ax.errorbar(data["t"], paths.mean(1), bars, fmt=marker, color=style["color"], markerfacecolor="white", markersize=4,
                linewidth=1, capsize=2)  # fmt: skip


def _draw(axes: Any, data: Data) -> None:
    left, right = axes
    for (name, _, _), style in zip(_MIXES, STYLES, strict=False):
        for ax, metric in ((left, "squares"), (right, "moved")):
            ax.plot(data["t"], data[f"{metric}_{name}_table"], color=style["color"], linewidth=1.3)
            for length, marker in _LENGTHS:
                _marks(ax, data, f"{metric}_{name}_{length}", style, marker)
    left.plot(data["t"], data["closed"], ":", color="#111111", linewidth=1.6)
    left.axhline(float(data["S0"]), color="#888888", linewidth=0.6)
    left.set_ylabel(r"$S_t$, mean over contexts of $\|p_j^{(t)}\|_2^2$")
    right.set_ylabel(r"mean of $\|p_j^{(t)} - p_j^{(1)}\|_1$")
    for ax in axes:
        ax.set_xlabel("generation $t$")
        ax.set_xticks(data["t"])
        bare(ax)
    key_legend(left, [({"color": style["color"]}, label) for (_, label, _), style in zip(_MIXES, STYLES, strict=False)],
               loc="upper left")  # fmt: skip
    kinds = [
        ({"linestyle": "-"}, "table of frequencies, simulated"),
        ({"linestyle": ":", "color": "#111111"}, "closed form"),
        ({"linestyle": "", "marker": "o"}, "transformer, short training"),
        ({"linestyle": "", "marker": "s"}, "transformer, long training"),
    ]
    key_legend(right, kinds, loc="upper left")


def _caption(config: dict[str, Any], data: Data) -> str:
    s = config["symbols"]
    return (
        "After figure 5 and table 1 of Seddik et al. (2024), with a small net whose truth is known, not the authors' run (a GPT-2 type decoder of 8 "
        "layers on characters, 10 generations): a transformer of one block and width 16 reads one of "
        f"{s} tokens, uniform, and says the next; Zipf's law of {s} tokens in another order for every context; {config['n']} synthetic pairs per generation, beside as many or "
        f"four times as many real ones, always the same; fresh weights, {config['short']} or {config['long']} steps at every fit. Lines: the softmax classifier of the theory, trained to the end, which is a table of frequencies: means of "
        f"{config['tables']:,} chains; dotted, without real data: $1 - (1 - S_0) f^t$, $f = 1 - E[1/n_j; n_j > 0]$. Marks: means of {config['chains']} chains of transformers, "
        f"with simultaneous 99 % limits of Student's law; grey: $S_0$. Seed {config['seed']}."
    )


fig5 = Figure(
    "seddik2024.fig5",
    "a small transformer beside the table of frequencies: with and without real data",
    _data,
    _draw,
    _caption,
    panels=(1, 2),
    size=(8.4, 3.4),
    quick={"chains": 16, "generations": 6, "tables": 1 << 10},
)
