"""Measures of nets: the truth itself loses nothing, and each number is what it is by hand."""

import itertools
import math
from types import SimpleNamespace

import _oracle as oracle
import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import linalg, stats

from collapse_jax.neural import measures
from collapse_jax.neural.measures import Together, images
from collapse_jax.neural.nets import VAE, Softmax
from collapse_jax.neural.network import Explicit
from collapse_jax.neural.truths import Digits, HiddenMarkov, Judge, NextToken, Normals, Torus, eight_gaussians

ALPHA = oracle.alpha_of(20)
EPS = float(np.finfo(np.float32).eps)
KEY = jax.random.key(5)
QUICK = jax.random.key(5, impl="unsafe_rbg")  # of which XLA makes a program in a tenth of the time
RNG = np.random.default_rng(0)


class Perfect(Explicit):
    """The truth itself, as a net without weights."""

    truth: eqx.Module

    def init(self, key):
        return ()

    def loss(self, net, batch, key):
        return -jnp.mean(self.truth.log_prob(batch))

    def log_prob(self, net, x):
        return self.truth.log_prob(x)

    def sample(self, net, key, n):
        return self.truth.sample(key, n)


def measured(truth, together, cheap_jit, network=None):
    fitted = SimpleNamespace(network=network or Perfect(truth), net=())
    values = cheap_jit(lambda truth, key: together(fitted, truth, key))(truth, QUICK)
    assert {value.dtype.name for value in values} == {"float32"}
    assert {value.shape for value in values} == {()}
    return dict(zip(together.names, map(float, values), strict=True))


def test_a_perfect_language_model_has_nothing_to_lose(cheap_jit):
    truth = HiddenMarkov.zipf()
    together = Together(excess=measures.excess_per_symbol, back=measures.reverse_kl_per_symbol, tail=measures.tail_mass,
                        entropy=measures.entropy_per_symbol, bad=measures.forbidden_mass,
                        bigrams=measures.distinct_bigrams)  # fmt: skip
    found = measured(truth, together, cheap_jit)
    assert found["excess"] == found["back"] == found["bad"] == 0
    x = np.asarray(cheap_jit(lambda key: truth.sample(key, 1024))(QUICK))[:256]
    assert found["bigrams"] == len({pair for row in x for pair in itertools.pairwise(row.tolist())})
    rare = np.argsort(-np.asarray(truth.marginal))[16:]
    np.testing.assert_allclose(
        found["tail"], np.isin(x, rare).mean() / np.asarray(truth.marginal)[rare].sum(), rtol=1e-5
    )
    by_hand = -np.asarray(cheap_jit(lambda x: truth.log_prob(x))(x), np.float64).mean() / 16
    np.testing.assert_allclose(found["entropy"], by_hand, rtol=100 * EPS)


def test_a_perfect_model_of_points_and_angles_loses_no_mode(cheap_jit):
    marks = {"alive": measures.modes_alive, "rare": measures.rare_mass, "on": measures.on_modes}
    found = measured(eight_gaussians(), Together(**marks, kl=measures.excess), cheap_jit)
    assert (found["alive"], found["kl"]) == (8, 0)
    assert abs(found["on"] - (1 - math.exp(-4.5))) < stats.norm.isf(ALPHA) * math.sqrt(math.exp(-4.5) / 2048)
    angles = Together(**marks, kl=measures.histogram_kl, cov=measures.coverage, clash=measures.clashes)
    found = measured(Torus.ramachandran(), angles, cheap_jit)
    assert found["alive"] == 6
    assert found["clash"] < 0.01
    assert found["kl"] < 576 / 4096  # its mean is (cells - 1) / 2n for counts, and more prudent with half a count each
    lost = Normals([1.0], [[2.0, 0.0]], 0.2)  # one mode of the eight
    found = measured(eight_gaussians(), Together(**marks), cheap_jit, Perfect(lost))
    assert (found["alive"], found["rare"]) == (1, 0)


def test_one_measure_alone_is_what_it_is_together(cheap_jit):
    truth = NextToken([[0.2, 0.8]])
    network = Softmax(1, 2)
    fitted = SimpleNamespace(network=network, net=network.init(KEY))
    one = cheap_jit(lambda key: measures.reverse_kl(network, fitted.net, truth, key))(KEY)
    [same] = cheap_jit(lambda key: Together(back=measures.reverse_kl)(fitted, truth, key))(KEY)
    np.testing.assert_array_equal(one, same)
    with pytest.raises(ValueError, match="name some, such as"):
        Together()


def test_frechet_is_the_distance_of_two_normal_laws(cheap_jit):
    judge = Judge(*(jnp.asarray(RNG.normal(size=shape), jnp.float32) for shape in ((64, 5), (5,), (5, 10), (10,))))
    real, made = (jnp.asarray(RNG.integers(0, 17, (n, 64)), jnp.float32) for n in (300, 512))
    made = made.at[:, :32].set(8)
    truth = Digits(real, real, judge)
    found = cheap_jit(lambda x: [one.of(None, None, truth, x) for one in (
        measures.frechet, measures.label_entropy, measures.confidence, measures.pixel_variance)])(made)  # fmt: skip
    (m1, c1), (m2, c2) = (
        (f.mean(0), np.cov(f.T) + 1e-4 * np.eye(5))
        for f in (np.asarray(judge.features(x), np.float64) for x in (made, real))
    )
    wanted = np.sum((m1 - m2) ** 2) + np.trace(c1 + c2 - 2 * linalg.sqrtm(c1 @ c2).real)
    np.testing.assert_allclose(found[0], wanted, rtol=1e-3)  # Newton and Schulz in single precision
    labels = np.asarray(judge.labels(made), np.float64)
    np.testing.assert_allclose(found[1:3], [stats.entropy(labels.mean(0)), labels.max(-1).mean()], rtol=1e-5)
    np.testing.assert_allclose(found[3], made.var(0).sum() / 511 * 512 / (real.var(0).sum() / 299 * 300), rtol=1e-5)


@pytest.mark.parametrize("spread", [1.0, 1e-6])
def test_the_root_of_a_matrix_squares_to_it(spread, cheap_jit):
    turn = np.linalg.qr(RNG.normal(size=(12, 12)))[0]
    a = (turn * np.geomspace(spread, 1, 12)) @ turn.T
    found = np.asarray(cheap_jit(images.root)(jnp.asarray(a, jnp.float32)), np.float64)
    np.testing.assert_allclose(found, linalg.sqrtm(a), atol=100 * EPS / math.sqrt(spread))


def test_a_net_without_a_likelihood_has_no_excess():
    with pytest.raises(ValueError, match="VAE has no likelihood; measure the held-out"):
        measures.excess(VAE(), None, eight_gaussians(), KEY)


@pytest.mark.usefixtures("untyped")
def test_held_out_data_are_those_of_the_truth():
    context, symbol = eqx.filter_eval_shape(measures.held_out, NextToken([[0.2, 0.8]]), 3)
    assert context.shape == symbol.shape == (3,)
    pixels = jnp.asarray(RNG.integers(0, 17, (8, 64)), jnp.float32)
    digits = Digits(pixels[:5], pixels[5:], None)
    np.testing.assert_array_equal(measures.held_out(digits), pixels[5:])
