"""Statements that words once were wrong about: what is not known of a metric must not be taken from its sample."""

import dataclasses
import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import collapse_jax as cj
from proofs_check import Check, Computed, Plan, claim, verify, verify_all

PLANS = (Plan(resolution=0.05, max_chains=1 << 16), Plan(max_chains=1 << 19, hasty=True))
ONE_DRAW = cj.Gaussian(d=1, known_cov=True)  # with Replace(1) the first fit is one normal draw
RARE = (0.3, 0.3, 0.2, 0.2 - 1e-7, 1e-7)


def stated(predicted, metric, relation="==", mutants=None, family=ONE_DRAW, n=1, **fields):
    wrong = {"far": lambda t: 3.0} if mutants is None else mutants

    @claim("fault.made", statement="x", relation=relation, provenance="derived", source="here")
    def made():
        return Check(family, cj.Replace(n), metric, 1, predicted, wrong, **fields)

    return made


def pearson(model, truth):
    return jnp.sum((model.p - truth.p) ** 2 / truth.p, -1)


def spike(model, truth):
    """1 + z/10, and a tail of probability 1/32768 that carries a third of the mean, 1.5."""
    z, q = model.mean[..., 0], 1 / 32768
    return 1 + 0.1 * z + 0.5 / q * (jax.scipy.stats.norm.cdf(z) > 1 - q)


def near_one(model, truth):
    return 1 + 0.1 * model.mean[..., 0]


def normal(model, truth):
    return model.mean[..., 0]


def rare(model, truth):
    return (model.mean[..., 0] > 2.7477813854449926).astype(model.dtype)  # probability .003


def word(made, plan=PLANS[0]):
    return verify(made, plan).verdict


@pytest.mark.slow
@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("bounds", [None, (0, math.inf), (0, 1e7)])
def test_a_mean_that_a_symbol_of_probability_1e_7_carries(plan, bounds, fast_compilation):
    """E chi^2/n = 4/n exactly, a quarter of it from that symbol, which hardly any run draws."""
    family = {"family": cj.Categorical(RARE), "n": 100, "bounds": bounds, "mutants": {"twice": lambda t: 0.08}}
    assert word(stated(lambda t: 0.04, pearson, **family), plan) != "REFUTED"
    assert word(stated(lambda t: 0.03, pearson, **family), plan) != "SUPPORTED"


@pytest.mark.parametrize("plan", PLANS)
def test_a_mean_that_a_spike_carries(plan, fast_compilation):
    assert word(stated(lambda t: 1.5, spike), plan) != "REFUTED"
    exact = stated(lambda t: 1.5, spike, variance=lambda t: 8192.2)
    assert word(exact, plan) == "UNDECIDED"


def test_a_word_without_a_licence_has_a_star_and_says_what_it_leaves_open():
    outcome = verify(stated(lambda t: 1.0, near_one), PLANS[0])
    assert (outcome.verdict, outcome.licence) == ("SUPPORTED*", "tail")
    assert outcome.clause.startswith("unless an event of probability < ")
    licensed = verify(stated(lambda t: 1.0, near_one, variance=lambda t: 0.01), PLANS[0])
    assert (licensed.verdict, licensed.licence, licensed.clause) == ("SUPPORTED", "variance", "")


def test_supported_is_not_final():
    """At a resolution of 1 % 1.003 is as good as the truth, 1, until the mutant has driven the run on."""
    options = {"variance": lambda t: 0.01, "mutants": {"near": lambda t: 1.001}}
    outcome = verify(stated(lambda t: 1.003, near_one, **options), PLANS[1])
    assert outcome.verdict == "REFUTED"


@pytest.mark.parametrize(("value", "expected"), [(0.0015, "REFUTED"), (0.006, "REFUTED"), (0.9985, "REFUTED")])
def test_probabilities_have_a_relative_resolution(value, expected):
    def common(model, truth):
        return 1 - rare(model, truth)

    metric = rare if value < 0.5 else common
    made = stated(lambda t: value, metric, mutants={"far": lambda t: 0.3}, statistic="probability")
    outcome = verify(made, Plan(resolution=0.05, max_chains=1 << 18, hasty=True))
    assert outcome.verdict == expected
    assert outcome.relative_to == "relative to the smaller of P and 1 - P"
    absolute = stated(lambda t: value, metric, mutants={"far": lambda t: 0.3}, statistic="probability", scale=1.0)
    assert verify(absolute, PLANS[0]).relative_to == "absolute"


