"""Curation by users whose preferences follow what they are shown (Wei, Xie, Zhu and Zhang 2026)."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="wei2026",
    title="Self-Consuming Generative Models with Co-Evolving Human Preferences",
    authors=("Wei, Xiukun", "Xie, Tian", "Zhu, Ding", "Zhang, Xueru"),
    year=2026,
    arxiv="2610.09415",
    venue="NeurIPS 2026",
    aliases=("co-evolving preferences", "winner lock-in"),
    topics=("curation", "preference", "population map", "equilibrium", "mixed data"),
    read="Sections 2 to 4 of the text, in a machine conversion.",
    not_covered={
        "wei2026.thm3_2": "which laws are fixed without real data; its direction that can be tested is that H = 1 for equal rewards",
        "wei2026.cor3_5": "two instances with one feature: that stability fails is immediate, there is nothing to measure",
        "wei2026.prop4_1": "a sufficient condition for a constraint of the design problem; worst-case by construction",
    },
    summary=(
        "The closed equilibrium of Proposition 3.8 is the limit of iterating the map, to rounding. The odds contraction of "
        "Proposition 3.1 is sharp. The constants of Lemma 3.6 are wide, so that contraction holds far beyond the "
        "stated range of eta."
    ),
)
