"""Settings of the documentation site: `make docs`."""

import os
import sys
import warnings
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "_ext"), str(HERE.parent)]

from figures import summary_scraper

import toolkit

project = "paperscope"
author = "the authors of paperscope"
copyright = f"{author}. MIT licence"
release = version = toolkit.__version__
language = "en"

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "myst_nb",
    "sphinx_gallery.gen_gallery",
    "sphinx_design",
    "sphinx_copybutton",
    "name_links",
    "executed_pages",
    "figures",
    "repository_files",
]
templates_path = ["_templates"]
html_static_path = ["_static"]
html_extra_path = ["_extra"]
exclude_patterns = [
    "_*",
    "**/.ipynb_checkpoints",
    "figures",
    "gallery/*.ipynb",
    "sg_execution_times.rst",
    "gallery/sg_execution_times.rst",
]
suppress_warnings = ["config.cache"]
nitpicky = True
#: Other packages, and our names that are not public (they have three dots), have no pages here.
nitpick_ignore_regex = [("py:.*", r"(?!toolkit\.).*"), ("py:.*", r"toolkit\.\w+\.\w+\.\w+")]
default_role = "public-name"

autosummary_generate = True
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
python_maximum_signature_line_length = 70
numpydoc_show_class_members = False
numpydoc_xref_param_type = False
numpydoc_validation_checks: set[str] = set()

myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist"]
myst_heading_anchors = 4
myst_links_external_new_tab = False
nb_execution_mode = os.environ.get("PAPERSCOPE_DOCS_EXECUTE", "cache")
nb_execution_cache_path = str(HERE.parent / ".cache" / "docs_notebooks")
nb_execution_in_temp = True
nb_execution_timeout = 600
nb_execution_raise_on_error = True
nb_merge_streams = True
#: Widgets need a running Python, or JavaScript of other hosts: pages show what stands beside.
nb_ipywidgets_js: dict[str, dict[str, str]] = {}
nb_mime_priority_overrides = [
    ("html", "application/vnd.jupyter.widget-view+json", None),
    ("html", "application/javascript", None),
]

sphinx_gallery_conf = {
    "examples_dirs": ["figures"],
    "gallery_dirs": ["gallery"],
    "filename_pattern": r"/plot_",
    "plot_gallery": os.environ.get("PAPERSCOPE_DOCS_EXECUTE") != "off",
    "backreferences_dir": "gallery/backreferences",
    "doc_module": ("toolkit",),
    "image_scrapers": (summary_scraper,),
    "reset_modules": ("matplotlib",),
    "within_subsection_order": "figures.ReadingOrder",
    "download_all_examples": False,
    "show_signature": False,
    "show_memory": False,
    "capture_repr": ("_repr_html_",),
    "min_reported_time": 1e9,
    "write_computation_times": False,
    "remove_config_comments": True,
    "copyfile_regex": r"",
    "notebook_extensions": set(),
}
warnings.filterwarnings("ignore", category=DeprecationWarning)

html_theme = "pydata_sphinx_theme"
html_title = "paperscope"
html_show_sourcelink = False
html_copy_source = False
html_css_files = ["site.css"]
html_js_files = [("site.js", {"defer": "defer"})]
html_context = {"default_mode": "auto"}
html_theme_options = {
    "navbar_align": "left",
    "navbar_end": ["theme-switcher"],
    "header_links_before_dropdown": 7,
    "show_toc_level": 2,
    "show_prev_next": True,
    "footer_start": ["copyright"],
    "footer_end": ["sphinx-version"],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "back_to_top_button": False,
    "navigation_with_keys": False,
}
html_sidebars = {"index": [], "install": []}
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
