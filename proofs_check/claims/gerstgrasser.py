"""Linear regression: Gerstgrasser et al. 2024, "Is Model Collapse Inevitable?" (arXiv 2404.01413), and variants.

The wording of the theorems is known from notes that quote them; "shared" and "fresh" designs are told apart because
Theorem 2 holds for the first only.
"""

from math import log1p

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.theory import core
from collapse_jax.theory import gerstgrasser2024 as theory
from proofs_check.claim import Check, Computed, claim, require
from proofs_check.curves import along, interpolated, least_squares_law


def _regression(d, T, sigma2, design):
    require(
        d + 2 <= T, f"T={T} is too small for a mean: the expected risk is infinite for T <= d + 1; use T >= {d + 2}"
    )
    return cj.LinearRegression(d=d, sigma2=sigma2, design=design)


@claim(
    "gerstgrasser2024.replace",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \frac{\sigma^2 d}{T - d - 1}\, t",
    relation="==",
    regime="exact",
    provenance="note",
    source="quoted beside Theorem 2 and attributed there to Dohmatob et al. 2024; wording from notes",
)
def replace(d=5, T=40, sigma2=1.0, generations=10, design="shared"):
    """Labels replaced at every generation: linear growth, for shared and (design="fresh") for fresh designs."""
    return Check(
        _regression(d, T, sigma2, design),
        cj.Replace(T),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.replace(t, d, T, sigma2),
        mutants={
            "T - d for T - d - 1": lambda t: theory.replace(t, d, T + 1, sigma2),
            "counts synthetic layers, t - 1": lambda t: theory.replace(t - 1, d, T, sigma2),
        },
        law=least_squares_law(cj.Replace(T), d, T, sigma2, generations) if design == "shared" else None,
    )


@claim(
    "gerst.replace_fresh",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \frac{\sigma^2 d}{T - d - 1}\, t \quad \text{(fresh designs)}",
    relation="==",
    regime="exact",
    provenance="derived",
    source="increments are independent multivariate t vectors",
)
def replace_fresh(d=5, T=40, sigma2=1.0, generations=10):
    return replace.setup(d, T, sigma2, generations, "fresh")


@claim(
    "gerstgrasser2024.thm2",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \frac{\sigma^2 d}{T - d - 1} \sum_{i=1}^{t} \frac{1}{i^2}",
    relation="==",
    regime="exact",
    provenance="note",
    source="Theorem 2, first relation; wording from notes",
)
def thm2(d=5, T=40, sigma2=1.0, generations=25):
    """Exact when every generation reuses the same X, which Theorem 1 of the paper (one X'X) implies."""
    return Check(
        _regression(d, T, sigma2, "shared"),
        cj.Accumulate(T),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.accumulate(t, d, T, sigma2),
        mutants={
            "T - d for T - d - 1": lambda t: theory.accumulate(t, d, T + 1, sigma2),
            "1/i for 1/i^2": lambda t: theory.one_fit(d, T, sigma2) * sum(1 / i for i in range(1, t + 1)),
            "the fresh-design law": lambda t: theory.accumulate_fresh(t, d, T, sigma2),
        },
        law=least_squares_law(cj.Accumulate(T), d, T, sigma2, generations),
    )


@claim(
    "gerstgrasser2024.thm2.bound",
    statement=r"E_{\mathrm{test}}(\hat w_t) \le \frac{\sigma^2 d}{T - d - 1}\,\frac{\pi^2}{6}",
    relation="<=",
    regime="upper bound",
    provenance="note",
    source="Theorem 2, second relation; wording from notes",
)
def thm2_bound(d=5, T=40, sigma2=1.0, generations=25):
    """Approached from below as t grows, hence tight for a shared design."""
    return Check(
        _regression(d, T, sigma2, "shared"),
        cj.Accumulate(T),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.accumulate_bound(d, T, sigma2),
        mutants={
            "pi^2/8 for pi^2/6": lambda t: theory.accumulate_bound(d, T, sigma2) * 6 / 8,
            "3/2 for pi^2/6": lambda t: 1.5 * theory.one_fit(d, T, sigma2),
        },
        law=least_squares_law(cj.Accumulate(T), d, T, sigma2, generations),
    )


