"""Times until few bad answers are left, for every strength of the labeler."""

from collapse_jax.laws.special import log
from proofs_check.proofs import Everywhere, proves


@proves("amin2025.surrogate.generations")
def generations():
    r"""Every rate $b = \beta (1 - \gamma)$ from .001 to .999, and every $\epsilon$, whose logarithm is a factor of both
    sides: $1/b + 1/\log(1 - b)$."""

    def stated(t, b):
        return t * _ten(t) / b

    return Everywhere(
        stated=stated,
        at=lambda q, beta, gamma: {"b": beta * (1 - gamma)},
        mutants={
            "four percent fewer": lambda t, b: 0.96 * stated(t, b),
            "log(1 / eps) / sqrt(beta)": lambda t, b: t * _ten(t) / (b**0.5 if isinstance(b, float) else b.sqrt()),
        },
        margin=lambda stated, b: stated(1, b) / _ten(1) + 1 / (1 - b).log(),
        box={"b": ("0.001", "0.999")},
    )


def _ten(t):
    return log(10.0 + 0 * t)
