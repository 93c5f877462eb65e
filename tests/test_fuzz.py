"""Malformed and awkward inputs: every one has an answer or a sentence, and no answer is one that the oracle contradicts."""

import dataclasses
import inspect

import _fuzz as fuzz
import numpy as np
import pytest
from _fuzz_files import FEW, FILES, SMALL, of_file, proportion, save
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

import collapse_jax as cj
from collapse_jax import laws, metrics
from collapse_jax.laws import pedigree
from proofs_check import Check, Computed, Plan, claim, verify
from proofs_check.cli import main

pytestmark = pytest.mark.usefixtures("untyped", "fast_compilation")

AWKWARD = st.sampled_from(fuzz.AWKWARD)
FAMILIES, WORKFLOWS = (
    [kind for name in cj.exported(room) if not inspect.isabstract(kind := getattr(cj, name)) and kind is not cj.Around]
    for room in ("families", "workflows")
)
LAWS = [
    law
    for room in laws.__all__
    if room != "domain"
    for name in getattr(laws, room).__all__
    if callable(law := getattr(getattr(laws, room), name))
]
OPTIONS = [field.name for field in dataclasses.fields(cj.Request)][3:]
UNSAFE = ("checkpoint", "distributed")  # which write where they are told, or wait for others
SANE = {
    "p": [0.3, (0.5, 0.3, 0.2)], "n": [1, 2, 5, 12], "t": [1, 2, 4], "T": [3, 4, 5, 8], "d": [1, 2, 3], "sigma2": [1.0],
    "x": [0.5, [0.1, 2.0]], "generations": [1, 3], "ddof": [0, 1], "S0": [0.4], "support": [4], "N": [2], "v": [0.5],
    "v2": [0, -1], "sizes": [(5, 6), (9, 9)], "coefficient": [1.0], "pedigree": [pedigree.of(cj.Replace(5), 3)],
    "workflow": [cj.Replace(5), cj.Accumulate(5)], "weights": [[[1.0]], [[1, 0], [0.5, 0.5]]], "weight": [0.5],
    "source": [[0]], "size": [[5]], "function": [np.sqrt], "response": [lambda x: x],
    "keep": [lambda p: p], "law": [lambda x: 1 / x], "laws": [[np.array([0.5, 0.5])]], "start": [[0.5, 0.5]],
    "reward": [(0.0, 1.0, -0.5)], "K": [2, 3], "offset": [[0.0, 0.0]], "matrix": [[[0.5, 0.1], [0.1, 0.5]]], "eta": [0.3],
    "truth": [laws.kde.normal()], "bandwidth": [0.3], "n_real": [3, 10], "bias": [0.9], "gamma": [0.5], "factor": [2],
}  # fmt: skip
ORACLE = {  # family, variance at the truth, and the quadratic coefficient of the variance function
    "bernoulli": (cj.Bernoulli(0.3), 0.21, -1),
    "poisson": (cj.Poisson(3.0), 3.0, 0),
    "gaussian": (cj.Gaussian(d=1, known_cov=True), 1.0, 0),
}


def bounded(examples):
    """A number of inputs that are the same in every run."""
    return settings(
        max_examples=examples, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )


def arguments(function, skip=()):
    """Some of the arguments of a function, most of them sane."""
    names = [name for name, item in inspect.signature(function).parameters.items() if item.kind != item.VAR_KEYWORD]
    sane = {name: st.sampled_from(SANE[name]) if name in SANE else AWKWARD for name in names}
    return st.fixed_dictionaries(
        {}, optional={name: st.one_of(sane[name], AWKWARD) for name in names if name not in skip}
    ).map(lambda found: {**{name: SANE[name][0] for name in names if name in SANE}, **found})


def made(kinds):
    return st.sampled_from(kinds).flatmap(lambda kind: st.tuples(st.just(kind), arguments(kind)))


def options():
    names = [name for name in OPTIONS if name not in UNSAFE]
    return st.dictionaries(st.sampled_from([*names, "unknown", "Zürich"]), AWKWARD, min_size=1, max_size=2)


def make(pair):
    kind, given = pair
    return kind(**given)


def ask(family, workflow, measured, given):
    """A request that is not refused runs if it is small."""
    request = cj.Request(family, workflow, measured, **{**SMALL, **given})
    if request.generations <= 4 and request.chains <= 256 and request.keep_paths <= 256:
        run = cj.simulate(family, workflow, measured, **{**SMALL, **given})
        repr(run)


def construct(judge, pair):
    judge(pair, lambda: repr(make(pair)))


def of_run(judge, given):
    judge(given, lambda: ask(cj.Bernoulli(0.3), cj.Replace(20), "squared_error", given))