@claim(
    "gerst.accum_fresh",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \sigma^2 d \sum_{i=1}^{t} \frac{1}{i\,(i T - d - 1)} \quad \text{(fresh designs)}",
    relation="==",
    regime="exact",
    provenance="derived",
    source="w_n = w_{n-1} + s G_n^{-1} X_n' e_n with G_n the pooled Gram matrix; exchangeability of the designs",
)
def accum_fresh(d=8, T=18, sigma2=1.0, generations=10):
    return Check(
        _regression(d, T, sigma2, "fresh"),
        cj.Accumulate(T),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.accumulate_fresh(t, d, T, sigma2),
        mutants={
            "the shared-design law (Theorem 2)": lambda t: theory.accumulate(t, d, T, sigma2),
            "i T - d for i T - d - 1": lambda t: sigma2 * d * sum(1 / (i * (i * T - d)) for i in range(1, t + 1)),
        },
    )


@claim(
    "gerst.thm2_on_fresh",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \frac{\sigma^2 d}{T - d - 1} \sum_{i=1}^{t} \frac{1}{i^2} \quad \text{(fresh designs)}",
    relation="==",
    regime="exact",
    provenance="derived",
    source="the formula of Theorem 2 applied beyond its setting, to fresh designs; not a statement of the paper",
    expected="REFUTED",
)
def thm2_on_fresh(d=8, T=18, sigma2=1.0, generations=10):
    """With fresh designs the error is strictly smaller (gerst.accum_fresh). The paper's own setting is the shared design,
    where Theorem 2 is exact (gerstgrasser2024.thm2)."""
    return Check(
        _regression(d, T, sigma2, "fresh"),
        cj.Accumulate(T),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.accumulate(t, d, T, sigma2),
        mutants={"linear growth": lambda t: theory.replace(t, d, T, sigma2)},
    )


@claim(
    "gerst.shared_f_law",
    statement=r"\frac{(T - d + 1)\,\|\hat w_t - w^*\|_\Sigma^2}{\sigma^2 d\, t} \sim F(d,\, T - d + 1) \quad \text{(replace, shared design)}",
    relation="law",
    regime="law",
    provenance="derived",
    source="w_t - w* = s L^{-T} (z_1 + .. + z_t) with X'X = L L' Wishart",
)
def shared_f_law(d=5, T=40, sigma2=1.0, generations=4):
    """The whole distribution, not only its mean: valid for every T >= d, also where the mean is infinite."""

    def scaled_risk(model, truth):
        return ((model.w - truth.w) ** 2).sum(-1) * (T - d + 1) / (sigma2 * d * generations)

    return Check(
        cj.LinearRegression(d=d, sigma2=sigma2, design="shared"),
        cj.Replace(T),
        metric=scaled_risk,
        generations=generations,
        predicted=lambda x: theory.f_law(x, d, T),
        mutants={
            "the chi-square limit (T infinite)": lambda x: theory.f_law(x, d, 10**9),
            "d - 1 for d": lambda x: theory.f_law(x, d - 1, T - 1),
        },
    )


@claim(
    "gerst.unequal_batches",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \sigma^2 d \sum_{i=1}^{t} \frac{T_i / N_i}{N_i - d - 1}, \quad N_i = T_1 + \cdots + T_i",
    relation="==",
    regime="exact",
    provenance="derived",
    source="as gerst.accum_fresh, with T_i rows at generation i",
)
def unequal_batches(d=4, T=(25, 60, 15, 100, 40), sigma2=1.0):
    require(T[0] >= d + 2, f"T[0]={T[0]} is too small for a mean; use T[0] >= {d + 2}")
    return Check(
        cj.LinearRegression(d=d, sigma2=sigma2, design="fresh"),
        cj.Accumulate(T),
        metric="risk",
        generations=len(T),
        predicted=lambda t: theory.accumulate_fresh(t, d, T, sigma2),
        mutants={
            "equal batches of the mean size": lambda t: theory.accumulate_fresh(t, d, [sum(T) / len(T)] * t, sigma2),
            "1/i^2 of the first batch": lambda t: theory.one_fit(d, T[0], sigma2) * core.harmonic2(t),
        },
    )


