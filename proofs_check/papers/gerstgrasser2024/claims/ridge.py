"""Two conventions called ridge, with opposite conclusions about accumulation (derived)."""

import collapse_jax as cj
from collapse_jax.laws.domain import Positive, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.gerstgrasser2024 import theory
from proofs_check.papers.gerstgrasser2024.claims._setups import SIZES

_RIDGE = SIZES & domain("T >= d + 4", strength=Positive)


_CEILING = r"E_{\mathrm{test}}(\hat w_t) \le \lambda^2 \|w^*\|^2 \frac{T - 1}{(T-d)(T-d-1)(T-d-3)} + \frac{\sigma^2 d}{T-d-1}\,\frac{\pi^2}{6}"


@claim(
    "gerstgrasser2024.ridge_absolute",
    statement=_CEILING + r" \quad \text{(accumulate, penalty } \lambda \|w\|^2 \text{ beside the sum of squares)}",
    relation="<=",
    provenance="derived",
    source="the bias is frozen at the first fit, and a penalty only shrinks the noise",
    domain=_RIDGE,
)
def ridge_absolute(d=5, T=20, sigma2=1.0, strength=4.0, generations=30):
    """Accumulation prevents collapse under this convention, and fails under the other (gerstgrasser2024.ridge_per_sample)."""
    return _ridge(d, T, sigma2, strength, strength, generations, "absolute")


@claim(
    "gerstgrasser2024.ridge_per_sample",
    statement=_CEILING
    + r" \quad \text{(accumulate, penalty } \tfrac{\lambda}{T} \|w\|^2 \text{ beside the mean of squares)}",
    relation="<=",
    provenance="derived",
    source="the ceiling of gerstgrasser2024.ridge_absolute under the per-sample convention; not a statement of the paper",
    expected="REFUTED",
    domain=_RIDGE,
)
def ridge_per_sample(d=5, T=20, sigma2=1.0, strength=4.0, generations=30):
    """The same first fit, but the penalty grows with the pool: the bias tends to |w*|^2 as a power of t
    (gerstgrasser2024.ridge_bias), so here accumulation does collapse. Two conventions called ridge, opposite conclusions."""
    return _ridge(d, T, sigma2, strength, strength / T, generations, "per_sample")


def _ridge(d, T, sigma2, strength, ridge, generations, penalty):
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
    "gerstgrasser2024.ridge_bias",
    statement=r"E[\hat w_t \mid X]_j = w_j^* \frac{\Gamma(t + m_j)}{\Gamma(t + 1)\,\Gamma(m_j)}, \quad m_j = \frac{s_j}{s_j + \lambda}",
    relation="==",
    provenance="derived",
    source="accumulate with a per-sample penalty, shared design, eigenvalues s_j of X'X/T",
    domain=domain(eigenvalue=Positive, strength=Positive),
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
