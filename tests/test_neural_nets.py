"""Nets of neural chains: exact laws where there are any, finite losses and gradients, single precision everywhere."""

import itertools
import math

import _oracle as oracle
import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from scipy import stats

from collapse_jax.neural.nets import (
    VAE,
    Autoregressive,
    Diffusion,
    Flow,
    LinearDenoiser,
    Recurrent,
    Softmax,
    Transformer,
)
from collapse_jax.neural.nets.autoregressive import _mixture
from collapse_jax.neural.nets.diffusion import _wrapped_score

ALPHA = oracle.alpha_of(20)
EPS = float(np.finfo(np.float32).eps)
KEY = jax.random.key(5)
QUICK = jax.random.key(5, impl="unsafe_rbg")  # of which XLA makes a program in a tenth of the time
RNG = np.random.default_rng(0)
SYMBOLS, LENGTH, DRAWS = 3, 3, 3000
SENTENCES = jnp.asarray(list(itertools.product(range(SYMBOLS), repeat=LENGTH)), jnp.int32)
POINTS = jnp.asarray(RNG.normal(size=(8, 2)), jnp.float32)
WORDS = jnp.asarray(RNG.integers(0, SYMBOLS, (8, LENGTH)), jnp.int32)
PIXELS = jnp.asarray(RNG.integers(0, 17, (8, 64)), jnp.float32)
SMALL = {"symbols": SYMBOLS, "length": LENGTH, "temperature": 0.7}
NETS = {
    "recurrent": (Recurrent(**SMALL, width=5, embedding=4), WORDS),
    "transformer": (Transformer(**SMALL, width=4, layers=2), WORDS),
    "vae": (VAE(width=6, code=2), PIXELS),
    "points": (Diffusion(width=6, steps=5), POINTS),
    "angles": (Diffusion(width=6, steps=5, space="torus", sampler="flow"), POINTS),
    "flow": (Flow(width=6, couplings=3), POINTS),
    "autoregressive": (Autoregressive(width=6, components=2), POINTS),
    "softmax": (Softmax(2, SYMBOLS), (WORDS[:, 0] % 2, WORDS[:, 1])),
    "denoiser": (LinearDenoiser(), POINTS),
}


def once(network, batch, key, n=4):
    """Everything that a network does: fresh weights, a loss, its gradient, a sample."""
    first, second, third = jax.random.split(key, 3)
    net = network.init(first)
    loss, gradient = jax.value_and_grad(network.loss)(net, batch, second)
    return net, loss, gradient, network.sample(net, third, n)


def weights(network, scale=0.5):
    """Weights of the right shapes, which nothing has to be compiled for."""
    shapes = eqx.filter_eval_shape(network.init, KEY)
    generator = np.random.default_rng(1)
    return jax.tree.map(lambda leaf: jnp.asarray(scale * generator.normal(size=leaf.shape), leaf.dtype), shapes)


def quick(*names):
    """All nets, of which others than these take too long to compile for every run of the suite."""
    return [pytest.param(name, marks=[pytest.mark.slow] * (name not in names)) for name in NETS]


@pytest.fixture
def run(cheap_jit):
    return lambda f, *a: cheap_jit(f)(*a)


@pytest.mark.parametrize("name", quick(*{*NETS} - {"transformer", "angles"}))
def test_losses_gradients_and_samples_are_finite(name, run):
    network, batch = NETS[name]

    def all_but_fresh(net, key):
        return jax.value_and_grad(network.loss)(net, batch, key), network.sample(net, key, 4)

    net = weights(network)
    (loss, gradient), sample = result = run(all_but_fresh, net, QUICK)
    assert all(np.all(np.isfinite(leaf)) for leaf in jax.tree.leaves(result))
    assert (loss.shape, loss.dtype) == ((), np.float32)
    assert jax.tree.map(jnp.shape, gradient) == jax.tree.map(jnp.shape, net)
    shapes = [(leaf.shape, leaf.dtype) for leaf in jax.tree.leaves(sample)]
    assert shapes == [((4, *leaf.shape[1:]), leaf.dtype) for leaf in jax.tree.leaves(batch)]


def chains(network, batch, keys):
    return jax.vmap(lambda key: once(network, batch, key))(keys)


