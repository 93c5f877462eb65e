"""Models of tokens and what is done to them: Markov chains, temperature, urns, contamination, editing in place."""

import hashlib
import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.families import corpus
from collapse_jax.families.tempering import sharpened
from collapse_jax.testing import check_family, check_workflow
from proofs_check.papers.bakshi2026 import theory as bakshi2026
from proofs_check.papers.benati2025 import theory as benati2025
from proofs_check.papers.kanabar2025 import theory as kanabar2025
from proofs_check.papers.kanabar2026 import theory as kanabar2026
from proofs_check.papers.marchi2024 import theory as marchi2024

pytestmark = pytest.mark.usefixtures("fast_compilation")

ALPHA = 1e-6
BIGRAM = np.array([[0.2, 0.8], [0.6, 0.4]])
WEIGHTS = np.array([0.5, 0.5])


def within(curve, exact):
    low, high = curve.band(ALPHA)
    np.testing.assert_array_less(low - 1e-12, exact)
    np.testing.assert_array_less(exact, high + 1e-12)


def _texts(n, unseen):
    """Every text of n symbols from the bigram model, with its probability and the row of each context fitted on it."""
    for first, *text in itertools.product(range(2), repeat=n + 1):
        chance, counts = WEIGHTS[first], np.zeros((2, 2))
        for context, symbol in itertools.pairwise([first, *text]):
            chance *= BIGRAM[context, symbol]
            counts[context, symbol] += 1
        visits = counts.sum(1)
        fallback = {"keep": BIGRAM, "uniform": np.full((2, 2), 0.5), "marginal": counts.sum(0) / n + 0 * BIGRAM}[unseen]
        yield chance, np.where(visits[:, None] > 0, counts / np.maximum(visits, 1)[:, None], fallback), visits / n


@pytest.mark.parametrize("unseen", ["keep", "uniform", "marginal"])
def test_a_markov_chain_has_the_law_of_all_its_texts(unseen):
    def first_row(model, truth):
        return model.p[..., 0, 0]

    run = cj.simulate(
        cj.Markov(BIGRAM, WEIGHTS, unseen=unseen), cj.Replace(3), [first_row, "sum_of_squares"], generations=1,
        chains=1 << 14, engine="literal",
    )  # fmt: skip
    texts = list(_texts(3, unseen))
    assert sum(chance for chance, *_ in texts) == pytest.approx(1)
    within(run["first_row"], sum(chance * p[0, 0] for chance, p, _ in texts))
    within(run["sum_of_squares"], sum(chance * (w @ (p**2).sum(1)) for chance, p, w in texts))


def test_one_symbol_is_one_transition():
    run = cj.simulate(
        cj.Markov(BIGRAM, unseen="keep"), cj.Replace(1), "support_size", generations=2, chains=64, engine="literal"
    )
    np.testing.assert_array_equal(run["support_size"].mean, 1)
    absorbed = cj.Markov([[0.0, 1.0], [1.0, 0.0]], unseen="keep")
    run = cj.simulate(absorbed, cj.Replace(5), "absorbed", generations=3, chains=8, engine="literal")
    np.testing.assert_array_equal(run["absorbed"].mean, 1)


def test_the_default_text_is_the_same_everywhere():
    text = corpus.zen()
    assert len(text) == 856
    digest = hashlib.sha256(" ".join(text.split()).encode()).hexdigest()
    assert digest.startswith("02b32a1f1ac9")
    model = cj.Markov.of_text(unseen="marginal")
    assert model.s == len(set(corpus.characters(text)))
    assert cj.Markov.of_text(text, unseen="marginal").p == pytest.approx(model.p)


def test_an_ngram_model_counts_ngrams_around_the_circle():
    model = cj.Markov.of("abcabd", 3, unseen="keep")
    a, b, c, d = range(4)
    row = model.p[a * 4 + b]
    assert row[c] == row[d] == 0.5
    assert model.p[d * 4 + a][b] == 1  # the end is followed by the beginning
    assert model.weights.sum() == pytest.approx(1)
    assert model.weights[a * 4 + b] == pytest.approx(2 / 6)
    text = cj.Markov.of_text("The cat; the Dog, the cat.", by="words", unseen="uniform")
    assert text.s == 3
    np.testing.assert_allclose(text.p[2], [2 / 3, 1 / 3, 0])


def test_contexts_of_two_symbols_follow_each_other():
    model = cj.Markov.of([0, 1, 2] * 5, 3, unseen="keep").broadcast((4,))
    context, symbol = model.sample(cj.random.key(0), 30)
    assert set(np.unique((symbol[:, 1:] - symbol[:, :-1]) % 3)) == {1}
    np.testing.assert_array_equal(context[:, 1:] % 3, symbol[:, :-1])


