r"""Gaussian and discrete models under replacement, accumulation and subsampling (Kazdan et al. 2024, arXiv 2410.16713).

Protocols follow the authors' code; every closed form below was derived again. `ddof` 0 is the maximum-likelihood
covariance that the code uses, 1 the unbiased one. Units: $\Sigma_0$ (or its trace, or variance) is 1 unless passed.
"""

from typing import Any

from collapse_jax.laws.domain import Choice, Integers, NonNegative, Probabilities, Probability, domain
from collapse_jax.laws.identities import accumulate_steps, one_fit, product, product_limit, replace_steps, times, total
from collapse_jax.laws.special import chi_mean, digamma, exp, log, log_gamma, sqrt

_DDOF = Choice(choices=(0, 1))


@domain(("n > ddof", "t <= len(n)"), t=Integers(0), n=Integers(1), ddof=_DDOF)
def replace_cov(t: Any, n: Any, ddof: int) -> Any:
    r"""$E\,\Sigma_t = (1 - 1/n)^t\,\Sigma_0$ for ddof 0, $\Sigma_0$ for ddof 1."""
    return product(t, replace_steps(n), -1) if ddof == 0 else 1


@domain("n > ddof", t=Integers(0), n=Integers(1), ddof=_DDOF)
def replace_mean_error(t: Any, n: Any, ddof: int) -> Any:
    r"""$E\|\mu_t - \mu_0\|^2 / \operatorname{tr}\Sigma_0$: $1 - (1 - 1/n)^t$ for ddof 0, $t/n$ for ddof 1."""
    return 1 - product(t, replace_steps(n), -1) if ddof == 0 else t / n


@domain(t=Integers(0), n=Integers(2), ddof=_DDOF)
def replace_w2(t: Any, n: Any, ddof: int) -> Any:
    r"""$E\,W_2^2(p_t, p_0)/\sigma_0^2$ in one dimension.

    ddof 0: $2 - 2 c^t$, $c = \sqrt{2/n}\,\Gamma(n/2)/\Gamma((n-1)/2)$, bounded by 2. ddof 1: $t/n + 2 - 2 c_4(n)^t$,
    $c_4 = E\sqrt{\chi^2_{n-1}/(n-1)}$, unbounded.
    """
    ratio = chi_mean(n - 1) / sqrt(n - ddof)
    return (2 if ddof == 0 else t / n + 2) - 2 * ratio**t


@domain("n > d", t=Integers(0), n=Integers(2), d=Integers(1), ddof=_DDOF)
def replace_log_det(t: Any, n: Any, d: int, ddof: int) -> Any:
    r"""$E \log\frac{\det\Sigma_t}{\det\Sigma_0} = t \sum_{i<d} \bigl[\psi(\tfrac{n-1-i}{2}) + \log\tfrac{2}{n - \mathrm{ddof}}\bigr]$."""
    return t * total(d, lambda i: digamma((n - i) / 2) + log(2 / (n - ddof)))


@domain("t <= len(n)", t=Integers(0), n=Integers(1))
def accumulate_cov(t: Any, n: Any) -> Any:
    r"""$E\,\Sigma_t = \Sigma_0 \prod_{k \le t} (1 - \frac{1}{n k^2}) \to \Sigma_0 \frac{\sin(\pi/\sqrt n)}{\pi/\sqrt n}$, ddof 0, any d."""
    return product(t, accumulate_steps(n), -1)


@domain(n=Integers(1))
def accumulate_cov_limit(n: Any) -> Any:
    r"""$\Sigma_0 \sin(\pi/\sqrt n) / (\pi/\sqrt n)$, what `accumulate_cov` tends to."""
    return product_limit(n)


@domain("t <= len(n)", t=Integers(0), n=Integers(1))
def accumulate_mean_error(t: Any, n: Any) -> Any:
    r"""$E\|\mu_t - \mu_0\|^2 / \operatorname{tr}\Sigma_0 = 1 - \prod_{k \le t} (1 - \frac{1}{n k^2})$."""
    return 1 - accumulate_cov(t, n)


