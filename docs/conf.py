"""How the documentation is built; see ``make docs``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from generated_parts import fill

import backchannel

project = "Backchannel"
author = "The Backchannel authors"
version = release = backchannel.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinxcontrib.bibtex"]
exclude_patterns = ["_build"]
suppress_warnings = ["config.cache"]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
bibtex_bibfiles = ["references.bib"]
bibtex_reference_style = "author_year"
bibtex_default_style = "plain"
autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_class_signature = "separated"
autodoc_default_options = {"exclude-members": "__init__, __new__"}
html_theme = "furo"
html_title = f"Backchannel {release}"
html_copy_source = False
html_show_copyright = False
html_theme_options = {
    "light_css_variables": {"code-font-size": "78%"},
    "dark_css_variables": {"code-font-size": "78%"},
}


def setup(app):
    """Let pages ask for what is generated from the code."""
    app.connect("source-read", fill)
