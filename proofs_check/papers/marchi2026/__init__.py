"""Convergence in the Fisher-Rao distance with enough external data (Marchi et al. 2026)."""

from proofs_check.paper import Paper

PAPER = Paper(
    key="marchi2026",
    title="Preventing Model Collapse: A Fisher-Rao Perspective",
    authors=("Marchi, Matteo", "Silvestre, Daniel", "Gharesifard, Bahman", "Tabuada, Paulo"),
    year=2026,
    arxiv="",
    venue="Manuscript of 2026",
    aliases=("Fisher-Rao perspective",),
    topics=("temperature", "external data", "mean field", "Fisher-Rao"),
    read="The text was read; the number under which it appeared was not recorded.",
    not_covered={
        "marchi2026.prop1": "rates as the alphabet grows, of which the proof gives upper bounds only",
    },
    summary=(
        "The bound of Theorem 1, its floor and its comparison of distances hold; they are sufficient and loose. For four "
        "symbols at T = 1/2 the theorem asks for 64 real draws per synthetic one, where the mean field is stable from 1 on."
    ),
)
