"""Gaussian models, density estimates and symbols under replacement, accumulation, subsampling (Kazdan et al. 2024)."""

from proofs_check.paper import Erratum, Paper

PAPER = Paper(
    key="kazdan2024",
    title="Collapse or Thrive? Perils and Promises of Synthetic Data in a Self-Generating World",
    authors=(
        "Kazdan, Joshua",
        "Schaeffer, Rylan",
        "Dey, Apratim",
        "Gerstgrasser, Matthias",
        "Rafailov, Rafael",
        "Donoho, David L.",
        "Koyejo, Sanmi",
    ),
    year=2024,
    arxiv="2410.16713",
    venue="ICML 2025",
    aliases=("collapse or thrive",),
    topics=("Gaussian", "kernel density estimate", "linear regression", "replacement", "accumulation", "subsampling"),
    read=(
        "Protocols follow the authors' code (iteration 1 is the fit on real data, covariance with 1/n); the closed forms are "
        "derived. Several statements flip between the 1/n and the unbiased covariance, so both are forms of their own: a "
        "reader of manuscript v3 reports the unbiased one, with which `accumulate_unbiased` holds in place of the sine limit. "
        "The wording of the paper's theorem on density estimates was not read."
    ),
    not_covered={
        "kazdan2024.fine_tuning": "supervised fine-tuning of language models: no closed form",
    },
    errata=(
        Erratum(
            where="code, density panels, blobs",
            printed="the test set is a second call of `make_blobs` without `centers`",
            holds="its centres are new ones, so that the panel shows how far two random mixtures are apart",
            claim="kazdan2024.kde_blobs_as_coded",
            consequence="conclusion",
        ),
        Erratum(
            where="code, determinant panel",
            printed="`np.linalg.det` of the covariance, d = 100, n = 316",
            holds="the determinant falls below the smallest number of 64 bits at about t = 40; its logarithm is linear in t",
            claim="kazdan2024.replace_det_underflow",
            corrected="kazdan2024.replace_log_det",
            consequence="constant",
        ),
        Erratum(
            where="code, panel of fitted densities, d = 1",
            printed="`norm.pdf(x, 0, cov)`",
            holds="SciPy takes a standard deviation there: `norm.pdf(x, 0, cov ** 0.5)`",
            claim="kazdan2024.pdf_panel_as_coded",
            consequence="constant",
        ),
    ),
    relates=(
        ("kazdan2024.accsub", "implies", "kazdan2024.accsub.plateau"),
        ("kazdan2024.accumulate_det", "uses", "kazdan2024.accumulate_frob"),
        ("kazdan2024.kde_nll_one", "special case of", "kazdan2024.kde_nll_between"),
        ("kazdan2024.kde_nll_slope", "uses", "kazdan2024.kde_nll_between"),
        ("kazdan2024.kde_nll_slope", "uses", "kazdan2024.kde_nll_two"),
    ),
    summary=(
        "Replacement forgets the variance at the rate 1/n, and with it everything else; accumulation keeps a positive share of "
        "it, as does fitting a subsample of what is accumulated. A kernel density estimate of fixed bandwidth spreads without "
        "end under both, as t and as log t; one that narrows as the pool grows does not."
    ),
)
