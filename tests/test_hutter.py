"""Hutter's memory: sums without end against plain ones, ancestors against balls in boxes, constants and closed forms."""

import math

import flint
import jax
import jax.numpy as jnp
import numpy as np
import pytest
import sympy
from scipy.special import zeta
from scipy.stats import binom

import collapse_jax as cj
from collapse_jax import testing
from collapse_jax.laws import coalescent, hutter
from proofs_check.papers.dohmatob2024tails import theory
from proofs_check.papers.dohmatob2024tails.workflows import Shown

pytestmark = pytest.mark.usefixtures("fast_compilation")

MANY = 200_000
LAWS = {
    "whole": lambda b: hutter.zipf(b),
    "cut": lambda b: hutter.cut(b, 7),
    "cut late": lambda b: hutter.cut(b, 5000),
    "mixed": lambda b: hutter.mixed(b, 30, 0.1),
    "narrowed": lambda b: hutter.narrowed(b + 0.7),
}


def probabilities(pieces, i):
    q = np.zeros(len(i))
    for piece in pieces:
        inside = (i >= piece.first) & (i <= piece.last)
        q[inside] = piece.scale * i[inside] ** -piece.gamma
    return q


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("beta", [1.3, 2.0, 3.5])
def test_an_unseen_mass_is_the_plain_sum(law, beta):
    """The plain sum ends at 200,000 tokens; of the rest (1 - q)^T is between 1 - T q and 1."""
    i, pieces = np.arange(1, MANY + 1.0), LAWS[law](beta)
    p, q = i**-beta / zeta(beta), probabilities(pieces, i)
    tail = float(zeta(beta, MANY + 1) / zeta(beta))
    for T in (0, 1, 10, 300):
        plain = float(p @ (1 - np.minimum(q, 1)) ** T)
        found = hutter.unseen(float(T), beta, pieces)
        assert plain + tail * (1 - T * q[-1]) - 1e-12 <= found <= plain + tail + 1e-12
    np.testing.assert_allclose(hutter.unseen(np.array([[1.0], [10.0]]), beta, pieces)[1, 0],
                               hutter.unseen(10.0, beta, pieces), rtol=1e-14)  # fmt: skip


def test_probabilities_of_the_laws_sum_to_one():
    for law in LAWS.values():
        assert sum(
            piece.scale * float(zeta(piece.gamma, piece.first) - (zeta(piece.gamma, piece.last + 1) if piece.last < math.inf else 0))
            for piece in law(1.8)
        ) == pytest.approx(1, abs=1e-12)  # fmt: skip


def test_the_vocabulary_grows_by_what_was_unseen():
    for beta in (1.2, 2.0):
        grown = np.cumsum(hutter.unseen(np.arange(200.0), beta))
        for T in (1, 50, 200):
            assert hutter.distinct(T, beta) == pytest.approx(grown[T - 1], rel=1e-11)
    assert hutter.distinct(0, 2.0) == 0


@pytest.mark.parametrize(("T", "T_0"), [(1, 1), (3, 5), (5, 5), (9, 4)])
def test_ancestors_are_balls_in_boxes(T, T_0):
    laws = hutter.ancestors(T, T_0, 3)
    assert laws.sum(1) == pytest.approx(np.ones(4), abs=1e-14)
    one = np.zeros(max(T, T_0) + 1)
    for hit in range(1, min(T, T_0) + 1):  # surjections of T balls on `hit` boxes, times the choice of boxes
        onto = sum((-1) ** j * math.comb(hit, j) * (hit - j) ** T for j in range(hit + 1))
        one[hit] = math.comb(T_0, hit) * onto / T_0**T
    np.testing.assert_allclose(laws[1], one, atol=1e-13)
    again = laws[1][: T_0 + 1] @ coalescent.occupancy(T_0)
    np.testing.assert_allclose(laws[2][: T_0 + 1], again, atol=1e-14)


def test_retold_tokens_are_forgotten_in_the_end():
    curve = hutter.retold(20, 10, 200, 2.0)
    assert np.all(np.diff(curve) > 0)
    assert curve[0] == hutter.unseen(20.0, 2.0)
    assert curve[-1] == pytest.approx(1 - float(zeta(4.0) / zeta(2.0) ** 2), rel=1e-8)
    np.testing.assert_allclose(hutter.retold(300, 300, 12, 2.0)[[0, 1, 2, 4, 8, 12]],
                               [0.0398, 0.0501, 0.0581, 0.0711, 0.0911, 0.1070], atol=5.1e-5)  # fmt: skip


