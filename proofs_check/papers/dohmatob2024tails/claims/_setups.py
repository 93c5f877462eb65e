"""What the claims share: a vocabulary of finitely many tokens for runs, exponents, and what a memory lacks."""

import numpy as np

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Integers, Interval, Probability, domain
from proofs_check.claim import Check, Computed
from proofs_check.papers.dohmatob2024tails import theory

BETA = Interval("[1.1, 4]")
SETTING = domain(
    beta=BETA,
    gamma=BETA,
    k=Integers(2, 1000),
    T_0=Integers(8, 1100),
    share=Interval("(0, 1)"),
    s=Integers(3, 300),
    F=Probability,
)
SIZES = tuple(2**i for i in range(7))


def zipf(s, exponent, last=None):
    """Zipf's law on s tokens, cut off after `last`."""
    weights = np.arange(1, s + 1.0) ** -exponent * (np.arange(1, s + 1) <= (last or s))
    return weights / weights.sum()


def unseen_mass(model, truth):
    """The probability, under the truth, of all tokens that the model gives none."""
    return (truth.p * (model.p == 0)).sum(-1)


def shown(p, q, mutants):
    """A memory after 1, 2, 4, .., 64 tokens of q, tested on p; the exact law by binomial counts."""
    from proofs_check.papers.dohmatob2024tails.workflows import Shown

    def after(q):
        return lambda t: theory.unseen_mass(SIZES[t - 1], p, q)

    return Check(
        cj.Categorical(p, sampler="index"),
        Shown(SIZES, q=q),
        metric=unseen_mass,
        generations=len(SIZES),
        predicted=after(q),
        mutants={name: after(other) for name, other in mutants.items()},
        bounds=(0, 1),
        law=lambda t: sum(a * laws.drift.distribution(b, SIZES[t - 1], 1)[0] for a, b in zip(p, q, strict=True)),
    )


def asymptotic(exact, stated, mutants, beta, k, at):
    """Left open: 2/T of the first term, and what the midpoint of a token leaves of a sum up to k."""

    def allowance(T):
        return 2 * theory.error(T, beta) / T + beta * k ** -(beta + 1.0) / 24

    return Computed(exact, stated, mutants, at=at, index="T", allowance=allowance)


def rate(law, stated, mutants, at, allowance, index="T"):
    """The local exponent of a law between x and 2 x, at every x."""
    return Computed(
        lambda x: laws.rate.exponent(law, float(x)),
        lambda x: stated,
        {name: lambda x, value=value: value for name, value in mutants.items()},
        at=tuple(at),
        index=index,
        allowance=allowance,
    )
