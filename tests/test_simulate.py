"""The verb and its pure core: transformations, tracing, invalid input, interruption."""

import json
from functools import partial

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

import collapse_jax as cj
from collapse_jax import METRICS, random
from collapse_jax.engine import dispatch as _dispatch
from collapse_jax.engine import layout

pytestmark = pytest.mark.usefixtures("fast_compilation")
KEY = random.key(0)
OLS = cj.LinearRegression([1.0, -1.0], design="fresh")


def ones(model, truth):
    return jnp.ones(model.batch_shape, model.dtype)


def trajectories(family, workflow, metric, **options):
    settings = {"generations": 3, "chains": 40} | options
    return cj.trajectories(KEY, family, workflow, [metric], **settings)[0]


HYPER = {
    "sigma2": (lambda v: trajectories(OLS.replace(sigma2=v), cj.Accumulate(9), "risk"), [0.5, 1.0, 4.0]),
    "literal": (lambda v: trajectories(OLS.replace(sigma2=v), cj.Replace(9), "risk", engine="literal"), [0.5, 4.0]),
    "ridge": (lambda v: trajectories(cj.LinearRegression([1.0, 2.0], design="fresh", ridge=1.0, penalty="absolute").replace(ridge=v),
                                     cj.Replace(9), "risk"), [0.1, 3.0]),
    "tau": (lambda v: trajectories(cj.Exponential().replace(mean=v), cj.Replace(9), "squared_error"), [0.5, 1.0, 4.0]),
    "rate": (lambda v: trajectories(cj.Poisson().replace(rate=v), cj.Replace(9), "squared_error"), [0.5, 4.0, 40.0]),
    "p": (lambda v: trajectories(cj.Bernoulli().replace(p=v), cj.RandomPool(9), "squared_error"), [0.0, 0.2, 1.0]),
    "weight": (lambda v: trajectories(cj.Gaussian(ddof=1), cj.FreshReal(9, n_real=5, weight=v), "log_variance"), [0.0, 0.4, 1.0]),
}  # fmt: skip


@pytest.mark.sample(4)
@pytest.mark.parametrize("name", HYPER)
def test_vmap_over_hyper_parameters(name, cheap_jit):
    run, values = HYPER[name]
    with jax.enable_x64(True):
        values = jnp.asarray(values)
        together, alone = cheap_jit(jax.vmap(run))(values), cheap_jit(run)
        apart = jnp.stack([alone(value) for value in values])
        assert together.dtype == jnp.float64
        assert together.shape == (len(values), 3, 40)
        np.testing.assert_allclose(together, apart, rtol=1e-9, atol=1e-13)
        if name not in ("p", "rate", "weight"):
            assert len(np.unique(np.asarray(together))) == together.size, "the hyper-parameter reaches every chain"


@pytest.mark.wide
def test_without_x64_everything_is_single_precision(cheap_jit):
    for family, workflow in ((cj.Gaussian(ddof=1), cj.RandomPool(9)), (cj.Categorical(), cj.Replace(9)),
                             (cj.Categorical(sampler="index"), cj.Replace(9)), (cj.Poisson(), cj.Replace(9)),
                             (cj.Gaussian(ddof=1), cj.AccumulateSubsample(9))):  # fmt: skip
        values = cheap_jit(partial(trajectories, family, workflow, "squared_error", engine="literal"))()
        assert values.dtype == jnp.float32
        assert np.all(np.isfinite(values))


@pytest.mark.wide
def test_gradient_of_the_risk_is_the_risk_over_sigma2(cheap_jit):
    # Least squares is linear in the noise: risk = sigma2 * (something that does not depend on sigma2).
    with jax.enable_x64(True):

        def mean_risk(sigma2):
            return jnp.mean(trajectories(OLS.replace(sigma2=sigma2), cj.Accumulate(9), "risk")[-1])

        risk, gradient = cheap_jit(jax.value_and_grad(mean_risk))(jnp.asarray(2.5))
        np.testing.assert_allclose(gradient, risk / 2.5, rtol=1e-9)


