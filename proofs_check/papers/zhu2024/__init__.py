"""Corpora that are edited token by token (Zhu et al. 2024)."""

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
    topics=("language model", "token editing", "categorical"),
    read=(
        "Of the paper, its theorems on linear regression were read; the law of a corpus of tokens is derived for this "
        "project, with tokens chosen at random in place of the paper's rule (those of probability .99 or more)."
    ),
    summary=(
        "Editing a share of the tokens in place slows the loss of diversity by the factor "
        "$\\rho (2 - \\rho)$ and does not stop it; it stops short of collapse if the rates have a finite sum."
    ),
)
