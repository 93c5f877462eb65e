"""Total collapse of empirical distributions (Seddik et al. 2024)."""

from proofs_check.paper import Erratum, Paper

PAPER = Paper(
    key="seddik2024",
    title="How Bad is Training on Synthetic Data? A Statistical Analysis of Language Model Collapse",
    authors=("Seddik, Mohamed El Amine", "Chen, Suei-Wen", "Hayou, Soufiane", "Youssef, Pierre", "Debbah, Merouane"),
    year=2024,
    arxiv="2404.05090",
    venue="COLM 2024",
    aliases=("how bad is training on synthetic data",),
    topics=("categorical", "language model", "total collapse", "replacement"),
    read="The complete text was read, with its appendices.",
    errata=(
        Erratum(
            where="Theorem 2, equation (9)",
            printed=r"$S_{m+1} = \{\ldots + (1 - \frac1N) S_0 [1 + \alpha - \frac{\alpha}{N} \beta^m]\} / (1 + (1 + \frac1N) \alpha)$",
            holds=(
                r"$+ \frac{\alpha}{N} \beta^m$ in the last bracket; of relative order 1/N, so that it does not show in the "
                "figures (N = 100). The printed limit is right"
            ),
            claim="seddik2024.thm2",
            corrected="seddik2024.thm2.corrected",
        ),
        Erratum(
            where="the remark after Theorem 2, n much larger than N",
            printed=r"$S_{m+1} \approx \frac1N + (2 + \frac1N)^{-1} (1 - \frac1N) (2 - \frac1N) S_0$",
            holds=(
                r"$\frac1N + (1 - \frac1N) S_0 = S_1$: with unlimited synthetic data the model copies its first fit. It "
                "inherits the sign of equation (9); 1 % at N = 100"
            ),
            claim="seddik2024.thm2.large_n",
            corrected="seddik2024.thm2.corrected",
        ),
        Erratum(
            where="Theorem 3 and equation (11), what is concluded from them",
            printed="synthetic data should be exponentially fewer than real data",
            holds=(
                "the bound is true and exceeds what any distance can be at the parameters of the figures (25,000 against "
                r"2). An exact second moment bounds the deviation by $\sqrt{(\tilde s - 1)/(2N)}$ for any amount of synthetic "
                "data, so that the model does not ask for it"
            ),
            claim="seddik2024.thm3",
            corrected="seddik2024.L1dev",
            consequence="conclusion",
        ),
    ),
    relates=(
        ("seddik2024.L2dev", "implies", "seddik2024.L1dev"),
        ("seddik2024.thm3", "implies", "seddik2024.eq11"),
        ("seddik2024.thm2.large_n", "uses", "seddik2024.thm2"),
    ),
    summary=(
        "Theorem 1 holds, with an expected collapse time about twice its lower bound and, for every n computed, at most 1"
        " + 2(n - 1). The transient of Theorem 2 is misprinted: a sign in equation (9), REFUTED as printed, SUPPORTED "
        "when corrected; the printed limit is right. Theorems 3 and 4 are true and VACUOUS at the parameters of the "
        "paper's own figures: 25,000 for a distance of .097 that cannot exceed 2. A bound of .164 follows from an exact "
        'second moment, and with it "exponentially smaller" is not needed.'
    ),
)
