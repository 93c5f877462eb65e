"""Truths of neural chains: densities that sum to one and that their samples have, in single precision everywhere."""

import itertools
import sys
from functools import cache

import _oracle as oracle
import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from collapse_jax.neural.measures.points import true_histogram
from collapse_jax.neural.truth import Truth
from collapse_jax.neural.truths import (
    Digits,
    Grammar,
    HiddenMarkov,
    NextToken,
    Normals,
    Torus,
    digits,
    eight_gaussians,
    two_moons,
)

ALPHA = oracle.alpha_of(20)
EPS = float(np.finfo(np.float32).eps)
KEY = jax.random.key(3)

START, TURN = np.array([0.3, 0.7]), np.array([[0.9, 0.1], [0.4, 0.6]])
SAID = np.array([[0.5, 0.5, 0.0], [0.2, 0.3, 0.5]])
MARKOV = HiddenMarkov(START, TURN, SAID, length=4)
# s becomes s s, t s or one of two words; t becomes a word.
RULES, WORDS = np.zeros((2, 2, 2)), np.array([[0.4, 0.2], [0.1, 0.9]])
RULES[0, 0, 0], RULES[0, 1, 0] = 0.3, 0.1
GRAMMAR = Grammar(RULES, WORDS, length=4)
TRUTHS = {
    "markov": MARKOV,
    "grammar": GRAMMAR,
    "next token": NextToken([[0.2, 0.3, 0.5], [0.0, 0.9, 0.1]], [0.25, 0.75]),
    "torus": Torus.ramachandran(),
    "eight": eight_gaussians(),
    "moons": two_moons(),
}


@pytest.fixture
def run(cheap_jit):
    """A method of a truth, compiled with the truth as an argument."""

    def run(truth, method, *arguments):
        leaves, rest = eqx.partition(truth, eqx.is_array)
        static = tuple(a for a in arguments if isinstance(a, int))
        traced = tuple(a for a in arguments if not isinstance(a, int))
        return cheap_jit(lambda leaves, *a: getattr(eqx.combine(leaves, rest), method)(*a, *static))(leaves, *traced)

    return run


def every(symbols, length):
    return np.array(list(itertools.product(range(symbols), repeat=length)), np.int32)


def path_sum(x):
    """The likelihood of a sentence, path by path of hidden states."""
    total = 0.0
    for path in itertools.product(range(2), repeat=len(x)):
        steps = [TURN[a, b] for a, b in itertools.pairwise(path)]
        total += START[path[0]] * np.prod(steps) * np.prod([SAID[z, w] for z, w in zip(path, x, strict=True)])
    return total


@cache
def derived(symbol, words):
    """The probability that a symbol becomes these words, derivation by derivation."""
    total = WORDS[symbol, words[0]] if len(words) == 1 else 0.0
    for left, right in itertools.product(range(2), repeat=2):
        if p := RULES[symbol, left, right]:
            total += sum(p * derived(left, words[:k]) * derived(right, words[k:]) for k in range(1, len(words)))
    return total


def grammatical(x):
    """The probability of a padded sentence, given that it has at most four words."""
    said = tuple(int(w) for w in x if w != 2)
    whole = sum(derived(0, words) for size in range(1, 5) for words in itertools.product(range(2), repeat=size))
    padded = said and list(x) == [*said, *[2] * (4 - len(said))]
    return derived(0, said) / whole if padded else 0.0


@pytest.mark.parametrize(("truth", "right"), [(MARKOV, path_sum), (GRAMMAR, grammatical)], ids=["markov", "grammar"])
def test_a_likelihood_is_that_of_enumeration_and_sums_to_one(truth, right, run):
    sentences = every(3, 4)
    found = np.exp(np.asarray(run(truth, "log_prob", jnp.asarray(sentences)), np.float64))
    wanted = np.array([right(x) for x in sentences])
    assert abs(wanted.sum() - 1) < 1e-12
    np.testing.assert_allclose(found, wanted, rtol=100 * EPS, atol=0)  # a few dozen products, sums and logarithms
    assert abs(found.sum() - 1) < 100 * EPS


