"""Gaussian models under replacement, accumulation and subsampling (Kazdan et al. 2024)."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="kazdan2024",
    title="Collapse or Thrive? Perils and Promises of Synthetic Data in a Self-Generating World",
    authors=(
        "Kazdan, Joshua",
        "Schaeffer, Rylan",
        "Dey, Apratim",
        "Gerstgrasser, Matthias",
        "Rafailov, Rafael",
        "Donoho, David L.",
        "Koyejo, Sanmi",
    ),
    year=2024,
    arxiv="2410.16713",
    venue="ICML 2025",
    aliases=("collapse or thrive",),
    topics=("Gaussian", "replacement", "accumulation", "subsampling"),
    read=(
        "Protocols follow the authors' code (iteration 1 is the fit on real data, covariance with 1/n); the closed forms "
        "are derived. Several statements flip between the 1/n and the unbiased covariance, so both are forms of their "
        "own."
    ),
    not_covered={
        "kazdan2024.kde": (
            "kernel density estimates, said to diverge slowly under accumulation; known from a summary, no family for"
            " it here"
        ),
        "kazdan2024.linreg": "linear regression has the formulas of gerstgrasser2024, and its claims",
        "kazdan2024.discrete": "distributions on symbols under replacement have the formulas of seddik2024, and its claims",
        "kazdan2024.fine_tuning": "supervised fine-tuning of language models: no closed form",
    },
)
