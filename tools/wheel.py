"""Check what `make dist` built: sizes and contents, and that the wheel alone does what README shows.

Usage: python tools/wheel.py DIST [INTERPRETER ...] [NAME==VERSION ...], by default the interpreter that runs this. For
each interpreter the wheel is installed into an empty environment, with the versions pinned for development or, if any
are given, with these and the newest of everything else; in an empty folder a claim is verified, a figure drawn, the ten
lines run.
"""

import os
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 2_000_000
CLAIMS = "seddik2024.thm1.S"
FIGURE = "common.replace_accumulate"


def contents(wheel: Path) -> None:
    """Refuse a wheel that is too large, or lacks what the installed packages need."""
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {"collapse_jax/py.typed", "proofs_check/py.typed", "proofs_check/ledger.json", "proofs_check/report.html",
              "collapse_jax/__init__.pyi", "proofs_check/site/theme/filter.js"}  # fmt: skip
    missing = sorted(wanted - names)
    foreign = sorted(
        {name.split("/")[0] for name in names if "dist-info" not in name} - {"collapse_jax", "proofs_check"}
    )
    size = wheel.stat().st_size
    print(f"{wheel.name}: {size:,} bytes, {len(names)} files")
    if missing or foreign or size > LIMIT:
        sys.exit(f"{wheel.name}: missing {missing}, foreign {foreign}, {size:,} of at most {LIMIT:,} bytes")


def ten_lines() -> str:
    """The sessions of README as a script."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8").partition("## What is covered")[0]
    return "\n".join(re.findall(r"^(?:>>>|\.\.\.) (.*)$", readme, re.M))


def alone(wheel: Path, interpreter: str, *more: str) -> None:
    """Install the wheel where nothing else is, with `more` for pip, and use it outside of a clone."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        python, empty = folder / "venv" / "bin" / "python", folder / "empty"
        empty.mkdir()
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        environment["COLLAPSE_CACHE_DIR"] = ""

        def run(*command: str | Path) -> None:
            subprocess.run([*command], check=True, cwd=empty, env=environment)

        run(interpreter, "-m", "venv", folder / "venv")
        pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "-qq", "--no-compile"]
        run(*pip, *(more or ("--constraint", str(ROOT / "constraints.txt"))), wheel)
        collapse = python.parent / "collapse"
        run(collapse, "verify", CLAIMS, "--quick")
        run(collapse, "figure", FIGURE, "--quick", "--out", "figures")
        run(python, "-c", ten_lines())
        run(python, "-c", "import collapse_jax; assert 'site-packages' in collapse_jax.__file__")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    [built] = Path(sys.argv[1]).resolve().glob("*.whl")
    contents(built)
    pinned = [item for item in sys.argv[2:] if "==" in item]
    for chosen in [item for item in sys.argv[2:] if item not in pinned] or [sys.executable]:
        alone(built, chosen, *pinned)
        print(f"{built.name} works alone with {' '.join([chosen, *pinned])}")
