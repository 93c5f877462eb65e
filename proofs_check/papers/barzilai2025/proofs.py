"""Errors and steps of means under accumulation, for every t, n and d; constants of the constructions to many digits."""

import math

from collapse_jax.laws import identities
from collapse_jax.laws.domain import Integers, Positive, domain
from proofs_check.papers.barzilai2025 import theory
from proofs_check.proofs import Everywhere, Induction, Root, proves
from proofs_check.proofs.certified import enclose, flint

_ND = domain(n=Integers(1), d=Integers(1))


@proves("barzilai2025.thm4_1.sqrt_d")
def sqrt_d():
    """The pool's mean moves by the noise of n among t n points, independent of what was there."""
    return Induction(
        stated=lambda t, n, d: theory.gaussian_error(t, n, d, 1),
        at=lambda n, d, generations: {"n": n, "d": d},
        mutants={"one fit": lambda t, n, d: d / n, "linear in t": lambda t, n, d: d / n * t},
        over=_ND,
        step=lambda t, error, n, d: error + theory.step(t + 1, n, d, 1),
        base=lambda n, d: d / n,
    )


@proves("barzilai2025.any_n")
def any_n():
    return Induction(
        stated=lambda t, n, v: identities.qvf_error(t, identities.accumulate_steps(n), -1, v),
        at=lambda p, n, generations: {"n": n, "v": p * (1 - p)},
        mutants={"replacement": lambda t, n, v: identities.qvf_error(t, identities.replace_steps(n), -1, v)},
        over=domain(n=Integers(2), v=Positive),
        step=lambda t, error, n, v: error + (v - error) / (n * (t + 1) ** 2),
        base=lambda n, v: v / n,
    )


def _cost():
    return 4 * flint().arb(2).log()


def _kept(weight):
    r"""The chance $\rho$ that a walk with steps Exp(1) - 4 log 2, which goes on with probability `weight`, rises above 0."""
    return lambda rho: rho - weight * (-_cost() * (1 - rho)).exp()


@proves("barzilai2025.thm5_1.rho")
def rho():
    """The other root of 1 - q = e^-cq is q = 0, beyond the interval."""
    return Root(
        stated=lambda t: theory.rho(),
        at=lambda n: {},
        mutants={"never (the sketch)": lambda t: 0.0, "cost 3 log 2": lambda t: theory.rho(3 * math.log(2))},
        function=_kept(1),
        low=0,
        high="0.5",
        within=1e-12,
    )


@proves("barzilai2025.thm5_1.n_alpha")
def n_alpha():
    def edge(r):
        c = _cost()
        return (1 + r / (1 - r) * (1 + c / (1 - c * r))) / 2

    return Root(
        stated=lambda t, n=1: theory.edge_error() / n,
        at=lambda n: {"n": n},
        mutants={"1/2, from (1 - x_max)/2": lambda t, n=1: 0.5 / n},
        function=_kept(1),
        low=0,
        high="0.5",
        within=1e-12,
        then=edge,
    )


@proves("barzilai2025.thm5_1.second_fit")
def second_fit():
    """From two roots: the walk that always goes on, and the one that ends with probability 1/2."""
    half = enclose(_kept(flint().arb("0.5")), 0, "0.5")
    kept = flint().arb("0.8")
    return Root(
        stated=lambda t: theory.second_fit_collapse(),
        at=lambda n: {},
        mutants={"1/5, from alpha = (1 - x_max)/2": lambda t: 0.2, "3/10": lambda t: 0.3},
        function=_kept(1),
        low=0,
        high="0.5",
        within=1e-12,
        then=lambda r: 1 - kept * (1 - r) / (1 - kept * half),
    )


@proves("barzilai2025.thm4_1.sharp_constant")
def sharp_constant():
    r"""All $\delta$ whose quantile z is at most 40 (down to $10^{-349}$): $P(|N| > z) \le 7 e^{-\pi^2 z^2/(6 C^2)}$."""

    def margin(stated, z):
        f = flint()
        exponent = (f.arb.pi() / stated(1)) ** 2 / 6 * z**2
        return f.arb(7).log() - exponent - (z / f.arb(2).sqrt()).erfc().log()

    return Everywhere(
        stated=lambda t: theory.SHARP_CONSTANT,
        at=lambda k: {},
        mutants={
            "pi/sqrt 3 less 1 %": lambda t: 0.99 * theory.SHARP_CONSTANT,
            "sqrt 2, one fit": lambda t: math.sqrt(2),
        },
        margin=margin,
        box={"z": (0, 40)},
    )


def _log_rest(y):
    r"""$-\log(1 - y)/y$ of a ball 0 <= y <= 1/4."""
    f, terms = flint(), 16
    total = f.arb(0)
    for j in reversed(range(terms)):
        total = total * y + f.arb(1) / (j + 1)
    return total + f.arb(0, f.arb("0.25") ** terms)


@proves("barzilai2025.lemF8")
def lemF8():
    r"""Every n >= 3 and $\delta \in [.1, .5]$, x = 1/n: $(1 - \delta x)^{1/x} \ge 1 - \delta$. The other probability is
    $\delta$ at most because of $\log(1 - y) \le -y$."""

    def margin(stated, x, delta):
        if not isinstance(delta, flint().arb) or not isinstance(x, flint().arb):
            raise ValueError("the remainder of the logarithm is bounded for balls only")
        return -(1 - stated(1, delta)).log() - delta * _log_rest(delta * x)

    return Everywhere(
        stated=lambda t, delta: delta,
        at=lambda delta, n: {"delta": delta},
        mutants={"less 10 %": lambda t, delta: 0.9 * delta},
        margin=margin,
        box={"x": (0, "0.33334"), "delta": ("0.1", "0.5")},
    )
