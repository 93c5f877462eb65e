"""Figure 2 on a small scale: a language model on its own sentences."""

from typing import Any

import numpy as np

from proofs_check.figure import Data, Figure
from proofs_check.papers.common.nets import curves, legend, log_values, pairs, studied

_METRICS = ("kl", "tail_mass")


def _data(*, chains: int = 24, generations: int = 8, seed: int = 0, temperature: float = 0.8) -> Data:
    every = ("replace", "multiple", "subsample", "accumulate")
    warm = studied("language", every, _METRICS, chains, generations, seed)
    pair = ("replace", "accumulate")
    cold = studied("language", pair, _METRICS, chains, generations, seed, "cold_", temperature=temperature)
    return {**warm, **cold, "temperature": np.asarray(temperature)}


def _draw(axes: Any, data: Data) -> None:
    left, middle, right = axes
    curves(left, data, "kl", label="KL, nats per symbol")
    left.set_title("temperature 1", fontsize=9)
    curves(middle, data, "kl", "cold_", "KL, nats per symbol")
    log_values(middle)
    curves(right, data, "tail_mass", "cold_", "rare symbols, share of true mass")
    right.axhline(1, color="#888888", linewidth=0.6)
    for ax in (middle, right):
        ax.set_title(f"temperature {float(data['temperature']):g}", fontsize=9)
    for ax in (left, right):
        ax.set_ylim(0, None)
    legend(left, loc="upper left")


def _caption(config: dict[str, Any], data: Data) -> str:
    return (
        "After figure 2 of Gerstgrasser et al. (2024), with a small net whose truth is known, not the authors' run: a GRU of "
        "6,320 weights on a hidden Markov language of 32 symbols, 256 sentences of 16 symbols per generation, fresh weights and 160 "
        f"steps at every fit, whatever the data. Lines: medians of {config['chains']} chains; bands: the middle half of "
        "them; chains are paired, with the same real sentences. Replacement ends above accumulation in "
        f"{pairs(data, 'replace', 'accumulate', 'kl')}, at temperature {config['temperature']:g} in "
        f"{pairs(data, 'replace', 'accumulate', 'kl', 'cold_')}. The authors' Table 2 (GPT-2 of 9M weights, TinyStories, cross-entropy, "
        "temperature 1): 1.82 at t = 1; at t = 4 accumulate 1.74, replace 2.39, replace with a set grown as much 2.18; replace at t = 10 "
        f"2.91; at temperature .3: 1.75, 5.82 and 9.85. Seed {config['seed']}."
    )


fig2 = Figure(
    "gerstgrasser2024.fig2",
    "a small language model on its own sentences: KL by generation, and how temperature moves it",
    _data,
    _draw,
    _caption,
    panels=(1, 3),
    size=(9.6, 3.1),
    quick={"chains": 6},
)
