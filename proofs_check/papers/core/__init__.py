"""Samplers and limits of the engine's own core: laws of a chain that need no time loop, all derived."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="core",
    title="Derived laws that need no generation-by-generation sampling",
    authors=(),
    year=2025,
    arxiv="",
    topics=("exponential family", "Gaussian", "replacement", "accumulation", "fresh data"),
    read="Derived for this project.",
    summary=(
        "Scale families and the Gaussian variance are products of independent factors under replacement and accumulation, so "
        "that every moment is a product of one-dimensional integrals; fresh real data with a fixed weight bound the error of "
        "every mean with a quadratic variance function."
    ),
)
