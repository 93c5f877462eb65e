r"""The library of forms: closed forms of a generation t, a size n and free constants, as plain arithmetic.

A form is a *shape* over t, such as $H_t$ or $1 - q^t$, beside the way in which the size enters: not at all, as $1/n$,
or as $1/(n - s)$. Products whose factors hold n, limits and power laws have forms of their own. Every form is a
function that takes whatever number its arguments are, as the closed forms of papers do, so that a form that was
recovered can be stated, simulated and searched like any other.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from collapse_jax.laws.identities import times, total
from collapse_jax.laws.special import log, pi, sin, sqrt

__all__ = ["FORMS", "Form"]

_UNIT = (0.05, 0.2, 0.4, 0.6, 0.8, 0.95)
_RATES = (-2.0, -1.0, -0.3, 0.3, 1.0, 2.0)
_POWERS = (-2.0, -1.0, -0.5, 0.5, 1.0, 2.0)


@dataclass(frozen=True)
class Form:
    r"""One form: `form(t, n, a=.., q=..)` is its value.

    **Args**: `name`: what it is called, plain text; `latex`: the same as LaTeX; `value`: (t, n, *constants) -> number;
    `linear`: constants that the value is linear in, which come first; `starts`: for every other constant, values to
    start a search from; `bounds`: for these, where they may lie, by default anywhere; `sized`: whether n enters.
    """

    name: str
    latex: str
    value: Callable[..., Any]
    linear: tuple[str, ...]
    starts: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    bounds: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    sized: bool = True

    def __call__(self, t: Any, n: Any = 1, /, **constants: Any) -> Any:
        """The value at generation t and size n.

        **Args**: `t`: a whole number; `n`: a number or an array; `constants`: by name.

        **Returns**: what the arguments make it.

        **Raises**: ValueError for a constant too many or too few.
        """
        if constants.keys() != set(self.constants):
            raise ValueError(f"the form {self.name!r} has the constants {', '.join(self.constants)}; give these")
        return self.value(t, n, *(constants[name] for name in self.constants))

    @cached_property
    def constants(self) -> tuple[str, ...]:
        """Names of the free constants; their number is what makes a form simple or not."""
        return (*self.linear, *self.starts)


def _one(t: Any) -> Any:
    return 1


def _first(t: Any) -> Any:
    return t


def _harmonic(t: Any) -> Any:
    return total(t, lambda k: 1 / k)


def _harmonic2(t: Any) -> Any:
    return total(t, lambda k: 1 / k**2)


# Shapes over t that one constant multiplies.
_SHAPES = (("1", "1", _one), ("t", "t", _first), ("H_t", "H_t", _harmonic), ("H_t(2)", r"H_t^{(2)}", _harmonic2))
# The same with an offset b.
_OFFSETS = (
    ("log t", r"\log t", lambda t: log(t)),
    ("t", "t", _first),
    ("1/t", r"\tfrac1t", lambda t: 1 / t),
    ("H_t", "H_t", _harmonic),
    ("H_t(2)", r"H_t^{(2)}", _harmonic2),
)
# Where a size stands: in the name, in LaTeX, and what it divides by.
_SIZES = (("", "", lambda n: 1 + 0 * n, False), (" / n", r"\,/\,n", lambda n: n, True))


def _of_shape(shape: Callable[[Any], Any], size: Callable[[Any], Any]) -> Callable[..., Any]:
    return lambda t, n, a: a * shape(t) / size(n)


def _shifted(shape: Callable[[Any], Any]) -> Callable[..., Any]:
    return lambda t, n, a, s: a * shape(t) / (n - s)


def _offset(shape: Callable[[Any], Any], size: Callable[[Any], Any]) -> Callable[..., Any]:
    return lambda t, n, a, b: (b + a * shape(t)) / size(n)


def _geometric(size: Callable[[Any], Any]) -> Callable[..., Any]:
    return lambda t, n, a, q: a * q**t / size(n)


def _saturating(size: Callable[[Any], Any]) -> Callable[..., Any]:
    return lambda t, n, a, q: a * (1 - q**t) / size(n)


def _settling(size: Callable[[Any], Any]) -> Callable[..., Any]:
    return lambda t, n, a, b, q: (b + a * q**t) / size(n)


def _power(size: Callable[[Any], Any]) -> Callable[..., Any]:
    return lambda t, n, a, p: a * t**p / size(n)


def _product(size: Callable[[Any], Any], power: int) -> Callable[..., Any]:
    return lambda t, n, c: times(t, lambda k: 1 - c / (size(n) * k**power))


def _amplified(inner: Callable[..., Any]) -> Callable[..., Any]:
    return lambda t, n, a, c: a * inner(t, n, c)


def _lost(inner: Callable[..., Any]) -> Callable[..., Any]:
    return lambda t, n, a, c: a * (1 - inner(t, n, c))


def _sinc(t: Any, n: Any, c: Any) -> Any:
    x = pi(n) * sqrt(c / n)
    return sin(x) / x


def _library() -> list[Form]:
    found = []
    for text, latex, size, sized in _SIZES:
        for name, symbol, shape in _SHAPES:
            factor = "" if name == "1" else f" {name}"
            tex = "a" if name == "1" else f"a\\, {symbol}"
            found.append(Form(f"a{factor}{text}", f"{tex}{latex}", _of_shape(shape, size), ("a",), sized=sized))
        for name, symbol, shape in _OFFSETS:
            tex = f"(b + a\\, {symbol}){latex}" if sized else f"b + a\\, {symbol}"
            found.append(Form(f"(b + a {name}){text}", tex, _offset(shape, size), ("a", "b"), sized=sized))
        q = {"starts": {"q": _UNIT}, "bounds": {"q": (1e-6, 1.5)}, "sized": sized}
        tex = f"(b + a\\, q^t){latex}" if sized else r"b + a\, q^t"
        found += [
            Form(f"a q^t{text}", rf"a\, q^t{latex}", _geometric(size), ("a",), **q),
            Form(f"a (1 - q^t){text}", rf"a (1 - q^t){latex}", _saturating(size), ("a",), **q),
            Form(f"(b + a q^t){text}", tex, _settling(size), ("a", "b"), **q),
            Form(f"a t^p{text}", rf"a\, t^p{latex}", _power(size), ("a",), {"p": _POWERS}, sized=sized),
        ]
        for power in (0, 1, 2) if sized else (1, 2):
            k = ("", " k", " k^2")[power].strip()
            below = f"({f'n {k}'.strip()})" if sized and k else k or "n"
            inner, c = _product(size, power), {"starts": {"c": _RATES}, "sized": sized}
            factor = rf"\frac{{c}}{{{'n' if sized else ''}{k.replace('k', ' k')}}}"
            one = f"(1 - c/{below})^t" if not power else f"prod(1 - c/{below})"
            tex = rf"\bigl(1 - {factor}\bigr)^t" if not power else rf"\prod_{{k \le t}} \bigl(1 - {factor}\bigr)"
            found += [
                Form(f"a {one}", rf"a\, {tex}", _amplified(inner), ("a",), **c),
                Form(f"a [1 - {one}]", rf"a \bigl[1 - {tex}\bigr]", _lost(inner), ("a",), **c),
            ]
    s: dict[str, Any] = {"starts": {"s": (0.5, 2.0, 4.0)}}
    for name, symbol, shape in _SHAPES:
        factor, tex = ("", "") if name == "1" else (f" {name}", rf"\, {symbol}")
        found.append(Form(f"a{factor} / (n - s)", rf"\frac{{a{tex}}}{{n - s}}", _shifted(shape), ("a",), **s))
    c = {"starts": {"c": (0.3, 1.0, 2.0)}, "bounds": {"c": (1e-6, math.inf)}}
    limit = r"\frac{\sin(\pi \sqrt{c/n})}{\pi \sqrt{c/n}}"
    e = {"e": (-2.0, -1.0, -0.5, 0.5, 1.0)}
    return [
        *found,
        Form("a sinc(sqrt(c/n))", rf"a\, {limit}", _amplified(_sinc), ("a",), **c),
        Form("a [1 - sinc(sqrt(c/n))]", rf"a \Bigl[1 - {limit}\Bigr]", _lost(_sinc), ("a",), **c),
        Form("a n^e", r"a\, n^e", lambda t, n, a, e: a * n**e, ("a",), e),
        Form("a t n^e", r"a\, t\, n^e", lambda t, n, a, e: a * t * n**e, ("a",), e),
        Form("a t^p n^e", r"a\, t^p n^e", lambda t, n, a, p, e: a * t**p * n**e, ("a",), {"p": _POWERS, **e}),
    ]


FORMS: dict[str, Form] = {form.name: form for form in sorted(_library(), key=lambda form: len(form.constants))}
"""The library by name, the forms with few constants first."""