@domain(t=Integers(1), n=Integers(2))
def accumulate_subsample_cov(t: int, n: Any) -> Any:
    r"""$E\,\Sigma_t/\Sigma_0$ when n of the t n accumulated points are fitted (ddof 0), by an exact recursion.

    With $N = t n$, pool variance v and pool-mean error P: $E\,\hat v = \frac{v N}{N - 1}(1 - \frac1n)$ and
    $v' = \frac{N v + n (1 - 1/n) E\hat v}{N + n} + \frac{N n a}{(N + n)^2}$,
    $a = \frac{v (N - n)}{n (N - 1)} + \frac{E \hat v}{n}$; start v = 1 - 1/n.
    """
    v = 1 - 1 / n
    fitted = v
    for k in range(1, t + 1):
        rows = k * n
        fitted = v * rows / (rows - 1) * (1 - 1 / n)
        drift = v * (rows - n) / (n * (rows - 1)) + fitted / n
        v = (rows * v + n * (1 - 1 / n) * fitted) / (rows + n) + rows * n * drift / (rows + n) ** 2
    return fitted


@domain("n > d", t=Integers(0), n=Integers(2), d=Integers(1), ddof=_DDOF)
def replace_det(t: Any, n: Any, d: int, ddof: int) -> Any:
    r"""$E \det\Sigma_t/\det\Sigma_0 = \bigl[\prod_{i<d} \frac{n - 1 - i}{n - \mathrm{ddof}}\bigr]^t$."""
    return times(d, lambda i: (n - i) / (n - ddof)) ** t


@domain("n > d", t=Integers(0), n=Integers(2), d=Integers(1), ddof=_DDOF)
def replace_det_variance(t: Any, n: Any, d: int, ddof: int) -> Any:
    r"""Variance of $\det\Sigma_t/\det\Sigma_0$, from $E(\chi^2_m)^2 = m (m + 2)$ for each of the d independent factors."""
    square = times(d, lambda i: (n - i) * (n - i + 2) / (n - ddof) ** 2) ** t
    return square - replace_det(t, n, d, ddof) ** 2


@domain("square <= trace2", t=Integers(0), n=Integers(2), square=NonNegative, trace2=NonNegative, ddof=_DDOF)
def replace_frob(t: Any, n: Any, square: Any, trace2: Any, ddof: int) -> Any:
    r"""$E\|\Sigma_t - \Sigma_0\|_F^2$ from $A = \operatorname{tr}\Sigma_0^2$ (`square`), $B = (\operatorname{tr}\Sigma_0)^2$ (`trace2`).

    $E \operatorname{tr}\Sigma_t^2 = c^{2t} \bigl[\tfrac{2A + B}{3} (1 + \tfrac2\nu)^t + \tfrac{A - B}{3} (1 - \tfrac1\nu)^t\bigr]$ with
    $\nu = n - 1$, $c = \nu/(n - \mathrm{ddof})$: the two zonal polynomials of degree 2 do not mix. Less $2 c^t A - A$.
    """
    nu = n - 1
    c = nu / (n - ddof)
    fitted = (2 * square + trace2) / 3 * (1 + 2 / nu) ** t + (square - trace2) / 3 * (1 - 1 / nu) ** t
    return c ** (2 * t) * fitted - 2 * c**t * square + square


@domain(t=Integers(0), n=Integers(2), ddof=_DDOF)
def replace_kl(t: Any, n: Any, ddof: int) -> Any:
    r"""$E\,\mathrm{KL}(p_t \| p_0)$ in one dimension, linear in t.

    ddof 0: $\frac t2 [\log\frac n2 - \psi(\frac{n-1}2)]$. ddof 1: $\frac t2 [\frac1n + \log\frac{n-1}2 - \psi(\frac{n-1}2)]$.
    """
    return ((0 if ddof == 0 else t / n) - replace_log_det(t, n, 1, ddof)) / 2


@domain(t=Integers(1), n=Integers(2))
def accumulate_unbiased(t: Any, n: Any) -> Any:
    r"""$E v_t/v_0 = \prod_{k=2}^t \bigl[1 - \frac{1}{k (k n - 1)}\bigr]$, accumulation with the unbiased variance, any d."""
    return times(t - 1, lambda k: 1 - 1 / ((k + 1) * ((k + 1) * n - 1)))


@domain(t=Integers(1), n=Integers(2))
def accumulate_unbiased_gamma(t: Any, n: Any) -> Any:
    r"""The same by Gamma functions at the roots $r_\pm = (1 \pm \sqrt{1 + 4 n})/(2 n)$ of $n k^2 - k - 1$."""
    return accumulate_unbiased_limit(n) * exp(
        sum(log_gamma(t + 1 - r) for r in _roots(n)) - log_gamma(t + 1 + 0 / n) - log_gamma(t + 1 - 1 / n)
    )


