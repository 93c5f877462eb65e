"""Handwritten digits of 8 x 8 pixels, with a judge that was fitted on them once."""

from functools import lru_cache
from typing import Any, Self

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float32, Key

from collapse_jax.neural._single import F32, single
from collapse_jax.neural.truth import Truth


class Judge(eqx.Module):
    """A classifier of digits with one hidden layer, whose features measure how far two sets of images are apart."""

    hidden: Float32[Array, "64 h"]
    shift: Float32[Array, "h"]
    output: Float32[Array, "h 10"]
    bias: Float32[Array, "10"]

    def features(self, x: Float32[Array, "n 64"]) -> Float32[Array, "n h"]:
        """What the hidden layer makes of images with pixels from 0 to 16."""
        return jax.nn.relu(x / 16 @ self.hidden + self.shift)

    def labels(self, x: Float32[Array, "n 64"]) -> Float32[Array, "n 10"]:
        """The probabilities of the ten digits."""
        return jax.nn.softmax(self.features(x) @ self.output + self.bias)


class Digits(Truth):
    """The empirical law of some of scikit-learn's 1,797 digits; the others are held out.

    An image is 64 numbers from 0 to 16. There is no density; what a net has learnt shows on the images that are held
    out, and in the features and labels of the judge.

    **Args**: `images`: those that are drawn, (images, 64); `held_out`: the others; `judge`: a classifier.
    """

    images: Float32[Array, "images 64"] = eqx.field(converter=single)
    held_out: Float32[Array, "others 64"] = eqx.field(converter=single)
    judge: Judge

    @classmethod
    def load(cls, held_out: int = 500, seed: int = 0) -> Self:
        """The digits that come with scikit-learn, and a judge fitted on all of them.

        **Args**: `held_out`: how many; `seed`: which.

        **Returns**: the law of the others.

        **Raises**: ValueError without scikit-learn, and if no image would be left.
        """
        images, judge = _loaded()
        if not 1 <= held_out < len(images):
            raise ValueError(f"held_out={held_out} of {len(images)} digits; use at least 1, and leave one to be drawn")
        order = np.random.default_rng(seed).permutation(len(images))
        return cls(images[order[held_out:]], images[order[:held_out]], judge)

    def sample(self, key: Key[Array, ""], n: int) -> Float32[Array, "n 64"]:
        count = len(self.images)
        chosen = (jax.random.uniform(key, (n,), F32) * count).astype(jnp.int32)
        return self.images[jnp.minimum(chosen, count - 1)]


@lru_cache(1)
def _loaded() -> tuple[Any, Judge]:
    try:
        from sklearn.datasets import load_digits  # pyright: ignore[reportMissingImports]
        from sklearn.neural_network import MLPClassifier  # pyright: ignore[reportMissingImports]
    except ImportError:
        raise ValueError("the digits come with scikit-learn, which is missing; install collapse_jax[tables]") from None
    images, labels = load_digits(return_X_y=True)
    fitted = MLPClassifier((32,), learning_rate_init=5e-3, tol=1e-3, random_state=0).fit(images / 16, labels)
    (hidden, output), (shift, bias) = fitted.coefs_, fitted.intercepts_
    return images.astype(np.float32), Judge(*map(single, (hidden, shift, output, bias)))
