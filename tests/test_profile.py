"""The collapse profile: each criterion against curves whose answer is known, and workflows whose laws are."""

import importlib
import json
from types import SimpleNamespace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import norm

import collapse_jax as cj
from collapse_jax.metrics.losses import diversity, hallucinated, lost_modes, narrowing, tail_cover
from collapse_jax.results.definitions import Answer, Track, exceeds, grows, rescales, since, vanishes
from collapse_jax.results.estimate import Moments4
from collapse_jax.results.profile import DEFINITIONS, Profile

ALPHA = 1e-6
HASTY: dict = {"sizes": "traced", "optimisation": 0, "progress": False}
GENERATIONS, MIDDLE = 36, 6


def curve(name, values):
    """The moments of given paths, (generations, chains)."""
    centred = values - values.mean(1, keepdims=True)
    two, three, four = (np.sum(centred**k, 1) for k in (2, 3, 4))
    count, none = np.full(len(values), float(values.shape[1])), np.zeros(len(values))
    return cj.Curve(
        name,
        np.arange(1, len(values) + 1),
        Moments4(count, values.mean(1), two, three, four, values.min(1), values.max(1), none),
    )


def tracked(paths, bounded=False):
    """What a run of these paths would have recorded."""
    curves = {"q": curve("q", paths)}
    for fit in (1, MIDDLE):
        later = np.arange(1, GENERATIONS + 1)[:, None] > fit
        curves[since("q", fit)] = curve("q", np.where(later, paths - paths[fit - 1], 0))
    return Track(curves, paths.shape[1], "q", MIDDLE, bounded)


def track(mean, noise=0.01, chains=4000, bounded=False, seed=0):
    """Chains around an expected curve, with a common and an own part."""
    t = np.arange(1, GENERATIONS + 1.0)
    rng = np.random.default_rng(seed)
    paths = mean(t)[:, None] * (1 + noise * (rng.normal(size=chains) + rng.normal(size=(GENERATIONS, chains))))
    return tracked(paths, bounded)


GROWING = {
    "linear": lambda t: t,
    "square root": np.sqrt,
    "harmonic": lambda t: np.cumsum(1 / t),
    "exponential": lambda t: 1.1**t,
}
SETTLING = {
    "pi^2/6": lambda t: np.cumsum(1 / t**2),
    "to a limit": lambda t: 2 - 1 / np.sqrt(t),
    "decreasing": lambda t: 1 / t,
    "constant, but for one fit": lambda t: 1 + 0.5 * (t == MIDDLE),
}


@pytest.mark.parametrize(("word", "curves"), [("yes", GROWING), ("no", SETTLING)])
def test_growth_is_told_from_what_settles(word, curves):
    for name, mean in curves.items():
        assert grows(track(mean), ALPHA).word == word, name


def test_a_constant_is_undecided_and_never_wrong():
    """At the boundary of two criteria the right word is neither."""
    flat = track(np.ones_like)
    assert grows(flat, ALPHA).word == exceeds(flat, 1, ALPHA).word == "undecided"


@pytest.mark.parametrize("factor", [1, 10])
def test_an_increase_is_compared_with_the_first_fit(factor):
    assert exceeds(track(lambda t: t), factor, ALPHA).word == "yes"
    assert exceeds(track(lambda t: 0.9 * factor + (1 - 0.9 * factor) * (t == 1)), factor, ALPHA).word == "no"


def test_a_quantity_vanishes_if_its_logarithm_diverges():
    assert vanishes(track(lambda t: 0.97**t), ALPHA).word == "yes"
    assert vanishes(track(lambda t: 0.5 + 0.5 / t), ALPHA).word == "no"
    gone = track(lambda t: 0.9 * (t < 30) * 0.99**t, bounded=True)
    assert vanishes(gone, ALPHA).word == "yes"
    assert "in every chain" in vanishes(track(lambda t: 1.0 * (t < 30)), ALPHA).remark


def test_an_exponent_is_compared_with_that_of_the_first_fit():
    def risk(n):
        return lambda t: 1 - (1 - 1 / n) ** t

    kept = rescales(track(lambda t: t / 10), track(lambda t: t / 40, seed=1), 4, 0.1, ALPHA)
    lost = rescales(track(risk(10)), track(risk(40), seed=1), 4, 0.1, ALPHA)
    assert (kept.word, lost.word) == ("no", "yes")
    assert "exponent 1.00" in kept.measured


