"""Figures of the pathway."""
