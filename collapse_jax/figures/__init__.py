"""Figures of the papers, one function each; `collapse figure --list` names them and `collapse figure ID` draws them.

`FIGURES` maps ids to figures. A figure simulates, sets closed forms and published bounds beside, and draws all of it
on given axes; JAX and matplotlib are imported when one is called.
"""

import difflib
from collections.abc import Sequence

from collapse_jax.figures import barzilai2025, gerstgrasser2024, seddik2024
from collapse_jax.figures._figure import Figure, prepare_folder, write
from collapse_jax.figures.replace_accumulate import replace_accumulate

__all__ = ["FIGURES", "Figure", "choose", "prepare_folder", "replace_accumulate", "write"]

_OF_PAPERS = [
    value
    for module in (barzilai2025, gerstgrasser2024, seddik2024)
    for value in vars(module).values()
    if isinstance(value, Figure)
]
FIGURES: dict[str, Figure] = {figure.id: figure for figure in (replace_accumulate, *_OF_PAPERS)}


def choose(ids: Sequence[str]) -> list[Figure]:
    """Figures by id; raises ValueError with near names for an unknown one."""
    for id in ids:
        if id not in FIGURES:
            near = difflib.get_close_matches(id, FIGURES, 3, 0.4) or list(FIGURES)[:3]
            raise ValueError(f"no figure {id!r}; did you mean {', '.join(near)}? `collapse figure --list` shows all")
    return [FIGURES[id] for id in dict.fromkeys(ids)]
