"""Total collapse of empirical distributions (Seddik et al. 2024)."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="seddik2024",
    title="How Bad is Training on Synthetic Data? A Statistical Analysis of Language Model Collapse",
    authors=("Seddik, Mohamed El Amine", "Chen, Suei-Wen", "Hayou, Soufiane", "Youssef, Pierre", "Debbah, Merouane"),
    year=2024,
    arxiv="2404.05090",
    venue="COLM 2024",
    aliases=("how bad is training on synthetic data",),
    topics=("categorical", "language model", "total collapse", "replacement"),
    read="The complete text was read, with its appendices.",
    summary=(
        "Theorem 1 holds, with an expected collapse time about twice its lower bound and, for every n computed, at most 1"
        " + 2(n - 1). The transient of Theorem 2 is misprinted: a sign in equation (9), REFUTED as printed, SUPPORTED "
        "when corrected; the printed limit is right. Theorems 3 and 4 are true and VACUOUS at the parameters of the "
        "paper's own figures: 25,000 for a distance of .097 that cannot exceed 2. A bound of .164 follows from an exact "
        'second moment, and with it "exponentially smaller" is not needed.'
    ),
)
