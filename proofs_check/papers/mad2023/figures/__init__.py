"""Figures 10, 11, 12, 30 and 31 of the paper, for the Gaussian."""
