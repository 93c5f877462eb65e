"""How likely a chain is to end nearer to the truth than the fit on real data."""

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.xu2025 import metrics, theory

_SETTING = domain(n=Integers(2), d=Integers(1), generations=Integers(2))


def _better(growth, n, d, generations, mutants, predicted=None, **options):
    sizes = theory.schedule(n, generations, growth)

    def stated(dimension, extra=0.0):
        return lambda t: float(theory.p_better((theory.ratio(t, sizes) ** 2 + extra) ** 0.5, dimension))

    return Check(
        cj.Gaussian(d=d, known_cov=True),
        cj.Replace(sizes),
        metric=metrics.better_than_first(),
        generations=generations,
        at=tuple(range(2, generations + 1)),
        statistic="probability",
        predicted=predicted or stated(d),
        mutants=mutants or {"another dimension": stated(d + 1), "the first fit counted too": stated(d, 1.0)},
        **options,
    )


@claim(
    "xu2025.p_better",
    statement=r"P(\|\mu_t - \mu_0\| < \|\mu_1 - \mu_0\|) = P\left(T_d > \tfrac{\sqrt d}{2} r\right),\quad r^2 = n_1 \sum_{k=2}^{t} \frac{1}{n_k}",
    relation="==",
    provenance="derived",
    source="the later steps are independent of the first error, which they have to point against; known covariance, d = 2",
    domain=_SETTING,
)
def p_better(n=10, d=2, generations=5):
    return _better("constant", n, d, generations, None)


@claim(
    "xu2025.p_better_growing",
    statement=r"P(|\mu_t - \mu_0| < |\mu_1 - \mu_0|) = \frac1\pi \arctan\frac2r,\quad r^2 = \sum_{k=2}^{t} k^{-2} \quad (n_k = n k^2,\ d = 1)",
    relation="==",
    provenance="derived",
    source="xu2025.p_better for d = 1, with samples that grow as fast as accumulation is worth; tends to .318",
    domain=_SETTING,
)
def p_better_growing(n=10, generations=5):
    return _better("square", n, 1, generations, None)


@claim(
    "xu2025.p_better_half",
    statement=r"P(\|\mu_t - \mu_0\| < \|\mu_1 - \mu_0\|) < \tfrac12 \text{ for every schedule}",
    relation="<=",
    provenance="note",
    source="as a note quotes the paper; the exact law of xu2025.p_better, n_k = c n_1 for k >= 2, t = 2, d = 1",
    domain=domain(d=Integers(1)),
)
def p_better_half(d=1):
    """The next model is worse than the present one more often than not, whatever its sample size; the bound is
    approached as later samples grow without limit."""
    return Computed(
        lambda c: float(theory.p_better(float(c) ** -0.5, d)),
        lambda c: 0.5,
        mutants={"0.49": lambda c: 0.49, "0.45": lambda c: 0.45},
        at=(1, 4, 100, 10000, 100000000),
        index="c",
    )


@claim(
    "xu2025.p_better_simulated",
    statement=r"P(\|\mu_t - \mu_0\| < \|\mu_1 - \mu_0\|) < \tfrac12 \quad (n_k = n k^2)",
    relation="<=",
    provenance="note",
    source="as a note quotes the paper",
    domain=_SETTING,
)
def p_better_simulated(n=10, generations=5):
    return _better("square", n, 1, generations, {"a third": lambda t: 1 / 3}, lambda t: 0.5)
