"""Every family under every workflow by every engine: one law, whoever draws it.

The judge is `_oracle`, plain NumPy. To put a new family (or workflow) through everything, add one line to FAMILIES
(or WORKFLOWS). What is defined for some families only, or is dear, goes to PICKED with the families that it meets.
"""

from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any

import _oracle as oracle
import _oracle_workflows as loops
import jax
import numpy as np
import pytest

import collapse_jax as cj

pytestmark = pytest.mark.usefixtures("fast_compilation")

CHAINS, GENERATIONS, N = 4096, 4, 12
COV2 = np.array([[1.0, 0.4], [0.4, 0.5]])
COV3 = np.array([[1.0, 0.5, 0.2], [0.5, 2.0, -0.3], [0.2, -0.3, 0.5]])
MEAN3 = np.array([1.0, 0.0, -2.0])
W3 = np.array([1.0, -1.0, 0.5])
P3 = np.array([0.5, 0.3, 0.2])


def squared_norm(x):
    return (x**2).sum(-1)


def first_component(leaf):
    return leaf.reshape(CHAINS, -1)[:, 0]


@dataclass
class Entry:
    """A family, its oracle, a signed coordinate of the fitted model and one of its named metrics.

    `first` makes the coordinate from the first entry of the oracle's model, by default its own first component.
    """

    family: Any
    oracle: Any
    coordinate: Any
    metric: str
    value: Any
    first: Any = first_component


def _scalar(family, name, sampler, metric, value):
    def coordinate(model):
        return getattr(model, name)

    return Entry(family, oracle.Means(getattr(family, name), sampler), coordinate, metric, value)


def _gaussian(mean, cov, ddof):
    mean, cov = np.atleast_1d(np.asarray(mean, float)), np.atleast_2d(np.asarray(cov, float))
    kept = {"known_cov": True} if ddof is None else {"ddof": ddof}
    metric = "mean_error" if ddof is None else "log_det"

    def value(mu, sigma):
        if ddof is None:
            return squared_norm(mu - mean)
        return np.linalg.slogdet(sigma)[1] - np.linalg.slogdet(cov)[1]

    return Entry(
        cj.Gaussian(mean, cov, **kept), oracle.Normal(mean, cov, ddof), lambda m: m.mean[..., 0], metric, value
    )


def _categorical(sampler):
    return Entry(
        cj.Categorical(P3, sampler=sampler), oracle.Symbols(P3), lambda m: m.p[..., 0], "sum_of_squares", squared_norm
    )


def _regression(cov=COV3, **options):
    family = cj.LinearRegression(W3, sigma2=0.5, cov=cov, **options)
    truth = oracle.Regression(W3, 0.5, cov, options["design"] == "shared", options.get("ridge", 0.0),
                              options.get("penalty") == "per_sample")  # fmt: skip
    # nu = N - d + 1 = 10 > 8, so that the risk has the fourth moment its standard error needs
    return Entry(family, truth, lambda m: m.w[..., 0], "risk", lambda w: np.einsum("ri,ij,rj->r", w - W3, cov, w - W3))


def _beta(theta):
    def kl(fitted):
        return theta / fitted - 1 - np.log(theta / fitted)

    return Entry(cj.Beta(theta), oracle.Powers(theta), lambda m: jax.numpy.log(m.theta), "kl_forward", kl, np.log)


def _laplace(location, scale):
    truth = oracle.Medians(location, scale)
    return Entry(cj.Laplace(location, scale), truth, lambda m: m.location, "variance", lambda m, b: 2 * b**2)


def _mixture(mu, sigma):
    family = cj.SymmetricMixture(mu, sigma, estimator="approximate")
    return Entry(family, oracle.TwoNormals(mu, sigma), lambda m: m.mu, "variance", lambda m, s: m**2 + s**2)


def _truncated_geometric(theta, K):
    truth = oracle.Geometric(theta, K)

    # Of the fitted law, as theta itself may be infinite.
    def tv(fitted):
        return np.abs(truth.p(fitted) - truth.p(np.array([theta]))).sum(1) / 2

    return Entry(cj.TruncatedGeometric(theta, K), truth, lambda m: m.p[..., 0], "tv", tv, lambda t: truth.p(t)[:, 0])


