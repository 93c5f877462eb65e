"""Fresh real data with weight w (He, Xu and Cheng 2025)."""

from proofs_check.paper import Erratum, Paper

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
    topics=("Gaussian", "linear regression", "logistic regression", "fresh data", "weighting"),
    read=(
        "Abstract of version 5, which has the title above (versions 1 and 4 had others), and the authors' code; the limit as "
        "summarised there, the forms at finite t and finite n derived."
    ),
    errata=(
        Erratum(
            where="code, routine for linear regression",
            printed="the second entry of `loss_beta` fits the real labels again",
            holds="entry t is the loss of max(t, 1) fits, one behind that of the Gaussian routine, where it is of t + 1",
            claim="he2025.linreg_index",
            corrected="he2025.linreg_index",
        ),
    ),
    relates=(
        ("he2025.cdf_cvm", "uses", "he2025.cdf"),
        ("he2025.wstar_golden", "special case of", "he2025.wstar_value"),
    ),
    summary=(
        "Weighting the two samples, not pooling them, makes unlimited synthetic data useful: with the optimal weight, the "
        "golden ratio at equal sizes, the error of the loop is $w^*$ times that of one real fit, exactly; pooled mixing "
        "never gains more than a half."
    ),
)
