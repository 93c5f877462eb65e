"""Closed loops at a temperature: the phase diagram, and a bigram model that reads itself."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, key_legend, points, record
from proofs_check.papers.marchi2024 import theory


def _larger(model: Any, truth: Any) -> Any:
    return abs(model.p - 0.5) + 0.5


def _phase(
    *,
    temperatures: tuple[float, ...] = tuple(np.round(np.arange(0.2, 1.51, 0.13), 2).tolist()),
    batch: int = 10,
    first: int = 10,
    generations: int = 60,
    shown: float = 0.5,
    simulated: tuple[int, ...] = (0, 3, 6),
    symbols: tuple[int, ...] = (2, 3, 5, 10),
    chains: int = 1 << 12,
    seed: int = 0,
) -> Data:
    """`batch` draws per generation, of which 0, 1, .., `batch` are real."""
    from scipy.stats import binom

    from collapse_jax import Bernoulli, Tempered, Urn, laws, simulate

    start = binom.pmf(range(first + 1), first, 0.5)

    def lead(T, real):
        exact = laws.urn.distributions(
            start, batch - real, real, 0.5, lambda x: laws.selection.tempered(x, T), generations
        )
        return float(laws.urn.expectation(lambda x: np.abs(x - 0.5) + 0.5, exact[-1:])[0])

    share = np.arange(batch) / batch
    data = {
        "temperatures": np.asarray(temperatures),
        "share": share,
        "lead": np.asarray([[lead(T, real) for T in temperatures] for real in range(batch)]),
        "line": np.asarray([lead(shown, real) for real in range(batch)]),
        "symbols": np.asarray(symbols),
        "shown": np.asarray(shown),
        "simulated": np.asarray(simulated) / batch,
    }
    fine = np.linspace(0.2, 0.999, 25)
    data[f"saddle_s{symbols[-1]}"] = np.asarray([theory.saddle_node(T, symbols[-1])[0] for T in fine])
    for s in symbols:
        x = np.linspace(1 / s + 1e-3, 1 - 1e-6, 300)
        data[f"x_s{s}"], data[f"lambda_s{s}"] = x, np.asarray([theory.external_share(float(v), shown, s) for v in x])
    data["fine"] = fine
    parts = []
    for real in simulated:
        urn = Tempered(Urn(batch - real, n_real=real, first=first), temperature=shown)
        run = simulate(Bernoulli(0.5), urn, _larger, generations=generations, chains=chains, seed=seed, progress=False)
        one: Data = {}
        record(one, "lead", run["_larger"], len(simulated))
        parts.append({key: value[-1] for key, value in one.items()})
    return data | {f"sim_{key}": np.asarray([part[key] for part in parts]) for key in parts[0]}


def _draw_phase(axes: Any, data: Data) -> None:
    left, middle, right = axes
    T, share = data["temperatures"], data["share"]
    mesh = left.pcolormesh(T, share, data["lead"], shading="nearest", cmap="Blues", vmin=0.5, vmax=1)
    left.figure.colorbar(mesh, ax=left, label=r"$E\,\max_i \theta_i$")
    left.plot(data["fine"], 1 - data["fine"], color=STYLES[1]["color"], linewidth=1.6)
    largest = data["symbols"][-1]
    left.plot(data["fine"], data[f"saddle_s{largest}"], "--", color=STYLES[1]["color"], linewidth=1.2)
    left.set_xlim(T[0] - 0.05, T[-1] + 0.05)
    left.set_ylim(-0.05, share[-1] + 0.05)
    left.set_xlabel("temperature $T$")
    left.set_ylabel(r"external share $\lambda$")
    key_legend(left, [({"linestyle": "-", "color": STYLES[1]["color"]}, r"$\lambda = 1 - T$"),
                      ({"linestyle": "--", "color": STYLES[1]["color"]}, rf"$\lambda_*$, $s = {largest}$")], loc="upper right")  # fmt: skip
    for s, style in zip(data["symbols"], STYLES, strict=False):
        middle.plot(data[f"lambda_s{s}"], data[f"x_s{s}"], color=style["color"], linewidth=1.2, label=f"$s = {s}$")
    middle.axvline(1 - float(data["shown"]), color="#555555", linestyle=":", linewidth=1)
    middle.set_xlabel(r"external share $\lambda$")
    middle.set_ylabel("leading share at equilibrium")
    middle.set_xlim(0, 0.75)
    middle.legend(frameon=False, fontsize=7.5)
    right.plot(share, data["line"], color=STYLES[0]["color"], linewidth=1.2)
    points(right, data["simulated"], data, "sim_lead", STYLES[0])
    right.axvline(1 - float(data["shown"]), color="#555555", linestyle=":", linewidth=1)
    right.set_ylim(0.49, 1.01)
    right.set_xlabel(r"external share $\lambda$")
    right.set_ylabel(r"$E\,\max_i \theta_i$")
    key_legend(right, [({"linestyle": "-", "color": STYLES[0]["color"]}, "exact"),
                       ({**STYLES[0], "linestyle": ""}, "simulated")])  # fmt: skip
    for ax in axes:
        bare(ax)


def _caption_phase(config: dict[str, Any], data: Data) -> str:
    last = config["first"] + config["batch"] * (config["generations"] - 1)
    return (
        f"A data set that grows by {config['batch']} per generation, a share $\\lambda$ of them real and the others drawn at "
        f"temperature $T$ from its own composition; p uniform. Left: expected share of the leading one of two symbols once it "
        f"holds {last:,}, exact, with the mean field's threshold $1 - T$ and, dashed, the largest share at which one of "
        f"{data['symbols'][-1]} symbols can lead. Middle: equilibria with one leading symbol at $T = {config['shown']}$ by number "
        f"of symbols; the uniform law is stable right of the dotted line. Right: the left panel at $T = {config['shown']}$; marks: "
        f"means of {config['chains']:,} chains with simultaneous 99 % limits, seed {config['seed']}. Near the threshold and for "
        "low $T$ the finite urn is still on its way."
    )


phase = Figure(
    "marchi2024.phase",
    "temperature and external share: where one symbol takes over",
    _phase,
    _draw_phase,
    _caption_phase,
    panels=(1, 3),
    size=(10.2, 3.2),
    quick={"chains": 1 << 9},
)

_METRICS = ("entropy", "support_size")


def _bigram(
    *, temperatures: tuple[float, ...] = (0.7, 1.0, 1.4), n: int = 400, n_real: int = 200, generations: int = 20,
    chains: int = 128, seed: int = 0,
) -> Data:  # fmt: skip
    from collapse_jax import FreshReal, Markov, Replace, Tempered, metrics_for, simulate

    truth = Markov.of_text(unseen="marginal")
    assert set(_METRICS) <= set(metrics_for(truth))
    p, weights = np.asarray(truth.p), np.asarray(truth.weights)
    logs = np.log(np.where(p > 0, p, 1))
    data: Data = {
        "t": np.arange(1, generations + 1),
        "temperatures": np.asarray(temperatures),
        "entropy_text": np.asarray(-(weights @ (p * logs).sum(1))),
        "support_size_text": np.asarray(weights @ (p > 0).sum(1)),
    }
    for T in temperatures:
        for name, inner in (("replace", Replace(n)), ("fresh", FreshReal(n, n_real=n_real))):
            run = simulate(truth, Tempered(inner, temperature=T), list(_METRICS), generations=generations, chains=chains,
                           seed=seed, engine="literal", progress=False)  # fmt: skip
            for metric in _METRICS:
                record(data, f"{metric}_{name}_T{T:g}", run[metric], 4 * len(temperatures))
    return data


def _draw_bigram(axes: Any, data: Data) -> None:
    for ax, metric, label in zip(
        axes, _METRICS, ("entropy of the next letter, nats", "letters that can follow"), strict=True
    ):
        ax.axhline(float(data[f"{metric}_text"]), color="#555555", linestyle=":", linewidth=1)
        for T, style in zip(data["temperatures"], STYLES, strict=False):
            for name, line in (("replace", "-"), ("fresh", "--")):
                key = f"{metric}_{name}_T{T:g}"
                ax.plot(data["t"], data[f"{key}_mean"], line, color=style["color"], linewidth=1)
                points(ax, data["t"], data, key, style)
        ax.set_xlabel("generation $t$")
        ax.set_ylabel(label)
        ax.set_ylim(0, None)
        ax.set_xlim(0, 1.05 * data["t"][-1])
        bare(ax)
    key_legend(
        axes[0],
        [({**style, "linestyle": "-"}, f"$T = {T:g}$") for T, style in zip(data["temperatures"], STYLES, strict=False)],
    )
    kinds = [
        ({"linestyle": "-"}, "replacement"),
        ({"linestyle": "--"}, "with fresh real text"),
        ({"linestyle": ":"}, "the text itself"),
    ]
    axes[1].set_ylim(0, 1.4 * float(data["support_size_text"]))
    key_legend(axes[1], kinds, loc="upper right")


def _caption_bigram(config: dict[str, Any], data: Data) -> str:
    return (
        "A bigram model of the letters of the Zen of Python, refitted on texts of its own: "
        f"{config['n']} letters per generation drawn at temperature $T$, alone (solid) or beside {config['n_real']} letters of the "
        "true model (dashed); a context that a text does not show gets the frequencies of its letters. Averages over contexts "
        f"as often as a text shows them. Marks: means of {config['chains']:,} chains with simultaneous 99 % limits, joined by "
        f"lines; there is no closed form. Dotted: the text. Seed {config['seed']}."
    )


bigram = Figure(
    "marchi2024.bigram",
    "a bigram model that reads its own texts, at three temperatures",
    _bigram,
    _draw_bigram,
    _caption_bigram,
    panels=(1, 2),
    size=(7.4, 3.2),
    quick={"chains": 16},
)
