"""Gaussian models: Kazdan et al. 2024, "Collapse or Thrive?" (arXiv 2410.16713).

Protocols follow the authors' code (iteration 1 is the fit on real data, covariance with 1/n); the closed forms are
derived. ddof=1 variants are forms of their own: several statements flip between the two.
"""

from math import log

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.theory import kazdan2024 as theory
from proofs_check.claim import Check, claim, require
from proofs_check.curves import interpolated, quadratic_law


def _identity_gaussian(d, n, ddof):
    require(n > ddof, f"n={n} leaves no degrees of freedom for the variance with ddof={ddof}; use n >= 2 or ddof=0")
    return cj.Gaussian(d=d, ddof=ddof)


def _mean_law(workflow, generations, v2=-1):
    r"""$E(\mu_t - \mu_0)^2$ in units of $\sigma_0^2$, from the pedigree: V = Sigma has v2 = -1 with the 1/n covariance (the
    second moment is a martingale), and 0 with the unbiased one."""
    return quadratic_law(workflow, 1.0, v2, generations)


@claim(
    "kazdan2024.replace_cov",
    statement=r"E\,\Sigma_t = \left(1 - \frac{1}{n}\right)^t \Sigma_0 \quad (\text{1/n covariance})",
    relation="==",
    regime="exact",
    provenance="derived",
    source="protocol from the authors' code (np.cov with bias=True); closed form derived",
)
def replace_cov(n=20, d=1, generations=6):
    return Check(
        _identity_gaussian(d, n, 0),
        cj.Replace(n),
        metric="variance",
        generations=generations,
        predicted=lambda t: theory.replace_cov(t, n, 0),
        mutants={
            "n - 1 for n": lambda t: theory.replace_cov(t, n - 1, 0),
            "starts one generation late": lambda t: theory.replace_cov(t - 1, n, 0),
            "unbiased covariance": lambda t: theory.replace_cov(t, n, 1),
        },
        law=lambda t: 1 - _mean_law(cj.Replace(n), generations)(t),
    )


@claim(
    "kazdan2024.replace_mean",
    statement=r"E\|\mu_t - \mu_0\|^2 = \operatorname{tr}\Sigma_0 \left[1 - \left(1 - \frac{1}{n}\right)^t\right] \quad (\text{1/n covariance})",
    relation="==",
    regime="exact",
    provenance="derived",
    source="protocol from the authors' code; closed form derived. Bounded: the variance that feeds it dies first",
)
def replace_mean(n=20, d=3, generations=10):
    return Check(
        _identity_gaussian(d, n, 0),
        cj.Replace(n),
        metric="mean_error",
        generations=generations,
        predicted=lambda t: d * theory.replace_mean_error(t, n, 0),
        mutants={
            "t/n, the unbiased law": lambda t: d * theory.replace_mean_error(t, n, 1),
            "n - 1 for n": lambda t: d * theory.replace_mean_error(t, n - 1, 0),
        },
        law=lambda t: d * _mean_law(cj.Replace(n), generations)(t),
    )


@claim(
    "kazdan2024.replace_mean_unbiased",
    statement=r"E\|\mu_t - \mu_0\|^2 = \frac{t}{n}\operatorname{tr}\Sigma_0 \quad (\text{unbiased covariance})",
    relation="==",
    regime="exact",
    provenance="derived",
    source="the ddof=1 form of kazdan2024.replace_mean: diverges linearly",
)
def replace_mean_unbiased(n=30, d=3, generations=8):
    return Check(
        _identity_gaussian(d, n, 1),
        cj.Replace(n),
        metric="mean_error",
        generations=generations,
        predicted=lambda t: d * theory.replace_mean_error(t, n, 1),
        mutants={
            "bounded, the 1/n law": lambda t: d * theory.replace_mean_error(t, n, 0),
            "(t - 1)/n": lambda t: d * (t - 1) / n,
        },
        law=lambda t: d * _mean_law(cj.Replace(n), generations, v2=0)(t),
    )


@claim(
    "kazdan2024.replace_w2",
    statement=r"E\,W_2^2(p_t, p_0) = 2 - 2 c^t,\quad c = \sqrt{\tfrac{2}{n}}\,\frac{\Gamma(n/2)}{\Gamma((n-1)/2)} \quad (\text{1/n variance},\ d = 1)",
    relation="==",
    regime="exact",
    provenance="derived",
    source="protocol from the authors' code; closed form derived, in units of the true variance",
)
def replace_w2(n=10, generations=10):
    """Saturates at 2. The statement, as quoted in a summary, that W2 diverges needs the unbiased variance
    (kazdan2024.replace_w2_unbiased)."""
    return Check(
        _identity_gaussian(1, n, 0),
        cj.Replace(n),
        metric="w2",
        generations=generations,
        predicted=lambda t: theory.replace_w2(t, n, 0),
        mutants={
            "the unbiased law": lambda t: theory.replace_w2(t, n, 1),
            "n + 1 for n": lambda t: theory.replace_w2(t, n + 1, 0),
        },
    )


