r"""Gaussian models under replacement, accumulation and subsampling (Kazdan et al. 2024, arXiv 2410.16713).

Protocols follow the authors' code; every closed form below was derived again. `ddof` 0 is the maximum-likelihood
covariance that the code uses, 1 the unbiased one. Units: $\Sigma_0$ (or its trace, or variance) is 1 unless passed.
"""

from typing import Any

from collapse_jax.laws.domain import Choice, Integers, domain
from collapse_jax.laws.identities import accumulate_steps, product, product_limit, replace_steps, total
from collapse_jax.laws.special import chi_mean, digamma, log, sqrt

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
