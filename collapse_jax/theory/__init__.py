"""Closed forms and bounds, one module per paper.

Every function is plain arithmetic in its arguments: `t` is a Python integer (a generation, t = 1 being the fit on real
data), everything else may be a float, a NumPy or JAX array, an Arb ball or a SymPy expression, and comes back as the
same kind of number. A formula is written once, here.
"""
