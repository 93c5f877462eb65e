"""What a figure is, how its pictures and numbers are written, and the marks that all figures share."""

import inspect
import json
import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from proofs_check.journal import JOURNALS
from proofs_check.journal import caption as journal_caption
from proofs_check.marks import key_legend, separate

__all__ = [
    "ALPHA",
    "STYLES",
    "Data",
    "Figure",
    "Look",
    "bare",
    "key_legend",
    "log_axis",
    "points",
    "record",
    "targets",
    "write",
]

Data = dict[str, np.ndarray]

ALPHA = 0.01
"""All simulated limits of one figure hold at once with probability 1 - ALPHA."""

# Ordered by lightness, so that curves can be told apart in grey print, too.
_INKS = ("#0a2a5e", "#a13a06", "#2b83a8", "#d08a1e", "#8fb39a")
_FONTS: dict[Any, Any] = {"axes.labelsize": 9.5, "xtick.labelsize": 8.5, "ytick.labelsize": 8.5, "axes.titlesize": 9.5}

STYLES: list[dict[str, Any]] = [{"color": ink, "marker": marker} for ink, marker in zip(_INKS, "osD^v", strict=True)]


@dataclass(frozen=True)
class Look:
    """How a picture is set: with its caption or without, in a style of matplotlib's, and how wide, in inches.

    **Args**: `caption`: below the panels; `style`: "neurips", "single", "double" or "slides", which bring their width
    and leave the caption to FILE.tex, a name that matplotlib knows, or a file; `width`: of the picture, whose height
    follows; `dpi`: dots per inch of the PNG.

    **Raises**: ValueError for a style that there is not, and a width or a number of dots that no picture has.
    """

    caption: bool = True
    style: str | None = None
    width: int | float | None = None
    dpi: int = 200

    def __post_init__(self):
        if not 20 <= self.dpi <= 2400:
            raise ValueError(f"{self.dpi} dots per inch are not possible; use 20 to 2400, 100 for a screen")
        if self.width is not None and not 2 <= self.width <= 50:
            raise ValueError(
                f"a width of {self.width:g} inches is not possible; use 2 to 50, a column of a page is 3.3"
            )
        try:
            with self.applied():
                pass
        except OSError:
            from matplotlib import style

            close = get_close_matches(str(self.style), [*JOURNALS, *style.available], 3)
            hint = f"did you mean {', '.join(close)}?" if close else "give a name that matplotlib knows, or a file"
            raise ValueError(f"no style {self.style!r}; {hint}") from None

    def applied(self) -> Any:
        """The context in which everything is drawn and written; a style sets the sizes of letters, too."""
        from matplotlib import rc_context, style

        if self.style is None:
            return rc_context(_FONTS)
        if self.style in JOURNALS:
            settings: Any = JOURNALS[self.style][1]
            return rc_context(settings)
        return style.context(self.style)

    @property
    def journal(self) -> bool:
        """Whether the picture is for a paper or for slides, which set the caption themselves."""
        return self.style in JOURNALS

    @property
    def inches(self) -> int | float | None:
        """How wide the picture is, where that is known before it is drawn."""
        return JOURNALS[self.style][0] if self.width is None and self.style in JOURNALS else self.width


