"""What goes wrong where users' code is called is said in one sentence that names the method and what it should return."""

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import pytest

import collapse_jax as cj
from collapse_jax import Accumulate, Bernoulli, Replace, Workflow, metric, simulate, sweep

pytestmark = pytest.mark.usefixtures("fast_compilation", "untyped")


def p(model, truth):
    return model.p


def nothing(model, truth):
    return None


def pair(model, truth):
    return model.p, model.p


def imaginary(model, truth):
    return model.p + 1j


def total(model, truth):
    return jnp.sum(model.p)


class FitsToArray(Bernoulli):
    def fit(self, data):
        return jnp.ones(3)


class FitsToNothing(Bernoulli):
    def fit(self, data):
        self.replace(p=self.p)


class FitsOnSamplesOnly(Bernoulli):
    def fit(self, data):
        return self.replace(p=data.mean(data.values))


class DrawsTooFew(Bernoulli):
    def sample(self, key, n):
        return jax.random.bernoulli(key, 0.5, (n,))


class DrawsNothing(Bernoulli):
    def sample(self, key, n):
        return None


class StatisticOfArray(Bernoulli):
    def statistic(self, key, n):
        return self.p * n


class BeginsWithKey(Bernoulli):
    def begin(self, key, chains, n, engine):
        return key


class Swapped(Workflow):
    def start(self, key, truth, n, source):
        return (), truth.fit(source.draw(key, truth, n))

    def step(self, key, t, n, memory, model, source):
        return model.fit(source.draw(key, model, n)), memory


class OnlyModel(Swapped):
    def step(self, key, t, n, memory, model, source):
        return model.fit(source.draw(key, model, n))


class StartsWithModel(Swapped):
    def start(self, key, truth, n, source):
        return truth.fit(source.draw(key, truth, n))


class Grows(Swapped):
    def start(self, key, truth, n, source):
        data = source.draw(key, truth, n)
        return data, truth.fit(data)

    def step(self, key, t, n, memory, model, source):
        pool = memory + source.draw(key, model, n)
        return pool, model.fit(pool)


LITERAL = {"engine": "literal"}
CASES = {
    "fit array": (FitsToArray(), Replace(5), p, {}, r"FitsToArray\.fit returned an array of shape \(3,\); return the"),
    "fit None": (FitsToNothing(), Replace(5), p, {}, r"FitsToNothing\.fit returned None; return the refitted model"),
    "fit samples": (FitsOnSamplesOnly(), Replace(5), p, {}, r"fit does not take Coins, .* use engine='literal'"),
    "sample shape": (DrawsTooFew(), Replace(5), p, LITERAL, r"DrawsTooFew\.sample returned shapes .* return shape"),
    "sample None": (DrawsNothing(), Replace(5), p, LITERAL, r"DrawsNothing\.sample returned no array"),
    "statistic": (StatisticOfArray(), Replace(5), p, {}, r"statistic returned an array .* such as Sums"),
    "begin": (BeginsWithKey(), Replace(5), p, {}, r"BeginsWithKey\.begin returned .* return a Family"),
    "step swapped": (
        Bernoulli(),
        Swapped(5),
        p,
        {},
        r"Swapped\.step returned a tuple of 0 in second place; return the mem",
    ),
    "step model": (Bernoulli(), OnlyModel(5), p, {}, r"OnlyModel\.step returned a Bernoulli; return two things"),
    "start model": (Bernoulli(), StartsWithModel(5), p, {}, r"StartsWithModel\.start returned a Bernoulli; return two"),
    "memory grows": (Bernoulli(), Grows(5), p, LITERAL, r"Grows\.step returned a memory of another form .* `reserve`"),
    "metric None": (
        Bernoulli(),
        Replace(5),
        nothing,
        {},
        r"metric 'nothing' returned None; return one number per chain",
    ),
    "metric pair": (Bernoulli(), Replace(5), pair, {}, r"metric 'pair' returned a tuple of 2; return one number"),
    "metric complex": (
        Bernoulli(),
        Replace(5),
        imaginary,
        {},
        r"metric 'imaginary' returned complex numbers; return real",
    ),
    "metric total": (Bernoulli(), Replace(5), total, {}, r"metric 'total' returned shape \(\); return one number per"),
    "metric lambda": (Bernoulli(), Replace(5), lambda m, t: m.p, {}, r"collapse_jax\.metric\(name='my_metric'\)"),
}