def _kde(h):
    def ise(points, _):
        x = points[..., 0]
        n = x.shape[1]
        pairs = np.exp(-((x[:, :, None] - x[:, None]) ** 2) / (4 * h**2)).sum((1, 2)) / n**2 / (2 * h * np.sqrt(np.pi))
        cross = np.exp(-(x**2) / (2 + 2 * h**2)).mean(1) / np.sqrt(2 * np.pi * (1 + h**2))
        return pairs - 2 * cross + 1 / (2 * np.sqrt(np.pi))

    def mean(model):
        return jax.numpy.sum(model.means[..., 0], -1) / model.number

    return Entry(cj.KDE(h), oracle.Kernels(h), mean, "ise", ise, lambda points: points[..., 0].mean(1))


def _markov(p):
    family = cj.Markov(p, unseen="uniform")

    def simpson(rows, weights):
        return (weights * (rows**2).sum(-1)).sum(-1)

    return Entry(family, oracle.Chain(p), lambda m: m.p[..., 0, 0], "sum_of_squares", simpson)


FAMILIES = {
    "gaussian_ddof0": _gaussian(0.5, 2.0, 0),
    "gaussian_ddof1": _gaussian(0.5, 2.0, 1),
    "gaussian_d3": _gaussian(MEAN3, COV3, 0),
    "gaussian_known_cov": _gaussian([0.0, 1.0], COV2, None),
    "bernoulli": _scalar(cj.Bernoulli(0.3), "p", lambda r, m, s: r.binomial(1, m, s), "variance", lambda p: p * (1 - p)),
    "poisson": _scalar(cj.Poisson(0.7), "rate", lambda r, m, s: r.poisson(m, s), "squared_error", lambda x: (x - 0.7) ** 2),
    "exponential": _scalar(cj.Exponential(2.0), "mean", lambda r, m, s: r.exponential(m, s), "log_variance", lambda x: 2 * np.log(x)),
    "categorical_counts": _categorical("counts"),
    "categorical_index": _categorical("index"),
    "ols_fresh": _regression(design="fresh"),
    "ols_shared": _regression(design="shared"),
    "ridge_absolute": _regression(design="fresh", ridge=3.0, penalty="absolute"),
    "ridge_per_sample": _regression(np.eye(3), design="fresh", ridge=0.3, penalty="per_sample"),
    "beta": _beta(0.5),
    "negative_binomial": _scalar(cj.NegativeBinomial(0.8, 2.0), "mean", lambda r, m, s: r.poisson(r.gamma(2.0, m / 2.0, s)), "squared_error", lambda x: (x - 0.8) ** 2),
    "gamma": _scalar(cj.Gamma(2.0, 3.0), "mean", lambda r, m, s: r.gamma(3.0, m / 3.0, s), "log_variance", lambda x: 2 * np.log(x) - np.log(3)),
    "laplace": _laplace(0.5, 2.0),
    "mixture": _mixture(1.5, 1.0),
    "truncated_geometric": _truncated_geometric(0.2, 3),
    "kde": _kde(0.4),
    "markov": _markov(np.array([[0.5, 0.3, 0.2], [0.2, 0.7, 0.1], [0.3, 0.3, 0.4]])),
}  # fmt: skip
WORKFLOWS = {
    "replace": cj.Replace(N),
    "accumulate": cj.Accumulate(N),
    "accumulate_subsample": cj.AccumulateSubsample(N),
    "window": cj.Window(N, k=3),
    "random_pool": cj.RandomPool(N),
    "fixed_real": cj.FixedReal(N, n_real=N),
    "fresh_real_pooled": cj.FreshReal(N, n_real=N),
    "fresh_real_weighted": cj.FreshReal(N, n_real=N, weight=0.4),
    "linear": cj.Linear(N, [[1, 0, 0, 0], [0.3, 0.7, 0, 0], [0, 0.5, 0.5, 0], [0.4, 0.2, 0.1, 0.3]]),
}


def higher(x):
    """A reward of raw observations."""
    return 0.8 * x.reshape(*x.shape[:2], -1)[..., 0]


def _around(change, **settings):
    """The oracle's chains of a model that `change` goes around, under a workflow of its own by name."""

    def chains(family, rng, *, workflow, **sizes):
        return loops.chains_of(change(family), workflow, rng, **sizes)

    return partial(chains, **settings)


