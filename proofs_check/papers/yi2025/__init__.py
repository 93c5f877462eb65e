"""Synthetic data that a verifier accepts (Yi et al. 2025)."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="yi2025",
    title="Escaping Model Collapse via Synthetic Data Verification: Near-term Improvements and Long-term Convergence",
    authors=("Yi, Bingji", "Liu, Qiyuan", "Cheng, Yuwei", "Xu, Haifeng"),
    year=2025,
    arxiv="2510.16657",
    aliases=("verification", "verifier"),
    topics=("verification", "truncation", "curation", "regression"),
    read="A note by others that was checked against the third version; the case of one dimension is derived.",
    summary=(
        "A verifier that accepts what is near its own centre pulls the model there, at the variance ratio of a truncated "
        "normal: one that is wrong is followed. In regression the half-width depends on the row, r |x| + sigma_c, and the "
        "rate becomes an average over the accepted rows."
    ),
)
