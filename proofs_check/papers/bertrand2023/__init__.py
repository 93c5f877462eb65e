"""Fully synthetic Gaussian loop (Bertrand et al. 2023)."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="bertrand2023",
    title="On the Stability of Iterative Retraining of Generative Models on their own Data",
    authors=(
        "Bertrand, Quentin",
        "Bose, Avishek Joey",
        "Duplessis, Alexandre",
        "Jiralerspong, Marco",
        "Gidel, Gauthier",
    ),
    year=2023,
    arxiv="2310.00429",
    venue="ICLR 2024",
    aliases=("iterative retraining",),
    topics=("Gaussian", "stability", "replacement"),
    read="Recalled: the wording of the Gaussian collapse proposition was not checked; its formula was derived again.",
)
