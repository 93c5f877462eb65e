"""Integrated squared error of kernel density estimates, exact for every sample size and generation (derived)."""

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Integers, Positive, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import along
from proofs_check.papers.kazdan2024 import densities

SETTING = domain(n=Integers(1), n_real=Integers(1), h=Positive, sigma=Positive, d=Integers(1))
_SOURCE = "protocol from the authors' code; characteristic functions, the paper's own theorem was not read"


def estimate(h, sigma, d=1):
    return cj.KDE(h, scales=sigma, d=d)


def _check(workflow, h, sigma, d, generations, predicted, mutants):
    pedigree = laws.pedigree.of(workflow, generations)
    return Check(
        estimate(h, sigma, d),
        workflow,
        metric="ise",
        generations=generations,
        predicted=predicted,
        mutants=mutants,
        law=along(laws.kde.integrated_squared_error(pedigree, h, laws.kde.normal(d, sigma))),
        law_error=1e-13,
    )


@claim(
    "kazdan2024.kde_replace",
    statement=(
        r"E\int (f_t - p)^2 = \sum_{j<t} \tfrac1n (1 - \tfrac1n)^j G((j+1) h^2) + (1 - \tfrac1n)^t G(\sigma^2 + t h^2)"
        r" - 2 G(\sigma^2 + \tfrac t2 h^2) + G(\sigma^2),\quad G(v) = (4 \pi v)^{-d/2}"
    ),
    relation="==",
    provenance="derived",
    source=_SOURCE + "; replacement, truth N(0, sigma^2), bandwidth h",
    domain=SETTING,
)
def kde_replace(n=6, h=0.5, sigma=1.0, d=1, generations=5):
    return _check(
        cj.Replace(n),
        h,
        sigma,
        d,
        generations,
        lambda t: densities.replace(t, n, h, sigma, d),
        {
            "n + 1 for n": lambda t: densities.replace(t, n + 1, h, sigma, d),
            "h^2 added once": lambda t: densities.replace(1, n, h, sigma, d),
            "accumulate": lambda t: densities.accumulate(t, n, h, sigma, d),
        },
    )


@claim(
    "kazdan2024.kde_accumulate",
    statement=(
        r"E\int (f_t - p)^2 = (2\pi)^{-d} \int \kappa^2 b_t - 2 \kappa a_t |\varphi|^2 + |\varphi|^2,\quad a_t = \frac1t"
        r" \prod_{s<t} \left(1 + \frac\kappa s\right),\quad (t+1)^2 b_{t+1} = t^2 b_t \left(1 + \frac{2\kappa}{t} +"
        r" \left(1 - \tfrac1n\right) \frac{\kappa^2}{t^2}\right) + \frac1n"
    ),
    relation="==",
    provenance="derived",
    source=_SOURCE + "; accumulation. The number of kernels in a draw is that of the cycles of a random permutation",
    domain=SETTING,
)
def kde_accumulate(n=5, h=0.5, sigma=1.0, d=1, generations=5):
    """kappa = exp(-h^2 |w|^2/2), phi belongs to the truth, b_1 = 1/n + (1 - 1/n) |phi|^2. The error first falls, as the pool
    grows, and then rises with log t."""
    return _check(
        cj.Accumulate(n),
        h,
        sigma,
        d,
        generations,
        lambda t: densities.accumulate(t, n, h, sigma, d),
        {
            "replace": lambda t: densities.replace(t, n, h, sigma, d),
            "n t real points": lambda t: densities.replace(1, n * t, h, sigma, d),
            "n + 1 for n": lambda t: densities.accumulate(t, n + 1, h, sigma, d),
        },
    )


@claim(
    "kazdan2024.kde_fresh",
    statement=(
        r"a_{t+1} = p \varphi + q \kappa a_t,\quad b_{t+1} = p^2 \left(\tfrac{1}{n_r} + (1 - \tfrac{1}{n_r}) |\varphi|^2\right)"
        r" + q^2 \left(\tfrac1n + (1 - \tfrac1n) \kappa^2 b_t\right) + 2 p q \kappa \operatorname{Re}(\bar\varphi a_t)"
    ),
    relation="==",
    provenance="derived",
    source="n_r new real points beside n synthetic ones in every fit, p and q their shares; the error is as in kde_accumulate",
    domain=SETTING,
)
def kde_fresh(n=6, n_real=3, h=0.5, sigma=1.0, d=1, generations=4):
    return _check(
        cj.FreshReal(n, n_real=n_real),
        h,
        sigma,
        d,
        generations,
        lambda t: densities.fresh(t, n, n_real, h, sigma, d),
        {
            "the same real points": lambda t: densities.fixed_real(t, n, n_real, h, sigma, d) if t > 1 else 0,
            "no real points": lambda t: densities.replace(t, n, h, sigma, d),
            "n_r + 1 real points": lambda t: densities.fresh(t, n, n_real + 1, h, sigma, d),
        },
    )


@claim(
    "kazdan2024.kde_fixed_real",
    statement=(
        r"e_{t+1} = p E_0 + q \kappa e_t,\quad b_{t+1} = p^2 E_0 + q^2 \left(\tfrac1n + (1 - \tfrac1n) \kappa^2 b_t\right)"
        r" + 2 p q \kappa e_t,\quad E_0 = \tfrac{1}{n_r} + (1 - \tfrac{1}{n_r}) |\varphi|^2"
    ),
    relation="==",
    provenance="derived",
    source="the same n_r real points in every fit, a synthetic augmentation loop; e_t = E Re(c_t c_real*); error as above",
    domain=SETTING,
)
def kde_fixed_real(n=6, n_real=3, h=0.5, sigma=1.0, d=1, generations=4):
    return _check(
        cj.FixedReal(n, n_real=n_real),
        h,
        sigma,
        d,
        generations,
        lambda t: densities.fixed_real(t, n, n_real, h, sigma, d),
        {
            "new real points": lambda t: densities.fresh(t, n, n_real, h, sigma, d) if t > 1 else 0,
            "the real points alone": lambda t: densities.replace(1, n_real, h, sigma, d),
            "n_r + 1 real points": lambda t: densities.fixed_real(t, n, n_real + 1, h, sigma, d),
        },
    )


@claim(
    "kazdan2024.kde_fixed_real_hump",
    statement=r"n \mapsto E\int (f_2 - p)^2 \ \text{is at most}\ E\int (f_1 - p)^2 \quad (\text{the same real points})",
    relation="<=",
    provenance="derived",
    source="synthetic points beside 50 real ones, h = 0.3: a few hurt, many help",
    expected="REFUTED",
    domain=SETTING,
)
def kde_fixed_real_hump(n=(1, 5, 15, 50, 150, 500, 5000), n_real=50, h=0.3, sigma=1.0, d=1):
    """A hump: the second fit is worse than the first up to about n = 2 n_r synthetic points, worst near n = n_r/2, and
    better beyond, because what is drawn from the estimate smooths it once more."""
    return Computed(
        lambda k: densities.fixed_real(2, k, n_real, h, sigma, d),
        lambda k: densities.replace(1, n_real, h, sigma, d),
        {"a fifth less": lambda k: 0.8 * densities.replace(1, n_real, h, sigma, d)},
        at=tuple(n),
        index="n",
    )
