"""The rows of the table: chains, what is recorded, baselines, how many random numbers, and the law of what is recorded.

Unit of every rate: chain-generations per second, chains x generations / median wall time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from benchmarks.baselines import discrete, gaussian, least_squares, logistic, matrices
from benchmarks.baselines.run import Baseline
from collapse_jax import (
    Accumulate,
    AccumulateSubsample,
    Bernoulli,
    Categorical,
    Gaussian,
    LinearRegression,
    LogisticRegression,
    Replace,
    Window,
)
from collapse_jax.laws import identities
from proofs_check.papers.gerstgrasser2024 import theory as gerstgrasser2024
from proofs_check.papers.kazdan2024 import theory as kazdan2024
from proofs_check.papers.seddik2024 import theory as seddik2024

NUMPY = ("loop", "numpy_raw", "numpy_stats", "numpy_same")
OURS = ("ours_literal", "ours_f32", "ours_f64", "ours_f32draws")
FLOORS = ("floor_f32", "floor_f64")
COLUMNS = (*NUMPY, *OURS, *FLOORS)


@dataclass(frozen=True)
class Row:
    """One kind of chain.

    `family()` and `workflow` as given to `simulate`; `metrics` as recorded by every column; `chains` by column, an
    upper limit that `measure` lowers where one call would take long (columns `ours` and `floor` stand for all of their
    kind); `normals` and `words` are the random numbers of one chain and generation, a chi-square counting as one
    normal; `law(t)` holds exact expectations, one per metric, where they are known; `block` and `literal_block` are
    chains per block where 1,024 are too many, 0 where the literal engine does the same; `like` names the row whose
    baselines this one shares.
    """

    id: str
    title: str
    family: Callable[[], Any]
    workflow: Any
    metrics: tuple[str, ...]
    generations: int
    chains: dict[str, int]
    baselines: dict[str, Baseline] = field(default_factory=dict)
    normals: int = 0
    words: int = 0
    law: Callable[[int], Sequence[float]] | None = None
    block: int = 1024
    literal_block: int = 1024
    like: str | None = None

    def columns(self) -> tuple[str, ...]:
        """Columns that are measured for this row; a row `like` another keeps to its own, the faster ones."""
        ours = OURS if self.literal_block and not self.like else OURS[1:]
        return (*(name for name in NUMPY if name in self.baselines), *ours, *FLOORS)

    def size(self, column: str) -> int:
        """Chains of a column, before any adjustment."""
        return self.chains[column] if column in self.chains else self.chains[column.split("_")[0]]


def _numpy(
    loop: Callable, raw: Callable, stats: Callable | None, same: Callable | None, *, blocks: Sequence[int], **sizes: Any
) -> dict[str, Baseline]:
    """The baselines of a row; `blocks` are the chains per block of raw, stats and same."""
    functions = {"numpy_raw": raw, "numpy_stats": stats, "numpy_same": same}
    vectorised = {
        name: Baseline(function, block, sizes)
        for (name, function), block in zip(functions.items(), blocks, strict=True)
        if function is not None
    }
    return {"loop": Baseline(loop, 0, sizes), **vectorised}


def _also(baselines: dict[str, Baseline], **loop: Any) -> dict[str, Baseline]:
    """The same baselines with further arguments for the loop."""
    first = baselines["loop"]
    return {**baselines, "loop": Baseline(partial(first.function, **loop), 0, first.sizes)}


def _pedigree_variance(workflow: Any, generations: int) -> Callable[[int], tuple[float]]:
    """E of the maximum-likelihood variance, 1 - E (mean error), for any linear workflow."""

    def law(t: int) -> tuple[float]:
        from collapse_jax.laws import pedigree

        return (1 - float(pedigree.quadratic_error(pedigree.of(workflow, generations), 1, -1)[t - 1]),)

    return law


def _gaussian(d: int = 1) -> Gaussian:
    return Gaussian(d=d, ddof=0)


def _regression(design: str) -> LinearRegression:
    return LinearRegression(d=10, design=design)  # pyright: ignore[reportArgumentType]


_BETA, _POINTS = (0.3, 0.8), (-2.0, -1.0, 0.0, 1.0, 2.0)

_LEAST_SQUARES = {"T": 100, "d": 10}

_A = Row(
    "a",
    "Gaussian d=1, n=100, replace",
    _gaussian,
    Replace(100),
    ("mean_error",),
    100,
    {"loop": 20, "numpy": 10_000, "ours": 10_000, "ours_literal": 4_096, "floor": 12_288},
    _numpy(
        gaussian.gaussian_loop,
        gaussian.gaussian_raw,
        gaussian.gaussian_stats,
        gaussian.gaussian_same,
        blocks=(512, 10_000, 4_096),
        n=100,
    ),
    normals=2,
    law=lambda t: (kazdan2024.replace_mean_error(t, 100, 0),),
    block=4096,
)

ROWS = (
    _A,
    Row(
        "a100k",
        "the same, ten times the chains",
        _gaussian,
        Replace(100),
        ("mean_error",),
        100,
        {"ours": 102_400, "floor": 102_400},
        normals=2,
        law=_A.law,
        block=4096,
        like="a",
    ),
    Row(
        "a2",
        "Gaussian d=1, n=100, accumulate",
        _gaussian,
        Accumulate(100),
        ("variance",),
        100,
        {"loop": 10, "numpy": 10_000, "ours": 10_000, "ours_literal": 4_096, "floor": 12_288},
        _also(
            _numpy(
                gaussian.gaussian_loop,
                gaussian.pooled_raw,
                gaussian.pooled_stats,
                gaussian.pooled_stats,
                blocks=(512, 4_096, 4_096),
                n=100,
            ),
            workflow="accumulate",
        ),
        normals=2,
        law=lambda t: (kazdan2024.accumulate_cov(t, 100),),
        block=4096,
    ),
    Row(
        "a3",
        "Gaussian d=1, n=100, accumulate-subsample",
        _gaussian,
        AccumulateSubsample(100),
        ("variance",),
        30,
        {"loop": 50, "numpy": 1_024, "ours": 4_096, "floor": 4_096},
        _also(
            _numpy(gaussian.gaussian_loop, gaussian.subsample_raw, None, None, blocks=(256, 0, 0), n=100),
            workflow="subsample",
        ),
        normals=100,
        words=100,
        law=lambda t: (kazdan2024.accumulate_subsample_cov(t, 100),),
        block=256,
        literal_block=0,
    ),
    Row(
        "b",
        "Gaussian d=10, n=100, replace",
        partial(_gaussian, 10),
        Replace(100),
        ("mean_error",),
        50,
        {"loop": 20, "numpy": 1_024, "ours": 16_384, "ours_literal": 1_024, "floor": 16_384},
        _numpy(
            matrices.matrix_loop,
            matrices.matrix_raw,
            matrices.matrix_stats,
            matrices.matrix_same,
            blocks=(64, 256, 512),
            n=100,
            d=10,
        ),
        normals=65,
        law=lambda t: (10 * kazdan2024.replace_mean_error(t, 100, 0),),
        literal_block=512,
    ),
    Row(
        "c1",
        "least squares d=10, T=100, fresh design, replace",
        partial(_regression, "fresh"),
        Replace(100),
        ("risk",),
        50,
        {"loop": 20, "numpy": 1_024, "numpy_same": 16_384, "ours": 32_768, "ours_literal": 512, "floor": 65_536},
        _also(
            _numpy(
                least_squares.regression_loop,
                least_squares.fresh_raw,
                least_squares.fresh_stats,
                least_squares.student_same,
                blocks=(64, 256, 1_024),
                **_LEAST_SQUARES,
            ),
            design="fresh",
            workflow="replace",
        ),
        normals=11,
        law=lambda t: (gerstgrasser2024.replace(t, 10, 100, 1.0),),
        literal_block=256,
    ),
    Row(
        "c2",
        "least squares d=10, T=100, fresh design, accumulate",
        partial(_regression, "fresh"),
        Accumulate(100),
        ("risk",),
        50,
        {"loop": 4, "numpy": 1_024, "ours": 16_384, "ours_literal": 512, "floor": 16_384},
        _also(
            {
                "loop": Baseline(least_squares.regression_loop, 0, _LEAST_SQUARES),
                "numpy_raw": Baseline(least_squares.fresh_raw, 64, {**_LEAST_SQUARES, "accumulate": True}),
                "numpy_stats": Baseline(least_squares.fresh_stats, 256, {**_LEAST_SQUARES, "accumulate": True}),
                "numpy_same": Baseline(least_squares.fresh_same, 512, _LEAST_SQUARES),
            },
            design="fresh",
            workflow="accumulate",
        ),
        normals=65,
        law=lambda t: (gerstgrasser2024.accumulate_fresh(t, 10, 100, 1.0),),
        literal_block=256,
    ),
    Row(
        "c3",
        "least squares d=10, T=100, shared design, accumulate",
        partial(_regression, "shared"),
        Accumulate(100),
        ("risk",),
        50,
        {"loop": 4, "numpy": 1_024, "numpy_same": 8_192, "ours": 32_768, "ours_literal": 512, "floor": 65_536},
        _also(
            _numpy(
                least_squares.regression_loop,
                least_squares.shared_raw,
                least_squares.shared_stats,
                least_squares.shared_same,
                blocks=(64, 256, 512),
                **_LEAST_SQUARES,
            ),
            design="shared",
            workflow="accumulate",
        ),
        normals=10,
        law=lambda t: (gerstgrasser2024.accumulate(t, 10, 100, 1.0),),
        literal_block=256,
    ),
    Row(
        "d",
        "categorical s=n=1000, replace, two metrics",
        lambda: Categorical(np.full(1000, 1e-3), sampler="index"),
        Replace(1000),
        ("sum_of_squares", "support_size"),
        200,
        {"loop": 10, "numpy": 128, "ours": 1_024, "ours_literal": 128, "floor": 2_048},
        _numpy(
            discrete.categorical_loop,
            discrete.categorical_raw,
            discrete.categorical_stats,
            discrete.categorical_same,
            blocks=(32, 64, 64),
            n=1000,
            s=1000,
        ),
        words=1000,
        law=lambda t: (seddik2024.sum_of_squares(t, 1000, 1e-3), _support(t)),
        block=128,
        literal_block=64,
    ),
    Row(
        "f",
        "Bernoulli n=100, replace",
        lambda: Bernoulli(0.5),
        Replace(100),
        ("squared_error",),
        1000,
        {"loop": 10, "numpy": 1_024, "numpy_same": 10_000, "ours": 49_152, "ours_literal": 1_024, "floor": 49_152},
        _numpy(
            discrete.bernoulli_loop,
            discrete.bernoulli_raw,
            discrete.bernoulli_stats,
            discrete.bernoulli_same,
            blocks=(512, 1_024, 5_000),
            n=100,
        ),
        words=1,
        law=lambda t: (identities.qvf_error(t, identities.replace_steps(100), -1, 0.25),),
        block=4096,
    ),
    Row(
        "g",
        "ridge d=20, T=10, fresh design, replace",
        lambda: LinearRegression(np.full(20, 20**-0.5), design="fresh", ridge=1.0, penalty="absolute"),
        Replace(10),
        ("risk",),
        20,
        {"loop": 50, "numpy": 1_024, "numpy_same": 4_096, "ours": 8_192, "ours_literal": 2_048, "floor": 8_192},
        _numpy(
            least_squares.ridge_loop,
            least_squares.ridge_raw,
            least_squares.ridge_stats,
            least_squares.ridge_same,
            blocks=(256, 256, 1_024),
            T=10,
            d=20,
            ridge=1.0,
        ),
        normals=50,
    ),
    Row(
        "h",
        "logistic regression, 5 points, n=500, replace",
        lambda: LogisticRegression(_BETA, np.stack([np.ones(5), _POINTS], 1)),
        Replace(500),
        ("squared_error",),
        10,
        {"loop": 50, "numpy": 2_048, "ours": 4_096, "ours_literal": 2_048, "floor": 10_240},
        _numpy(
            logistic.logistic_loop,
            logistic.logistic_raw,
            logistic.logistic_stats,
            None,
            blocks=(256, 1_024, 0),
            n=500,
            beta=_BETA,
            points=_POINTS,
        ),
        words=9,
    ),
    Row(
        "i",
        "Gaussian d=1, n=100, window of 5",
        _gaussian,
        Window(100, k=5),
        ("variance",),
        100,
        {"loop": 20, "numpy": 10_000, "ours": 10_240, "ours_literal": 2_048, "floor": 10_240},
        _also(
            _numpy(
                gaussian.gaussian_loop,
                gaussian.pooled_raw,
                gaussian.pooled_stats,
                gaussian.pooled_stats,
                blocks=(512, 4_096, 4_096),
                n=100,
                k=5,
            ),
            workflow="window",
        ),
        normals=2,
        law=_pedigree_variance(Window(100, k=5), 100),
    ),
)

BY_ID = {row.id: row for row in ROWS}


def _support(t: int) -> float:
    from collapse_jax.laws.coalescent import support_size

    return support_size(np.full(1000, 1e-3), 1000, t)
