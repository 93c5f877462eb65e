"""Exact errors at finite sizes, from sums over random eigenvalues: other ways to what the closed forms state."""

from functools import lru_cache

from scipy.special import beta as beta_function

from collapse_jax.laws import matrix_beta
from collapse_jax.laws.domain import Integers, NonNegative, Positive, Probability, domain
from collapse_jax.laws.wishart import mean_trace


@domain(
    d=Integers(1), n_1=Integers(0), n_2=Integers(0), lam=Positive, r2=NonNegative, c2=NonNegative, s1=NonNegative,
    s2=NonNegative,
)  # fmt: skip
@lru_cache(maxsize=256)
def ridge(d: int, n_1: int, n_2: int, lam: float, r2: float, c2: float, s1: float, s2: float) -> float:
    r"""The error of ridge on real and synthetic rows, $\Sigma = I$, any d and n other than d (derived).

    With $M = X'X + n \lambda$: $\sigma^2 E \operatorname{tr} X'X M^{-2}$, $\tfrac{r^2}d (n \lambda)^2 E \operatorname{tr} M^{-2}$ and
    $\tfrac{c^2}d E \operatorname{tr} G_2 M^{-2} G_2$. The last is a sum over pairs of rows i, k of
    $(XX')_{ik} (X M^{-2} X')_{ik}$, which by the Haar law of the left singular vectors depends on
    $E \operatorname{tr} XX' \cdot \operatorname{tr} X M^{-2} X'$ alone; and $E[\operatorname{tr} W h(W)] = n d\,E h + 2 E \tfrac{d}{dt} h(t W)$.
    """
    n = n_1 + n_2
    z = n * lam

    def mean(g):
        return mean_trace(g, d, n)

    once, twice = mean(lambda x: x / (x + z) ** 2), mean(lambda x: (x / (x + z)) ** 2)
    product = n * d * once + 2 * mean(lambda x: x * (z - x) / (x + z) ** 3)
    same = (product + 2 * twice) / (n + 2)  # the sum over i = k
    kept = n_2 / n * same + n_2 * (n_2 - 1) / (n * (n - 1)) * (twice - same)
    bias = r2 / d * mean(lambda x: (z / (x + z)) ** 2)
    return (n_1 * s1 + n_2 * s2) / n * once + bias + c2 / d * kept


@domain("n_1 + n_2 >= d + 2", d=Integers(1), n_1=Integers(1), n_2=Integers(1))
def rho(d: int, n_1: int, n_2: int) -> float:
    r"""$\tfrac1d E\|W^{-1} W_2\|_F^2$ from beta variables alone (derived).

    $B = W^{-1/2} W_2 W^{-1/2}$ has $B_{11} \sim \text{Beta}(\tfrac{n_2}2, \tfrac{n_1}2)$, determinants of its 2 x 2 blocks
    are products of such, and $E B_{12}^2 = E B_{11}^2 - \tfrac14 E (B_{11} + B_{22})^2$ by a turn of 45 degrees. W is
    independent of B, so that $E[W B W^{-1}] = x B + y \operatorname{tr}(B) I$ with $x + d y = 1$ and
    $x + y = E W_{11} (W^{-1})_{11}$, the mean of $1/\text{Beta}(\tfrac{n - d + 1}2, \tfrac{d - 1}2)$.
    """
    n = n_1 + n_2

    def moment(a, b, k):
        return float(beta_function(a + k, b) / beta_function(a, b))

    square = moment(n_2 / 2, n_1 / 2, 2)
    if d == 1:
        return square
    determinant = moment(n_2 / 2, n_1 / 2, 1) * (n_2 - 1) / (n - 1)
    across = (square - determinant) / 3  # E B_12^2 = (E B_11^2 - E B_11 B_22) / 2, E B_11 B_22 = determinant + E B_12^2
    y = (1 - moment((n - d + 1) / 2, (d - 1) / 2, -1)) / (d - 1)
    x = 1 - d * y
    return x * (square + (d - 1) * across) + y * (square + (d - 1) * (determinant + across))


@domain(
    ("n_1 > d", "n_2 > d"), alpha=Probability, d=Integers(1), n_1=Integers(2), n_2=Integers(2), c2=NonNegative,
    sigma2=NonNegative,
)  # fmt: skip
@lru_cache(maxsize=256)
def weighted(alpha: float, d: int, n_1: int, n_2: int, c2: float, sigma2: float) -> float:
    r"""The error of weighted least squares on real and synthetic rows, equal noise, any $\Sigma$ (derived).

    With $a = (1 - \alpha)/n_1$, $b = \alpha/n_2$ and $g(B) = b B [a (1 - B) + b B]^{-1}$ for the matrix beta B of
    `rho`, the shift is $W^{-1/2} g(B) W^{1/2} \delta$, and $E[W g W^{-1}] = x g + y \operatorname{tr}(g) I$ as there.
    """
    n, a, b = n_1 + n_2, (1 - alpha) / n_1, alpha / n_2

    def shift(x):
        return b * x / (a * (1 - x) + b * x)

    def noise(x):
        return (a**2 * (1 - x) + b**2 * x) / (a * (1 - x) + b * x) ** 2

    y = -1 / (n - d - 1)
    squares, trace = matrix_beta.trace(lambda x: shift(x) ** 2, d, n_1, n_2).mean, matrix_beta.trace(shift, d, n_1, n_2)
    kept = (1 - d * y) * squares + y * trace.square
    return c2 / d * kept + sigma2 * matrix_beta.trace(noise, d, n_1, n_2).mean / (n - d - 1)