@pytest.mark.parametrize(
    ("call", "remedy"),
    [
        (lambda: cj.Markov([[0.5, 0.5]] * 3, unseen="keep"), "one per context"),
        (lambda: cj.Markov(BIGRAM, [1.0], unseen="keep"), "one per row"),
        (lambda: cj.Markov(BIGRAM, unseen="forget"), "keep, uniform, marginal"),  # pyright: ignore
        (lambda: cj.Markov.of("aaa", unseen="keep"), "at least two symbols"),
        (lambda: cj.Markov.of(range(500), 4, unseen="keep"), "smaller k"),
        (lambda: cj.Markov.of_text("a b", by="lines", unseen="keep"), "'characters' or 'words'"),  # pyright: ignore
        (lambda: cj.Tempered(cj.Replace(5), temperature=0), "T > 0"),
        (lambda: cj.Tempered(cj.Replace(5), top_p=1.5), "0 < top_p <= 1"),
        (lambda: cj.Tempered(cj.Replace(5), temperature="hot"), "is not a positive number"),  # pyright: ignore
        (lambda: cj.Tempered(cj.Replace(5)).check(cj.Gaussian(ddof=1), 2), "Bernoulli, Categorical, Contexts, Markov"),
        (lambda: cj.Urn(5, n_real=-1), "n_real=-1"),
        (lambda: cj.Contaminated(5, share=1.2), r"numbers in \[0, 1\]"),
        (lambda: cj.Contaminated(5, share=0.0, estimate="linear"), "shares > 0"),
        (lambda: cj.Contaminated(5, estimate="best"), "last, pooled, linear"),  # pyright: ignore
        (
            lambda: cj.Contaminated((1, 50), share=0.5, estimate="linear").check(cj.Bernoulli(), 2),
            "larger first sample",
        ),
        (lambda: cj.Contaminated(5, share=(1.0, 0.5)).check(cj.Bernoulli(), 3), "one per fit"),
        (lambda: cj.Edited(5, rate=(0.5,)).check(cj.Bernoulli(), 3), "one per fit"),
        (lambda: cj.Edited((5, 6)).check(cj.Bernoulli(), 2), "one number"),
        (lambda: laws.selection.transition(3, lambda x: 2 * x), "one probability per frequency"),
        (lambda: laws.selection.tempered(0.5, 0), "temperature > 0"),
        (lambda: laws.urn.distributions([0.5, 0.6], 1, 0, 0.5, lambda x: x, 2), "sum to 1"),
    ],
)
@pytest.mark.usefixtures("untyped")
def test_what_is_not_defined_is_refused(call, remedy):
    with pytest.raises(ValueError, match=remedy):
        call()


FAMILIES = [cj.Markov(BIGRAM, unseen="marginal"), cj.Markov.of("abcabdacb", 3, unseen="keep")]
WORKFLOWS = [
    cj.Urn(3, n_real=2, first=5),
    cj.Contaminated(12, share=0.4, estimate="linear"),
    cj.Edited(10, rate=0.3),
]


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES, ids=["bigram", "trigram"])
def test_families_hold_together(family):
    check_family(family, chains=256).require()


@pytest.mark.slow
@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: repr(workflow)[:40])
def test_workflows_hold_together(workflow):
    check_workflow(workflow, chains=1024).require()


@pytest.mark.slow
def test_temperature_and_nucleus():
    p = jnp.array([0.5, 0.3, 0.2, 0.0])
    np.testing.assert_allclose(sharpened(p, 1, 1), p)
    np.testing.assert_allclose(sharpened(p, 0.5, 1), np.array([25, 9, 4, 0]) / 38, rtol=1e-6)
    np.testing.assert_allclose(sharpened(p, 1.0, 0.7), [0.625, 0.375, 0, 0], rtol=1e-6)
    np.testing.assert_allclose(sharpened(p, 1.0, 1e-9), [1, 0, 0, 0])
    np.testing.assert_allclose(sharpened(p, 1e-3, 1), [1, 0, 0, 0])
    np.testing.assert_allclose(sharpened(p, 1e6, 1), [1 / 3, 1 / 3, 1 / 3, 0], rtol=1e-4)
    np.testing.assert_allclose(sharpened(jnp.full(4, 0.25), 1, 0.5), [0.5, 0.5, 0, 0])  # ties in order
    slope = jax.grad(lambda T: sharpened(p[:3], T, 1)[0])(1.0)
    assert float(slope) == pytest.approx(0.5 * (float(p[:3] @ jnp.log(p[:3])) - np.log(0.5)), rel=1e-5)


@pytest.mark.parametrize("family", [cj.Bernoulli(0.3), cj.Categorical((0.3, 0.7)), cj.Categorical((0.3, 0.7), sampler="index")],
                         ids=["coin", "counts", "index"])  # fmt: skip