@dataclass(frozen=True)
class Figure:
    """One figure: numbers first, then ink.

    `data(**config)` simulates and evaluates closed forms and returns arrays by name, the configuration being its
    keyword arguments; `draw(axes, data)` draws nothing but these; `caption(config, data)` states every parameter.
    Calling a figure, `axes, data = figure(axes, chains=1000)`, does both. `id` is "<paper>.<name>"; `file` names the
    files written, by default `id`; `needs`: a module that `data` imports and the extra that installs it.
    """

    id: str
    summary: str
    data: Callable[..., Data]
    draw: Callable[[Any, Data], None]
    caption: Callable[[dict[str, Any], Data], str]
    panels: tuple[int, int] = (1, 1)
    size: tuple[float, float] = (7.0, 3.0)
    quick: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""
    needs: tuple[str, str] | None = None

    @property
    def missing(self) -> str:
        """What to install before this figure can be drawn; "" if it can."""
        if self.needs is None or find_spec(self.needs[0]) is not None:
            return ""
        return f"{self.id} needs {self.needs[0]}: pip install collapse_jax[{self.needs[1]}]"

    def config(self, *, quick: bool = False, **changes: Any) -> dict[str, Any]:
        """Keyword arguments of `data`: the defaults, those of a quick look, and changes."""
        defaults = {name: item.default for name, item in inspect.signature(self.data).parameters.items()}
        unknown = sorted(set(changes) - set(defaults))
        if unknown:
            raise ValueError(f"{self.id} has no parameter {unknown[0]!r}; its parameters are {', '.join(defaults)}")
        return {**defaults, **(self.quick if quick else {}), **changes}

    def axes(self, look: Look | None = None) -> Any:
        """Axes of a new figure, one per panel."""
        from matplotlib.figure import Figure as Canvas

        look = look or Look()
        width, height = self.size
        scale = 1 if look.inches is None else look.inches / width
        with look.applied():
            canvas = Canvas(figsize=(width * scale, height * scale), layout="constrained")
            return canvas.subplots(*self.panels, squeeze=False).ravel()

    def __call__(self, axes: Any = None, **changes: Any) -> tuple[Any, Data]:
        """Draw on `axes`, by default those of a new figure, and return them with every number drawn."""
        data = self.data(**self.config(**changes))
        axes = self.axes() if axes is None else axes
        with Look().applied():
            self.draw(axes, data)
            separate(axes)
        return axes, data


def record(data: Data, key: str, curve: Any, curves: int) -> None:
    """Mean, standard error and simultaneous limits of one of the `curves` simulated curves of a figure."""
    data[f"{key}_mean"], data[f"{key}_stderr"] = curve.mean, curve.standard_error
    data[f"{key}_lower"], data[f"{key}_upper"] = curve.band(ALPHA / curves)


def points(
    ax: Any, x: np.ndarray, data: Data, key: str, style: Mapping[str, Any], label: str | None = None, first: int = 0
) -> None:
    """Simulated means of `record` with their limits, at a dozen places evenly spread over the axis as it is scaled."""
    mean, lower, upper = (data[f"{key}_{part}"] for part in ("mean", "lower", "upper"))
    at = _spread(x, ax.get_xscale() == "log", first)
    ax.errorbar(x[at], mean[at], [(mean - lower)[at], (upper - mean)[at]], fmt=style["marker"], color=style["color"],
                markerfacecolor="white", markersize=4, linewidth=1, capsize=2, label=label)  # fmt: skip


def bare(ax: Any) -> None:
    """Axes without the frame's top and right."""
    ax.spines[["top", "right"]].set_visible(False)


def log_axis(ax: Any, last: Any) -> None:
    """Generations 1 .. `last` on a logarithmic axis that is labelled at powers of ten only."""
    from matplotlib.ticker import NullFormatter

    ax.set_xscale("log")
    ax.set_xlim(0.87, 1.15 * last)
    ax.xaxis.set_minor_formatter(NullFormatter())


def _spread(x: np.ndarray, log: bool, first: int) -> np.ndarray:
    if len(x) - first <= 12:
        return np.arange(first, len(x))
    scale = np.log if log else np.asarray
    places = np.linspace(scale(x[first]), scale(x[-1]), 12)
    return np.unique(np.abs(scale(x)[:, None] - places)[first:].argmin(0) + first)


def targets(figure: Figure, folder: Path) -> list[Path]:
    """The files that `write` writes: FILE.png, .pdf, .npz and .json."""
    return [folder / f"{figure.file or figure.id}{suffix}" for suffix in (".png", ".pdf", ".npz", ".json")]


