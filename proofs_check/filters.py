"""A form that narrows a list down while one types, for pages without a network. Imports no JAX."""

import html
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files

__all__ = ["data", "filters", "script"]


def script() -> str:
    """The plain script that makes the form work, for pages that hold it themselves."""
    return files("proofs_check").joinpath("site", "theme", "filter.js").read_text(encoding="utf-8")


def filters(target: str, values: Sequence[Mapping[str, Iterable[str]]]) -> str:
    """The form that narrows down the element `target`; it stays hidden where no script runs."""
    names = list(values[0]) if values else []
    boxes = []
    for name in names:
        options = sorted({value for one in values for value in one[name]}, key=str.casefold)
        if len(options) > 1:
            shown = "".join(f"<option>{html.escape(option)}</option>" for option in options)
            boxes.append(
                f'<label>{name} <select name="{name}"><option value="">any {name}</option>{shown}</select></label>'
            )
    search = '<label class="words">words <input type="search" name="q" placeholder="words" autocomplete="off"></label>'
    reset = '<button type="reset">all</button> <output aria-live="polite"></output>'
    return f'<form class="filter" data-for="{target}" role="search" hidden>{search}{"".join(boxes)}{reset}</form>'


def data(words: str, values: Mapping[str, Iterable[str]]) -> str:
    """The attributes by which an item is found."""
    items = {"text": words, **{name: "|".join(chosen) for name, chosen in values.items()}}
    return " ".join(f'data-{name}="{html.escape(value)}"' for name, value in items.items() if value)
