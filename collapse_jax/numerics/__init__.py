"""Arithmetic under everything else: random numbers, triangles, small linear algebra, quantiles. Knows no model."""