@pytest.mark.parametrize("name", ["markov", "grammar", "next token"])
def test_words_are_drawn_as_often_as_they_are_probable(name, run):
    truth, n = TRUTHS[name], 20_000
    drawn = run(truth, "sample", KEY, n)
    sizes = (3,) * 4 if name != "next token" else (2, 3)
    columns = drawn if isinstance(drawn, tuple) else tuple(np.asarray(drawn).T)
    counts = np.bincount(np.ravel_multi_index(tuple(np.asarray(c) for c in columns), sizes), minlength=np.prod(sizes))
    cells = [jnp.asarray(c, jnp.int32) for c in np.indices(sizes).reshape(len(sizes), -1)]
    log_prob = run(truth, "log_prob", tuple(cells) if isinstance(drawn, tuple) else jnp.stack(cells, -1))
    assert chi_square(counts, np.exp(np.asarray(log_prob, np.float64))) > ALPHA


def chi_square(counts, p):
    """Pearson's statistic, cells below 20 expected draws pooled; nothing may lie where nothing can."""
    n, p = counts.sum(), p / p.sum()
    assert not counts[p == 0].any()
    few = n * p < 20
    seen = np.append(counts[~few], counts[few].sum())
    expected = np.append(n * p[~few], n * p[few].sum())
    keep = expected > 0
    return stats.chisquare(seen[keep], expected[keep]).pvalue


def test_a_long_text_has_the_entropy_rate():
    """Between H(x_5 | x_1 .. x_4, z_1) and H(x_5 | x_1 .. x_4), at the stationary law."""
    stationary = np.array([0.8, 0.2])
    sums = {}
    for length in (4, 5):
        x = every(3, length)
        likelihood = np.zeros((2, len(x)))
        for z in (0, 1):
            alpha = np.eye(2)[z] * SAID[:, x[:, 0]].T
            for t in range(1, length):
                alpha = (alpha @ TURN) * SAID[:, x[:, t]].T
            likelihood[z] = alpha.sum(-1)
        sums[length] = stats.entropy(stationary @ likelihood), stationary @ stats.entropy(likelihood, axis=1)
    upper, lower = (b - a for a, b in zip(sums[4], sums[5], strict=True))
    assert lower < upper
    rate, error = HiddenMarkov(stationary, TURN, SAID).entropy_rate(symbols=40_000, texts=40, seed=1)
    z = stats.t.isf(ALPHA / 2, 39)
    assert lower - z * error < rate < upper + z * error
    assert z * error < 0.1


def test_the_default_language_has_a_marginal_of_zipf_and_known_sizes():
    language = HiddenMarkov.zipf()
    assert (language.symbols, language.length) == (32, 16)
    np.testing.assert_allclose(language.marginal, np.asarray(language.emission).mean(0), rtol=100 * EPS)
    shorter = HiddenMarkov([1.0, 0.0], [[0.0, 1.0], [1.0, 0.0]], [[1.0, 0.0], [0.0, 1.0]], length=2)
    np.testing.assert_array_equal(shorter.sample(KEY, 3), [[0, 1]] * 3)
    np.testing.assert_allclose(shorter.marginal, 0.5)


def test_english_sentences_can_be_read_and_are_possible(run):
    english = Grammar.english()
    x = run(english, "sample", KEY, 256)
    texts = english.text(x)
    assert english.symbols == 32
    assert all(2 <= len(text.split()) <= 12 for text in texts)
    assert np.all(np.isfinite(run(english, "log_prob", x)))
    late = jnp.roll(x, 1, 1).at[:, 0].set(31)  # the end comes first
    assert not np.any(np.isfinite(run(english, "log_prob", late)))


@pytest.mark.parametrize(("name", "span"), [("torus", np.pi), ("eight", 4.0), ("moons", 3.0)])
def test_a_density_integrates_to_one(name, span, run):
    """The trapezoidal rule, whose error for such densities is far below rounding."""
    line = np.linspace(-span, span, 160, endpoint=False, dtype=np.float32)
    grid = jnp.asarray(np.stack(np.meshgrid(line, line), -1).reshape(-1, 2))
    density = np.exp(np.asarray(run(TRUTHS[name], "log_prob", grid), np.float64))
    assert abs(density.sum() * (2 * span / 160) ** 2 - 1) < 100 * EPS


def test_angles_fall_into_cells_as_the_density_says(run):
    x = np.asarray(run(TRUTHS["torus"], "sample", KEY, 20_000))
    assert np.all((x >= -np.pi) & (x < np.pi))
    counts = np.histogram2d(*x.T, bins=24, range=[[-np.pi, np.pi]] * 2)[0]
    assert chi_square(counts.ravel(), np.asarray(jax.jit(true_histogram)(TRUTHS["torus"]), np.float64).ravel()) > ALPHA