def _accumulated_paths(d, T, generations, seed, fresh):
    """One literal run of accumulation: the fits w_t, what Theorem 1 says they are, and the variants its mutants name."""
    import numpy as np

    rng = np.random.default_rng(seed)
    w_star = rng.standard_normal(d)
    designs = [rng.standard_normal((T, d))] * generations
    if fresh:
        designs = [designs[0], *(rng.standard_normal((T, d)) for _ in range(generations - 1))]
    noises = rng.standard_normal((generations, T))
    w, labels, fits = w_star, [], []
    for x, noise in zip(designs, noises, strict=True):
        labels.append(x @ w + noise)
        w = np.linalg.lstsq(np.concatenate(designs[: len(labels)]), np.concatenate(labels), rcond=None)[0]
        fits.append(w)

    def stated(weight):
        share = np.asarray([weight(i) for i in range(1, generations + 1)])
        projected = noises @ np.linalg.pinv(designs[0]).T
        return w_star + np.cumsum(share[:, None] * projected, 0)

    return np.asarray(fits), stated


def _first_entry(paths):
    return lambda t: paths[t - 1, 0]


def _thm1(d, T, generations, seed, fresh):
    fits, stated = _accumulated_paths(d, T, generations, seed, fresh)
    return Computed(
        _first_entry(fits),
        _first_entry(stated(lambda i: 1 / i)),
        {
            "noise weighted by 1": _first_entry(stated(lambda i: 1)),
            "noise weighted by 1/i^2": _first_entry(stated(lambda i: 1 / i**2)),
        },
        at=tuple(range(1, generations + 1)),
        scale=1.0,
        rung="identity",
    )


@claim(
    "gerstgrasser2024.thm1",
    statement=r"\hat w_t = w^* + (X'X)^{-1} X' \sum_{i=1}^{t} \frac{E_i}{i}",
    relation="==",
    regime="exact",
    provenance="note",
    source="Theorem 1; wording from notes. An identity on every path: E_i is the noise added at generation i",
)
def thm1(d=5, T=20, generations=12, seed=0):
    """Literal least squares on all t T rows, beside the formula, on one path; the first entry of w is shown. The design is
    the same X in every generation, as the one X'X of the formula requires."""
    return _thm1(d, T, generations, seed, fresh=False)


@claim(
    "gerst.thm1_on_fresh",
    statement=r"\hat w_t = w^* + (X'X)^{-1} X' \sum_{i=1}^{t} \frac{E_i}{i} \quad \text{(fresh designs)}",
    relation="==",
    regime="exact",
    provenance="derived",
    source="the formula of Theorem 1 applied beyond its setting, to fresh designs; not a statement of the paper",
    expected="REFUTED",
)
def thm1_on_fresh(d=5, T=20, generations=12, seed=0):
    """With fresh designs w_t = w_{t-1} + G_t^{-1} X_t' E_t, G_t the Gram matrix of all rows (gerst.accum_fresh)."""
    return _thm1(d, T, generations, seed, fresh=True)


def _eigenvalues(d):
    """From 0.1 to 10, evenly on a logarithmic scale."""
    return [10.0 ** (2 * i / (d - 1) - 1) if d > 1 else 10.0 for i in range(d)]


