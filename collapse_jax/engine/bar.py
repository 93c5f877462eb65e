"""The bar of a run: on a terminal, and as a widget or as text in a notebook."""

import os
import sys
import warnings
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of a notebook without widgets, which has a bar of text
    from tqdm.auto import tqdm

__all__ = ["shown", "tqdm"]


def shown(asked: bool | None) -> dict[str, Any]:
    """Options of `tqdm`: what is asked for; else on a terminal, and in a notebook if the run takes a second.

    TQDM_DISABLE switches off what is not asked for.
    """
    if asked is not None:
        return {"disable": not asked}
    if os.environ.get("TQDM_DISABLE"):
        return {"disable": True}
    return {"disable": False, "delay": 1} if _in_a_notebook() else {"disable": None}


def _in_a_notebook() -> bool:
    """Whether the output goes to a browser, which is no terminal by the looks of it."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None and hasattr(ipython, "get_ipython") else None
    return shell is not None and "IPKernelApp" in shell.config
