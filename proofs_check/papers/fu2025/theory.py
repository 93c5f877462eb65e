r"""The geometric factor of a loop with a share a of real data (Fu et al. 2025, arXiv 2502.18865); derived, standard.

$\operatorname{TV}(p_{i+1}, a p_0 + (1 - a) p_i) \le \varepsilon$ for every i implies
$\operatorname{TV}(p_i, p_0) \le \varepsilon\,\frac{1 - (1 - a)^i}{a}$.
"""

from typing import Any

from collapse_jax.laws.domain import Integers, Interval, NonNegative, domain


@domain(i=Integers(0), a=Interval("(0, 1]"), eps=NonNegative)
def geometric(i: Any, a: Any, eps: Any) -> Any:
    r"""$\varepsilon\,\frac{1 - (1 - a)^i}{a}$."""
    return eps * (1 - (1 - a) ** i) / a