def test_a_distance_is_the_sum_of_mean_deviations():
    i = np.arange(1, MANY + 1.0)
    p = i**-2.0 / zeta(2.0)
    for T in (1, 6, 40):
        counts = np.arange(T + 1)
        common = sum(float(binom.pmf(counts, T, q) @ abs(counts / T - q)) for q in p[:200])
        rare = float(np.sum(2 * p[200:] * (1 - p[200:]) ** T))
        tail = 2 * float(zeta(2.0, MANY + 1) / zeta(2.0))
        assert hutter.distance(T, 2.0) == pytest.approx((common + rare + tail) / 2, rel=1e-6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: hutter.unseen(10, 1.0), "beta > 1"),
        (lambda: hutter.unseen(-1.0, 2.0), "T >= 0"),
        (lambda: hutter.unseen(1.0, 2.0, (hutter.Piece(2, math.inf, 0.1, 2.0),)), "begin at 1"),
        (lambda: hutter.unseen(1.0, 2.0, hutter.cut(2.0, 3)[:1]), "end with last = inf"),
        (lambda: hutter.Piece(1, 5, 2.0, 1.5), "0 <= scale"),
        (lambda: hutter.Piece(3, 2, 0.1, 1.5), "1 <= first <= last"),
        (lambda: hutter.ancestors(0, 3, 1), "T >= 1"),
        (lambda: hutter.distance(10**15, 1.2), "use a smaller T"),
        (lambda: theory.row_error(100.0, 2.0), "is outside"),
        (lambda: Shown(5, q=(0.5, 0.6)), "sum to 1"),
        (lambda: Shown(5, q=(0.5, 0.5)).check(cj.Categorical((0.2, 0.3, 0.5)), 2), "2 symbols"),
    ],
)
def test_what_is_refused_says_what_to_do(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("value", "golden", "digits"),
    [
        (theory.amplitude(2.0), 0.690988, 6),
        (hutter.unseen(1e4, 2.0, hutter.cut(2.0, 100)), 0.00792, 5),
        (theory.error(1e4, 2.0) + theory.tail_mass(100, 2.0), 0.01296, 5),
        (hutter.unseen(1e4, 2.0, hutter.mixed(2.0, 30, 0.01)), 0.019506, 6),
        (theory.mixed_error(1e4, 2.0, 30, 0.01), 0.019508, 6),
        (hutter.unseen(1e6, 2.0, hutter.mixed(2.0, 30, 0.01)), 0.006908, 6),
        (theory.effective_tokens(300, 300, 1) / 300, 0.632, 3),
        (hutter.unseen(10.0, 1.5) / theory.error(10.0, 1.5), 0.975, 3),
        (sum(theory.row_terms(1e4, 1.5)) / theory.row_error(1e4, 1.5), 1.0, 12),
    ],
)
def test_golden_numbers(value, golden, digits):
    assert round(float(value), digits) == pytest.approx(golden, abs=0.51 * 10**-digits)


CALLS = {
    "exponent": (theory.exponent, (1.5,)),
    "amplitude": (theory.amplitude, (1.5,)),
    "error": (theory.error, (300.0, 1.5)),
    "exact_error": (theory.exact_error, (300.0, 1.5)),
    "tail_mass": (theory.tail_mass, (9.0, 1.5)),
    "tail_mass_bound": (theory.tail_mass_bound, (9.0, 1.5)),
    "cut_error": (theory.cut_error, (300.0, 1.5, 9.0)),
    "vocabulary": (theory.vocabulary, (300.0, 1.5)),
    "narrowed_exponent": (theory.narrowed_exponent, (1.5, 2.5)),
    "narrowed_error": (theory.narrowed_error, (300.0, 1.5, 2.5)),
    "mixed_error": (theory.mixed_error, (300.0, 1.5, 9.0, 0.25)),
    "row_exponent": (theory.row_exponent, (1.5,)),
}


@pytest.mark.parametrize("name", CALLS)
def test_one_function_serves_every_kind_of_number(name):
    function, arguments = CALLS[name]
    plain = float(function(*arguments))
    assert float(function(*map(flint.arb, arguments))) == pytest.approx(plain, rel=1e-12)
    exact = function(*(sympy.Rational(str(a)) for a in arguments))
    assert float(sympy.N(exact, 20)) == pytest.approx(plain, rel=1e-12)
    with jax.enable_x64(True):
        traced = jax.jit(lambda *a: jnp.asarray(function(*a)))(*arguments)
        assert float(traced) == pytest.approx(plain, rel=1e-9)


def test_effective_tokens_for_every_kind_of_number():
    plain = theory.effective_tokens(300.0, 200.0, 3)
    assert float(theory.effective_tokens(flint.arb(300), flint.arb(200), 3)) == pytest.approx(plain, rel=1e-13)
    assert float(sympy.N(theory.effective_tokens(sympy.Integer(300), 200, 3))) == pytest.approx(plain, rel=1e-13)


def unseen_mass(model, truth):
    return (truth.p * (model.p == 0)).sum(-1)


@pytest.mark.parametrize("sampler", ["index", pytest.param("counts", marks=pytest.mark.slow)])
def test_a_memory_is_shown_another_law(sampler):
    p, q, sizes = np.array([0.5, 0.3, 0.2]), np.array([0.7, 0.3, 0.0]), (1, 4, 16)
    run = cj.simulate(cj.Categorical(p, sampler=sampler), Shown(sizes, q=q), unseen_mass, generations=3, chains=4096)
    low, high = run["unseen_mass"].band(1e-6)
    for t, size in enumerate(sizes):
        assert low[t] <= theory.unseen_mass(size, p.tolist(), q.tolist()) <= high[t]


def test_the_law_that_is_shown_may_be_traced():
    def value(x):
        workflow = Shown(3, q=jnp.stack([x, 1 - x]))
        family, key = cj.Categorical((0.5, 0.5), sampler="index"), jax.random.key(0)
        [path] = cj.trajectories(key, family, workflow, [unseen_mass], generations=1, chains=64)
        return jnp.mean(path)

    means = jax.jit(jax.vmap(value))(jnp.array([0.0, 0.5, 1.0]))
    assert means[0] == means[2] == 0.5
    assert 0 < means[1] < 0.5


def test_shown_passes_the_checks_of_workflows():
    assert testing.check_workflow(Shown(5, q=(0.5, 0.5)))
