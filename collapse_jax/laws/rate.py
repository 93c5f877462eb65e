r"""The rate at which a law grows or falls: its local exponent, which claims about rates are about.

$f(x) = C x^{a}(1 + O(x^{-b}))$ has $\log(f(c x) / f(x)) / \log c = a + O(x^{-b})$, whatever C is.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from collapse_jax.laws._check import callable_function, numbers, real
from collapse_jax.laws.domain import Positive, domain

__all__ = ["exponent"]


@domain("factor > 1", factor=Positive)
def exponent(law: Callable[[Any], Any], x: Any, factor: float | int = 2) -> Any:
    r"""$\log(f(c x)/f(x)) / \log c$, the slope of a law between x and c x on logarithmic axes.

    **Args**: `law`: f, from numbers like `x` to positive numbers; `x`: where, a number or an array; `factor`: c.

    **Returns**: exponents, of the shape of `x`.

    **Raises**: ValueError where f is not positive, and for a factor that is not above 1.

    >>> round(exponent(lambda T: 3 / T**0.5 + 1 / T, 10_000), 3)
    -0.501
    """
    x, c = numbers(x, "x"), real(factor)
    callable_function(law, "law")
    near, far = (np.vectorize(lambda value: real(law(value)), otypes=[float])(at) for at in (x, c * x))
    if not np.all((near > 0) & (far > 0) & np.isfinite(near + far)):
        raise ValueError("only a law that is positive and finite has an exponent; give the distance from its limit")
    slopes = np.log(far / near) / np.log(c)
    return slopes if slopes.ndim else float(slopes)
