"""From a docstring as the house writes them to Markdown: the parts by name, one line per argument, examples as code."""

import inspect
import re
from typing import Any

from proofs_check.site.marks import code

__all__ = ["docstring"]

_LISTED = re.compile(r"^\*\*(Args|Fields|Returns|Raises|Source)\*\*: ?(.*)$", re.S)
_ITEM = re.compile(r"(?<=[^`]); (?=`)|(?<=`); (?=`)|(?<=[^`]), (?=`[\w.*]+`: )")


def docstring(value: Any) -> str:
    """What a function, class or module says about itself.

    **Args**: `value`: anything with a docstring.

    **Returns**: Markdown, empty where it says nothing.
    """
    text = inspect.getdoc(value) or ""
    return "\n\n".join(filter(None, map(_part, _paragraphs(text))))


def _paragraphs(text: str) -> list[str]:
    """Paragraphs, an example of several of them in one piece."""
    found: list[str] = []
    for part in re.split(r"\n\s*\n", text):
        block = _is_block(part)
        if block and found and _is_block(found[-1]):
            found[-1] += f"\n\n{part}"
        elif part.strip():
            found.append(part)
    return found


def _is_block(part: str) -> bool:
    return part.lstrip().startswith(">>>") or all(line.startswith("    ") for line in part.splitlines())


def _part(part: str) -> str:
    if _is_block(part):
        return code(inspect.cleandoc(part), "pycon" if ">>>" in part else "python")
    if ">>>" in part:
        lead, mark, example = part.partition(">>>")
        return f"{_part(lead)}\n\n{code(mark + example, 'pycon')}" if lead.strip() else code(part, "pycon")
    listed = _LISTED.match(part)
    if listed is None:
        return part
    name, said = listed[1], " ".join(listed[2].split())
    if name in ("Args", "Fields") and said.startswith("`"):
        items = "\n".join(f"- {item.rstrip('.')}" for item in _ITEM.split(said))
        return f"**{name}**\n\n{items}"
    return f"**{name}**: {said}"