@pytest.mark.parametrize("name", quick("denoiser"))
def test_chains_have_samples_of_their_own_whatever_the_precision_around(name, run):
    """Chains with the same key are the same, up to the order of a vectorised sum; and so are runs, to the last bit."""
    network, batch = NETS[name]
    keys = jnp.stack([KEY, jax.random.key(6), KEY])
    narrow = run(lambda keys: chains(network, batch, keys), keys)
    with jax.enable_x64(True):
        wide = run(lambda keys: chains(network, batch, keys), keys)
    for a, b in zip(jax.tree.leaves(narrow), jax.tree.leaves(wide), strict=True):
        np.testing.assert_array_equal(a, b)
        np.testing.assert_allclose(a[0], a[2], rtol=100 * EPS, atol=100 * EPS)
    assert any(np.any(leaf[0] != leaf[1]) for leaf in jax.tree.leaves(narrow[3]))


@pytest.mark.parametrize("name", NETS)
def test_all_is_float32_where_all_around_is_float64(name):
    network, batch = NETS[name]
    with jax.enable_x64(True):
        made = net, *_, sample = jax.eval_shape(lambda keys: chains(network, batch, keys), jnp.stack([KEY] * 3))
    assert {leaf.dtype.name for leaf in jax.tree.leaves(made[:3])} == {"float32"}
    assert [leaf.dtype for leaf in jax.tree.leaves(sample)] == [leaf.dtype for leaf in jax.tree.leaves(batch)]
    assert {leaf.shape[0] for leaf in jax.tree.leaves(made)} == {3}
    assert jax.tree.structure(net) == jax.tree.structure(made[2])


@pytest.mark.parametrize("name", ["recurrent", "transformer", "softmax"])
def test_probabilities_sum_to_one_and_are_those_of_the_sample(name, run):
    network, _ = NETS[name]
    net = weights(network)
    cells = SENTENCES if name != "softmax" else tuple(jnp.indices((2, SYMBOLS), jnp.int32).reshape(2, -1))
    log_prob, drawn = run(lambda net, key: (network.log_prob(net, cells), network.sample(net, key, DRAWS)), net, QUICK)
    p = np.exp(np.asarray(log_prob, np.float64))
    assert abs(p.sum() - 1) < 100 * EPS
    columns = [np.asarray(part) for part in (drawn if isinstance(drawn, tuple) else drawn.T)]
    sizes = (SYMBOLS,) * LENGTH if name != "softmax" else (2, SYMBOLS)
    counts = np.bincount(np.ravel_multi_index(columns, sizes), minlength=len(p))
    few = DRAWS * p < 20
    seen, expected = (np.append(it[~few], it[few].sum()) for it in (counts, DRAWS * p / p.sum()))
    keep = expected > 0
    assert stats.chisquare(seen[keep], expected[keep]).pvalue > ALPHA


def test_temperature_is_a_leaf_that_training_does_not_see(cheap_jit):
    network = Transformer(symbols=SYMBOLS, length=LENGTH, width=4)
    net, traced = weights(network), []

    @cheap_jit
    def both(network, net):
        traced.append(network)
        return network.loss(net, WORDS, KEY), network.log_prob(net, WORDS)

    found = [both(eqx.tree_at(lambda it: it.temperature, network, jnp.float32(t)), net) for t in (1.0, 0.5)]
    assert len(traced) == 1
    assert found[0][0] == found[1][0]
    np.testing.assert_allclose(found[0][0], -found[0][1].mean(), rtol=100 * EPS)
    assert np.all(found[0][1] != found[1][1])


@pytest.mark.parametrize("name", ["flow", "autoregressive"])
def test_a_density_integrates_to_one(name, run):
    network, _ = NETS[name]
    line = np.linspace(-12, 12, 160, endpoint=False, dtype=np.float32)
    grid = jnp.asarray(np.stack(np.meshgrid(line, line), -1).reshape(-1, 2))
    density = np.exp(np.asarray(run(network.log_prob, weights(network, 0.3), grid), np.float64))
    assert abs(density.sum() * (24 / 160) ** 2 - 1) < 1e-4  # the trapezoidal rule; nothing to speak of lies beyond


