"""Rows for what came after the table: kernels, mixtures, urns, curation, verified labels, projections, a memory."""

import numpy as np

from benchmarks.baselines import loops, regressions
from benchmarks.baselines.run import Baseline
from benchmarks.rows import Row
from collapse_jax import (
    KDE,
    Accumulate,
    Categorical,
    Curated,
    LinearClassifier,
    RandomProjections,
    Replace,
    SymmetricMixture,
    Urn,
    Verified,
)

_S, _REWARD = 10, tuple(float(value) for value in np.linspace(0, 1, 10))
_URN = {"s": _S, "first": 100, "n": 100, "n_real": 20}
_CURATED = {"s": _S, "n": 100, "reward": _REWARD}
_VERIFIED = {"p": 100, "n": 1500, "wrong": 0.3, "right": 0.9, "keep": 0.3, "ridge": 0.1}
_PROJECTED = {"d": 300, "m": 100, "T": 600, "ridge": 0.1}
_ZIPF = np.arange(1, 301) ** -2.0
_MEMORY = {"p": tuple(float(value) for value in _ZIPF / _ZIPF.sum()), "n": 300}


def _unit(d: int) -> np.ndarray:
    return np.eye(d)[0]


def _symbols() -> Categorical:
    return Categorical(np.full(_S, 1 / _S))


LOOP_ROWS = (
    Row(
        "kde",
        "KDE d=1, n=100, accumulate",
        lambda: KDE(0.2),
        Accumulate(100),
        ("variance",),
        20,
        {"loop": 200, "numpy": 2_048, "ours": 4_096, "floor": 8_192},
        {
            "loop": Baseline(loops.kde_loop, 0, {"n": 100, "h": 0.2}),
            "numpy_raw": Baseline(loops.kde_raw, 64, {"n": 100, "h": 0.2}),
        },
        normals=100,
        words=100,
        block=256,
        literal_block=0,
    ),
    Row(
        "kde_ise",
        "the same, integrated squared error",
        lambda: KDE(0.2),
        Accumulate(100),
        ("ise",),
        20,
        {"loop": 20, "numpy": 512, "ours": 4_096, "floor": 8_192},
        {
            "loop": Baseline(loops.kde_ise_loop, 0, {"n": 100, "h": 0.2}),
            "numpy_raw": Baseline(loops.kde_ise_raw, 16, {"n": 100, "h": 0.2}),
            "numpy_same": Baseline(loops.kde_ise_same, 64, {"n": 100, "h": 0.2}),
        },
        normals=100,
        words=100,
        block=256,
        literal_block=0,
    ),
    Row(
        "mixture",
        "symmetric mixture, Algorithm 1, n=10, replace",
        lambda: SymmetricMixture(1.0, 1.0, estimator="approximate"),
        Replace(10),
        ("variance",),
        100,
        {"loop": 50, "numpy": 4_096, "ours": 16_384, "floor": 16_384},
        {
            "loop": Baseline(loops.mixture_loop, 0, {"n": 10}),
            "numpy_raw": Baseline(loops.mixture_raw, 1_024, {"n": 10}),
        },
        normals=10,
        words=10,
    ),
    Row(
        "urn",
        "urn of 10 symbols, n=100, 20 real",
        _symbols,
        Urn(100, n_real=20, first=100),
        ("sum_of_squares",),
        20,
        {"loop": 200, "numpy": 4_096, "ours": 16_384, "floor": 32_768},
        {
            "loop": Baseline(loops.urn_loop, 0, _URN),
            "numpy_raw": Baseline(loops.urn_raw, 128, _URN),
            "numpy_stats": Baseline(loops.urn_stats, 512, _URN),
        },
        words=120,
        literal_block=0,
    ),
    Row(
        "curated",
        "10 symbols, n=100, one of two kept, replace",
        _symbols,
        Curated(Replace(100), _REWARD, 2),
        ("sum_of_squares",),
        20,
        {"loop": 200, "numpy": 4_096, "ours": 16_384, "floor": 32_768},
        {
            "loop": Baseline(loops.curated_loop, 0, _CURATED),
            "numpy_raw": Baseline(loops.curated_raw, 128, _CURATED),
            "numpy_stats": Baseline(loops.curated_stats, 512, _CURATED),
        },
        words=100,
        literal_block=0,
    ),
    Row(
        "verified",
        "verified labels, p=100, m=1500, ridge, replace",
        lambda: LinearClassifier(_unit(100), ridge=0.1, penalty="per_sample"),
        Verified(Replace(1500), 0.3, 0.9, 0.3),
        ("accuracy",),
        5,
        {"loop": 8, "numpy": 64, "ours": 512, "floor": 1_024},
        {
            "loop": Baseline(regressions.verified_loop, 0, _VERIFIED),
            "numpy_raw": Baseline(regressions.verified_raw, 4, _VERIFIED),
        },
        normals=5_250,
        block=64,
        literal_block=0,
    ),
    Row(
        "projections",
        "100 random projections of d=300, T=600, ridge, replace",
        lambda: RandomProjections(_unit(300), m=100, ridge=0.1, penalty="per_sample"),
        Replace(600),
        ("risk",),
        5,
        {"loop": 8, "numpy": 32, "ours": 256, "floor": 512},
        {
            "loop": Baseline(regressions.projections_loop, 0, _PROJECTED),
            "numpy_raw": Baseline(regressions.projections_raw, 4, _PROJECTED),
        },
        normals=14_180,
        block=32,
        literal_block=0,
    ),
    Row(
        "hutter",
        "memory of 300 Zipf tokens told n=300, replace",
        lambda: Categorical(np.asarray(_MEMORY["p"]), sampler="index"),
        Replace(300),
        ("support_size",),
        50,
        {"loop": 40, "numpy": 256, "ours": 2_048, "floor": 4_096},
        {
            "loop": Baseline(regressions.memory_loop, 0, _MEMORY),
            "numpy_raw": Baseline(regressions.memory_raw, 64, _MEMORY),
            "numpy_stats": Baseline(regressions.memory_stats, 64, _MEMORY),
        },
        words=300,
        block=256,
        literal_block=0,
    ),
)
"""`words` of the urn, of curation and of the memory are one for every symbol drawn. The projections of a chain are
drawn once: their normals are spread over its five fits."""


LITERAL_ONLY = ("mixture",)
"""Rows whose family has no exact engine: their column is `ours_literal`, which is float32 too."""


def ours(row: Row) -> str:
    """The column of the library that is measured."""
    return "ours_literal" if row.id in LITERAL_ONLY else "ours_f32"
