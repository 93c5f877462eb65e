r"""Strong Model Collapse (Dohmatob, Feng, Subramonian and Kempe 2024, arXiv 2410.04840): ridge on real and synthetic rows.

$n_1$ real rows with labels of $w^*$ and noise variance $\sigma_1^2$; $n_2$ synthetic ones of $w^* + \delta$ and
$\sigma_2^2$; $n = n_1 + n_2$, $p_i = n_i/n$, $\sigma^2 = p_1 \sigma_1^2 + p_2 \sigma_2^2$, $x \sim N(0, \Sigma)$. Quality
$c^2 = E\|\delta\|_\Sigma^2$ and $r^2 = E\|w^*\|_\Sigma^2$ (with traces that are not divided by d); penalty $\lambda$ per row;
the error is $E\|\hat w - w^*\|_\Sigma^2$.
"""

from typing import Any

from collapse_jax.laws.domain import Integers, NonNegative, Positive, Probability, domain
from collapse_jax.laws.special import sqrt

SIZES = domain(d=Integers(1), m=Integers(1), n=Integers(1), n_1=Integers(1), n_2=Integers(1), t=Integers(0))
POWERS = domain(r2=NonNegative, c2=NonNegative, s1=NonNegative, s2=NonNegative, lam=NonNegative)


@domain(t_0=NonNegative, t_1=NonNegative, t_2=NonNegative, u=NonNegative, p_2=Probability)
def zeta(t_0: Any, t_1: Any, t_2: Any, u: Any, p_2: Any) -> Any:
    r"""$\zeta = p_2^2 (1 + p_1 u)(t_0 - 2 t_1 + t_2) + p_2 u\,(p_1^2 t_0 + 2 p_1 p_2 t_1 + p_2^2 t_2)$: Theorems 1 and 2,

    $t_0 = \operatorname{tr} \Sigma\Delta$, $t_1 = \kappa \operatorname{tr} \Sigma\Delta(\Sigma + \kappa)^{-1}$,
    $t_2 = \kappa^2 \operatorname{tr} \Sigma\Delta(\Sigma + \kappa)^{-2}$, $u = df_2/(n - df_2)$ in Theorem 1.
    """
    p_1 = 1 - p_2
    return p_2**2 * (1 + p_1 * u) * (t_0 - 2 * t_1 + t_2) + p_2 * u * (
        p_1**2 * t_0 + 2 * p_1 * p_2 * t_1 + p_2**2 * t_2
    )


@domain(d=Positive, n=Positive, lam=Positive)
def penalty(d: Any, n: Any, lam: Any) -> Any:
    r"""$\kappa = \tfrac12 [\lambda + \phi - 1 + \sqrt{(\lambda + \phi - 1)^2 + 4 \lambda}]$ for $\Sigma = I$, $\phi = d/n$."""
    excess = lam + d / n - 1
    return (excess + sqrt(excess**2 + 4 * lam)) / 2


@domain(d=Positive, n_1=NonNegative, n_2=NonNegative, lam=Positive, r2=NonNegative, c2=NonNegative, sigma2=NonNegative)
def theorem_1(d: Any, n_1: Any, n_2: Any, lam: Any, r2: Any, c2: Any, sigma2: Any) -> Any:
    r"""Theorem 1 for $\Sigma = I$: $\kappa^2 (1 + u) r^2/(1 + \kappa)^2 + \sigma^2 u + \zeta$, $u = df_2/(n - df_2)$,

    $df_2 = d/(1 + \kappa)^2$, $t_1 = c^2 \kappa/(1 + \kappa)$, $t_2 = c^2 \kappa^2/(1 + \kappa)^2$.
    """
    n = n_1 + n_2
    kappa = penalty(d, n, lam)
    lost = kappa / (1 + kappa)
    u = d / (1 + kappa) ** 2 / (n - d / (1 + kappa) ** 2)
    return lost**2 * (1 + u) * r2 + sigma2 * u + zeta(c2, c2 * lost, c2 * lost**2, u, n_2 / n)


@domain("n_1 + n_2 > d", d=Positive, n_1=NonNegative, n_2=NonNegative, c2=NonNegative, sigma2=NonNegative)
def under(d: Any, n_1: Any, n_2: Any, c2: Any, sigma2: Any) -> Any:
    r"""$\sigma^2 u + c^2 (p_2^2 + p_1 p_2 u)$, $u = d/(n - d)$: Theorem 1 without penalty, n > d."""
    n = n_1 + n_2
    u = d / (n - d)
    return sigma2 * u + c2 * (n_2 * n_2 + n_1 * n_2 * u) / n**2


