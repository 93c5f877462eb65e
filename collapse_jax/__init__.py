"""Recursive fitting of generative models, at scale and beside its theory.

Four nouns and one verb: `simulate` a `Family` under a `Workflow`, record named metrics, compare with a law of
`collapse_jax.laws` or a closed form of a paper. Names are loaded on first use, so that importing the package does not
import JAX; `__init__.pyi` lists them.
"""

import ast
from importlib import import_module
from pathlib import Path
from typing import Any

__version__ = "0.2.0"


def _listed() -> dict[str, str]:
    """Where every public name lives, as the stub beside this file says."""
    tree = ast.parse(Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8"))
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module]
    return {alias.name: str(node.module) for node in imports for alias in node.names}


_HOME = _listed()
__all__ = sorted(_HOME)  # pyright: ignore[reportUnsupportedDunderAll]


def exported(room: str) -> list[str]:
    """The public names of one sub-package, such as "families", abstract classes included; imports nothing.

    **Args**: `room`: the name of a sub-package.

    **Returns**: the names, sorted.
    """
    home = f"{__name__}.{room}"
    return sorted(name for name, module in _HOME.items() if module == home or module.startswith(f"{home}."))


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'collapse_jax' has no attribute {name!r}")
    home = _HOME[name]
    return import_module(f"{home}.{name}") if home == __name__ else getattr(import_module(home), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
