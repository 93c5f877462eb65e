"""Nets as a family of the library: all weights of a chain are one vector, and a fit is a training."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float32, Key, PyTree

from collapse_jax.data import Samples
from collapse_jax.families import Engine, Family
from collapse_jax.families._family import whole
from collapse_jax.neural.network import Network
from collapse_jax.neural.said import said
from collapse_jax.neural.training import Rows, Training
from collapse_jax.neural.truth import Truth
from collapse_jax.numerics import random

__all__ = ["Fitted", "NeuralFamily"]

_FIT_KEY = 0


class Fitted(eqx.Module):
    """One net with its weights.

    **Args**: `network`: what it is a net of; `net`: the weights, as `network.init` makes them.
    """

    network: Any
    net: Any

    def sample(self, key: Key[Array, ""], n: int) -> PyTree[Array]:
        """`n` observations."""
        return self.network.sample(self.net, key, n)

    def loss(self, batch: PyTree[Array], key: Key[Array, ""]) -> Float32[Array, ""]:
        """The loss of a batch."""
        return self.network.loss(self.net, batch, key)


class NeuralFamily(Family):
    """A net that is trained anew at every fit: unfitted it is the truth, and fitted one net per chain.

    The weights of a chain are one float32 vector, `weights`, (\\*batch, size), empty before the first fit; `loss` is
    what the last fit ended with. Nets are float32 whatever the precision around them. `learn(key, data)` trains with a
    key, split among the chains: initial weights, minibatches and noise. `fit(data)`, which is given none, always uses
    the same one, so that two fits on the same data are equal; workflows do not call it.

    Runs under `simulate(engine="literal")`, with metrics from `Probe.metric`, and under `study`, which
    compiles everything once for many workflows. There is no average of nets: `blend` is refused.

    **Args**: `truth`: where real data come from; `network`: initial weights, loss and sample; `training`: how a fit is
    done; `weights`, `loss`: of fitted nets.

    **Raises**: ValueError for parts that are none.
    """

    truth: Any
    network: Any
    training: Any
    weights: Any = eqx.field(default_factory=lambda: np.zeros(0, np.float32))
    loss: Any = eqx.field(default_factory=lambda: np.zeros((), np.float32))
    parameters: ClassVar[Mapping[str, int]] = {"weights": 1, "loss": 0}
    ignores_unfilled: ClassVar[bool] = True

    def __check_init__(self):
        for name, kind in (("truth", Truth), ("network", Network), ("training", Training)):
            if not isinstance(getattr(self, name), kind):
                own = kind.__name__
                raise ValueError(f"{name}={getattr(self, name)!r} is no {own}; subclass collapse_jax.neural.{own}")

    @property
    def is_fitted(self) -> bool:
        return jnp.shape(self.weights)[-1] > 0

    @property
    def described(self) -> dict[str, Any]:
        return {name: said(getattr(self, name), name) for name in ("truth", "network", "training")}

    @property
    def size(self) -> int:
        """How many weights a net has."""
        return sum(leaf.size for leaf in jax.tree.leaves(self._arrays()))

    def _layout(self) -> Any:
        with jax.enable_x64(False):
            return eqx.filter_eval_shape(self.network.init, random.key(0))

    def _arrays(self) -> Any:
        """Shapes of the weights, in a net."""
        arrays = eqx.filter(self._layout(), lambda leaf: isinstance(leaf, jax.ShapeDtypeStruct))
        for leaf in jax.tree.leaves(arrays):
            if leaf.dtype != jnp.float32:
                raise ValueError(
                    f"{type(self.network).__name__}.init makes an array of {leaf.dtype}, and weights are float32; give "
                    "it dtype=jnp.float32, or make what is not trained a static field of the network"
                )
        return arrays

    def fitted(self, weights: Any) -> Fitted:
        """The net that has these weights.

        **Args**: `weights`: (size,), of one chain, such as `study.weights("replace")[0]`.

        **Returns**: a net with `sample` and `loss`.
        """
        layout = self._layout()
        leaves, structure = jax.tree.flatten(self._arrays())
        ends = np.cumsum([leaf.size for leaf in leaves])[:-1]
        flat = jnp.asarray(weights, jnp.float32)
        parts = [part.reshape(leaf.shape) for part, leaf in zip(jnp.split(flat, ends), leaves, strict=True)]
        rest = eqx.filter(layout, lambda leaf: not isinstance(leaf, jax.ShapeDtypeStruct))
        return Fitted(in_single(self.network), eqx.combine(jax.tree.unflatten(structure, parts), rest))

    def each(self, measure: Callable[[Fitted, Any, Array], Any], key: Key[Array, ""]) -> Any:
        """What `measure(fitted, truth, key)` says of the net of every chain, the key split among them."""
        with jax.enable_x64(False):
            keys, truth = _split(key, self.weights.shape[0]), in_single(self.truth)
            return jax.vmap(lambda flat, one: measure(self.fitted(flat), truth, one))(self.weights, keys)

    def sample(self, key: Key[Array, ""], n: int) -> PyTree[Array]:
        if len(self.batch_shape) != 1:
            raise ValueError(
                f"one net per chain draws, not one per observation ({self.batch_shape} nets): RandomPool would copy "
                "the weights for each; use Window(n, k, redraw=True), RecentModels or Accumulate"
            )
        if self.is_fitted:
            return self.each(lambda fitted, _, one: fitted.sample(one, n), key)
        with jax.enable_x64(False):
            truth = in_single(self.truth)
            return jax.vmap(lambda one: truth.sample(one, n))(_split(key, self.batch_shape[0]))

    def learn(self, key: Key[Array, ""], data: Any) -> "NeuralFamily":
        with jax.enable_x64(False):
            fitted = self.is_fitted
            previous = self.weights if fitted else jnp.zeros((*self.batch_shape, self.size), jnp.float32)
            return self.trained(key, previous, jnp.asarray(fitted), data)

    def fit(self, data: Any) -> "NeuralFamily":
        return self.learn(random.key(_FIT_KEY), data)

    def trained(self, key: Key[Array, ""], previous: Array, fitted: Array, data: Samples) -> "NeuralFamily":
        """These models trained on `data`.

        **Args**: `key`: split among the chains; `previous`: weights (chains, size), looked at if `fitted` and training
        starts from them; `data`: raw observations.

        **Returns**: the fitted models.
        """

        training, network = in_single(self.training), in_single(self.network)

        def loss(weights, batch, key):
            return self.fitted(weights).loss(batch, key).astype(jnp.float32)

        def one(key, before, values):
            init_key, train_key = jax.random.split(key)
            net = eqx.filter(network.init(init_key), eqx.is_inexact_array)
            weights = jnp.concatenate([jnp.ravel(leaf) for leaf in jax.tree.leaves(net)])
            if training.start == "previous":
                weights = jnp.where(fitted, before.astype(jnp.float32), weights)
            return training.run(loss, weights, Rows.of(values, data.present), train_key)

        weights, last = jax.vmap(one)(_split(key, len(previous)), previous, data.values)
        return self.replace(weights=weights, loss=last)

    def blend(self, other: Any, weight: Any) -> Any:
        raise ValueError(
            "an average of the weights of two nets is not a net that was fitted; pool their data instead: FreshReal "
            "with weight=None, Contaminated with estimate='last', Linear with pool=True"
        )

    def check(self, sizes: tuple[int, ...], engine: Engine) -> None:
        if engine == "exact":
            raise ValueError("a net has no sufficient statistic; use engine='literal', or collapse_jax.neural.study")
        whole(min(sizes), self.sample_name, "a sample size")
        if self.training.stopping is not None and min(sizes) < 2:
            raise ValueError("n=1 leaves nothing to train on beside the row held out; use n >= 2, or stopping=None")


def in_single(tree: Any) -> Any:
    """The same with real numbers in float32, to which a run in float64 has cast them."""

    def one(leaf):
        real = eqx.is_array(leaf) and jnp.issubdtype(leaf.dtype, jnp.floating)
        return leaf.astype(jnp.float32) if real else leaf

    return jax.tree.map(one, tree)


def _split(key: Key[Array, ""], chains: int) -> Key[Array, "chains"]:
    """A key for every chain, of JAX's own kind: ours have their rounds written out, which thousands of numbers at once
    are worth, but not one minibatch."""
    own = jax.random.wrap_key_data(jax.random.key_data(key), impl="threefry2x32")
    return jax.random.split(own, chains)
