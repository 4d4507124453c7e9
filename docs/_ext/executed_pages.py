"""Tutorials and how-to pages are executed: notebooks copied here, a hidden first cell in each.

The hidden cell shows widgets as pictures, lays the example files of the how-to pages into the
folder, and names the state of the toolkit, so that a change of it makes the cached outputs old.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import myst_nb.sphinx_ext
from myst_nb.core.render import NbElementRenderer

DOCS = Path(__file__).resolve().parents[1]
ROOT = DOCS.parent
#: What a notebook says of its language, and a page of Markdown does not.
KERNEL = """\
kernelspec: {name: python3, display_name: Python 3}
language_info: {name: python, pygments_lexer: ipython3}
"""
#: What a notebook says of folded cells in JupyterLab.
LAB_FOLD = "click the blue bar on the left to open one"


def state_of_toolkit() -> str:
    """Return a hash of the toolkit's code and data: outputs of another state are not reused."""
    digest = hashlib.sha256()
    files = [*(ROOT / "toolkit").rglob("*.py"), *(ROOT / "data").rglob("*.json")]
    files += [DOCS / "_ext" / f"{name}.py" for name in ("example_files", "widget_pictures")]
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def hidden_cell(document: str, state: str) -> str:
    """Return the code of the first cell of a page."""
    files = "example_files.write('.')\n" if document.startswith("howto/") else ""
    return (
        f"import sys\nsys.path[:0] = [{str(ROOT)!r}, {str(DOCS / '_ext')!r}]  # {state}\n"
        f"import example_files, widget_pictures\nwidget_pictures.install()\n{files}"
    )


def fold_solutions(notebook: dict[str, Any]) -> None:
    """Fold the cells that JupyterLab folds, and say how they are opened here."""
    for cell in notebook["cells"]:
        tags = cell["metadata"].get("tags", [])
        if "solution" in tags:
            cell["metadata"]["tags"] = [*tags, "hide-cell"]
        elif cell["cell_type"] == "markdown":
            text = "".join(cell["source"])
            cell["source"] = text.replace(LAB_FOLD, "click one to open it")


def with_hidden_cell(document: str, text: str, state: str) -> str:
    """Return a page's source with the hidden cell in front."""
    code = hidden_cell(document, state)
    if not text.startswith("---"):
        notebook = json.loads(text)
        fold_solutions(notebook)
        cell = {
            "cell_type": "code", "id": "hidden", "source": code, "outputs": [],
            "execution_count": None, "metadata": {"tags": ["remove-cell"]},
        }  # fmt: skip
        notebook["cells"].insert(1, cell)
        return json.dumps(notebook)
    front, rest = text[4:].split("\n---\n", 1)
    cell = f"```{{code-cell}} python\n:tags: [remove-cell]\n{code}```"
    return f"---\n{front}\n{KERNEL}---\n\n{cell}\n{rest}"


def write_explorer_page(state: str, sample: str) -> None:
    """Write the explorer of a sample as a page, unless it is there already."""
    import toolkit

    folder = DOCS / "_extra"
    folder.mkdir(exist_ok=True)
    page, mark = folder / "explorer.html", f"<!-- {sample} {state} -->"
    if page.exists() and page.read_text(encoding="utf-8").endswith(mark):
        return
    papers = toolkit.load_sample(sample)
    toolkit.Explorer(papers, toolkit.fit_topics(papers)).to_html(page, prose=False)
    with page.open("a", encoding="utf-8") as opened:
        opened.write(mark)


def _copy_notebooks(app: Any) -> None:
    """Bring the notebooks into the tree that Sphinx reads."""
    target = DOCS / "tutorials"
    sources = sorted((ROOT / "notebooks").glob("*.ipynb"))
    for old in target.glob("*.ipynb"):
        if old.name not in {path.name for path in sources}:
            old.unlink()
    for path in sources:
        copy = target / path.name
        if not copy.exists() or copy.read_bytes() != path.read_bytes():
            shutil.copyfile(path, copy)


def _quiet_kernels() -> None:
    """Keep progress bars out, and the note that kernels listen on this machine."""
    folder = ROOT / ".cache" / "ipython"
    profile = folder / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"IPKernelApp": {"log_level": 40}})
    (profile / "ipython_kernel_config.json").write_text(text)
    os.environ["IPYTHONDIR"] = str(folder)
    os.environ["TQDM_DISABLE"] = "1"


def _source(app: Any, document: str, content: list[str]) -> None:
    text = content[0]
    notebook = document.startswith("tutorials/") and (DOCS / f"{document}.ipynb").exists()
    if notebook or "file_format: mystnb" in text[:60]:
        content[0] = with_hidden_cell(document, text, app.toolkit_state)


def _with_alt(render: Any) -> Any:
    """Give images the alternative text that their output names; MyST-NB reads width and height."""

    def render_image(self: Any, data: Any) -> Any:
        images = render(self, data)
        alt = data.output_metadata.get(data.mime_type, {}).get("alt")
        for image in images if alt else ():
            image["alt"] = alt
        return images

    return render_image


def setup(app: Any) -> dict[str, bool]:
    """Copy the notebooks before the pages are looked for."""
    NbElementRenderer.render_image = _with_alt(NbElementRenderer.render_image)
    app.toolkit_state = state_of_toolkit()
    executes = app.config.nb_execution_mode != "off"
    write_explorer_page(app.toolkit_state, "hf-papers" if executes else "trending-page")
    _copy_notebooks(app)
    _quiet_kernels()
    # Beside the site, and not where one sees it.
    myst_nb.sphinx_ext.OUTPUT_FOLDER = ".cache/executed_pages"
    app.connect("source-read", _source)
    return {"parallel_read_safe": True}
