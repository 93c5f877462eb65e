"""Fresh real data with weight w (He, Xu and Cheng 2025)."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="he2025",
    title="Golden Ratio Weighting Prevents Model Collapse",
    authors=("He, Hengzhi", "Xu, Shirong", "Cheng, Guang"),
    year=2025,
    arxiv="2502.18049",
    aliases=("golden ratio",),
    topics=("Gaussian", "fresh data", "weighting"),
    read="Abstract and authors' code; the limit as summarised there, the form at finite t derived.",
    not_covered={
        "he2025.linreg_random": (
            "weighted fits of regression and generalized linear models, asymptotic; the wording was not available to us"
        ),
        "he2025.wstar": "the weight that minimises the limit; a consequence of the form tested in he2025.mean_limit",
    },
)