@pytest.mark.parametrize("case", CASES)
def test_simulate(case):
    family, workflow, measured, options, sentence = CASES[case]
    with pytest.raises(ValueError, match=sentence) as caught:
        simulate(family, workflow, measured, generations=3, chains=4, block=4, **options)
    assert "\n" not in str(caught.value)


def made(n):
    return Bernoulli(), Replace(n)


GRIDS = {
    "list": (made, [1, 2], "is no grid; give for example"),
    "number": (made, {"n": 5}, "is no sequence of values; give for example"),
    "text": (made, {"n": "abc"}, "is no sequence of values"),
    "set": (made, {"n": {1, 2}}, "is no sequence of values"),
    "names": (made, {1: (1, 2)}, "is no grid"),
    "empty": (made, {"n": ()}, "nothing to sweep over"),
    "other names": (made, {"m": (5, 6)}, "build does not take the coordinates m"),
    "no function": (Bernoulli(), {"n": (5, 6)}, "is no function; give one of the coordinates"),
    "one thing": (lambda n: Replace(n), {"n": (5, 6)}, "build returned a Replace; return a family and a workflow"),
    "wrong order": (
        lambda n: made(n)[::-1],
        {"n": (5, 6)},
        "build returned a tuple of 2; return a family and a workflow",
    ),
}


@pytest.mark.parametrize("case", GRIDS)
def test_sweep(case):
    build, over, sentence = GRIDS[case]
    with pytest.raises(ValueError, match=sentence):
        sweep(build, over, p, generations=2, chains=4)


def test_a_lambda_with_a_name_is_a_metric():
    named = metric(name="half")(lambda model, truth: model.p / 2)
    run = simulate(Bernoulli(), Replace(5), [p, named], generations=2, chains=8)
    assert list(run) == ["p", "half"]
    assert (run["half"].mean * 2 == run["p"].mean).all()
    assert "half" not in cj.METRICS
    other = metric(name="half")(lambda model, truth: model.p / 3)
    assert run.config["code"] != simulate(Bernoulli(), Replace(5), [p, other], generations=2, chains=8).config["code"]
    for wrong in ({"name": ""}, {"name": 3}, {"name": "x", "on": cj.METRICS["variance"]}):
        with pytest.raises(ValueError, match="is no name of a metric"):
            metric(**wrong)
    with pytest.raises(ValueError, match="give a callable"):
        metric(name="x")(3)


class Activated(cj.Family):
    """A function as a static field."""

    m: Any = 0.0
    act: Any = eqx.field(static=True, default=jnp.tanh)
    parameters = {"m": 0}

    def sample(self, key, n):
        return self.act(self.m)[..., None] + jax.random.normal(key, (*self.batch_shape, n), self.dtype)

    def fit(self, data):
        return self.replace(m=data.mean())


def m(model, truth):
    return model.m


def test_a_family_with_a_function_runs_saves_and_resumes(tmp_path):
    options = {"generations": 2, "chains": 16, "block": 8, "engine": "literal", "checkpoint": tmp_path / "kept.npz"}
    run = simulate(Activated(0.3), Accumulate(20), m, **options)
    run.save(tmp_path / "run")
    again = simulate(Activated(0.3), Accumulate(20), m, **options)
    assert (cj.Run.load(tmp_path / "run")["m"].mean == again["m"].mean).all()
