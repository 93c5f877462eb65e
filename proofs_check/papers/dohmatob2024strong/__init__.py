"""Synthetic data beside real ones (Dohmatob, Feng, Subramonian and Kempe 2024)."""

from proofs_check.paper import Paper

PAPER = Paper(key="dohmatob2024strong", title="Strong Model Collapse", authors=("Dohmatob, Elvis",), year=2024, arxiv="2410.04840")
