"""Gaussian autophagy (Shumailov et al. 2023/24)."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="shumailov2024",
    title="AI models collapse when trained on recursively generated data",
    authors=(
        "Shumailov, Ilia",
        "Shumaylov, Zakhar",
        "Zhao, Yiren",
        "Papernot, Nicolas",
        "Anderson, Ross",
        "Gal, Yarin",
    ),
    year=2024,
    arxiv="2305.17493",
    venue="Nature 631, 755-759",
    aliases=("curse of recursion",),
    topics=("Gaussian", "replacement", "language model"),
    read=(
        "Section 4 of the preprint recalled, with a remainder O(n^-2); the formula was derived again and has none for the"
        " unbiased variance."
    ),
)
