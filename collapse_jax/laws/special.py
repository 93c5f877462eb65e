"""The few transcendental functions that theorems need, for whatever kind of number they are asked."""

import math
from typing import Any

__all__ = ["chi_mean", "digamma", "erf", "exp", "gamma_upper", "log", "log_gamma", "pi", "sin", "sqrt", "zeta"]


def _call(x: Any, *, plain: str, jax: str, arb: str, sympy: str) -> Any:
    home = type(x).__module__.partition(".")[0]
    if home == "flint":
        return getattr(x, arb)()
    if home == "sympy":
        import sympy as library

        return getattr(library, sympy)(x)
    if home in ("jax", "jaxlib"):
        from jax import numpy
        from jax.scipy import special as library

        return getattr(library if hasattr(library, jax) else numpy, jax)(x)
    if isinstance(x, int | float) and hasattr(math, plain):
        return getattr(math, plain)(x)
    import numpy
    from scipy import special as library

    return getattr(library if hasattr(library, jax) else numpy, jax)(x)


def pi(like: Any) -> Any:
    """The constant, as the kind of number that `like` is: exact for SymPy, a ball for Arb, a float otherwise."""
    homes = _homes(like)
    if "flint" in homes:
        import flint

        return flint.arb.pi()
    if "sympy" in homes:
        import sympy

        return sympy.pi
    return math.pi


def log(x: Any) -> Any:
    return _call(x, plain="log", jax="log", arb="log", sympy="log")


def sqrt(x: Any) -> Any:
    return _call(x, plain="sqrt", jax="sqrt", arb="sqrt", sympy="sqrt")


def sin(x: Any) -> Any:
    return _call(x, plain="sin", jax="sin", arb="sin", sympy="sin")


def exp(x: Any) -> Any:
    return _call(x, plain="exp", jax="exp", arb="exp", sympy="exp")


def erf(x: Any) -> Any:
    return _call(x, plain="erf", jax="erf", arb="erf", sympy="erf")


def log_gamma(x: Any) -> Any:
    return _call(x, plain="lgamma", jax="gammaln", arb="lgamma", sympy="loggamma")


def digamma(x: Any) -> Any:
    return _call(x, plain="digamma", jax="digamma", arb="digamma", sympy="digamma")


def zeta(s: Any, a: Any = 1) -> Any:
    r"""Hurwitz's $\zeta(s, a) = \sum_{k \ge 0} (k + a)^{-s}$, Riemann's at a = 1."""
    homes = _homes(s, a)
    if "flint" in homes:
        return s.zeta(type(s)(a))
    if "sympy" in homes:
        import sympy

        return sympy.zeta(s, a)
    return _jax_or_scipy(homes).zeta(s, a)


def gamma_upper(a: Any, x: Any) -> Any:
    r"""The regularised upper incomplete gamma function $Q(a, x) = \Gamma(a, x) / \Gamma(a)$."""
    homes = _homes(a, x)
    if "flint" in homes:
        import flint

        return flint.arb(x).gamma_upper(flint.arb(a), regularized=1)
    if "sympy" in homes:
        import sympy

        return sympy.uppergamma(a, x) / sympy.gamma(a)
    return _jax_or_scipy(homes).gammaincc(a, x)


def _homes(*values: Any) -> set[str]:
    """The libraries that the kinds of these numbers come from."""
    return {type(value).__module__.partition(".")[0] for value in values}


def _jax_or_scipy(homes: set[str]) -> Any:
    if homes & {"jax", "jaxlib"}:
        from jax.scipy import special as library
    else:
        from scipy import special as library
    return library


def chi_mean(nu: Any) -> Any:
    r"""$E \sqrt{\chi^2_\nu} = \sqrt 2\,\Gamma((\nu + 1)/2) / \Gamma(\nu/2)$.

    >>> round(chi_mean(9) / 3, 6)  # c_4(10), the bias of a standard deviation from 10 points
    0.972659
    """
    half = nu * 0.5 if isinstance(nu, int) else nu / 2
    root = sqrt(half * 0 + 2)
    return root * exp(log_gamma(half + (half * 0 + 1) / 2) - log_gamma(half))