def test_covariances_are_those_of_the_paths():
    rng = np.random.default_rng(1)
    paths = np.cumsum(rng.normal(size=(GENERATIONS, 50)), 0)
    found = tracked(paths).covariances()
    np.testing.assert_allclose(found, np.cov(paths[[0, MIDDLE - 1, -1]]) / 50, rtol=1e-9)


def test_the_curve_that_few_chains_carry_is_left_undecided():
    paths = np.ones((GENERATIONS, 4000))
    paths[:, 0] = 1e6 * np.arange(1, GENERATIONS + 1)
    answer = grows(tracked(paths), ALPHA)
    assert answer.word == "undecided"
    assert "few chains" in answer.remark


def on_device(family):
    return jax.tree.map(jnp.asarray, family)


def test_what_a_gaussian_loses():
    truth, model = on_device(cj.Gaussian(1.0, 4.0, ddof=1)), on_device(cj.Gaussian(2.0, 1.0, ddof=1))
    tilted = on_device(cj.Gaussian([0.0, 0.0], [[2.0, 1.0], [1.0, 3.0]], ddof=1))

    @jax.jit
    def found(model, truth):
        return tail_cover(model, truth, 0.05), hallucinated(model, truth, 0.05), narrowing(model, truth)

    q = norm.isf(0.025) * 2
    below, above = norm.cdf(1 - q, 2, 1), norm.sf(1 + q, 2, 1)
    expected = np.asarray([min(below, above, 0.025) / 0.025, below + above, np.log(4.0)])
    np.testing.assert_allclose(np.asarray(found(model, truth)), expected, rtol=1e-4)
    np.testing.assert_allclose(found(tilted, tilted), (1, 0.05, 0), rtol=1e-4)


def test_what_a_categorical_loses():
    truth = on_device(cj.Categorical([0.5, 0.3, 0.15, 0.05]))
    model = truth.replace(p=jnp.array([0.9, 0.0, 0.09, 0.01]))
    assert lost_modes(model, truth) == 1
    np.testing.assert_allclose(tail_cover(model, truth, 0.05), 0.2, rtol=1e-5)
    np.testing.assert_allclose(hallucinated(model, truth, 0.05), 0.01, rtol=1e-5)
    np.testing.assert_allclose(diversity(model, truth), 1 - 0.9**2 - 0.09**2 - 0.01**2, rtol=1e-5)
    uniform = on_device(cj.Categorical([1 / 3] * 3))
    assert tail_cover(uniform, uniform, 0.05) == 1


def test_what_an_exponential_loses():
    truth, model = on_device(cj.Exponential(2.0)), on_device(cj.Exponential(1.0))
    np.testing.assert_allclose(hallucinated(model, truth, 0.01), 0.01**2)
    np.testing.assert_allclose(tail_cover(model, truth, 0.01), 0.01)
    np.testing.assert_allclose(narrowing(model, truth), np.log(4.0), rtol=1e-6)


def test_quantities_are_differentiable():
    truth = on_device(cj.Categorical([0.7, 0.2, 0.1]))
    slope = jax.grad(lambda p: diversity(truth.replace(p=p), truth))(jnp.array([0.5, 0.3, 0.2]))
    np.testing.assert_allclose(slope, [-1.0, -0.6, -0.4], rtol=1e-6)


@pytest.mark.wide
@pytest.mark.usefixtures("fast_compilation")
def test_definitions_disagree_about_a_coin(tmp_path):
    """p (1 - p) (1 - (1 - 1/n)^t) under replacement: everything increases, and nothing that was not there appears."""
    coin = cj.Bernoulli(0.2)
    lost = cj.profile(coin, cj.Replace(10), generations=36, chains=4096, factor=12, **HASTY)
    assert [lost[name].word for name in ("any_increase", "variance", "modes")] == ["yes"] * 3
    assert lost["catastrophic"].word == "no"  # (1 - .9^36) / .1 is 9.8
    assert lost["hallucination"].remark.startswith("the same at every fit in every chain")
    kept = cj.profile(coin, cj.Accumulate(10), generations=36, chains=8192, optimisation=0)
    assert [kept[name].word for name in ("catastrophic", "any_increase", "diverging_risk", "modes")] == [
        "no", "yes", "no", "no",
    ]  # fmt: skip
    about = json.loads(lost.to_json())
    assert list(about["definitions"]) == list(DEFINITIONS)
    assert about["larger"]["workflow"]["n"] == 40
    assert len(str(lost).splitlines()) >= 10
    assert "<table>" in lost._repr_html_()
    from matplotlib.figure import Figure

    ax = Figure().subplots()
    kept.plot(ax=lost.plot(ax=ax, label="replace"), at=1, label="accumulate")
    assert [text.get_text() for text in ax.get_xticklabels()] == ["replace", "accumulate"]


