"""The rows of an earlier log of regression: what was predicted and simulated then, and the law of it here."""

from collections.abc import Iterator
from typing import NamedTuple

from collapse_jax import Window
from collapse_jax.laws import hutter, pedigree
from proofs_check.papers.dohmatob2024demyst import theory as demystified
from proofs_check.papers.dohmatob2024strong import theory as strong
from proofs_check.papers.garg2025 import theory as garg
from proofs_check.papers.gerstgrasser2024 import theory as gerstgrasser
from proofs_check.papers.he2025 import theory as he
from proofs_check.papers.kazdan2024 import theory as kazdan


class Entry(NamedTuple):
    """One row.

    **Fields**: `statement`; `claim`: the id that is about it; `ours`: by law; `predicted`: in the log; `simulated`,
    `error`: in the log, and one standard error; `open`: the share of `ours` that a limit leaves open, 0 if it is exact.
    """

    statement: str
    claim: str
    ours: float
    predicted: float | None
    simulated: float
    error: float
    open: float = 0.0

    @property
    def z(self) -> float:
        return (self.simulated - self.ours) / self.error


def entries() -> Iterator[Entry]:
    """The rows of the log that give a number with its error."""
    yield from _least_squares()
    yield from _strong()
    yield from _mixing()


def _least_squares() -> Iterator[Entry]:
    g = gerstgrasser
    yield Entry(
        "replace, shared design, d=10, T=30, n=8",
        "gerstgrasser2024.replace",
        g.replace(8, 10, 30, 1.0),
        4.2105,
        4.207,
        0.031,
    )
    yield Entry(
        "replace, fresh designs, d=10, T=30, n=8",
        "gerstgrasser2024.replace_fresh",
        g.replace(8, 10, 30, 1.0),
        4.2105,
        4.280,
        0.026,
    )
    yield Entry(
        "accumulate, shared design, d=10, T=30, n=8",
        "gerstgrasser2024.thm2",
        g.accumulate(8, 10, 30, 1.0),
        0.8039,
        0.8027,
        0.0060,
    )
    yield Entry(
        "accumulate, fresh designs, d=10, T=30, n=8",
        "gerstgrasser2024.accum_fresh",
        g.accumulate_fresh(8, 10, 30, 1.0),
        0.7304,
        0.7268,
        0.0029,
    )
    yield Entry(
        "accumulate, shared design, d=10, T=16, n=30",
        "gerstgrasser2024.thm2",
        g.accumulate(30, 10, 16, 1.0),
        3.2243,
        3.2048,
        0.0212,
    )
    yield Entry(
        "accumulate, fresh designs, d=10, T=16, n=30",
        "gerstgrasser2024.accum_fresh",
        g.accumulate_fresh(30, 10, 16, 1.0),
        2.5046,
        2.4864,
        0.0157,
    )
    yield Entry(
        "replace with ever more rows, shared, d=10, T=30, n=8",
        "gerstgrasser2024.replace_multiple",
        g.replace_multiple(8, 10, 30, 1.0),
        1.4305,
        1.4347,
        0.0093,
    )
    yield Entry(
        "replace with ever more rows, fresh, d=10, T=30, n=8",
        "gerstgrasser2024.replace_multiple_fresh",
        g.replace_multiple_fresh(8, 10, 30, 1.0),
        1.1738,
        1.1775,
        0.0064,
    )
    unequal = g.accumulate_fresh(5, 10, (25, 60, 15, 100, 40), 1.0)
    yield Entry(
        "accumulate, fresh designs of 25, 60, 15, 100, 40 rows, d=10",
        "gerstgrasser2024.unequal_batches",
        unequal,
        0.8603,
        0.8645,
        0.0041,
    )
    unit = 5 / 394
    yield Entry(
        "accumulate-subsample over one fit, d=5, T=400, n=40",
        "kazdan2024.accsub",
        kazdan.linreg_subsample(40, 5, 400, 1.0) / unit,
        2.861,
        2.880,
        0.048,
        2 * unit,
    )
    yield Entry(
        "the same with replacement",
        "kazdan2024.accsub",
        kazdan.linreg_bootstrap(40, 5, 400, 1.0) / unit,
        3.24,
        3.39,
        0.07,
        2 * unit,
    )
    one = 3 / 300
    for n, simulated, error, told in (
        (100, 1.198, 0.018, 1.20),
        (300, 1.320, 0.020, 1.333),
        (1500, 1.431, 0.022, 1.4545),
    ):
        ours = g.fixed_real(12, 3, 300, n, 1.0) / one
        yield Entry(
            f"one real set and the last, over one fit, d=3, n_1=300, n_2={n}",
            "gerstgrasser2024.fixed_real_plus_last",
            ours,
            told,
            simulated,
            error,
            2 * one,
        )
    window = (pedigree.coefficients(pedigree.of(Window(20, k=3), 12)) ** 2).sum(1)[-1]
    yield Entry(
        "window of three, over one fit, d=4, T=20, fit 12",
        "gerstgrasser2024.window_shared",
        float(window),
        3.715,
        3.684,
        0.040,
    )
    d, T0, s2 = 60, 30, 0.25
    yield Entry(
        "too few rows, fresh designs, d=60, T_0=30, n=6",
        "dohmatob2024demyst.over_indep",
        demystified.independent(6, d, T0, 1.0, s2),
        1.4935,
        1.4900,
        0.0039,
    )
    yield Entry(
        "too few rows, one design, d=60, T_0=30, n=6",
        "dohmatob2024demyst.over_dep",
        demystified.dependent(6, d, T0, 1.0, s2),
        2.0517,
        2.0751,
        0.0100,
    )


