"""Statements of no paper: the quadratic-variance-function identity and what follows from it, all derived."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="common",
    title="Derived statements that belong to no paper",
    authors=(),
    year=2025,
    arxiv="",
    topics=("exponential family", "second moment", "replacement", "accumulation"),
    read="Derived for this project.",
)
