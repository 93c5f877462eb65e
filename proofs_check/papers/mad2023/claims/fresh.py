"""The fresh data loop: new real data in every fit (protocol of the paper; moments derived)."""

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import along, quadratic_law
from proofs_check.papers.mad2023 import theory
from proofs_check.papers.mad2023.claims._setups import MIXED, gaussian, with_fresh

_FRESH = MIXED & domain("n <= 2 * n_real", generations=Integers(20), bias=Interval("[0, 1]"))
"""Where twenty fits are as good as infinitely many."""


def _limit(metric, column, n, n_real, d, bias, generations, mutants):
    curve = laws.loops.fresh_real(n_real, n, d, generations, bias)[:, column]
    return Check(
        gaussian(d),
        with_fresh(n, n_real, bias),
        metric=metric,
        generations=generations,
        at=(generations,),
        predicted=lambda t: d * theory.fresh_real(n_real, n, bias)[2 - column],
        mutants=mutants,
        allowance=lambda t: 10 * d * max((n / (n_real + n)) ** 2, n * bias / (n_real + n)) ** (t - 1),
        law=along(curve),
        law_error=1e-12,
    )


@claim(
    "mad2023.fresh_mean",
    statement=r"E\,\|\mu_t - \mu_0\|^2 \to d\,M: \quad (1 - q^2) M - \tfrac{q\lambda}{N} S = \tfrac pN,\ (1 - q\lambda) S - \tfrac{N p q}{N-1} M = p",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="fixed point of the first moments; the exact law is the eight-dimensional map laws.loops.fresh_map",
    domain=_FRESH,
)
def fresh_mean(n=6, n_real=6, d=1, bias=0.8, generations=20):
    return _limit(
        "mean_error",
        2,
        n,
        n_real,
        d,
        bias,
        generations,
        {
            "unbiased samples": lambda t: d * theory.fresh_real(n_real, n, 1.0)[0],
            "the real data alone": lambda t: d / n_real,
        },
    )


@claim(
    "mad2023.fresh_trace",
    statement=r"E \operatorname{tr}\Sigma_t \to d\,S \quad (M, S \text{ as for the mean})",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="fixed point of the first moments",
    domain=_FRESH,
)
def fresh_trace(n=6, n_real=6, d=1, bias=0.8, generations=20):
    return _limit(
        "trace",
        1,
        n,
        n_real,
        d,
        bias,
        generations,
        {
            "unbiased samples": lambda t: d * theory.fresh_real(n_real, n, 1.0)[1],
            "without the spread between the samples": lambda t: d * n_real / (n_real + n - n * bias),
        },
    )


def _frobenius(moments, d):
    return moments[..., 3] - 2 * moments[..., 1] + d


@claim(
    "mad2023.fresh_frobenius",
    statement=r"E\,\|\Sigma_t - I\|_F^2 = (A^{t-1} x_1)_{\operatorname{tr} S^2} - 2 (A^{t-1} x_1)_{\operatorname{tr} S} + d",
    relation="==",
    provenance="derived",
    source="eight moments of (mu, Sigma) obey a closed affine map A, laws.loops.fresh_map; figures 10 to 12 of the paper",
    domain=MIXED & domain(n_real=Integers(3)),
)
def fresh_frobenius(n=20, n_real=20, d=2, bias=0.8, generations=5):
    def after(n_real, n, bias):
        curve = _frobenius(laws.loops.fresh_real(n_real, n, d, generations, bias), d)
        return lambda t: curve[t - 1]

    return Check(
        gaussian(d),
        with_fresh(n, n_real, bias),
        metric="covariance_error",
        generations=generations,
        predicted=after(n_real, n, bias),
        mutants={
            "unbiased samples": after(n_real, n, 1.0),
            "one more synthetic observation, one real less": after(n_real - 1, n + 1, bias),
            "one real fit": lambda t: d * (d + 1) / (n_real - 1),
        },
    )


@claim(
    "mad2023.fresh_first",
    statement=r"\lim_t E\,\|\Sigma_t - I\|_F^2 \text{ does not depend on the first sample, of } n_{\mathrm{ini}} \text{ real data}",
    relation="==",
    provenance="text",
    source="fresh data loop, Section 5: the limit is independent of the initial sample; figure 10 (n_r = 100, n_s = 900, d = 100)",
    domain=MIXED & domain("n <= 9 * n_real", n_real=Integers(10), bias=Interval("[0, 1]")),
)
def fresh_first(n=900, n_real=100, d=100, bias=0.8):
    limit = laws.loops.fresh_limit(n_real, n, d, bias)
    return Computed(
        lambda first: _frobenius(laws.loops.fresh_real(n_real, n, d, 400, bias, first)[-1], d),
        lambda first: _frobenius(limit, d),
        mutants={
            "unbiased samples": lambda first: _frobenius(laws.loops.fresh_limit(n_real, n, d), d),
            "after the first fit": lambda first: d * (d + 1) / (first - 1),
            "1.000001 of it": lambda first: 1.000001 * _frobenius(limit, d),
        },
        at=(10, 100, 1000, 10000),
        index="n_ini",
    )


@claim(
    "mad2023.fresh_effective",
    statement=r"n_r < n_e = N\left(1 - \tfrac{q^2 N}{N - 1}\right) < 2 n_r \quad (\lambda = 1,\ E(\mu_\infty - \mu_0)^2 = 1/n_e)",
    relation="between",
    provenance="text",
    source="Section 5: lambda = 1 appears to ensure that the effective number of samples is always increased; the form is derived",
    domain=domain(n_real=Integers(2)),
)
def fresh_effective(n_real=100):
    """A theorem for the mean of a Gaussian: unbiased synthetic data beside fresh real ones always help, and they are
    worth less than the real data are, however many there are."""
    return Computed(
        lambda n: theory.effective_size(n_real, n),
        lambda n: (n_real, 2 * n_real),
        mutants={
            "at least 1.1 n_r": lambda n: (1.1 * n_real, 2 * n_real),
            "at most 1.9 n_r": lambda n: (n_real, 1.9 * n_real),
        },
        at=(10, 100, 1000, 10000, 100000),
        index="n",
        rung="identity",
    )


@claim(
    "mad2023.fresh_memory",
    statement=r"E(\mu_t - \mu_0)^2 = \operatorname{diag}(C \operatorname{diag}(E V/n) C')_t \quad (\text{synthetic data of the last } K \text{ models})",
    relation="==",
    provenance="derived",
    source="the pedigree of the loop with K previous models, figure 30 of the paper; 1/n variance",
    domain=domain("n >= 3 * K", n=Integers(2), n_real=Integers(2), K=Integers(1)),
)
def fresh_memory(n=30, n_real=5, K=2, generations=6):
    """A longer memory helps: synthetic data of several models have less noise in common with the last one."""

    def error(workflow):
        return quadratic_law(workflow, 1.0, -1, generations)

    workflow = cj.RecentModels(n, n_real=n_real, k=K)
    return Check(
        cj.Gaussian(ddof=0),
        workflow,
        metric="mean_error",
        generations=generations,
        predicted=error(workflow),
        mutants={
            "the last model alone": error(cj.FreshReal(n, n_real=n_real)),
            "a real sample that is kept": error(cj.RecentModels(n, n_real=n_real, k=K, fresh=False)),
            "three times the memory": error(cj.RecentModels(n, n_real=n_real, k=3 * K)),
        },
    )
