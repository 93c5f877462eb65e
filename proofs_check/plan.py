"""How hard to try. Imports neither NumPy nor JAX."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from numbers import Integral, Real
from typing import Any, Literal


def is_real(value: Any) -> bool:
    """Whether a value is one real number; those of NumPy are registered as such."""
    return isinstance(value, Real) and not isinstance(value, bool)


@dataclass(frozen=True)
class Plan:
    """How hard to try.

    **Args**: `alpha`: family-wise error probability of the suite; `resolution`: relative accuracy asked for;
    `max_chains`: most chains per claim; `seed`, `engine`, `sampler`: as in `collapse_jax.Request`; `parameters`: those
    of the claims that are to differ from their defaults; `hasty`: save time where few chains decide: programs for up
    to 262,144 chains are compiled with little optimisation, in a third of the time, and run up to six times slower.

    **Raises**: ValueError for an alpha or resolution outside (0, 1), or no chains.
    """

    alpha: float = 1e-6
    resolution: float = 0.01
    max_chains: int = 1 << 22
    seed: int = 0
    engine: Literal["exact", "literal"] = "exact"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    hasty: bool = False
    sampler: Literal["quantile", "rejection"] = "quantile"

    @property
    def sizes(self) -> Literal["known", "traced"]:
        """In haste sample sizes are arguments of the programs, so that claims that differ in n share one.

        Elsewhere a program knows them: binomial draws can then use tables, and the two samplers differ for them too.
        """
        return "traced" if self.hasty else "known"

    def __post_init__(self):
        if not is_real(self.alpha) or not 0 < self.alpha < 1:
            raise ValueError(f"alpha={self.alpha} is not an error probability; use 0 < alpha < 1")
        if not is_real(self.resolution) or not 0 < self.resolution < 1:
            raise ValueError(f"resolution={self.resolution} is not a relative accuracy; use 0 < resolution < 1")
        if not is_real(self.max_chains) or not isinstance(self.max_chains, Integral) or self.max_chains < 1:
            raise ValueError(f"max_chains={self.max_chains} leaves nothing to simulate; use a whole number >= 1")


QUICK = Plan(resolution=0.05, max_chains=1 << 18, hasty=True)
