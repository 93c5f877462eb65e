r"""Theorems 1 and 2, and training on all data, for every t, n, N and $S_0$.

One refit on n draws: $E[\hat p_i^2 \mid p] = p_i^2 + p_i (1 - p_i)/n$, so that $E[S' \mid S] = S + (1 - S)/n$.
"""

from fractions import Fraction
from pathlib import Path

from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.papers.seddik2024 import theory
from proofs_check.proofs import Coq, Everywhere, Identity, Induction, proves
from proofs_check.proofs.certified import ball

_COQ = Path(__file__).parent / "coq"
_ONE = domain(n=Integers(2), S0=Interval("(0, 1)"))
_TWO = domain(n=Integers(1), N=Integers(2), S0=Interval("(0, 1)"))


def _squared(p):
    return sum(q * q for q in p)


def _refit(S, n, e=1):
    """E of the sum of squares after a step that moves the fitted law by e^(1/2) of the way to the frequencies of n
    draws."""
    return S + e * (1 - S) / n


def _corpus(S, n, N, S0):
    """A corpus of N real draws, fitted once, beside n draws from the last fit: $E\\|p - p^{(1)}\\|^2$ is what moves."""
    first, share = _refit(S0, N), n / (N + n)
    return first + share**2 * (S - first + (1 - S) / n)


_THM1 = {
    "stated": lambda t, n, S0: theory.sum_of_squares(t, n, S0),
    "at": lambda p, n, generations: {"n": n, "S0": _squared(p)},
    "mutants": {
        "n - 1 for n": lambda t, n, S0: theory.sum_of_squares(t, n - 1, S0),
        "starts one generation late": lambda t, n, S0: theory.sum_of_squares(t - 1, n, S0),
    },
}


@proves("seddik2024.thm1.S")
def thm1_S():
    return Induction(**_THM1, over=_ONE, step=lambda t, S, n, S0: _refit(S, n), base=lambda n, S0: _refit(S0, n))


@proves("seddik2024.thm1.S")
def thm1_S_from_the_process():
    """From n draws a generation, not from a recursion: every s, n, t and p."""
    return Coq(
        **_THM1,
        file=_COQ / "thm1_S.v",
        theorem="thm1_S",
        statement=(
            "forall s n t p, (0 < n)%nat -> sum s p = 1 -> "
            "generations t n s (squares s) p = sum_of_squares t (INR n) (squares s p)"
        ),
        definition="sum_of_squares",
        values=((1, 10, Fraction(1, 3)), (3, 7, Fraction(1, 2))),
    )


@proves("seddik2024.accumulate")
def accumulate():
    return Induction(
        stated=theory.accumulate,
        at=lambda p, n, generations: {"n": n, "S0": _squared(p)},
        mutants={
            "replacement": theory.sum_of_squares,
            "n + 1 for n": lambda t, n, S0: theory.accumulate(t, n + 1, S0),
        },
        over=_ONE,
        step=lambda t, S, n, S0: _refit(S, n, Fraction(1) / (t + 1) ** 2),
        base=lambda n, S0: _refit(S0, n),
    )


@proves("seddik2024.random_pool")
def random_pool():
    return Induction(
        stated=theory.random_pool,
        at=lambda p, n, generations: {"n": n, "S0": _squared(p)},
        mutants={
            "replacement": theory.sum_of_squares,
            "n - 1 for n": lambda t, n, S0: theory.random_pool(t, n - 1, S0),
        },
        over=domain(n=Integers(3), S0=Interval("(0, 1)")),
        step=lambda t, S, n, S0: _refit(S, n, Fraction(1) / (t + 1) ** 2),
        base=lambda n, S0: _refit(S0, n),
    )


@proves("seddik2024.thm2")
def thm2_as_printed():
    """Refuted: the printed transient does not solve the recursion of the corpus."""
    return Induction(
        stated=theory.partially_synthetic_printed,
        at=lambda p, n, N, generations: {"n": n, "N": N, "S0": _squared(p)},
        mutants={"no synthetic data": lambda t, n, N, S0: S0 + (1 - S0) / N},
        over=_TWO,
        first=2,
        step=lambda t, S, n, N, S0: _corpus(S, n, N, S0),
        base=lambda n, N, S0: _corpus(_refit(S0, N), n, N, S0),
    )


@proves("seddik2024.thm2.corrected")
def thm2_corrected():
    def printed(t, n, N, S0):
        return _refit(S0, N) if t == 1 else theory.partially_synthetic_printed(t, n, N, S0)

    return Induction(
        stated=theory.partially_synthetic,
        at=lambda p, n, N, generations: {"n": n, "N": N, "S0": _squared(p)},
        mutants={"as printed": printed},
        over=_TWO,
        step=lambda t, S, n, N, S0: _corpus(S, n, N, S0),
        base=lambda n, N, S0: _refit(S0, N),
    )


