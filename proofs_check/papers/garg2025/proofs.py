r"""Labels mixed anew at every fit: $v_t = w^2 + (1 - w)^2 (1 + v_{t-1})$ and its kin, for every t, n, d and w."""

from collapse_jax.laws.domain import Integers, Interval, Positive, domain
from proofs_check.papers.garg2025 import theory
from proofs_check.proofs import Everywhere, Induction, Root, proves
from proofs_check.proofs.certified import slope

_W = Interval("(0, 1)")
_TALL = domain("n >= d + 2", d=Integers(1), n=Integers(3), sigma2=Positive, w=_W)
_WIDE = domain("d >= n + 2", n=Integers(1), d=Integers(3), r2=Positive, sigma2=Positive, w=_W)


def _mixed(v, w):
    """A real label of noise 1 beside a synthetic one, whose noise of 1 comes on top of its model's error."""
    return w**2 + (1 - w) ** 2 * (1 + v)


def _ols(residual):
    def stated(t, n, d, sigma2, w):
        return theory.ols(t, n, d, sigma2, w)

    return Induction(
        stated=stated,
        at=lambda n, d, sigma2, w, generations: {"n": n, "d": d, "sigma2": sigma2, "w": w},
        mutants=residual,
        over=_TALL,
        step=lambda t, e, n, d, sigma2, w: _mixed(e * (n - d - 1) / (sigma2 * d), w) * sigma2 * d / (n - d - 1),
        base=lambda n, d, sigma2, w: sigma2 * d / (n - d - 1),
    )


@proves("garg2025.ols")
def ols():
    return _ols(
        {
            "weight 1 - w": lambda t, n, d, sigma2, w: theory.ols(t, n, d, sigma2, 1 - w),
            "the limit at every t": lambda t, n, d, sigma2, w: sigma2 * theory.limit(w) * d / (n - d - 1),
        }
    )


@proves("garg2025.fresh_design.ols")
def fresh_ols():
    """A new design has the same mean of tr(X'X)^-1, and its noise is independent of what was there."""
    return _ols(
        {
            "weight 1 - w": lambda t, n, d, sigma2, w: theory.ols(t, n, d, sigma2, 1 - w),
            "n - d for n - d - 1": lambda t, n, d, sigma2, w: theory.ols(t, n, d, sigma2 * (n - d - 1) / (n - d), w),
        }
    )


@proves("garg2025.fixed_labels")
def fixed_labels():
    """The first fit's noise is in every fit with weight w, besides what the last fit carries of it: together 1."""
    return Induction(
        stated=lambda t, n, d, sigma2, w: sigma2 * d / (n - d - 1) * theory.fixed_labels(t, w),
        at=lambda n, d, sigma2, w, generations: {"n": n, "d": d, "sigma2": sigma2, "w": w},
        mutants={
            "fresh labels": lambda t, n, d, sigma2, w: theory.ols(t, n, d, sigma2, w),
            "1 - w for its square": lambda t, n, d, sigma2, w: sigma2 * d / (n - d - 1) * (1 - (1 - w) ** t) / w,
        },
        over=_TALL,
        step=lambda t, e, n, d, sigma2, w: sigma2 * d / (n - d - 1) + (1 - w) ** 2 * e,
        base=lambda n, d, sigma2, w: sigma2 * d / (n - d - 1),
    )


def _wide(n, d, r2, sigma2, w, generations):
    return {"n": n, "d": d, "r2": r2, "sigma2": sigma2, "w": w}


@proves("garg2025.minnorm")
def minnorm():
    """The part of b that the rows do not see stays away; along the others it is least squares."""

    def step(t, e, n, d, r2, sigma2, w):
        bias, noise = r2 * (1 - n / d), sigma2 * n / (d - n - 1)
        return bias + noise * _mixed((e - bias) / noise, w)

    return Induction(
        stated=theory.minnorm,
        at=_wide,
        mutants={
            "weight 1 - w": lambda t, n, d, r2, sigma2, w: theory.minnorm(t, n, d, r2, sigma2, 1 - w),
            "no gain over one real fit": lambda t, n, d, r2, sigma2, w: theory.minnorm(t * 0 + 1, n, d, r2, sigma2, w),
            "d - n for d - n - 1": lambda t, n, d, r2, sigma2, w: theory.minnorm(
                t, n, d, r2, sigma2 * (d - n - 1) / (d - n), w
            ),
        },
        over=_WIDE,
        step=step,
        base=lambda n, d, r2, sigma2, w: r2 * (1 - n / d) + sigma2 * n / (d - n - 1),
    )


@proves("garg2025.fresh_design")
def fresh_design():
    """A random projection of rank n keeps n/d of what it is applied to, in the mean of its square."""

    def step(t, e, n, d, r2, sigma2, w):
        kept = n / d * (1 - w) ** 2 * e
        return r2 * (1 - n / d) + kept + sigma2 * (w**2 + (1 - w) ** 2) * n / (d - n - 1)

    return Induction(
        stated=theory.fresh_minnorm,
        at=_wide,
        mutants={
            "one design": theory.minnorm,
            "the limit at every t": lambda t, n, d, r2, sigma2, w: theory.fresh_limit(n, d, r2, sigma2, w),
        },
        over=_WIDE,
        step=step,
        base=lambda n, d, r2, sigma2, w: r2 * (1 - n / d) + sigma2 * n / (d - n - 1),
    )


@proves("garg2025.ols.weight")
def ols_weight():
    """The only root of the derivative of the limit in [1/10, 19/20], to 12 digits; n and d are not in it."""
    return Root(
        stated=lambda t: theory.golden_ratio(),
        at=dict,
        mutants={
            "1/2": lambda t: 0.5,
            "2/3": lambda t: 2 / 3,
            "4e-6 of it more": lambda t: theory.golden_ratio() * (1 + 4e-6),
        },
        function=slope(theory.limit),
        low="0.1",
        high="0.95",
        within=1e-12,
    )


@proves("garg2025.dynamic.ratio")
def dynamic_ratio():
    """Every k from .1 to 100, to a millionth: the step moves up below the stated value, and down above."""

    def stated(t):
        k = t / 100
        return ((k**2 + 4 * k) ** 0.5 if isinstance(k, float) else (k**2 + 4 * k).sqrt()) / 2 - k / 2

    def moves(v, k):
        return theory.dynamic_step(v, k) - v

    box = {"k": ("0.1", 100)}
    return Everywhere(
        stated=stated,
        at=dict,
        mutants={
            "the golden ratio": lambda t: t * 0 + theory.golden_ratio(),
            "k/(1 + k)": lambda t: t / (100 + t),
            "one step": lambda t: theory.dynamic_step(t * 0 + 1, t / 100),
        },
        margin=lambda stated, k: moves((1 - 1e-6) * stated(100 * k), k),
        box=box,
        pieces=((lambda stated, k: -moves((1 + 1e-6) * stated(100 * k), k), box),),
    )
