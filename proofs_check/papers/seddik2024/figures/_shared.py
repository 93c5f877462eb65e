"""The laws the figures start from, and their legends."""

from typing import Any

import numpy as np


def zipf(support: int, S0: float) -> np.ndarray:
    """The Zipf law on `support` symbols with this sum of squares; symbols of probability 0 need no simulation."""
    from collapse_jax.laws import coalescent

    return np.asarray(coalescent.zipf(support, S0), float)


def key_legend(ax: Any, entries: list[tuple[dict[str, Any], str]], **place: Any) -> None:
    """A legend of line and marker kinds in neutral grey."""
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], **{"color": "#333333", "linewidth": 1.2, "markersize": 4, "markerfacecolor": "white",
                                 **style}, label=label) for style, label in entries]  # fmt: skip
    ax.legend(handles=handles, frameon=False, fontsize=7.5, **place)
