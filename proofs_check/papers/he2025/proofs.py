"""Real and synthetic data with a weight, for every t, n, m and w; the optimal weight for every ratio."""

from fractions import Fraction

from collapse_jax.laws.domain import Integers, Interval, Positive, domain
from proofs_check.papers.he2025 import theory
from proofs_check.proofs import Everywhere, Identity, Induction, Inequality, proves
from proofs_check.proofs.certified import ball, slope

_OVER = domain(n=Integers(1), m=Integers(2), w=Interval("(0, 1)"))


@proves("he2025.mean_limit")
def mean_limit():
    """V' = w^2/n + (1 - w)^2 (V + 1/m): n real data of weight w, m draws from the last fit."""
    return Induction(
        stated=theory.mean_error,
        at=lambda n, m, w, generations: {"n": n, "m": m, "w": w},
        mutants={
            "weight 1/2": lambda t, n, m, w: theory.mean_error(t, n, m, (w * 0 + 1) / 2),
            "no gain over one real fit": lambda t, n, m, w: 1 / n,
            "limit without the synthetic noise": lambda t, n, m, w: w / (2 - w) / n,
        },
        over=_OVER,
        step=lambda t, error, n, m, w: w**2 / n + (1 - w) ** 2 * (error + 1 / m),
        base=lambda n, m, w: 1 / n,
    )


@proves("he2025.cdf")
def cdf():
    """As for coins, whose variance is short of F (1 - F) by the error."""
    return Induction(
        stated=theory.cdf_error,
        at=lambda F, n, m, w, generations: {"n": n, "m": m, "w": w, "F": F},
        mutants={
            "weight 1/2": lambda t, n, m, w, F: theory.cdf_error(t, n, m, (w * 0 + 1) / 2, F),
            "one real sample": lambda t, n, m, w, F: F * (1 - F) / n,
        },
        over=domain(n=Integers(1), m=Integers(2), w=Interval("(0, 1)"), F=Interval("(0, 1)")),
        step=lambda t, e, n, m, w, F: w**2 * F * (1 - F) / n + (1 - w) ** 2 * (e + (F * (1 - F) - e) / m),
        base=lambda n, m, w, F: F * (1 - F) / n,
    )


@proves("he2025.naive_floor")
def naive_floor():
    """(1 + k)/(2 + k) - 1/2 = k/(2 (2 + k)); t is m."""
    return Inequality(
        stated=lambda t: Fraction(1, 2),
        at=lambda n: {},
        mutants={"0.51": lambda t: Fraction(51, 100), "2/3": lambda t: Fraction(2, 3)},
        over=domain(n=Integers(1), t=Integers(1)),
        residual=lambda stated, n, t: theory.naive_factor(n / t) - stated(t),
    )


def _simple_roots(expression):
    """Square roots of squares drawn."""
    import sympy

    return expression.replace(
        lambda e: e.is_Pow and e.exp == sympy.Rational(1, 2), lambda e: sympy.sqrt(sympy.factor(e.base))
    )


def _ratio(s):
    """k at which the best weight is 1/(1 + s): every k > 0 is one of these."""
    return 1 / (s * (1 + s))


_S = domain(s=Positive)


@proves("he2025.wstar")
def wstar():
    """The derivative of C vanishes there for every k > 0; C tends to infinity at w = 0, and falls until then."""
    import sympy

    def slope(stated, s):
        w, k = sympy.Symbol("w", positive=True), _ratio(s)
        best = _simple_roots(sympy.sympify(stated(100 * k)))
        return sympy.together(theory.factor(w, k).diff(w).subs(w, best))

    return Identity(
        stated=lambda t: theory.optimal_weight(t / 100),
        at=dict,
        mutants={
            "pooling": lambda t: t / (100 + t),
            "1/2": lambda t: Fraction(1, 2),
        },
        over=_S,
        residual=slope,
    )


@proves("he2025.wstar")
def wstar_in_balls():
    r"""Every k from .01 to 100, to half of $10^{-6}$: $\partial C/\partial w$ has the sign of $w^2 + k w - k$."""

    def sign(w, k):
        return w**2 + k * w - k

    box = {"k": ("0.01", 100)}
    return Everywhere(
        stated=lambda t: theory.optimal_weight(t / 100),
        at=dict,
        mutants={
            "pooling": lambda t: t / (100 + t),
            "the golden ratio at every k": lambda t: (t * 0 + 5**0.5 - 1) / 2,
            "1.000001 of it": lambda t: 1.000001 * theory.optimal_weight(t / 100),
        },
        margin=lambda stated, k: sign((1 + _NEAR) * stated(100 * k), k),
        box=box,
        pieces=((lambda stated, k: -sign((1 - _NEAR) * stated(100 * k), k), box),),
    )


_NEAR = 5e-7


@proves("he2025.wstar_value")
def wstar_value():
    def residual(stated, s):
        k = _ratio(s)
        best = _simple_roots(theory.optimal_weight(k))
        return theory.factor(best, k) - _simple_roots(stated(100 * k))

    return Identity(
        stated=lambda t: theory.optimal_weight(t / 100),
        at=dict,
        mutants={
            "pooling": lambda t: theory.naive_factor(t / 100),
            "its square": lambda t: theory.optimal_weight(t / 100) ** 2,
        },
        over=_S,
        residual=residual,
    )