def test_a_flow_is_inverted_and_has_the_density_of_its_jacobian(run):
    network = Flow(event=4, couplings=3, width=6)
    net = weights(network)

    def both(key):
        x = network.sample(net, key, 5)
        z = jax.random.normal(key, (5, 4), jnp.float32)

        def push(z):
            return _push(network, net, z)

        return x, jax.vmap(push)(z), network.log_prob(net, x), z, jax.vmap(jax.jacfwd(push))(z)

    x, again, log_prob, z, jacobian = (np.asarray(it, np.float64) for it in run(both, QUICK))
    np.testing.assert_allclose(x, again, rtol=1000 * EPS, atol=1000 * EPS)
    wanted = stats.norm.logpdf(z).sum(-1) - np.linalg.slogdet(jacobian)[1]
    np.testing.assert_allclose(log_prob, wanted, rtol=1000 * EPS)


def _push(network, net, z):
    """One point, coupling by coupling."""
    a, b = jnp.split(z, 2)
    for i in range(network.couplings):
        stretch, shift = jnp.split(jax.tree.map(lambda leaf, i=i: leaf[i], net)(a), 2)
        a, b = b * jnp.exp(2 * jnp.tanh(stretch / 2)) + shift, a
    return jnp.concatenate([a, b])


def test_an_autoregressive_sample_has_the_density(run):
    """The conditional distribution functions of the mixtures (Rosenblatt), worked out by SciPy, make it uniform."""
    network, _ = NETS["autoregressive"]
    net = weights(network)

    def both(key):
        x = network.sample(net, key, 2000)
        return x, [_mixture(part, x[:, :j]) for j, part in enumerate(net.parts)]

    x, mixtures = run(both, QUICK)
    for j, mixture in enumerate(mixtures):
        logits, mean, log_spread = (np.asarray(it, np.float64) for it in mixture)
        share = np.exp(logits - logits.max(-1, keepdims=True))
        below = stats.norm.cdf(np.asarray(x)[:, j, None], mean, np.exp(log_spread))
        assert stats.kstest((share * below).sum(-1) / share.sum(-1), "uniform").pvalue > ALPHA


def test_a_decoder_that_ignores_its_code_has_the_binomial_likelihood(run):
    network = VAE(width=6, code=2)
    net = weights(network, 0.0)
    loss, sample = run(lambda key: (network.loss(net, PIXELS, key), network.sample(net, key, 60)), QUICK)
    wanted = -stats.binom.logpmf(PIXELS, 16, 0.5).sum(-1).mean()
    np.testing.assert_allclose(loss, wanted, rtol=1000 * EPS)
    counts = np.bincount(np.asarray(sample, int).ravel(), minlength=17)
    p = stats.binom.pmf(np.arange(17), 16, 0.5)
    few = sample.size * p < 20
    seen, expected = (np.append(it[~few], it[few].sum()) for it in (counts, sample.size * p))
    assert stats.chisquare(seen, expected).pvalue > ALPHA


def test_the_score_of_a_wrapped_normal_is_the_derivative_of_its_density(run):
    sigma, turns = 0.9, 2 * math.pi * jnp.arange(-8, 9, dtype=jnp.float32)
    angle = jnp.asarray(np.linspace(-7, 7, 29), jnp.float32)

    def log_density(y):
        return jax.nn.logsumexp(-0.5 * ((y + turns) / sigma) ** 2)

    wanted, found = run(
        lambda y: (jax.vmap(jax.grad(log_density))(y), _wrapped_score(y, jnp.full_like(y, sigma))), angle
    )
    np.testing.assert_allclose(found, wanted, atol=100 * EPS)


class NormalScore(eqx.Module):
    r"""What a perfect net would say of data with a standard normal law: $-\sigma / \sqrt{1 + \sigma^2}$ of what it sees."""

    least: float
    most: float

    def __call__(self, y):
        u = jnp.arctan2(y[:, 3:4], y[:, 2:3]) * 2 / math.pi
        sigma = self.least * (self.most / self.least) ** u
        return -sigma / jnp.sqrt(1 + sigma**2) * y[:, :2]


