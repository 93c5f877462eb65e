"""What a truth, a net, a training and a probe are, as a record says it."""

import dataclasses
from typing import Any

from collapse_jax.results.identity import fingerprint, is_users
from collapse_jax.results.record import plain

__all__ = ["said"]


def said(part: Any, name: str) -> Any:
    """Class and fields of a part of a study; code of the user's by what it does.

    **Args**: `part`: a module with fields, a function or a number; `name`: what it is, for an error.

    **Returns**: what JSON holds.
    """
    if not dataclasses.is_dataclass(part) or isinstance(part, type):
        return plain(part, name)
    code = {"source": fingerprint(type(part))} if is_users(type(part)) else {}
    fields = {item.name: said(getattr(part, item.name), f"{item.name} of {name}") for item in dataclasses.fields(part)}
    return {"type": type(part).__name__, **code, **{key: value for key, value in fields.items() if value is not None}}
