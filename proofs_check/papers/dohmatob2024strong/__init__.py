"""Synthetic data beside real ones, and larger models (Dohmatob, Feng, Subramonian and Kempe 2024)."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="dohmatob2024strong",
    title="Strong Model Collapse",
    authors=("Dohmatob, Elvis", "Feng, Yunzhen", "Subramonian, Arjun", "Kempe, Julia"),
    year=2024,
    arxiv="2410.04840",
    venue="ICLR 2025",
    aliases=("strong collapse", "larger models amplify"),
    topics=("regression", "ridge", "random projections", "mixing", "weighting", "double descent"),
    read=(
        "A note that says it was checked against version 2 (definitions, Theorems 1 and 2, Corollaries 1 to 3, grids of "
        "figures), not the text itself; the fixed point of Theorem 2 as remembered. All closed forms were derived again and "
        "compared with exact errors at finite d. Corollaries 1 and 2 as the note quotes them do not hold; whether the paper has "
        "these forms was not seen."
    ),
    relates=(("dohmatob2024strong.cor1.first_order", "corrects", "dohmatob2024strong.cor1"),),
    summary=(
        "Any fixed share of synthetic rows leaves a floor, $p_2^2 c^2$, that more data do not lower, and weights that stay "
        "above 0 do not remove. Wider models lower the bias and raise that floor until they interpolate, where both peak, and "
        "lower it beyond. Mixing with fresh real rows again and again does remove it, at the rate $\\rho$, a little above "
        "$p_2^2$."
    ),
)
