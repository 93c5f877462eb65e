"""Classifiers fitted to real and verified synthetic data (El Firdoussi et al. 2024)."""

from proofs_check.paper import Erratum, Paper

PAPER = Paper(
    key="elfirdoussi2024",
    title="Maximizing the Potential of Synthetic Data: Insights from Random Matrix Theory",
    authors=(
        "El Firdoussi, Aymane",
        "Seddik, Mohamed El Amine",
        "Hayou, Soufiane",
        "Alami, Reda",
        "Alzubaidi, Ahmed",
        "Hacid, Hakim",
    ),
    year=2024,
    arxiv="2410.08942",
    venue="ICLR 2025",
    aliases=("random matrix theory", "verified labels", "synthetic labels"),
    topics=("verification", "classification", "ridge", "phase transition"),
    read=(
        "The authors' code (rmt_results.py and the scripts of Figures 1 to 4), not the text: the forms as coded are tested "
        "as such, the corrected ones are derived."
    ),
    errata=(
        Erratum(
            where="authors' code, `Delta`",
            printed=r"$\delta_s = \frac{\alpha}{N} \operatorname{tr} C \bar Q$",
            holds=(
                r"$\delta_s = \frac1N \operatorname{tr} C \bar Q$: a bit q has $q^2 = q$, so that "
                r"$E[q\,x x' / (1 + q\,x'Qx/N)] = \alpha\,C / (1 + \operatorname{tr}(CQ)/N)$. The two agree where nothing is "
                r"left out ($\alpha = 1$), and nearly so at $\gamma = 1$, where the figures are drawn."
            ),
            claim="elfirdoussi2024.general_as_coded.square",
            corrected="elfirdoussi2024.general.square",
        ),
        Erratum(
            where="authors' code, `Delta_bars` and `test_expectation_2_toy`",
            printed=r"$\delta_s = \alpha \delta / (1 + \bar\delta)$, and $b_1 = b_2$",
            holds=(
                r"$\delta_s = \delta / (1 + \bar\delta)$, and $b_2$ has the trace of $C \bar Q C \bar Q$ where $b_1$ has that of "
                r"$\bar Q C \bar Q$"
            ),
            claim="elfirdoussi2024.toy.as_coded",
            corrected="elfirdoussi2024.toy.square",
        ),
        Erratum(
            where="authors' code, synthetic data only",
            printed=r"$\delta$ solves its equation with $\alpha\,p/m$",
            holds=r"with $p/m$",
            claim="elfirdoussi2024.synth.as_coded",
            corrected="elfirdoussi2024.synth.square",
        ),
        Erratum(
            where="authors' code, `test_accuracy`",
            printed=r"$\Phi(|m| / \sqrt{\nu - m^2})$, mirrored by hand where $\varepsilon > \varepsilon^*$",
            holds=r"$\Phi(m / \sqrt{\nu - m^2})$, which is below 1/2 there",
            claim="elfirdoussi2024.phase.folded",
            corrected="elfirdoussi2024.phase.beyond",
            consequence="wording",
        ),
    ),
    summary=(
        "A verifier makes synthetic labels useful as long as more right than wrong ones are kept, $\\lambda > 0$: accuracy "
        "crosses 1/2 exactly at $\\varepsilon^* = 1/(1 + \\rho/\\phi)$, smoothly in any finite proportion p/m. How good the "
        "classifier is depends on the share $\\alpha$ that is kept by a fixed point which the code has with one $\\alpha$ too many."
    ),
)