def of_metrics(judge, value):
    name, awkward = value
    model = cj.Bernoulli(0.3)
    calls = {
        "simulate": lambda: ask(model, cj.Replace(20), awkward, {}),
        "family": lambda: ask(awkward, cj.Replace(20), "squared_error", {}),
        "workflow": lambda: ask(model, awkward, "squared_error", {}),
        "metrics_for": lambda: metrics.metrics_for(awkward),
        "range_of": lambda: metrics.range_of(awkward, model, 3),
        "range_of_family": lambda: metrics.range_of("squared_error", awkward, 3),
        "metric": lambda: cj.metric(name=awkward)(lambda model, truth: model.p),
        "HittingTime": lambda: cj.HittingTime(awkward),
        "FromFirst": lambda: cj.FromFirst(awkward),
        "SquaredStep": lambda: cj.SquaredStep(awkward),
        "defined": lambda: metrics.defined(awkward, model),
    }
    judge(value, calls[name])


METRIC_CALLS = [
    "simulate",
    "family",
    "workflow",
    "metrics_for",
    "range_of",
    "range_of_family",
    "metric",
    "HittingTime",
    "FromFirst",
    "SquaredStep",
    "defined",
]


def of_grid(judge, given):
    build, over, more = given
    builders = [lambda n: (cj.Bernoulli(0.3), cj.Replace(n)), lambda n: cj.Replace(n), None, lambda: 3, len]
    judge(given, lambda: cj.sweep(builders[build], over, "squared_error", **{**FEW, **more}))


def of_law(judge, pair):
    judge((pair[0].__name__, pair[1]), lambda: make(pair))


def of_claim(judge, given):
    kind, fields, plan = given

    def decide():
        value = {"predicted": lambda t: 0.21 / 20, "mutants": {"twice": lambda t: 0.021}, "at": (1,)}
        if kind == "Check":
            setup = {"family": cj.Bernoulli(0.3), "workflow": cj.Replace(20), "metric": "squared_error", **value}
            check = Check(**{**setup, "generations": 3, **fields})
        else:
            check = Computed(**{"value": lambda t: 0.21 / 20, **value, **fields})
        words = {"statement": "x", "relation": "==", "provenance": "derived", "source": "here"}
        decided = Plan(**{"resolution": 0.5, "alpha": 1e-3, "max_chains": 4096, "hasty": True, **plan})
        if decided.max_chains <= 4096:
            verify(claim("fuzz.made", **words)(lambda: check), decided)

    judge(given, decide)


def fields_of(kind):
    names = [field.name for field in dataclasses.fields(kind)]
    return st.dictionaries(st.sampled_from(names), st.one_of(AWKWARD, AWKWARD.map(lambda x: lambda t: x)), max_size=2)


def known_law(judge, given):
    """Errors of estimates within z = 6 of the closed form: 3 generations of a million settings stay so but one in 1e3."""
    name, accumulated, n, number = given

    def compare():
        family, v, v2 = ORACLE[name]
        workflow = (cj.Accumulate if accumulated else cj.Replace)(n)
        run = cj.simulate(family, workflow, "squared_error", **{**SMALL, "chains": 4096, "seed": number})
        exact = pedigree.quadratic_error(pedigree.of(workflow, 3), v, v2)
        curve = run["squared_error"]
        z = (curve.mean - exact) / curve.standard_error
        if not np.all(np.abs(z) < 6):
            raise fuzz.Wrong(f"z = {z} of {exact}")

    judge(given, compare)


def invariants(judge, given):
    p, number = given

    def compare():
        run = cj.simulate(
            cj.Bernoulli(p), cj.Replace(5), ["absorbed", proportion], keep_paths=64, **{**SMALL, "seed": number}
        )
        paths, absorbed = run.paths["proportion"], run.paths["absorbed"]
        on_lattice = np.abs(paths * 5 - np.round(paths * 5)) < 1e-9
        if not (np.all(on_lattice) and np.all((paths >= 0) & (paths <= 1))):
            raise fuzz.Wrong("a proportion of 5 that is none")
        if not np.all(absorbed == ((paths == 0) | (paths == 1))):
            raise fuzz.Wrong("absorbed is not 1 at 0 and 1, else 0")

    judge(given, compare)