def _any_cov(d, T, sigma2):
    """A Sigma far from the identity and a true parameter far from 0: least squares is equivariant."""
    require(d + 2 <= T, f"T={T} is too small for a mean; use T >= {d + 2}")
    cov = [[value * (i == j) for j in range(d)] for i, value in enumerate(_eigenvalues(d))]
    return cj.LinearRegression([float(i + 1) for i in range(d)], cov=cov, sigma2=sigma2, design="shared")


@claim(
    "gerst.any_cov_replace",
    statement=r"E\,\|\hat w_t - w^*\|_\Sigma^2 = \frac{\sigma^2 d}{T - d - 1}\, t \quad \text{for every } \Sigma, w^*",
    relation="==",
    regime="exact",
    provenance="derived",
    source="isotropic features are not needed: least squares is affine equivariant",
)
def any_cov_replace(d=5, T=40, sigma2=0.5, generations=10):
    return Check(
        _any_cov(d, T, sigma2),
        cj.Replace(T),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.replace(t, d, T, sigma2),
        mutants={"tr Sigma for d": lambda t: theory.replace(t, d, T, sigma2) * sum(_eigenvalues(d)) / d},
        law=least_squares_law(cj.Replace(T), d, T, sigma2, generations),
    )


@claim(
    "gerst.any_cov_accumulate",
    statement=r"E\,\|\hat w_t - w^*\|_\Sigma^2 = \frac{\sigma^2 d}{T - d - 1} \sum_{i \le t} \frac{1}{i^2} \quad \text{for every } \Sigma, w^*",
    relation="==",
    regime="exact",
    provenance="derived",
    source="isotropic features are not needed: least squares is affine equivariant",
)
def any_cov_accumulate(d=5, T=40, sigma2=0.5, generations=25):
    return Check(
        _any_cov(d, T, sigma2),
        cj.Accumulate(T),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.accumulate(t, d, T, sigma2),
        mutants={"T - d for T - d - 1": lambda t: theory.accumulate(t, d, T + 1, sigma2)},
        law=least_squares_law(cj.Accumulate(T), d, T, sigma2, generations),
    )


@claim(
    "gerst.plain_norm",
    statement=r"E\,\|\hat w_t - w^*\|_2^2 = \frac{\sigma^2 \operatorname{tr}\Sigma^{-1}}{T - d - 1}\, t",
    relation="==",
    regime="exact",
    provenance="derived",
    source="a user who scores the plain distance has tr Sigma^{-1} in place of d",
)
def plain_norm(T=40, sigma2=1.0, generations=6):
    d, variances = 3, (0.5, 1.0, 4.0)
    trace = sum(1 / v for v in variances)
    cov = [[v * (i == j) for j in range(d)] for i, v in enumerate(variances)]
    return Check(
        cj.LinearRegression(d=d, cov=cov, sigma2=sigma2, design="shared"),
        cj.Replace(T),
        metric="squared_error",
        generations=generations,
        predicted=lambda t: theory.replace(t, d, T, sigma2) * trace / d,
        mutants={"d, the Sigma-norm law": lambda t: theory.replace(t, d, T, sigma2)},
        law=lambda t: trace / d * least_squares_law(cj.Replace(T), d, T, sigma2, generations)(t),
    )


@claim(
    "gerst.accum_fresh_limit",
    statement=r"\sum_{i \ge 1} \frac{\sigma^2 d}{i\,(i T - d - 1)} = -\frac{\sigma^2 d}{d + 1}\left[\gamma + \psi\left(1 - \tfrac{d+1}{T}\right)\right]",
    relation="==",
    regime="exact",
    provenance="derived",
    source="limit of gerst.accum_fresh; loose by up to 35 % against pi^2/6 where T is near d",
)
def accum_fresh_limit(d=10, T=(14, 20, 32, 100)):
    """The sum to 10^5 terms with the tail of its integral, beside the digamma form."""

    def summed(rows, terms=100_000):
        tail = -log1p(-(d + 1) / (terms + 0.5) / rows) * d / (d + 1)
        return theory.accumulate_fresh(terms, d, rows, 1.0) + tail

    return Computed(
        summed,
        lambda rows: theory.accumulate_fresh_limit(d, rows, 1.0),
        {
            "the ceiling of a shared design": lambda rows: theory.accumulate_bound(d, rows, 1.0),
            "T - d for T - d - 1": lambda rows: theory.accumulate_fresh_limit(d - 1, rows, 1.0) * d / (d - 1),
        },
        at=tuple(T),
        index="T",
        rung="identity",
    )


