"""Verified synthetic labels and a breakdown point (Feng et al. 2024)."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="feng2024",
    title="Beyond Model Collapse: Scaling Up with Synthesized Data Requires Verification",
    authors=(
        "Feng, Yunzhen",
        "Dohmatob, Elvis",
        "Yang, Pu",
        "Charton, Francois",
        "Kempe, Julia",
    ),
    year=2024,
    arxiv="2406.07515",
    venue="ICLR 2025",
    aliases=("verification", "breakdown point", "reinforcement of synthetic data"),
    topics=("verification", "classification", "pruning", "phase transition"),
    read=(
        "A note by others that was checked against the second version: Theorem 4.2, the settings of the figures. What linear "
        "generators and verifiers come to is derived."
    ),
    not_covered={
        "feng2024.experiments": "transformers that predict eigenvalues, and news summaries by Llama-2: no closed form",
    },
    summary=(
        "Where the verifier's bits depend on x only through its label and the right one, infinitely many data are "
        "classified as by Bayes below $p_* = 1/(1 + \\psi/\\phi)$ and inverted above. A linear verifier's bits depend on x: "
        "there the limit is a classifier in between, $p_*$ a measure of label quality and not of accuracy, and Bayes' own "
        "classifier is not the best verifier."
    ),
)
