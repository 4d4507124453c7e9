"""The documentation site: its tree is whole, and the code of its how-to pages runs."""

from __future__ import annotations

import ast
import inspect
import json
import re
import shutil
import sys
import warnings
from pathlib import Path

import pytest

import toolkit
from toolkit.papers.columns import COLUMNS, OPTIONAL

DOCS = Path(__file__).resolve().parents[1] / "docs"
HOW_TO = sorted(
    path
    for path in DOCS.glob("*/*.md")
    if "file_format: mystnb" in path.read_text(encoding="utf-8")[:60]
)
#: Fit topics of thousands of papers, or many times.
SLOW = {"class", "scopus", "trends", "topics", "corrected", "survival"}
FENCE = re.compile(
    r"^```(\{code-cell\} )?python\n(?:---\n.*?^---\n|(?::.*\n)*)(.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
sys.path.append(str(DOCS / "_ext"))


def blocks(path: Path) -> list[tuple[bool, str]]:
    """Return the code of a page, each with whether the site runs it; lines as in the file."""
    text = path.read_text(encoding="utf-8")
    found = [(m, "\n" * text.count("\n", 0, m.start(2))) for m in FENCE.finditer(text)]
    return [(bool(m[1]), before + m[2]) for m, before in found]


def calls(code: str) -> list[tuple[str, list[str], int]]:
    """Return the calls of the toolkit in a block: name, keywords, number of positional ones."""
    nodes = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    named = [(ast.unparse(node.func), node) for node in nodes]
    return [
        (name, [word.arg or "" for word in node.keywords], len(node.args))
        for name, node in named
        if re.fullmatch(r"toolkit(\.\w+)+", name)
    ]


@pytest.fixture(scope="module")
def example_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import example_files

    folder = tmp_path_factory.mktemp("examples")
    example_files.write(folder)
    return folder


@pytest.mark.parametrize(
    "path",
    [pytest.param(p, marks=[pytest.mark.slow] * (p.stem in SLOW), id=p.stem) for p in HOW_TO],
)
def test_the_code_of_a_how_to_page_runs(
    path: Path, example_files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    shutil.copytree(example_files, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    executed = [code for runs, code in blocks(path) if runs]
    assert executed
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for code in executed:
            exec(compile(code, str(path), "exec"), names)


@pytest.mark.parametrize("path", [*HOW_TO, DOCS / "scale.md"], ids=lambda path: path.stem)
def test_calls_that_need_a_service_have_right_names_and_arguments(path: Path):
    for _, code in blocks(path):
        for name, keywords, positional in calls(code):
            function = toolkit
            for part in name.split(".")[1:]:
                function = getattr(function, part)
            inspect.signature(function).bind(*[None] * positional, **dict.fromkeys(keywords))


def test_every_public_name_stands_in_the_reference_once():
    from public_names import public_names

    pages = [path.read_text(encoding="utf-8") for path in (DOCS / "reference").glob("*.md")]
    listed = re.findall(r"^   (toolkit\.[\w.]+)$", "\n".join(pages), re.MULTILINE)
    assert sorted(listed) == sorted(public_names())


def test_the_public_names_of_the_rooms_are_found():
    from public_names import full_name, public_names, short_names

    names = public_names()
    assert {"toolkit.fit_topics", "toolkit.rates.compare_groups", "toolkit.report"} <= names.keys()
    assert "toolkit.topics.fit_topics" not in names
    public = short_names()
    assert full_name("fit_topics", public) == "toolkit.fit_topics"
    assert full_name("rates.compare_groups", public) == "toolkit.rates.compare_groups"
    assert full_name("TopicModel.save", public) == "toolkit.TopicModel.save"
    assert full_name("toolkit.topics.fit_topics", public) == "toolkit.fit_topics"
    assert full_name("trends.fit_topics", public) is None
    assert full_name("by", public) is None


def test_the_page_of_the_papers_table_names_each_column_with_its_type():
    text = (DOCS / "reference" / "papers_table.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `(\w+)` \| (\w+) \|", text, re.MULTILINE))
    types = {"datetime64[us]": "datetime", "binary[pyarrow]": "binary"}
    wanted = {**COLUMNS, **OPTIONAL}
    assert told == {name: types.get(kind, kind) for name, kind in wanted.items()}
    assert list(told)[: len(COLUMNS)] == list(COLUMNS)


def test_solutions_of_the_notebooks_are_folded_on_the_site():
    pytest.importorskip("myst_nb", reason="needs the optional group docs")
    from executed_pages import LAB_FOLD, with_hidden_cell

    path = DOCS.parent / "notebooks" / "00_start_here.ipynb"
    text = path.read_text(encoding="utf-8")
    assert LAB_FOLD in text
    page = with_hidden_cell("tutorials/00_start_here", text, "state")
    assert LAB_FOLD not in page
    tags = [cell["metadata"].get("tags", []) for cell in json.loads(page)["cells"]]
    solutions = [one for one in tags if "solution" in one]
    assert solutions
    assert all("hide-cell" in one for one in solutions)


def test_each_page_of_the_tree_is_there_and_in_the_tree():
    pages = [p for p in DOCS.rglob("*.md") if not {"_extra", "made"} & set(p.parts)]
    listed = {DOCS / "index.md"}
    for page in pages:
        for tree in re.findall(r"^```\{toctree\}\n(.*?)^```", page.read_text(), re.DOTALL | re.M):
            for entry in re.findall(r"^(?!:)(\S+)$", tree, re.MULTILINE):
                found = {path.resolve() for path in page.parent.glob(f"{entry}.md")}
                assert found or "*" in entry or entry == "gallery/index", (page, entry)
                listed |= found
    assert set(pages) <= listed


def test_problems_of_a_site_are_found(tmp_path: Path):
    from check_site import find_problems

    (tmp_path / "style.css").write_text("@font-face { src: url('https://fonts.example/a.woff') }")
    (tmp_path / "b.html").write_text("<h1 id='here'>B</h1><script src='style.css'></script>")
    (tmp_path / "a.html").write_text(
        "<a href='b.html#here'></a><a href='#'></a><a href='https://other.example/'></a>"
        "<img alt='a map' src='data:image/png;base64,AA=='>"
    )
    assert find_problems(tmp_path) == ["style.css: asset of another host"]
    (tmp_path / "style.css").write_text("h1 { color: red }")
    (tmp_path / "a.html").write_text(
        "<a href='b.html#there'></a><a href='c.html'></a><img src='b.html'>"
        "<script src='https://cdn.example/x.js'></script><link rel='stylesheet' href='gone.css'>"
    )
    assert find_problems(tmp_path) == [
        "a.html: image without alternative text: b.html",
        "a.html: asset https://cdn.example/x.js",
        "a.html: asset gone.css",
        "a.html: link b.html#there",
        "a.html: link c.html",
    ]
