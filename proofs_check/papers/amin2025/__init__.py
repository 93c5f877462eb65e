"""A filter and a weak labeler that keep a language model from collapse (Amin et al. 2025)."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="amin2025",
    title="Escaping Collapse: The Strength of Weak Data for Large Language Model Training",
    authors=(
        "Amin, Kareem",
        "Babakniya, Sara",
        "Bie, Alex",
        "Kong, Weiwei",
        "Syed, Umar",
        "Vassilvitskii, Sergei",
    ),
    year=2025,
    arxiv="2502.08924",
    aliases=("escaping collapse", "weak data"),
    topics=("curation", "verification", "language model"),
    read="Notes of others on the paper; what is tested is a model of one prompt that we derived.",
    not_covered={
        "amin2025.main": "rests on a strong learning assumption about the trainer, whose constants were not available to us",
        "amin2025.thm5": (
            "convergence within O(log(1 / eps) / beta) generations; amin2025.surrogate.generations has this order for one "
            "prompt, without the constant of the theorem"
        ),
    },
    summary=(
        "For one prompt the probability of a wrong answer falls by the factor 1 - beta (1 - gamma) per generation, in "
        "expectation exactly, however few samples are drawn; without a labeler (beta = 0) it stays, and the answers drift."
    ),
)
