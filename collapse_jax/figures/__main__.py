"""`python -m collapse_jax.figures --out DIR [--quick]`: draw the figures, with their data and what they came from."""

import argparse
import inspect
import json
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m collapse_jax.figures", description=__doc__)
    parser.add_argument("--out", metavar="DIR", default="figures", help="folder to write to (default %(default)s)")
    parser.add_argument("--quick", action="store_true", help="few chains: wider bands in a few seconds")
    parser.add_argument("--seed", type=int, default=0, help="(default %(default)s)")
    parsed = parser.parse_args(arguments)
    try:
        for path in write(Path(parsed.out), quick=parsed.quick, seed=parsed.seed):
            print(path)
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def write(folder: Path, *, quick: bool = False, seed: int = 0) -> list[Path]:
    """Write replace_accumulate.png, .pdf, .npz and .json to `folder` and return their paths."""
    try:
        folder.mkdir(parents=True, exist_ok=True)  # before the work, so that a wrong folder costs none
    except OSError as error:
        raise ValueError(f"cannot write {folder}: {error.strerror}; choose a folder that can be written") from None

    import matplotlib
    import numpy as np
    from matplotlib.figure import Figure
    from PIL import Image

    from collapse_jax._run import versions
    from collapse_jax.figures.replace_accumulate import ALPHA, replace_accumulate

    defaults = {name: item.default for name, item in inspect.signature(replace_accumulate).parameters.items()}
    config = {name: value for name, value in defaults.items() if name != "axes"} | {"seed": seed}
    if quick:
        config["chains"] = 1 << 13
    figure = Figure(figsize=(8.4, 3.4), layout="constrained")
    _, data = replace_accumulate(figure.subplots(1, 2), **config)
    base = folder / "replace_accumulate"
    about = {
        "figure": "replace_accumulate",
        "config": config,
        "alpha": ALPHA,
        "versions": {**versions(), "matplotlib": matplotlib.__version__},
    }
    figure.savefig(base.with_suffix(".png"), dpi=200)
    with Image.open(base.with_suffix(".png")) as image:  # a few inks on white: a palette makes it a third as large
        palette = image.convert("RGB").quantize(128)
    palette.save(base.with_suffix(".png"), optimize=True, dpi=(200, 200))
    figure.savefig(base.with_suffix(".pdf"), metadata={"CreationDate": None})
    np.savez(base.with_suffix(".npz"), **data)  # pyright: ignore[reportArgumentType]
    base.with_suffix(".json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    return [base.with_suffix(suffix) for suffix in (".png", ".pdf", ".npz", ".json")]


if __name__ == "__main__":
    sys.exit(main())