def _strong() -> Iterator[Entry]:
    yield Entry(
        "rho, 5 synthetic rows for d=20, n_1=40",
        "dohmatob2024strong.iso_under_exact",
        strong.rho(20, 40, 5),
        0.09481,
        0.09455,
        0.00014,
    )
    yield Entry(
        "rho, 5 real rows for d=20, n_2=40",
        "dohmatob2024strong.iso_under_exact",
        strong.rho(20, 5, 40),
        0.87259,
        0.87256,
        0.00009,
    )
    for alpha, told, simulated, error in (
        (0.0, 0.01250, 0.01270, 0.00010),
        (0.188, 0.01016, 0.01014, 0.00008),
        (0.75, 0.03127, 0.03127, 0.00011),
        (0.9, 0.04400, 0.04388, 0.00014),
    ):
        yield Entry(
            f"weighted mix, d=5, n=(400, 1200), c^2=.05, weight {alpha:g}",
            "dohmatob2024strong.mix_weighted",
            strong.weighted(alpha, 5, 400, 1200, 0.05, 1.0),
            told,
            simulated,
            error,
            2 * 5 / 400,
        )

    for t, told, simulated, error in ((1, 0.1266, 0.1270, 0.0008), (12, 0.2409, 0.2420, 0.0015)):
        ours = strong.iterative(t, 10, 30, 60, 0.0, 1.0, 1.0)
        yield Entry(
            f"mixing again and again, d=10, n=(30, 60), round {t}",
            "dohmatob2024strong.mix_iterative",
            ours,
            told,
            simulated,
            error,
        )


def _mixing() -> Iterator[Entry]:
    for w, told, simulated, error in (
        (0.3, 1.0882, 1.0892, 0.0044),
        (garg.golden_ratio(), 0.8197, 0.8254, 0.0027),
        (0.9, 0.9284, 0.9269, 0.0034),
    ):
        yield Entry(
            f"labels mixed on one design, d=60, n=30, w={w:.3g}",
            "garg2025.minnorm",
            0.5 + 0.5 * 30 / 29 * garg.limit(w),
            told,
            simulated,
            error,
        )
    for w, told, simulated, error in (
        (0.3, 1.0596, 1.0564, 0.0032),
        (garg.golden_ratio(), 0.8339, 0.8327, 0.0026),
        (0.9, 0.9288, 0.9224, 0.0034),
    ):
        yield Entry(
            f"labels mixed on fresh designs, d=60, n=30, w={w:.3g}",
            "garg2025.fresh_design",
            garg.fresh_limit(30, 60, 1.0, 0.5, w),
            told,
            simulated,
            error,
        )
    for r, told, simulated in ((1.0, 0.6180, 0.6194), (0.1, 0.2702, 0.2686), (10.0, 0.9161, 0.9106)):
        yield Entry(
            f"mean at the best weight, k={r:g}",
            "he2025.unified",
            he.factor(he.optimal_weight(r), r),
            told,
            simulated,
            0.00316 * simulated,
        )
    yield Entry(
        "one set of real labels, w=1/2, over one fit, fit 4",
        "garg2025.fixed_labels",
        garg.fixed_labels(4, 0.5),
        1.3281,
        1.322,
        0.005,
    )
    retold = hutter.retold(300, 300, 12, 2.0)
    yield Entry(
        "Hutter's memory retold 12 times, beta=2, T_0=300",
        "dohmatob2024tails.nfold",
        float(retold[12]),
        0.1070,
        0.1066,
        0.0019,
    )
