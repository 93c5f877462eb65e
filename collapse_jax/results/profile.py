"""A collapse profile: on which of eight definitions a run collapses, as a table, as JSON and as a column of marks."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from collapse_jax.results.definitions import Answer
from collapse_jax.results.record import describe
from collapse_jax.results.tables import html_table

__all__ = ["DEFINITIONS", "Profile", "mark_column"]

DEFINITIONS: dict[str, str] = {
    "catastrophic": "catastrophic increase of the risk",
    "any_increase": "any increase of the risk",
    "diverging_risk": "risk that diverges",
    "scaling_law": "changed scaling law",
    "variance": "vanishing variance",
    "modes": "lost modes",
    "tail": "vanishing tail",
    "hallucination": "hallucinated data",
}
"""Names of the definitions in the order of Schaeffer et al. (2025), and what each is in words."""


@dataclass(frozen=True, eq=False)
class Profile(Mapping[str, Answer]):
    """What `collapse_jax.profile` found: an `Answer` per definition, in the order of `DEFINITIONS`.

    **Args**: `answers`: by the name of the definition; `criteria`: what each asks, with its parameters; `run`: of the
    workflow; `larger`: of the same on more data; `alpha`: some word is wrong with at most this probability.
    """

    answers: Mapping[str, Answer]
    criteria: Mapping[str, str]
    run: Any = field(repr=False)
    larger: Any = field(repr=False)
    alpha: float = 0.01

    def __getitem__(self, name: str) -> Answer:
        if name not in self.answers:
            raise KeyError(f"no definition {name!r}; they are {', '.join(self.answers)}")
        return self.answers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.answers)

    def __len__(self) -> int:
        return len(self.answers)

    @property
    def title(self) -> str:
        about = self.run.config
        return f"Collapse profile: {describe(about['family'])} under {describe(about['workflow'])}"

    @property
    def notes(self) -> list[str]:
        """How much was simulated, and how sure the words are."""
        run = self.run
        many = f"{run.chains:,} chains, {run.config['generations']} generations, seed {run.config['seed']}"
        return [f"{many}; every word at once with error probability {self.alpha:g}"]

    def rows(self) -> list[tuple[str, str, str, str]]:
        """Number and name of each definition, its word, what was measured, and what to know before it is quoted."""
        found = enumerate(self.answers.items(), 1)
        return [(f"{i} {name}", answer.word, answer.measured, answer.remark) for i, (name, answer) in found]

    def __repr__(self) -> str:
        rows = [" ".join([f"{name:<18}", f"{word:<12}", text]) for name, word, text, _ in self.rows()]
        remarks = [f"! {name}: {remark}" for name, _, _, remark in self.rows() if remark]
        return "\n  ".join([self.title, *self.notes, *(row.rstrip() for row in rows), *remarks])

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return html_table(self.title, self.notes, ["definition", "collapses", "measured", ""], self.rows())

    def to_json(self) -> str:
        """Words, measurements and criteria, with the configuration of both runs.

        **Returns**: JSON.
        """
        found = {name: {**asdict(answer), "criterion": self.criteria[name]} for name, answer in self.items()}
        about = {"alpha": self.alpha, "definitions": found, "run": self.run.config, "larger": self.larger.config}
        return json.dumps(about, indent=2)

    def plot(self, *, ax: Any = None, at: float | int = 0, label: str | None = None) -> Any:
        """A column of marks at the place `at`, so that several profiles stand side by side; returns the axes.

        **Args**: `ax`: where to draw, by default the current axes; `at`: the place of the column; `label`: below it.

        **Returns**: the axes.
        """
        from matplotlib import pyplot

        ax = pyplot.gca() if ax is None else ax
        mark_column(ax, at, [answer.word for answer in self.values()])
        ticks = dict(zip(ax.get_xticks(), (text.get_text() for text in ax.get_xticklabels()), strict=True))
        labelled = {place: text for place, text in ticks.items() if text and not _is_number(text)}
        labelled[at] = describe(self.run.config["workflow"]) if label is None else label
        places = sorted(labelled)
        ax.set_xticks(places, [labelled[place] for place in places], rotation=40, ha="right")
        ax.set_xlim(places[0] - 0.6, places[-1] + 0.6)
        return ax


def _is_number(text: str) -> bool:
    return text.replace("\N{MINUS SIGN}", "-").lstrip("-").replace(".", "").isdigit()


_MARKS: dict[str, dict[str, Any]] = {
    "yes": {"marker": "o", "markersize": 9, "color": "#a13a06"},
    "no": {"marker": "o", "markersize": 9, "color": "#2b83a8", "markerfacecolor": "white", "markeredgewidth": 1.4},
    "undecided": {"marker": "$?$", "markersize": 8, "color": "#555555"},
    "not defined": {"marker": "_", "markersize": 7, "color": "#999999"},
}


def mark_column(ax: Any, at: float | int, words: Sequence[str]) -> None:
    """One mark per definition, from top to bottom: filled where a workflow collapses, open where it does not.

    **Args**: `ax`: where to draw; `at`: the place of the column; `words`: in the order of `DEFINITIONS`.
    """
    for row, word in enumerate(words):
        ax.plot([at], [row], linestyle="", **_MARKS[word])
    names = [f"{i} {name}" for i, name in enumerate(DEFINITIONS.values(), 1)]
    ax.set_yticks(range(len(DEFINITIONS)), names)
    ax.set_ylim(len(DEFINITIONS) - 0.5, -0.5)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(length=0)
