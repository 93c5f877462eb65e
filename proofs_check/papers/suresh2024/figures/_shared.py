"""What the panels share."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES

BOUND = {"color": STYLES[1]["color"], "linestyle": "--", "linewidth": 1.3}
EXACT = {"color": STYLES[0]["color"], "linestyle": "-", "linewidth": 1.3}
OTHER = {"color": STYLES[3]["color"], "linestyle": ":", "linewidth": 1.5}
PATHS = {"color": "#b9bdc4", "linewidth": 0.6, "zorder": 0}


def column(function: Any, t: np.ndarray) -> np.ndarray:
    """A closed form at every generation."""
    return np.asarray([function(int(k)) for k in t], float)


def probability(ax: Any) -> None:
    ax.set_ylim(-0.02, 1.05)
    ax.set_xlabel("generation $k$")
