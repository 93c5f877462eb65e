"""Synthetic data beside real ones, and larger models (Dohmatob, Feng, Subramonian and Kempe 2024)."""

from proofs_check.paper import Erratum, Paper

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
        "compared with exact errors at finite d."
    ),
    errata=(
        Erratum(
            where="Corollary 1 (eq. 12), as quoted in a note",
            printed=r"$E_{test} \simeq \sigma^2 \phi + p_2^2 c^2 + O(\phi^2)$",
            holds=r"$p_2^2 c^2 + (\sigma^2 + p_1 p_2 c^2)\,\phi + O(\phi^2)$: Theorem 1 has another term of order $\phi$",
            claim="dohmatob2024strong.cor1",
            corrected="dohmatob2024strong.cor1.first_order",
        ),
        Erratum(
            where="Corollary 2 (eq. 17-18), as quoted in a note; it may be the note that errs",
            printed=r"$p_2^2 \alpha^2 c^2 + ((1 - \alpha) p_1 \sigma_1^2 + \alpha p_2 \sigma_2^2)\,\phi$",
            holds=r"$\alpha^2 c^2 + \sigma^2 d\,[(1 - \alpha)^2/n_1 + \alpha^2/n_2]$ for equal noise, about four times as much at $p_2 = 1/2$",
            claim="dohmatob2024strong.mix_weighted.cor2",
            corrected="dohmatob2024strong.mix_weighted",
        ),
    ),
    summary=(
        "Any fixed share of synthetic rows leaves a floor, $p_2^2 c^2$, that more data do not lower, and weights that stay "
        "above 0 do not remove. Wider models lower the bias and raise that floor until they interpolate, where both peak, and "
        "lower it beyond. Mixing with fresh real rows again and again does remove it, at the rate $\\rho$, a little above "
        "$p_2^2$."
    ),
)