@pytest.mark.wide
def test_gradient_with_respect_to_a_scale_and_a_weight(cheap_jit):
    with jax.enable_x64(True):

        def log_variance(tau):
            return jnp.mean(trajectories(cj.Exponential().replace(mean=tau), cj.Replace(9), "log_variance"))

        np.testing.assert_allclose(cheap_jit(jax.grad(log_variance))(jnp.asarray(4.0)), 2 / 4.0, rtol=1e-9)

        def error(weight):
            workflow = cj.FreshReal(9, n_real=5, weight=weight)
            return jnp.mean(trajectories(cj.Gaussian(d=2, known_cov=True), workflow, "mean_error"))

        step, at = 1e-5, jnp.asarray(0.4)
        low, high = cheap_jit(jax.vmap(error))(at + jnp.asarray([-step, step]))
        np.testing.assert_allclose(cheap_jit(jax.grad(error))(at), (high - low) / (2 * step), rtol=1e-6)


@pytest.mark.wide
def test_simulate_is_trajectories_plus_moments(cheap_jit):
    run = cj.simulate(OLS, cj.Replace(9), "risk", generations=3, chains=64, block=64, seed=3, keep_paths=64)
    with jax.enable_x64(True):
        key = jax.random.fold_in(random.key(3), 0)
        [values] = cheap_jit(lambda: cj.trajectories(key, OLS, cj.Replace(9), ["risk"], generations=3, chains=64))()
    np.testing.assert_allclose(run.paths["risk"], values, rtol=1e-9)
    np.testing.assert_allclose(run["risk"].variance, np.asarray(values).var(1, ddof=1), rtol=1e-9)


def test_changing_a_number_does_not_compile_again():
    traces = []

    def traced(model, truth):
        traces.append(1)
        return model.mean

    settings = {"generations": 3, "chains": 2000}
    first = cj.simulate(cj.Exponential(1.0), cj.Replace(9), traced, **settings)
    for options in ({"seed": 1}, {"chains": 5000}, {"first_block": 2}):
        cj.simulate(cj.Exponential(1.0), cj.Replace(9), traced, **(settings | options))
    other = cj.simulate(cj.Exponential(2.0), cj.Replace(9), traced, **settings)
    assert len(traces) == 1
    np.testing.assert_allclose(other["traced"].mean, 2 * first["traced"].mean, rtol=1e-12)


def test_one_program_serves_cells_of_equal_shapes():
    settings = {"generations": 3, "chains": 64, "block": 64}
    requests = [cj.Request(cj.Exponential(mean), cj.Replace(9), "squared_error", **settings) for mean in (1.0, 2.0)]
    cells, protocol = [_dispatch.cell_of(request) for request in requests], requests[0].protocol
    with jax.enable_x64(True):
        mesh = layout.mesh_of(jax.devices()[:1])
        program = _dispatch.program_for(cells[0], protocol, mesh, 0)
        assert _dispatch.program_for(cells[1], protocol, mesh, 0).executable is program.executable
        tally, _ = _dispatch.Dispatches.of(program, cells[1], 5, 2, 64).run(0)
    run = cj.simulate(cj.Exponential(2.0), cj.Replace(9), "squared_error", generations=3, chains=64, block=64, seed=5,
                      first_block=2)  # fmt: skip
    assert np.array_equal(tally.moments((3, 1)).mean, run.moments.mean)
    assert (tally.first, tally.whole, tally.partial) == (2, 1, False)


def test_path_metrics_are_traced_once_too():
    traces = []

    def below_half(model, truth):
        traces.append(1)
        return model.mean < 0.5

    metric = cj.HittingTime(below_half, "time")
    run = cj.simulate(
        cj.Exponential(1.0), cj.Replace(3), [metric, "squared_error"], generations=5, chains=100, keep_paths=100
    )
    assert len(traces) == 1
    assert set(np.unique(run.paths["time"])) <= {1.0, 2.0, 3.0, 4.0, 5.0, 6.0}
    assert np.all(np.diff(run.paths["time"], axis=0) >= 0)


