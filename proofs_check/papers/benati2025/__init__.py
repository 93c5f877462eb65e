"""The time at which the first symbol is lost (Benati et al. 2025)."""

from proofs_check.paper import Erratum, Paper

PAPER = Paper(
    key="benati2025",
    title="First-Extinction Law for Resampling Processes",
    authors=("Benati, Matteo", "Londei, Alessandro", "Lanzieri, Denise", "Loreto, Vittorio"),
    year=2025,
    arxiv="2509.20101",
    aliases=("first-extinction law",),
    topics=("categorical", "replacement", "extinction"),
    read="The abstract was read, and a note that quotes the law; the full text was not.",
    errata=(
        Erratum(
            where="the law of the first-extinction time, as quoted in a note",
            printed="$P(T_1 > t) = \\prod_i (1 - e^{-2 n p_i / t})$",
            holds=(
                "the mean of that law is right to leading order, its tail is not: it falls as $t^{-s}$, the chain's as "
                "$e^{-t/n}$; for two symbols its variance is infinite"
            ),
            claim="benati2025.law",
            corrected="benati2025.law.exact",
            consequence="conclusion",
        ),
    ),
    summary=(
        "The mean first-extinction time, a product under an integral, agrees with the exact chain up to a correction of "
        "about $\\frac13 \\log n$ generations. The distribution that goes with it, as quoted, is not that of resampling: "
        "symbols treated as independent give a power law where the chain has an exponential tail."
    ),
)
