r"""Models made sharper or flatter before they speak: temperature and top-p.

$\tau_i = p_i^{1/T} / \sum_j p_j^{1/T}$; then only the most probable symbols, until their probabilities sum to top-p,
and what is left divided by its sum. A family knows how by registering its own rule:
`@tempered.register(MyFamily)`, a function (model, temperature, top_p) -> model.
"""

from functools import singledispatch
from typing import Any

import jax.numpy as jnp
from jaxtyping import Array, Float

from collapse_jax.families.categorical import Categorical, Contexts, Empirical
from collapse_jax.families.markov import Markov
from collapse_jax.families.scalar import Bernoulli

__all__ = ["can_be_tempered", "sharpened", "tempered"]


def sharpened(p: Float[Array, "*batch s"], temperature: Any, top_p: Any) -> Float[Array, "*batch s"]:
    r"""Rows of probabilities at a temperature, of which the nucleus of mass `top_p` is kept.

    A symbol of probability 0 keeps it. Of equally probable symbols the first in order enter the nucleus first.

    **Args**: `p`: the rows; `temperature`: T > 0; `top_p`: in (0, 1]; exactly 1 keeps everything.

    **Returns**: rows of the same shape that sum to 1.
    """
    p = jnp.asarray(p)
    if not _is_one(temperature):
        power = jnp.log(p / jnp.max(p, -1, keepdims=True)) / temperature
        p = jnp.where(p > 0, jnp.exp(power), 0)
        p = p / jnp.sum(p, -1, keepdims=True)
    if _is_one(top_p):
        return p
    order = jnp.argsort(-p, -1, stable=True)
    ordered = jnp.take_along_axis(p, order, -1)
    before = jnp.cumsum(ordered, -1) - ordered
    kept = jnp.where((before < top_p).at[..., 0].set(True), ordered, 0)
    kept = kept / jnp.sum(kept, -1, keepdims=True)
    return jnp.take_along_axis(kept, jnp.argsort(order, -1), -1)


def _is_one(value: Any) -> bool:
    return isinstance(value, int | float) and value == 1


@singledispatch
def tempered(model: Any, temperature: Any, top_p: Any) -> Any:
    """The model that draws at this temperature, with this nucleus, what `model` has learnt.

    **Args**: `model`: of a family of symbols; `temperature`: T > 0; `top_p`: in (0, 1].

    **Returns**: a model of the same family, whose parameters are those of the law that is drawn from.

    **Raises**: ValueError for a family without a rule.
    """
    del temperature, top_p
    known = sorted(kind.__name__ for kind in tempered.registry if kind not in (object, Empirical))
    raise ValueError(
        f"{type(model).__name__} has no temperature; {', '.join(known)} have, and another family of symbols by "
        "`@tempered.register` (collapse_jax.families.tempering)"
    )


def can_be_tempered(model: Any) -> bool:
    """Whether `tempered` knows the family of a model.

    **Args**: `model`: a model.

    **Returns**: true or false.
    """
    return tempered.dispatch(type(model)) is not tempered.dispatch(object)


@tempered.register(Categorical)
@tempered.register(Contexts)
@tempered.register(Markov)
def _(model, temperature, top_p):
    return model.replace(p=sharpened(model.p, temperature, top_p))


@tempered.register(Bernoulli)
def _(model, temperature, top_p):
    p = jnp.asarray(model.p)
    return model.replace(p=sharpened(jnp.stack([p, 1 - p], -1), temperature, top_p)[..., 0])


@tempered.register(Empirical)
def _(model, temperature, top_p):
    """A sample has no tempered version; the law that is drawn from is one of `Categorical`, symbols kept."""
    if model.p.shape[:-1] != model.types.shape[:-1]:  # some parameters were replaced, the frequencies were not
        model = Empirical.of(model.types, model.present, model.s, model.dtype)
    uniform = Categorical((1.0,), sampler="index")
    return uniform.replace(p=sharpened(model.p, temperature, top_p))
