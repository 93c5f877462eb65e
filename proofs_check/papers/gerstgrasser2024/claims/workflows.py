"""Other protocols of the same regression: more synthetic rows, a real set kept, a window (derived)."""

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws import identities
from collapse_jax.laws.domain import domain
from proofs_check.claim import Check, claim
from proofs_check.curves import along, least_squares_law
from proofs_check.papers.gerstgrasser2024 import theory
from proofs_check.papers.gerstgrasser2024.claims._setups import SETTING, fresh_variance, regression


@claim(
    "gerstgrasser2024.replace_multiple",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \frac{\sigma^2 d}{T - d - 1} \sum_{i=1}^{t} \frac1i \quad \text{(fit } t \text{ on } t T \text{ rows of the last model, } X \text{ stacked)}",
    relation="==",
    provenance="note",
    source='Appendix E, eq. 11 ("replace-multiple"); wording from a note that was checked against version 2, form derived again',
    domain=SETTING,
)
def replace_multiple(d=5, T=40, sigma2=1.0, generations=8):
    """More synthetic data turns linear into logarithmic growth; it does not stop it."""
    return Check(
        regression(d, T, sigma2, "shared"),
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
    "gerstgrasser2024.replace_multiple_fresh",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \sigma^2 d \sum_{i=1}^{t} \frac{1}{i T - d - 1} \quad \text{(fit } t \text{ on } t T \text{ fresh rows of the last model)}",
    relation="==",
    provenance="derived",
    source="replacement with T_i = i T rows",
    domain=SETTING,
)
def replace_multiple_fresh(d=5, T=20, sigma2=1.0, generations=8):
    schedule = [T * i for i in range(1, generations + 1)]
    return Check(
        regression(d, T, sigma2, "fresh"),
        cj.Replace(schedule),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.replace_multiple_fresh(t, d, T, sigma2),
        mutants={
            "X stacked": lambda t: theory.replace_multiple(t, d, T, sigma2),
            "constant T": lambda t: theory.replace(t, d, T, sigma2),
        },
        variance=fresh_variance(schedule, d, sigma2),
    )


@claim(
    "gerstgrasser2024.fixed_real_shared",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \frac{\sigma^2 d}{T - d - 1}\left[1 + \tfrac13 (1 - 4^{1 - t})\right] \quad \text{(one real set and the last synthetic one, } T \text{ rows each)}",
    relation="==",
    provenance="derived",
    source="real labels kept, shared design: weights 1/2 and 1/2, so the limit is 4/3 < pi^2/6",
    domain=SETTING,
)
def fixed_real_shared(d=5, T=40, sigma2=1.0, generations=8):
    return Check(
        regression(d, T, sigma2, "shared"),
        cj.FixedReal(T, n_real=T),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.fixed_real(t, d, T, T, sigma2) * T / (T - d - 1),
        mutants={
            "accumulate": lambda t: theory.accumulate(t, d, T, sigma2),
            "no gain from the second set": lambda t: identities.one_fit(d, T, sigma2),
        },
        law=least_squares_law(cj.FixedReal(T, n_real=T), d, T, sigma2, generations),
    )


@claim(
    "gerstgrasser2024.fixed_real_plus_last",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \frac{\sigma^2 d}{n_1}\left[1 + \frac{p_2}{1 + p_2}\left(1 - p_2^{2 (t-1)}\right)\right]\left(1 + O(d / n_1)\right),\quad p_2 = \frac{n_2}{n_1 + n_2}",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="one real set reused and fresh rows from the last model only; the limit ratio stays below 3/2",
    domain=SETTING & domain(("n_real >= d + 2", "n >= d + 2")),
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


@claim(
    "gerstgrasser2024.window_shared",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \frac{\sigma^2 d}{T - d - 1}\, \|C_t\|^2, \quad C_t = \tfrac1k \sum_{j = t-k+1}^{t} (C_{j-1} + e_j)",
    relation="==",
    provenance="derived",
    source="fitting the last k data sets, shared design: still linear growth, only slower",
    domain=SETTING,
)
def window_shared(d=5, T=40, sigma2=1.0, k=3, generations=12):
    def curve(length):
        return least_squares_law(cj.Window(T, k=length), d, T, sigma2, generations)

    weights = [
        [1 / min(t, k) if t - k < j <= t else 0.0 for j in range(1, generations + 1)] for t in range(1, generations + 1)
    ]
    return Check(
        regression(d, T, sigma2, "shared"),
        cj.Window(T, k=k),
        metric="risk",
        generations=generations,
        predicted=curve(k),
        mutants={"k + 1 for k": curve(k + 1), "accumulate": lambda t: theory.accumulate(t, d, T, sigma2)},
        law=along(laws.pedigree.least_squares(laws.pedigree.of_weights(weights, T), d, T, sigma2)),
    )
