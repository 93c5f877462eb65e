"""Figures, one module per group."""
