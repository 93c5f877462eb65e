"""Iterated learning with Bayesian agents (Griffiths and Kalish 2007)."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="griffiths2007",
    title="Language evolution by iterated learning with Bayesian agents",
    authors=("Griffiths, Thomas L.", "Kalish, Michael L."),
    year=2007,
    arxiv="",
    venue="Cognitive Science 31(3), 441-480",
    aliases=("iterated learning",),
    topics=("iterated learning", "language", "Bayesian agents"),
    read="The eigenvalue for two languages was read in a page that quotes it; the model behind it is reconstructed.",
    summary=(
        "Learners that sample from their posterior converge to the prior whatever they hear, at the rate of the second "
        "eigenvalue, which is as quoted. Twenty years older than model collapse, and the same loop."
    ),
)
