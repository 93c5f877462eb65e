"""What a suite of claims costs: `python -m benchmarks.verification [--copies N] [--out FILE]`.

Quick runs in processes of their own, cold (no program kept yet) and warm (the same again): the shipped claims, and a
larger suite of them and of copies at other sample sizes. Seconds are of the whole process, import included; process
seconds are of all its threads, which other work on the machine changes less.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results" / "verification.json"


def copies(number: int) -> list[Any]:
    """The shipped claims, and as many copies at other sample sizes as make `number` claims in all."""
    import dataclasses

    from proofs_check import registry

    claims = list(registry.claims().values())
    sized = [claim for claim in claims if type(claim.parameters.get("n")) is int]
    found = list(claims)
    for step in range(1, 1 + -(-number // max(1, len(sized)))):
        for claim in sized:
            if len(found) >= number:
                return found
            larger = claim.parameters["n"] + step

            def setup(claim=claim, larger=larger):
                return claim.check(n=larger)

            found.append(dataclasses.replace(claim, id=f"{claim.id}.n{larger}", setup=setup))
    return found


def suite(number: int) -> dict[str, Any]:
    """Decide a suite in this process; what it took, and how many programs."""
    started = time.perf_counter()
    from collapse_jax.engine import cache
    from collapse_jax.engine.dispatch import compiled
    from proofs_check.plan import QUICK
    from proofs_check.suite import Suite

    kept = cache.enable()
    claims = copies(number)
    imported = time.perf_counter()
    made = Suite.of(claims, QUICK)
    prepared = time.perf_counter()
    words = [outcome.verdict for outcome in made.outcomes()]
    ended = time.perf_counter()
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "claims": len(claims),
        "runs": sum(group.generations > 0 for group in made.groups),
        "programs": compiled.cache_info().misses,
        "compiled": kept.compiled if kept else None,
        "loaded": kept.loaded if kept else None,
        "import_s": imported - started,
        "prepare_s": prepared - imported,
        "decide_s": ended - prepared,
        "process_s": used.ru_utime + used.ru_stime,
        "words": {word: words.count(word) for word in sorted(set(words))},
    }


def measure(number: int) -> dict[str, Any]:
    """Cold and warm, in fresh processes with one new folder for programs."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "COLLAPSE_CACHE_DIR": folder}
        for state in ("cold", "warm"):
            started = time.perf_counter()
            command = [sys.executable, "-m", "benchmarks.verification", "--suite", str(number)]
            done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
            found[state] = {"wall_s": time.perf_counter() - started, **json.loads(done.stdout)}
            print(row(state, found[state]), flush=True)
    return found


def row(state: str, found: dict[str, Any]) -> str:
    """One line of the table in benchmarks/README.md."""
    each = 1000 * found["prepare_s"] / found["claims"]
    return (
        f"| {found['claims']} | {state} | {found['wall_s']:.0f} | {found['process_s']:.0f} | {found['import_s']:.1f} | "
        f"{each:.0f} | {found['runs']} | {found['programs']} | {found['compiled']} |"
    )


def main() -> None:
    """Measure both suites and write the JSON file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=350, help="claims of the larger suite (0 leaves it out)")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--suite", type=int, help=argparse.SUPPRESS)
    parsed = parser.parse_args()
    if parsed.suite is not None:
        print(json.dumps(suite(parsed.suite)))
        return
    print("| claims | kept programs | wall s | process s | import s | prepare ms each | runs | programs | compiled |")
    print("|---|---|---|---|---|---|---|---|---|")
    results = {"cores": os.cpu_count(), "shipped": measure(0)}
    if parsed.copies:
        results["larger"] = measure(parsed.copies)
    parsed.out.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
