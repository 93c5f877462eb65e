"""Rates of collapse over whole ranges: every k for the coin, every n for the Gaussian."""

import functools
import itertools

from collapse_jax.laws.domain import Integers, Positive, domain
from collapse_jax.laws.special import exp, log
from proofs_check.papers.suresh2024 import theory
from proofs_check.proofs import Everywhere, Induction, proves
from proofs_check.proofs.certified import ball, exp_rest

_LAST = 1000
"""Up to here the recursion is followed in balls; beyond, its step keeps the bounds, as 1 - e^-x rises with x."""


@functools.cache
def _g():
    """g_1, g_2, .. in balls."""
    steps = itertools.accumulate(range(_LAST), lambda value, _: 1 - (-value).exp(), initial=ball(1))
    return list(steps)


def _at(k):
    return _g()[int(float(k.mid())) - 1]


_LATER = {"x": (0, "0.001")}


@proves("suresh2024.gk")
def gk():
    """Every k. Beyond the 1,000th, x = 1/k: 3x/(1 + x) - 1 + e^-3x and 1 - e^-x - x/(1 + x), over x^2."""
    every = {"k": (1, _LAST)}
    return Everywhere(
        stated=theory.g_bounds,
        at=lambda k: {},
        mutants={
            "1.99/k above": lambda k: (1 / k, 1.99 / k),
            "1.01/k below": lambda k: (1.01 / k, 3 / k),
        },
        margin=lambda stated, k: stated(k)[1] - _at(k),
        box=every,
        pieces=((lambda stated, k: _at(k) - stated(k)[0], every),),
        lemmas=(
            (lambda _, x: 9 * exp_rest(-3 * x, 2) - 3 / (1 + x), _LATER),
            (lambda _, x: 1 / (1 + x) - exp_rest(-x, 2), _LATER),
        ),
        whole=("k",),
    )


@proves("suresh2024.gk.upper")
def gk_upper():
    """Every k. The step keeps the bound for every k >= 2: y = 2/(k + 1), 2y/(2 + y) - 1 + e^-y, over y^3."""
    return Everywhere(
        stated=theory.g_upper,
        at=lambda k: {},
        mutants={"1.99/(k + 1)": lambda k: 1.99 / (k + 1), "2/(k + 1.001)": lambda k: 2 / (k + 1.001)},
        margin=lambda stated, k: stated(k) - _at(k),
        box={"k": (1, 2)},
        lemmas=((lambda _, y: 1 / (2 * (2 + y)) - exp_rest(-y, 3), {"y": (0, "0.6667")}),),
        whole=("k",),
    )


@proves("suresh2024.thm3.compared")
def thm3_compared():
    r"""Every n; both sides are powers k, so that k = 1 decides. Beyond 300 by $\log c_4 < -\frac{1}{4 \nu} +
    \frac{1}{24 \nu^3}$, $\nu = n - 1$, from $\log \frac{\Gamma(x + 1/2)}{\Gamma(x) \sqrt x} = -\frac12 \int_0^\infty
    \tanh(\frac u4) e^{-x u} \frac{du}{u}$; over 1/n^2, with y = 1/n."""

    def later(_, y):
        return 3 / (4 * (1 - y) * (4 - y)) - y / (24 * (1 - y) ** 3)

    def margin(stated, n):
        return log(stated(n, 1, 1)) - log(theory.first_moment_tail(1, n, 1))

    return Everywhere(
        stated=lambda n, k, ratio: theory.gaussian_tail(k, n, ratio),
        at=lambda n, k, ratio: {"k": k, "ratio": ratio},
        mutants={
            "4 n - 4": lambda n, k, ratio: ratio * exp(-k / (4 * n - 4)),
            "4 n - 5": lambda n, k, ratio: ratio * exp(-k / (4 * n - 5)),
        },
        margin=margin,
        box={"n": (2, 300)},
        lemmas=((later, {"y": (0, "0.0034")}),),
        whole=("n",),
    )


@proves("suresh2024.thm2.variance")
def thm2_variance():
    """A rate moves by that of n draws whose variance is the rate, which is a martingale."""
    return Induction(
        stated=lambda t, n, rate: theory.poisson_variance(t, n, rate),
        at=lambda n, rate, generations: {"n": n, "rate": rate},
        mutants={
            "n + 2 for n": lambda t, n, rate: theory.poisson_variance(t, n + 2, rate),
            "one generation late": lambda t, n, rate: theory.poisson_variance(t - 1, n, rate),
        },
        over=domain(n=Integers(1), rate=Positive),
        step=lambda t, variance, n, rate: variance + rate / n,
        base=lambda n, rate: rate / n,
    )
