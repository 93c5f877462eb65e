"""Words and pairs of words that are left when a unigram and a bigram model read themselves."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, key_legend, points, record
from proofs_check.papers.suresh2024 import theory
from proofs_check.papers.suresh2024.figures._shared import BOUND, EXACT, OTHER

APART = {**EXACT, "linestyle": "-."}


def pairs(model, truth):
    """How many different pairs of symbols the last text has."""
    import jax.numpy as jnp

    there = (model.p > 0) & (model.weights[..., None] > 0)
    return jnp.sum(there.astype(model.p.dtype), (-2, -1))


def _data(*, generations: int = 10, chains: int = 1 << 12, seed: int = 0) -> Data:
    """`n` is the length of the text in words."""
    from collapse_jax import Categorical, Markov, Replace, laws, simulate
    from collapse_jax.families import corpus

    text = corpus.words(corpus.zen())
    n, model = len(text), Markov.of_text(by="words", unseen="keep")
    unigram, bigram = np.asarray(model.weights), (np.asarray(model.weights)[:, None] * np.asarray(model.p)).ravel()
    bigram = bigram[bigram > 0]
    t = np.arange(1, generations + 1)
    data: Data = {"t": t, "n": np.asarray(n), "words": np.asarray(unigram.size), "pairs": np.asarray(bigram.size)}
    run = simulate(Categorical(unigram), Replace(n), "support_size", generations=generations, chains=chains,
                   seed=seed, progress=False)  # fmt: skip
    record(data, "left_words", run["support_size"], 2)
    run = simulate(model, Replace(n), pairs, generations=generations, chains=max(64, chains // 8), engine="literal",
                   seed=seed, progress=False)  # fmt: skip
    record(data, "left_pairs", run["pairs"], 2)
    for name, p in (("words", unigram), ("pairs", bigram)):
        data[f"exact_{name}"] = laws.coalescent.support_curve(p / p.sum(), n, generations)
        data[f"lower_{name}"], data[f"upper_{name}"] = np.asarray(
            [theory.unique_bounds(int(k), n, p.tolist()) for k in t]
        ).T
    return data


def _draw(axes: Any, data: Data) -> None:
    t = data["t"]
    for ax, name, exact in zip(axes, ("words", "pairs"), (EXACT, APART), strict=True):
        ax.plot(t, data[f"exact_{name}"], **exact)
        ax.plot(t, data[f"lower_{name}"], **OTHER)
        ax.plot(t, data[f"upper_{name}"], **BOUND)
        points(ax, t, data, f"left_{name}", STYLES[0])
        ax.axhline(float(data[name]), color="#cccccc", linewidth=0.8, zorder=0)
        ax.set_xlabel("generation $k$")
        ax.set_ylim(0, 1.45 * float(data[name]))
        bare(ax)
    axes[0].set_ylabel("expected number of words left")
    axes[1].set_ylabel("expected number of pairs left")
    entries = [(EXACT, "exact"), (APART, "exact, pairs drawn apart"), (OTHER, "Corollary 1, lower"),
               (BOUND, "Corollary 1, upper"), ({"linestyle": "", **STYLES[0]}, "simulated")]  # fmt: skip
    key_legend(axes[0], [entries[i] for i in (0, 2, 3, 4)], loc="upper right")
    key_legend(axes[1], [entries[i] for i in (1, 2, 3, 4)], loc="upper right")


def _caption(config: dict[str, Any], data: Data) -> str:
    return (
        f"A unigram and a bigram model of the Zen of Python, {data['words']} words and {data['pairs']} pairs in a text of {data['n']} "
        "(grey: their number in it; the paper takes WikiText-2), refitted on texts of the same length that they write. Left: "
        "the coalescent is exact for words drawn independently. Right: no law is known for a text whose pairs follow each other; "
        "lines are those of independent pairs. "
        f"{config['chains']:,} and {max(64, config['chains'] // 8):,} chains, with simultaneous 99 % limits; seed {config['seed']}."
    )


texts = Figure(
    "suresh2024.texts",
    "words and pairs of words left by a unigram and a bigram model of a text",
    _data,
    _draw,
    _caption,
    panels=(1, 2),
    size=(7.4, 3.0),
    quick={"chains": 1 << 9},
)
