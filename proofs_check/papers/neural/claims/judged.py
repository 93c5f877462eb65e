"""A language model of a grammar whose sentences a judge picks: what is said rightly, and what is no longer said."""

from proofs_check.claim import claim
from proofs_check.papers.neural import statements, trials


@claim(
    "neural.judged.perfect",
    statement=r"P(w^{\mathrm{unjudged}}_4 > w^{\mathrm{perfect}}_4) > \tfrac12,\quad w \text{ the share of ungrammatical sentences}",
    relation=">=",
    provenance="derived",
    source="a judge that knows the grammar and picks one of four sentences keeps a model from forgetting it; these nets, measured here",
    dear=True,
)
def perfect():
    return statements.worse(trials.judged(), "replace", "perfect", "wrong")


@claim(
    "neural.judged.noisy",
    statement=r"P(w^{\mathrm{unjudged}}_4 > w^{\mathrm{noisy}}_4) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="so does one that prefers a grammatical sentence to another at odds of 3 to 1; these nets, measured here",
    dear=True,
)
def noisy():
    return statements.worse(trials.judged(), "replace", "noisy", "wrong")


@claim(
    "neural.judged.contrary",
    statement=r"P(w^{\mathrm{contrary}}_4 > w^{\mathrm{unjudged}}_4) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="at odds of 1 to 3 it is worse than no judge: what helps is to be better than chance (after Feng et al. 2024); these nets, measured here",
    dear=True,
)
def contrary():
    return statements.worse(trials.judged(), "contrary", "replace", "wrong")


@claim(
    "neural.judged.diversity",
    statement=r"P(b^{\mathrm{unjudged}}_4 > b^{\mathrm{perfect}}_4) > \tfrac12,\quad b \text{ the number of different pairs of words}",
    relation=">=",
    provenance="derived",
    source="what a perfect judge costs: fewer different pairs of words are said; these nets, measured here",
    dear=True,
)
def diversity():
    return statements.worse(trials.judged(), "replace", "perfect", "bigrams")


@claim(
    "neural.judged.kl",
    statement=r"P(\mathrm{KL}^{\mathrm{perfect}}_4 > \mathrm{KL}^{\mathrm{unjudged}}_4) > \tfrac12",
    relation=">=",
    provenance="derived",
    source="so that a model that a perfect judge keeps grammatical ends farther from the language; these nets, measured here",
    dear=True,
)
def kl():
    return statements.worse(trials.judged(), "perfect", "replace", "kl")