class Counted(cj.Exponential):
    """An exponential family that keeps a diary of what is traced."""

    calls = []

    def sample(self, key, n):
        Counted.calls.append(("sample", self.batch_shape, n))
        return super().sample(key, n)

    def statistic(self, key, n):
        Counted.calls.append(("statistic", self.batch_shape, n))
        return super().statistic(key, n)

    def fit(self, data):
        Counted.calls.append(("fit", self.batch_shape, type(data).__name__, jax.tree.leaves(data)[0].shape))
        return super().fit(data)


@pytest.mark.parametrize(
    ("workflow", "engine", "expected"),
    [
        (cj.Replace(13), "exact", 2), (cj.Replace(14), "literal", 2),
        (cj.Accumulate(15), "exact", 2), (cj.Accumulate(16), "literal", 2),
        (cj.FreshReal(17, n_real=17, weight=0.5), "exact", 2), (cj.FixedReal(18, n_real=19), "literal", 3),
    ],
)  # fmt: skip
def test_user_code_is_traced_once_per_signature(workflow, engine, expected):
    Counted.calls.clear()
    # A block size of its own keeps what earlier tests have traced out of the count.
    cj.simulate(Counted(1.0), workflow, ones, generations=4, chains=64, block=100 + workflow.n, engine=engine)
    assert len(Counted.calls) == len(set(Counted.calls)), Counted.calls
    in_run = [call for call in Counted.calls if call[1] == (100 + workflow.n,)]  # and not in the trial of its fit
    assert len(in_run) == expected, Counted.calls


def test_one_path_metric_alone():
    run = cj.simulate(cj.Bernoulli(0.5), cj.Replace(2), METRICS["collapse_time"], generations=3, chains=64, block=64)
    assert list(run) == ["collapse_time"]


def test_one_generation_one_chain():
    run = cj.simulate(cj.Bernoulli(0.5), cj.Replace(4), "squared_error", generations=1, chains=1, keep_paths=5)
    assert run["squared_error"].mean.shape == (1,)
    assert np.isnan(run["squared_error"].variance[0])
    assert run.paths["squared_error"].shape == (1, 1)
    assert "1 chains" in repr(run)


@pytest.mark.usefixtures("untyped")
def test_hyper_parameters_may_be_numpy_scalars():
    run = cj.simulate(cj.Bernoulli(0.5), cj.Replace(np.int64(4)), "squared_error", generations=np.int64(2),
                      chains=np.int32(10), block=64, seed=np.int64(3))  # fmt: skip
    same = cj.simulate(cj.Bernoulli(0.5), cj.Replace(4), "squared_error", generations=2, chains=10, block=64, seed=3)
    assert run["squared_error"].mean.tolist() == same["squared_error"].mean.tolist()
    assert json.dumps(run.config) == json.dumps(same.config)


def scalar(model, truth):
    return jnp.sum(model.mean)


def square(model, truth):
    return jnp.ones((*model.batch_shape, 2))


def twin():
    def risk(model, truth):
        return ones(model, truth)

    return risk