@claim(
    "gerst.shared_f_law_accumulate",
    statement=r"\frac{(T - d + 1)\,\|\hat w_t - w^*\|_\Sigma^2}{\sigma^2 d \sum_{i \le t} i^{-2}} \sim F(d,\, T - d + 1) \quad \text{(accumulate, shared design)}",
    relation="law",
    regime="law",
    provenance="derived",
    source="Theorem 1: w_t - w* = (X'X)^{-1} X' (E_1 + .. + E_t / t), the noises independent of X",
)
def shared_f_law_accumulate(d=5, T=40, sigma2=1.0, generations=6):
    coefficient = core.harmonic2(generations)
    return Check(
        cj.LinearRegression(d=d, sigma2=sigma2, design="shared"),
        cj.Accumulate(T),
        metric="risk",
        generations=generations,
        predicted=lambda x: laws.least_squares.shared_cdf(x, coefficient, d, T, sigma2),
        mutants={
            "pi^2/6 for its partial sum": lambda x: laws.least_squares.shared_cdf(x, 1.645, d, T, sigma2),
            "d + 1 for d": lambda x: laws.least_squares.shared_cdf(x, coefficient, d + 1, T + 1, sigma2),
        },
    )


@claim(
    "gerst.fresh_replace_law",
    statement=r"\|\hat w_t - w^*\|_\Sigma \sim \Bigl|\sigma \sum_{k \le t} z_k / \sqrt{g_k}\Bigr|, \quad z_k \sim N(0, I_d),\ g_k \sim \chi^2_{T - d + 1}",
    relation="law",
    regime="law",
    provenance="derived",
    source="increments are independent multivariate t vectors; distribution function by a Hankel transform",
)
def fresh_replace_law(d=5, T=20, sigma2=1.0, generations=4):
    """The same mean as with a shared design, but lighter tails (gerst.shared_f_law)."""

    def law(t):
        return lambda x: interpolated(
            lambda grid: laws.least_squares.fresh_replace_cdf(grid, t, d, T, sigma2), x, log=True
        )

    return Check(
        cj.LinearRegression(d=d, sigma2=sigma2, design="fresh"),
        cj.Replace(T),
        metric="risk",
        generations=generations,
        predicted=law(generations),
        mutants={
            "the law of a shared design": lambda x: laws.least_squares.shared_cdf(x, generations, d, T, sigma2),
            "one generation less": law(generations - 1),
        },
    )


@claim(
    "gerst.replace_multiple",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \frac{\sigma^2 d}{T - d - 1} \sum_{i=1}^{t} \frac1i \quad \text{(fit } t \text{ on } t T \text{ rows of the last model, } X \text{ stacked)}",
    relation="==",
    regime="exact",
    provenance="derived",
    source="as much data as accumulation, all of it from the last model",
)
def replace_multiple(d=5, T=40, sigma2=1.0, generations=8):
    """More synthetic data turns linear into logarithmic growth; it does not stop it."""
    return Check(
        _regression(d, T, sigma2, "shared"),
        cj.ReplaceMultiple(T),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.replace_multiple(t, d, T, sigma2),
        mutants={
            "accumulate": lambda t: theory.accumulate(t, d, T, sigma2),
            "the fresh-design law": lambda t: theory.replace_multiple_fresh(t, d, T, sigma2),
        },
        law=least_squares_law(cj.ReplaceMultiple(T), d, T, sigma2, generations),
    )


