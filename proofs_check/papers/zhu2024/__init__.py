"""Corpora that are edited token by token, and denoisers trained on what they made (Zhu et al. 2024)."""

from proofs_check.paper import Erratum, Paper

PAPER = Paper(
    key="zhu2024",
    title="How to Synthesize Text Data without Model Collapse?",
    authors=(
        "Zhu, Xuekai",
        "Cheng, Daixuan",
        "Li, Hengli",
        "Zhang, Kaiyan",
        "Hua, Ermo",
        "Lv, Xingtai",
        "Ding, Ning",
        "Lin, Zhouhan",
        "Zheng, Zilong",
        "Zhou, Bowen",
    ),
    year=2024,
    arxiv="2412.14689",
    errata=(
        Erratum(
            where="Theorem 1",
            printed="$\\hat w_{n+1} = w^* + (X'X)^{-1} X' (E_1 + \\sum_{i \\le n} M_i E_{i+1})$",
            holds=(
                "of labels that are replaced, as the protocol says, an edited row loses its earlier noise and inherits the "
                "error of the model: $e_{n+1} = (1 - M_n) e_n + M_n (H e_n + E_{n+1})$ for $E_1 + \\sum_i M_i E_{i+1}$"
            ),
            claim="zhu2024.toedit_thm1",
            corrected="zhu2024.toedit_thm1.corrected",
        ),
        Erratum(
            where="Theorem 2, first bound",
            printed="$E_{\\mathrm{test}}(\\hat w_{n+1}) \\le 2\\, \\sigma^2 d / (T - d - 1)$ for all n",
            holds=(
                "with every row edited the error is $(n + 1)\\, \\sigma^2 d / (T - d - 1)$; granting Theorem 1 it is $1 + \\sum_i "
                "\\operatorname{tr} M_i / T$ times that of one fit, below 2 if and only if $\\sum_i \\operatorname{tr} M_i \\le T$"
            ),
            claim="zhu2024.toedit_thm2",
            corrected="zhu2024.toedit_thm2.corrected",
            consequence="conclusion",
        ),
    ),
    venue="ICML 2025",
    aliases=("ToEdit", "token editing"),
    topics=("language model", "token editing", "categorical", "autoencoder"),
    read=(
        "Of the paper, its theorems on linear regression were read; the law of a corpus of tokens is derived for this "
        "project, with tokens chosen at random in place of the paper's rule (those of probability .99 or more). What is said of "
        "linear denoising autoencoders, which are not its subject but that of works it builds on, is recalled; the map is derived."
    ),
    relates=(
        ("zhu2024.toedit_discrete.schedule", "uses", "zhu2024.toedit_discrete"),
        ("zhu2024.toedit_thm1", "implies", "zhu2024.toedit_thm1.risk"),
        ("zhu2024.toedit_thm1.one_edit", "special case of", "zhu2024.toedit_thm1.corrected"),
        ("zhu2024.toedit_thm1.one_edit", "corrects", "zhu2024.toedit_thm1.risk"),
        ("zhu2024.toedit_thm2.granted", "uses", "zhu2024.toedit_thm1"),
    ),
    summary=(
        "Editing a share of the tokens in place slows the loss of diversity by the factor "
        "$\\rho (2 - \\rho)$ and does not stop it; it stops short of collapse if the rates have a finite sum. A linear denoiser "
        "loses each direction first linearly, then doubly exponentially, unless real data come back."
    ),
)
