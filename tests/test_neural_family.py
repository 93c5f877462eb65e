"""Nets as a family, and how a fit is done."""

from functools import partial

import _tiny_net as tiny
import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import collapse_jax as cj
from collapse_jax.data import Samples
from collapse_jax.neural import NeuralFamily, Probe, Training

KEY = jax.random.key(1)


def rows(chains=2, n=12):
    return tiny.family().broadcast((chains,)).samples(KEY, n)


@partial(jax.jit, compiler_options={"xla_backend_optimization_level": 0})
def learn(model, data):
    return model.learn(KEY, data)


@partial(jax.jit, compiler_options={"xla_backend_optimization_level": 0})
def refit(model, data):
    return model.fit(data)


@pytest.mark.wide
def test_unfitted_it_is_the_truth_and_fitted_a_net_per_chain():
    truth = tiny.family().broadcast((3,))
    assert (truth.batch_shape, truth.is_fitted, truth.size) == ((3,), False, 12)
    data = truth.samples(KEY, 6)
    assert (data.values.shape, data.values.dtype) == ((3, 6), jnp.float32)
    model = learn(truth, data)
    assert (model.weights.shape, model.loss.shape, model.is_fitted) == ((3, 12), (3,), True)
    assert np.unique(np.asarray(model.weights), axis=0).shape == (3, 12)
    assert model.sample(KEY, 5).shape == (3, 5)


def test_a_vector_of_weights_is_the_net():
    family = tiny.family()
    net = tiny.Weights(*(jnp.arange(4 * i, 4 * i + 4, dtype=jnp.float32) for i in range(3)))
    assert eqx.tree_equal(family.fitted(np.arange(12, dtype=np.float32)).net, net)


@pytest.mark.wide
def test_precision_around_a_net_does_not_matter():
    data, found = rows(), []
    for double in (False, True):
        with jax.enable_x64(double):
            model = learn(tiny.family().broadcast((2,)), data)
            found.append((np.asarray(model.weights), np.asarray(model.sample(KEY, 4))))
    for one, other in zip(*found, strict=True):
        assert one.dtype == other.dtype == np.float32
        np.testing.assert_array_equal(one, other)


@pytest.mark.wide
def test_rows_that_are_not_there_and_room_do_not_matter():
    data = rows()
    holes = Samples(jnp.full((2, 4), jnp.nan), jnp.zeros(4, bool), jnp.int32(4), 1)
    truth = tiny.family(stopping=0.25, every=5).broadcast((2,))
    plain = learn(truth, data)
    np.testing.assert_array_equal(plain.weights, learn(truth, data + holes).weights)
    np.testing.assert_array_equal(plain.weights, learn(truth, holes + data).weights)
    assert np.all(np.isfinite(plain.weights))


def test_fit_has_one_key_of_its_own():
    truth, data = tiny.family().broadcast((2,)), rows()
    np.testing.assert_array_equal(refit(truth, data).weights, refit(truth, data).weights)
    assert not np.array_equal(refit(truth, data).weights, learn(truth, data).weights)


@pytest.mark.wide
def test_passes_are_steps_over_the_rows_present():
    training = Training(passes=3.0, batch=8)
    assert [int(training.lasts(jnp.int32(n))) for n in (8, 9, 16)] == [3, 4, 6]
    by_steps = learn(tiny.family(steps=6).broadcast((2,)), rows(n=16))
    by_passes = learn(tiny.family(steps=None, passes=3.0).broadcast((2,)), rows(n=16))
    np.testing.assert_array_equal(by_steps.weights, by_passes.weights)


def test_the_rate_warms_up_and_falls_to_0():
    training = Training(steps=100, rate=0.5, warmup=10)
    rate = np.array([training.rate_at(jnp.int32(i), jnp.int32(100)) for i in (0, 9, 50, 99)])
    exact = 0.5 * np.array([0.1, 1, 1, 1]) * 0.5 * (1 + np.cos(np.pi * np.array([0, 9, 50, 99]) / 100))
    np.testing.assert_allclose(rate, exact, atol=4 * np.finfo(np.float32).eps)
    assert float(Training(steps=100, rate=0.5, decay=False).rate_at(jnp.int32(99), jnp.int32(100))) == 0.5


def test_training_descends_to_the_least_squares_of_a_line():
    """Plain gradient steps on a batch of one row, again and again: x' = x - eta (x - 3), which is known."""
    training = Training(optax.sgd, rate=0.5, steps=4, batch=1, decay=False, warmup=1)
    rows = training_rows(jnp.full((1,), 3.0))
    weights, loss = training.run(lambda w, batch, key: jnp.sum((w - batch[0]) ** 2) / 2, jnp.zeros(1), rows, KEY)
    assert float(weights[0]) == 3 * (1 - 0.5**4)
    assert float(loss) == (3 * 0.5**3) ** 2 / 2  # of the last step, before it