def write(figure: Figure, folder: Path, *, quick: bool = False, seed: int = 0, look: Look | None = None) -> list[Path]:
    """Write FILE.png, .pdf, .npz (the numbers) and .json (configuration, caption, versions); returns their paths."""
    look = look or Look()
    import matplotlib

    from collapse_jax.results import files, versions

    paths = targets(figure, folder)
    files.check({path.suffix[1:]: path for path in paths}, make=True)
    config = figure.config(quick=quick, seed=seed)
    data = figure.data(**config)
    caption = " ".join(figure.caption(config, data).split())
    about = {
        "figure": figure.id,
        "config": config,
        "alpha": ALPHA,
        "caption": caption,
        "versions": {**versions(), "matplotlib": matplotlib.__version__},
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with look.applied():
            axes = figure.axes(look)
            figure.draw(axes, data)
            separate(axes)
            shown = caption if look.caption and not look.journal else ""
            _picture(axes[0].figure, shown, look.inches is not None, look.dpi, *paths[:2])
        with paths[2].open("wb") as stream:
            np.savez(stream, **data)  # pyright: ignore[reportArgumentType]
        paths[3].write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
        if look.journal:
            paths.append(paths[1].with_suffix(".tex"))
            paths[4].write_text(journal_caption(figure.id, caption, paths[1].name), encoding="utf-8")
    except OSError as error:
        raise ValueError(
            f"cannot write {error.filename or folder}: {error.strerror}; choose a folder that can be written"
        ) from None
    return paths


def _picture(canvas: Any, caption: str, exact: bool, dpi: int, png: Path, pdf: Path) -> None:
    """Write the picture, `exact` as wide as its canvas or as what is drawn takes."""
    from matplotlib.transforms import Bbox
    from PIL import Image

    width, height = canvas.get_size_inches()
    lines = _wrap(caption, int(width * 20.5))
    canvas.text(0.006, -0.06 / height, "\n".join(lines), fontsize=7, va="top", ha="left", linespacing=1.4)
    box: dict[str, Any] = {"bbox_inches": "tight", "pad_inches": 0.05}
    if exact:
        _fit_titles(canvas)
        bottom = canvas.get_tightbbox().y0 - 0.05 if caption else 0
        box = {"bbox_inches": Bbox.from_extents(0, min(bottom, 0), width, height)}
    canvas.savefig(png, dpi=dpi, **box)
    with Image.open(png) as image:  # a few inks on white: a palette makes it a third as large
        palette = image.convert("RGB").quantize(128)
    palette.save(png, optimize=True, dpi=(dpi, dpi))
    canvas.savefig(pdf, metadata={"CreationDate": None}, **box)


def _fit_titles(canvas: Any) -> None:
    """Smaller letters where a title would run into the next one, or off the picture."""
    canvas.draw_without_rendering()
    for ax in canvas.axes:
        title, panel = ax.title.get_window_extent().width, ax.get_window_extent().width
        if title > 1.2 * panel:
            ax.title.set_fontsize(ax.title.get_fontsize() * 1.2 * panel / title)


def _wrap(text: str, width: int) -> list[str]:
    """Lines of about `width` printed characters; formulas stay whole and count as what they print."""
    formulas = re.findall(r"\$[^$]*\$", text)
    shown = text
    for index, formula in enumerate(formulas):
        stand_in = chr(0xE000 + index)
        printed = len(re.sub(r"\\[a-z]+|[{}$^_\\ ]", "x", formula)) * 2 // 3
        shown = shown.replace(formula, stand_in + "\ue8ff" * max(printed - 1, 0), 1)
    lines = textwrap.wrap(shown, width, break_on_hyphens=False)
    for index, formula in enumerate(formulas):
        lines = [line.replace(chr(0xE000 + index), formula) for line in lines]
    return [line.replace("\ue8ff", "") for line in lines]
