"""Texts that come with Python, and what their symbols are: characters or words."""

import codecs
import contextlib
import io
import re

__all__ = ["characters", "words", "zen"]


def zen() -> str:
    """The Zen of Python (Tim Peters, PEP 20), 856 characters: the same in every Python since 2.2.

    **Returns**: the text.
    """
    with contextlib.redirect_stdout(io.StringIO()):  # importing it prints it
        import this
    return codecs.decode(this.s, "rot13")


def words(text: str) -> list[str]:
    """The words of a text, in small letters; apostrophes and hyphens split words.

    **Args**: `text`: any text.

    **Returns**: the words, in their order.
    """
    return re.findall(r"[^\W\d_]+", text.lower())


def characters(text: str) -> str:
    """The letters of a text, small, with one space between words.

    **Args**: `text`: any text.

    **Returns**: the characters.
    """
    return " ".join(words(text))
