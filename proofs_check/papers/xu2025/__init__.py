"""Recursive fits as random walks, and how fast samples have to grow (Xu, He and Cheng 2025)."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="xu2025",
    title="A Probabilistic Perspective on Model Collapse",
    authors=("Xu, Shirong", "He, Hengzhi", "Cheng, Guang"),
    year=2025,
    arxiv="2505.13947",
    aliases=("random walk", "probabilistic perspective"),
    topics=("Gaussian", "replacement", "schedule", "random walk"),
    read="The abstract, and a note that quotes the statements on superlinear growth and on the probability of improving; formulas derived.",
    not_covered={
        "xu2025.bias": "estimators with a bias of order n^-kappa, kappa < 1: a scaling law without constants",
    },
    relates=(
        ("xu2025.p_better_growing", "special case of", "xu2025.p_better"),
        ("xu2025.p_better_half", "uses", "xu2025.p_better"),
    ),
    summary=(
        "A chain that sees only its own samples is a random walk with steps of variance $1/n_t$: bounded if and only if "
        "$\\sum 1/n_t$ is, so that sample sizes have to grow faster than $t$. It ends nearer to the truth than the first "
        "fit with a probability below 1/2 under every schedule."
    ),
)