GAUSSIAN = cj.Gaussian(ddof=0)
INVALID = {
    "chains=0": ({"chains": 0}, "whole number >= 1"),
    "chains<0": ({"chains": -5}, "whole number >= 1"),
    "chains bool": ({"chains": True}, "whole number >= 1"),
    "chains float": ({"chains": 1e3}, "whole number >= 1"),
    "chains str": ({"chains": "10"}, "whole number >= 1"),
    "generations=0": ({"generations": 0}, "whole number >= 1"),
    "generations<0": ({"generations": -1}, "whole number >= 1"),
    "generations bool": ({"generations": True}, "whole number >= 1"),
    "generations float": ({"generations": 2.0}, "whole number >= 1"),
    "block": ({"block": 1}, "whole number >= 2"),
    "keep_paths": ({"keep_paths": -1}, "whole number >= 0"),
    "first_block": ({"first_block": -1}, "whole number >= 0"),
    "seed<0": ({"seed": -1}, "whole number >= 0"),
    "seed float": ({"seed": 1.5}, "whole number >= 0"),
    "seed large": ({"seed": 1 << 64}, "below 2"),
    "chunk": ({"chunk": -1}, "whole number >= 1"),
    "chunk=0": ({"chunk": 0}, "whole number >= 1"),
    "engine": ({"engine": "fast"}, "use 'exact' or 'literal'"),
    "dtype": ({"dtype": "float16"}, "use 'float64' or 'float32'"),
    "draws": ({"draws": "float16"}, "use 'float64', 'float32' or None"),
    "draws > dtype": ({"draws": "float64", "dtype": "float32"}, "use dtype='float64' too"),
    "sampler": ({"sampler": "magic"}, "use 'quantile' or 'rejection'"),
    "shard=0": ({"shard": (0, 2)}, "i = 1 .. N"),
    "shard>N": ({"shard": (3, 2)}, "i = 1 .. N"),
    "shard one": ({"shard": (3,)}, "i = 1 .. N"),
    "shard float": ({"shard": (1, 2.0)}, "i = 1 .. N"),
    "shard and distributed": ({"shard": (1, 2), "distributed": True}, "leave shard out"),
    "checkpoint_every": ({"checkpoint_every": -1}, "use seconds >= 0"),
    "checkpoint_every nan": ({"checkpoint_every": float("nan")}, "use seconds >= 0"),
    "devices": ({"devices": 99}, "JAX_NUM_CPU_DEVICES"),
    "devices=0": ({"devices": 0}, "use"),
    "memory": ({"memory": 1}, "use a smaller block"),
    "unknown metric": ({"metrics": "varience"}, "known are"),
    "lambda": ({"metrics": lambda model, truth: model.mean[..., 0]}, "write `def my_metric"),
    "not a metric": ({"metrics": [3]}, "write `def my_metric"),
    "no metric": ({"metrics": []}, "name at least one"),
    "undefined metric": ({"metrics": "risk"}, "defined are"),
    "undefined support": ({"metrics": "support_size"}, "defined are"),
    "twice": ({"metrics": ["variance", "variance"]}, "rename one"),
    "same name": ({"metrics": [twin(), twin()]}, "rename one"),
    "scalar metric": ({"metrics": scalar}, "return one number per chain"),
    "square metric": ({"metrics": square}, "return one number per chain"),
    "family": ({"family": "gaussian"}, "takes a Family and a Workflow"),
    "workflow": ({"workflow": "replace"}, "takes a Family and a Workflow"),
    "schedule": ({"workflow": cj.Replace([5, 5])}, "give one size per fit"),
}  # fmt: skip


@pytest.mark.usefixtures("untyped")
@pytest.mark.parametrize("case", INVALID)
def test_invalid_input_names_the_remedy(case):
    options, remedy = INVALID[case]
    settings = {
        "family": GAUSSIAN,
        "workflow": cj.Replace(5),
        "metrics": "variance",
        "generations": 3,
        "chains": 64,
    } | options
    with pytest.raises(ValueError, match=remedy) as caught:
        cj.simulate(settings.pop("family"), settings.pop("workflow"), settings.pop("metrics"), **settings)
    assert "\n" not in str(caught.value)


