"""Calibration of the verdicts: `python -m benchmarks.calibration`.

Over many seeds a true claim must be refuted no more often than its alpha allows, and its mutants must be refuted
nearly always. Measured at alpha = 0.05, where 400 seeds can see a fault; writes benchmarks/results/calibration.json.
"""

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from scipy import stats

from proofs_check import Plan, verify
from proofs_check.claim import without_star
from proofs_check.registry import select

CLAIMS = (
    "kazdan2024.replace_cov",
    "gerstgrasser2024.thm2",
    "seddik2024.thm1.S",
    "common.qvf_product.bernoulli_replace",
)
PLAN = Plan(alpha=0.05, resolution=0.05, max_chains=1 << 18)


def calibrate(claim_id: str, seeds: int, plan: Plan = PLAN) -> dict[str, Any]:
    """How often the claim was refuted and its mutants were, over so many seeds."""
    [claim] = select([claim_id])
    outcomes = [verify(claim, replace(plan, seed=seed)) for seed in range(seeds)]
    refuted = sum(without_star(outcome.verdict) == "REFUTED" for outcome in outcomes)
    supported = sum(without_star(outcome.verdict) == "SUPPORTED" for outcome in outcomes)
    names = outcomes[0].mutants
    mutants = {name: sum(without_star(outcome.mutants[name]) == "REFUTED" for outcome in outcomes) for name in names}
    return {
        "id": claim_id,
        "seeds": seeds,
        "alpha": plan.alpha,
        "refuted": refuted,
        "supported": supported,
        "most_refutations_allowed": most_allowed(seeds, plan.alpha),
        "mutants_refuted": mutants,
    }


def most_allowed(seeds: int, alpha: float, error: float = 1e-3) -> int:
    """Refutations that a true claim exceeds with probability at most `error`, if each happens with chance alpha."""
    return int(stats.binom.ppf(1 - error, seeds, alpha))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=400)
    parser.add_argument("--out", default="benchmarks/results/calibration.json")
    parsed = parser.parse_args()
    rows = []
    for claim_id in CLAIMS:
        started = time.perf_counter()
        row = calibrate(claim_id, parsed.seeds)
        rows.append(row)
        print(
            f"{claim_id}: refuted {row['refuted']} of {row['seeds']} "
            f"(at most {row['most_refutations_allowed']} allowed), "
            f"supported {row['supported']}, mutants {row['mutants_refuted']}, "
            f"{time.perf_counter() - started:.0f} s",
            flush=True,
        )
    path = Path(parsed.out)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, indent=2) + "\n")


if __name__ == "__main__":
    main()
