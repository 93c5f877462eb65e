"""A page per public name: what it is and its law, how it is called, arguments, results, refusals, its code."""

import enum
import importlib
import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import collapse_jax
import proofs_check
from collapse_jax import laws
from collapse_jax.metrics import METRICS
from proofs_check.site.docstring import docstring
from proofs_check.site.marks import Pages, code, folded, link, table

__all__ = ["names", "reference_pages"]

_SHELVES = {
    "families": "Families",
    "data": "Families",
    "workflows": "Workflows",
    "engine": "Running",
    "metrics": "Metrics",
    "results": "Results",
}
_ORDER = ("Running", "Families", "Workflows", "Metrics", "Results", "Modules", "Laws", "Claims")


@dataclass(frozen=True)
class _Name:
    """A public name: the shelf it stands on, where it is imported from, and what it is."""

    full: str
    shelf: str
    value: Any

    @property
    def short(self) -> str:
        return self.full.rpartition(".")[2]

    @property
    def page(self) -> str:
        """Where some disks would take `sweep` for `Sweep`, the function has another name."""
        other = f"{self.full.removesuffix(self.short)}{self.short[0].upper()}{self.short[1:]}"
        clash = self.short[0].islower() and hasattr(sys.modules[self.full.partition(".")[0]], other.rpartition(".")[2])
        return f"reference/{self.full}{'.function' if clash else ''}"


def names() -> dict[str, str]:
    """The page of every public name: those of both packages, and the modules of laws.

    **Returns**: pages by full name.
    """
    return {one.full: one.page for one in _names()}


def _names() -> list[_Name]:
    shelf = {short: title for room, title in _SHELVES.items() for short in collapse_jax.exported(room)}
    found = [
        _Name(f"collapse_jax.{short}", shelf.get(short, "Modules"), getattr(collapse_jax, short))
        for short in vars(collapse_jax)["__all__"]
    ]
    for name in laws.__all__:
        found.append(_Name(f"collapse_jax.laws.{name}", "Laws", importlib.import_module(f"{laws.__name__}.{name}")))
    found += [_Name(f"proofs_check.{name}", "Claims", getattr(proofs_check, name)) for name in proofs_check.__all__]
    return sorted(found, key=lambda one: (_ORDER.index(one.shelf), one.full.lower()))


def reference_pages() -> Pages:
    """The pages by name, and `reference/index.md` with one line for each."""
    found = _names()
    pages = {f"{one.page}.md": _page(one) for one in found}
    sections = []
    for shelf in _ORDER:
        rows = [
            [link(f"`{one.short}`", one.page, "reference/index"), _first(one.value)]
            for one in found
            if one.shelf == shelf
        ]
        sections.append(f"## {shelf}\n\n{table(['name', 'what it is'], rows)}")
    toc = "\n".join(one.page.removeprefix("reference/") for one in found)
    lead = "Every public name. `from collapse_jax import ...` and `from proofs_check import ...` give them."
    body = "\n\n".join(sections)
    return {
        "reference/index.md": f"# Reference\n\n{lead}\n\n{body}\n\n```{{toctree}}\n:hidden:\n\n{toc}\n```\n",
        **pages,
    }


def _first(value: Any) -> str:
    """The first sentence about it."""
    text = docstring(value) if not isinstance(value, dict) else "The named metrics."
    paragraph = " ".join(text.split("\n\n")[0].split()).removeprefix("```")
    end = re.search(r"(?<![A-Z])[.:](?= |$)", re.sub(r"\$[^$]*\$|`[^`]*`", lambda m: "x" * len(m[0]), paragraph))
    return paragraph[: end.start()] if end else paragraph


def _page(one: _Name) -> str:
    if one.value is METRICS:
        body = _metrics()
    elif isinstance(one.value, ModuleType):
        body = _module(one.value)
    else:
        body = _member(one.value, one.full)
    return f"# {one.short}\n\n`{one.full}`\n\n{body}\n"


def _metrics() -> str:
    """Every named metric, with what it says of itself."""
    parts = ["Metrics by the name that `simulate` and `collapse simulate --metric` take."]
    for name, metric in METRICS.items():
        parts.append(f"## {name}\n\n{docstring(metric)}")
    return "\n\n".join(parts)


def _module(module: ModuleType) -> str:
    parts = [docstring(module)]
    for name, value in members(module):
        parts.append(f"## {name}\n\n{_member(value, name, level=3)}")
    return "\n\n".join(part for part in parts if part)


def members(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """The public functions and classes that a module offers."""
    listed = getattr(module, "__all__", None)
    for name in listed or [name for name in vars(module) if not name.startswith("_")]:
        value = getattr(module, name)
        own = listed is not None or getattr(value, "__module__", "") == module.__name__
        if own and not isinstance(value, ModuleType) and (inspect.isclass(value) or inspect.isroutine(value)):
            yield name, value


def _member(value: Any, name: str, level: int = 2) -> str:
    short = name.rpartition(".")[2]
    parts = [_call(value, short), docstring(value)]
    if inspect.isclass(value) and not issubclass(value, enum.Enum | Mapping):
        parts += [_method(key, item, level) for key, item in _methods(value)]
    parts.append(_code(value))
    return "\n\n".join(part for part in parts if part)


def _methods(kind: type) -> Iterator[tuple[str, Any]]:
    for key, item in vars(kind).items():
        public = inspect.isfunction(item) or isinstance(item, property | classmethod | staticmethod)
        if not key.startswith("_") and public and inspect.getdoc(item):
            yield key, item


def _method(key: str, item: Any, level: int) -> str:
    call = "" if isinstance(item, property) else _call(getattr(item, "__func__", item), key)
    return "\n\n".join(filter(None, [f"{'#' * level} `{key}`", call, docstring(item)]))


def _call(value: Any, short: str) -> str:
    """How it is called, one argument a line where the line would be long."""
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):
        return ""
    text = re.sub(r" at 0x[0-9a-f]+", "", f"{short}{signature}").replace("jaxtyping.", "").replace("typing.", "")
    if len(text) > 88:
        inner = ",\n    ".join(re.sub(r" at 0x[0-9a-f]+", "", str(one)) for one in signature.parameters.values())
        text = f"{short}(\n    {inner},\n)"
    return code(text)


def _code(value: Any) -> str:
    try:
        plain = inspect.unwrap(value)
        text, file = inspect.getsource(plain), plain.__module__.replace(".", "/")
    except (OSError, TypeError, AttributeError):
        return ""
    return folded(f"Code, in {file}", code(text))
