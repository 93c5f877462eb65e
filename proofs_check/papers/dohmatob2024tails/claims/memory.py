"""Tokens of the true law, and of a narrower one: scaling laws and their constants."""

from collapse_jax import laws
from collapse_jax.laws.domain import domain
from proofs_check.claim import Computed, claim
from proofs_check.papers.dohmatob2024tails import theory
from proofs_check.papers.dohmatob2024tails.claims._setups import BETA, SETTING, rate, shown, zipf

TOKENS = (10, 100, 1000, 10**6, 10**9)


@claim(
    "dohmatob2024tails.hutter0",
    statement=r"E(T) = \sum_i p_i (1 - p_i)^T \asymp T^{-c},\quad c = 1 - \tfrac1\beta",
    relation="==",
    regime="rate",
    provenance="note",
    source="the scaling law of Hutter's model, as notes quote it; exact law of infinitely many tokens",
    domain=SETTING,
)
def hutter0(beta=1.5):
    """Left open is c (c + 1)/T, three times the next term of the expansion."""
    c = theory.exponent(beta)
    return rate(
        lambda T: laws.hutter.unseen(T, beta),
        -c,
        {"beta - 1": 1 - beta, "1/beta": -1 / beta, "a hundredth steeper": -1.01 * c},
        TOKENS,
        lambda T: c * (c + 1) / T,
    )


@claim(
    "dohmatob2024tails.hutter0.sharp",
    statement=r"E(T) = \frac{\zeta(\beta)^{-1/\beta}\,\Gamma(1 - \frac1\beta)}{\beta}\, T^{-c}\, [1 + O(1/T)]",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="the sum as an integral, which is a beta function; left open is c (c + 1)/T of the value",
    domain=SETTING,
)
def hutter0_sharp(beta=1.5):
    c = theory.exponent(beta)
    return Computed(
        lambda T: laws.hutter.unseen(float(T), beta),
        lambda T: theory.error(T, beta),
        {
            "without zeta": lambda T: theory.error(T, beta) * float(theory.zeta(beta)) ** (1 / beta),
            "a thousandth more": lambda T: 1.001 * theory.error(T, beta),
        },
        at=TOKENS,
        index="T",
        allowance=lambda T: c * (c + 1) / T * theory.error(T, beta),
    )


@claim(
    "dohmatob2024tails.hutter0.all_orders",
    statement=r"E(T) = \frac{\zeta(\beta)^{-1/\beta}}{\beta}\, B(c,\, T + 1)\, [1 + O(T^{-N})] \text{ for every } N",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="Euler and Maclaurin: all derivatives of a summand vanish where the sum begins, up to what falls faster than powers",
    domain=SETTING,
)
def hutter0_all_orders(beta=1.5):
    """What is left open is T^-4 of the value."""
    return Computed(
        lambda T: laws.hutter.unseen(float(T), beta),
        lambda T: theory.exact_error(T, beta),
        {
            "the leading term": lambda T: theory.error(T, beta),
            "B(c, T)": lambda T: theory.exact_error(T - 1, beta),
        },
        at=(1000, 2000, 4000),
        index="T",
        allowance=lambda T: T**-4 * theory.error(T, beta),
        tolerance=1e-8,
    )


@claim(
    "dohmatob2024tails.hutter0.shown",
    statement=r"E(T) = \sum_i p_i (1 - p_i)^T",
    relation="==",
    provenance="note",
    source="equation 9 as a note quotes it: a memory errs on what it has not seen; simulated on s tokens, T = 1, 2, 4, .., 64",
    domain=SETTING,
)
def hutter0_shown(s=20, beta=2.0):
    p = zipf(s, beta)
    return shown(p, p, {"a narrower law": zipf(s, beta + 0.5), "cut after half": zipf(s, beta, s // 2)})


@claim(
    "dohmatob2024tails.narrow",
    statement=r"q_i \propto i^{-\beta'}: \quad E(T) \asymp T^{-(\beta - 1)/\beta'}",
    relation="==",
    regime="rate",
    provenance="recalled",
    source="tails narrowed by a low temperature or by top-p; exact law of infinitely many tokens",
    domain=SETTING & domain("gamma > beta", beta=BETA, gamma=BETA),
)
def narrow(beta=1.5, gamma=2.0):
    e = theory.narrowed_exponent(beta, gamma)
    return rate(
        lambda T: laws.hutter.unseen(T, beta, laws.hutter.narrowed(gamma)),
        -e,
        {
            "no change of the law": -theory.exponent(beta),
            "the exponent of the narrow law": -theory.exponent(gamma),
            "a hundredth steeper": -1.01 * e,
        },
        TOKENS,
        lambda T: e * (e + 1) / T,
    )


@claim(
    "dohmatob2024tails.narrow.sharp",
    statement=r"E(T) = \frac{\Gamma(e)\,\zeta(\beta')^e}{\beta'\,\zeta(\beta)}\, T^{-e}\, [1 + O(1/T)],\quad e = \frac{\beta - 1}{\beta'}",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="the sum as an integral; left open is e (e + 1)/T of the value",
    domain=SETTING & domain("gamma > beta", beta=BETA, gamma=BETA),
)
def narrow_sharp(beta=1.5, gamma=2.0):
    e = theory.narrowed_exponent(beta, gamma)
    return Computed(
        lambda T: laws.hutter.unseen(float(T), beta, laws.hutter.narrowed(gamma)),
        lambda T: theory.narrowed_error(T, beta, gamma),
        {
            "a thousandth more": lambda T: 1.001 * theory.narrowed_error(T, beta, gamma),
            "a hundredth narrower": lambda T: theory.narrowed_error(T, beta, 1.01 * gamma),
        },
        at=TOKENS,
        index="T",
        allowance=lambda T: e * (e + 1) / T * theory.narrowed_error(T, beta, gamma),
    )


@claim(
    "dohmatob2024tails.narrow.shown",
    statement=r"E(T) = \sum_i p_i (1 - q_i)^T,\quad q_i \propto i^{-\beta'}",
    relation="==",
    provenance="derived",
    source="the error on tokens of a narrower law; simulated on s tokens, T = 1, 2, 4, .., 64",
    domain=SETTING & domain("gamma > beta", beta=BETA, gamma=BETA),
)
def narrow_shown(s=20, beta=2.0, gamma=2.5):
    p = zipf(s, beta)
    return shown(p, zipf(s, gamma), {"no change of the law": p, "still narrower": zipf(s, gamma + 0.5)})
