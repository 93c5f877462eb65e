r"""Theorems 1 and 2 on any spectrum, as they are quoted: $\Sigma$, $\Gamma$ and $\Delta$ commute, per eigenvalue."""

from typing import Any, NamedTuple

from collapse_jax.laws.domain import Kind, NonNegative, Positive, domain
from collapse_jax.laws.spectrum import Spectrum, df_2, effective_penalty, projected_penalty
from proofs_check.papers.dohmatob2024strong import theory


class Rows(NamedTuple):
    r"""The data: $n_1$ real rows with noise variance $\sigma_1^2$, $n_2$ synthetic ones with $\sigma_2^2$."""

    n_1: float
    n_2: float
    s1: float = 0.0
    s2: float = 0.0

    @property
    def n(self) -> float:
        return self.n_1 + self.n_2

    @property
    def sigma2(self) -> float:
        r"""$p_1 \sigma_1^2 + p_2 \sigma_2^2$."""
        return (self.n_1 * self.s1 + self.n_2 * self.s2) / self.n


_DATA = domain(spectrum=Kind(kind=Spectrum), rows=Kind(kind=Rows), lam=NonNegative)


@_DATA
def theorem_1(spectrum: Spectrum, source: Any, shift: Any, rows: Rows, lam: float) -> float:
    r"""$B + V + \zeta$ with $\kappa$ of `effective_penalty`, $u = df_2/(n - df_2)$: $V = \sigma^2 u$,

    $B = \kappa^2 (1 + u) \operatorname{tr} \Gamma\Sigma(\Sigma + \kappa)^{-2}$ and $\zeta = p_2^2 (1 + p_1 u)
    \operatorname{tr} \Delta\Sigma^3(\Sigma + \kappa)^{-2} + p_2 u \operatorname{tr} \Delta\Sigma(p_1 \Sigma + \kappa)^2
    (\Sigma + \kappa)^{-2}$. `source` and `shift` are $\Gamma$ and $\Delta$.
    """
    S, n = spectrum.values, rows.n
    p_1, p_2 = rows.n_1 / n, rows.n_2 / n
    kappa = effective_penalty(spectrum, lam, n)
    left = (S + kappa) ** -2
    u = df_2(spectrum, kappa) / (n - df_2(spectrum, kappa))
    bias = kappa**2 * (1 + u) * spectrum.sum(source * S * left)
    kept = p_2**2 * (1 + p_1 * u) * spectrum.sum(shift * S**3 * left)
    return bias + rows.sigma2 * u + kept + p_2 * u * spectrum.sum(shift * S * (p_1 * S + kappa) ** 2 * left)


class Projected(NamedTuple):
    r"""What Theorem 2 puts together: $T_1$ and $T_2$ of $\Sigma\Delta$, $T_2$ of $\Sigma\Gamma$, and u."""

    t_0: float
    t_1: float
    t_2: float
    bias: float
    u: float


@domain(spectrum=Kind(kind=Spectrum), n=Positive, m=Positive, lam=NonNegative)
def projected(spectrum: Spectrum, source: Any, shift: Any, n: float, m: float, lam: float) -> Projected:
    r"""With $\kappa_2$ of `projected_penalty` and $q = \Sigma(\Sigma + \kappa_2)^{-2}$ (derived):

    $T_1(A) = \operatorname{tr} A \kappa_2 (\Sigma + \kappa_2)^{-1}$, $T_2(A) = \kappa_2^2 \operatorname{tr} A (\Sigma + \kappa_2)^{-2}
    + \kappa_2^2 \operatorname{tr}(A q/\Sigma^0) \operatorname{tr} q/(m - df_2(\kappa_2))$ and $df = d - 2 T_1(I) + T_2(I)$,
    $u = df/(n - df)$.
    """
    S = spectrum.values
    k, _ = projected_penalty(spectrum, lam, n, m)
    q = S / (S + k) ** 2
    spread = k**2 / (m - df_2(spectrum, k))

    def lost(a):
        return k * spectrum.sum(a / (S + k))

    def squared(a):
        return k**2 * spectrum.sum(a / (S + k) ** 2) + spread * spectrum.sum(a * q) * spectrum.sum(q)

    df = spectrum.d - 2 * lost(1.0) + squared(1.0)
    return Projected(spectrum.sum(S * shift), lost(S * shift), squared(S * shift), squared(S * source), df / (n - df))


@domain(spectrum=Kind(kind=Spectrum), rows=Kind(kind=Rows), m=Positive, lam=NonNegative)
def theorem_2(spectrum: Spectrum, source: Any, shift: Any, rows: Rows, m: float, lam: float) -> float:
    r"""$(1 + u)\,T_2(\Sigma\Gamma) + \sigma^2 u + \zeta$, $\zeta$ as in Theorem 1 of $t_j = T_j(\Sigma\Delta)$ (derived)."""
    found = projected(spectrum, source, shift, rows.n, m, lam)
    kept = theory.zeta(found.t_0, found.t_1, found.t_2, found.u, rows.n_2 / rows.n)
    return (1 + found.u) * found.bias + rows.sigma2 * found.u + kept


@domain(spectrum=Kind(kind=Spectrum), n=Positive, m=Positive, lam=Positive)
def fixed_point(spectrum: Spectrum, n: float, m: float, lam: float) -> tuple[float, float]:
    r"""$(e, \tau)$ of Theorem 2: $K = \gamma \tau e \Sigma + \lambda_d I$, $\gamma = m/d$, $\lambda_d = \gamma \lambda$ for
    projections of variance 1/d,

    $e = 1 - \tfrac1n \operatorname{tr} \gamma \tau e \Sigma K^{-1}$, $\tau = 1 - \tfrac1m \operatorname{tr} \gamma \tau e \Sigma K^{-1}$,
    by alternating from above (as remembered, solved for e and $\tau$).
    """
    S, gamma, e, tau = spectrum.values, m / spectrum.d, 1.0, 1.0
    for _ in range(100_000):
        scale = gamma * tau * e
        trace = spectrum.sum(scale * S / (scale * S + gamma * lam))
        new = 1 - trace / n, 1 - trace / m
        damped = (e + max(new[0], e / 2)) / 2, (tau + max(new[1], tau / 2)) / 2
        moved = max(abs(damped[0] - e), abs(damped[1] - tau))
        e, tau = damped
        if moved < 1e-15:
            break
    return e, tau
