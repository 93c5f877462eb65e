"""Models that train on each other's outputs (Vu, Reeves and Wenger 2025)."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="vu2025",
    title="What happens when generative AI models train recursively on each others' generated outputs?",
    authors=("Vu, Hung Anh", "Reeves, Galen", "Wenger, Emily"),
    year=2025,
    arxiv="2505.21677",
    aliases=("each others' outputs", "networked models"),
    topics=("several models", "population map", "network", "Gaussian"),
    read="The protocol as summaries give it; the isotropic case and the stability condition are derived.",
    summary=(
        "With a common share alpha of pooled synthetic data the models agree but for (1 - alpha) beta of what their "
        "private data differ by, at once, and their average converges at the rate alpha. In general what decides is the "
        "spectral radius of the matrix by which they feed each other."
    ),
)
