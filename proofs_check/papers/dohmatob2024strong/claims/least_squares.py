"""Exact errors of least squares on real and synthetic rows, and the corollary on strong collapse."""

from collapse_jax.laws.domain import NonNegative, Probability, domain, domain_of
from collapse_jax.laws.rate import exponent
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.dohmatob2024strong import finite, theory
from proofs_check.papers.dohmatob2024strong.claims._setups import RANGES, anisotropic


@claim(
    "dohmatob2024strong.iso_under_exact",
    statement=r"E_{test} = \sigma^2 \frac{d}{n - d - 1} + c^2\,\frac{n_2 (n_2 (n + 1) + n_1 - 2) + n_1 n_2 (n d - 2)/(n - d - 1)}{n (n - 1)(n + 2)} \quad (\lambda = 0,\ \text{any } \Sigma)",
    relation="==",
    provenance="derived",
    source="second moments of the matrix beta, independent of the sum of both Wishart matrices",
    domain=domain_of(theory.under_exact) & RANGES,
)
def iso_under_exact(d=3, n_1=10, n_2=16, c2=2.0, s1=1.0, s2=1.5, rounds=5):
    """The first of the rounds of mix_iterative, with a covariance of condition 30, along whose eigenvectors the shift has
    equal shares of c^2."""
    noise = (n_1 * s1 + n_2 * s2) / (n_1 + n_2) * d / (n_1 + n_2 - d - 1)
    p_2 = n_2 / (n_1 + n_2)
    return Check(
        *anisotropic(d, n_1, n_2, c2, s1, s2),
        metric="risk",
        generations=rounds,
        at=(1,),
        predicted=lambda t: theory.under_exact(d, n_1, n_2, c2, s1, s2),
        mutants={
            "p_2^2 c^2": lambda t: noise + p_2**2 * c2,
            "p_2 c^2": lambda t: noise + p_2 * c2,
            "the noise of real labels": lambda t: theory.under_exact(d, n_1, n_2, c2, s1, s1),
        },
        law=lambda t: noise + c2 * finite.rho(d, n_1, n_2),
    )


_SHAPES: tuple[tuple[int, int, int], ...] = (
    (1, 3, 5),
    (2, 4, 9),
    (5, 10, 20),
    (10, 12, 12),
    (20, 40, 5),
    (20, 5, 40),
    (3, 40, 4),
    (100, 90, 60),
)


@claim(
    "dohmatob2024strong.iso_under_exact.kept",
    statement=r"\rho = \tfrac1d E\|W^{-1} W_2\|_F^2 = \frac{n_2 (n_2 (n + 1) + n_1 - 2) + n_1 n_2 (n d - 2)/(n - d - 1)}{n (n - 1)(n + 2)}",
    relation="==",
    provenance="derived",
    source="moments of beta variables and rotations, for groups of fewer rows than features too",
)
def kept():
    return Computed(
        lambda i: finite.rho(*_SHAPES[i]),
        lambda i: theory.rho(*_SHAPES[i]),
        {
            "p_2^2": lambda i: (_SHAPES[i][2] / sum(_SHAPES[i][1:])) ** 2,
            "of a large dimension": lambda i: theory.under(*_SHAPES[i], 1, 0),  # pyright: ignore[reportCallIssue]
            "1.000001 of it": lambda i: 1.000001 * theory.rho(*_SHAPES[i]),
        },
        at=tuple(range(len(_SHAPES))),
        index="sizes",
    )


