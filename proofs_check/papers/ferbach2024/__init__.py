"""Curation as implicit preference optimisation (Ferbach et al. 2024)."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="ferbach2024",
    title="Self-Consuming Generative Models with Curated Data Provably Optimize Human Preferences",
    authors=("Ferbach, Damien", "Bertrand, Quentin", "Bose, Avishek Joey", "Gidel, Gauthier"),
    year=2024,
    arxiv="2407.09499",
    venue="NeurIPS 2024",
    aliases=("curated data", "human preferences"),
    topics=("curation", "best of K", "Bradley-Terry", "preference", "population map"),
    read=(
        "Statements as a review that read the full text gives them, and as remembered; the text itself was not available "
        "to us. Each was derived again or checked by enumeration."
    ),
    summary=(
        "On infinite samples everything holds. The gain of Lemma 2.2 is sharp for rewards that differ little; the cube "
        "of Theorem 2.3 is not needed, and Theorem 2.4 was at least seventeen times the divergence wherever we looked. What "
        "finite samples change: the best symbol is lost with a probability that the population map does not show, 7.6 % "
        "at n = 50 with a share of a fifth and a reward .3 higher."
    ),
)