@pytest.mark.parametrize("name", ["eight", "moons"])
def test_points_have_the_marginals_of_the_mixture(name, run):
    truth = TRUTHS[name]
    x = np.asarray(run(truth, "sample", KEY, 20_000))
    w, mu, sigma = (np.asarray(leaf, np.float64) for leaf in (truth.weights, truth.means, truth.spreads))
    for j in (0, 1):

        def marginal(at, j=j):
            return stats.norm.cdf(at[:, None], mu[:, j], sigma[:, j]) @ w / w.sum()

        assert stats.kstest(x[:, j], marginal).pvalue > ALPHA


@pytest.mark.parametrize("name", TRUTHS)
def test_all_is_float32_whatever_the_precision_around_it(name):
    def both(truth):
        x = truth.sample(jax.random.key(0), 5)
        return x, truth.log_prob(x)

    for wide in (False, True):
        with jax.enable_x64(wide):
            x, log_prob = eqx.filter_eval_shape(both, TRUTHS[name])
        assert {leaf.dtype.name for leaf in jax.tree.leaves(x)} <= {"float32", "int32"}
        assert {leaf.shape[0] for leaf in jax.tree.leaves(x)} == {5}
        assert (log_prob.shape, log_prob.dtype) == ((5,), np.float32)


@pytest.mark.parametrize("name", ["markov", "torus"])
def test_bits_do_not_depend_on_the_precision_around(name, run):
    narrow = run(TRUTHS[name], "sample", KEY, 7)
    with jax.enable_x64(True):
        np.testing.assert_array_equal(narrow, run(TRUTHS[name], "sample", KEY, 7))


@pytest.fixture(scope="module")
def real_digits():
    pytest.importorskip("sklearn")
    return Digits.load()


def test_images_are_real_ones_and_others_are_held_out(real_digits, run):
    drawn = np.asarray(run(real_digits, "sample", KEY, 50))
    assert drawn.dtype == np.float32
    known = {image.tobytes() for image in np.asarray(real_digits.images)}
    assert all(image.tobytes() in known for image in drawn)
    assert (len(real_digits.images), len(real_digits.held_out)) == (1297, 500)


def test_the_judge_knows_the_digits_that_it_was_fitted_on(real_digits):
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    judged = np.asarray(real_digits.judge.labels(jnp.asarray(images, jnp.float32)))
    assert judged.dtype == np.float32
    assert np.mean(judged.argmax(-1) == labels) > 0.98


def test_digits_have_no_density_and_one_has_to_be_left(real_digits):
    with pytest.raises(ValueError, match="Digits has no density; compare samples"):
        real_digits.log_prob(real_digits.images)
    assert len(Digits.load(held_out=1796).images) == 1
    with pytest.raises(ValueError, match="leave one to be drawn"):
        Digits.load(held_out=1797)


def test_without_scikit_learn_the_remedy_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    monkeypatch.setattr(digits, "_loaded", digits._loaded.__wrapped__)
    with pytest.raises(ValueError, match=r"scikit-learn, which is missing; install collapse_jax\[tables\]"):
        Digits.load()


class Silent(Truth):
    def sample(self, key, n):
        return jnp.zeros(n)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: HiddenMarkov([0.5, 0.6], TURN, SAID), "sum to 1"),
        (lambda: HiddenMarkov(START, TURN, [[1.0]]), r"give \(k,\), \(k, k\), \(k, s\)"),
        (lambda: Grammar(RULES[0], WORDS), r"give \(a, a, a\) and \(a, w\)"),
        (lambda: Grammar(RULES, WORDS / 2), "what every symbol becomes must hold"),
        (lambda: Grammar([[[1.0]]], [[0.0]]), "no sentence has at most 12 words"),
        (lambda: Grammar(RULES, WORDS, vocabulary=("a",)), "give one per column"),
        (lambda: Torus([1.0], [[0, 0]], [[2.0, 1]]), r"in \(0, 1.5\)"),
        (lambda: Normals([1.0], [0.0], 1.0), "make no mixture"),
        (lambda: Normals([1.0], [[0.0]], 0.0), "make no mixture"),
        (lambda: NextToken([[1.0]], [0.5, 0.5]), "one per row of p"),
        (lambda: Silent().log_prob(jnp.zeros(1)), "Silent has no density"),
    ],
)
def test_what_is_refused(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