@claim(
    "gerst.replace_multiple_fresh",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \sigma^2 d \sum_{i=1}^{t} \frac{1}{i T - d - 1} \quad \text{(fit } t \text{ on } t T \text{ fresh rows of the last model)}",
    relation="==",
    regime="exact",
    provenance="derived",
    source="replacement with T_i = i T rows",
)
def replace_multiple_fresh(d=5, T=20, sigma2=1.0, generations=8):
    schedule = [T * i for i in range(1, generations + 1)]
    return Check(
        _regression(d, T, sigma2, "fresh"),
        cj.Replace(schedule),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.replace_multiple_fresh(t, d, T, sigma2),
        mutants={
            "X stacked": lambda t: theory.replace_multiple(t, d, T, sigma2),
            "constant T": lambda t: theory.replace(t, d, T, sigma2),
        },
    )


@claim(
    "gerst.fixed_real_shared",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \frac{\sigma^2 d}{T - d - 1}\left[1 + \tfrac13 (1 - 4^{1 - t})\right] \quad \text{(one real set and the last synthetic one, } T \text{ rows each)}",
    relation="==",
    regime="exact",
    provenance="derived",
    source="real labels kept, shared design: weights 1/2 and 1/2, so the limit is 4/3 < pi^2/6",
)
def fixed_real_shared(d=5, T=40, sigma2=1.0, generations=8):
    return Check(
        _regression(d, T, sigma2, "shared"),
        cj.FixedReal(T, n_real=T),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.fixed_real(t, d, T, T, sigma2) * T / (T - d - 1),
        mutants={
            "accumulate": lambda t: theory.accumulate(t, d, T, sigma2),
            "no gain from the second set": lambda t: theory.one_fit(d, T, sigma2),
        },
        law=least_squares_law(cj.FixedReal(T, n_real=T), d, T, sigma2, generations),
    )


@claim(
    "gerst.fixed_real_plus_last",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \frac{\sigma^2 d}{n_1}\left[1 + \frac{p_2}{1 + p_2}\left(1 - p_2^{2 (t-1)}\right)\right]\left(1 + O(d / n_1)\right),\quad p_2 = \frac{n_2}{n_1 + n_2}",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="one real set reused and fresh rows from the last model only; the limit ratio stays below 3/2",
)
def fixed_real_plus_last(d=3, n_real=300, n=600, sigma2=1.0, generations=8):
    """The remainder is allowed to be 2 d / n_1 of the value, so a small d / n_1 makes the test sharp."""
    p2 = n / (n_real + n)

    def predicted(t):
        return theory.fixed_real(t, d, n_real, n, sigma2)

    return Check(
        cj.LinearRegression(d=d, sigma2=sigma2, design="fresh"),
        cj.FixedReal(n, n_real=n_real),
        metric="risk",
        generations=generations,
        predicted=predicted,
        mutants={
            "replacement": lambda t: theory.replace(t, d, n, sigma2),
            "p_2 for p_2/(1 + p_2)": lambda t: sigma2 * d / n_real * (1 + p2 * (1 - p2 ** (2 * (t - 1)))),
        },
        allowance=lambda t: 2 * d / n_real * predicted(t),
    )


_CEILING = r"E_{\mathrm{test}}(\hat w_t) \le \lambda^2 \|w^*\|^2 \frac{T - 1}{(T-d)(T-d-1)(T-d-3)} + \frac{\sigma^2 d}{T-d-1}\,\frac{\pi^2}{6}"


@claim(
    "gerst.ridge_absolute",
    statement=_CEILING + r" \quad \text{(accumulate, penalty } \lambda \|w\|^2 \text{ beside the sum of squares)}",
    relation="<=",
    regime="upper bound",
    provenance="derived",
    source="the bias is frozen at the first fit, and a penalty only shrinks the noise",
)
def ridge_absolute(d=5, T=20, sigma2=1.0, strength=4.0, generations=30):
    """Accumulation prevents collapse under this convention, and fails under the other (gerst.ridge_per_sample)."""
    return _ridge(d, T, sigma2, strength, strength, generations, "absolute")


