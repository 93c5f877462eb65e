"""Fresh real data with weight w (He, Xu and Cheng 2025)."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="he2025",
    title="Recursive Learning Without Collapse: A Weighting-Based Stabilization Framework",
    authors=("He, Hengzhi", "Xu, Shirong", "Cheng, Guang"),
    year=2025,
    arxiv="2502.18049",
    venue="JRSS B, to appear",
    aliases=(
        "golden ratio",
        "Golden Ratio Mixing of Real and Synthetic Data for Stabilizing Generative Model Training",
        "Golden Ratio Weighting Prevents Model Collapse",
    ),
    topics=("Gaussian", "fresh data", "weighting"),
    read=(
        "Abstract of version 5, which has the title above (versions 1 and 4 had others), and the authors' code; the limit as "
        "summarised there, the forms at finite t and finite n derived."
    ),
    not_covered={
        "he2025.linreg_random": (
            "weighted fits of regression and generalized linear models, asymptotic; the wording was not available to us"
        ),
        "he2025.linreg_index": (
            "in the authors' routine for linear regression the first synthetic generation fits the real labels again, so "
            "that its losses are one generation behind those of the Gaussian routine; a slip of indices"
        ),
    },
    summary=(
        "Weighting the two samples, not pooling them, makes unlimited synthetic data useful: with the optimal weight, the "
        "golden ratio at equal sizes, the error of the loop is $w^*$ times that of one real fit, exactly; pooled mixing "
        "never gains more than a half."
    ),
)
