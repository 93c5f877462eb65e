"""Figures 1, 4, 9 and 10 of the paper."""
