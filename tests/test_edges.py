"""Numbers at the edges: what is refused and with which sentence, and the right value where there is one."""

import importlib
import inspect
import math
import pkgutil

import flint
import jax
import jax.numpy as jnp
import numpy as np
import pytest
import sympy

import collapse_jax as cj
from collapse_jax import data, laws
from collapse_jax.laws import identities
from collapse_jax.laws.domain import (
    Choice,
    Domain,
    Integers,
    Interval,
    NonNegative,
    Positive,
    Probabilities,
    Probability,
    Real,
    domain,
    domain_of,
)
from proofs_check import papers, registry
from proofs_check.claim import claim
from proofs_check.papers.barzilai2025 import theory as barzilai2025
from proofs_check.papers.gerstgrasser2024 import theory as gerstgrasser2024
from proofs_check.papers.he2025 import theory as he2025
from proofs_check.papers.kazdan2024 import theory as kazdan2024
from proofs_check.papers.seddik2024 import theory as seddik2024

TOO_FEW = "is defined for T >= d \\+ 2; d=10, T={} is outside"


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: gerstgrasser2024.replace(5, d=10, T=5, sigma2=1.0), "^replace " + TOO_FEW.format(5)),
        (lambda: gerstgrasser2024.accumulate(5, d=10, T=5, sigma2=1.0), "^accumulate " + TOO_FEW.format(5)),
        (lambda: identities.one_fit(10, 11, 1.0), "^one_fit " + TOO_FEW.format(11)),
        (lambda: gerstgrasser2024.accumulate_fresh_limit(10, 11, 1.0), TOO_FEW.format(11)),
        (lambda: gerstgrasser2024.accumulate_fresh(2, 10, [11, 40], 1.0), "first\\(T\\) >= d \\+ 2"),
        (lambda: gerstgrasser2024.accumulate_fresh(3, 10, [20, 40], 1.0), "t <= len\\(T\\); t=3, T=\\[20, 40\\]"),
        (lambda: gerstgrasser2024.ridge_ceiling(10, 13, 1.0, 1.0, 1.0), "T >= d \\+ 4"),
        (lambda: gerstgrasser2024.replace(-1, d=2, T=20, sigma2=1.0), "whole t >= 0; t=-1 is outside"),
        (lambda: gerstgrasser2024.replace(1.5, d=2, T=20, sigma2=1.0), "whole t >= 0; t=1.5"),
        (lambda: gerstgrasser2024.replace(1, d=2, T=20, sigma2=-1.0), "sigma2 >= 0; sigma2=-1.0"),
        (lambda: gerstgrasser2024.replace(1, d=2, T=20, sigma2=np.array([1.0, -1])), "sigma2 >= 0"),
        (lambda: gerstgrasser2024.replace(1, d=2, T=20, sigma2=math.nan), "sigma2 >= 0; sigma2=nan"),
        (lambda: gerstgrasser2024.replace(1, d=2, T=20, sigma2=math.inf), "sigma2 >= 0; sigma2=inf"),
        (lambda: gerstgrasser2024.replace(1, d=2, T=20, sigma2=jnp.float32(-1)), "sigma2 >= 0; sigma2=-1.0"),
        (lambda: gerstgrasser2024.replace(True, d=2, T=20, sigma2=1.0), "whole t >= 0; t=True"),
        (lambda: gerstgrasser2024.replace("3", d=2, T=20, sigma2=1.0), "whole t >= 0; t='3'"),
        (lambda: gerstgrasser2024.replace(1, d=2, T=flint.arb(3), sigma2=1.0), "T >= d \\+ 2"),
        (lambda: gerstgrasser2024.replace(sympy.Symbol("t", negative=True), 2, 20, 1.0), "whole t >= 0"),
        (lambda: gerstgrasser2024.replace(sympy.Rational(1, 2), 2, 20, 1.0), "whole t >= 0"),
        (lambda: identities.total(-1, lambda k: k), "before the first fit"),
        (lambda: identities.qvf_error(1, identities.replace_steps(0), -1, 0.2), "whole n >= 1; n=0"),
        (lambda: kazdan2024.replace_cov(1, 1, 1), "n > ddof"),
        (lambda: kazdan2024.replace_cov(1, 5, 2), "ddof one of 0, 1; ddof=2"),
        (lambda: kazdan2024.accumulate_subsample_cov(2, 1), "whole n >= 2"),
        (lambda: kazdan2024.replace_log_det(1, 3, 3, 0), "n > d; n=3, d=3"),
        (lambda: he2025.mean_error(1, 5, 5, 0.0), "0 < w <= 1; w=0.0"),
        (lambda: seddik2024.corpus_deviation(0, 5, 5, 0.3), "whole t >= 1"),
        (lambda: seddik2024.rho_bounds(1, 5, 0.1, 3), "S0 \\* support"),
        (lambda: seddik2024.collapse_time_diffusion(5, (0.5, 0.6)), "that sum to 1"),
        (lambda: seddik2024.phi(0.7), "0 < x <= 0.5"),
        (lambda: barzilai2025.theorem41_radius(0.0, 1, 10, 1.0), "0 < delta <= 1"),
        (lambda: laws.coalescent.zipf(3, 0.2), "1/support <= S0 < 1"),
        (lambda: laws.coalescent.power_sums([0.5, math.nan], 3, 1), "that sum to 1"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("untyped")
def test_outside_of_its_domain_a_closed_form_is_refused(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


def closed_forms():
    """Every public closed form with an argument, by name."""
    modules = [identities] + [
        importlib.import_module(f"{papers.__name__}.{key}.theory")
        for key in (info.name for info in pkgutil.iter_modules(papers.__path__))
        if importlib.util.find_spec(f"{papers.__name__}.{key}.theory")
    ]
    modules += [getattr(laws, name) for name in ("coalescent", "drift", "gaussian", "least_squares", "second_moment")]
    for module in modules:
        for name, function in vars(module).items():
            own = getattr(function, "__module__", "") == module.__name__ and inspect.isfunction(
                inspect.unwrap(function)
            )
            if own and not name.startswith("_") and inspect.signature(function).parameters:
                yield f"{module.__name__}.{name}", function


FREE = {"steps", "v2", "x", "term", "factor", "function", "sizes", "reused_real", "weights", "ratio", "beta", "points"}
"""Parameters that are functions, evaluation points or tables, which have no range of their own."""


@pytest.mark.parametrize("function", [pytest.param(f, id=name) for name, f in closed_forms()])
def test_every_closed_form_states_its_domain(function):
    if function in (identities.total, identities.times, identities.product):
        return  # folds: they check the one generation that they take
    stated, names = domain_of(function).ranges, inspect.signature(function).parameters
    free = FREE | ({"t"} if function is identities.qvf_error else set())
    assert set(names) - set(stated) - (free if function is not seddik2024.contexts else set()) == set()


def test_what_cannot_be_told_is_let_through():
    t, n = sympy.Symbol("t"), sympy.Symbol("n", positive=True)
    assert gerstgrasser2024.replace(t, 2, 20, 1).has(t)
    assert kazdan2024.replace_cov(t, n, 0).has(n)
    straddling = flint.arb(4, 0.5)
    assert gerstgrasser2024.replace(1, 2, straddling, 1).rad() > 0
    traced = jax.jit(lambda T, sigma2: gerstgrasser2024.replace(3, 2, T, sigma2))
    assert float(traced(20.0, 2.0)) == pytest.approx(3 * 4 / 17, rel=1e-6)
    with pytest.raises(ValueError, match="d=2, T=3 is outside"):
        jax.jit(lambda sigma2: gerstgrasser2024.replace(3, 2, 3, sigma2))(1.0)  # what is concrete is checked
    slope = jax.grad(lambda sigma2: gerstgrasser2024.replace(3, 2, 20, sigma2))(1.0)
    assert float(slope) == pytest.approx(6 / 17, rel=1e-6)


@pytest.mark.parametrize(
    ("item", "inside", "outside"),
    [
        (Integers(0), [0, 3.0, np.int64(2), np.arange(3), (1, 2), flint.fmpz(3), sympy.Integer(2)], [-1, 0.5, (1, -1), ()]),
        (Integers(1, 3), [1, 3], [0, 4, math.inf, math.nan, flint.arb(2.5), flint.fmpq(1, 2), sympy.oo, None, 1j]),
        (Interval("(0, 1]"), [1, 0.5], [0, 1.1]),
        (Interval("[0, oo)"), [0, 10**9], [-1e-300, math.inf]),
        (Real, [-3, np.float32(2)], [math.nan, "x", True]),
        (Positive, [1e-300], [0]),
        (NonNegative, [0], [-1]),
        (Probability, [0, 1], [1.1]),
        (Probabilities, [(0.5, 0.5), np.ones(3) / 3], [(0.5, 0.6), 0.5, (1.5, -0.5), ()]),
        (Choice(choices=(0, "x")), [0, "x"], [1, "y"]),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("untyped")
def test_ranges(item, inside, outside):
    assert [item.holds(value) for value in inside] == [True] * len(inside)
    assert [item.holds(value) for value in outside] == [False] * len(outside)


def test_what_assumptions_leave_open_is_neither_inside_nor_outside():
    d = sympy.Symbol("d", real=True)
    assert Integers(0).holds(flint.arb("2.5", "0.6")) is None
    assert Integers(0).holds(sympy.Symbol("x")) is None
    assert domain("T >= d + 2").holds({"T": sympy.Symbol("T"), "d": 1}) is None
    assert domain("T >= d + 2").holds({"T": d + 1, "d": d}) is False


def test_a_domain_is_data():
    where = domain(("T >= d + 2", "t <= len(n)"), d=Integers(1, 9), T=Integers(1), w=Interval("(0, 1]"), n=Integers(1))
    assert where.bounds == {"d": (1, 9), "T": (1, math.inf), "w": (0, 1), "n": (1, math.inf)}
    assert str(where) == "whole 1 <= d <= 9, whole T >= 1, 0 < w <= 1, whole n >= 1, T >= d + 2, t <= len(n)"
    assert str(where.only(["d", "T"])) == "whole 1 <= d <= 9, whole T >= 1, T >= d + 2"
    assert [where.holds({"d": 2, "T": T}) for T in (3, 4)] == [False, True]
    assert where.holds({"t": 3, "n": (5, 5)}) is False
    assert where.holds({"t": 3, "n": 5})
    assert str(where & domain(d=Integers(3), w=Interval("[0.5, 1)"))).startswith("whole 3 <= d <= 9")
    assert (where & domain(w=Interval("[0.5, 1)"))).ranges["w"] == Interval("[0.5, 1)")
    assert not Domain()
    for text in ("T > ", "T", "T == 1", "exec('x') > 1"):
        with pytest.raises(ValueError, match="no condition|not known here"):
            domain(text)
    with pytest.raises(ValueError, match="no parameter 'x'"):
        domain(x=Real)(lambda y: y)


def test_every_shipped_claim_states_its_domain_and_stands_inside():
    for id, one in registry.claims().items():
        assert set(one.parameters) <= set(one.domain.ranges), id
        assert one.domain.holds(one.parameters), id


@pytest.mark.parametrize(
    ("id", "parameters", "sentence"),
    [
        ("gerstgrasser2024.thm2", {"T": 6}, "^gerstgrasser2024.thm2 is defined for T >= d \\+ 2; d=5, T=6 is outside"),
        ("gerstgrasser2024.thm2", {"sigma2": -1.0}, "sigma2 > 0"),
        ("gerstgrasser2024.thm2", {"generations": 0}, "whole generations >= 1"),
        ("gerstgrasser2024.replace", {"design": "mixed"}, "design one of 'shared', 'fresh'"),
        ("seddik2024.thm1.S", {"p": (1.0, 0.0)}, "max\\(p\\) < 1"),
        ("seddik2024.prop1", {"symbol": 3}, "symbol < len\\(p\\)"),
        ("he2025.mean_limit", {"w": 0.0}, "0 < w <= 1"),
        ("common.qvf_product.poisson_replace", {"rate": -2.0}, "rate > 0"),
    ],
)
def test_outside_of_its_domain_a_claim_is_refused(id, parameters, sentence):
    with pytest.raises(ValueError, match=sentence):
        registry.claims()[id].check(**parameters)


def test_a_claim_takes_its_domain_from_a_closed_form():
    def make(where):
        stated = {"statement": "x", "relation": "<=", "provenance": "derived", "source": "here"}
        return claim("mine.x", domain=where, **stated)(lambda d=2, T=20, generations=3: None)

    assert (
        str(make(gerstgrasser2024.replace).domain) == "whole d >= 1, whole T >= 1, whole generations >= 1, T >= d + 2"
    )
    assert str(make(None).domain) == "whole generations >= 1"
    with pytest.raises(ValueError, match="states nothing"):
        make(math.sqrt)


def test_show_prints_the_domain(capsys):
    from proofs_check import cli

    assert cli.main(["show", "gerstgrasser2024.thm2"]) == 0
    assert "domain      whole d >= 1, whole T >= 1, sigma2 > 0" in capsys.readouterr().out


def slope_error(model, truth):
    return (model.beta[..., 1] / truth.beta[..., 1] - 1) ** 2


@pytest.mark.parametrize(("origin", "unit"), [(0.0, 1.0), (-1e6, 1.0), (0.0, 1e-20)])
def test_origin_and_unit_of_a_covariate_do_not_matter(origin, unit):
    """The years 1990 to 2020: the maximum of the likelihood is the same as after centring, and no chain is lost."""
    year = np.array([1990.0, 2000, 2010, 2020])

    def run(x, beta):
        family = cj.LogisticRegression(beta, np.c_[np.ones(4), x])
        [error] = cj.simulate(family, cj.Replace(100), slope_error, generations=2, chains=200, seed=3, keep_paths=200).paths.values()  # fmt: skip
        return error

    centred = run(year - 2005, [0.0, 1 / 15])
    moved = run((year - origin) * unit, [(origin - 2005) / 15, 1 / 15 / unit])
    assert np.all(np.isfinite(centred))
    # Rounding of the intercept enters every logit: |x| / spread times the precision.
    np.testing.assert_allclose(moved, centred, rtol=1e-6, atol=1e-9)


@pytest.mark.wide
@pytest.mark.usefixtures("x64")
def test_a_lost_logistic_fit_says_why():
    """Years, with one label, both labels apart by a threshold, on it, and overlapping; and visits to one point only."""
    points = np.c_[np.ones(4), [1990.0, 2000, 2010, 2020]]
    visits = np.array([[5, 5, 5, 5], [5, 5, 5, 5], [5, 5, 5, 5], [5, 5, 5, 5], [0, 5, 0, 0], [10**9] * 4])
    successes = np.array([[0, 0, 0, 0], [0, 0, 5, 5], [0, 0, 3, 5], [0, 2, 3, 5], [0, 3, 0, 0], [1, 0, 10**9, 10**9]])
    family = jax.tree.map(jnp.asarray, cj.LogisticRegression([0.0, 0.0], points)).broadcast((6,))
    fitted = jax.jit(lambda seen: family.fit(seen))(
        data.Trials(jnp.asarray(visits, float), jnp.asarray(successes, float))
    )
    assert fitted.separated.tolist() == [True, True, True, False, True, False]
    assert not np.any(fitted.unsolved)
    assert np.isfinite(fitted.beta).all(1).tolist() == [False, False, False, True, False, True]
    again = jax.jit(lambda seen: fitted.fit(seen))(data.Trials(jnp.full((6, 4), 5.0), jnp.full((6, 4), 2.0)))
    np.testing.assert_array_equal(again.separated, fitted.separated)  # what is lost stays lost


COV = np.array([[2, 1.5], [0, 2.0]])


@pytest.mark.parametrize(
    "make",
    [
        lambda scale: cj.Gaussian(cov=scale * COV, ddof=1),
        lambda scale: cj.LinearRegression(cov=scale * COV, d=2, design="fresh"),
        lambda scale: cj.Gaussian(cov=scale * np.array([[1, 2], [2, 1.0]]), ddof=1),
        lambda scale: cj.Gaussian(cov=scale * np.array([[1, 0], [0, -1.0]]), ddof=1),
    ],
)
@pytest.mark.parametrize("scale", [1e-300, 1e-9, 1.0, 1e9])
def test_no_scale_makes_a_matrix_a_covariance(make, scale):
    with pytest.raises(ValueError, match="symmetric positive definite"):
        make(scale)


@pytest.mark.parametrize("scale", [1e-300, 1e-9, 1.0, 1e9])
def test_a_covariance_is_one_at_every_scale(scale):
    badly_scaled = np.array([[1, 0.5e6], [0.5e6, 1e12]])
    for cov in (COV + COV.T, badly_scaled):
        np.testing.assert_allclose(cj.Gaussian(cov=scale * cov, ddof=1).described["cov"], scale * cov, rtol=1e-12)
    rounded = np.float32([[1, 0.1], [np.nextafter(np.float32(0.1), np.float32(1)), 1]])
    assert cj.Gaussian(cov=rounded, ddof=1).d == 2


def softmax(size, dtype):
    q = np.exp(np.linspace(0, 3, size)).astype(dtype)
    return q / q.sum()


@pytest.mark.parametrize("dtype", [np.float16, np.float32, jnp.bfloat16])
def test_probabilities_of_lower_precision_are_normalised_again(dtype):
    for size in (3, 300):
        q = softmax(size, dtype)
        assert abs(cj.Categorical(q).p.sum() - 1) < 1e-12
        assert abs(cj.Contexts([q, q], unvisited="keep").p.sum() - 2) < 1e-12
        assert abs(cj.LogisticRegression([1.0], np.arange(1.0, size + 1)[:, None], q).weights.sum() - 1) < 1e-12
        assert laws.coalescent.sum_of_squares(q, 1, 1) == 1
    q = softmax(300, np.float64)
    np.testing.assert_array_equal(cj.Categorical(q).p, q)  # those of full precision to the bit
    for bad in (softmax(300, np.float32) * np.float32(1.01), q * (1 + 1e-8)):
        with pytest.raises(ValueError, match="divide it by its sum"):
            cj.Categorical(bad)


def run(family, n, metric="variance", **options):
    return cj.simulate(family, cj.Replace(n), metric, generations=1, chains=16, **options)


@pytest.mark.parametrize(
    ("call", "remedy"),
    [
        (lambda: run(cj.Gaussian(mean=[1e7], ddof=1), 100, dtype="float32"), "subtract the offset.*or dtype='float64'"),
        (lambda: run(cj.Gaussian(mean=[0.0, 1e16], ddof=1), 100, "log_det"), "mean is so far from 0"),
        (lambda: run(cj.LinearRegression([1e8], design="fresh"), 9, "risk", dtype="float32"), "w is so far from 0"),
        (lambda: run(cj.LogisticRegression([-1e8, 1.0], [[1, 1e8], [1, 1e8 + 1]]), 9, "squared_error", dtype="float32"),
         "points is so far from 0"),
        (lambda: run(cj.Gaussian(ddof=1), 10**12, dtype="float32"), "use dtype='float64', or n <= 7e\\+11"),
        (lambda: run(cj.Exponential(), 10**15, dtype="float32"), "use dtype='float64'"),
        (lambda: run(cj.Poisson(100.0), 10**14), "n rate is 1e\\+16, too large.*at most 1e\\+13"),
        (lambda: run(cj.Bernoulli(0.3), 10**14), "n is 1e\\+14"),
        (lambda: run(cj.Categorical(), 10**14, "tv"), "n is 1e\\+14"),
        (lambda: cj.LinearRegression(d=5, design="fresh", ridge=1e6, penalty="absolute"), "give w"),
        (lambda: run(cj.LinearRegression(d=5, design="fresh"), 3, "risk", engine="literal"), "use T >= 5, or give w"),
        (lambda: run(cj.LinearRegression([1.0] * 5, design="fresh", ridge=1e-20, penalty="absolute"), 3, "risk"),
         "lost in rounding; use at least .*, T >= 5, or engine='literal'"),
    ],
)  # fmt: skip
def test_what_rounding_or_a_default_would_make_wrong_is_refused(call, remedy):
    with pytest.raises(ValueError, match=remedy):
        call()


@pytest.mark.parametrize("family", [cj.Poisson(1.0), cj.Bernoulli(0.3)], ids=["poisson", "bernoulli"])
def test_counts_have_their_variance_up_to_the_limit(family):
    n, chains = 10**13, 20_000
    v = 1.0 if isinstance(family, cj.Poisson) else 0.3 * 0.7
    curve = cj.simulate(family, cj.Replace(n), "squared_error", generations=1, chains=chains)["squared_error"]
    # A sum of squares of nearly normal numbers: its relative standard deviation is sqrt(2 / chains).
    assert abs(curve.mean[-1] * n / v - 1) < 6 * (2 / chains) ** 0.5


@pytest.mark.wide
def test_a_growing_penalty_ends_at_the_size_of_w():
    """The risk tends to |w|^2 = 5, and zeros that are asked for are taken at their word."""
    family = cj.LinearRegression([1.0] * 5, design="fresh", ridge=1e9, penalty="absolute")
    risk = cj.simulate(family, cj.Accumulate(20), "risk", generations=2, chains=64)["risk"]
    np.testing.assert_allclose(risk.mean, 5, rtol=1e-5)
    assert cj.LinearRegression([0.0] * 5, design="fresh", ridge=1.0, penalty="absolute").d == 5
    assert np.all(run(cj.LinearRegression([0.0] * 5, design="fresh"), 3, "risk", engine="literal")["risk"].mean > 0)
