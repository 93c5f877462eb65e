"""What the rows are asked to reach, as ratios within one run."""

from dataclasses import dataclass

from benchmarks.rows import ROWS


@dataclass(frozen=True)
class Target:
    """`row`: rate of `fast` over rate of `slow`, at least `least` (or at most `most`, for a distance to a floor)."""

    row: str
    fast: str
    slow: str
    least: float | None = None
    most: float | None = None


def _targets(fast: str, slow: str, **least: float) -> list[Target]:
    return [Target(row, fast, slow, least=value) for row, value in least.items()]


TARGETS = (
    *_targets("ours_f32", "numpy_raw", a=150, b=60, c1=300, c2=50, c3=50, f=80),
    *_targets("ours_f32", "numpy_stats", d=5),
    *_targets("ours_f32", "numpy_same", a=5, b=4, c1=4, c2=8, c3=5, d=4, f=4),
    *_targets("ours_f32draws", "numpy_same", a=4, b=2.5),
    *_targets("ours_f32", "loop", a=1000, b=300, c1=1000, c2=1000, c3=1000),
    *(Target(row.id, "floor_f32", "ours_f32", most=2.5 if row.id in ("a", "a100k") else 4) for row in ROWS),
)

LOOP_TARGETS = (
    *_targets("ours_f32", "numpy_raw", kde=25, kde_ise=25),
    Target("kde", "floor_f32", "ours_f32", most=1.5),
    *_targets("ours_literal", "loop", mixture=20),
    *_targets("ours_f32", "loop", urn=50, curated=50, verified=15, projections=15, hutter=15),
)