@proves("he2025.naive")
def naive():
    """The fixed point of the step with w = n/(n + m), which contracts by (1 - w)^2."""

    def residual(stated, n, m):
        w, error = n / (n + m), stated(1, n, m)
        return w**2 / n + (1 - w) ** 2 * (error + 1 / m) - error

    return Identity(
        stated=lambda t, n, m: theory.naive_factor(n / m) / n,
        at=lambda n, m, generations: {"n": n, "m": m},
        mutants={
            "n + m real data": lambda t, n, m: 1 / (n + m),
            "unlimited synthetic data": lambda t, n, m: Fraction(1, 2) / n,
        },
        over=domain(n=Integers(1), m=Integers(1)),
        residual=residual,
    )


@proves("he2025.var_limit")
def var_limit():
    r"""Two unbiased variances, with $E v^2 = 1 + L$ for the last model: $2 w^2/(n - 1) + (1 - w)^2 [L + 2 (1 + L)/(m - 1)]$."""
    return Induction(
        stated=theory.variance_error,
        at=lambda n, m, w, generations: {"n": n, "m": m, "w": w},
        mutants={
            "weight 1/2": lambda t, n, m, w: theory.variance_error(t, n, m, (w * 0 + 1) / 2),
            "one real fit": lambda t, n, m, w: 2 / (n - 1),
            "n + 2 for n": lambda t, n, m, w: theory.variance_error(t, n + 2, m + 2, w),
        },
        over=domain(n=Integers(3), m=Integers(3), w=Interval("(0, 1)")),
        step=lambda t, L, n, m, w: 2 * w**2 / (n - 1) + (1 - w) ** 2 * (L + 2 * (1 + L) / (m - 1)),
        base=lambda n, m, w: 2 / (n - 1),
    )


@proves("he2025.var_limit_optimum")
def var_limit_optimum():
    """At n = 20, 100 and 1000: the limit falls 10^-6 before the stated weight and rises 10^-6 after it."""
    stated = {20: 0.628966, 100: 0.620160, 1000: 0.618245}

    def rises(w, n):
        r = (1 - w) ** 2 * (1 + 2 / (n - 1))
        return (w**2 + (1 - w) ** 2) / (1 - r)

    def margin(side):
        def shown(form, n):
            weight = ball(form(int(float(n))))
            return side * slope(lambda w: rises(w, n))(weight + side * ball("0.000001"))

        return shown

    pieces = [(margin(side), {"n": (n, n)}) for n in stated for side in (1, -1)]
    return Everywhere(
        stated=lambda n: stated[n],
        at=dict,
        mutants={"the golden ratio": lambda n: (5**0.5 - 1) / 2, "1e-4 more": lambda n: stated[n] + 1e-4},
        margin=pieces[0][0],
        box=pieces[0][1],
        pieces=tuple(pieces[1:]),
    )


def _averaged(stated, at, mutants, over, unit):
    """A real fit of variance `unit` over n, weighted with a fit on m labels or draws of the last model."""
    return Induction(
        stated=stated,
        at=at,
        mutants=mutants,
        over=over,
        step=lambda t, e, n, m, w, **own: w**2 * unit(**own) / n + (1 - w) ** 2 * (e + unit(**own) / m),
        base=lambda n, m, w, **own: unit(**own) / n,
    )


@proves("he2025.unified")
def unified():
    """The variance of a draw is the rate of its model, whose mean is the true rate."""
    form = theory.mean_error
    return _averaged(
        lambda t, n, m, w, rate: rate * form(t, n, m, w),
        lambda rate, n, m, w, generations: {"n": n, "m": m, "w": w, "rate": rate},
        {
            "m = n": lambda t, n, m, w, rate: rate * form(t, n, n, w),
            "pooling": lambda t, n, m, w, rate: rate * form(t, n, m, n / (n + m)),
            "no gain over one real fit": lambda t, n, m, w, rate: rate / n,
        },
        _OVER & domain(rate=Positive),
        lambda rate: rate,
    )


@proves("he2025.unified.least_squares")
def unified_least_squares():
    """New rows at every fit; n and m stand for the degrees of freedom n - d - 1 and m - d - 1."""
    form = theory.mean_error
    return _averaged(
        lambda t, n, m, w, d, sigma2: sigma2 * d * form(t, n, m, w),
        lambda n, m, d, sigma2, w, generations: {
            "n": n - d - 1,
            "m": m - d - 1,
            "w": w,
            "d": d,
            "sigma2": sigma2,
        },
        {
            "m = n": lambda t, n, m, w, d, sigma2: sigma2 * d * form(t, n, n, w),
            "d/n for d/(n - d - 1)": lambda t, n, m, w, d, sigma2: sigma2 * d * form(t, n + d + 1, m + d + 1, w),
        },
        _OVER & domain(d=Integers(1), sigma2=Positive),
        lambda d, sigma2: d * sigma2,
    )


@proves("he2025.linreg_fixed")
def linreg_fixed():
    """A shared design: both fits have the noise of one, in units of the degrees of freedom n = m."""
    form = theory.mean_error

    def stated(t, n, w, unit):
        return unit * n * form(t, n, n, w)

    return Induction(
        stated=stated,
        at=lambda n, d, sigma2, w, generations: {"n": n, "w": w, "unit": sigma2 * d / (n - d - 1)},
        mutants={
            "pooling": lambda t, n, w, unit: stated(t, n, (w * 0 + 1) / 2, unit),
            "no gain over one real fit": lambda t, n, w, unit: unit,
        },
        over=domain(n=Integers(4), w=Interval("(0, 1)"), unit=Positive),
        step=lambda t, e, n, w, unit: w**2 * unit + (1 - w) ** 2 * (e + unit),
        base=lambda n, w, unit: unit,
    )
