"""What the claims about empirical distributions share: one context, p on s symbols, refitted on n draws."""

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Integers, Interval, Probabilities, domain
from proofs_check.claim import require
from proofs_check.curves import quadratic_law

SETTING = domain("max(p) < 1", p=Probabilities, n=Integers(2), N=Integers(1), s=Integers(2), S0=Interval("(0, 1)"))
"""No Dirac mass, which Theorem 1 excludes, and n - 1 > 0, by which its bounds are divided."""


P = (0.5, 0.3, 0.2)


def squared_norm(p):
    return sum(q * q for q in p)


def one_context(p, n):
    return cj.Categorical(p, sampler="index")


def require_collapse(tail, generations):
    """Refuse a run so short that chains which have not collapsed by its end matter."""
    require(tail < 1e-3, f"generations={generations} leave {tail:.2g} of the statement open; use more")


def squares_by_law(workflow, p, generations):
    r"""$E\|p^{(t)}\|_2^2$ from the pedigree of the workflow: the fitted frequencies are a martingale."""
    S0 = squared_norm(p)
    error = quadratic_law(workflow, 1 - S0, -1, generations)
    return lambda t: S0 + error(t)


def probabilities(model):
    return model.p


def l1_from_first():
    return cj.FromFirst(parameter=probabilities, name="l1_from_first")


def figure_law(support=52, S0=0.1):
    r"""A stand-in for the law of the paper's figures: Zipf on the $\tilde s$ symbols of positive probability, by its $S_0$."""
    return tuple(laws.coalescent.zipf(support, S0).tolist())
