"""The site: pages written from docstrings, records of papers, claims and the ledger; Sphinx makes HTML of them.

`python -m proofs_check.site docs/_build/source` writes the sources, `make docs` the whole. One module per kind of page:
`start`, `guide`, `reference`, `choosing`, `papers`, `statements`, `table`, `map`, `figures`, `copied`.
"""

from proofs_check.site.contents import Contents

__all__ = ["Contents"]
