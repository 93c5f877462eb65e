"""Sphinx reads the sources that `python -m proofs_check.site` writes; `make docs` runs both."""

from pathlib import Path

from docutils.nodes import SkipNode

import collapse_jax
from proofs_check.render import mathml

project = "collapse_jax"
author = "The collapse_jax developers"
release = version = collapse_jax.__version__
copyright = ""
html_show_copyright = html_show_sphinx = False

extensions = ["myst_nb"]
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb"}
nb_execution_mode = "off"  # the notebooks hold their outputs, which a test renews
myst_enable_extensions = ["dollarmath", "deflist", "amsmath"]
myst_heading_anchors = 4
myst_links_external_new_tab = False

html_theme = "furo"
html_title = "collapse_jax"
html_static_path = [str(Path(collapse_jax.__file__).parent.parent / "proofs_check" / "site" / "theme")]
html_css_files = ["site.css"]
html_js_files = [("filter.js", {"defer": "defer"})]
html_extra_path = []
html_copy_source = False
html_show_sourcelink = False
html_show_search_summary = False  # it would ask for pages, which a browser refuses in a folder
html_math_renderer = "native"
html_theme_options = {"navigation_with_keys": False, "top_of_page_buttons": []}
pygments_style, pygments_dark_style = "tango", "monokai"
suppress_warnings = ["misc.highlighting_failure"]


def _inline(self, node):
    self.body.append(mathml(node.astext(), display="inline"))
    raise SkipNode


def _block(self, node):
    self.body.append(f'<div class="math" tabindex="0">{mathml(node.astext())}</div>')
    raise SkipNode


def setup(app):
    app.add_html_math_renderer("native", (_inline, None), (_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
