"""Figures by number: regressions on Gaussian rows, kernels and random features on digits."""
