"""Quadratic variance functions: one step from two moments of a sample mean, then every t and any schedule of steps."""

from fractions import Fraction
from pathlib import Path

from collapse_jax.laws import identities
from collapse_jax.laws.domain import Integers, Positive, domain
from proofs_check.proofs import Coq, Identity, Induction, moments, proves

_COQ = Path(__file__).parent / "coq"
_REPLACE, _ACCUMULATE = identities.replace_steps, identities.accumulate_steps


def _step(error, e, v2, v):
    """E of the squared error after a step: the errors of a martingale add, and $E V = v + v_2 \\times$ the error."""
    return error + e * (v + v2 * error)


def _product(steps, other, variance, v2):
    """A proof for one family and workflow, from the claim's own mutants; `variance`: parameters -> V(tau_0)."""

    def stated(t, n, v, steps=steps, v2=v2):
        return identities.qvf_error(t, steps(n), v2, v)

    return Induction(
        stated=stated,
        at=lambda generations, n, **own: {"n": n, "v": variance(*own.values())},
        mutants={
            "n + 1 for n": lambda t, n, v: stated(t, n + 1, v),
            "the other workflow": lambda t, n, v: stated(t, n, v, other),
            "v2 off by one": lambda t, n, v: stated(t, n, v, steps, v2 - 1),
        },
        over=domain(n=Integers(2), v=Positive),
        step=lambda t, error, n, v: _step(error, steps(n)(t + 1), v2, v),
        base=lambda n, v: v / n,
    )


@proves("common.qvf_product.bernoulli_replace")
def bernoulli_replace():
    return _product(_REPLACE, _ACCUMULATE, lambda p: p * (1 - p), -1)


@proves("common.qvf_product.bernoulli_accumulate")
def bernoulli_accumulate():
    return _product(_ACCUMULATE, _REPLACE, lambda p: p * (1 - p), -1)


@proves("common.qvf_product.poisson_replace")
def poisson_replace():
    return _product(_REPLACE, _ACCUMULATE, lambda rate: rate, 0)


@proves("common.qvf_product.poisson_accumulate")
def poisson_accumulate():
    return _product(_ACCUMULATE, _REPLACE, lambda rate: rate, 0)


@proves("common.qvf_product.exponential_replace")
def exponential_replace():
    return _product(_REPLACE, _ACCUMULATE, lambda mean: mean**2, 1)


@proves("common.qvf_product.exponential_accumulate")
def exponential_accumulate():
    return _product(_ACCUMULATE, _REPLACE, lambda mean: mean**2, 1)


@proves("common.replace_t2_equals_accumulate")
def replace_t2_equals_accumulate():
    """The schedule n t^2 has the steps of accumulation, whatever v and v2 are; here for coins."""
    return Induction(
        stated=lambda t, n, v: identities.qvf_error(t, _ACCUMULATE(n), -1, v),
        at=lambda p, n, generations: {"n": n, "v": p * (1 - p)},
        mutants={
            "n_t = n t": lambda t, n, v: identities.qvf_error(t, lambda k: 1 / (n * k), -1, v),
            "constant n": lambda t, n, v: identities.qvf_error(t, _REPLACE(n), -1, v),
        },
        over=domain(n=Integers(2), v=Positive),
        step=lambda t, error, n, v: _step(error, _REPLACE(n * (t + 1) ** 2)(t + 1), -1, v),
        base=lambda n, v: v / n,
    )


@proves("common.second_moment_conservation")
def second_moment_conservation():
    """$M' = [t (v + \\mu^2) + B]/(t + 1)$, B the mean square of n new points, whose expectation is $v + \\mu^2$."""
    import sympy

    B = sympy.Symbol("B")

    def refitted(stated, n, m, t):
        pooled = moments((t * m + B) / (t + 1), {B: [1, m]})
        return pooled - m * stated(t, n)

    return Identity(
        stated=lambda t, n: 1,
        at=lambda n, generations: {"n": n},
        mutants={"unbiased variance, 1 + 1/n": lambda t, n: 1 + 1 / n},
        over=domain(n=Integers(2), m=Positive, t=Integers(1)),
        residual=refitted,
    )


def _product_formally(steps, other, variance, v2, file):
    """The same for every v2 but 0; `errors` is the recursion, in Coq."""

    def stated(t, n, v2, v, steps=steps):
        return identities.qvf_error(t, steps(n), v2, v)

    return Coq(
        stated=lambda t, n, v2, v: stated(t, n, v2, v),
        at=lambda generations, n, **own: {"n": n, "v2": v2, "v": variance(*own.values())},
        mutants={
            "n + 1 for n": lambda t, n, v2, v: stated(t, n + 1, v2, v),
            "the other workflow": lambda t, n, v2, v: stated(t, n, v2, v, other),
            "v2 off by one": lambda t, n, v2, v: stated(t, n, v2 - 1, v),
        },
        file=_COQ / file,
        theorem="product",
        statement="forall t n v2 v, n <> 0 -> v2 <> 0 -> errors t n v2 v = qvf_error t n v2 v",
        definition="qvf_error",
        values=((2, 5, 3, Fraction(1, 4)), (3, 4, 2, 1)),
    )


@proves("common.qvf_product.bernoulli_replace")
def bernoulli_replace_formally():
    return _product_formally(_REPLACE, _ACCUMULATE, lambda p: p * (1 - p), -1, "replace.v")


@proves("common.qvf_product.exponential_replace")
def exponential_replace_formally():
    return _product_formally(_REPLACE, _ACCUMULATE, lambda mean: mean**2, 1, "replace.v")


@proves("common.qvf_product.bernoulli_accumulate")
def bernoulli_accumulate_formally():
    return _product_formally(_ACCUMULATE, _REPLACE, lambda p: p * (1 - p), -1, "accumulate.v")


@proves("common.qvf_product.exponential_accumulate")
def exponential_accumulate_formally():
    return _product_formally(_ACCUMULATE, _REPLACE, lambda mean: mean**2, 1, "accumulate.v")