def test_replacement_at_a_temperature_has_its_exact_law(family):
    run = cj.simulate(
        family, cj.Tempered(cj.Replace(8), temperature=0.6), "sum_of_squares", generations=4, chains=1 << 13
    )
    exact = [
        laws.selection.expectation(lambda x: x**2 + (1 - x) ** 2, 0.3, 8, t, lambda x: laws.selection.tempered(x, 0.6))
        for t in range(1, 5)
    ]
    within(run["sum_of_squares"], np.array(exact))


@pytest.mark.grid
def test_an_urn_at_a_temperature_has_its_exact_law_in_both_engines():
    from scipy.stats import binom

    start = binom.pmf(range(6), 5, 0.3)
    exact = laws.urn.distributions(start, 2, 1, 0.3, lambda x: laws.selection.tempered(x, 0.5), 6)
    for engine in ("exact", "literal"):
        urn = cj.Tempered(cj.Urn(2, n_real=1, first=5), temperature=0.5)
        run = cj.simulate(cj.Bernoulli(0.3), urn, "sum_of_squares", generations=6, chains=1 << 13, engine=engine)
        within(run["sum_of_squares"], laws.urn.expectation(lambda x: x**2 + (1 - x) ** 2, exact))


def test_an_urn_without_real_data_accumulates():
    urn, accumulate = (laws.pedigree.of(workflow, 5) for workflow in (cj.Urn(4, first=4), cj.Accumulate(4)))
    np.testing.assert_array_equal(urn.weights, accumulate.weights)
    np.testing.assert_array_equal(urn.source, accumulate.source)
    assert marchi2024.polya_squares(1, 5, 0.4) == pytest.approx(1 - 0.6 * 0.8)


def test_laws_meet():
    drift = laws.drift.distribution(0.3, 9, 4)
    np.testing.assert_allclose(laws.selection.distribution(0.3, 9, 4, lambda x: x), drift, atol=1e-15)
    last = laws.urn.distributions([0, 1, 0], 1, 0, 0.5, lambda x: x, 30)[-1]
    np.testing.assert_allclose(last[1:-1], 1 / 30, atol=1e-15)  # Polya's urn from one of each is uniform
    mixed = laws.urn.distributions([0, 1, 0], 3, 2, 0.5, lambda x: laws.selection.tempered(x, 2), 10)
    assert [law.sum() for law in mixed] == pytest.approx([1] * 10)
    for T, s in ((0.5, 2), (0.8, 2)):
        assert marchi2024.saddle_node(T, s)[0] == pytest.approx(1 - T, abs=1e-6)
    assert len(marchi2024.fixed_points(0.5, 5, 0.52)) == 2  # one stable, one not, besides the uniform law
    assert marchi2024.fixed_points(0.5, 5, 0.6) == []


def test_golden_numbers():
    """Recorded elsewhere: simulations and recursions of the dossiers."""
    for value, golden, digits in [
        (bakshi2026.error(31, 50, 0.3, 0.3), 0.02693344, 8),
        (kanabar2025.linear(11, 100, 0.5, 0.3), 0.00199808, 8),
        (kanabar2025.linear(31, 100, 0.2, 0.3), 0.00317443, 8),
        (kanabar2025.pooled(31, 100, 0.3, 0.3), 0.00244633, 8),
        (marchi2024.polya_squares(3001, 10, 1 - 0.62 / 0.9), 0.43618, 5),
        (benati2025.mean(1000, (0.4, 0.3, 0.2, 0.1)), 264.7, 1),
        (kanabar2026.bec_chi2(0.2, 0.1), 3.6, 12),
    ]:
        assert round(value, digits) == pytest.approx(golden, abs=0.51 * 10**-digits)


def test_editing_everything_is_replacement_and_nothing_is_no_change():
    for rate, metric in ((1.0, "sum_of_squares"), (0.0, "sum_of_squares")):
        run = cj.simulate(cj.Categorical(), cj.Edited(10, rate=rate), metric, generations=4, chains=1 << 12)
        if rate:
            within(run[metric], np.array([1 - 0.62 * 0.9**t for t in range(1, 5)]))
        else:
            assert len(set(run[metric].mean.tolist())) == 1


@pytest.mark.slow
def test_hyper_parameters_are_traced_and_batched():
    def variance(T):
        workflow = cj.Tempered(cj.Replace(3), temperature=T)
        return cj.trajectories(cj.random.key(1), cj.Bernoulli(), workflow, ["variance"], generations=2, chains=8)[0]

    both = jax.jit(jax.vmap(variance))(jnp.array([0.5, 1.0]))
    assert both.shape == (2, 2, 8)
    np.testing.assert_array_equal(both[0, 0], both[1, 0])  # the first fit is on real data
