"""Replacement for a family that no statistic of fixed size describes."""

import collapse_jax as cj


class ReplaceObservations(cj.Replace):
    r"""`Replace` on the observations themselves, whichever engine is asked for.

    **Args**: `n`: observations per generation, or a schedule of them.
    """

    needs_samples = True
