"""Whether JAX can be used in this process, as sentences: absent devices, and a fork of a process that has used it."""

import os
from typing import Any

import jax
from jax._src import xla_bridge

__all__ = ["devices", "usable"]

_forked = False


def _after_fork() -> None:
    global _forked
    _forked = _forked or xla_bridge.backends_are_initialized()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_after_fork)


def usable() -> None:
    """Refuse to go on where JAX would wait for ever: its threads are not in a process that was forked after it began.

    **Raises**: ValueError naming the remedy.
    """
    if _forked:
        raise ValueError(
            "this process was forked from one in which JAX had begun, whose threads it lacks, so it would wait for "
            "ever; start workers by multiprocessing.get_context('spawn'), or before anything that uses JAX"
        )


def devices(local: bool = False) -> list[Any]:
    """The devices of JAX, or those of this process.

    **Args**: `local`: only those of this process.

    **Returns**: the devices.

    **Raises**: ValueError, in one line, where JAX finds none.
    """
    try:
        return jax.local_devices() if local else jax.devices()
    except (RuntimeError, AssertionError) as error:
        asked = jax.config.jax_platforms  # pyright: ignore[reportAttributeAccessIssue]
        reason = str(error).splitlines()[0].split(" (set JAX_PLATFORMS")[0].rstrip(". ") if str(error) else "not found"
        raise ValueError(
            f"no device for JAX_PLATFORMS={asked or ''}: {reason}; unset it to use what there is, or use "
            "JAX_PLATFORMS=cpu"
        ) from None
