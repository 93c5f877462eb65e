"""The best setting: analytic argmins, limits that hold, ends of the range, flat laws, and laws with two minima."""

import subprocess
import sys

import numpy as np
import pytest
from scipy.stats import binom

import collapse_jax as cj
from collapse_jax.laws import pedigree
from collapse_jax.optimise import Optimum, bracket, descend

pytestmark = pytest.mark.usefixtures("fast_compilation")
GOLDEN = (5**0.5 - 1) / 2


def weighted(w):
    """A mean with fresh real data of weight w, as many as synthetic ones."""
    return cj.Gaussian(known_cov=True), cj.FreshReal(10, n_real=10, weight=w)


def penalised(strength):
    family = cj.LinearRegression([1.0, 0.5], sigma2=1.0, design="fresh", ridge=1.0, penalty="absolute")
    return family.replace(ridge=strength), cj.Replace(6)


def best_weight(generations):
    def law(w):
        return pedigree.quadratic_error(pedigree.of(weighted(w)[1], generations), 1.0, 0)[-1]

    return bracket(law, 0.05, 1).argmin


@pytest.mark.parametrize("k", [0.1, 0.5, 1.0, 2.0, 10.0])
def test_the_generalised_golden_ratio(k):
    found = bracket(lambda w: (w**2 + k * (1 - w) ** 2) / (w * (2 - w)), 0.01, 1)
    exact = ((k**2 + 4 * k) ** 0.5 - k) / 2
    assert exact in found
    assert found.half_width < 5e-7
    assert found.value == pytest.approx(exact, abs=1e-12)
    assert found.where == "inside"
    assert found.alpha == 0


@pytest.mark.parametrize("place", np.random.default_rng(0).uniform(0.02, 0.98, 5).tolist())
@pytest.mark.parametrize("power", [1, 2, 4])
@pytest.mark.parametrize("log", [False, True])
def test_the_true_argmin_is_between_the_limits(place, power, log):
    found = bracket(lambda x: 1 + abs(x - place) ** power, 0.01, 1, log=log)
    assert place in found
    assert found.half_width < {1: 1e-12, 2: 2e-6, 4: 2e-3}[power]


def test_rounding_does_not_deceive():
    """Noise of 1e-6 with limits made for it: they are wide, and they hold."""
    rng = np.random.default_rng(1)
    for _ in range(20):
        place = rng.uniform(0.1, 0.9)
        found = bracket(lambda x, at=place: (1 + (x - at) ** 2) * (1 + rng.uniform(-1e-6, 1e-6)), 0, 1, rounding=1e-6)
        assert place in found
        assert found.half_width < 0.01


@pytest.mark.parametrize(
    ("law", "where", "argmin"),
    [
        (lambda x: x, "low end", 0.0),
        (lambda x: -x, "high end", 1.0),
        (lambda x: (x - 3) ** 2, "high end", 1.0),
        (lambda x: 1.0, "anywhere", 0.5),
    ],
)
def test_ends_of_the_range_and_a_flat_law(law, where, argmin):
    found = bracket(law, 0, 1)
    assert (found.where, found.argmin) == (where, argmin)
    assert argmin in found
    if where == "anywhere":
        assert found.interval == (0, 1)


def test_what_cannot_be_bracketed_is_refused():
    with pytest.raises(ValueError, match=r"more than one minimum between 0 and 3 .* narrow the range"):
        bracket(lambda x: np.cos(6 * x), 0, 3)
    with pytest.raises(ValueError, match=r"is inf at 0; narrow the range"):
        bracket(lambda x: np.inf if x == 0 else x, 0, 1)
    with pytest.raises(ValueError, match="low < high"):
        bracket(lambda x: x, 1, 1)
    with pytest.raises(ValueError, match="use low > 0, or log=False"):
        bracket(lambda x: x, 0, 1, log=True)


def test_bracketing_imports_no_jax():
    code = "import sys; from collapse_jax.optimise import bracket; bracket(lambda x: x * x, -1, 1); print('jax' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.grid
def test_the_interval_of_a_simulation_holds_at_its_rate():
    """40 seeds at alpha = 0.2: how many miss is binomial, within limits of error probability 1e-6."""
    exact, alpha, seeds = best_weight(3), 0.2, 40
    missed = sum(
        exact not in descend(weighted, "mean_error", 0.05, 1, generations=3, chains=500, seed=seed, alpha=alpha)
        for seed in range(seeds)
    )
    assert binom.ppf(5e-7, seeds, alpha) <= missed <= binom.isf(5e-7, seeds, alpha)


@pytest.mark.slow
def test_more_chains_say_more():
    few, many = (
        descend(weighted, "mean_error", 0.05, 1, generations=3, chains=chains, alpha=1e-6) for chains in (2000, 16_000)
    )
    assert best_weight(3) in few
    assert best_weight(3) in many
    assert 2 < few.half_width / many.half_width < 4
    assert few == descend(weighted, "mean_error", 0.05, 1, generations=3, chains=2000, alpha=1e-6)


def test_the_best_ridge_is_noise_over_signal():
    r"""One fit on isotropic rows: $\lambda' = \sigma^2 d / \|w\|^2$ beside the sum of squares, whatever T."""
    found = descend(penalised, "risk", 0.0, 8.0, generations=1, chains=8000, alpha=1e-6)
    assert 2 / 1.25 in found
    assert found.where == "inside"
    assert found.half_width < 0.5


def test_an_optimum_at_the_end_of_the_range():
    low = descend(weighted, "mean_error", 0.8, 1.0, generations=3, chains=2000)
    assert (low.argmin, low.where, low.interval) == (0.8, "low end", (0.8, 0.8))
    high = descend(weighted, "mean_error", 0.1, 0.4, generations=3, chains=2000)
    assert (high.argmin, high.where) == (0.4, "high end")


def test_what_has_no_slope_is_refused():
    with pytest.raises(ValueError, match="no chain changes with the setting.*`bracket`"):
        descend(lambda w: (cj.Bernoulli(0.3), cj.Replace(5)), "variance", 0, 1, generations=2, chains=100)


def test_an_optimum_reads_as_limits():
    found = Optimum(0.5, (0.4, 0.7), 1.0, "inside", 0.01, 10)
    assert found.half_width == pytest.approx(0.2)
    assert 0.4 in found
    assert 0.71 not in found
