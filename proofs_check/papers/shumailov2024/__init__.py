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
        "The main text of the article was read; section 4 of the preprint is recalled, with a remainder O(n^-2). The "
        "formula was derived again and has none for the unbiased variance."
    ),
    summary=(
        "The chain on histograms ends at a state with its original probability. The variance of an observation has no "
        "remainder, and the expected Wasserstein distance has an exact form of which the preprint's 3/2 sum 1/n is the first order: later "
        "it grows like sum 1/n + 2. Theorem 3.1 holds for n > d, at the rates given; its expectation is one that no "
        "simulation of late generations can show."
    ),
)
