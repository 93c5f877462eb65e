"""Figures, one module per figure or pair."""
