"""Write constraints.txt: the newest versions that install together, for two Python versions.

Usage: python tools/constraints.py OLDEST NEWEST, two interpreters (3.11 and one of 3.12 or newer). In a fresh virtual
environment of each, the package, its optional extras and its dependency groups are installed without constraints;
what pip then lists is merged, with a marker where the two differ.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SPLIT = "3.12"
INSTALL = [
    "--editable",
    ".[proofs,data]",
    "--group",
    "test",
    "--group",
    "lint",
    "--group",
    "docs",
    "--group",
    "browser",
]


def resolve(interpreter: str) -> dict[str, str]:
    """Name -> version of everything installed by `interpreter`."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([interpreter, "-m", "venv", folder], check=True)
        pip = [f"{folder}/bin/python", "-m", "pip", "--disable-pip-version-check"]
        for what in (["--upgrade", "pip"], INSTALL):
            subprocess.run([*pip, "install", "-qq", "--no-compile", *what], check=True, cwd=ROOT)
        frozen = subprocess.check_output([*pip, "freeze", "--all", "--exclude-editable"], text=True)
    pinned = (line.split("==") for line in frozen.splitlines() if "==" in line)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in pinned if name != "setuptools"}


def merge(old: dict[str, str], new: dict[str, str]) -> list[str]:
    lines = []
    for name in sorted(old | new):
        if old.get(name) == new.get(name):
            lines.append(f"{name}=={old[name]}")
            continue
        if name in old:
            lines.append(f'{name}=={old[name]} ; python_version < "{SPLIT}"')
        if name in new:
            lines.append(f'{name}=={new[name]} ; python_version >= "{SPLIT}"')
    return lines


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    head = "# Versions the tests pass with. Written by `make constraints`; do not edit by hand."
    lines = merge(resolve(sys.argv[1]), resolve(sys.argv[2]))
    (ROOT / "constraints.txt").write_text("\n".join([head, *lines]) + "\n")