def extinct(model, truth):
    del truth
    return (model.rate == 0).astype(model.rate.dtype)


def test_measures_of_ones_own_stand_in_for_those_that_a_family_lacks():
    options = {"generations": 9, "chains": 500, **HASTY}
    own = cj.profile(cj.Poisson(1.0), cj.Replace(3), **options)
    found = cj.profile(cj.Poisson(1.0), cj.Replace(3), measures={"modes": extinct}, **options)
    assert own["modes"].word == "not defined"
    assert found["modes"].word == "yes"  # P(rate = 0) rises from e^-3, and 0 stays 0
    assert found.criteria["modes"].endswith("; measured by extinct")
    assert {name: found[name] for name in DEFINITIONS if name != "modes"} == {
        name: own[name] for name in DEFINITIONS if name != "modes"
    }


@pytest.mark.usefixtures("untyped")
def test_what_no_profile_can_be_made_of_is_refused():
    coin, workflow = cj.Bernoulli(0.2), cj.Replace(10)
    for options, words in {
        "generations": ({"generations": 3}, "whole number >= 4"),
        "alpha": ({"alpha": 0}, "0 < alpha < 1"),
        "factor": ({"factor": 1}, "factor > 1"),
        "shard": ({"shard": (1, 2)}, "leave shard out"),
        "risk": ({"risk": "log_det"}, "not defined for Bernoulli at one fit; use one of"),
        "path": ({"risk": "collapse_time"}, "not defined"),
        "measures": ({"measures": [extinct]}, "give them by name"),
        "measure": ({"measures": {"mode": extinct}}, "measures has 'mode'; a profile measures variance, modes"),
        "measured": ({"measures": {"modes": "collapse_time"}}, r"measures\['modes'\]='collapse_time' is not defined"),
    }.values():
        with pytest.raises(ValueError, match=words):
            cj.profile(coin, workflow, **{"generations": 8, "chains": 64, **options})


def test_more_data_are_more_of_all_data():
    from collapse_jax.engine.profile import enlarged

    assert enlarged(cj.FixedReal(10, n_real=20), 4) == cj.FixedReal(40, n_real=80)
    assert enlarged(cj.Replace([10, 20]), 2) == cj.Replace([20, 40])


def test_the_command_says_and_keeps_the_same(tmp_path, capsys, monkeypatch):
    from proofs_check.cli import main

    asked = {}

    def made(family, workflow, **options):
        asked.update(options)
        config = {
            "generations": 8,
            "seed": 0,
            "workflow": {"type": "Replace", "n": 10},
            "family": {"type": "Bernoulli"},
        }
        return Profile({name: Answer("no", "nothing") for name in DEFINITIONS}, dict.fromkeys(DEFINITIONS, "asked"),
                       SimpleNamespace(config=config, chains=64), SimpleNamespace(config=config), 0.05)  # fmt: skip

    monkeypatch.setattr(importlib.import_module("collapse_jax.engine.profile"), "profile", made)
    out, plot = tmp_path / "coin.json", tmp_path / "coin.png"
    arguments = "profile bernoulli replace --set n=10 --set p=0.2 --generations 8 --chains 64 --alpha 0.05 --factor 5 --engine literal"
    assert main([*arguments.split(), "--out", str(out), "--plot", str(plot)]) == 0
    said = capsys.readouterr().out
    assert "1 catastrophic" in said
    assert str(out) in said
    assert json.loads(out.read_text())["definitions"]["tail"] == {
        "word": "no", "measured": "nothing", "remark": "", "criterion": "asked",
    }  # fmt: skip
    assert plot.stat().st_size > 1000
    assert (asked["alpha"], asked["factor"], asked["generations"], asked["risk"]) == (0.05, 5.0, 8, None)
    assert asked["engine"] == "literal"


def test_a_difference_is_counted_from_its_fit():
    later = cj.Since(of=lambda model, truth: model, fit=2)
    truth = SimpleNamespace(dtype=jnp.float32)
    state, values = later.start(truth, 1), []
    for t, value in enumerate((1.0, 3.0, 7.0), 1):
        state = later.update(state, jnp.asarray(t), jnp.asarray([value]), truth)
        values.append(float(later.value(state)[0]))
    assert values == [0, 0, 4]