CONSTRUCTORS = {
    "no ddof": (lambda: cj.Gaussian(), "ddof=0"),
    "ddof=2": (lambda: cj.Gaussian(ddof=2), "ddof=0"),
    "ddof and known": (lambda: cj.Gaussian(ddof=0, known_cov=True), "known_cov=True and no ddof"),
    "asymmetric": (lambda: cj.Gaussian(cov=[[1.0, 0.5], [0.0, 1.0]], ddof=0), "positive eigenvalues"),
    "indefinite": (lambda: cj.Gaussian(cov=[[1.0, 2.0], [2.0, 1.0]], ddof=0), "positive eigenvalues"),
    "negative variance": (lambda: cj.Gaussian(cov=-1.0, ddof=0), "positive eigenvalues"),
    "cov nan": (lambda: cj.Gaussian(cov=[[1.0, np.nan], [np.nan, 1.0]], ddof=0), "give finite numbers"),
    "shapes": (lambda: cj.Gaussian([0.0, 0.0, 0.0], np.eye(2), ddof=0), "give a d-vector"),
    "cov vector": (lambda: cj.Gaussian(cov=[1.0, 2.0], ddof=0), "give a d-vector"),
    "bernoulli": (lambda: cj.Bernoulli(1.2), "use 0 <= p <= 1"),
    "bernoulli nan": (lambda: cj.Bernoulli(float("nan")), "give a finite number"),
    "poisson": (lambda: cj.Poisson(-1.0), "at least 0"),
    "exponential": (lambda: cj.Exponential(0.0), "needs mean > 0"),
    "p sum": (lambda: cj.Categorical([0.5, 0.6]), "divide it by its sum"),
    "p negative": (lambda: cj.Categorical([1.5, -0.5]), "divide it by its sum"),
    "p nan": (lambda: cj.Categorical([0.5, float("nan")]), "give a vector of finite numbers"),
    "p matrix": (lambda: cj.Categorical([[0.5, 0.5]]), "give a vector"),
    "sampler": (lambda: cj.Categorical(sampler="alias"), "use 'counts' or 'index'"),
    "no w": (lambda: cj.LinearRegression(design="fresh"), "give the true parameter w or the dimension d"),
    "w and d": (lambda: cj.LinearRegression([1.0], d=2, design="fresh"), "leave one of them out"),
    "d=0": (lambda: cj.LinearRegression(d=0, design="fresh"), "whole number >= 1"),
    "design": (lambda: cj.LinearRegression(d=2, design="new"), "use 'shared'"),
    "sigma2": (lambda: cj.LinearRegression(d=2, design="fresh", sigma2=-1.0), "must not be negative"),
    "ridge": (lambda: cj.LinearRegression(d=2, design="fresh", ridge=-1.0, penalty="absolute"), "must not be negative"),
    "penalty": (lambda: cj.LinearRegression(d=2, design="fresh", ridge=1.0), "penalty='absolute'"),
    "penalty name": (lambda: cj.LinearRegression(d=2, design="fresh", ridge=1.0, penalty="l2"), "penalty='absolute'"),
    "cov": (lambda: cj.LinearRegression(d=2, design="fresh", cov=np.eye(3)), "2 x 2"),
    "cov indefinite": (lambda: cj.LinearRegression(d=2, design="fresh", cov=-np.eye(2)), "positive definite"),
}


@pytest.mark.usefixtures("untyped")
@pytest.mark.parametrize("case", CONSTRUCTORS)
def test_invalid_families(case):
    make, remedy = CONSTRUCTORS[case]
    with pytest.raises(ValueError, match=remedy) as caught:
        make()
    assert "\n" not in str(caught.value)


def test_a_family_without_statistic_says_so():
    class Half(cj.Family):
        mean: jax.Array
        parameters = {"mean": 0}

        def sample(self, key, n):
            return jax.random.normal(key, (*self.batch_shape, n), self.dtype) + self.mean[..., None]

        def fit(self, data):
            return self.replace(mean=data.total(data.values) / data.number)

    def mean(model, truth):
        return model.mean

    family = Half(jnp.asarray(1.0))
    with pytest.raises(ValueError, match="use engine='literal'"):
        cj.simulate(family, cj.Replace(5), mean, generations=2, chains=64, block=64)
    run = cj.simulate(family, cj.Accumulate(5), mean, generations=2, chains=64, block=64, engine="literal")
    assert np.all(run["mean"].nonfinite == 0)
    assert eqx.is_array(family.mean)
