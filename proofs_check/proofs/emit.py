"""Closed forms as Coq definitions: the formula that Python computes with is the one that is proved."""

import inspect
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from proofs_check.proofs.algebra import generation, sympy
from proofs_check.proofs.proof import Stated

HEAD = "Require Import Reals Lra Lia.\nRequire Import Process.\nOpen Scope R_scope.\n"


def definition(name: str, stated: Stated, values: Sequence[tuple[Any, ...]] = ()) -> str:
    """A definition `name : nat -> R -> .. -> R` of a formula, and lemmas that it has the values Python computes.

    **Args**: `name`: of the definition; `stated`: (t, **variables) -> the formula; its signature orders the variables,
    and one that is called e is a schedule nat -> R; `values`: points (t, *variables), of whole numbers and fractions.

    **Returns**: the text of Coq.

    **Raises**: ValueError for a formula that Coq's reals have no term for, and where Python and SymPy differ.
    """
    sp, t = sympy(), generation()
    names = [one for one in inspect.signature(stated).parameters if one != "t"]
    symbols = {one: sp.Function(one) if one == "e" else sp.Symbol(one, positive=True) for one in names}
    formula = sp.sympify(stated(t, **symbols))
    typed = " ".join(f"({one} : {'nat -> R' if one == 'e' else 'R'})" for one in names)
    lines = [f"Definition {name} (t : nat) {typed} : R := {_term(formula)}."]
    for place, point in enumerate(values):
        exact, python = value(stated, point), stated(point[0], *map(Fraction, point[1:]))
        if abs(exact - Fraction(python)) > Fraction(1, 10**12):
            raise ValueError(f"{name} is {exact} by algebra and {python} by arithmetic at {point}")
        lines.append(
            f"Lemma {name}_value_{place} : {applied(name, point)} = {_quotient(exact)}.\n"
            f"Proof. unfold {name}; cbn -[Rinv Rmult Rplus]; field_simplify; try lra; reflexivity. Qed."
        )
    return "\n".join(lines) + "\n"


def value(stated: Stated, point: tuple[Any, ...]) -> Fraction:
    """The exact value of a formula at (t, *variables)."""
    sp = sympy()
    found = sp.sympify(stated(sp.Integer(point[0]), *(sp.Rational(str(Fraction(one))) for one in point[1:]))).doit()
    if not found.is_Rational:
        raise ValueError(f"the value {found} at {point} is not rational; choose another point")
    return Fraction(int(found.p), int(found.q))


def applied(name: str, point: tuple[Any, ...]) -> str:
    """A definition applied to a point."""
    return " ".join([name, str(point[0]), *(_quotient(Fraction(one)) for one in point[1:])])


def differs(name: str, point: tuple[Any, ...], other: Fraction) -> str:
    """A lemma that a definition does not have this value at a point, with its proof."""
    return (
        f"Lemma wrong : {applied(name, point)} <> {_quotient(other)}.\n"
        f"Proof. unfold {name}; cbn -[Rinv Rmult Rplus]; intros H; field_simplify in H; lra. Qed.\n"
    )


def _quotient(value: Fraction) -> str:
    return f"({value.numerator} / {value.denominator})"


def _unknown(e: Any) -> str:
    raise ValueError(f"no term of Coq's reals for {e}")


def _term(e: Any, bound: tuple = ()) -> str:
    """A term of type R; a sum or product up to t runs over 0 .. t - 1, its index being one more."""
    sp, t = sympy(), generation()
    if e.is_Rational:
        return f"({e.p})" if e.q == 1 else f"({e.p} / {e.q})"
    if e == t:
        return "INR t"
    if e.is_Symbol:
        return f"INR (S {_index(e)})" if e in bound else str(e)
    if isinstance(e, sp.Sum | sp.Product):
        index, low, high = e.limits[0]
        if low != 1 or high != t:
            return _unknown(e)
        fold = "sum" if isinstance(e, sp.Sum) else "prod"
        return f"({fold} t (fun {_index(index)} => {_term(e.function, (*bound, index))}))"
    if isinstance(e, sp.Add | sp.Mul):
        return f"({(' + ' if e.is_Add else ' * ').join(_term(part, bound) for part in e.args)})"
    if isinstance(e, sp.Pow):
        return _power(e, bound)
    if isinstance(e, sp.core.function.AppliedUndef):
        return f"({e.func} {f'(S {_index(e.args[0])})' if e.args[0] in bound else e.args[0]})"
    return _unknown(e)


def _power(e: Any, bound: tuple) -> str:
    t, base = generation(), _term(e.base, bound)
    if e.exp.is_Integer:
        power = base if abs(e.exp) == 1 else f"({base} ^ {abs(e.exp)})"
        return power if e.exp > 0 else f"(/ {power})"
    for index in bound:  # the index of a fold is one more than what Coq counts
        before = e.exp - index + 1
        if before.is_Integer:
            counted = _index(index)
            return f"({base} ^ {counted if before == 0 else f'({counted} + {before})'})" if before >= 0 else _unknown(e)
    ahead = e.exp - t
    if not ahead.is_Integer:
        return _unknown(e)
    return f"({base} ^ {'t' if ahead == 0 else f'(t + {ahead})' if ahead > 0 else f'(t - {-ahead})'})"


def _index(symbol: Any) -> str:
    """Dummies of one name are told apart by nothing in text; folds here are not nested."""
    return str(symbol).strip("_")
