r"""The second-moment identity behind most of the literature, and the two folds that closed forms are made of.

A natural exponential family in its mean parameter $\tau$ with quadratic variance function
$V(\tau) = v_0 + v_1 \tau + v_2 \tau^2$, and an estimator $\tau_t = \tau_{t-1} + a_t (\bar x_t - \tau_{t-1})$ on $n_t$
fresh draws, give with $e_t = a_t^2 / n_t$ exactly

$$E\,V(\tau_t) = V(\tau_0) \prod_{k \le t} (1 + v_2 e_k), \qquad
  E (\tau_t - \tau_0)^2 = \frac{V(\tau_0)}{v_2} \Bigl[\prod_{k \le t} (1 + v_2 e_k) - 1\Bigr].$$

Derived; it follows from $E[V(\tau_t) \mid \tau_{t-1}] = (1 + v_2 e_t) V(\tau_{t-1})$.

Closed forms are plain arithmetic in their arguments: a generation `t` is a whole number (t = 1 is the fit on real data)
or a SymPy symbol; everything else may be a float, a NumPy or JAX array, an Arb ball or a SymPy expression, and comes
back as the same kind of number. So a formula that is simulated is the formula that is proved.
"""

import operator
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from collapse_jax.laws.domain import Integers, NonNegative, domain
from collapse_jax.laws.special import pi, sin, sqrt

__all__ = [
    "Steps",
    "accumulate_steps",
    "f_law",
    "harmonic2",
    "one_fit",
    "product",
    "product_limit",
    "qvf_error",
    "replace_steps",
    "times",
    "total",
]

Steps = Callable[[Any], Any]


def total(t: Any, term: Steps) -> Any:
    r"""$\sum_{k=1}^{t} f(k)$, `term` being f: a number for a whole number t, a `sympy.Sum` for a symbol.

    **Raises**: ValueError for any other t.

    >>> total(4, lambda k: k)
    10
    """
    if _is_symbolic(t):
        index = _index(t)
        return _sympy().Sum(term(index), (index, 1, t))
    return sum(map(term, _counted(t)))


def times(t: Any, factor: Steps) -> Any:
    r"""$\prod_{k=1}^{t} f(k)$, `factor` being f: a number for a whole number t, for a symbol a `sympy.Product`, or a
    power where the factor is the same for all k.

    **Raises**: ValueError for any other t.

    >>> times(4, lambda k: k)
    24
    """
    if _is_symbolic(t):
        index = _index(t)
        each = _sympy().sympify(factor(index))
        return _sympy().Product(each, (index, 1, t)) if each.has(index) else each**t
    value = 1
    for k in _counted(t):
        value = value * factor(k)
    return value


def _is_symbolic(t: Any) -> bool:
    return _is_exact(t) and not t.is_number


def _sympy() -> Any:
    import sympy  # optional, and slow to import: only who asks with a symbol pays for it

    return sympy


def _index(t: Any) -> Any:
    """A summation index that does not occur in the bound."""
    return _sympy().Dummy("k", integer=True, positive=True)


def _counted(t: Any) -> Iterable[Any]:
    """1, .., t; of SymPy's own numbers for one of them, whose quotients are exact."""
    numbers = range(1, _whole(t) + 1)
    return map(_sympy().Integer, numbers) if _is_exact(t) else numbers


def _is_exact(t: Any) -> bool:
    return type(t).__module__.partition(".")[0] == "sympy"


def _whole(t: Any) -> int:
    exact = _is_exact(t) and t.is_integer
    try:
        number = int(t) if exact else operator.index(t)
    except TypeError:
        raise ValueError(f"t={t!r} is not a generation; use a whole number or a SymPy symbol") from None
    if number < 0:
        raise ValueError(f"t={t!r} is before the first fit; use a whole number >= 0, where 0 is the truth")
    return number


@domain(n=Integers(1))
def replace_steps(n: Any) -> Steps:
    r"""$e_t = 1/n_t$; `n` a number or a schedule $n_1, n_2, \ldots$, which asks for whole numbers t."""
    return lambda t: 1 / (n[t - 1] if isinstance(n, Sequence) else n)


@domain(n=Integers(1))
def accumulate_steps(n: Any) -> Steps:
    r"""$e_t = n_t / N_t^2$ with $N_t = n_1 + \cdots + n_t$; for constant n this is $1/(n t^2)$."""
    if isinstance(n, Sequence):
        return lambda t: n[t - 1] / sum(n[:t]) ** 2
    return lambda t: 1 / (n * t**2)


def product(t: Any, steps: Steps, v2: Any) -> Any:
    r"""$\prod_{k \le t} (1 + v_2 e_k)$.

    >>> product(2, replace_steps(10), -1)
    0.81
    """
    return times(t, lambda k: 1 + v2 * steps(k))


@domain(n=Integers(1))
def product_limit(n: Any) -> Any:
    r"""$\prod_{k \ge 1} \bigl(1 - \frac{1}{n k^2}\bigr) = \frac{\sin(\pi / \sqrt n)}{\pi / \sqrt n}$.

    What `product` tends to under accumulation with $v_2 = -1$.

    >>> round(product_limit(4), 6)
    0.63662
    """
    x = pi(n) / sqrt(n)
    return sin(x) / x


@domain(v=NonNegative)
def qvf_error(t: Any, steps: Steps, v2: Any, v: Any) -> Any:
    r"""$E (\tau_t - \tau_0)^2$ from $V(\tau_0) = v$; for $v_2 = 0$ the limit $v \sum e_k$.

    >>> qvf_error(3, accumulate_steps(1), 0, 36)
    49.0
    """
    if v2 == 0:
        return v * total(t, steps)
    return v * (product(t, steps, v2) - 1) / v2


@domain(t=Integers(0))
def harmonic2(t: Any) -> Any:
    r"""$H_t^{(2)} = \sum_{k \le t} k^{-2}$, rising to $\pi^2/6$."""
    return total(t, lambda k: 1 / k**2)


@domain("T >= d + 2", d=Integers(1), T=Integers(1), sigma2=NonNegative)
def one_fit(d: Any, T: Any, sigma2: Any) -> Any:
    r"""$\sigma^2 d / (T - d - 1)$, the excess risk of one least-squares fit on T rows; finite for T >= d + 2."""
    return sigma2 * d / (T - d - 1)


@domain("T >= d", d=Integers(1), T=Integers(1))
def f_law(x: Any, d: int, T: int) -> Any:
    r"""CDF of $\frac{\nu}{\sigma^2 d\, c} \|w - w^*\|_\Sigma^2$ for a design of T rows: $F(d, \nu)$, $\nu = T - d + 1$.

    c is the sum of the squared weights of the noises in w: 1 for one fit (derived).
    """
    from scipy.special import fdtr

    return fdtr(d, T - d + 1, x)
