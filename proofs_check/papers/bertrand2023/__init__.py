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
    not_covered={
        "bertrand2023.prop1": (
            "for d >= 2 an inequality between matrices whose rate we do not know to be stated; d = 1 is "
            "bertrand2023.fully_synthetic"
        ),
        "bertrand2023.thm1": "local stability of a loop that mixes real and synthetic data; the wording is recalled only",
    },
)
