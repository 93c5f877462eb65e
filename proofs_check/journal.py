"""Figures as journals want them: widths and letters by name, embedded fonts, LaTeX captions, colours for all eyes."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np

__all__ = ["JOURNALS", "apart", "caption"]

_EMBEDDED: dict[str, Any] = {"pdf.fonttype": 42, "ps.fonttype": 42, "svg.fonttype": "path"}  # outlines, no Type 3


def _letters(size: float) -> dict[str, Any]:
    parts = ("axes.labelsize", "axes.titlesize", "xtick.labelsize", "ytick.labelsize", "legend.fontsize")
    return {"font.size": size, **dict.fromkeys(parts, size), **_EMBEDDED}


JOURNALS: dict[str, tuple[float, dict[str, Any]]] = {
    "neurips": (5.5, _letters(8)),
    "single": (3.3, _letters(7)),
    "double": (6.8, _letters(8)),
    "slides": (10.0, _letters(16)),
}
"""Width in inches and settings of matplotlib, by name."""

# Linear maps of linear light, for eyes that lack one kind of cone (Machado, Oliveira and Fernandes 2009).
_LOSS = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))


def apart(colours: Sequence[str]) -> dict[str, float]:
    r"""How far the two nearest of some colours are apart, $\Delta E$ of CIE 1976, as each kind of eye sees them.

    **Args**: `colours`: as matplotlib takes them.

    **Returns**: the distance by kind: "normal", "protan", "deutan", "tritan" (of red, green or blue blindness), "grey".

    **Source**: Machado, Oliveira and Fernandes 2009, full loss.
    """
    from matplotlib.colors import to_rgb

    light = np.array([to_rgb(colour) for colour in colours])
    light = np.where(light <= 0.04045, light / 12.92, ((light + 0.055) / 1.055) ** 2.4)
    seen = {"normal": light, **{kind: np.clip(light @ np.transpose(rule), 0, 1) for kind, rule in _LOSS.items()}}
    seen["grey"] = np.repeat(light @ np.array(_XYZ[1])[:, None], 3, axis=1)
    pairs = list(combinations(range(len(light)), 2))
    return {
        kind: float(min(np.linalg.norm(lab[a] - lab[b]) for a, b in pairs))
        for kind, lab in ((kind, _lab(values)) for kind, values in seen.items())
    }


def _lab(light: np.ndarray) -> np.ndarray:
    white = np.sum(_XYZ, axis=1)
    ratio = light @ np.transpose(_XYZ) / white
    x, y, z = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116).T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)


def caption(id: str, words: str, file: str) -> str:
    """A figure environment of LaTeX with the caption, whose formulas are LaTeX already.

    **Args**: `id`: of the figure; `words`: its caption; `file`: of the picture, without its folder.

    **Returns**: LaTeX.
    """
    from proofs_check.latex import escape

    parts = words.split("$")
    shown = "".join(f"${part}$" if k % 2 else escape(part) for k, part in enumerate(parts))
    label = "fig:" + id.replace("_", "-")
    return (
        "\\begin{figure}\n  \\centering\n"
        f"  \\includegraphics[width=\\linewidth]{{{file}}}\n  \\caption{{{shown}}}\n  \\label{{{label}}}\n"
        "\\end{figure}\n"
    )
