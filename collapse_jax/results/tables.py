"""Results as tables: HTML for a notebook, and labelled arrays."""

import html
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

__all__ = ["COLUMNS", "attributes", "dataset", "html_table", "labels", "variable"]

COLUMNS = ("mean", "standard_error", "variance", "minimum", "maximum", "nonfinite")


def html_table(title: str, notes: Sequence[str], head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A heading, lines of text and a table; every text is escaped.

    **Args**: `title`, `notes`: above the table; `head`, `rows`: its cells.

    **Returns**: HTML.
    """

    def cells(tag: str, texts: Sequence[str]) -> str:
        return f"<tr>{''.join(f'<{tag}>{html.escape(text)}</{tag}>' for text in texts)}</tr>"

    above = "".join(f"<div>{html.escape(note)}</div>" for note in notes)
    body = "".join(cells("td", row) for row in rows)
    return (
        f"<div><strong>{html.escape(title)}</strong>{above}"
        f"<table><thead>{cells('th', head)}</thead><tbody>{body}</tbody></table></div>"
    )


def variable(metric: str, column: str) -> str:
    """The name of a moment of a metric: the mean has that of the metric."""
    return metric if column == "mean" else f"{metric}_{column}"


def dataset(
    metrics: Sequence[str],
    over: Mapping[str, Sequence[Any]],
    generations: np.ndarray,
    moment: Callable[[str, str], np.ndarray],
    paths: Callable[[str], np.ndarray] | None,
    about: Mapping[str, str],
) -> Any:
    """An `xarray.Dataset` over coordinates and the generation, with kept paths over the chain, too (extra `data`).

    **Args**: `metrics`: their names; `over`: labels of every coordinate; `generations`: 1, 2, ..; `moment`: of a
    metric, the array of a column; `paths`: of a metric, those kept; `about`: attributes.

    **Returns**: one variable per metric and moment, METRIC, METRIC_standard_error, .., METRIC_paths.

    **Raises**: ImportError without xarray; ValueError for a name that would stand for two things.
    """
    try:
        import xarray
    except ImportError:
        raise ImportError("to_xarray needs the extra 'data': pip install collapse_jax[data]") from None
    names = [variable(metric, column) for metric in metrics for column in COLUMNS]
    names += [f"{metric}_paths" for metric in metrics if paths is not None]
    taken: set[str] = set()
    for name in [*over, "generation", "chain", *names]:
        if name in taken:
            raise ValueError(f"the name {name!r} would stand for two things; rename the coordinate or the metric")
        taken.add(name)
    dimensions = (*over, "generation")
    variables: dict[str, Any] = {
        variable(metric, column): (dimensions, moment(metric, column)) for metric in metrics for column in COLUMNS
    }
    if paths is not None:
        variables |= {f"{metric}_paths": ((*dimensions, "chain"), paths(metric)) for metric in metrics}
    coordinates = {name: labels(values) for name, values in over.items()} | {"generation": generations}
    return xarray.Dataset(variables, coordinates, about)


def labels(values: Sequence[Any]) -> np.ndarray:
    """Coordinates as an array that files can hold: numbers as they are, else text that names tuples and classes."""
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    if numbers and (all(isinstance(value, float) for value in values) or all(abs(value) < 1 << 53 for value in values)):
        return np.asarray(values)
    found = [value if isinstance(value, str) else _named(value) for value in values]
    if len(set(found)) < len(found):  # as "1" beside 1, or two classes of one name
        found = [repr(value) for value in values]
    return np.asarray(found)


def _named(value: Any) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(_named, value))}{',' * (len(value) == 1)})"
    return value.__qualname__ if isinstance(value, type) else repr(value)


def attributes(configs: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What all configurations have in common, as text: chains, versions, engine; the seed of a run."""
    first, *others = configs
    return {key: str(value) for key, value in first.items() if all(other.get(key) == value for other in others)}
