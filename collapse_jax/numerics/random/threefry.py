r"""Threefry-2x32 with 20 rounds, the generator of JAX, its rounds written out and both words of a round used."""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.extend.random import define_prng_impl
from jaxtyping import Array, Key

from collapse_jax.numerics.alone import alone

__all__ = ["key", "long_words", "split", "word_pairs"]

_ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
# The second counter keeps apart what a key is used for.
_BITS, _SPLIT, _FOLD = 0, 1, 2
# So many words are no work; on a CPU a loop of rounds is compiled sooner, for one or two hundredths of the run.
_FEW = 64


def _threefry(key, x0, use: int) -> tuple[Array, Array]:
    """Both words of Threefry-2x32-20 at the counters (x0, use)."""
    words = (key[0], key[1], key[0] ^ key[1] ^ np.uint32(0x1BD11BDA))
    x0, x1 = x0 + words[0], jnp.full_like(x0, use) + words[1]
    if x0.size <= _FEW and jax.default_backend() == "cpu":
        return _looped(words, x0, x1)
    for i in range(5):
        for distance in _ROTATIONS[i % 2]:
            x0 = x0 + x1
            x1 = x0 ^ ((x1 << np.uint32(distance)) | (x1 >> np.uint32(32 - distance)))
        x0, x1 = x0 + words[(i + 1) % 3], x1 + words[(i + 2) % 3] + np.uint32(i + 1)
    return x0, x1


def _looped(words, x0, x1) -> tuple[Array, Array]:
    """The same rounds as a loop, for keys: a program of many of them, written out, takes long to compile."""

    def rounds(i, state):
        x0, x1, (one, two, three), now, then = state
        for distance in now:
            x0 = x0 + x1
            x1 = x0 ^ ((x1 << distance) | (x1 >> (np.uint32(32) - distance)))
        return x0 + two, x1 + three + i + np.uint32(1), (two, three, one), then, now

    odd, even = (tuple(map(jnp.uint32, distances)) for distances in _ROTATIONS)
    return lax.fori_loop(np.uint32(0), np.uint32(5), rounds, (x0, x1, words, odd, even))[:2]


def word_pairs(key, number: int) -> tuple[Array, Array]:
    """Two arrays of `number` independent 32-bit words."""
    return _threefry(key, lax.iota(jnp.uint32, number), _BITS)


def long_words(key, number: int) -> Array:
    """`number` independent 64-bit words."""
    high, low = word_pairs(key, number)
    return (high.astype(jnp.uint64) << 32) | low.astype(jnp.uint64)


def _seed(seed) -> Array:
    seed = jnp.asarray(seed)
    high = (seed >> 32).astype(jnp.uint32) if seed.dtype.itemsize == 8 else jnp.zeros_like(seed, jnp.uint32)
    return jnp.stack([high, seed.astype(jnp.uint32)])


def _split(key, shape: tuple[int, ...]) -> Array:
    words = _threefry(key, lax.iota(jnp.uint32, math.prod(shape)), _SPLIT)
    return jnp.stack(words, -1).reshape(*shape, 2)


def _fold_in(key, data) -> Array:
    return jnp.stack(_threefry(key, jnp.asarray(data, jnp.uint32), _FOLD))


def _random_bits(key, width: int, shape: tuple[int, ...]) -> Array:
    size = math.prod(shape)
    if width == 64:
        return alone(lambda data: long_words(data, size), key).reshape(shape)
    words = alone(lambda data: jnp.stack(word_pairs(data, -(-size // 2))), key).reshape(-1)[:size].reshape(shape)
    return words if width == 32 else words.astype({16: jnp.uint16, 8: jnp.uint8}[width])


_THREEFRY = define_prng_impl(
    key_shape=(2,),
    seed=_seed,
    split=_split,
    random_bits=_random_bits,
    fold_in=_fold_in,
    name="collapse_threefry",
    tag="ctf",
)


def key(seed) -> Key[Array, ""]:
    """A key of this generator from a seed, 0 <= seed < 2^64; use it with this module or with `jax.random`."""
    if not isinstance(seed, int | np.integer):
        return jax.random.key(seed, impl=_THREEFRY)
    if not 0 <= seed < 1 << 64:
        raise ValueError(f"seed={seed} does not fit 64 bits; use 0 <= seed < 2^64")
    words = np.array([int(seed) >> 32, int(seed) & 0xFFFFFFFF], np.uint32)
    return jax.random.wrap_key_data(jnp.asarray(words), impl=_THREEFRY)


split = jax.random.split
