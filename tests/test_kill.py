"""kill -9 at random moments: nothing that was finished is lost, and what is resumed has the bits of one run."""

import json
import os
import subprocess
import sys

import _worker as worker
import pytest

CLAIMS = """
import time
from proofs_check import Computed, claim


def slowly(t):
    time.sleep(1 / COUNT)  # statements are evaluated before the first is decided, in every child
    return t / 2


def declared(number):
    @claim(f"mine.c{number:04}", statement="x", relation="==", provenance="derived", source="here")
    def one(k=number + 2):
        return Computed(slowly, lambda t: t / 2, {"off": lambda t: t}, at=(1, k))

    return one


for number in range(COUNT):
    globals()[f"c{number}"] = declared(number)
"""


def kills(tmp_path, job, number, **options):
    """What was kept after each of so many kills, in a process that forks the children, before it uses JAX itself."""
    kept = {"job": job, "kills": number, **options}
    out = subprocess.run(
        [sys.executable, "-W", "ignore", worker.__file__, json.dumps({"kill": kept})],
        env=os.environ | {"JAX_COMPILATION_CACHE_DIR": str(tmp_path / "cache"),
                          "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
                          "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1"},
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert out.returncode == 0, out.stderr[-3000:]
    held = json.loads(out.stdout.splitlines()[-1])
    assert len(held) == number
    assert held == sorted(set(held)), "a child that was killed lost something"
    return held


def numbers(few, many):
    return pytest.mark.parametrize("number", [few, pytest.param(many, marks=pytest.mark.slow)])


@pytest.mark.wide
@numbers(4, 34)
def test_a_run(tmp_path, number):
    file, chains = tmp_path / "run.checkpoint", 64 * 300 * number
    held = kills(tmp_path, "simulate", number, path=str(file), chains=chains)
    assert held[-1] < chains
    assert [name for name in os.listdir(tmp_path) if name == file.name] == [file.name]
    assert worker.digest(worker.simulate(chains=chains, checkpoint=file)) == worker.digest(
        worker.simulate(chains=chains)
    )


@pytest.mark.wide
@numbers(3, 33)
def test_a_sweep(tmp_path, number):
    folder, cells = tmp_path / "cells", 12 * number
    folder.mkdir()
    held = kills(tmp_path, "sweep", number, path=str(folder), cells=cells)
    assert held[-1] < cells
    assert worker.digest_of_grid(worker.long_grid(cells, checkpoint=folder)) == worker.digest_of_grid(
        worker.long_grid(cells)
    )


@pytest.mark.wide
@numbers(3, 33)
def test_a_suite_with_a_ledger(tmp_path, number):
    file, book, count = tmp_path / "claims.py", tmp_path / "ledger.json", 16 * number
    file.write_text(CLAIMS.replace("COUNT", str(count)))
    held = kills(tmp_path, "verify", number, pace=100, path=str(book), file=str(file))
    assert held[-1] < count
    before = json.loads(book.read_text())["claims"]
    assert worker.suite(str(book), str(file)) == 0
    after = json.loads(book.read_text())["claims"]
    assert sorted(after) == [f"mine.c{i:04}" for i in range(count)]
    assert {id: after[id] for id in before} == before, "what was measured is not measured again"
    assert all(entry["verdict"] == "SUPPORTED" for entry in after.values())