def training_rows(values):
    from collapse_jax.neural.training import Rows

    return Rows.of(values, jnp.ones(len(values), bool))


def test_early_stopping_keeps_the_best_weights():
    """The loss on held-out rows rises with |w|, and training only moves away: the weights at the first look are kept."""
    training = Training(
        optax.sgd, rate=1.0, steps=1000, batch=2, decay=False, warmup=1, stopping=0.5, patience=2, every=3
    )
    looked = training.run(lambda w, batch, key: jnp.sum(jnp.abs(w)) - 2 * jnp.sum(w * (batch[0] == batch[0])),
                          jnp.zeros(1), training_rows(jnp.arange(4.0)), KEY)  # fmt: skip
    assert np.isfinite(looked[1])
    held, rest = training_rows(jnp.arange(10.0)).split(KEY, jnp.float32(0.3))
    assert (int(held.number), int(rest.number)) == (3, 7)
    both = np.concatenate([held.take(jnp.arange(3)), rest.take(jnp.arange(7))])
    assert sorted(both) == list(range(10))


def test_the_previous_weights_are_where_training_starts():
    data = rows()
    scratch, previous = (tiny.family(start=start, steps=1, rate=1e-7) for start in ("scratch", "previous"))
    first = learn(scratch.broadcast((2,)), data)
    np.testing.assert_array_equal(first.weights, learn(previous.broadcast((2,)), data).weights)
    again = learn(previous.replace(weights=first.weights + 5, loss=first.loss), data)
    # A step of Adam is at most the rate, 1e-7, which rounding of numbers below 8 hides.
    np.testing.assert_allclose(again.weights, first.weights + 5, rtol=0, atol=2 * np.spacing(np.float32(7)))
    assert np.max(np.abs(learn(first, data).weights - first.weights)) < 1e-5


@pytest.mark.usefixtures("untyped")
@pytest.mark.parametrize(
    ("options", "remedy"),
    [
        ({}, "give exactly one, steps=160 or passes=20"),
        ({"steps": 3, "passes": 1.0}, "give exactly one"),
        ({"steps": 0}, "steps=.*use a whole number >= 1"),
        ({"steps": 2.5}, "2.5 is no number of steps"),
        ({"passes": -1.0}, "passes=.*use a number > 0"),
        ({"steps": 3, "rate": 0.0}, "rate=.*use a number > 0"),
        ({"steps": 3, "batch": 0}, "batch=0 is no number of rows"),
        ({"steps": 3, "start": "warm"}, "use 'scratch' or 'previous'"),
        ({"steps": 3, "stopping": 1.0}, r"stopping=.*use a share of the rows in \(0, 1\)"),
        ({"steps": 3, "optimiser": optax.adam(1e-3)}, "no function of the learning rate; use optax.adam"),
    ],
)
def test_a_training_that_is_none_is_refused(options, remedy):
    with pytest.raises(ValueError, match=remedy):
        Training(**options)


@pytest.mark.usefixtures("untyped")
def test_errors_of_a_family_name_the_remedy():
    family, metric = tiny.family(), tiny.PROBE.metric("loss")
    with pytest.raises(ValueError, match="use engine='literal'"):
        cj.simulate(family, cj.Replace(5), metric, generations=1, chains=2, dtype="float32")
    with pytest.raises(ValueError, match="pool their data instead"):
        family.blend(family, 0.5)
    with pytest.raises(ValueError, match="RandomPool would copy the weights"):
        family.replace(weights=jnp.zeros((2, 3, 12))).sample(KEY, 1)
    with pytest.raises(ValueError, match="stopping=None"):
        tiny.family(stopping=0.5).check((1,), "literal")
    with pytest.raises(ValueError, match="is no Network; subclass collapse_jax.neural.Network"):
        NeuralFamily(tiny.Two(), tiny.Two(), Training(steps=1))
    with pytest.raises(ValueError, match="the probe has loss, variance"):
        tiny.PROBE.metric("kl")
    with pytest.raises(ValueError, match="give different names"):
        Probe(("a", "a"), tiny.measure)


def test_a_probe_of_separate_measures():
    probe = Probe.of(first=first_weight, size=number_of_weights)
    model = tiny.family().replace(weights=jnp.arange(24.0).reshape(2, 12), loss=jnp.zeros(2))
    np.testing.assert_array_equal(probe.values(model, KEY), [[0, 12], [4, 4]])


def first_weight(network, net, truth, key):
    return net.means[0]


def number_of_weights(network, net, truth, key):
    return jnp.float32(network.parts)
