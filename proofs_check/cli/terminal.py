"""What reaches a terminal: text that cannot steer it, one line per error, and work that outlives its reader."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from typing import Any

__all__ = ["Lossy", "complain", "forget_output", "neutral", "neutral_streams"]

_LAYOUT = {"\n", "\t"}
_STEERING = [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_WRITTEN_OUT = {code: repr(chr(code))[1:-1] for code in _STEERING if chr(code) not in _LAYOUT}


def neutral(text: str) -> str:
    r"""The text with control characters written out, "\x1b" for an escape; only line ends and tabs stay."""
    return text.translate(_WRITTEN_OUT)


class _Neutral:
    """A stream of text that goes through `neutral`, but for the signs in `free`."""

    def __init__(self, stream: Any, free: str = ""):
        self._stream = stream
        self._table = {code: text for code, text in _WRITTEN_OUT.items() if chr(code) not in free}
        with suppress(AttributeError, ValueError):  # a terminal of ASCII shows what it can
            stream.reconfigure(errors="backslashreplace")

    def write(self, text: str) -> int:
        return self._stream.write(text.translate(self._table))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def neutral_streams() -> Iterator[None]:
    """Nothing that is printed steers the terminal, whatever an id, a file or an argument holds."""
    out: Any = sys.stdout and _Neutral(sys.stdout)
    err: Any = sys.stderr and _Neutral(sys.stderr, free="\r")  # bars go back to the start of their line
    with redirect_stdout(out), redirect_stderr(err):
        yield


class Lossy:
    """A stream that takes what it can: work whose results go to files goes on when nobody reads the output."""

    def __init__(self, stream: Any):
        self._stream = stream
        self.error: OSError | None = None

    def write(self, text: str) -> int:
        self._try(lambda: self._stream.write(text))
        return len(text)

    def flush(self) -> None:
        self._try(self._stream.flush)

    def _try(self, act: Any) -> None:
        if self.error is None:
            try:
                act()
            except OSError as error:
                self.error = error


def complain(message: str) -> None:
    """One line on standard error, if that can be written."""
    with suppress(OSError, ValueError):
        print(f"collapse: {' '.join(message.split())}", file=sys.stderr)


def forget_output() -> None:
    """Drop what could not be written, which Python would try again, with a traceback, when it ends."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
