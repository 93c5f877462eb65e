"""From results/table.json to text, markdown and a plot: every printed number is computed here from that file."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.targets import TARGETS, Target

RESULTS = Path(__file__).parent / "results"
README = Path(__file__).parent / "README.md"

_SHOWN = {
    "loop": "loop",
    "numpy_raw": "NumPy raw",
    "numpy_stats": "NumPy stats",
    "numpy_same": "NumPy same",
    "ours_literal": "ours literal",
    "ours_f32": "ours f32",
    "ours_f64": "ours f64",
    "ours_f32draws": "ours f32 draws",
    "floor_f32": "floor f32",
    "floor_f64": "floor f64",
}
# Heading, numerator, denominator.
_SPLITS = (
    ("algebra: NumPy same / raw", "numpy_same", "numpy_raw"),
    ("engine f32: ours / same", "ours_f32", "numpy_same"),
    ("engine f64", "ours_f64", "numpy_same"),
    ("engine f32 draws", "ours_f32draws", "numpy_same"),
    ("to floor f32: floor / ours", "floor_f32", "ours_f32"),
    ("to floor f64", "floor_f64", "ours_f64"),
)


def rate(rows: dict[str, Any], row: str, column: str) -> float | None:
    """Chain-generations per second; a row `like` another borrows the columns it did not measure."""
    if row not in rows:
        return None
    entry = rows[row]
    if column in entry["columns"]:
        return entry["columns"][column]["per_second"]
    return rate(rows, entry["like"], column) if entry["like"] else None


def ratio(rows: dict[str, Any], row: str, fast: str, slow: str) -> float | None:
    """How many times faster one column is than another, None where either is missing."""
    high, low = rate(rows, row, fast), rate(rows, row, slow)
    return None if high is None or low is None else high / low


def with_ratios(rows: dict[str, Any]) -> dict[str, Any]:
    """The rows with every ratio that the tables show, and the targets with their outcomes."""
    for name, entry in rows.items():
        to_raw = {column: ratio(rows, name, column, "numpy_raw") for column in _SHOWN}
        entry["relative_to_numpy_raw"] = {column: value for column, value in to_raw.items() if value is not None}
        split = {heading: ratio(rows, name, fast, slow) for heading, fast, slow in _SPLITS}
        entry["ratios"] = {heading: value for heading, value in split.items() if value is not None}
    return rows


def judged(rows: dict[str, Any], targets: Iterable[Target] = TARGETS) -> list[dict[str, Any]]:
    """Every target whose two columns were measured, with its ratio and whether it is met."""
    outcomes = []
    for target in targets:
        value = ratio(rows, target.row, target.fast, target.slow)
        if value is None:
            continue
        met = value >= target.least if target.least is not None else value <= (target.most or 0)
        outcomes.append({**vars(target), "ratio": value, "met": met})
    return outcomes


def show(value: float | None) -> str:
    """Two digits below 100, whole numbers above."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 99.5 else f"{value:.2g}" if value < 9.95 else f"{value:.0f}"


