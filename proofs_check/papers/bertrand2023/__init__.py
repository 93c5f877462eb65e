"""Iterative retraining on real and own data (Bertrand et al. 2023)."""

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
    topics=("Gaussian", "stability", "replacement", "fixed real data"),
    read=(
        "Recalled, with the condition of Theorem 1 confirmed by an audit of version 2; the wording of the Gaussian "
        "collapse proposition was not checked. All formulas were derived again."
    ),
    not_covered={
        "bertrand2023.thm2": "the bound with finitely many samples, whose constants are not given; its place is taken by "
        "bertrand2023.fixed_real_finite, exact for Gaussians",
    },
    summary=(
        "On synthetic data alone a Gaussian collapses at the rate $c_4(n)$ per fit. With real data in every fit the "
        "loop is stable: the exact rate $\\lambda s/(1 + \\lambda s)$ is below 1 for every ratio $\\lambda$ of "
        "synthetic data, also where the condition of Theorem 1 fails, and the error of a Gaussian mean stays below "
        "$1.5/n_r$."
    ),
)