def test_a_probability_of_nought_needs_an_absolute_resolution():
    with pytest.raises(ValueError, match=r"scale=\.\.\."):
        word(stated(lambda t: 0.0, rare, statistic="probability"))


@pytest.mark.parametrize("declared", [1e-4, 0.1, 0.7])
def test_a_declared_variance_that_is_too_small_is_an_error_of_the_claim(declared):
    made = stated(lambda t: 0.0, normal, variance=lambda t: declared, scale=1.0)
    with pytest.raises(ValueError, match="correct `variance`"):
        word(made)


@pytest.mark.parametrize("declared", [1.0, 3.0])
def test_a_declared_variance_that_is_not_is_none(declared):
    assert word(stated(lambda t: 0.0, normal, variance=lambda t: declared, scale=1.0)) == "SUPPORTED"


def test_a_range_that_chains_leave_is_an_error_of_the_claim():
    with pytest.raises(ValueError, match="correct `bounds`"):
        word(stated(lambda t: 1.0, near_one, bounds=(0, 1.2)))


@pytest.mark.parametrize(
    ("fields", "remedy"),
    [
        ({"variance": lambda t: 0.0}, "finite numbers > 0"),
        ({"variance": lambda t: math.nan}, "finite numbers > 0"),
        ({"allowance": lambda t: -0.1}, "numbers >= 0"),
        ({"allowance": lambda t: math.nan}, "numbers >= 0"),
        ({"scale": 0}, "a number > 0"),
        ({"scale": math.inf}, "a number > 0"),
        ({"scale": -1.0}, "a number > 0"),
        ({"bounds": (1, 0)}, "lower < upper"),
        ({"relative_variance": -2.0}, "a number > 0"),
    ],
)
def test_what_has_no_meaning_is_refused(fields, remedy):
    with pytest.raises(ValueError, match=remedy):
        word(stated(lambda t: 1.0, near_one, **fields))


@pytest.mark.parametrize("value", [1 + 2j, np.complex128(1), "1", None, [1.0, 2.0]])
def test_predictions_are_real_numbers(value):
    with pytest.raises(ValueError, match=r"predicted\(t\) gives"):
        word(stated(lambda t: value, near_one))


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_an_equality_with_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="not a number|not finite"):
        word(stated(lambda t: value, near_one))


@pytest.mark.parametrize("tolerance", [0.5, 0.0, -1e-9, math.nan])
def test_a_tolerance_is_for_rounding(tolerance):
    with pytest.raises(ValueError, match="allowance"):
        Computed(lambda t: 1.0, lambda t: 1.2, {"2": lambda t: 2.0}, at=(1,), tolerance=tolerance)


@pytest.mark.parametrize(
    ("relation", "value", "fields", "vacuous"),
    [
        ("<=", math.inf, {}, True),
        ("<=", 7.0, {"metric": rare, "statistic": "probability"}, True),
        ("<=", 1.0, {"metric": rare, "statistic": "probability"}, True),
        (">=", 0.0, {"metric": rare, "statistic": "probability", "scale": 1.0}, True),
        ("<=", 5.0, {}, False),
        ("<=", 9.0, {"bounds": (-9.0, 9.0)}, True),
    ],
)
def test_bounds_that_say_nothing_are_vacuous(relation, value, fields, vacuous):
    options = {"metric": near_one, "mutants": {"far": lambda t: 0.0 if relation == "<=" else 0.9}, **fields}
    outcome = verify(stated(lambda t: value, relation=relation, **options), PLANS[0])
    assert ("VACUOUS" in outcome.vacuous) is vacuous


def test_values_of_1e150_are_decided_or_not_and_end_nothing():
    def huge(model, truth):
        return 1e150 * near_one(model, truth)

    made = stated(lambda t: 1e150, huge, mutants={"twice": lambda t: 2e150})
    [outcome] = verify_all([made], PLANS[0])
    assert outcome.verdict in ("SUPPORTED*", "UNDECIDED")