SIZES = st.integers(5, 10**6) | st.tuples(*[st.integers(5, 1000)] * 3)
PYTHON = {
    "families": (construct, made(FAMILIES), 30),
    "workflows": (construct, made(WORKFLOWS), 15),
    "options": (of_run, options(), 30),
    "metrics": (of_metrics, st.tuples(st.sampled_from(METRIC_CALLS), AWKWARD), 20),
    "grids": (
        of_grid,
        st.tuples(
            st.sampled_from([0, 0, 0, 1, 2, 3, 4]),
            st.just({"n": [5, 6]}) | AWKWARD | st.dictionaries(st.sampled_from(["n", "", "Zürich"]), st.lists(AWKWARD, max_size=2), max_size=2),
            st.one_of(st.just({}), options()),
        ),
        15,
    ),
    "laws": (of_law, made(LAWS), 60),
    "claims": (
        of_claim,
        st.sampled_from([Check, Computed]).flatmap(
            lambda kind: st.tuples(
                st.just(kind.__name__),
                fields_of(kind),
                st.dictionaries(st.sampled_from(["alpha", "resolution", "max_chains", "seed", "engine"]), AWKWARD, max_size=1),
            )
        ),
        15,
    ),
    "oracle": (known_law, st.tuples(st.sampled_from(sorted(ORACLE)), st.booleans(), SIZES, st.integers(0, 2**64 - 1)), 10),
    "invariants": (invariants, st.tuples(st.floats(0.01, 0.99), st.integers(0, 2**64 - 1)), 5),
}  # fmt: skip

WORD = st.sampled_from(
    ["", "-", "--", "--json", "--all", "--help", "nothing", "*", "kazdan2024", "seddik2024.thm1.rho", "Zürich", "\0",
     "\x1b[31m", "\udcff", "a" * 999, "/", "/dev/null", "/proc/self/mem", ".", "1/0", "-1", "nan", "inf", "1e999", "9" * 30,
     "9" * 5000, "n=5", "n=0", "n=", "=", "n=[", "n=(5,5,5)", "n=" + "(" * 500, "p=nan", "p=0.3", "[", "[!", "--paper",
     "--latex", "--csv", "--markdown", "--fragment", "--quick", "--verdict", "--seed", "--set", "--metric", "squared_error",
     "--engine", "literal", "--alpha", "--chains", "8", "--dtype", "float32", "--shard", "2/3", "--devices", "all"]
)  # fmt: skip
COMMANDS = {
    "list": ["list"],
    "show": ["show"],
    "cite": ["cite"],
    "papers": ["papers"],
    "export": ["export", "--csv"],
    "simulate": ["simulate", "Bernoulli", "Replace", "--set", "n=5", "--chains", "8", "--generations", "3"],
    "verify": ["verify", "seddik2024.thm1.rho", "--quick", "--max-chains", "64"],
    "figure": ["figure", "--list"],
    "nothing": [],
}
LINES = st.tuples(st.sampled_from(sorted(COMMANDS)), st.lists(WORD, min_size=1, max_size=3), st.booleans())


def of_line(judge, given):
    name, words, replaced = given
    argv = [*(COMMANDS[name][:1] if replaced and name not in ("simulate", "verify") else COMMANDS[name]), *words]
    if name == "verify" and ({"--all", "*", "kazdan2024"} & set(words)):
        return  # minutes of honest work
    judge(argv, lambda: fuzz.command(main, argv))


HOW = st.sampled_from(["cut", "flip", "field", "swap", "junk"])
DAMAGE = st.tuples(st.sampled_from(FILES), HOW, st.integers(0, 2**32), AWKWARD)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved")
    return folder, save(folder)


def search(judge, examples, cases, strategy, number=0):
    """Judge so many inputs of a strategy."""

    @bounded(examples)
    @seed(number)
    @given(strategy)
    def one(value):
        cases(judge, value)

    one()


@pytest.mark.parametrize("kind", PYTHON)
def test_python(kind):
    cases, strategy, examples = PYTHON[kind]
    search(fuzz.Judge(), examples, cases, strategy)


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.wide
def test_the_command_line(elsewhere):
    search(fuzz.Judge(), 20, of_line, LINES)


@pytest.mark.wide
def test_files(saved):
    search(fuzz.Judge(), 30, lambda judge, value: of_file(judge, saved, value), DAMAGE)


@pytest.mark.slow
def test_ten_thousand_inputs(saved, elsewhere, capsys):
    """The counts that docs/guarantees.md gives."""
    total = fuzz.Judge(strict=False)
    share = {
        "families": 1500,
        "workflows": 800,
        "options": 1200,
        "metrics": 900,
        "grids": 700,
        "laws": 1600,
        "claims": 500,
    }
    share |= {"oracle": 600, "invariants": 200}
    for kind, examples in share.items():
        cases, strategy, _ = PYTHON[kind]
        search(total, examples, cases, strategy)
    search(total, 1100, of_line, LINES)
    search(total, 1000, lambda judge, value: of_file(judge, saved, value), DAMAGE)
    with capsys.disabled():
        print(total.summary(), *total.faults.values(), sep="\n")
    assert not total.faults
