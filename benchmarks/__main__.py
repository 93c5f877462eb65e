"""The table of rates: `python -m benchmarks` measures it, writes benchmarks/results/table.json and draws it.

`python -m benchmarks --render` only renders benchmarks/README.md, the text and the plot from that file again.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchmarks.rows import Row


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rows", nargs="+", help="rows by letter, all by default")
    parser.add_argument("--columns", nargs="+", help="columns, all by default")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies every number of chains")
    parser.add_argument("--devices", type=int, default=1, help="split a CPU into so many host devices for our columns")
    parser.add_argument("--no-scaling", action="store_true", help="leave out how cost grows with n, d, ...")
    parser.add_argument("--out", type=Path, help="the JSON file; benchmarks/results/table.json by default")
    parser.add_argument("--render", action="store_true", help="measure nothing: render README, text and plot")
    parsed = parser.parse_args(argv)
    # NumPy on one thread, as the papers' scripts in effect are; both are read when NumPy is first imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if parsed.devices > 1:
        os.environ["JAX_NUM_CPU_DEVICES"] = str(parsed.devices)  # read when JAX is first used

    from benchmarks import table
    from benchmarks.rows import BY_ID, COLUMNS, ROWS

    unknown = [name for name in parsed.rows or () if name not in BY_ID]
    unknown += [name for name in parsed.columns or () if name not in COLUMNS]
    if unknown:
        parser.error(f"{unknown[0]!r} is unknown; rows are {', '.join(BY_ID)}; columns are {', '.join(COLUMNS)}")
    path = parsed.out or table.RESULTS / "table.json"
    if not parsed.render:
        path.parent.mkdir(parents=True, exist_ok=True)
        for results in _measured([BY_ID[name] for name in parsed.rows] if parsed.rows else ROWS, parsed):
            path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    results = table.load(path)
    print(table.text(results))
    drawn = table.plot(results, path)
    print("\nwritten:", ", ".join(item.name for item in [path, *drawn]))
    if parsed.render and parsed.out is None:
        page = table.README.read_text(encoding="utf-8")
        table.README.write_text(table.rendered(page, results), encoding="utf-8")
    return 0


def _measured(rows: "Iterable[Row]", parsed: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """The results so far, after every row and after the scaling: what is interrupted is not lost."""
    from benchmarks import table
    from benchmarks.measure import machine, measure
    from benchmarks.scaling import scaling

    about, started, measured = machine(), time.perf_counter(), {}
    options = {"runs": parsed.runs, "scale": parsed.scale, "devices": parsed.devices, "columns": parsed.columns}

    def results(growth: dict[str, Any]) -> dict[str, Any]:
        return {
            "about": about,
            "runs": parsed.runs,
            "scale": parsed.scale,
            "host_devices": parsed.devices,
            "wall_seconds": round(time.perf_counter() - started),
            "rows": table.with_ratios(measured),
            "targets": table.judged(measured),
            "scaling": growth,
        }

    for row in rows:
        measured[row.id] = measure(row, **options)
        print(f"({row.id}) {row.title}: {time.perf_counter() - started:.0f} s so far", file=sys.stderr, flush=True)
        yield results({})
    if not parsed.no_scaling:
        yield results(scaling(min(3, parsed.runs), parsed.scale))


if __name__ == "__main__":
    sys.exit(main())
