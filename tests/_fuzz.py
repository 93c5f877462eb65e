"""Awkward inputs, and the judge of what becomes of them: an answer or a sentence, never an internal error."""

import contextlib
import dis
import io
import linecache
import math
import re
import signal
import traceback
import warnings
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import jax.numpy as jnp
import numpy as np

import collapse_jax as cj

ROOT = Path(__file__).parents[1]
OURS = tuple(str(ROOT / room) for room in ("collapse_jax", "proofs_check"))
_CALL = re.compile(
    r"missing (\d+|a) required|unexpected keyword|multiple values|positional arguments? but|keyword must be"
)
SLOW = 30.0  # seconds: what takes longer hangs

AWKWARD = (
    None, True, False, 0, -1, 1, 2, 3, 2.5, 3.0, -0.0, 0.5, 1.5, math.nan, math.inf, -math.inf, 1e300, 5e-324,
    10**30, -(10**30), 10**400, 1j, complex(math.nan, 0), Decimal("NaN"), Decimal("sNaN"), Decimal(3), Fraction(1, 3),
    "", "n", "3", "Zürich", "\0", "\ud800", "{x}", "%s", "a" * 1000, b"", b"3", bytearray(b"3"),
    (), [], [1, 2], (5, 5, 5), (0.5, 0.5), [[1]], [[1, 2], [3]], [math.nan], [None], ["x"], {}, {"a": 1}, {1, 2},
    range(3), slice(1), object(), Ellipsis, NotImplemented, len, int, ValueError("x"), (i for i in ()),
    np.array([]), np.array(3), np.array([1.0, 2.0]), np.array("x"), np.array([None]), np.array([[0.5, 0.5]]),
    np.int64(-1), np.uint64(2**64 - 1), np.float32(2), np.float64("nan"), np.bool_(True), np.datetime64("2024-01-01"),
    np.ma.masked, jnp.array(3), jnp.zeros((2, 3)), jnp.array(True), cj.Bernoulli(0.3), cj.Bernoulli, cj.Replace(5),
)  # fmt: skip


class Refused(Exception):
    """A sentence that a user reads."""


class Hang(BaseException):
    """Too long; no `except Exception` catches it."""


class Wrong(AssertionError):
    """An answer that the oracle contradicts."""


def internal(error):
    """Why an exception is not a sentence of ours; "" if it is one."""
    if not isinstance(error, ValueError | TypeError):
        return type(error).__name__
    frames = list(traceback.walk_tb(error.__traceback__))
    frame, _ = frames[-1]
    name, code = frame.f_code.co_filename, frame.f_code
    if isinstance(error, TypeError) and not name.startswith(OURS) and _CALL.search(str(error)):
        return ""  # Python's own, about the arguments of a call
    last = list(_entries(error.__traceback__))[-1]
    raised = code.co_code[last.tb_lasti] == dis.opmap["RAISE_VARARGS"]
    if not name.startswith(OURS) or not raised:
        line = linecache.getline(name, last.tb_lineno).strip()
        return f"{type(error).__name__} of {Path(name).name}:{last.tb_lineno} ({line})"
    return "" if len(str(error).split()) >= 3 else "no sentence"


def _entries(tb):
    while tb is not None:
        yield tb
        tb = tb.tb_next


def shown(value):
    try:
        text = " ".join(repr(value).split())
    except Exception as error:
        text = f"<{type(error).__name__}>"
    return text[:160].encode("ascii", "backslashreplace").decode()


class Judge:
    """Counts what became of inputs; a fault is raised at once where `strict`, else kept with its input."""

    def __init__(self, strict=True):
        self.strict, self.counts, self.faults = strict, Counter(), {}

    def __call__(self, about, call):
        self.counts["inputs"] += 1
        fault = ""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                warnings.simplefilter("ignore", DeprecationWarning)  # of NumPy and Equinox, before ours is reached
                with within(SLOW):
                    call()
            self.counts["ran"] += 1
        except (Refused, UserWarning):
            self.counts["refused"] += 1
        except Hang as error:
            frames = [f for f, _ in traceback.walk_tb(error.__traceback__) if f.f_code.co_filename.startswith(OURS)]
            fault = f"hangs in {frames[-1].f_code.co_name if frames else '?'}: more than {SLOW:g} s"
            self.counts["hangs"] += 1
        except Wrong as error:
            fault = f"wrong: {error}"
            self.counts["wrong"] += 1
        except Exception as error:
            reason = internal(error)
            self.counts["tracebacks" if reason else "refused"] += 1
            if reason:
                frame = next((f"{Path(f.f_code.co_filename).name}:{n}" for f, n in
                              reversed(list(traceback.walk_tb(error.__traceback__)))
                              if f.f_code.co_filename.startswith(OURS)), "?")  # fmt: skip
                fault = f"{reason} from {frame}: {str(error)[:200]}"
        if fault:
            self.faults.setdefault(fault.partition(": ")[0], f"{shown(about)} -> {shown(fault)}")
            assert not self.strict, f"{shown(about)} -> {fault}"

    def summary(self):
        return {key: self.counts[key] for key in ("inputs", "refused", "ran", "tracebacks", "hangs", "wrong")}


@contextlib.contextmanager
def within(seconds):
    """Raises `Hang` in what takes longer."""

    def stop(*_):
        raise Hang

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def command(main, argv):
    """The command line in this process: its code is 0, 1 or 2, and it prints no traceback."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(argv)
        except SystemExit as stop:
            code = stop.code
    text = out.getvalue() + err.getvalue()
    if code not in (0, 1, 2) or "Traceback" in text:
        raise Wrong(f"exit code {code}: {text[-300:]}")
    if code:
        if not text.strip():
            raise Wrong(f"exit code {code} without a word")
        raise Refused(err.getvalue())
    return out.getvalue()
