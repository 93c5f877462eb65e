"""Figures, one module per experiment."""