@domain(n=Integers(2))
def accumulate_unbiased_limit(n: Any) -> Any:
    r"""$\Gamma(2 - 1/n)/[\Gamma(2 - r_+)\,\Gamma(2 - r_-)] < 1$: the correction for bias does not stop the shrinking."""
    return exp(log_gamma(2 - 1 / n) - sum(log_gamma(2 - r) for r in _roots(n)))


def _roots(n: Any) -> tuple[Any, Any]:
    root = sqrt(1 + 4 * n)
    return (1 + root) / (2 * n), (1 - root) / (2 * n)


@domain(t=Integers(0), n=Integers(2), d=Integers(1))
def accumulate_det(t: int, n: Any, d: int) -> Any:
    r"""$E \det\Sigma_t/\det\Sigma_0$ under accumulation, ddof 0: with $\nu = n - 1$ and falling factorials $\nu^{(k)}$,

    $\prod_{s=0}^{t-1} (s + 1)^{-d} \sum_{k=0}^d \binom dk s^{d-k} n^{-k} \bigl[\nu^{(k)} + \tfrac{s}{s+1} k\, \nu^{(k-1)}\bigr]$.
    """
    value = 1
    for s in range(t):
        step, binomial, falling, before = s**d, 1, 1, 0
        for k in range(1, d + 1):
            binomial = binomial * (d - k + 1) // k
            falling, before = falling * (n - k), falling
            step = step + binomial * s ** (d - k) * (falling + k * before * s / (s + 1)) / n**k
        value = value * step / (s + 1) ** d
    return value


_SQUARES = domain("square <= trace2", t=Integers(0), n=Integers(2), square=NonNegative, trace2=NonNegative)


@_SQUARES
def accumulate_squares(t: int, n: Any, square: Any, trace2: Any) -> tuple[Any, Any]:
    r"""$(A_t, B_t) = (E \operatorname{tr}\Sigma_t^2, E(\operatorname{tr}\Sigma_t)^2)$ under accumulation, ddof 0, by the recursion

    $A' = [s^2 A + 2 s y A + ((\nu^2 + \nu) A + \nu B + k^2 (2 A + B) + 2 k \nu A)/n^2]/(s + 1)^2$,
    $B' = [s^2 B + 2 s y B + (\nu^2 B + 2 \nu A + k^2 (B + 2 A) + 2 k \nu B)/n^2]/(s + 1)^2$,
    s = 0 .. t - 1, with $\nu = n - 1$, $k = s/(s + 1)$ and $y = (\nu + k)/n$.
    """
    nu, a, b = n - 1, square, trace2
    for s in range(t):
        k = s / (s + 1)
        y = (nu + k) / n
        new = s**2 * a + 2 * s * y * a + ((nu**2 + nu) * a + nu * b + k**2 * (2 * a + b) + 2 * k * nu * a) / n**2
        other = s**2 * b + 2 * s * y * b + (nu**2 * b + 2 * nu * a + k**2 * (b + 2 * a) + 2 * k * nu * b) / n**2
        a, b = new / (s + 1) ** 2, other / (s + 1) ** 2
    return a, b


@_SQUARES
def accumulate_frob(t: int, n: Any, square: Any, trace2: Any) -> Any:
    r"""$E\|\Sigma_t - \Sigma_0\|_F^2 = A_t - 2 \Pi_t A + A$ under accumulation, ddof 0, from A and B as in `replace_frob`."""
    return accumulate_squares(t, n, square, trace2)[0] - 2 * accumulate_cov(t, n) * square + square


@domain(t=Integers(0), n=Integers(2))
def accumulate_deviation(t: int, n: int) -> float:
    r"""$E \sqrt{v_t/v_0}$ under accumulation, d = 1, ddof 0: $\prod_{s<t} E\sqrt{R_s}$.

    $R_s = [s + \chi^2_{n-1}/n + \frac{s}{s+1} z^2/n]/(s + 1)$ has a Laplace transform L of elementary functions, and
    $E\sqrt R = \pi^{-1/2} \int_0^\infty (1 - L(u^2))\,u^{-2} du$, here by Gauss and Legendre with $u = x/(1 - x)$.
    """
    import numpy as np

    x, weight = np.polynomial.legendre.leggauss(120)
    x, weight = (x + 1) / 2, weight / 2
    square, value = (x / (1 - x)) ** 2, 1.0
    for s in range(t):
        unit = 2 * square / (n * (s + 1))
        log_laplace = -square * s / (s + 1) - np.log1p(unit) * (n - 1) / 2 - np.log1p(unit * s / (s + 1)) / 2
        value *= float(weight @ (-np.expm1(log_laplace) / x**2)) / np.sqrt(np.pi)
    return value


