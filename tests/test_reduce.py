"""Raw observations reduced as they are drawn: the same fits; and where they cannot be, pools that grow in parts."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import collapse_jax as cj
from collapse_jax import Family, Samples, random, testing
from collapse_jax.data import Sums
from collapse_jax.engine import scan
from collapse_jax.engine.trial import differs, in_precision, reads_unfilled
from collapse_jax.laws import pedigree
from collapse_jax.workflows import Source

COV = np.array([[1.0, 0.4], [0.4, 0.5]])
REDUCED = {
    "bernoulli": cj.Bernoulli(0.3),
    "poisson": cj.Poisson(0.7),
    "exponential": cj.Exponential(2.0),
    "beta": cj.Beta(0.5),
    "categorical": cj.Categorical((0.5, 0.3, 0.2)),
    "contexts": cj.Contexts([[0.2, 0.8], [0.6, 0.4]], unvisited="keep"),
    "truncated_geometric": cj.TruncatedGeometric(0.2, 3),
    "gaussian": cj.Gaussian([1e3, -5.0], COV * 1e-6, ddof=1),
    "gaussian_known_cov": cj.Gaussian([1.0, 0.0], COV, known_cov=True),
    "logistic": cj.LogisticRegression([0.3, 0.8], np.stack([np.ones(3), [-1.0, 0.0, 1.0]], 1)),
    "least_squares": cj.LinearRegression([1.0, -2.0], cov=COV, design="fresh"),
    "shared_design": cj.LinearRegression([1.0, -2.0], design="shared"),
    "ridge_per_sample": cj.LinearRegression([1.0, -2.0], design="fresh", ridge=0.3, penalty="per_sample"),
    "minimum_norm": cj.LinearRegression(list(range(20)), design="fresh"),
}
N = 12


class Laplace(Family):
    """Mean 0; the mean absolute deviation is fitted, of statistics or of raw data."""

    b: Any = 1.0
    parameters = {"b": 0}

    def sample(self, key, n):
        return self.b[..., None] * jax.random.laplace(key, (*self.batch_shape, n), self.dtype)

    def reduce(self, data) -> Any:
        return Sums(data.number * jnp.ones_like(self.b), data.total(jnp.abs(data.values)))

    def fit(self, data):
        data = self.reduce(data) if isinstance(data, Samples) else data
        return self.replace(b=data.total / data.count)


class RawLaplace(Laplace):
    def reduce(self, data) -> Any:
        return None

    def fit(self, data):
        return self.replace(b=data.mean(jnp.abs(data.values)))


class Twice(Laplace):
    """Pools of what this `reduce` returns forget half of the observations."""

    def reduce(self, data) -> Any:
        return Sums(data.number * jnp.ones_like(self.b), 2 * data.total(jnp.abs(data.values)))

    def fit(self, data):
        if isinstance(data, Samples):
            return self.replace(b=data.mean(jnp.abs(data.values)))
        return super().fit(data)


class Blind(RawLaplace):
    """Takes slots for observations where it reduces, and not where it fits."""

    def reduce(self, data) -> Any:
        return Sums(data.slots * jnp.ones_like(self.b), data.total(jnp.abs(data.values)))

    def fit(self, data):
        return super().fit(data) if isinstance(data, Samples) else self.replace(b=data.total / data.count)


def scale(model, truth):
    return model.b


@pytest.mark.sample(3)
@pytest.mark.usefixtures("x64")
@pytest.mark.parametrize("name", REDUCED)
def test_statistics_of_raw_data_give_the_fits_of_the_raw_pool(name, cheap_jit):
    """Two samples, one of them empty or of one observation (of a schedule), or a third appended."""

    def fits(key, sizes):
        keys = jax.random.split(key, 4)
        family: Any = in_precision(REDUCED[name], "float64").begin(keys[0], 3, N, "literal")
        a, b, c = (family.samples(key, N).first(size) for key, size in zip(keys[1:], sizes, strict=True))
        raw = family.fit(a.reserve(3).append(b).append(c))
        reduced = family.fit(family.reduce(a).append(family.reduce(b)) + family.reduce(c))
        return [{name: getattr(model, name) for name in family.parameters} for model in (raw, reduced)]

    program = cheap_jit(fits)
    for sizes in [(N, N, N), (N, 0, 0), (0, N, N)] + [(1, N, 5)] * (not REDUCED[name].shares_design):
        assert not differs(*program(random.key(0), jnp.asarray(sizes)))


@pytest.mark.usefixtures("x64")
def test_what_needs_the_observations_is_not_reduced():
    index = in_precision(cj.Categorical(sampler="index"), "float64").broadcast((2,))
    assert index.reduce(index.samples(random.key(0), 5)) is None

    class Halved(cj.Bernoulli):
        def fit(self, data):
            fitted: Any = super().fit(data)
            return self.replace(p=fitted.p / 2)

    assert Halved.reduce is Family.reduce  # a fit that is redefined may look at more
    source = Source("literal", 4, 3, random.settings())
    half: Any = 0.5
    model = in_precision(Halved(half), "float64").broadcast((2,))
    raw = source.draw(random.key(1), model, 4)
    assert source.compact(model, raw) is raw


@pytest.mark.grid
@pytest.mark.usefixtures("fast_compilation")
@pytest.mark.parametrize("n", [1, (6, 1, 9, 4, 5)])
def test_a_reduced_run_is_the_raw_one_up_to_rounding(n):
    for workflow in (cj.Accumulate(n), *([cj.ReplaceMultiple(1)] if n == 1 else [])):
        runs = [
            cj.simulate(family(1.0), workflow, scale, generations=5, chains=32, engine="literal", keep_paths=32)
            for family in (Laplace, RawLaplace)
        ]
        np.testing.assert_allclose(*(run.paths["scale"] for run in runs), rtol=1e-12)


def test_self_tests_look_at_reduced_data():
    assert not reads_unfilled(Laplace(1.0), 8)
    assert "`b of reduced data` changes" in reads_unfilled(Blind(1.0), 8)
    with pytest.raises(ValueError, match="`b of reduced data` changes"):
        cj.simulate(Blind(1.0), cj.Accumulate(8), scale, generations=2, chains=8, engine="literal")
    with jax.enable_x64(True):
        assert not list(testing._reduction(Laplace(1.0), 8))
        [found] = testing._reduction(Twice(1.0), 8)
    assert "what `reduce` returns are not fits on the pooled observations: `b` differs" in found


def test_what_reduce_may_return():
    class Wrong(RawLaplace):
        def reduce(self, data) -> Any:
            return data.number

    with pytest.raises(ValueError, match=r"Wrong.reduce returned .* or None"):
        cj.simulate(Wrong(1.0), cj.Accumulate(8), scale, generations=2, chains=8, engine="literal")


# A pool that grows in parts --------------------------------------------------------------------------------------------


def _traced(pools):
    class Traced(RawLaplace):
        def fit(self, data):
            if self.batch_shape == (32,):  # and not (8,), in the trial of a run
                pools.append(data.slots)
            return super().fit(data)

    return Traced(1.0)


class Nothing(cj.Around):
    pass


class Own(cj.Accumulate):
    """A memory of its own, of which `Accumulate.lengthen` knows nothing."""

    def start(self, key, truth, n, source):
        pool = source.real(key, truth, n).reserve(source.generations)
        return (pool,), truth.fit(pool)

    def step(self, key, t, n, memory, model, source):
        pool = memory[0].append(source.draw(key, model, n))
        return (pool,), model.fit(pool)


def _paths(family, workflow, generations, **options):
    run = cj.simulate(family, workflow, scale, generations=generations, chains=32, block=32, engine="literal",
                      keep_paths=32, **options)  # fmt: skip
    return run.paths["scale"]


@pytest.mark.slow
@pytest.mark.usefixtures("fast_compilation")
@pytest.mark.parametrize("sizes", [(9,) * 11, tuple(range(11, 0, -1))], ids=["constant", "schedule"])
def test_parts_change_nothing_but_rounding(sizes, monkeypatch):
    whole = _paths(_traced(pools := []), cj.Accumulate(sizes), 11)
    slots = max(sizes)
    assert pools == [11 * slots]
    monkeypatch.setattr(scan, "_LONG", 1)
    monkeypatch.setattr(scan, "_PARTS", 3)
    for workflow, seen in ((cj.Accumulate(sizes), [4, 8, 11]), (Nothing(cj.Accumulate(sizes)), [4, 8, 11]),
                           (Own(sizes), [11])):  # fmt: skip
        parts = _paths(_traced(pools := []), workflow, 11)
        assert sorted(set(pools)) == [end * slots for end in seen]
        np.testing.assert_allclose(parts, whole, rtol=1e-12)


def test_no_room_is_made_in_parts_where_none_is_needed():
    def ends(family, workflow, generations, engine: Any = "literal"):
        slots = max(workflow.schedule(generations))
        return scan._ends(Source(engine, slots, generations, random.settings()), workflow, family)

    assert ends(RawLaplace(), cj.Accumulate(100), 100) == [25, 50, 75, 100]
    assert ends(RawLaplace(), cj.Accumulate(1000), 9) == [3, 5, 7, 9]
    assert ends(RawLaplace(), cj.Accumulate(1000), 7) == [7]  # too few generations
    assert ends(RawLaplace(), cj.Accumulate(10), 100) == [100]  # too few observations
    assert ends(cj.Bernoulli(), cj.Accumulate(100), 100, "exact") == [100]
    assert ends(cj.Categorical(sampler="index"), cj.Accumulate(100), 100) == [100]
    assert ends(RawLaplace(), cj.Replace(100), 100) == [100]
    assert ends(RawLaplace(), cj.AccumulateSubsample(100), 100) == [100]


@pytest.mark.usefixtures("fast_compilation")
def test_the_law_of_a_long_run_in_parts():
    """b_t / b_{t-1} of a scale family: E b_t = 1 at every t, and the variance of a linear workflow."""
    workflow, generations = cj.Accumulate(520), 8
    assert len(scan._ends(Source("literal", 520, generations, random.settings()), workflow, RawLaplace())) == 4
    run = cj.simulate(RawLaplace(1.0), workflow, [scale, squared], generations=generations, chains=512, block=64,
                      engine="literal")  # fmt: skip
    # An exponential mean in all but name: V(b) = b^2.
    for metric, right in (("scale", 1), ("squared", pedigree.quadratic_error(workflow.pedigree(generations), 1, 1))):
        low, high = run[metric].band(1e-6)
        assert np.all((low <= right) & (right <= high))


def squared(model, truth):
    return (model.b - truth.b) ** 2


@pytest.mark.usefixtures("x64")
def test_trajectories_in_parts_have_a_gradient(monkeypatch, cheap_jit):
    monkeypatch.setattr(scan, "_LONG", 1)

    def last(b):
        family = RawLaplace(jnp.asarray(b))
        values = cj.trajectories(random.key(0), family, cj.Accumulate(3), [scale], generations=9, chains=4,
                                 engine="literal")[0]  # fmt: skip
        return jnp.mean(values[-1]), values

    gradient, values = cheap_jit(jax.grad(last, has_aux=True))(2.0)
    assert values.shape == (9, 4)
    np.testing.assert_allclose(gradient, values[-1].mean() / 2, rtol=1e-12)  # a scale family is linear in its scale