@domain("n_1 + n_2 >= d + 2", d=Integers(1), n_1=Integers(0), n_2=Integers(0))
def rho(d: Any, n_1: Any, n_2: Any) -> Any:
    r"""$\rho = \tfrac1d E\|W^{-1} W_2\|_F^2 = \dfrac{n_2 (n_2 (n + 1) + n_1 - 2) + n_1 n_2 (n d - 2)/(n - d - 1)}
    {n (n - 1)(n + 2)}$, $W_i \sim W_d(I, n_i)$ (derived): the share of $c^2$ that least squares keeps.
    """
    n = n_1 + n_2
    return (n_2 * (n_2 * (n + 1) + n_1 - 2) + n_1 * n_2 * (n * d - 2) / (n - d - 1)) / (n * (n - 1) * (n + 2))


@domain(
    "n_1 + n_2 >= d + 2",
    d=Integers(1),
    n_1=Integers(0),
    n_2=Integers(0),
    c2=NonNegative,
    s1=NonNegative,
    s2=NonNegative,
)
def under_exact(d: Any, n_1: Any, n_2: Any, c2: Any, s1: Any, s2: Any) -> Any:
    r"""$\sigma^2\,\frac{d}{n - d - 1} + c^2 \rho$, exact for least squares; any $\Sigma$ (derived)."""
    n = n_1 + n_2
    return (n_1 * s1 + n_2 * s2) / n * d / (n - d - 1) + c2 * rho(d, n_1, n_2)


@domain(phi=NonNegative, p_2=Probability, c2=NonNegative, sigma2=NonNegative)
def corollary_1(phi: Any, p_2: Any, c2: Any, sigma2: Any) -> Any:
    r"""$\sigma^2 \phi + p_2^2 c^2$, with a remainder $O(\phi^2)$ as quoted."""
    return sigma2 * phi + p_2**2 * c2


@domain(phi=NonNegative, p_2=Probability, c2=NonNegative, sigma2=NonNegative)
def first_order(phi: Any, p_2: Any, c2: Any, sigma2: Any) -> Any:
    r"""$p_2^2 c^2 + (\sigma^2 + p_1 p_2 c^2)\,\phi$: what Theorem 1 gives to first order in $\phi = d/n$ (derived)."""
    return p_2**2 * c2 + (sigma2 + (1 - p_2) * p_2 * c2) * phi


@domain(
    ("abs(n_1 + n_2 - m) > 0", "min(m, n_1 + n_2) < d"), d=Positive, m=Positive, n_1=NonNegative, n_2=NonNegative,
    r2=NonNegative, c2=NonNegative, sigma2=NonNegative,
)  # fmt: skip
def projected(d: Any, m: Any, n_1: Any, n_2: Any, r2: Any, c2: Any, sigma2: Any) -> Any:
    r"""Theorem 2 for $\Sigma = I$ without penalty (derived). For $m < \min(n, d)$, with $u = m/(n - m)$,

    $$(1 + u)(1 - \tfrac md) r^2 + \sigma^2 u
      + c^2 \{p_2^2 (1 + p_1 u) \tfrac md + p_2 u [1 - \tfrac md (1 - p_1^2)]\};$$
    for $n < \min(m, d)$, $t_1/c^2 = 1 - \tfrac nd$, $t_2/c^2 = (1 - \tfrac nd)^2 \tfrac{m d}{m d - n^2}$,
    $df = d - 2 d\,t_1/c^2 + d\,t_2/c^2$, $u = df/(n - df)$ and $(1 + u)\,t_2 r^2/c^2 + \sigma^2 u + \zeta$.
    """
    n = n_1 + n_2
    p_2 = n_2 / n
    if m < n:
        u, p_1, share = m / (n - m), 1 - p_2, m / d
        kept = p_2**2 * (1 + p_1 * u) * share + p_2 * u * (1 - share * (1 - p_1**2))
        return (1 + u) * (1 - share) * r2 + sigma2 * u + c2 * kept
    t_1 = 1 - n / d
    t_2 = t_1**2 * m * d / (m * d - n**2)
    df = d * (1 - 2 * t_1 + t_2)
    u = df / (n - df)
    return (1 + u) * t_2 * r2 + sigma2 * u + zeta(c2, c2 * t_1, c2 * t_2, u, p_2)


