"""Theorems 1 and 2 and linear growth under replacement, with the designs they hold for."""

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws import identities
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import least_squares_law
from proofs_check.papers.gerstgrasser2024 import theory
from proofs_check.papers.gerstgrasser2024.claims._setups import ROWS, SETTING, fresh_variance, regression


@claim(
    "gerstgrasser2024.replace",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \frac{\sigma^2 d}{T - d - 1}\, t",
    relation="==",
    provenance="note",
    source="quoted beside Theorem 2 and attributed there to Dohmatob et al. 2024; wording from notes",
    domain=SETTING,
)
def replace(d=5, T=40, sigma2=1.0, generations=10, design="shared"):
    """Labels replaced at every generation: linear growth, for shared and (design="fresh") for fresh designs."""
    return Check(
        regression(d, T, sigma2, design),
        cj.Replace(T),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.replace(t, d, T, sigma2),
        mutants={
            "T - d for T - d - 1": lambda t: theory.replace(t, d, T + 1, sigma2),
            "counts synthetic layers, t - 1": lambda t: theory.replace(t - 1, d, T, sigma2),
        },
        law=least_squares_law(cj.Replace(T), d, T, sigma2, generations) if design == "shared" else None,
        variance=fresh_variance([T] * generations, d, sigma2) if design == "fresh" else None,
    )


@claim(
    "gerstgrasser2024.thm2",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \frac{\sigma^2 d}{T - d - 1} \sum_{i=1}^{t} \frac{1}{i^2}",
    relation="==",
    provenance="note",
    source="Theorem 2, first relation; wording from notes",
    domain=SETTING,
)
def thm2(d=5, T=40, sigma2=1.0, generations=25):
    """Exact when every generation reuses the same X, which Theorem 1 of the paper (one X'X) implies."""
    return Check(
        regression(d, T, sigma2, "shared"),
        cj.Accumulate(T),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.accumulate(t, d, T, sigma2),
        mutants={
            "T - d for T - d - 1": lambda t: theory.accumulate(t, d, T + 1, sigma2),
            "1/i for 1/i^2": lambda t: identities.one_fit(d, T, sigma2) * sum(1 / i for i in range(1, t + 1)),
            "the fresh-design law": lambda t: theory.accumulate_fresh(t, d, T, sigma2),
        },
        law=least_squares_law(cj.Accumulate(T), d, T, sigma2, generations),
    )


@claim(
    "gerstgrasser2024.thm2.bound",
    statement=r"E_{\mathrm{test}}(\hat w_t) \le \frac{\sigma^2 d}{T - d - 1}\,\frac{\pi^2}{6}",
    relation="<=",
    provenance="note",
    source="Theorem 2, second relation; wording from notes",
    domain=SETTING,
)
def thm2_bound(d=5, T=40, sigma2=1.0, generations=25):
    """Approached from below as t grows, hence tight for a shared design."""
    return Check(
        regression(d, T, sigma2, "shared"),
        cj.Accumulate(T),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.accumulate_bound(d, T, sigma2),
        mutants={
            "pi^2/8 for pi^2/6": lambda t: theory.accumulate_bound(d, T, sigma2) * 6 / 8,
            "3/2 for pi^2/6": lambda t: 1.5 * identities.one_fit(d, T, sigma2),
        },
        law=least_squares_law(cj.Accumulate(T), d, T, sigma2, generations),
    )


@claim(
    "gerstgrasser2024.thm2_on_fresh",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \frac{\sigma^2 d}{T - d - 1} \sum_{i=1}^{t} \frac{1}{i^2} \quad \text{(fresh designs)}",
    relation="==",
    provenance="derived",
    source="the formula of Theorem 2 applied beyond its setting, to fresh designs; not a statement of the paper",
    expected="REFUTED",
    domain=SETTING,
)
def thm2_on_fresh(d=8, T=18, sigma2=1.0, generations=10):
    """With fresh designs the error is strictly smaller (gerstgrasser2024.accum_fresh). The paper's own setting is the shared design,
    where Theorem 2 is exact (gerstgrasser2024.thm2)."""
    return Check(
        regression(d, T, sigma2, "fresh"),
        cj.Accumulate(T),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.accumulate(t, d, T, sigma2),
        mutants={"linear growth": lambda t: theory.replace(t, d, T, sigma2)},
        variance=(lambda t: laws.moments.fresh_accumulate_variance(t, d, T, sigma2)) if d + 4 <= T else None,
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
    provenance="note",
    source="Theorem 1; wording from notes. An identity on every path: E_i is the noise added at generation i",
    domain=ROWS,
)
def thm1(d=5, T=20, generations=12, seed=0):
    """Literal least squares on all t T rows, beside the formula, on one path; the first entry of w is shown. The design is
    the same X in every generation, as the one X'X of the formula requires."""
    return _thm1(d, T, generations, seed, fresh=False)


@claim(
    "gerstgrasser2024.thm1_on_fresh",
    statement=r"\hat w_t = w^* + (X'X)^{-1} X' \sum_{i=1}^{t} \frac{E_i}{i} \quad \text{(fresh designs)}",
    relation="==",
    provenance="derived",
    source="the formula of Theorem 1 applied beyond its setting, to fresh designs; not a statement of the paper",
    expected="REFUTED",
    domain=ROWS,
)
def thm1_on_fresh(d=5, T=20, generations=12, seed=0):
    """With fresh designs w_t = w_{t-1} + G_t^{-1} X_t' E_t, G_t the Gram matrix of all rows (gerstgrasser2024.accum_fresh)."""
    return _thm1(d, T, generations, seed, fresh=True)
