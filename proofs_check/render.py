"""Pieces of the report page: statements as MathML, curves as inline SVG."""

import html
import io
import re
from typing import Any, Literal
from xml.etree import ElementTree

import numpy as np

from proofs_check.claim import without_star
from proofs_check.outcome import Outcome

_WIDTH, _HEIGHT = 3.9, 2.5  # inches
_INK, OBSERVED, STATED = "#33363d", "#0b57a4", "#c4500a"
_UPRIGHT = set("ΓΔΘΛΞΠΣΥΦΨΩ")  # as LaTeX sets them
_RELATIONS = set("~∼≈≡∝⟶→↦")
_LIMITS = {"msub": "munder", "msubsup": "munderover"}


def plot(outcome: Outcome, name: str, prefix: str) -> str:
    """Observed means and region against the prediction: an SVG whose ids start with `prefix`, to share a page."""
    import matplotlib
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    t, mean = np.asarray(outcome.generations), np.asarray(outcome.observed, float)
    limits = np.asarray([outcome.lower, outcome.upper], float)
    limits = np.where(np.isfinite(limits) & np.isfinite(mean), limits, np.nan)  # no bar where there is no trusted limit
    stated = np.asarray(outcome.predicted, float)
    equality = outcome.claim.relation == "=="
    colours = dict.fromkeys(("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color"), _INK)
    colours |= dict.fromkeys(("figure.facecolor", "axes.facecolor", "savefig.facecolor"), "none")
    settings: Any = {
        "svg.fonttype": "none",
        "svg.hashsalt": outcome.claim.id,
        "font.family": "sans-serif",
        "font.size": 10,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.8,
        **colours,
    }
    with matplotlib.rc_context(settings):
        figure = Figure(figsize=(_WIDTH, _HEIGHT))
        ax = figure.subplots()
        if len(t) == 1:  # a line needs a length
            ends, stated = t[0] + np.array([-0.5, 0.5]), np.repeat(stated, 2, 0)
            ax.set_xticks(t)
        else:
            ends = t
            ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        shown = np.where(np.isfinite(stated), stated, np.nan)
        ax.plot(ends, shown, color=STATED, linewidth=1.6, zorder=1, linestyle="-" if equality else "--")
        ax.errorbar(
            t,
            mean,
            np.maximum([mean - limits[0], limits[1] - mean], 0),
            fmt="o",
            color=OBSERVED,
            markersize=4 if len(t) <= 15 else 2.6,
            linewidth=1.3,
            capsize=2 if len(t) <= 15 else 0,
        )
        seen = np.concatenate([limits.ravel(), mean])
        low, high = np.nanmin(seen), np.nanmax(seen)
        room = (high - low) / 2
        near = (stated > low - room) & (stated < high + room)
        if equality and max(np.ptp(mean), np.ptp(stated)) < 0.02 * abs(mean[0]):
            ax.set_ylim(*sorted((0.9 * mean[0], 1.1 * mean[0])))  # a constant: show it as one, not its last digits
        elif not equality and near.any(0).all():  # a bound may begin far off: keep to where it matters
            view = ax.get_ylim()
            ax.set_ylim(max(view[0], low - room), min(view[1], high + room))
        ax.ticklabel_format(axis="y", useOffset=False)
        ax.set_xlabel("generation t" if outcome.index == "t" else outcome.index)
        ax.set_ylabel(name)
        figure.subplots_adjust(**_margins(ax))
        stream = io.StringIO()
        figure.savefig(stream, format="svg", metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
    return embed(stream.getvalue(), prefix, f"{name} against the generation: simulated and stated")


def _margins(ax: Any) -> dict[str, float]:
    """Shares of the picture that labels need, from the letters of the longest; measuring takes as long as drawing."""
    labels = ax.yaxis.get_major_formatter().format_ticks(ax.get_yticks())
    letters = max(len(re.sub(r"\\mathdefault|[${}\\^]", "", label)) for label in labels)
    factor = bool(ax.yaxis.get_major_formatter().get_offset())
    points = {"left": 27 + 6.2 * letters, "bottom": 36, "right": 9, "top": 18 if factor else 7}
    wide, high = 72 * _WIDTH, 72 * _HEIGHT
    return {
        "left": points["left"] / wide,
        "bottom": points["bottom"] / high,
        "right": 1 - points["right"] / wide,
        "top": 1 - points["top"] / high,
    }


def embed(svg: str, prefix: str, label: str) -> str:
    """An SVG for the middle of a page: ids that are used get the prefix, all others and the XML preamble go."""
    # Its style sheet would hold for the whole page, and fonts are the page's business.
    foreign = r"<!--.*?-->\s*|<metadata>.*?</metadata>\s*|<style.*?</style>\s*"
    svg = re.sub(foreign, "", svg[svg.index("<svg") :], flags=re.S)
    svg = re.sub(r'font-family: [^;]*; | transform="rotate\(-0 [^)]*\)"', "", svg)
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg))
    svg = re.sub(r' id="([^"]+)"', lambda m: f' id="{prefix}-{m[1]}"' if m[1] in used else "", svg)
    svg = re.sub(r'(href="#|url\(#)', rf"\g<1>{prefix}-", svg).replace("xlink:href", "href")
    svg = re.sub(r' (xmlns(:\w+)?|version|width|height)="[^"]*"', "", svg[: (end := svg.index(">"))]) + svg[end:]
    return re.sub(r"\n\s*", "\n", svg).replace("<svg", f'<svg role="img" aria-label="{html.escape(label)}"', 1)


def badge(verdict: str, *, plain: bool = False) -> str:
    """A verdict, or "ERROR", with a sign for who sees no colours; `plain` without its frame."""
    word = without_star(verdict)
    return f'<span class="word {word}{" plain" * plain}{" starred" * (word != verdict)}">{MARK[word]} {verdict}</span>'


MARK = {"SUPPORTED": "✓", "REFUTED": "✗", "UNDECIDED": "?", "ERROR": "!"}


def mathml(latex: str, *, display: Literal["block", "inline"] = "block") -> str:
    """MathML; the LaTeX itself where it cannot be converted."""
    from latex2mathml.converter import convert_to_element

    try:
        root = convert_to_element(latex.replace(r"\arg\min", r"\text{arg min}"), display=display)
    except Exception:  # the converter raises many kinds of its own for malformed input
        return f"<code>{html.escape(latex)}</code>"
    for element in list(root.iter()):
        # The converter writes symbols as entities and leaves text as it is; serialising again escapes both.
        element.text = html.unescape(element.text or "")
        _tidy(element)
        for name in {"xmlns", "href", "style", "class", "id"} & set(element.attrib):
            del element.attrib[name]
    return ElementTree.tostring(root, encoding="unicode")


def _tidy(element: ElementTree.Element) -> None:
    """Spacing and shapes as LaTeX has them, where the converter takes operators for identifiers."""
    text = element.text or ""
    if element.tag == "mi" and text in _UPRIGHT:
        element.set("mathvariant", "normal")
    elif element.tag in ("mi", "mo") and len(text) > 1 and text.isalpha():  # log, tr, Var
        element.tag = "mo"
        element.attrib.update(lspace="0.14em", rspace="0.14em")
    elif element.tag == "mi" and text in _RELATIONS:
        element.tag = "mo"
        element.attrib.update(lspace="0.28em", rspace="0.28em")
    elif element.tag in _LIMITS and html.unescape(element[0].text or "") in ("∏", "∑", "lim"):
        element.tag = _LIMITS[element.tag]
