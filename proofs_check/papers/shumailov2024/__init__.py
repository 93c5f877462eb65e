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
    not_covered={
        "shumailov2024.discrete": "absorption of a Markov chain on histograms is seddik2024.prop1, tested there",
        "shumailov2024.gauss1d.W2": "recalled to first order only; its exact form is kazdan2024.replace_w2_unbiased",
        "shumailov2024.thm3_1": (
            "the expected distance diverges on chains too rare to be drawn; what can be seen is "
            "kazdan2024.replace_mean_unbiased and kazdan2024.replace_as"
        ),
    },
)
