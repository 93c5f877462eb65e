"""Write the sources of the site: `python -m proofs_check.site FOLDER [WORKERS]`, in a clone of the repository."""

import sys
from pathlib import Path

from proofs_check.site.contents import Contents
from proofs_check.site.plots import plots
from proofs_check.site.written import all_pages, write


def main() -> None:
    """Write the sources into the folder named on the command line."""
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    drawn = plots(folder.parent / "plots", int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    pages, pictures = all_pages(Contents.of(Path.cwd()), lambda claim: drawn[claim.id])
    write(folder, pages, pictures)
    print(f"{len(pages)} sources in {folder}")


if __name__ == "__main__":
    main()
