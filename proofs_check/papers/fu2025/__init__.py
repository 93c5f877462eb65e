"""Recursive stability and the geometric factor of loops with real data (Fu et al. 2025)."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="fu2025",
    title="A Theoretical Perspective: How to Prevent Model Collapse in Self-consuming Training Loops",
    authors=("Fu, Shi", "Wang, Yingjie", "Chen, Yuzhu", "Tian, Xinmei", "Tao, Dacheng"),
    year=2025,
    arxiv="2502.18865",
    venue="ICLR 2025",
    aliases=("recursive stability",),
    topics=("fresh data", "total variation"),
    read="Recalled; the text was not available to us. Of its bounds only the geometric factor is without open constants.",
    not_covered={
        "fu2025.recstab": "generalization bounds by recursive stability, up to constants and logarithms that are not given",
    },
    summary="A constant share a of real data keeps the distance to the truth below 1/a one-step errors.",
)