@claim(
    "gerst.ridge_per_sample",
    statement=_CEILING
    + r" \quad \text{(accumulate, penalty } \tfrac{\lambda}{T} \|w\|^2 \text{ beside the mean of squares)}",
    relation="<=",
    regime="upper bound",
    provenance="derived",
    source="the ceiling of gerst.ridge_absolute under the per-sample convention; not a statement of the paper",
    expected="REFUTED",
)
def ridge_per_sample(d=5, T=20, sigma2=1.0, strength=4.0, generations=30):
    """The same first fit, but the penalty grows with the pool: the bias tends to |w*|^2 as a power of t
    (gerst.ridge_bias), so here accumulation does collapse. Two conventions called ridge, opposite conclusions."""
    return _ridge(d, T, sigma2, strength, strength / T, generations, "per_sample")


def _ridge(d, T, sigma2, strength, ridge, generations, penalty):
    require(strength > 0, f"strength={strength} is no ridge; use strength > 0")
    require(d + 4 <= T, f"T={T} is too small for the ceiling; use T >= {d + 4}")
    ceiling = theory.ridge_ceiling(d, T, sigma2, strength, d)
    return Check(
        cj.LinearRegression([1.0] * d, sigma2=sigma2, ridge=ridge, penalty=penalty, design="fresh"),
        cj.Accumulate(T),
        metric="risk",
        generations=generations,
        predicted=lambda t: ceiling,
        mutants={"a third of it": lambda t: ceiling / 3},
    )


@claim(
    "gerst.ridge_bias",
    statement=r"E[\hat w_t \mid X]_j = w_j^* \frac{\Gamma(t + m_j)}{\Gamma(t + 1)\,\Gamma(m_j)}, \quad m_j = \frac{s_j}{s_j + \lambda}",
    relation="==",
    regime="exact",
    provenance="derived",
    source="accumulate with a per-sample penalty, shared design, eigenvalues s_j of X'X/T",
)
def ridge_bias(eigenvalue=1.3, strength=0.2, generations=30):
    """A recursion over all earlier fits beside the Gamma form: accumulation does not prevent this collapse."""
    m, means = eigenvalue / (eigenvalue + strength), [1.0]
    for t in range(1, generations + 1):
        means.append(m * sum(means[:t]) / t)
    return Computed(
        lambda t: means[t],
        lambda t: theory.ridge_bias(t, m),
        {
            "replacement, m^t": lambda t: m**t,
            "absolute penalty, frozen": lambda t: m,
        },
        at=tuple(range(1, generations + 1)),
    )


@claim(
    "gerst.window_shared",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \frac{\sigma^2 d}{T - d - 1}\, \|C_t\|^2, \quad C_t = \tfrac1k \sum_{j = t-k+1}^{t} (C_{j-1} + e_j)",
    relation="==",
    regime="exact",
    provenance="derived",
    source="fitting the last k data sets, shared design: still linear growth, only slower",
)
def window_shared(d=5, T=40, sigma2=1.0, k=3, generations=12):
    def curve(length):
        return least_squares_law(cj.Window(T, k=length), d, T, sigma2, generations)

    weights = [
        [1 / min(t, k) if t - k < j <= t else 0.0 for j in range(1, generations + 1)] for t in range(1, generations + 1)
    ]
    return Check(
        _regression(d, T, sigma2, "shared"),
        cj.Window(T, k=k),
        metric="risk",
        generations=generations,
        predicted=curve(k),
        mutants={"k + 1 for k": curve(k + 1), "accumulate": lambda t: theory.accumulate(t, d, T, sigma2)},
        law=along(laws.pedigree.least_squares(laws.pedigree.of_weights(weights, T), d, T, sigma2)),
    )