@claim(
    "kazdan2024.replace_w2_unbiased",
    statement=r"E\,W_2^2(p_t, p_0) = \frac{t}{n} + 2 - 2 c_4(n)^t \quad (\text{unbiased variance},\ d = 1)",
    relation="==",
    regime="exact",
    provenance="derived",
    source="the ddof=1 form; with it the replace theorem, as quoted in a summary (W2 diverges), is true",
)
def replace_w2_unbiased(n=30, generations=8):
    return Check(
        _identity_gaussian(1, n, 1),
        cj.Replace(n),
        metric="w2",
        generations=generations,
        predicted=lambda t: theory.replace_w2(t, n, 1),
        mutants={
            "bounded, the 1/n law": lambda t: theory.replace_w2(t, n, 0),
            "leading order 3t/(2n), n - 2 for n": lambda t: 1.5 * t / (n - 2),
        },
    )


@claim(
    "kazdan2024.replace_log_det",
    statement=r"E \log\frac{\det\Sigma_t}{\det\Sigma_0} = t \sum_{i=0}^{d-1} \left[\psi\left(\tfrac{n-1-i}{2}\right) + \log\tfrac{2}{n}\right]",
    relation="==",
    regime="exact",
    provenance="derived",
    source="Bartlett decomposition: log det is a sum of log chi-squares",
)
def replace_log_det(n=12, d=3, generations=10):
    """Light-tailed where the determinant itself is not: det underflows and its mean sits in rare chains."""
    require(n > d, f"n={n} makes the covariance of d={d} dimensions singular; use n >= {d + 1}")
    return Check(
        _identity_gaussian(d, n, 0),
        cj.Replace(n),
        metric="log_det",
        generations=generations,
        predicted=lambda t: theory.replace_log_det(t, n, d, 0),
        mutants={
            "unbiased covariance": lambda t: theory.replace_log_det(t, n, d, 1),
            "log E det for E log det": lambda t: t * d * log((n - 1) / n),
        },
    )


@claim(
    "kazdan2024.replace_as",
    statement=r"E \log v_t = t\left[\psi\left(\tfrac{n-1}{2}\right) - \log\tfrac{n-1}{2}\right] < 0 \quad (\text{unbiased variance})",
    relation="==",
    regime="exact",
    provenance="derived",
    source="log v_t is a random walk with this drift, hence v_t vanishes almost surely although E v_t = 1",
)
def replace_as(n=10, generations=50):
    """The light-tailed companion of kazdan2024.replace_mean_of_v: the same chains, decided by their logarithm."""
    require(
        generations >= 30, f"generations={generations}: tested at every tenth generation from 30 on; use 30 or more"
    )
    return Check(
        _identity_gaussian(1, n, 1),
        cj.Replace(n),
        metric="log_variance",
        generations=generations,
        at=tuple(range(30, generations + 1, 10)),
        predicted=lambda t: theory.replace_log_det(t, n, 1, 1),
        mutants={
            "1/n variance": lambda t: theory.replace_log_det(t, n, 1, 0),
            "no drift (log E v_t)": lambda t: 0.0,
        },
    )


@claim(
    "kazdan2024.replace_mean_of_v",
    statement=r"E\,v_t = v_0 \quad (\text{unbiased variance})",
    relation="==",
    regime="exact",
    provenance="derived",
    source="a true statement that simulation cannot see: relative variance (1 + 2/(n-1))^t - 1",
    expected="UNDECIDED",
)
def replace_mean_of_v(n=10, generations=30):
    """A trap kept on purpose: late means are carried by chains too rare to be drawn (at n = 10, t = 100 a hundred chains
    show a tenth of the true value), and a check that trusted them would refute a theorem. The early generations can be
    trusted and refute the mutant; kazdan2024.replace_as decides the same chains by their logarithm."""
    return Check(
        _identity_gaussian(1, n, 1),
        cj.Replace(n),
        metric="variance",
        generations=generations,
        predicted=lambda t: 1.0,
        mutants={"decays like the 1/n variance": lambda t: theory.replace_cov(t, n, 0)},
        variance=lambda t: (1 + 2 / (n - 1)) ** t - 1,
    )


