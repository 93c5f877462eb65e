"""Score-based diffusion, of points in space or of angles on a torus."""

import math
from typing import Any, Literal, get_args

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float32, Key

from collapse_jax.neural._single import F32
from collapse_jax.neural.nets._layers import Perceptron
from collapse_jax.neural.network import Network
from collapse_jax.neural.truths.torus import wrapped

Space = Literal["plane", "torus"]
Sampler = Literal["ancestral", "flow"]
_IMAGES = 2 * np.pi * np.arange(-3, 4, dtype=np.float32)


class Diffusion(Network):
    r"""Noise of growing size is added, and a net learns its score, by which it is taken away again.

    Levels are geometric, $\sigma_u = \sigma_0 (\sigma_1 / \sigma_0)^u$; the loss is that of denoising score matching,
    $E \|\sigma_u s(x + \sigma_u e, u) - \sigma_u \nabla \log p_{\sigma_u}(x + \sigma_u e \mid x)\|^2$, $u$ uniform on
    [0, 1]. On a torus the noise is wrapped, and its score a mean over images. From the largest level down,
    `sampler="ancestral"` draws every step anew as the denoising diffusion of Ho et al. does, $x + (\sigma^2 -
    \sigma'^2) s + \sqrt{\sigma^2 - \sigma'^2}\, \frac{\sigma'}{\sigma} e$, and "flow" follows the ordinary equation of
    the probability flow, $x + (\sigma - \sigma') \sigma s$, whose noise is that of the start alone. Either ends in the
    mean that the least level leaves.

    **Args**: `event`: dimension; `space`: "plane", or "torus" for angles in $[-\pi, \pi)$; `sampler`: as above; `width`
    and `depth`: of the hidden layers; `steps`: levels; `least` and `most`: $\sigma_0$ and $\sigma_1$, the latter far
    above what the data span.

    **Raises**: ValueError for an unknown space or sampler.
    """

    event: int = eqx.field(static=True, default=2)
    space: Space = eqx.field(static=True, default="plane")
    sampler: Sampler = eqx.field(static=True, default="ancestral")
    width: int = eqx.field(static=True, default=64)
    depth: int = eqx.field(static=True, default=3)
    steps: int = eqx.field(static=True, default=40)
    least: float = eqx.field(static=True, default=0.06)
    most: float = eqx.field(static=True, default=3.0)

    def __check_init__(self):
        for name, known in (("space", get_args(Space)), ("sampler", get_args(Sampler))):
            if getattr(self, name) not in known:
                raise ValueError(f"{name}={getattr(self, name)!r} is unknown; use one of {', '.join(known)}")

    @property
    def _harmonics(self) -> int:
        return 4 if self.space == "torus" else 1

    def init(self, key: Key[Array, ""]) -> Perceptron:
        return Perceptron.fresh(self._harmonics * self.event + 6, self.event, self.width, self.depth, key)

    def loss(self, net: Perceptron, batch: Float32[Array, "n event"], key: Key[Array, ""]) -> Float32[Array, ""]:
        levels, noise = jax.random.split(key)
        u = jax.random.uniform(levels, batch.shape[:1], F32)
        sigma = self._sigma(u)[:, None]
        added = sigma * jax.random.normal(noise, batch.shape, F32)
        wanted = sigma * _wrapped_score(added, sigma) if self.space == "torus" else -added / sigma
        return jnp.mean(jnp.sum((self._scaled_score(net, batch + added, u) - wanted) ** 2, -1))

    def sample(self, net: Perceptron, key: Key[Array, ""], n: int) -> Float32[Array, "n event"]:
        start, noise = jax.random.split(key)
        levels = jnp.linspace(1, 0, self.steps + 1, dtype=F32)

        def clearer(x, step):
            u, lower, key = step
            sigma, left = self._sigma(u), self._sigma(lower)
            score = self._scaled_score(net, x, jnp.full(n, u))
            if self.sampler == "flow":
                return self._within(x + (sigma - left) * score), None
            gone = sigma**2 - left**2
            again = jnp.sqrt(gone) * (left / sigma) * jax.random.normal(key, x.shape, F32)
            return self._within(x + gone / sigma * score + again), None

        keys = jax.random.split(noise, self.steps)
        x = jax.lax.scan(clearer, self._begun(start, n), (levels[:-1], levels[1:], keys))[0]
        return self._within(x + self.least * self._scaled_score(net, x, jnp.zeros(n, F32)))

    def _begun(self, key: Key[Array, ""], n: int) -> Float32[Array, "n event"]:
        if self.space == "torus":  # of the largest level nothing but the uniform law is left
            return jax.random.uniform(key, (n, self.event), F32, -math.pi, math.pi)
        return self.most * jax.random.normal(key, (n, self.event), F32)

    def _sigma(self, u: Float32[Array, "*n"]) -> Float32[Array, "*n"]:
        return self.least * jnp.exp(math.log(self.most / self.least) * u)

    def _within(self, x: Float32[Array, "n event"]) -> Float32[Array, "n event"]:
        return wrapped(x) if self.space == "torus" else x

    def _scaled_score(
        self, net: Perceptron, x: Float32[Array, "n event"], u: Float32[Array, "n"]
    ) -> Float32[Array, "n event"]:
        r"""$\sigma_u s(x, u)$, which is of the order of 1 at every level."""
        level = [f(k * math.pi * u)[:, None] for k in (0.5, 1, 2) for f in (jnp.cos, jnp.sin)]
        if self.space == "torus":
            seen = [jnp.cos(x), jnp.sin(x), jnp.cos(2 * x), jnp.sin(2 * x)]
        else:
            seen = [x / jnp.sqrt(1 + self._sigma(u) ** 2)[:, None]]
        return net(jnp.concatenate([*seen, *level], -1))


def _wrapped_score(added: Any, sigma: Any) -> Any:
    r"""$\nabla \log \sum_m N(y + 2 \pi m; 0, \sigma^2)$ at y."""
    images = wrapped(added)[..., None] + _IMAGES
    share = jax.nn.softmax(-0.5 * (images / sigma[..., None]) ** 2)
    return -jnp.sum(share * images, -1) / sigma**2
