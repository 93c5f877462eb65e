r"""Least squares on labels of earlier models, for every t, d, T and $\sigma^2$.

$c = \sigma^2 d/(T - d - 1)$ is the risk of one fit, $E\,\mathrm{tr}\,G^{-1}$ for a Wishart matrix. On a shared design
the noise of generation i enters fit t with a weight, and the noises are independent, so that squares of weights add.
"""

from fractions import Fraction
from pathlib import Path

from collapse_jax.laws import identities
from collapse_jax.laws.domain import Integers, Positive, domain
from proofs_check.papers.gerstgrasser2024 import theory
from proofs_check.proofs import Coq, Induction, Limit, proves

_COQ = Path(__file__).parent / "coq"

_ROWS = domain("T >= d + 2", d=Integers(1), T=Integers(3), sigma2=Positive)
_fit = identities.one_fit


def _at(d, T, sigma2, generations, **_):
    return {"d": d, "T": T, "sigma2": sigma2}


def _inverse_sum(t, d, T, sigma2):
    return _fit(d, T, sigma2) * identities.total(t, lambda i: 1 / i)


def _recursion(stated, mutants, gain, at=_at):
    """Fit t + 1 adds `gain(t + 1, ...)` to the risk of fit t."""
    return Induction(
        stated=stated,
        at=at,
        mutants=mutants,
        over=_ROWS,
        step=lambda t, risk, d, T, sigma2: risk + gain(t + 1, d, T, sigma2),
        base=lambda d, T, sigma2: _fit(d, T, sigma2),
    )


_REPLACE = {
    "T - d for T - d - 1": lambda t, d, T, sigma2: theory.replace(t, d, T + 1, sigma2),
    "counts synthetic layers, t - 1": lambda t, d, T, sigma2: theory.replace(t - 1, d, T, sigma2),
}


@proves("gerstgrasser2024.replace", "gerstgrasser2024.replace_fresh")
def replace():
    """w' = w + g with g of risk c and independent of w, on either kind of design."""
    return _recursion(theory.replace, _REPLACE, lambda t, d, T, sigma2: _fit(d, T, sigma2))


@proves("gerstgrasser2024.thm2")
def thm2():
    """(t + 1) w' = t w + w + g: all labels so far on one design."""
    return _recursion(
        theory.accumulate,
        {
            "T - d for T - d - 1": lambda t, d, T, sigma2: theory.accumulate(t, d, T + 1, sigma2),
            "1/i for 1/i^2": _inverse_sum,
            "the fresh-design law": theory.accumulate_fresh,
        },
        lambda t, d, T, sigma2: _fit(d, T, sigma2) / t**2,
    )


@proves("gerstgrasser2024.any_cov_accumulate")
def any_cov_accumulate():
    """The risk does not depend on the covariance, as tr(Sigma G^-1) does not."""
    return _recursion(
        theory.accumulate,
        {"T - d for T - d - 1": lambda t, d, T, sigma2: theory.accumulate(t, d, T + 1, sigma2)},
        lambda t, d, T, sigma2: _fit(d, T, sigma2) / t**2,
    )


@proves("gerstgrasser2024.thm2_on_fresh")
def thm2_on_fresh():
    """Refuted at t = 2: fresh designs have another increment."""
    return _recursion(
        theory.accumulate,
        {"linear growth": theory.replace},
        lambda t, d, T, sigma2: sigma2 * d / (t * (t * T - d - 1)),
    )


@proves("gerstgrasser2024.accum_fresh")
def accum_fresh():
    """$w' = w + G_t^{-1} X_t' \\varepsilon$, and $E[X_t'X_t \\mid G_t] = G_t/t$ by exchangeability."""
    return _recursion(
        theory.accumulate_fresh,
        {
            "the shared-design law (Theorem 2)": theory.accumulate,
            "i T - d for i T - d - 1": lambda t, d, T, sigma2: (
                sigma2 * d * identities.total(t, lambda i: 1 / (i * (i * T - d)))
            ),
        },
        lambda t, d, T, sigma2: sigma2 * d / (t * (t * T - d - 1)),
    )


@proves("gerstgrasser2024.replace_multiple")
def replace_multiple():
    return _recursion(
        theory.replace_multiple,
        {"accumulate": theory.accumulate, "the fresh-design law": theory.replace_multiple_fresh},
        lambda t, d, T, sigma2: _fit(d, T, sigma2) / t,
    )


@proves("gerstgrasser2024.replace_multiple_fresh")
def replace_multiple_fresh():
    return _recursion(
        theory.replace_multiple_fresh,
        {"X stacked": theory.replace_multiple, "constant T": theory.replace},
        lambda t, d, T, sigma2: _fit(d, t * T, sigma2),
    )


@proves("gerstgrasser2024.fixed_real_shared")
def fixed_real_shared():
    """$w' = (\\text{real fit} + w + g)/2$, and the real fit keeps its inner product c with w - w*."""

    def stated(t, d, T, sigma2):
        return theory.fixed_real(t, d, T, T, sigma2) * T / (T - d - 1)

    return Induction(
        stated=stated,
        at=_at,
        mutants={
            "accumulate": theory.accumulate,
            "no gain from the second set": lambda t, d, T, sigma2: _fit(d, T, sigma2),
        },
        over=_ROWS,
        step=lambda t, risk, d, T, sigma2: (risk + 4 * _fit(d, T, sigma2)) / 4,
        base=lambda d, T, sigma2: _fit(d, T, sigma2),
    )


@proves("gerstgrasser2024.thm2.bound")
def thm2_bound():
    """The sum rises, and its limit is the ceiling: sum of 1/k^2 = pi^2/6."""
    return Limit(
        stated=lambda t, d, T, sigma2: theory.accumulate_bound(d, T, sigma2),
        at=_at,
        mutants={
            "pi^2/8 for pi^2/6": lambda t, d, T, sigma2: theory.accumulate_bound(d, T, sigma2) * 6 / 8,
            "3/2 for pi^2/6": lambda t, d, T, sigma2: 3 * _fit(d, T, sigma2) / 2,
        },
        over=_ROWS,
        path=theory.accumulate,
        relation="<=",
        shifted={"T": lambda u, d, **_: d + 2 + u},
    )


@proves("gerstgrasser2024.thm2")
def thm2_formally():
    return Coq.beside(
        thm2.build(),
        file=_COQ / "accumulate.v",
        theorem="thm2",
        statement="forall t d T sigma2, d + 1 < T -> risk t d T sigma2 = accumulate t d T sigma2",
        definition="accumulate",
        values=((3, 5, 40, Fraction(1, 2)), (2, 8, 18, 1)),
    )


@proves("gerstgrasser2024.accum_fresh")
def accum_fresh_formally():
    return Coq.beside(
        accum_fresh.build(),
        file=_COQ / "accum_fresh.v",
        theorem="accum_fresh",
        statement="forall t d T sigma2, 0 < d -> d + 1 < T -> risk t d T sigma2 = accumulate_fresh t d T sigma2",
        definition="accumulate_fresh",
        values=((3, 5, 40, Fraction(1, 2)), (2, 8, 18, 1)),
    )


@proves("gerstgrasser2024.replace_multiple")
def replace_multiple_formally():
    return Coq.beside(
        replace_multiple.build(),
        file=_COQ / "replace_multiple.v",
        theorem="replace_multiple_holds",
        statement="forall t d T sigma2, d + 1 < T -> risk t d T sigma2 = replace_multiple t d T sigma2",
        definition="replace_multiple",
        values=((3, 5, 40, Fraction(1, 2)), (2, 8, 18, 1)),
    )
