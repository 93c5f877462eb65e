"""Measures (network, net, truth, key) -> number of how far a net is from its truth; `Together` shares one sample."""

from collapse_jax.neural.measures._measure import OfSample, Together
from collapse_jax.neural.measures.images import confidence, frechet, label_entropy, pixel_variance
from collapse_jax.neural.measures.language import (
    distinct_bigrams,
    entropy_per_symbol,
    excess_per_symbol,
    reverse_kl_per_symbol,
    tail_mass,
)
from collapse_jax.neural.measures.likelihood import (
    entropy,
    excess,
    forbidden_mass,
    held_out,
    held_out_loss,
    reverse_kl,
)
from collapse_jax.neural.measures.points import (
    clashes,
    coverage,
    histogram_kl,
    modes_alive,
    on_modes,
    rare_mass,
)

__all__ = [
    "OfSample",
    "Together",
    "clashes",
    "confidence",
    "coverage",
    "distinct_bigrams",
    "entropy",
    "entropy_per_symbol",
    "excess",
    "excess_per_symbol",
    "forbidden_mass",
    "frechet",
    "held_out",
    "held_out_loss",
    "histogram_kl",
    "label_entropy",
    "modes_alive",
    "on_modes",
    "pixel_variance",
    "rare_mass",
    "reverse_kl",
    "reverse_kl_per_symbol",
    "tail_mass",
]
