"""A condition between parameters, such as "T >= d + 2", as data: it is true, false, or cannot be told."""

import ast
import math
import operator
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from collapse_jax.laws.special import log

_ORDER = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_NEGATION = {"<": operator.ge, "<=": operator.gt, ">": operator.le, ">=": operator.lt}
_COMPARISONS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_ARITHMETIC = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
_ARITHMETIC |= {ast.FloorDiv: operator.floordiv, ast.Pow: operator.pow}

TRACED = object()
"""Stands for a value that is not there yet."""


def home(value: Any) -> str:
    """The library that a value is from."""
    return type(value).__module__.partition(".")[0]


def settled(value: Any) -> Any:
    """A value that can be compared here and now, `TRACED` for one that JAX traces; an array of JAX as one of NumPy."""
    if home(value) == "numpy" and getattr(value, "shape", None) == () and hasattr(value, "item"):
        value = value.item()  # whose arithmetic does not overflow
    jax = None if type(value) in (int, float) else sys.modules.get("jax")
    if jax is None or not isinstance(value, jax.Array):
        return value
    if isinstance(value, jax.core.Tracer):
        return TRACED
    import numpy as np

    return np.asarray(value)


def entries(value: Any) -> Iterable[Any]:
    """The numbers in a number, or in an array."""
    return value.ravel().tolist() if hasattr(value, "ravel") else (value,)


def certain(symbol: str, left: Any, right: Any) -> bool | None:
    """Whether left < right (and so on) is certainly true or certainly false; of arrays, in every entry."""
    try:
        if {home(left), home(right)} & {"flint", "sympy"}:
            if bool(_NEGATION[symbol](left, right)):
                return False
            return True if bool(_ORDER[symbol](left, right)) else None
        found = _ORDER[symbol](left, right)
        return bool(found.all()) if hasattr(found, "all") else bool(found)
    except (TypeError, ValueError, ArithmeticError):  # a SymPy relation that its assumptions leave open
        return None


def _over(reduce: Any, number: Any = lambda x: x) -> Any:
    """A function of schedules; of a number, which is the same in every generation, `number`."""

    def function(x: Any, *others: Any) -> Any:
        return reduce(x, *others) if others or isinstance(x, list | tuple) else number(x)

    return function


_FUNCTIONS = {"first": _over(lambda x: x[0]), "len": _over(len, lambda _: math.inf), "abs": abs}
_FUNCTIONS |= {"log": log}
_FUNCTIONS |= {"min": _over(min), "max": _over(max), "sum": _over(sum)}


@dataclass(frozen=True)
class Condition:
    """A chain of comparisons between arithmetic expressions in names of parameters.

    **Args**: `text`: the condition.

    **Raises**: ValueError for text that is anything else.
    """

    text: str

    def __post_init__(self):
        try:
            tree = ast.parse(self.text, mode="eval").body
        except SyntaxError:
            tree = None
        if not isinstance(tree, ast.Compare) or any(type(one) not in _COMPARISONS for one in tree.ops):
            raise ValueError(f"{self.text!r} is no condition; write a comparison such as 'T >= d + 2'")
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") not in _FUNCTIONS:
                raise ValueError(f"{self.text!r} calls what is not known here; use {', '.join(_FUNCTIONS)}")

    @cached_property
    def _tree(self) -> ast.Compare:
        tree = ast.parse(self.text, mode="eval").body
        assert isinstance(tree, ast.Compare)
        return tree

    @cached_property
    def names(self) -> frozenset[str]:
        """The parameters it speaks of."""
        used = {node.id for node in ast.walk(self._tree) if isinstance(node, ast.Name)}
        return frozenset(used - _FUNCTIONS.keys())

    def holds(self, values: Mapping[str, Any]) -> bool | None:
        """True, False, or None where it cannot be told."""
        known = {name: settled(values[name]) for name in self.names}
        if any(value is TRACED for value in known.values()):
            return None
        sides = [self._tree.left, *self._tree.comparators]
        try:
            numbers = [_number(_value(side, known)) for side in sides]
        except (TypeError, ValueError, ArithmeticError):
            return None
        pairs = zip(self._tree.ops, numbers[:-1], numbers[1:], strict=True)
        verdicts = [certain(_COMPARISONS[type(symbol)], left, right) for symbol, left, right in pairs]
        return False if False in verdicts else None if None in verdicts else True


def _value(node: ast.expr, known: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return known[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_number(_value(operand, known))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            return _ARITHMETIC[type(op)](_number(_value(left, known)), _number(_value(right, known)))
        case ast.Call(func=ast.Name(id=name), args=args):
            return _FUNCTIONS[name](*(_value(arg, known) for arg in args))
    raise ValueError(f"{ast.unparse(node)!r} is no arithmetic of parameters")


def _number(value: Any) -> Any:
    """A schedule as an array, which a condition has to hold for in every entry."""
    if not isinstance(value, list | tuple):
        return value
    if not all(isinstance(one, int | float) for one in value):
        raise TypeError("a schedule of symbols is not compared")
    import numpy as np

    return np.asarray(value)