@domain(
    ("m < d", "n_1 + n_2 >= m + 2"), d=Integers(2), m=Integers(1), n_1=Integers(0), n_2=Integers(0),
    r2=NonNegative, c2=NonNegative, s1=NonNegative, s2=NonNegative,
)  # fmt: skip
def projected_exact(d: Any, m: Any, n_1: Any, n_2: Any, r2: Any, c2: Any, s1: Any, s2: Any) -> Any:
    r"""$\Sigma = I$, least squares on $m < d$ projections, $n \ge m + 2$: exact (derived), with $q = 1 - \tfrac md$

    $$q\,r^2 + \{p_1 (\sigma_1^2 + q\,r^2) + p_2 [\sigma_2^2 + q\,(r^2 + c^2)]\} \frac{m}{n - m - 1} + \frac md\,c^2 \rho(m, n_1, n_2),$$

    as what the projections miss of a label is independent noise beside them.
    """
    missed = (d - m) / d
    real, synthetic = s1 + missed * r2, s2 + missed * (r2 + c2)
    return missed * r2 + under_exact(m, n_1, n_2, c2 * m / d, real, synthetic)


@domain(alpha=Probability, d=Positive, n_1=Positive, n_2=Positive, c2=NonNegative, sigma2=NonNegative)
def weighted(alpha: Any, d: Any, n_1: Any, n_2: Any, c2: Any, sigma2: Any) -> Any:
    r"""$\alpha^2 c^2 + \sigma^2 d\,[\frac{(1 - \alpha)^2}{n_1} + \frac{\alpha^2}{n_2}]$, to leading order in d/n (derived)."""
    return alpha**2 * c2 + sigma2 * d * ((1 - alpha) ** 2 / n_1 + alpha**2 / n_2)


@domain(d=Positive, n_1=Positive, n_2=Positive, c2=NonNegative, sigma2=Positive)
def best_weight(d: Any, n_1: Any, n_2: Any, c2: Any, sigma2: Any) -> Any:
    r"""$\alpha^* = \dfrac{\sigma^2 d/n_1}{c^2 + \sigma^2 d/n_1 + \sigma^2 d/n_2}$, the minimum of `weighted`."""
    return sigma2 * d / n_1 / (c2 + sigma2 * d / n_1 + sigma2 * d / n_2)


@domain(alpha=Probability, phi=NonNegative, p_2=Probability, c2=NonNegative, s1=NonNegative, s2=NonNegative)
def corollary_2(alpha: Any, phi: Any, p_2: Any, c2: Any, s1: Any, s2: Any) -> Any:
    r"""$p_2^2 \alpha^2 c^2 + ((1 - \alpha) p_1 \sigma_1^2 + \alpha p_2 \sigma_2^2)\,\phi$, as quoted in a note on Corollary 2."""
    return p_2**2 * alpha**2 * c2 + ((1 - alpha) * (1 - p_2) * s1 + alpha * p_2 * s2) * phi


@domain(
    "n_1 + n_2 >= d + 2", t=Integers(0), d=Integers(1), n_1=Integers(1), n_2=Integers(1), c2=NonNegative, s1=NonNegative,
    s2=NonNegative,
)  # fmt: skip
def iterative(t: Any, d: Any, n_1: Any, n_2: Any, c2: Any, s1: Any, s2: Any) -> Any:
    r"""$E_t = e\,\frac{1 - \rho^t}{1 - \rho} + \rho^t c^2$, $e = \sigma^2 d/(n - d - 1)$: t rounds of least squares on
    $n_1$ fresh real rows and $n_2$ of the last model, $E_0 = c^2$; exact, any $\Sigma$ (derived).
    """
    noise, kept = under_exact(d, n_1, n_2, 0, s1, s2), rho(d, n_1, n_2)
    return noise * (1 - kept**t) / (1 - kept) + kept**t * c2


@domain(p_2=Probability, clean=NonNegative)
def corollary_3(clean: Any, p_2: Any) -> Any:
    r"""$\bar E/(1 - p_2^2)$, the limit of iterative mixing as remembered; $\bar E$ is the error of clean data (phi -> 0)."""
    return clean / (1 - p_2**2)