def _table(results: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    rows = results["rows"]
    columns = [name for name in _SHOWN if any(rate(rows, row, name) for row in rows)]
    head = ["row", "chains", *(_SHOWN[name] for name in columns)]
    body = [
        [f"({name}) {entry['title']}", *(_cells(entry, columns))]
        for name, entry in rows.items()
    ]  # fmt: skip
    return head, body


def _cells(entry: dict[str, Any], columns: list[str]) -> list[str]:
    relative = entry["relative_to_numpy_raw"]
    return [_sizes(entry), *(show(relative.get(name)) for name in columns)]


def _sizes(entry: dict[str, Any]) -> str:
    """Chains of NumPy raw and of our float32 column, in thousands where they are round."""
    counts = [entry["columns"][name]["chains"] for name in ("numpy_raw", "ours_f32") if name in entry["columns"]]
    return " / ".join(f"{count:,}" for count in counts)


def _split_table(results: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    head = ["row", *(heading for heading, *_ in _SPLITS)]
    body = [
        [f"({name})", *(show(entry["ratios"].get(heading)) for heading, *_ in _SPLITS)]
        for name, entry in results["rows"].items()
    ]
    return head, body


def _target_table(results: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    head = ["row", "ratio", "target", "measured", "outcome"]
    body = []
    for item in results["targets"]:
        wanted = f">= {item['least']:g}" if item["least"] is not None else f"<= {item['most']:g}"
        name = f"{_SHOWN[item['fast']]} / {_SHOWN[item['slow']]}"
        body.append([f"({item['row']})", name, wanted, show(item["ratio"]), "met" if item["met"] else "not met"])
    return head, body


def _scaling_table(results: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    head = ["growing", "cost per chain-generation, first = 1"]
    body = []
    for name, entry in results.get("scaling", {}).items():
        points = ", ".join(
            f"{value:,}: {show(cost)}" for value, cost in zip(entry["values"], entry["relative"], strict=True)
        )
        body.append([f"{name} ({entry['setting']})", points])
    return head, body


def text(results: dict[str, Any]) -> str:
    """Everything as aligned text."""
    about = results["about"]
    parts = [
        _machine(about),
        "Rates relative to NumPy raw = 1; chains: NumPy raw / ours f32",
        _aligned(*_table(results)),
    ]
    parts += [_aligned(*_split_table(results)), _aligned(*_target_table(results))]
    if results.get("scaling"):
        parts.append(_aligned(*_scaling_table(results)))
    return "\n\n".join(parts)


def _aligned(head: list[str], body: list[list[str]]) -> str:
    widths = [max(len(line[i]) for line in [head, *body]) for i in range(len(head))]
    lines = []
    for line in [head, *body]:
        cells = [
            line[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)),
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _machine(about: dict[str, Any]) -> str:
    return (
        f"{about['cpu']}, {about['cores']} cores, {about['vectors']}, device {about['device']}; "
        f"Python {about['python']}, jax {about['jax']}, NumPy {about['numpy']}; {about['date']}, "
        f"load {about['load']:g} at the start"
    )


def markdown(results: dict[str, Any]) -> str:
    """The tables of benchmarks/README.md."""
    met = sum(item["met"] for item in results["targets"])
    parts = [
        f"{_machine(results['about'])}; medians of {results['runs']} runs.",
        "Rates relative to NumPy raw; chains: NumPy raw / ours f32 (all sizes, extremes, first calls are in the file).",
        _pipes(*_table(results)),
        "![Rates by row, relative to NumPy on raw data](results/table.png)",
        _pipes(*_split_table(results)),
        f"Targets: {met} of {len(results['targets'])} met.",
        _pipes(*_target_table(results)),
    ]
    if results.get("scaling"):
        parts.append(_pipes(*_scaling_table(results)))
    return "\n\n".join(parts) + "\n"


def _pipes(head: list[str], body: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def brief(results: dict[str, Any]) -> str:
    """The rates and the targets only."""
    parts = [_machine(results["about"]), _pipes(*_table(results)), _pipes(*_target_table(results))]
    return "\n\n".join(parts) + "\n"


def rendered(page: str, results: dict[str, Any]) -> str:
    """The page with what stands between its markers replaced."""
    return between(page, "table", markdown(results))


def between(page: str, name: str, text: str) -> str:
    """The page with `text` between the markers of this name."""
    begin, end = f"<!-- {name}:begin -->\n", f"<!-- {name}:end -->"
    before, rest = page.split(begin)
    return before + begin + text + rest[rest.index(end) :]


def load(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


# Column, marker, colour; ordered by lightness within a kind.
_MARKS = {
    "loop": ("x", "#777777"),
    "numpy_raw": ("|", "#000000"),
    "numpy_stats": ("^", "#d08a1e"),
    "numpy_same": ("v", "#a13a06"),
    "ours_literal": ("s", "#8fb39a"),
    "ours_f64": ("D", "#2b83a8"),
    "ours_f32draws": ("P", "#5a6fb0"),
    "ours_f32": ("o", "#0a2a5e"),
    "floor_f32": ("4", "#555555"),
}


def plot(results: dict[str, Any], path: Path) -> list[Path]:
    """One dot per column and row on a logarithmic axis, as PNG and SVG."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    fonts: dict[Any, Any] = {
        "font.size": 8.5,
        "axes.labelsize": 9.5,
        "svg.hashsalt": "collapse_jax",
        "svg.fonttype": "none",
    }
    rows = results["rows"]
    with rc_context(fonts):
        figure = Figure(figsize=(7.0, 0.9 + 0.32 * len(rows)), layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        for column, (marker, colour) in _MARKS.items():
            points = [
                (entry["relative_to_numpy_raw"][column], -place)
                for place, entry in enumerate(rows.values())
                if column in entry["relative_to_numpy_raw"]
            ]
            if points:
                x, y = zip(*points, strict=True)
                axes.plot(x, y, marker, color=colour, markersize=5.5, label=_SHOWN[column], linestyle="none")
        axes.set_xscale("log")
        axes.set_yticks(
            [-place for place in range(len(rows))], [f"({name}) {entry['title']}" for name, entry in rows.items()]
        )
        axes.set_xlabel("rate, NumPy on raw data = 1")
        axes.grid(axis="both", color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
        figure.legend(loc="outside upper center", ncols=5, frameon=False, fontsize=8)
        written = []
        for suffix, metadata in ((".png", {}), (".svg", {"Date": None})):
            written.append(path.with_suffix(suffix))
            figure.savefig(written[-1], dpi=200, metadata=metadata)
    return written