@claim(
    "kazdan2024.accumulate",
    statement=r"E\,\Sigma_t = \Sigma_0 \prod_{k=1}^{t}\left(1 - \frac{1}{n k^2}\right) \longrightarrow \Sigma_0\,\frac{\sin(\pi/\sqrt n)}{\pi/\sqrt n}",
    relation="==",
    regime="exact",
    provenance="derived",
    source="limit quoted in a summary of the paper; product derived, exact for every n, d and covariance",
)
def accumulate(n=5, d=1, generations=12):
    """What is tested is the product, at t up to `generations`; its limit is the sine form shown."""
    require(n >= 2, f"n={n} has no variance left to shrink; use n >= 2")
    return Check(
        _identity_gaussian(d, n, 0),
        cj.Accumulate(n),
        metric="variance",
        generations=generations,
        predicted=lambda t: theory.accumulate_cov(t, n),
        mutants={
            "n + 1 for n": lambda t: theory.accumulate_cov(t, n + 1),
            "replacement": lambda t: theory.replace_cov(t, n, 0),
            "product without the real fit (from k = 2)": lambda t: theory.accumulate_cov(t, n) / (1 - 1 / n),
        },
        law=lambda t: 1 - _mean_law(cj.Accumulate(n), generations)(t),
    )


@claim(
    "kazdan2024.accumulate_mean",
    statement=r"E\|\mu_t - \mu_0\|^2 = \operatorname{tr}\Sigma_0\left[1 - \prod_{k=1}^{t}\left(1 - \frac{1}{n k^2}\right)\right]",
    relation="==",
    regime="exact",
    provenance="derived",
    source="conservation of the second moment: the mean gains what the variance loses",
)
def accumulate_mean(n=8, d=3, generations=10):
    return Check(
        _identity_gaussian(d, n, 0),
        cj.Accumulate(n),
        metric="mean_error",
        generations=generations,
        predicted=lambda t: d * theory.accumulate_mean_error(t, n),
        mutants={
            "H2/n, the known-variance law": lambda t: d / n * sum(1 / k**2 for k in range(1, t + 1)),
            "n - 1 for n": lambda t: d * theory.accumulate_mean_error(t, n - 1),
        },
        law=lambda t: d * _mean_law(cj.Accumulate(n), generations)(t),
    )


@claim(
    "kazdan2024.accsub_gauss",
    statement=r"E\,\Sigma_t = \frac{N v_t}{N - 1}\left(1 - \frac{1}{n}\right)\Sigma_0, \quad N = t n",
    relation="==",
    regime="exact",
    provenance="derived",
    source="protocol from the authors' code: fit n of the t n accumulated points, then append n drawn ones",
)
def accsub_gauss(n=6, generations=8):
    """v_t, the variance of the pool of t n points, solves an exact two-moment recursion (theory.kazdan2024) and tends
    to a positive limit: subsampling at fixed compute plateaus."""
    return Check(
        _identity_gaussian(1, n, 0),
        cj.AccumulateSubsample(n),
        metric="variance",
        generations=generations,
        predicted=lambda t: theory.accumulate_subsample_cov(t, n),
        mutants={
            "accumulate": lambda t: theory.accumulate_cov(t, n),
            "replace": lambda t: theory.replace_cov(t, n, 0),
            "n + 1 for n": lambda t: theory.accumulate_subsample_cov(t, n + 1),
        },
    )


@claim(
    "kazdan2024.replace_log_law",
    statement=r"\log\frac{v_t}{v_0} \sim \sum_{k=1}^{t} \log\frac{\chi^2_{n-1, k}}{n} \quad (\text{1/n variance},\ d = 1)",
    relation="law",
    regime="law",
    provenance="derived",
    source="the variances of successive fits are independent factors; distribution function by Gil-Pelaez inversion",
)
def replace_log_law(n=20, generations=30):
    """The whole distribution of a quantity whose mean no simulation can see (kazdan2024.replace_mean_of_v)."""

    def law(size, ddof, t=generations):
        return lambda x: interpolated(lambda grid: laws.gaussian.log_variance_cdf(grid, t, size, ddof), x)

    return Check(
        _identity_gaussian(1, n, 0),
        cj.Replace(n),
        metric="log_variance",
        generations=generations,
        predicted=law(n, 0),
        mutants={
            "unbiased variance": law(n, 1),
            "n - 1 for n": law(n - 1, 0),
            "one generation less": law(n, 0, generations - 1),
        },
    )