@domain(t=Integers(0), n=Integers(2))
def accumulate_w2(t: int, n: int) -> float:
    r"""$E\,W_2^2(p_t, p_0)/\sigma_0^2 = 2 - 2 E\sqrt{v_t/v_0}$ under accumulation, d = 1, ddof 0."""
    return 2 - 2 * accumulate_deviation(t, n)


@domain(t=Integers(0), n=Integers(1), S0=Probability)
def heterozygosity(t: Any, n: Any, S0: Any) -> Any:
    r"""$E(1 - \sum_i p_i^2) = (1 - S_0)(1 - 1/n)^t$, a distribution on symbols under replacement."""
    return (1 - S0) * product(t, replace_steps(n), -1)


@domain(n=Integers(1), p=Probabilities)
def collapse_time(n: Any, p: Any) -> Any:
    r"""$E\,T \approx -2 n \sum_i (1 - p_i) \log(1 - p_i)$, the diffusion limit of the time until one symbol is left."""
    return -2 * n * sum((1 - q) * log(1 - q) for q in p)


@domain(n=Integers(1), p=Probabilities)
def entropy_rule(n: Any, p: Any) -> Any:
    r"""$n H(p) = -n \sum_i p_i \log p_i$, nats: what a summary says of the time until one symbol is left."""
    return -n * sum(q * log(q) for q in p)


@domain(t=Integers(1), n=Integers(2), S0=Probability)
def accumulate_subsample_heterozygosity(t: int, n: Any, S0: Any) -> Any:
    r"""$E(1 - \sum_i p_i^2)$ when n of the N = t n accumulated symbols are fitted, without replacement.

    $1 - S_t = h_t u_t$ with $u_t = 1 - \frac{N - n}{n (N - 1)}$, and for the pool $h_1 = (1 - S_0)(1 - 1/n)$,
    $h_{t+1} = h_t \bigl[1 - \frac{n^2 (1 - (1 - 1/n) u_t)}{(N + n)^2}\bigr]$.
    """
    pool, seen = (1 - S0) * (1 - 1 / n), 1
    for k in range(1, t + 1):
        rows = k * n
        seen = 1 - (rows - n) / (n * (rows - 1))
        if k < t:
            pool = pool * (1 - n**2 * (1 - (1 - 1 / n) * seen) / (rows + n) ** 2)
    return pool * seen


_RISK = domain("T >= d + 2", t=Integers(0), d=Integers(1), T=Integers(1), sigma2=NonNegative)


@_RISK
def linreg_replace(t: Any, d: Any, T: Any, sigma2: Any) -> Any:
    r"""$E\|w_t - w^*\|^2 = \frac{\sigma^2 d}{T - d - 1}\, t$: the same T rows, labelled by the last fit."""
    return one_fit(d, T, sigma2) * t


@_RISK
def linreg_accumulate(t: Any, d: Any, T: Any, sigma2: Any) -> Any:
    r"""$\frac{\sigma^2 d}{T - d - 1} \sum_{k \le t} k^{-2}$: all labels of these rows so far."""
    return one_fit(d, T, sigma2) * total(t, lambda k: 1 / k**2)


@_RISK
def linreg_subsample(t: Any, d: Any, T: Any, sigma2: Any) -> Any:
    r"""T of the t T accumulated rows, without replacement: $\frac{\sigma^2 d}{T - d - 1} r_t$ to leading order in d / T (derived).

    $r_t = M_t + 1 - \frac1t$, $M_1 = 1$, $M_t = M_{t-1} + \frac{1}{t^2} \bigl(2 - \frac{1}{t-1}\bigr)$: 1, 1.75, 2.083, ..,
    with limit $\pi^2/2 - 2 = 2.93$.
    """
    growth = total(t - 1, lambda k: (2 - 1 / k) / (k + 1) ** 2)
    return one_fit(d, T, sigma2) * (2 - 1 / t + growth)


@_RISK
def linreg_bootstrap(t: Any, d: Any, T: Any, sigma2: Any) -> Any:
    r"""The same with replacement, $r_t = 1 + M_t$, $M_t = M_{t-1} + 2/t^2$, $M_1 = 1$; limit $\pi^2/3$ (derived)."""
    return one_fit(d, T, sigma2) * 2 * total(t, lambda k: 1 / k**2)