@pytest.mark.wide
@pytest.mark.parametrize("plan", PLANS)
def test_ties_in_a_law_are_no_error(plan):
    def single(model, truth):
        return normal(model, truth).astype(jnp.float32)

    def law(shift):
        return lambda x: jax.scipy.stats.norm.cdf(x - shift)

    made = stated(law(0), single, "law", {"shifted": law(1e-3)})
    assert word(made, plan) in ("SUPPORTED", "UNDECIDED")


def test_a_law_on_steps_is_that_law_and_no_other():
    def thrown(model, truth):
        return jnp.floor(3 * jax.scipy.stats.norm.cdf(normal(model, truth)))

    def steps(*cumulative):
        return lambda x: np.concatenate([[0.0], cumulative])[np.clip(np.floor(np.asarray(x)) + 1, 0, 3).astype(int)]

    assert word(stated(steps(1 / 3, 2 / 3, 1), thrown, "law", {"uneven": steps(0.5, 2 / 3, 1)})) == "SUPPORTED"
    assert word(stated(steps(0.5, 2 / 3, 1), thrown, "law", {"even": steps(1 / 3, 2 / 3, 1)})) == "REFUTED"


def test_a_claim_without_a_near_mutant_gets_one():
    outcome = verify(stated(lambda t: 1.0, near_one, variance=lambda t: 0.01), PLANS[0])
    assert outcome.mutants == {"far": "REFUTED", "5 resolutions off": "REFUTED"}
    assert outcome.nearest == pytest.approx(5)


def test_one_failing_claim_leaves_the_others_and_the_run():
    """The failure comes at a look, after the shared run: the others keep it, with no warning that they went alone."""
    good = stated(lambda t: 1.0, near_one, variance=lambda t: 0.01)
    bad = dataclasses.replace(stated(lambda t: 0.0, normal, variance=lambda t: 1e-4, scale=1.0), id="fault.bad")
    first, second = verify_all([good, bad], PLANS[0])
    assert (first.verdict, second.verdict) == ("SUPPORTED", "ERROR")
    assert "correct `variance`" in second.reason


def test_a_relative_variance_is_of_what_is_not_negative():
    with pytest.raises(ValueError, match="not negative"):
        word(stated(lambda t: -1.0, near_one, relative_variance=2.0))


def test_chains_that_lose_their_values_end_an_earlier_word():
    """Region by region: a range licenses SUPPORTED, then some chains are not finite, and a mean does not exist."""
    from proofs_check.prepared import prepare
    from proofs_check.verdict import _Progress

    made = stated(lambda t: 1.0, near_one, bounds=(0, 2))
    item = _Progress.of(prepare(made, PLANS[0]), 1e-6)
    run = cj.simulate(ONE_DRAW, cj.Replace(1), near_one, generations=1, chains=8192, seed=1)
    item.look(run)
    assert item.word.verdict == "SUPPORTED"

    def lost(model, truth):
        return jnp.where(normal(model, truth) > 3, jnp.nan, near_one(model, truth))

    lost.__name__ = "near_one"
    item.look(cj.simulate(ONE_DRAW, cj.Replace(1), lost, generations=1, chains=8192, seed=1))
    assert item.word.verdict == "UNDECIDED"
    assert "not finite" in item.region.distrust


def test_chains_that_exclude_the_law_beside_them_are_an_error():
    made = stated(lambda t: 1.0, near_one, variance=lambda t: 0.01, law=lambda t: 1.2)
    with pytest.raises(ValueError, match="exclude the exact law"):
        word(made)


def test_an_infinite_bound_at_one_generation_leaves_the_others():
    made = stated(lambda t: -math.inf if t == 1 else 0.9, near_one, ">=", {"far": lambda t: 2.0}, bounds=(0, 2))
    check = dataclasses.replace(made.check(), generations=2)
    outcome = verify(dataclasses.replace(made, setup=lambda: check), PLANS[0])
    assert (outcome.verdict, outcome.licence) == ("SUPPORTED", "bound")


@pytest.mark.grid
def test_a_law_that_is_a_small_difference_is_undecided_where_it_is_noise():
    from proofs_check.prepared import prepare
    from proofs_check.registry import claims

    made = claims()["kazdan2024.replace_cov"]
    for n, generations in ((3, 60), (10, 200), (20, 400)):
        plan = dataclasses.replace(PLANS[0], parameters={"n": n, "generations": generations})
        assert prepare(made, plan).by_law() != "REFUTED"