@proves("seddik2024.L2dev")
def L2dev():
    """The distance to the first fit: what the corpus moves, squared."""
    return Induction(
        stated=theory.corpus_deviation,
        at=lambda p, n, N, generations: {"n": n, "N": N, "S0": _squared(p)},
        mutants={"distance to p instead": lambda t, n, N, S0: theory.partially_synthetic(t, n, N, S0) - S0},
        over=_TWO,
        step=lambda t, D, n, N, S0: (n / (N + n)) ** 2 * (D + (1 - _refit(S0, N) - D) / n),
        base=lambda n, N, S0: 0,
    )


@proves("seddik2024.thm2.limit")
def thm2_limit():
    """The printed limit is the fixed point of the recursion, which contracts by (n/(N + n))^2 (1 - 1/n); t stands for n."""
    return Identity(
        stated=lambda t, N, S0: theory.partially_synthetic_limit(t, N, S0),
        at=lambda S0, N, n: {"N": N, "S0": S0},
        mutants={
            "the real fit alone": lambda t, N, S0: S0 + (1 - S0) / N,
            "n + 1 for n": lambda t, N, S0: theory.partially_synthetic_limit(t + 1, N, S0),
        },
        over=domain(t=Integers(1), N=Integers(2), S0=Interval("(0, 1)")),
        residual=lambda stated, t, N, S0: _corpus(stated(t, N, S0), t, N, S0) - stated(t, N, S0),
    )


@proves("seddik2024.thm2.corrected")
def thm2_corrected_formally():
    return Coq.beside(
        thm2_corrected.build(),
        file=_COQ / "thm2_corrected.v",
        theorem="thm2_corrected",
        statement="forall t n N S0, 0 < n -> 0 < N -> corpus t n N S0 = partially_synthetic (S t) n N S0",
        definition="partially_synthetic",
        values=((1, 10, 4, Fraction(1, 3)), (3, 7, 5, Fraction(1, 2))),
    )


@proves("seddik2024.accumulate")
def accumulate_formally():
    return Coq.beside(
        accumulate.build(),
        file=_COQ / "accumulate.v",
        theorem="accumulated",
        statement="forall t n S0, n <> 0 -> squares_of t n S0 = accumulate t n S0",
        definition="accumulate",
        values=((3, 10, Fraction(1, 3)), (4, 3, Fraction(1, 2))),
    )


@proves("seddik2024.ET_linear")
def ET_linear():
    """From the process: any law, any number of symbols, any n. The largest E[T] over all laws is 1 + sum of `apart`."""
    return Coq(
        stated=lambda t: 1 + 2 * (t - 1),
        at=lambda n: {},
        mutants={"slope 1.9": lambda t: 1 + Fraction(19, 10) * (t - 1)},
        file=_COQ / "ET_linear.v",
        theorem="ET_linear",
        statement=(
            "forall n s m p, (0 < n)%nat -> sum s p = 1 -> (forall i, (i < s)%nat -> 0 <= p i) -> "
            "1 + sum m (fun t => 1 - generations (S t) n s (dirac s) p) <= ceiling n"
        ),
        definition="ceiling",
        values=((2,), (10,)),
        wrong={
            "slope 1.9": (
                "Require Import CollapseTime.\nLemma wrong : ~ (1 + sum 6 (fun t => apart 2 t 2) <= ceiling 2).\n"
                "Proof. unfold ceiling. cbn. lra. Qed.\n"
            )
        },
    )


_LAST = 30


def _ancestor_time(n):
    """Mean number of generations until the n draws of one have one ancestor, exactly: from k draws to their parents."""
    row, times = [Fraction(0), Fraction(1)], [Fraction(0), Fraction(0)]
    for k in range(2, n + 1):
        longer = [Fraction(0)] * (k + 1)
        for j in range(1, k):
            longer[j] += row[j] * j / n
            longer[j + 1] += row[j] * (n - j) / n
        row = longer
        times.append((1 + sum(row[j] * times[j] for j in range(2, k))) / (1 - row[k]))
    return times[n]


@proves("seddik2024.ET_linear")
def ET_linear_in_balls():
    """Every n up to 30 and every law: the most E[T] can be is 1 + the time until all draws have one ancestor."""
    return Everywhere(
        stated=lambda t: 1 + 2 * (t - 1),
        at=lambda n: {},
        mutants={"slope 1.9": lambda t: 1 + 1.9 * (t - 1)},
        margin=lambda stated, n: stated(n) - 1 - ball(_ancestor_time(int(float(n)))),
        box={"n": (2, _LAST)},
        whole=("n",),
    )
