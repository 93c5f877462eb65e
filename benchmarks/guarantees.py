"""How often words about a mean are wrong: `python -m benchmarks.guarantees [--seeds N] [--render]`.

Laws of which the mean is known are sampled as chains are, at looks of 8,192 to 131,072 values, and judged at alpha .05
as `proofs_check` judges one generation. Spikes have probability 1/(4 * 8192): the first look misses most of them.
Writes `results/guarantees.json` and the table in docs/guarantees.md; --render only the table.
"""

import argparse
import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from collapse_jax.results.estimate import Moments4
from proofs_check.limits import Known, cut_limit, licensed_limit
from proofs_check.statement import DELTA, Statement

RESULTS = Path(__file__).parent / "results" / "guarantees.json"
PAGE = Path(__file__).parents[1] / "docs" / "guarantees.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
ALPHA, RESOLUTION, FIRST, LOOKS = 0.05, 0.05, 8192, 5
OFF = {"true": 1.0, "-10 %": 0.9, "+10 %": 1.1, "-30 %": 0.7, "+30 %": 1.3}


class Law(NamedTuple):
    """A law with mean 1: how to draw from it, and what may be declared of it."""

    draw: Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]
    lower: float = 0.0
    upper: float = math.inf
    variance: float | None = None


def _pareto(index: float) -> Law:
    scale = (index - 1) / index
    variance = scale**2 * index / ((index - 1) ** 2 * (index - 2)) if index > 2 else None
    return Law(lambda rng, shape: scale * (1 + rng.pareto(index, shape)), scale, math.inf, variance)


def _two_point(p: float) -> Law:
    return Law(lambda rng, shape: (rng.random(shape) < p) / p, 0.0, 1 / p, 1 / p - 1)


def _spike(mass: float) -> Law:
    """Uniform on (0, 4/3), and a third of the mean on an event of this probability."""
    height = 1 / 3 / mass
    second = 16 / 27 * (1 - mass) + height**2 * mass

    def draw(rng, shape):
        return np.where(rng.random(shape) < mass, height, rng.random(shape) * 4 / 3 / (1 - mass))

    return Law(draw, 0.0, height, second + 1)  # more than the variance


LAWS = {
    "bounded, Beta(2, 5)": Law(lambda rng, shape: 3.5 * rng.beta(2, 5, shape), 0.0, 3.5, 3.5**2 * 10 / 49 / 8),
    "two points, p = .3": _two_point(0.3),
    "two points, p = .003": _two_point(0.003),
    "spike of mass 1/(4R)": _spike(1 / (4 * FIRST)),
    "lognormal 2": Law(lambda rng, shape: rng.lognormal(-2, 2, shape), 0.0, math.inf, math.expm1(4)),
    "Pareto 1.5": _pareto(1.5),
    "Pareto 1.7": _pareto(1.7),
    "Pareto 1.9": _pareto(1.9),
    "Pareto 2.5": _pareto(2.5),
    "Pareto 3": _pareto(3.0),
}


def licences(law: Law) -> dict[str, Known]:
    """What is declared under each licence that the law allows."""
    found = {"bound": Known(law.lower, law.upper)} if math.isfinite(law.upper) else {}
    if law.variance is not None:
        found["variance"] = Known(variance=np.asarray(law.variance))
    if not math.isfinite(law.upper):
        found["lower bound, tail"] = Known(law.lower)
    return {**found, "tail": Known()}


def study(law: Law, seeds: int, batch: int = 100) -> dict[str, dict[str, Any]]:
    """By licence: how often limits missed the mean at some look, and the words about statements so far off."""
    counts: dict[str, dict[str, Any]] = {}
    for part in range(0, seeds, batch):
        number = min(batch, seeds - part)
        words = {name: _Words(number) for name in licences(law)}
        for look, moments in enumerate(_looks(law, np.random.default_rng([7, part]), number), 1):
            for name, known in licences(law).items():
                words[name].look(moments, known, look)
        for name, found in words.items():
            total = counts.setdefault(name, {})
            for key, value in found.row().items():
                total[key] = total.get(key, 0) + value
    return counts


def _looks(law: Law, rng: np.random.Generator, number: int) -> Iterator[Moments4]:
    moments = Moments4.none((number,))
    for look in range(LOOKS):
        x = law.draw(rng, (FIRST << max(look - 1, 0), number))
        d = x - x.mean(0)
        moments = moments + Moments4(
            np.full(number, float(len(x))), x.mean(0), (d**2).sum(0), (d**3).sum(0), (d**4).sum(0),
            x.min(0), x.max(0), np.zeros(number),
        )  # fmt: skip
        yield moments


