"""The error rises and then falls in the amount of synthetic data: an exact Gaussian analogue."""

import collapse_jax as cj
from collapse_jax.laws import pedigree
from collapse_jax.laws.domain import Integers, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import quadratic_law
from proofs_check.papers.fu2024 import theory

_SETTING = domain(n=Integers(1), n_real=Integers(1))


def _pedigree_error(n_real, n, rounds):
    workflow = cj.FixedReal(n, n_real=n_real)
    return float(pedigree.quadratic_error(pedigree.of(workflow, rounds + 1), 1.0, 0)[-1])


@claim(
    "fu2024.phase",
    statement=r"E(\mu_{T+1} - \mu_0)^2 = \frac{1}{n_r}\left(1 + \frac{q (1 - q^{2T})}{1 + q}\right),\quad q = \frac{n}{n_r + n}",
    relation="==",
    provenance="derived",
    source="Gaussian with known variance in place of the paper's models; geometric series",
    domain=_SETTING,
)
def phase(n=5, n_real=5, generations=6):
    workflow = cj.FixedReal(n, n_real=n_real)
    return Check(
        cj.Gaussian(known_cov=True),
        workflow,
        metric="mean_error",
        generations=generations,
        predicted=lambda t: theory.error(t - 1, n_real, n),
        mutants={
            "the real sample alone": lambda t: 1 / n_real,
            "one round ahead": lambda t: theory.error(t, n_real, n),
            "the limit of many rounds and data": lambda t: 1.5 / n_real,
        },
        law=quadratic_law(workflow, 1.0, 0, generations),
    )


@claim(
    "fu2024.phase_peak",
    statement=r"E(\mu_2 - \mu_0)^2 \le \frac{5}{4 n_r},\ \text{with equality at } n = n_r: \text{ it rises before and falls after}",
    relation="<=",
    provenance="derived",
    source="one round; from the pedigree of the workflow, at amounts below, at and above n_r",
    domain=domain(n_real=Integers(1)),
)
def phase_peak(n_real=50):
    return Computed(
        lambda n: _pedigree_error(n_real, n, 1),
        lambda n: theory.one_round_peak(n_real),
        mutants={
            "1e-6 less": lambda n: theory.one_round_peak(n_real) * (1 - 1e-6),
            "peak at 2 n_r": lambda n: theory.error(1, n_real, 2 * n_real),
        },
        at=(1, 25, 49, 50, 51, 100, 1000),
        index="n",
    )


@claim(
    "fu2024.phase_moves",
    statement=r"\operatorname{argmax}_n E(\mu_{T+1} - \mu_0)^2 = 50,\ 148,\ 436 \text{ for } n_r = 50 \text{ and } T = 1,\ 5,\ 20",
    relation="==",
    provenance="derived",
    source="the largest of all whole n up to 2,000, from the pedigree beside the closed form",
)
def phase_moves():
    """The peak moves out with the number of rounds, and in the limit there is none: the error rises to 1.5/n_r."""
    n_real = 50

    def peak(T):
        # the error has one peak in n: the first n after which it falls
        low, high = 1, 2000
        while high - low > 2:
            third = (high - low) // 3
            left, right = low + third, high - third
            if _pedigree_error(n_real, left, T) < _pedigree_error(n_real, right, T):
                low = left
            else:
                high = right
        return float(max(range(low, high + 1), key=lambda n: _pedigree_error(n_real, n, T)))

    stated = {1: 50.0, 5: 148.0, 20: 436.0}
    return Computed(
        peak,
        lambda T: stated[T],
        mutants={"always n_r": lambda T: float(n_real), "n_r T": lambda T: float(n_real * T)},
        at=tuple(stated),
        index="T",
    )