REWARD = (0.0, 0.8, -0.5)
PICKED = {  # a workflow, how the oracle does it, and the families; all but the first of these are `slow`
    "urn": (cj.Urn(N, n_real=5, first=8), partial(loops.urn, n_real=5, first=8),
            ["categorical_counts", "gaussian_d3", "laplace", "kde", "markov"]),
    "contaminated_last": (cj.Contaminated(N, share=0.4), partial(loops.contaminated, share=0.4, estimate="last"),
                          ["gaussian_ddof1", "ols_fresh", "categorical_index", "kde"]),
    "contaminated_pooled": (cj.Contaminated(N, share=0.4, estimate="pooled"),
                            partial(loops.contaminated, share=0.4, estimate="pooled"), ["bernoulli", "gaussian_d3"]),
    "contaminated_linear": (cj.Contaminated(N, share=0.7, estimate="linear"),
                            partial(loops.contaminated, share=0.7, estimate="linear"), ["categorical_counts", "poisson"]),
    "edited": (cj.Edited(N, rate=0.3), partial(loops.edited, rate=0.3),
               ["gaussian_ddof0", "categorical_index", "ols_fresh", "exponential", "mixture"]),
    "recent_fresh": (cj.RecentModels(N, n_real=N, k=2), partial(loops.recent, n_real=N, k=2, fresh=True),
                     ["bernoulli", "gaussian_d3", "ols_fresh", "markov"]),
    "recent_fixed": (cj.RecentModels(N, n_real=N, k=2, fresh=False),
                     partial(loops.recent, n_real=N, k=2, fresh=False), ["exponential", "kde", "negative_binomial"]),
    "curated": (cj.Curated(cj.FixedReal(N, n_real=N), REWARD, K=3),
                _around(lambda f: loops.Curated(f, lambda x: np.array(REWARD)[x[0]], 3, False), workflow="FixedReal"),
                ["categorical_counts"]),
    "curated_best": (cj.Curated(cj.Replace(N), REWARD, K=3, rule="best"),
                     _around(lambda f: loops.Curated(f, lambda x: np.array(REWARD)[x[0]], 3, True), workflow="Replace"),
                     ["categorical_counts"]),
    "curated_by_function": (cj.Curated(cj.FixedReal(N, n_real=N), higher, K=3),
                            _around(lambda f: loops.Curated(f, lambda x: higher(x[0]), 3, False), workflow="FixedReal"),
                            ["poisson", "gaussian_d3", "laplace", "kde"]),
    "tempered": (cj.Tempered(cj.Accumulate(N), temperature=0.7),
                 _around(partial(loops.tempered, temperature=0.7), workflow="Accumulate"),
                 ["categorical_counts", "markov", "categorical_index"]),
    "biased": (cj.Biased(cj.FixedReal(N, n_real=N), bias=0.6),
               _around(partial(loops.biased, bias=0.6), workflow="FixedReal"),
               ["gaussian_ddof1", "gaussian_d3", "gaussian_known_cov"]),
    "corrected": (cj.Corrected(cj.FixedReal(N, n_real=N), gamma=0.5),
                  _around(partial(loops.Corrected, gamma=0.5), workflow="FixedReal"),
                  ["gaussian_ddof0", "categorical_counts", "ols_fresh", "beta", "kde"]),
}  # fmt: skip
UNDEFINED = {
    ("ols_shared", "random_pool"): "design='fresh'",
    ("categorical_index", "fresh_real_weighted"): "sampler='counts'",
    ("categorical_index", "linear"): "sampler='counts'",
    ("kde", "fresh_real_weighted"): "weight=None",
    ("kde", "linear"): "pool=True",
}
CELLS = [(f, w) for f in FAMILIES for w in WORKFLOWS if (f, w) not in UNDEFINED]
CELLS += [(f, w) for w, (_, _, families) in PICKED.items() for f in families]
# pairs of {oracle, exact, literal} x generations x 2 statistics x (KS and z)
ALPHA = oracle.alpha_of(len(CELLS) * 3 * GENERATIONS * 2 * 2)


def _count_calls(monkeypatch, family):
    """Calls of the family's methods while tracing, as (method, shapes) pairs; monkeypatch restores the class."""
    calls = []

    def shown(leaf):
        """A number that is not traced makes a program of its own."""
        return leaf if isinstance(leaf, int) else (jax.numpy.shape(leaf), str(jax.numpy.result_type(leaf)))

    def counted(name, method):
        def call(self, *arguments):
            leaves, structure = jax.tree.flatten((self, arguments))
            calls.append((name, str(structure), tuple(map(shown, leaves))))
            return method(self, *arguments)

        return call

    for name in ("sample", "statistic", "fit"):
        monkeypatch.setattr(type(family), name, counted(name, getattr(type(family), name)))
    return calls


