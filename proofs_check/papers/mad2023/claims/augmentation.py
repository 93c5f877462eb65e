"""The synthetic augmentation loop: one real sample in every fit (protocol of the paper; moments derived)."""

from collapse_jax import laws
from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import along
from proofs_check.papers.mad2023 import theory
from proofs_check.papers.mad2023.claims._setups import MIXED, gaussian, with_fixed

_AUG = MIXED & domain("n <= 2 * n_real", generations=Integers(20), bias=Interval("[0, 1]"))
"""Where twenty fits are as good as infinitely many."""


def _limit(metric, column, n, n_real, bias, generations, mutants):
    first = 1 / n_real if column == 0 else 0
    curve = laws.loops.fixed_real(n_real, n, generations, bias)[:, column] + first
    return Check(
        gaussian(),
        with_fixed(n, n_real, bias),
        metric=metric,
        generations=generations,
        at=(generations,),
        predicted=lambda t: first + theory.fixed_real(n_real, n, bias)[column],
        mutants=mutants,
        allowance=lambda t: 2 * (n / (n_real + n)) ** (t - 1),
        law=along(curve),
        law_error=1e-13,
    )


@claim(
    "mad2023.aug_mean",
    statement=r"E(\mu_t - \mu_0)^2 \to \frac{1}{n_r} + \frac{q^2 \lambda S}{n(1 - q^2)},\quad q = \tfrac{n}{n_r + n}",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="fixed point of the two-moment map of the loop; S = lim E v_t, mad2023.aug_variance",
    domain=_AUG,
)
def aug_mean(n=6, n_real=6, bias=0.8, generations=20):
    return _limit(
        "mean_error",
        0,
        n,
        n_real,
        bias,
        generations,
        {
            "the real sample alone": lambda t: 1 / n_real,
            "unbiased samples": lambda t: 1 / n_real + theory.fixed_real(n_real, n, 1.0)[0],
        },
    )


@claim(
    "mad2023.aug_variance",
    statement=r"E\,v_t \to S = \frac{n_r - 1}{N - 1 - (n - 1 + \frac{n_r}{N}) \lambda - \frac{n_r n}{N} \frac{q^2 \lambda}{n (1 - q^2)}},\quad N = n_r + n",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="fixed point of the two-moment map of the loop",
    domain=_AUG,
)
def aug_variance(n=6, n_real=6, bias=0.8, generations=20):
    return _limit(
        "variance",
        1,
        n,
        n_real,
        bias,
        generations,
        {
            "unbiased samples": lambda t: theory.fixed_real(n_real, n, 1.0)[1],
            "no spread between the samples": lambda t: (n_real - 1) / (n_real + n - 1 - (n - 1) * bias),
            "collapse": lambda t: 0.0,
        },
    )


@claim(
    "mad2023.aug_bounded",
    statement=r"E(\mu_t - \mu_0)^2 \le \frac{3}{2 n_r} \text{ for every } n \text{ and } t \quad (\lambda \le 1)",
    relation="<=",
    provenance="derived",
    source="the largest of the first 400 generations, with the exact two-moment map; the supremum is reached as n grows",
    domain=domain(n_real=Integers(2)),
)
def aug_bounded(n_real=50):
    """The paper finds that fixed real data only delay the degradation. For the Gaussian model of the same paper they do
    more: there is a stationary law, and however many synthetic data are added the error stays below 3/2 of that of one
    real fit."""
    return Computed(
        lambda n: 1 / n_real + laws.loops.fixed_real(n_real, n, 400)[:, 0].max(),
        lambda n: 1.5 / n_real,
        mutants={"4/3": lambda n: 4 / 3 / n_real, "1.49": lambda n: 1.49 / n_real},
        at=(1, 10, 50, 100, 500, 5000),
        index="n",
    )