@pytest.mark.parametrize("sampler", ["ancestral", "flow"])
@pytest.mark.usefixtures("untyped")
def test_with_the_right_score_samplers_have_the_variance_of_their_steps(sampler, run):
    """All is linear and normal, so that the variance after every step is known; it ends near 1."""
    network = Diffusion(sampler=sampler, most=20.0, steps=100)
    x = np.asarray(run(lambda key: network.sample(NormalScore(0.06, 20.0), key, 4000), QUICK), np.float64)
    levels = 0.06 * (20.0 / 0.06) ** np.linspace(1, 0, 101)
    variance = 20.0**2
    for sigma, left in itertools.pairwise(levels):
        gone = sigma**2 - left**2
        if sampler == "flow":
            variance *= (1 - (sigma - left) * sigma / (1 + sigma**2)) ** 2
        else:
            variance = variance * (1 - gone / (1 + sigma**2)) ** 2 + gone * (left / sigma) ** 2
    variance *= (1 - 0.06**2 / (1 + 0.06**2)) ** 2
    assert abs(variance - 1) < 0.1
    p = stats.chi2.cdf(np.sum(x**2) / variance, x.size)
    assert ALPHA < p < 1 - ALPHA


def test_the_softmax_net_is_trained_to_the_frequencies_of_each_context(run):
    """Equation (2) of Seddik et al.: the optimum is an empirical law, and gradient descent finds it."""
    network = Softmax(contexts=2, symbols=3)
    counts = np.array([[5, 3, 2], [1, 4, 5]])
    pairs = tuple(jnp.asarray(np.repeat(it.ravel(), counts.ravel()), jnp.int32) for it in np.indices((2, 3)))
    wanted = counts / counts.sum(1, keepdims=True)
    at_optimum = eqx.tree_at(lambda net: net.logits, weights(network), jnp.log(jnp.asarray(wanted, jnp.float32)))
    assert np.abs(jax.grad(network.loss)(at_optimum, pairs, KEY).logits).max() < 10 * EPS
    optimiser = optax.adam(optax.cosine_decay_schedule(0.3, 300))

    def descend(carry, _):
        net, state = carry
        update, state = optimiser.update(jax.grad(network.loss)(net, pairs, KEY), state)
        return (optax.apply_updates(net, update), state), None

    def train():
        net = weights(network, 0.0)
        return jax.lax.scan(descend, (net, optimiser.init(net)), None, 300)[0][0]

    np.testing.assert_allclose(jax.nn.softmax(run(train).logits), wanted, atol=1e-4)


def test_the_denoiser_has_the_map_of_linear_autoencoders(run):
    """zhu2024.dae: a direction of variance s becomes s^2 / (s + sigma^2), from the optimum of the loss."""
    network = LinearDenoiser(sigma2=0.5)
    s = jnp.mean(POINTS**2, 0)
    net = eqx.tree_at(lambda net: net.w, weights(network), s / (s + 0.5))
    assert np.abs(jax.grad(network.loss)(net, POINTS, KEY).w).max() < 10 * EPS
    x = np.asarray(run(lambda key: network.sample(net, key, 4000), QUICK), np.float64)
    p = stats.chi2.cdf(np.sum(x**2, 0) / np.asarray(s**2 / (s + 0.5), np.float64), len(x))
    assert np.all((p > ALPHA) & (p < 1 - ALPHA))


@pytest.mark.parametrize(
    ("network", "size"),
    [
        (Recurrent(), 6320),
        (Transformer(), 11_040),
        (VAE(), 9936),
        (Diffusion(), 9026),
        (Diffusion(space="torus"), 9410),
        (Flow(), 9488),
        (Autoregressive(), 3824),
    ],
)
def test_default_nets_have_so_many_weights(network, size):
    leaves = jax.tree.leaves(eqx.filter_eval_shape(network.init, KEY))
    assert sum(leaf.size for leaf in leaves) == size


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: Transformer(width=5), "width=5 is no multiple of heads=2"),
        (lambda: Flow(event=3), "use an even number"),
    ],
)
def test_what_is_refused(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


@pytest.mark.usefixtures("untyped")
@pytest.mark.parametrize("field", ["space", "sampler"])
def test_unknown_words_are_refused(field):
    with pytest.raises(ValueError, match=f"{field}='line' is unknown; use one of"):
        Diffusion(**{field: "line"})
