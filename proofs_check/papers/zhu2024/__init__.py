"""Corpora that are edited token by token, and denoisers trained on what they made (Zhu et al. 2024)."""

from proofs_check.paper import Paper

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
    venue="ICML 2025",
    aliases=("ToEdit", "token editing"),
    topics=("language model", "token editing", "categorical", "autoencoder"),
    read=(
        "Of the paper, its theorems on linear regression were read; the law of a corpus of tokens is derived for this "
        "project, with tokens chosen at random in place of the paper's rule (those of probability .99 or more). What is said of "
        "linear denoising autoencoders, which are not its subject but that of works it builds on, is recalled; the map is derived."
    ),
    summary=(
        "Editing a share of the tokens in place slows the loss of diversity by the factor "
        "$\\rho (2 - \\rho)$ and does not stop it; it stops short of collapse if the rates have a finite sum. A linear denoiser "
        "loses each direction first linearly, then doubly exponentially, unless real data come back."
    ),
)
