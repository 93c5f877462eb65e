"""The page of some hunts: a sentence, a table of numbers and a map for each; the maps as SVG inside."""

import html
import io
import os
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from proofs_check.figure import STYLES, bare
from proofs_check.hunting.found import BEYOND, Found
from proofs_check.hunting.plane import Plane, plane
from proofs_check.render import embed, mathml
from proofs_check.statement import REFUTED

MAPS = 12
"""So many hunts have a map; of more, only those that ended with a counterexample."""

_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#33363d}"
    "section{border-top:1px solid #ccc;margin-top:2rem}code{font-size:.95em}.soft{color:#666}svg{max-width:100%}"
)


_EDGE: dict[str, Any] = {"edgecolors": "#8b919b", "linewidths": 0.4}
"""Around every point, as the shade of some is that of the paper."""


def draw(ax: Any, what: Plane, equality: bool) -> None:
    """Draw a map.

    **Args**: `ax`: axes; `what`: the numbers; `equality`: whether shades are distances, not ratios.
    """
    label = "log10 of the relative distance" if equality else "observed / stated"
    bare(ax)
    if len(what.names) == 1:
        ax.plot(what.x, what.shade, ".", color=STYLES[0]["color"])
        ax.set_ylabel(label)
        if not equality:
            ax.axhline(1, color=STYLES[1]["color"], linestyle="--", linewidth=1)
    else:
        limits = {} if equality else _around_one(what.shade)
        shades = "YlOrBr" if equality else "RdBu_r"
        holds = ~what.violated
        if equality:
            ax.scatter(what.x[holds], what.y[holds], s=16, color="#d5dbe3", label="holds", **_EDGE)
        drawn = what.violated if equality else np.ones_like(what.violated)
        inks = ax.scatter(what.x[drawn], what.y[drawn], c=what.shade[drawn], cmap=shades, s=22, **limits, **_EDGE)
        if drawn.any():
            ax.figure.colorbar(inks, ax=ax, label=label)
        if not equality and what.violated.any():
            ax.scatter(
                what.x[what.violated], what.y[what.violated], s=44, facecolors="none", edgecolors="k", label="fails"
            )
        if ax.get_legend_handles_labels()[1]:
            ax.legend(loc="lower left", bbox_to_anchor=(0, 1), frameon=False)
        ax.set_ylabel(what.names[1])
        ax.set_yscale(_scale(what.y))
    ax.set_xlabel(what.names[0])
    ax.set_xscale(_scale(what.x))
    if what.title:
        above = 20 if ax.get_legend() else 6  # the legend stands between the axes and the title
        ax.set_title("\n".join(textwrap.wrap(what.title, 64)), fontsize=8, loc="left", pad=above)


def svg(found: Found, what: Plane) -> str:
    """The map of a hunt as SVG."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context({"svg.hashsalt": found.claim.id, "svg.fonttype": "none", "font.family": "sans-serif"}):
        canvas = Figure(figsize=(5.4, 3.6), layout="constrained")
        draw(canvas.subplots(), what, found.claim.relation in ("==", "law"))
        stream = io.StringIO()
        canvas.savefig(stream, format="svg", metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
    return embed(stream.getvalue(), found.claim.id, f"{found.claim.id} over {' and '.join(what.names)}")


def write_page(hunts: Sequence[Found], folder: str | os.PathLike, seconds: float = 10.0) -> Path:
    """Write `folder`/index.html about these hunts.

    **Args**: `hunts`: in their order; `folder`: made if need be; `seconds`: how long the looks for one map may take.

    **Returns**: the path of the page.
    """
    from collapse_jax.results import files

    page = Path(folder) / "index.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    body = "\n".join(_section(found, seconds, len(hunts)) for found in hunts)
    ends = [found.verdict for found in hunts]
    head = (
        f"{len(hunts)} hunts, {ends.count(REFUTED)} with a counterexample, {ends.count(BEYOND)} limits beyond their "
        f"allowance, {sum(not one.as_expected for one in hunts)} unexpected"
    )
    text = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Hunts</title><style>{_STYLE}</style>'
        f"<h1>Hunts for counterexamples</h1><p>{head}. A search that finds nothing proves nothing.</p>{body}</html>\n"
    )
    files.write(page, text.encode())
    return page


def _section(found: Found, seconds: float, among: int) -> str:
    claim, parts = found.claim, []
    parts.append(f"<section><h2><code>{html.escape(claim.id)}</code>: {found.verdict.lower()}</h2>")
    parts.append(f"<p>{mathml(claim.statement)}</p><p>{html.escape(found.sentence())}.</p>")
    facts = [f"{len(found.search.decided):,} points by {found.search.means}", f"seed {found.search.seed}"]
    facts += [f"domain: {claim.domain}"] if claim.domain else []
    facts += [found.silent] if found.silent else []
    parts.append(f'<p class="soft">{html.escape("; ".join(facts))}.</p>')
    parts += [f'<p class="soft">{html.escape(defect)}</p>' for defect in found.defects()[:3]]
    if among <= MAPS or found.smallest is not None:
        what = plane(found, seconds)
        if what is not None and len(what.x) > 2:
            parts.append(svg(found, what))
    return "".join([*parts, "</section>"])


def _around_one(ratios: np.ndarray) -> dict[str, float]:
    """Limits of the shades with 1 in their middle, so wide that every ratio up to 2 has its own."""
    finite = ratios[np.isfinite(ratios)]
    half = float(np.clip(np.max(np.abs(finite - 1)), 0.05, 1)) if len(finite) else 1.0
    return {"vmin": 1 - half, "vmax": 1 + half}


def _scale(values: np.ndarray) -> str:
    positive = len(values) and np.min(values) > 0
    return "log" if positive and np.max(values) > 30 * np.min(values) else "linear"
