"""What CONTRIBUTING shows works as it stands there."""

import re
from pathlib import Path

import pytest

from collapse_jax.results.estimate import simultaneous_z
from proofs_check.cli import main

ROOT = Path(__file__).parent.parent
BLOCKS = re.findall(r"```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.S)
CLAIMS = [block for block in BLOCKS if "@claim" in block]


@pytest.mark.usefixtures("fast_compilation")
def test_the_examples_run_one_after_the_other(capsys):
    names = {}
    for block in BLOCKS:
        if block not in CLAIMS:
            exec(compile(block, "CONTRIBUTING.md", "exec"), names)
    simulated, stated = capsys.readouterr().out.splitlines()[2:4]
    mean, stderr = map(float, re.search(r"([\d.]+) \+- ([\d.e-]+) at t=20", simulated).groups())
    rounding = 0.05 * stderr + 1e-5 * mean  # of the two digits, and the six, that are printed
    assert abs(mean - float(stated)) < simultaneous_z(1e-6, 1) * stderr + rounding


@pytest.mark.usefixtures("fast_compilation")
@pytest.mark.parametrize("block", CLAIMS, ids=lambda block: re.search(r'"(mine\.\w+)"', block)[1])
def test_a_claim_is_a_file_of_at_most_25_lines(block, tmp_path, capsys):
    assert len([line for line in block.splitlines() if line]) <= 25
    file = tmp_path / "my_claims.py"
    file.write_text(block, encoding="utf-8")
    assert main(["verify", str(file), "--quick"]) == 0
    assert "SUPPORTED" in capsys.readouterr().out
