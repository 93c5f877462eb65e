r"""LaTeX for tables of statements: what has to be escaped, and a document around them that pdflatex compiles."""

import re
import unicodedata
from collections.abc import Mapping

_ESCAPES: Mapping[str, str] = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "%": r"\%",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "$": r"\$",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",
}

# Combining accents, by the command that sets them in every font encoding.
_ACCENTS: Mapping[str, str] = {
    "\u0300": "`",
    "\u0301": "'",
    "\u0302": "^",
    "\u0303": "~",
    "\u0304": "=",
    "\u0306": "u",
    "\u0307": ".",
    "\u0308": '"',
    "\u030a": "r",
    "\u030b": "H",
    "\u030c": "v",
    "\u0327": "c",
}
_LETTERS: Mapping[str, str] = {
    "ß": r"\ss{}", "ø": r"\o{}", "Ø": r"\O{}", "æ": r"\ae{}", "ł": r"\l{}", "Ł": r"\L{}", "–": "--",
    "—": "---", "’": "'",
}  # fmt: skip

_PACKAGES = (
    r"\usepackage{amsmath,amssymb}",
    r"\usepackage{array,booktabs,longtable}",
    r"\usepackage{graphicx}",
)
NEEDS = "\n".join(["% This table needs, in the preamble:", *(f"%   {line}" for line in _PACKAGES)])
BEFORE = "\n".join(
    [
        r"\documentclass[a4paper,10pt]{article}",
        r"\usepackage[landscape,margin=15mm]{geometry}",
        *_PACKAGES,
        r"\begin{document}",
        r"\footnotesize",
    ]
)
AFTER = r"\end{document}"

# A formula is set in its natural size and scaled down to the width of its column if it is wider.
FIT = r"""\providecommand{\fit}[1]{%
  \begingroup\sbox0{$\displaystyle #1$}%
  \ifdim\wd0>\linewidth\resizebox{\linewidth}{!}{\usebox0}\else\usebox0\fi\endgroup}"""

_RAGGED = r">{\raggedright\arraybackslash}p{%s\linewidth}"
COLUMNS = tuple(_RAGGED % width for width in ("0.22", "0.50", "0.15", "0.08"))


def head() -> str:
    """The header of the table and the rule under it."""
    return r"\toprule claim, provenance & statement, setting & verdict & resolution\\ \midrule"


def heading(text: str) -> str:
    """A row over the whole width."""
    return rf"\multicolumn{{4}}{{@{{}}p{{\linewidth}}@{{}}}}{{\textbf{{{escape(text)}}}}}\\*"


def row(*cells: str) -> str:
    """One row, with a little room under it."""
    return f"{' & '.join(cells)}\\\\[4pt]"


def escape(text: str) -> str:
    """Text as LaTeX shows it in every encoding of fonts; a sign that it cannot show becomes "?"."""
    return "".join(_ESCAPES.get(sign) or _known(sign) for sign in text)


def breakable(name: str) -> str:
    """A name, escaped, that may be broken after a dot or an underscore."""
    return re.sub(r"(\.|\\_)", r"\1\\allowbreak{}", escape(name))


def _known(sign: str) -> str:
    if sign.isascii():
        return sign
    base, *accents = unicodedata.normalize("NFKD", sign)
    if sign in _LETTERS or not base.isascii():
        return _LETTERS.get(sign, "?")
    for accent in accents:
        base = rf"\{_ACCENTS[accent]}{{{base}}}" if accent in _ACCENTS else base
    return base
