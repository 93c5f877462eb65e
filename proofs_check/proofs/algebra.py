"""Decidable algebra over SymPy: rational functions of symbols, powers b**t, sums and products up to t."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from proofs_check.proofs.proof import Missing


@functools.cache
def sympy() -> Any:
    """The module, or `Missing` with the line that installs it."""
    try:
        import sympy as found
    except ImportError:
        raise Missing("SymPy is missing; pip install 'collapse_jax[proofs]'") from None
    return found


@functools.cache
def generation() -> Any:
    """The symbol t >= 1."""
    return sympy().Symbol("t", integer=True, positive=True)


def is_zero(expression: Any) -> bool:
    """Whether an expression is 0 as a rational function of its atoms: symbols, b**t, roots, sums, products, functions.

    Atoms are taken as independent, so that True is a proof; False is none.
    """
    sp = sympy()
    return sp.cancel(sp.together(_with_atoms(sp.sympify(expression), {}))) == 0


def _with_atoms(e: Any, names: dict[Any, Any]) -> Any:
    sp, t = sympy(), generation()
    if isinstance(e, sp.Sum | sp.Product) or e.is_Function:
        return names.setdefault(e, sp.Dummy())
    if isinstance(e, sp.Pow) and not e.exp.is_Integer:
        whole, rest = e.exp.as_independent(t, as_Add=True)  # b**(c t + 3) is (b**t)**c b**3
        count = rest.coeff(t)
        if whole.is_Integer and count.is_Integer and rest == count * t:
            base = sp.cancel(sp.together(_with_atoms(e.base, names)))
            return names.setdefault(base**t, sp.Dummy()) ** count * base**whole
        return names.setdefault(e, sp.Dummy())
    return e.func(*[_with_atoms(part, names) for part in e.args]) if e.args else e


def following(e: Any) -> Any:
    """The expression at t + 1, with the last term of every sum and factor of every product split off."""
    sp, t = sympy(), generation()
    e = sp.sympify(e)
    if isinstance(e, sp.Sum | sp.Product):
        body, (index, _, high) = e.function, e.limits[0]
        if high != t or body.has(t) or len(e.limits) > 1:
            raise ValueError(f"{e} does not run up to t with terms of its own; write it with `total` or `times`")
        last = body.subs(index, t + 1)
        return e + last if isinstance(e, sp.Sum) else e * last
    if not e.has(t):
        return e
    return t + 1 if e == t else e.func(*[following(part) for part in e.args])


def denominators(e: Any) -> tuple[str, ...]:
    """The factors that must not vanish for an identity of rational functions to be one of numbers."""
    sp, found = sympy(), set()
    for part in sp.preorder_traversal(sp.sympify(e)):
        if isinstance(part, sp.Pow) and part.exp.is_negative and not part.base.has(sp.Function):
            numerator = sp.fraction(sp.together(part.base))[0]
            found |= {factor for factor, _ in sp.factor_list(numerator)[1] if not factor.is_Symbol}
    return tuple(f"{factor} != 0" for factor in sorted(found, key=str))


def moments(expression: Any, given: Mapping[Any, Sequence[Any]]) -> Any:
    r"""The expectation of a polynomial in independent random symbols.

    **Args**: `expression`: the polynomial; `given`: symbol -> $[1, E x, E x^2, \ldots]$, integrated in this order, so
    that the moments of a symbol may hold later ones.

    **Returns**: the expectation.

    **Raises**: ValueError for a power whose moment is not given.
    """
    sp = sympy()
    for symbol, known in given.items():
        total = 0
        for (power,), coefficient in sp.Poly(sp.expand(expression), symbol).terms():
            if power >= len(known):
                raise ValueError(f"the moment of order {power} of {symbol} is needed; give it")
            total += coefficient * known[power]
        expression = total
    return sp.expand(expression)


def certainly_positive(e: Any, strict: bool = False) -> bool:
    """Whether a rational function of symbols that are >= 0 is >= 0 (> 0), by the signs of its coefficients."""
    sp = sympy()
    top, bottom = sp.fraction(sp.cancel(sp.together(e)))
    sides = []
    for part in (top, bottom):
        symbols = sorted(part.free_symbols, key=str)
        if not symbols:
            number: Any = sp.sympify(part)
            sides.append(1 if number.is_positive else -1 if number.is_negative else int(number.is_zero and not strict))
            continue
        poly = sp.Poly(part, *symbols)
        signs = {bool(c.is_nonnegative) for c in poly.coeffs()} if all(c.is_real for c in poly.coeffs()) else set()
        constant = poly.eval(dict.fromkeys(symbols, 0)) if strict else 1
        sides.append(0 if len(signs) != 1 or constant == 0 else 1 if signs == {True} else -1)
    return sides[0] * sides[1] == 1
