"""How random numbers are drawn: their precision, and whether short cuts of bounded error are taken."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Literal, NamedTuple

import jax.numpy as jnp

__all__ = ["Draws", "Sampler", "Settings", "precision", "settings", "using"]

Draws = Literal["float32", "float64"]
Sampler = Literal["quantile", "rejection"]


class Settings(NamedTuple):
    """How numbers are drawn; see the head of `collapse_jax.random`."""

    draws: Draws | None = None
    sampler: Sampler = "quantile"


_DEFAULT = Settings()
_SETTINGS: ContextVar[Settings] = ContextVar("collapse_jax.random.settings", default=_DEFAULT)


def settings() -> Settings:
    """The settings in force."""
    return _SETTINGS.get()


@contextmanager
def using(chosen: Settings) -> Iterator[None]:
    """Draw as `chosen` says, in what is traced inside; functions that were compiled before keep what they had."""
    token = _SETTINGS.set(chosen)
    try:
        yield
    finally:
        _SETTINGS.reset(token)


def precision(dtype) -> Any:
    """The precision in which numbers for a result of `dtype` are drawn."""
    return jnp.dtype(settings().draws or dtype)
