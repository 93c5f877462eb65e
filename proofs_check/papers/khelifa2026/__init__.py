"""Fresh data in every round of training (Khelifa, Turner and Venkataramanan 2026)."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="khelifa2026",
    title="Error Propagation and Model Collapse in Diffusion Models: A Theoretical Study",
    authors=("Khelifa, Nail B.", "Turner, Richard E.", "Venkataramanan, Ramji"),
    year=2026,
    arxiv="2602.16601",
    venue="second version: Quantifying Error Propagation and Model Collapse in Diffusion Models",
    aliases=("quantifying error propagation", "discounted sum of errors"),
    topics=("diffusion", "fresh data", "chi-square divergence"),
    read="Statements as an audit of the paper's source quotes them; the text itself was not read.",
    not_covered={
        "khelifa2026.prop3_1": "a divergence bounded by the energy of a learned path; needs a diffusion and its scores",
        "khelifa2026.thm3_4": "bounds of one round up to constants C and c that are not stated",
        "khelifa2026.prop4_1": "a floor under a pointwise condition on the energy that no exact law here satisfies",
        "khelifa2026.thm4_2": (
            "up to constants: the audit notes that the equivalence of the main text, with a positive bias and summable "
            "errors, cannot hold, while the upper bound of the appendix can"
        ),
    },
    summary=(
        "The identity behind the discounted sum is exact, and so is the sum itself for a categorical model, where the "
        "error that each round adds is (s - 1) / n in expectation."
    ),
)
