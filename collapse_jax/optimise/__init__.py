r"""Settings that are best: the smallest value of a law by bracketing, of a simulated mean by its gradient along paths.

`bracket` takes a deterministic function of one number, such as a closed form or a law, and needs no derivative;
`descend` takes a protocol with a setting in it and differentiates chains through the engine. Both say between which
limits the best setting lies, and how sure that is: an `Optimum`. Modules are loaded on first use; `bracket` imports no
JAX.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collapse_jax.optimise.bracketing import bracket
    from collapse_jax.optimise.descent import descend
    from collapse_jax.optimise.optimum import Optimum

__all__ = ["Optimum", "bracket", "descend"]

_HOMES = {"Optimum": "optimum", "bracket": "bracketing", "descend": "descent"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'collapse_jax.optimise' has no attribute {name!r}")
    return getattr(import_module(f"collapse_jax.optimise.{_HOMES[name]}"), name)
