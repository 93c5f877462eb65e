"""Replacement with fresh real data mixed in, without labels (Bakshi and Chakraborty 2026)."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="bakshi2026",
    title=(
        "From Collapse to Improvement: Statistical Perspectives on the Evolutionary Dynamics of Iterative Training on "
        "Contaminated Sources"
    ),
    authors=("Bakshi, Soham", "Chakraborty, Sunrit"),
    year=2026,
    arxiv="2602.10531",
    aliases=("from collapse to improvement", "contamination-agnostic training"),
    topics=("categorical", "contamination", "fresh real data"),
    read="The recursion for the error was read on the abstract page; proofs were not.",
    relates=(("bakshi2026.Rt.floor", "uses", "bakshi2026.Rt"),),
    summary=(
        "The recursion is exact for every schedule of sample sizes and of shares of real data. With a constant share the "
        "error stays at a floor; with samples that grow it tends to 0."
    ),
)
