"""Calls of libraries made matrix by matrix, so that a program never waits for threads that wait for it.

On a CPU LAPACK and the Fourier transform divide a batch among the threads of XLA and wait for them. Where all of these
threads wait, nobody is left to do the work: two programs at once hang, and so does one program with two such calls that
do not depend on one another. A single matrix is worked on at once, by the thread that asks, and gives the same bits.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import jax
from jax.extend.core import ClosedJaxpr, Jaxpr, Literal, jaxpr_as_fun

__all__ = ["inline", "waits"]

# Event axes of the first operand; batch axes come before them, in every operand.
_EVENT = {
    "cholesky": 2,
    "eig": 2,
    "eigh": 2,
    "geqp3": 2,
    "geqrf": 2,
    "hessenberg": 2,
    "householder_product": 2,
    "lu": 2,
    "ormqr": 2,
    "qr": 2,
    "schur": 2,
    "svd": 2,
    "triangular_solve": 2,
    "tridiagonal": 2,
    "tridiagonal_solve": 1,
    "fft": 1,
}


def waits(program: ClosedJaxpr | Jaxpr) -> bool:
    """Whether a program calls what divides its work among threads and waits for them.

    **Args**: `program`: as it was traced.
    """
    return any(_divides(equation) or any(map(waits, _inner(equation))) for equation in _open(program).eqns)


def inline(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function with the same values, bit by bit, whose program makes such calls one matrix at a time.

    Only a Fourier transform of several axes, which becomes several of one axis, may differ by rounding.

    **Args**: `function`: of arrays and trees of them, pure.
    """

    def safe(*arguments: Any) -> Any:
        program, shape = jax.make_jaxpr(function, return_shape=True)(*arguments)
        values = _evaluate(program.jaxpr, program.consts, jax.tree.leaves(arguments))
        return jax.tree.unflatten(jax.tree.structure(shape), values)

    return safe


def _open(program: ClosedJaxpr | Jaxpr) -> Jaxpr:
    return program.jaxpr if isinstance(program, ClosedJaxpr) else program


def _divides(equation: Any) -> bool:
    """Whether this is a call for a batch; in a Fourier transform every line but one is a batch."""
    name = equation.primitive.name
    if name not in _EVENT:
        return False
    shape = equation.invars[0].aval.shape
    return math.prod(shape[: len(shape) - _EVENT[name]]) > 1


def _inner(equation: Any) -> Iterable[ClosedJaxpr | Jaxpr]:
    """Programs inside this step: the bodies of loops, branches and calls."""
    for value in equation.params.values():
        for item in value if isinstance(value, tuple | list) else (value,):
            if isinstance(item, ClosedJaxpr | Jaxpr):
                yield item


def _evaluate(program: Jaxpr, consts: Sequence[Any], arguments: Sequence[Any]) -> list[Any]:
    known: dict[Any, Any] = dict(zip(program.constvars, consts, strict=True))
    known |= zip(program.invars, arguments, strict=True)
    for equation in program.eqns:
        values = [item.val if isinstance(item, Literal) else known[item] for item in equation.invars]
        known |= zip(equation.outvars, _step(equation, values, program), strict=True)
    return [item.val if isinstance(item, Literal) else known[item] for item in program.outvars]


def _step(equation: Any, values: list[Any], program: Jaxpr) -> Sequence[Any]:
    if _divides(equation):
        return _lines(equation, *values) if equation.primitive.name == "fft" else _one_by_one(equation, values)
    inside = [item for item in _inner(equation) if waits(item)]
    if equation.primitive.name.startswith(("custom_jvp", "custom_vjp", "checkpoint", "remat")) and inside:
        # What they say of derivatives has been used by now.
        return _evaluate(_open(inside[0]), getattr(inside[0], "consts", ()), values)
    return _as_it_is(equation.replace(params=_params(equation)) if inside else equation, values, program)


def _as_it_is(equation: Any, values: list[Any], program: Jaxpr) -> Sequence[Any]:
    """One step by JAX's own evaluation, which knows how to call every kind of primitive."""
    given = {item: value for item, value in zip(equation.invars, values, strict=True) if not isinstance(item, Literal)}
    ends = {"constvars": [], "invars": list(given), "outvars": equation.outvars}
    alone = program.replace(eqns=[equation], effects=equation.effects, **ends)
    return jaxpr_as_fun(ClosedJaxpr(alone, []))(*given.values())


def _params(equation: Any) -> dict[str, Any]:
    def safe(item: Any) -> Any:
        if isinstance(item, tuple | list):
            return getattr(type(item), "_make", type(item))(map(safe, item))  # perhaps a named tuple
        if not isinstance(item, ClosedJaxpr) or not waits(item):
            return item
        shapes = [jax.ShapeDtypeStruct(v.shape, v.dtype, weak_type=v.weak_type) for v in item.in_avals]
        return jax.make_jaxpr(lambda *given: _evaluate(item.jaxpr, item.consts, given))(*shapes)

    return {name: safe(value) for name, value in equation.params.items()}


def _one_by_one(equation: Any, values: list[Any]) -> Sequence[Any]:
    primitive = equation.primitive
    batch = values[0].shape[: values[0].ndim - _EVENT[primitive.name]]
    flat = [value.reshape(-1, *value.shape[len(batch) :]) for value in values]
    found = jax.lax.map(lambda one: primitive.bind(*one, **equation.params), flat)
    found = found if primitive.multiple_results else [found]
    return [value.reshape(*batch, *value.shape[1:]) for value in found]


def _lines(equation: Any, x: Any) -> Sequence[Any]:
    """A Fourier transform of several axes as transforms of one axis, each line by itself."""
    kind, lengths = equation.params["fft_type"], equation.params["fft_lengths"]
    last, others = len(lengths) - 1, list(range(len(lengths) - 1))
    real, back = "RFFT" in kind.name, kind.name.startswith("I")
    whole = jax.lax.FftType.IFFT if back else jax.lax.FftType.FFT
    order = [*others, last] if back else [last, *others]

    for index in order:
        axis = x.ndim - len(lengths) + index
        of_kind, length = (kind if real and index == last else whole), (lengths[index],)
        lines = jax.numpy.moveaxis(x, axis, -1)
        flat = lines.reshape(-1, lines.shape[-1])
        done = jax.lax.map(lambda line, k=of_kind, n=length: jax.lax.fft(line, k, n), flat)
        x = jax.numpy.moveaxis(done.reshape(*lines.shape[:-1], done.shape[-1]), -1, axis)
    return [x]