@claim(
    "dohmatob2024strong.iso_under_exact.ridge",
    statement=r"E_{test}(\lambda \to 0) = \sigma^2 \tfrac{d}{n - d - 1} + c^2 \rho",
    relation="==",
    provenance="derived",
    source="limit of the exact error of ridge regression, from sums over Wishart eigenvalues; remainder of order lambda",
    domain=domain(c2=NonNegative, s1=NonNegative, s2=NonNegative) & RANGES,
)
def kept_by_ridge(c2=0.7, s1=0.3, s2=0.8, lam=1e-9):
    sizes = [shape for shape in _SHAPES if sum(shape[1:]) >= shape[0] + 4]

    def stated(i):
        return theory.under_exact(*sizes[i], c2, s1, s2)  # pyright: ignore[reportCallIssue]

    return Computed(
        lambda i: finite.ridge(*sizes[i], lam, 1.0, c2, s1, s2),
        stated,
        {"1.00001 of it": lambda i: 1.00001 * stated(i), "one row more": lambda i: theory.under_exact(
            sizes[i][0], sizes[i][1] + 1, sizes[i][2], c2, s1, s2)},
        at=tuple(range(len(sizes))),
        index="sizes",
        allowance=lambda i: 1000 * lam * stated(i),
    )  # fmt: skip


@claim(
    "dohmatob2024strong.cor1.floor",
    statement=r"E_{test} \ge p_2^2 c^2 \text{ for every } n \quad (\text{strong collapse: more data do not help})",
    relation=">=",
    provenance="note",
    source="Corollary 1 (eq. 12) as quoted in a note; the exact error of least squares, ten features",
    domain=domain(p_2=Probability, c2=NonNegative, sigma2=NonNegative),
)
def floor(p_2=0.25, c2=0.1, sigma2=0.1):
    def share(n):
        return round(p_2 * n) / n

    def error(n):
        n_2 = round(p_2 * n)
        return theory.under_exact(10, n - n_2, n_2, c2, sigma2, sigma2)

    return Computed(
        error,
        lambda n: share(n) ** 2 * c2,
        {"p_2 c^2": lambda n: share(n) * c2, "1.001 of it": lambda n: 1.001 * share(n) ** 2 * c2},
        at=(20, 100, 10**4, 10**6, 10**8),
        index="n",
    )


def _beyond(stated, p_2, c2, sigma2):
    """phi -> the distance of Theorem 1 without penalty from a statement to some order in phi."""

    def apart(inverse):
        n = 1 / inverse
        return abs(theory.under(1, n * (1 - p_2), n * p_2, c2, sigma2) - stated(inverse, p_2, c2, sigma2))

    return apart


_SHARES = domain(p_2=Probability, c2=NonNegative, sigma2=NonNegative)


@claim(
    "dohmatob2024strong.cor1",
    statement=r"E_{test} = \sigma^2 \phi + p_2^2 c^2 + O(\phi^2): \text{ the exponent of the remainder is at least } 2",
    relation=">=",
    provenance="note",
    source="Corollary 1 (eq. 12) as quoted in a note on version 2; the wording of the paper was not seen",
    regime="rate",
    expected="REFUTED",
    domain=_SHARES,
)
def corollary_1(p_2=0.4, c2=0.5, sigma2=1.0):
    """Of the form as quoted: it leaves out p_1 p_2 c^2 phi, so the exponent is 1; cor1.first_order has the term."""
    return _order(theory.corollary_1, p_2, c2, sigma2, {"3": lambda k: 3, "1.5": lambda k: 1.5})


@claim(
    "dohmatob2024strong.cor1.first_order",
    statement=r"E_{test} = p_2^2 c^2 + (\sigma^2 + p_1 p_2 c^2)\,\phi + O(\phi^2): \text{ the exponent of the remainder is } 2",
    relation="==",
    provenance="derived",
    source="Theorem 1 without penalty, expanded; what is left is (sigma^2 + p_1 p_2 c^2) phi^2 / (1 - phi)",
    regime="rate",
    domain=_SHARES,
)
def first_order(p_2=0.4, c2=0.5, sigma2=1.0):
    return _order(theory.first_order, p_2, c2, sigma2, {"1": lambda k: 1, "2.02": lambda k: 2.02})


def _order(stated, p_2, c2, sigma2, mutants):
    # between phi and 2 phi the factor 1/(1 - phi) adds log2((1 - phi)/(1 - 2 phi)) < 2 phi
    return Computed(
        lambda k: exponent(_beyond(stated, p_2, c2, sigma2), 1 / k),
        lambda k: 2,
        mutants,
        at=(200, 500, 1000),
        index="1/phi",
        allowance=lambda k: 2 / k,
        tolerance=1e-6,
    )
