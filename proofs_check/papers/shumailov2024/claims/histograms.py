"""Discrete distributions with exact approximation: a Markov chain on histograms whose absorbing states are deltas."""

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Integers, Probabilities, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.shumailov2024 import theory

P = (0.5, 0.3, 0.2)
SETTING = domain(q=Probabilities, n=Integers(1), generations=Integers(1))


def ends_at_the_last(model, truth):
    """Whether the model is the delta at the last state."""
    return model.p[..., -1] == 1


def lost_the_last(model, truth):
    """Whether the last state has probability 0."""
    return model.p[..., -1] == 0


def _limit(metric, q, n, generations, stated, mutants, law):
    S0 = sum(x**2 for x in q)
    return Check(
        cj.Categorical(q),
        cj.Replace(n),
        metric=metric,
        generations=generations,
        at=(generations,),
        statistic="probability",
        predicted=lambda t: stated,
        mutants={name: (lambda t, value=value: value) for name, value in mutants.items()},
        scale=0.5,
        allowance=lambda t: theory.undecided(t, n, S0),
        law=law,
    )


@claim(
    "shumailov2024.discrete",
    statement=r"P(p_t \to \delta_i) = q_i",
    relation="==",
    provenance="text",
    source="main text: the chain must converge to a delta function at some state, at state i with its original probability",
    domain=SETTING,
)
def discrete(q=P, n=6, generations=40):
    """Tested at a generation by which all but one chain in 400 have ended, which is the distance allowed."""
    return _limit(
        ends_at_the_last,
        q,
        n,
        generations,
        q[-1],
        {"each state alike": 1 / len(q), "the likeliest wins": 0.0},
        lambda t: laws.drift.distribution(q[-1], n, t)[n],
    )


@claim(
    "shumailov2024.discrete.lost",
    statement=r"P(\text{state } i \text{ is not drawn at some generation}) = 1 - q_i",
    relation="==",
    provenance="text",
    source="main text: the probability of losing information about a state of probability q",
    domain=SETTING,
)
def discrete_lost(q=P, n=6, generations=40):
    return _limit(
        lost_the_last,
        q,
        n,
        generations,
        1 - q[-1],
        {"certain": 1.0, "lost at the first fit or never": theory.lost_at_first(q[-1], n)},
        lambda t: laws.drift.distribution(q[-1], n, t)[0],
    )


@claim(
    "shumailov2024.discrete.first",
    statement=r"P(\text{state } i \text{ is not drawn at first}) = (1 - q_i)^n, \quad \text{about } e^{-1} \text{ for } q_i = \tfrac1n",
    relation="==",
    provenance="derived",
    source="the text takes states with q <= 1/n, less than one draw expected, to be lost in practice; this is how likely that is",
    domain=domain(n=Integers(2)),
)
def discrete_first(n=(2, 5, 20, 100, 1000)):
    """Between .25 and .37 at q = 1/n: at the first fit such a state is rather kept than lost; with generations it is lost
    with probability 1 - 1/n (shumailov2024.discrete.lost)."""
    return Computed(
        lambda size: float(laws.drift.distribution(1 / size, size, 1)[0]),
        lambda size: theory.lost_at_first(1 / size, size),
        {
            "lost for certain": lambda size: 1.0,
            "e^-1 for every n": lambda size: 0.36787944117144233,
            "one draw less": lambda size: theory.lost_at_first(1 / size, size - 1),
        },
        at=tuple(n),
        index="n",
    )
