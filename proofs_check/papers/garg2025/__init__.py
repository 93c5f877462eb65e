"""Real and synthetic labels mixed on one design (Garg, Bhattacharya and Sur 2025)."""

from proofs_check.paper import Erratum, Paper

PAPER = Paper(
    key="garg2025",
    title="Preventing Model Collapse Under Overparametrization: Optimal Mixing Ratios for Interpolation Learning and Ridge Regression",
    authors=("Garg, Anvit", "Bhattacharya, Sohom", "Sur, Pragya"),
    year=2025,
    arxiv="2509.22341",
    venue="ICLR 2026",
    aliases=("golden ratio", "optimal mixing ratio"),
    topics=("linear regression", "minimum norm", "ridge", "fresh data", "weighting"),
    read=(
        "The protocol is that of the abstract; theorem numbers and what they say are from the public reviews, the text was "
        "not read, and every closed form is derived again. Generation t = 1 is the fit on real labels, the paper's t = 0. "
        "Slips that reviewers name in (B.4), in the sign of $1/(z m(-z))$ and in (C.3) have no claim: the equations around "
        "them were not available to us."
    ),
    errata=(
        Erratum(
            where="Appendix C, an intermediate equation of the dynamic weights, as reviewers quote it",
            printed="$v_1 = w^2 + (1 - w)^2$",
            holds="$v_1 = w^2 + 2 (1 - w)^2$, whose minimum is at 2/3, the weight that the paper gives",
            claim="garg2025.dynamic.app_c",
            corrected="garg2025.dynamic",
            consequence="wording",
        ),
    ),
    relates=(
        ("garg2025.fresh_design.ols", "uses", "garg2025.ols"),
        ("garg2025.fresh_design.weight", "uses", "garg2025.fresh_design"),
        ("garg2025.ols", "uses", "he2025.linreg_fixed"),
    ),
    summary=(
        "With real and synthetic labels mixed on the same rows the weight of the real ones multiplies the variance alone, so "
        "the golden ratio is the best weight for every design, covariance and aspect ratio of least squares and of its "
        "minimum-norm form. A ridge, or new rows for a minimum-norm fit, make the best weight depend on signal and noise; "
        "with one set of real labels for ever, synthetic labels never help."
    ),
)
