"""Execute notebooks and write them with their outputs, free of anything that depends on where or when they ran.

Usage: python tools/notebooks.py [--quick] [--out FOLDER] [NOTEBOOK ...], by default all of notebooks/, in place. With
--quick the notebooks run fewer chains (COLLAPSE_QUICK=1). Exit status 1 if a cell fails or warns.
"""

import argparse
import base64
import io
import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from PIL import Image
from traitlets.config import Config

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = sorted((ROOT / "notebooks").glob("*.ipynb"))
LIMIT = 300_000
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def execute(path: Path, *, quick: bool) -> nbformat.NotebookNode:
    """The notebook after a run of all cells in a fresh kernel; CellExecutionError if one fails."""
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        # No personal profile, history or start-up file takes part.
        os.environ |= {"IPYTHONDIR": folder, "JUPYTER_RUNTIME_DIR": folder, "COLLAPSE_QUICK": str(int(quick))}
        os.environ["TQDM_DISABLE"] = "1"  # what bars print depends on timing
        os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
        os.environ.setdefault("JAX_PLATFORMS", "cpu")
        config = Config()
        if os.name == "posix":  # sockets in the folder rather than open ports
            config.ConnectionFileMixin.transport = "ipc"
            config.ConnectionFileMixin.connection_file = str(Path(folder) / "kernel.json")
        options = {"kernel_name": "python3", "timeout": 600, "resources": {"metadata": {"path": str(ROOT)}}}
        return NotebookClient(notebook, config=config, **options).execute()


def clean(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Only sources, outputs and their order; cells are numbered, so that a rerun makes a small difference."""
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for number, cell in enumerate(notebook.cells, 1):
        cell.metadata = nbformat.from_dict({})
        cell.id = f"cell-{number:02d}"
        if cell.cell_type == "code":
            cell.outputs = _merged(cell.outputs)
        for output in cell.get("outputs", []):
            if "metadata" in output:
                output.metadata = nbformat.from_dict({})
            if "image/png" in output.get("data", {}):
                output.data["image/png"] = _palette(output.data["image/png"])
    nbformat.validate(notebook)
    return notebook


def _merged(outputs: list) -> list:
    """Printed text arrives in pieces that depend on timing."""
    merged = []
    for output in outputs:
        if merged and output.get("name") and output.get("name") == merged[-1].get("name"):
            merged[-1].text += output.text
        else:
            merged.append(output)
    return merged


def _palette(png: str) -> str:
    """A few inks on white: a palette makes the picture a third as large."""
    stream = io.BytesIO()
    with Image.open(io.BytesIO(base64.b64decode(png))) as image:
        image.convert("RGB").quantize(128).save(stream, "PNG", optimize=True)
    return base64.b64encode(stream.getvalue()).decode() + "\n"


def complaints(notebook: nbformat.NotebookNode) -> list[str]:
    """Errors and warnings among the outputs, and code cells that were not run."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if cell.execution_count is None:
            found.append(f"{cell.id}: not executed")
        for output in cell.outputs:
            if output.output_type == "error":
                found.append(f"{cell.id}: {output.ename}: {output.evalue}")
            elif output.get("name") == "stderr":
                found.append(f"{cell.id}: {output.text.strip()}")
    return found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path, default=SHIPPED, metavar="NOTEBOOK")
    parser.add_argument("--quick", action="store_true", help="fewer chains")
    parser.add_argument("--out", type=Path, help="folder to write to instead of in place")
    parsed = parser.parse_args(arguments)
    failed = False
    for path in parsed.notebooks:
        try:
            notebook = clean(execute(path, quick=parsed.quick))
        except CellExecutionError as error:
            print(f"{path.name}: {error}", file=sys.stderr)
            failed = True
            continue
        text = nbformat.writes(notebook, indent=1) + "\n"
        found = complaints(notebook)
        if len(text) > LIMIT:
            found.append(f"{len(text):,} characters; draw fewer or smaller pictures, {LIMIT:,} are the limit")
        for line in found:
            print(f"{path.name}: {line}", file=sys.stderr)
        failed |= bool(found)
        if not found:
            target = (parsed.out or path.parent) / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            print(f"{target.name}: {len(text) // 1000} kB")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