def _cell(name, kind):
    """A sixth of the cells, one or two for each family and three for each workflow, are taken by default and as many
    more with what is wide; the others are a study of many minutes. Of PICKED the first family is wide."""
    if kind in PICKED:
        first = name == PICKED[kind][2][0]
        return pytest.param(name, kind, id=f"{name}-{kind}", marks=[pytest.mark.wide if first else pytest.mark.slow])
    place = list(FAMILIES).index(name) + list(WORKFLOWS).index(kind)
    marks = {0: [], 2: [pytest.mark.wide]}.get(place % 6, [pytest.mark.slow])
    return pytest.param(name, kind, id=f"{name}-{kind}", marks=marks)


def _engines(family, workflow):
    if type(family).statistic is cj.Family.statistic:
        return ["literal"]
    one_program = workflow.needs_samples_of(family) or family.keeps_samples
    return ["exact"] if one_program else ["exact", "literal"]


def _protocol(kind):
    """A workflow, and how the oracle does it."""
    if kind in PICKED:
        return PICKED[kind][:2]
    workflow = WORKFLOWS[kind]
    settings = {"weight": getattr(workflow, "weight", None), "weights": getattr(workflow, "weights", None)}
    return workflow, partial(loops.chains_of, workflow=type(workflow).__name__, k=3, n_real=N, **settings)


@pytest.mark.sample(3)
@pytest.mark.parametrize(("name", "kind"), [_cell(*cell) for cell in CELLS])
def test_engines_and_oracle_agree_in_law(name, kind, monkeypatch):
    entry, (workflow, chains_of) = FAMILIES[name], _protocol(kind)
    engines = _engines(entry.family, workflow)
    calls = _count_calls(monkeypatch, entry.family)
    rng = np.random.default_rng([list(FAMILIES).index(name), [*WORKFLOWS, *PICKED].index(kind)])
    models = chains_of(entry.oracle, rng=rng, chains=CHAINS, sizes=[N] * GENERATIONS)
    samples = {"oracle": [np.stack([entry.first(m[0]) for m in models]),
                          np.stack([entry.value(*m) for m in models])]}  # fmt: skip
    for seed, engine in enumerate(engines):
        traces = []

        def coordinate(model, truth, traces=traces):
            traces.append(model)
            return entry.coordinate(model)

        calls.clear()
        run = cj.simulate(entry.family, workflow, [coordinate, entry.metric], generations=GENERATIONS, chains=CHAINS,
                          engine=engine, seed=seed, keep_paths=CHAINS)  # fmt: skip
        assert len(traces) == 1, "a metric is traced once per run"
        assert len(calls) == len(set(calls)), f"traced again with the same shapes: {calls}"
        assert all(np.all(curve.nonfinite == 0) for curve in run.values())
        samples[engine] = list(run.paths.values())
    for a, b in combinations(samples, 2):
        for statistic, x, y in zip(["coordinate", entry.metric], samples[a], samples[b], strict=True):
            for t in range(GENERATIONS):
                oracle.assert_same_law(x[t], y[t], ALPHA, f"{statistic} at t={t + 1}, {a} against {b}")


@pytest.mark.parametrize(
    ("cell", "remedy"), UNDEFINED.items(), ids=lambda value: "-".join(value) if isinstance(value, tuple) else ""
)
def test_undefined_combinations_name_the_remedy(cell, remedy):
    entry, workflow = FAMILIES[cell[0]], WORKFLOWS[cell[1]]
    for engine in ("exact", "literal"):
        with pytest.raises(ValueError, match=remedy):
            cj.simulate(entry.family, workflow, entry.metric, generations=2, chains=10, engine=engine)


@pytest.mark.parametrize(
    "workflow", [cj.FixedReal(N, n_real=N + 1), cj.FreshReal(N, n_real=N - 1), cj.Replace([N, N + 1])]
)
def test_a_shared_design_needs_equal_sizes(workflow):
    for engine in ("exact", "literal"):
        with pytest.raises(ValueError, match="use equal sizes"):
            cj.simulate(FAMILIES["ols_shared"].family, workflow, "risk", generations=2, chains=10, engine=engine)