class _Words:
    """The words of many runs at once about one mean, 1, stated right and wrong."""

    def __init__(self, number: int):
        self.missed = np.zeros(number, bool)
        self.lower, self.upper = np.full(number, -np.inf), np.full(number, np.inf)
        self.words = {name: np.full(number, "UNDECIDED", "<U10") for name in OFF}

    def look(self, moments: Moments4, known: Known, look: int) -> None:
        found = {side: licensed_limit(moments, side, known, ALPHA / 2) for side in ("lower", "upper")}
        self.lower = np.maximum(self.lower, found["lower"].values)
        self.upper = np.minimum(self.upper, found["upper"].values)
        self.missed |= (self.lower > 1) | (self.upper < 1)
        spent, starred = ALPHA / 2 / 2**look, not (found["lower"].by and found["upper"].by)
        lower, upper = self.lower, self.upper
        if starred:
            lower = lower if found["lower"].by else cut_limit(moments, "lower", spent, 1.0)
            upper = upper if found["upper"].by else cut_limit(moments, "upper", spent, 1.0)
        cut = np.asarray([[not found["lower"].by], [not found["upper"].by]])
        for name, factor in OFF.items():
            made, zero = _stated(factor, len(lower)), np.zeros((2, len(lower)))
            carried = DELTA * made.slack * cut
            judged = [(made.compared(self.lower, self.upper, made.slack, zero), "")]
            judged += [(made.compared(lower, upper, made.slack - carried, carried), "*")] if starred else []
            for (above, below, inside), star in judged:
                word, open_ = self.words[name], ~np.isin(self.words[name], ("REFUTED", "SUPPORTED"))
                word[open_ & inside] = "SUPPORTED" + star
                word[(word != "REFUTED") & (above | below) & (open_ | (star == ""))] = "REFUTED" + star

    def row(self) -> dict[str, int]:
        found = {"missed": int(self.missed.sum()), "seeds": len(self.missed)}
        for name, words in self.words.items():
            for word in ("SUPPORTED", "SUPPORTED*", "REFUTED", "REFUTED*"):
                found[f"{name} {word}"] = int((words == word).sum())
        return found


def _stated(value: float, number: int) -> Statement:
    stated, zero = np.full(number, value), np.zeros(number)
    slack = np.full((2, number), RESOLUTION * value)
    return Statement("==", stated, stated, slack, zero, None, RESOLUTION, (-math.inf, math.inf))


def table(found: dict[str, Any]) -> str:
    """The rows of docs/guarantees.md: shares of the seeds, words with a star apart."""
    head = (
        "| law, mean 1 | licence | limits missed | true: supported | true: refuted | 10 % off: supported "
        "| 10 % off: refuted | 30 % off: supported | 30 % off: refuted |"
    )
    rows = [head, "|---|---|---|---|---|---|---|---|---|"]
    for law, by in found["laws"].items():
        for licence, row in by.items():
            cells = [law, licence, f"{row['missed'] / row['seeds']:.4f}"]
            for group in (("true",), ("-10 %", "+10 %"), ("-30 %", "+30 %")):
                for word in ("SUPPORTED", "REFUTED"):
                    plain, starred = (
                        sum(row[f"{name} {word}{star}"] for name in group) / row["seeds"] / len(group)
                        for star in ("", "*")
                    )
                    parts = [f"{plain:.4g}"] if plain or not starred else []
                    cells.append(", ".join(parts + [f"{starred:.4g} \\*"] * bool(starred)))
            rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def rendered(page: str, found: dict[str, Any]) -> str:
    """The page with the table of these results."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n{table(found)}\n{END}{rest.partition(END)[2]}"


def main() -> None:
    """Run the study and write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=2000)
    parser.add_argument("--render", action="store_true", help="only write the table from the JSON file")
    parsed = parser.parse_args()
    if not parsed.render:
        found = {"alpha": ALPHA, "resolution": RESOLUTION, "chains": FIRST << (LOOKS - 1), "laws": {}}
        for name, law in LAWS.items():
            found["laws"][name] = study(law, parsed.seeds)
            print(name, {licence: row["missed"] for licence, row in found["laws"][name].items()}, flush=True)
        RESULTS.write_text(json.dumps(found, indent=1) + "\n")
    PAGE.write_text(rendered(PAGE.read_text(encoding="utf-8"), json.loads(RESULTS.read_text())), encoding="utf-8")


if __name__ == "__main__":
    main()
