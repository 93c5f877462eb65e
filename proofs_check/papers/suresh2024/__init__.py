"""Rates of collapse under replacement (Suresh, Thangaraj and Khandavally 2024)."""

from proofs_check.paper import Erratum, Paper

PAPER = Paper(
    key="suresh2024",
    title="Rate of Model Collapse in Recursive Training",
    authors=("Suresh, Ananda Theertha", "Thangaraj, Andrew", "Khandavally, Aditya Nanda Kishore"),
    year=2024,
    arxiv="2412.17646",
    venue="AISTATS 2025",
    aliases=("rate of model collapse",),
    topics=("categorical", "Gaussian", "mixture", "replacement", "rate"),
    read=(
        "The authors' notebook, in which all theorems are typed and all figures drawn; the text of the paper was not at "
        "hand. An earlier form of Theorem 3 is quoted from a page about the first version."
    ),
    errata=(
        Erratum(
            where="Gaussian figure of the notebook, curve 'Our Upper Bound'",
            printed="the bound of Theorem 3, $\\frac{\\sigma_0}{\\epsilon} e^{-k/(4n-1)}$",
            holds=(
                "what is drawn is Markov's inequality for $\\sigma_k^{0.7}$, with the exponent written into the code; it is "
                "about half of Theorem 3, which lies above the curve that it is compared with"
            ),
            claim="suresh2024.thm3.figure",
            corrected="suresh2024.thm3.moment",
            consequence="wording",
        ),
    ),
    relates=(("suresh2024.thm3", "implies", "suresh2024.thm3.v1"),),
    summary=(
        "All bounds hold. The lower bound of Theorem 1 is sharp; the upper one rises again and exceeds 1 for a third of "
        "the generations of the paper's own panel (from 33 of 50 on), where an exact value and a bound that never does are given here. $g_k \\le 3/k$ can be "
        "$2/(k+1)$. Theorem 2 is exact, and makes the mean time to collapse infinite. The curve drawn as Theorem 3 is "
        "another bound, about half of it. Theorem 4 says something from generation 93 on, when one chain in 100,000 is left."
    ),
)
