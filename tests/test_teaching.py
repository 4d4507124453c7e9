"""What teachers use: the graded lab, from the handout to the points."""

from __future__ import annotations

import csv
import importlib
import json
import os
import re
from pathlib import Path
from types import ModuleType

import nbformat
import pandas as pd
import pytest

import toolkit

ROOT = Path(__file__).resolve().parents[1]


def script(name: str) -> ModuleType:
    """Import a script of scripts/, which finds its neighbours as if it were run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "scripts"))
        return importlib.import_module(name)


@pytest.fixture(scope="module")
def lab() -> ModuleType:
    return script("graded_lab")


#: Ten papers of three planted topics; six have code.
TRUTH = pd.DataFrame(
    {
        "paper_id": [f"title:{number}" for number in range(10)],
        "topic": [0, 0, 0, 0, 1, 1, 1, 2, 2, 2],
        "has_code": [True] * 6 + [False] * 4,
    }
)
FACTS = {"n_topics": 3, "rising": 1, "falling": 2, "which": "b"}


def found(*topics: int) -> pd.DataFrame:
    return TRUTH[["paper_id"]].assign(topic=topics)


# --- points, counted by hand ----------------------------------------------------------------------


@pytest.mark.parametrize(("n_topics", "points"), [(3, 2), (2, 1), (4, 1), (5, 0), (12, 0)])
def test_the_number_of_topics(lab, n_topics, points):
    assert lab.score_number(TRUTH, FACTS, n_topics=n_topics) == points


def test_topics_by_their_agreement(lab):
    # The same groups under other names, in another order.
    whole = found(7, 7, 7, 7, 0, 0, 0, 3, 3, 3).iloc[::-1]
    assert lab.score_topics(TRUTH, FACTS, found=whole) == 4
    # Topics 1 and 2 as one. Pairs of 45: planted 6 + 3 + 3 = 12, found 6 + 15 = 21, both 12.
    # Expected 12 * 21 / 45 = 5.6; (12 - 5.6) / (16.5 - 5.6) = 0.587; 4 * 0.587 / 0.8 = 2.9.
    merged = found(0, 0, 0, 0, 1, 1, 1, 1, 1, 1)
    assert lab.score_topics(TRUTH, FACTS, found=merged) == 2.9
    assert lab.score_topics(TRUTH, FACTS, found=found(*range(10))) == 0  # all alone: no pair
    # Papers that were not given count as one topic of their own, not as right.
    assert lab.score_topics(TRUTH, FACTS, found=whole.iloc[:3]) < 4


def test_trends_need_the_planted_topic_alone(lab):
    given = found(5, 5, 5, 5, 8, 8, 8, 6, 6, 8)  # 8 is mostly planted topic 1, 6 is topic 2
    trends = {"found": given, "rising": [8], "falling": [6]}
    assert lab.score_trends(TRUTH, FACTS, **trends) == 4
    assert lab.score_trends(TRUTH, FACTS, **{**trends, "rising": [8, 5]}) == 2
    assert lab.score_trends(TRUTH, FACTS, **{**trends, "falling": []}) == 2
    assert lab.score_trends(TRUTH, FACTS, **{**trends, "rising": [6], "falling": [8]}) == 0


@pytest.mark.parametrize(
    ("share", "low", "high", "points"),
    [
        (0.58, 0.45, 0.75, 4),  # covers 0.6, is 0.3 wide, 0.02 off
        (0.58, 0.1, 0.9, 3),  # covers, but is wide
        (0.3, 0.25, 0.35, 0),  # what abstracts link: narrow, but misses
        (0.5, 0.45, 0.55, 1),  # near enough, but the interval misses
        (0.0, 0.0, 1.0, 2),  # says nothing, and covers
    ],
)
def test_the_share_of_code(lab, share, low, high, points):
    assert lab.score_rate(TRUTH, FACTS, share=share, low=low, high=high) == points


def test_the_collection_with_topics(lab):
    assert lab.score_which(TRUTH, FACTS, with_topics="b") == 2
    assert lab.score_which(TRUTH, FACTS, with_topics="a") == 0


def test_the_score_is_of_the_student_in_whose_folder_it_runs(lab, tmp_path, monkeypatch):
    kept = tmp_path / "truth" / "ada"
    kept.mkdir(parents=True)
    TRUTH.to_parquet(kept / "truth.parquet")
    (kept / "facts.json").write_text(json.dumps(FACTS))
    (tmp_path / "autograded" / "ada" / "lab").mkdir(parents=True)
    monkeypatch.setenv("LAB_TRUTH", str(tmp_path / "truth"))
    monkeypatch.chdir(tmp_path / "autograded" / "ada" / "lab")
    points = lab.score("number", n_topics=4)
    assert points == 1
    assert type(points) is float  # nbgrader gives all points for what prints as no number
    with pytest.raises(AssertionError, match="0 of 2 points"):
        lab.score("number", n_topics=9)


# --- what is planted ------------------------------------------------------------------------------


def test_what_is_planted(lab):
    tables, truth, facts = lab.plant(3)
    again, _, _ = lab.plant(3)
    other, _, _ = lab.plant(4)
    assert tables["papers"].equals(again["papers"])
    assert not tables["papers"]["title"].equals(other["papers"]["title"])
    assert len(tables["papers"]) == 700
    assert truth["topic"].nunique() == facts["n_topics"]
    assert facts["rising"] != facts["falling"]
    labels = tables["labels"].merge(truth[["paper_id", "has_code"]], on="paper_id")
    assert len(labels) == 60
    assert (labels["code"] == labels["has_code"]).all()
    # Nothing that students get says more than a real collection would.
    assert set(tables["papers"].columns) <= set(toolkit.load_sample("trending-page").columns)
    assert list(tables["labels"].columns) == ["paper_id", "code"]


@pytest.mark.parametrize("names", [["a/b"], [".."], ["ada", "ada"], ["ada lovelace"]])
def test_names_that_are_no_folders_are_refused(lab, names, tmp_path):
    with pytest.raises(SystemExit, match="names must differ"):
        lab.handout(names, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_submission_in_the_wrong_place_is_named(lab, tmp_path):
    kept = tmp_path / "truth" / "ada"
    kept.mkdir(parents=True)
    (kept / "facts.json").write_text("{}")
    for name in ("ada", "eve"):  # no notebook where it should be; no handout
        (tmp_path / "submitted" / name).mkdir(parents=True)
        with pytest.raises(SystemExit, match=f"found .*submitted.{name}"):
            lab.grade(tmp_path)
        (tmp_path / "submitted" / name).rmdir()


# --- a class, from the handout to the points ------------------------------------------------------

WRONG = {
    "number": "n_topics = 8",
    "topics": 'found = papers[["paper_id"]].assign(topic=range(len(papers)))',
    "trends": "rising, falling = [], []",
    "rate": "share, low, high = 0.0, 0.0, 1.0",
    "which": 'with_topics = "none"',
}


@pytest.fixture(scope="module")
def course(lab, tmp_path_factory) -> Path:
    """A class of three: one right, one wrong, one who hands in nothing but the empty notebook."""
    pytest.importorskip("nbgrader")
    course = tmp_path_factory.mktemp("course")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("PATH", "PYTHONPATH"):
            patch.setenv(name, os.environ.get(name, ""))
        patch.setenv("LAB_TRUTH", "")
        lab.handout(["right", "wrong", "empty"], course)
        solution = nbformat.read(ROOT / "teaching" / "planted_truth.ipynb", 4)
        right = {question(cell): cell.source for cell in solution.cells if question(cell)}
        for name, answers in (("right", right), ("wrong", WRONG), ("empty", {})):
            notebook = nbformat.read(course / "handout" / name / "planted_truth.ipynb", 4)
            for cell in notebook.cells:
                cell.source = answers.get(question(cell), cell.source)
            submitted = course / "submitted" / name / "planted_truth"
            submitted.mkdir(parents=True)
            nbformat.write(notebook, submitted / "planted_truth.ipynb")
        # Neither takes the place of what grades, nor is written through a link.
        cheat = course / "submitted" / "empty" / "planted_truth"
        (cheat / "graded_lab.py").write_text("def score(*args, **kwargs):\n    return 4\n")
        (course / "precious.txt").write_text("mine")
        (cheat / "papers.parquet").symlink_to(course / "precious.txt")
        lab.grade(course)
    return course


def question(cell: nbformat.NotebookNode) -> str:
    """Return the question that a cell answers, or an empty text."""
    name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
    return name.removeprefix("answer-") if name.startswith("answer-") else ""


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_class_gets_its_points(course):
    with (course / "grades.csv").open(encoding="utf-8", newline="") as file:
        points = {
            (row["student"], row["question"]): float(row["points"]) for row in csv.DictReader(file)
        }
    assert [points["right", one] for one in ("number", "topics", "trends", "rate", "which")] == [
        2, 4, 4, 4, 2,
    ]  # fmt: skip
    assert points["right", "all"] == 16
    facts = json.loads((course / "truth" / "wrong" / "facts.json").read_text())
    assert points["wrong", "number"] == max(0, 2 - abs(8 - facts["n_topics"]))
    assert points["wrong", "rate"] == 2  # 0 to 1 covers everything
    assert [points["wrong", one] for one in ("topics", "trends", "which")] == [0, 0, 0]
    assert points["empty", "all"] == 0
    assert (course / "feedback" / "right" / "planted_truth" / "planted_truth.html").is_file()
    assert (course / "precious.txt").read_text() == "mine"


def test_a_link_in_place_of_a_notebook_is_refused(lab, tmp_path):
    (tmp_path / "truth" / "ann").mkdir(parents=True)
    (tmp_path / "truth" / "ann" / "facts.json").write_text("{}")
    submitted = tmp_path / "submitted" / "ann" / "planted_truth"
    submitted.mkdir(parents=True)
    (submitted / "planted_truth.ipynb").symlink_to(ROOT / "teaching" / "planted_truth.ipynb")
    with pytest.raises(SystemExit, match="a file and no link"):
        lab.grade(tmp_path)


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_students_get_neither_solutions_nor_the_truth(course):
    files = {path.name for path in (course / "handout").rglob("*") if path.is_file()}
    tables = {f"{name}.parquet" for name in ("papers", "labels", "a", "b", "c")}
    assert files == {"planted_truth.ipynb"} | tables
    text = (course / "handout" / "right" / "planted_truth.ipynb").read_text(encoding="utf-8")
    assert "YOUR CODE HERE" in text
    assert not [
        word for word in ("HIDDEN", "graded_lab", "fit_topics(papers)", "SOLUTION") if word in text
    ]
    both = [
        pd.read_parquet(course / "handout" / name / "papers.parquet") for name in ("right", "wrong")
    ]
    assert not both[0]["title"].equals(both[1]["title"])


# --- copies without solutions, slides -------------------------------------------------------------

FIGURE = [
    nbformat.v4.new_output("display_data", data={"image/png": "iVBORw0KGgo=", "text/plain": "plot"})
]


@pytest.fixture
def notebook() -> nbformat.NotebookNode:
    v4 = nbformat.v4
    return v4.new_notebook(cells=[
        v4.new_markdown_cell("# Title\nOne goal.\n## Question\nWhat *is* it?"),
        v4.new_code_cell("x = 1 < 2"),
        v4.new_code_cell("x", outputs=[v4.new_output("stream", text="True")]),
        v4.new_code_cell("plot(x)", outputs=FIGURE),
        v4.new_code_cell("print(x)"),
        v4.new_markdown_cell("**Look for** it"),
        v4.new_code_cell("answer = 2", metadata={"tags": ["solution"]}),
        v4.new_code_cell("more = 3", metadata={"tags": ["solution"]}),
        v4.new_markdown_cell("The last cell checks."),
        v4.new_code_cell("y = answer\nassert x\nassert not x - y"),
        v4.new_code_cell("%matplotlib inline"),
    ])  # fmt: skip


def test_slides_begin_at_texts_and_figures(notebook):
    slides = script("make_slides").slides_of(notebook)
    assert [[cell.source.split("\n")[0] for cell in cells] for cells in slides] == [
        ["# Title"],
        ["## Question", "x = 1 < 2", "x"],
        ["plot(x)"],
        ["print(x)"],
        ["**Look for** it", "%matplotlib inline"],
    ]


def test_slides_need_no_network(notebook):
    page = script("make_slides").page_of(notebook, "a <name>")
    assert page.count("<section") == 5
    assert "<title>a &lt;name&gt;</title>" in page
    assert "x = 1 < 2".replace("<", "&lt;") in re.sub(r"</?span[^>]*>", "", page)
    assert "data:image/png;base64,iVBORw0KGgo=" in page
    assert not re.findall(r"""(?:src|href)=["']?(?!#|data:)[^"' >]+""", page)
    assert not re.findall(r"@import|url\((?!data:)", page)
    assert not [text for text in ("answer = 2", "assert", "checks") if text in page]


def test_a_note_stands_for_a_widget(notebook):
    data = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/plain": "Map(…)"}
    notebook.cells[1].outputs = [nbformat.v4.new_output("display_data", data=data)]
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    page = script("make_slides").page_of(notebook, "a")
    assert "(interactive: run this cell in JupyterLab)" in page
    assert "widget" not in page and page.count("<script") == 1
    assert "widgets" in notebook.metadata, "the notebook itself is as it was"


def test_copies_have_an_empty_cell_for_each_solution(notebook):
    copy = script("student_notebooks").without_solutions(notebook)
    assert [cell.source.split("\n")[0] for cell in copy.cells[4:]] == [
        "print(x)", "**Look for** it", "# Your answer", "# Your answer", "%matplotlib inline"
    ]  # fmt: skip
    assert notebook.cells[7].source == "more = 3", "the notebook itself is as it was"


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem)
def test_every_notebook_has_exercises_and_folded_solutions(path):
    notebook = nbformat.read(path, 4)
    solutions = [c for c in notebook.cells if "solution" in c.metadata.get("tags", [])]
    assert len(solutions) >= 2
    assert all(cell.cell_type == "code" for cell in solutions)
    assert all(cell.metadata.get("jupyter", {}).get("source_hidden") for cell in solutions)
    assert any("## Exercises" in cell.source for cell in notebook.cells)
