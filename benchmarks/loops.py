"""The rows of benchmarks/rows_loops.py, on a machine that may be busy: CPU time of all threads, the least of the runs.

`python -m benchmarks.loops` writes benchmarks/results/loops.json and renders the section of benchmarks/README.md;
`--render` only renders it.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

COLUMNS = ("loop", "numpy_raw", "numpy_stats", "numpy_same", "floor_f32")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.loops", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies every number of chains")
    parser.add_argument("--out", type=Path, help="the JSON file; benchmarks/results/loops.json by default")
    parser.add_argument("--render", action="store_true", help="measure nothing: render README from that file")
    parsed = parser.parse_args(argv)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")

    from benchmarks import table

    path = parsed.out or table.RESULTS / "loops.json"
    if not parsed.render:
        results = measured(parsed.runs, parsed.scale)
        path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    results = table.load(path)
    print(table.brief(results))
    if parsed.out is None:
        page = table.README.read_text(encoding="utf-8")
        table.README.write_text(table.between(page, "loops", table.brief(results)), encoding="utf-8")
    return 0


def measured(runs: int, scale: float) -> dict[str, Any]:
    """All rows, with ratios and outcomes."""
    from benchmarks import table
    from benchmarks.measure import machine, measure
    from benchmarks.rows_loops import LOOP_ROWS, ours
    from benchmarks.targets import LOOP_TARGETS

    about, rows = machine(), {}
    for row in LOOP_ROWS:
        entry = measure(row, runs=runs, scale=scale, columns=(*COLUMNS, ours(row)), clock=time.process_time)
        for column in entry["columns"].values():
            column["per_second"] = column["chains"] * row.generations / column["least"]
        rows[row.id] = entry
        print(f"({row.id}) {row.title}", file=sys.stderr, flush=True)
    return {
        "about": about,
        "runs": runs,
        "scale": scale,
        "rows": table.with_ratios(rows),
        "targets": table.judged(rows, LOOP_TARGETS),
    }


if __name__ == "__main__":
    sys.exit(main())
