"""Watermarks and masks against collapse (Kanabar and Gastpar 2026)."""

from proofs_check.paper import Erratum, Paper

PAPER = Paper(
    key="kanabar2026",
    title="The sequel to Model non-collapse, on watermarks and masking (arXiv 2608.31091)",
    authors=("Kanabar, Millen", "Gastpar, Michael"),
    year=2026,
    arxiv="2608.31091",
    aliases=("watermarking and masking",),
    topics=("categorical", "contamination", "watermark", "masking"),
    read=(
        "The theorems were read in a machine conversion of the text; its title was not recorded. Formulas that the "
        "conversion may have garbled are marked as such."
    ),
    not_covered={
        "kanabar2026.thm3": (
            "masking: the bound 2 (1 + c) sigma_t^2 holds for masks that are drawn with probabilities b_t <= c sigma_t^2, a "
            "rule whose details were not available; its ingredient, equation 13, has a claim"
        ),
        "kanabar2026.lower": "the lower bound has an unspecified constant",
    },
    errata=(
        Erratum(
            where="Claim 1 (erasure channel), in the machine conversion of the text",
            printed="$\\chi^2 = 1 - \\epsilon/\\alpha$, or, as probably meant, $(1 - \\epsilon)/\\alpha$",
            holds="$\\chi^2 = (1 - \\epsilon)(1/\\alpha - 1)$",
            claim="kanabar2026.watermark.bec_printed",
            corrected="kanabar2026.watermark.bec",
        ),
        Erratum(
            where="the sentence on the gain in effective sample size, in the machine conversion of the text",
            printed="improves by a factor $1 - \\chi^2$",
            holds="a factor $1 + \\chi^2$",
            claim="kanabar2026.watermark.factor_printed",
            corrected="kanabar2026.watermark.factor",
            consequence="wording",
        ),
    ),
    relates=(
        ("kanabar2026.watermark.factor", "uses", "kanabar2025.linear"),
        ("kanabar2025.linear", "special case of", "kanabar2026.watermark.risk"),
    ),
    summary=(
        "A watermark multiplies the effective sample size by $1 + \\chi^2(Q_1 \\| \\alpha Q_1 + (1 - \\alpha) Q_0)$, between 1 "
        "and the $1/\\alpha$ of labels; the linear estimate with one share per mark attains it."
    ),
)
