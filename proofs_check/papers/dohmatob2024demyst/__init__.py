"""Regression on labels that earlier regressions gave (Dohmatob, Feng and Kempe 2024)."""

from proofs_check.paper import Erratum, Paper

PAPER = Paper(
    key="dohmatob2024demyst",
    title="Model Collapse Demystified: The Case of Regression",
    authors=("Dohmatob, Elvis", "Feng, Yunzhen", "Kempe, Julia"),
    year=2024,
    arxiv="2402.07712",
    venue="NeurIPS 2024",
    aliases=("demystified", "model collapse demystified"),
    topics=("regression", "ridge", "replacement", "least norm", "scaling laws"),
    read="Sections 4 and 5 and the captions, in a machine conversion of the published text; a list of cases in Theorem 4.3 is illegible there.",
    not_covered={
        "dohmatob2024demyst.networks": (
            "kernel ridge on MNIST and two-layer networks (figures 4 to 6) are experiments without a closed form; "
            "figures 4 and 5 are drawn after them on the digits of scikit-learn, without the networks"
        ),
        "dohmatob2024demyst.growing_rows": (
            "that $T_m = (m \\log^2 m) T_0$ rows keep the sum bounded is a remark on the sum of Theorem 4.1, not tested"
        ),
    },
    errata=(
        Erratum(
            where="Corollary 5.2, the best penalty and the rate it attains",
            printed="$\\lambda_* \\sim T^{-(b - a) \\ell_{crit}}$ and an error of order $T^{-(b - a) c}$, capped only by $\\beta$",
            holds=(
                "$b$ counts no further than 1: with $d/T_0$ fixed and $T_0$ beyond $T$ the term "
                "$\\phi_0$ of Theorem 5.1 rules, and the error is of order $T^{-(\\min(b, 1) - a) c}$"
            ),
            claim="dohmatob2024demyst.cor5_2",
            corrected="dohmatob2024demyst.cor5_2_capped",
            consequence="conclusion",
        ),
        Erratum(
            where="the sentence after Corollary 5.2 on the penalty that is best for clean data",
            printed="the error diverges if $b \\ge a + 1 - c$",
            holds="it diverges if $b < a + 1 - c$, as the exponent $-(c + b - a - 1)$ printed beside it says",
            claim="dohmatob2024demyst.cor5_2_divergence",
            corrected="dohmatob2024demyst.cor5_2_clean_penalty",
            consequence="conclusion",
        ),
        Erratum(
            where="Equation 1",
            printed="$n \\sigma_0 \\rho$",
            holds="$n \\sigma_0^2 \\rho$, as in Theorem 4.3 and Corollary 4.4",
            claim="dohmatob2024demyst.cor4_4",
            corrected="dohmatob2024demyst.cor4_4",
            consequence="wording",
        ),
    ),
    relates=(
        ("dohmatob2024demyst.cor5_2_below", "special case of", "dohmatob2024demyst.cor5_2"),
        ("dohmatob2024demyst.cor5_2_capped", "corrects", "dohmatob2024demyst.cor5_2"),
        ("dohmatob2024demyst.cor5_2_clean_penalty", "corrects", "dohmatob2024demyst.cor5_2_divergence"),
    ),
    summary=(
        "Generators with more rows than features add the same error at each generation, $n \\sigma_0^2 \\rho$; the penalty of "
        "the student shrinks it, and the best one grows with n. With fewer rows than features a reused design freezes the "
        "bias at $1 - 1/\\phi_0$, and fresh ones let it tend to 1 exponentially. The rates of Theorem 5.1 hold; Corollary "
        "5.2 follows from them only with b capped at 1."
    ),
)
