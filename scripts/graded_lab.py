"""The graded lab on planted truth: hand out, grade, with nbgrader.

    .venv/bin/python scripts/graded_lab.py handout students.txt   # names → course/handout/
    .venv/bin/python scripts/graded_lab.py grade                  # → course/grades.csv

Everybody gets an own collection; what was planted in it stays in ``course/truth/``. The questions
and their solutions are in ``teaching/planted_truth.ipynb``; its hidden tests call `score` below.
How to use it in a class: docs/teaching.md.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import secrets
import shutil
import sys
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

import toolkit

ROOT = Path(__file__).resolve().parents[1]
LAB = ROOT / "teaching" / "planted_truth.ipynb"
ASSIGNMENT = "planted_truth"
#: The submitted notebooks and the tables of the handout are graded in here, and nothing else.
RECEIVED = "received"
#: Where the hidden tests find what was planted; the folder they run in bears the student's name.
TRUTH = "LAB_TRUTH"
LABELLED = 60
NAMES = ("a", "b", "c")


# --- what is planted ------------------------------------------------------------------------------


def plant(seed: int) -> tuple[dict[str, pd.DataFrame], pd.DataFrame, dict[str, Any]]:
    """Return the tables that a student gets, the truth of each paper, and the facts.

    The tables: `papers`, `labels` (60 papers looked at by hand) and three small collections, of
    which one has topics.
    """
    draw = np.random.default_rng(seed)
    n_topics = int(draw.integers(5, 9))
    rising, falling = (int(topic) for topic in draw.choice(n_topics, 2, replace=False))
    planted = toolkit.plant_collection(
        n_papers=700,
        n_topics=n_topics,
        trends={rising: 0.12, falling: -0.12},
        code_rates=float(draw.uniform(0.45, 0.7)),
        silent=0.35,
        seed=int(draw.integers(2**31)),
    )
    labels = planted.truth.sample(LABELLED, random_state=int(draw.integers(2**31)))
    tables = {
        "papers": planted.papers,
        "labels": labels[["paper_id"]].assign(code=labels["has_code"]),
    }
    which = str(draw.choice(NAMES))
    for name in NAMES:
        blur = 0.2 if name == which else 1.0
        small = toolkit.plant_collection(n_papers=200, blur=blur, seed=int(draw.integers(2**31)))
        tables[name] = small.papers
    facts = {"n_topics": n_topics, "rising": rising, "falling": falling, "which": which}
    return tables, planted.truth, facts


def solve(tables: dict[str, pd.DataFrame]) -> dict[str, dict[str, Any]]:
    """Return the answers of one who uses the toolkit as the notebooks teach it."""
    papers = tables["papers"]
    with warnings.catch_warnings(action="ignore"):
        topics = toolkit.fit_topics(papers)
        verdicts = toolkit.trend_verdicts(toolkit.topic_trends(papers, topics))
        rate = toolkit.corrected_availability(papers, tables["labels"]).iloc[0]
        solid = {}
        for name in NAMES:
            model = toolkit.fit_topics(tables[name])
            card = toolkit.check_topics(model, tables[name], refits=10, progress=False)
            solid[name] = card["verdict"].eq("solid").mean()
    moving = verdicts.set_index("topic")["verdict"]
    found = topics.papers[["paper_id", "topic"]]
    return {
        "number": {"n_topics": len(topics.topics)},
        "topics": {"found": found},
        "trends": {
            "found": found,
            "rising": moving.index[moving == "rising"].tolist(),
            "falling": moving.index[moving == "falling"].tolist(),
        },
        "rate": {"share": rate["corrected"], "low": rate["low"], "high": rate["high"]},
        "which": {"with_topics": max(solid, key=lambda name: solid[name])},
    }


# --- points ---------------------------------------------------------------------------------------


def score_number(truth: pd.DataFrame, facts: dict[str, Any], *, n_topics: int) -> float:
    """Return 2 points for the planted number, 1 for one more or less."""
    return max(0, 2 - abs(int(n_topics) - int(facts["n_topics"])))


def score_topics(truth: pd.DataFrame, facts: dict[str, Any], *, found: pd.DataFrame) -> float:
    """Return 4 points for an adjusted Rand index of 0.8 or more, else in proportion to it."""
    both = _with_truth(found, truth)
    agreement = adjusted_rand_score(both["planted"], both["topic"])
    return 4.0 if agreement >= 0.8 else round(max(0.0, 4 * agreement / 0.8), 1)


def score_trends(
    truth: pd.DataFrame,
    facts: dict[str, Any],
    *,
    found: pd.DataFrame,
    rising: Iterable[int],
    falling: Iterable[int],
) -> float:
    """Return 2 points for exactly the topic that rises, 2 for the one that falls.

    A topic that was found counts as the planted one that most of its papers are of.
    """
    both = _with_truth(found, truth)
    planted = both.groupby("topic")["planted"].agg(lambda topics: topics.mode()[0])
    points = 0.0
    for name, given in (("rising", rising), ("falling", falling)):
        points += 2.0 * ({int(planted.get(topic, -1)) for topic in given} == {facts[name]})
    return points


def score_rate(
    truth: pd.DataFrame, facts: dict[str, Any], *, share: float, low: float, high: float
) -> float:
    """Return 2 points for an interval that covers the share, 1 if it is narrow, 1 for the share.

    Narrow is 35 points or less, and counts only where the interval covers; the share may be off by
    12 points.
    """
    real = float(truth["has_code"].mean())
    covers = low <= real <= high
    return 2.0 * covers + 1.0 * (covers and high - low <= 0.35) + 1.0 * (abs(share - real) <= 0.12)


def score_which(truth: pd.DataFrame, facts: dict[str, Any], *, with_topics: str) -> float:
    """Return 2 points for the one collection of three that has topics."""
    return 2.0 * (with_topics == facts["which"])


#: The questions, their most points, and what counts the points.
QUESTIONS: dict[str, tuple[int, Callable[..., float]]] = {
    "number": (2, score_number),
    "topics": (4, score_topics),
    "trends": (4, score_trends),
    "rate": (4, score_rate),
    "which": (2, score_which),
}


def _with_truth(found: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Return the planted and the found topic of every paper; -1 where none was given."""
    planted = truth[["paper_id", "topic"]].rename(columns={"topic": "planted"})
    both = planted.merge(found[["paper_id", "topic"]], on="paper_id", how="left", validate="1:1")
    return both.assign(topic=both["topic"].fillna(-1))


def score(question: str, **answers: Any) -> float:
    """Return the points for an answer of the student in whose folder this runs; a hidden test.

    nbgrader takes the last value of a cell for points, if it prints as a number. No point at all is
    an error, which the feedback page shows.
    """
    folder = Path(os.environ[TRUTH]) / Path.cwd().parent.name
    truth = pd.read_parquet(folder / "truth.parquet")
    facts = json.loads((folder / "facts.json").read_text())
    most, count = QUESTIONS[question]
    points = float(count(truth, facts, **answers))
    assert points > 0, f"not what was planted: 0 of {most} points"
    return points


# --- a class --------------------------------------------------------------------------------------


def handout(names: list[str], course: Path) -> None:
    """Write each student's folder, and keep the truth; those who have one already keep it."""
    wrong = [name for name in names if not name or set(name) & set("/\\:.+ ")]
    if wrong or len(set(names)) < len(names):
        raise SystemExit(f"names must differ and hold no blanks, points, +, / or \\: {wrong}")
    release(course)
    for name in names:
        target, kept = course / "handout" / name, course / "truth" / name
        if (kept / "facts.json").exists():
            continue
        tables, truth, facts = _fair_draw()
        target.mkdir(parents=True, exist_ok=True)
        kept.mkdir(parents=True, exist_ok=True)
        shutil.copy(course / "release" / ASSIGNMENT / LAB.name, target)
        for table, content in tables.items():
            content.to_parquet(target / f"{table}.parquet", index=False)
        truth.to_parquet(kept / "truth.parquet", index=False)
        (kept / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
        print(f"{name}: {target}", flush=True)


def _fair_draw() -> tuple[dict[str, pd.DataFrame], pd.DataFrame, dict[str, Any]]:
    """Return a drawn collection on which careful work gets all points: chance decides no grade."""
    for _ in range(40):
        tables, truth, facts = plant(secrets.randbits(62))
        answers = solve(tables)
        if all(
            count(truth, facts, **answers[name]) == most
            for name, (most, count) in QUESTIONS.items()
        ):
            return tables, truth, facts
    raise SystemExit("no draw of 40 can be solved: has fit_topics or trend_verdicts changed?")


def release(course: Path) -> None:
    """Let nbgrader make the students' notebook: without solutions and hidden tests."""
    source = course / "source" / ASSIGNMENT
    source.mkdir(parents=True, exist_ok=True)
    shutil.copy(LAB, source)
    answer = _nbgrader(course).generate_assignment(ASSIGNMENT)
    if not answer["success"]:
        raise SystemExit(answer["error"] or answer["log"])


def grade(course: Path) -> Path:
    """Grade what is in submitted/NAME/planted_truth/; write grades.csv and feedback pages."""
    students = {path.parent.name for path in (course / "truth").glob("*/facts.json")}
    shutil.rmtree(course / RECEIVED, ignore_errors=True)
    for name in sorted(path.name for path in (course / "submitted").glob("*")):
        submitted = course / "submitted" / name / ASSIGNMENT / LAB.name
        linked = any(path.is_symlink() for path in (submitted, *submitted.parents[:2]))
        if name not in students or linked or not submitted.is_file():
            raise SystemExit(
                f"expected submitted/NAME/{ASSIGNMENT}/{LAB.name}, a file and no link, of a "
                f"student with a handout; found {course / 'submitted' / name}"
            )
        # The notebook alone: a module of theirs could take the place of the one that grades.
        received = course / RECEIVED / name / ASSIGNMENT
        received.mkdir(parents=True)
        shutil.copyfile(submitted, received / LAB.name)
        for table in (course / "handout" / name).glob("*.parquet"):
            shutil.copy(table, received)
    os.environ[TRUTH] = str((course / "truth").resolve())
    paths = [str(ROOT / "scripts"), str(ROOT), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    api = _nbgrader(course)
    rows = []
    for name in sorted(api.get_submitted_students(ASSIGNMENT)):
        answer = api.autograde(ASSIGNMENT, name, create=True, force=True)
        if not answer["success"]:
            rows.append({"student": name, "question": "all", "points": 0, "of": _most()})
            print(f"{name}: could not be graded: {answer['error'] or answer['log'][-500:]}")
            continue
        rows += _points(api, name)
        api.generate_feedback(ASSIGNMENT, name)
    with (course / "grades.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["student", "question", "points", "of"])
        writer.writeheader()
        writer.writerows(rows)
    return course / "grades.csv"


def _points(api: Any, name: str) -> list[dict[str, Any]]:
    """Return the points of each question and their sum."""
    with api.gradebook as book:
        submission = book.find_submission(ASSIGNMENT, name)
        grades = [one for notebook in submission.notebooks for one in notebook.grades]
        rows = [
            {"student": name, "question": one.name, "points": one.score, "of": one.max_score}
            for one in sorted(grades, key=lambda one: list(QUESTIONS).index(one.name))
        ]
    total = sum(row["points"] for row in rows)
    print(f"{name}: {total:g} of {_most()} points", flush=True)
    return [*rows, {"student": name, "question": "all", "points": total, "of": _most()}]


def _most() -> int:
    return sum(most for most, _ in QUESTIONS.values())


def _nbgrader(course: Path) -> Any:
    """Return nbgrader's programming interface on a course folder."""
    try:
        from nbgrader.apps import NbGraderAPI
    except ImportError:
        raise SystemExit("nbgrader is missing: .venv/bin/python -m pip install nbgrader") from None
    from traitlets.config import Config

    course.mkdir(parents=True, exist_ok=True)
    # nbgrader calls `alembic` by its name, also where the environment was not activated.
    bin_folder = str(Path(sys.executable).parent)
    if bin_folder not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = bin_folder + os.pathsep + os.environ["PATH"]
    config = Config()
    config.CourseDirectory.root = str(course.resolve())
    config.CourseDirectory.course_id = "lab"
    config.CourseDirectory.submitted_directory = RECEIVED
    config.ExecutePreprocessor.timeout = 300
    # Kernels listen on this machine only; their warning about it alarms readers.
    config.ExecutePreprocessor.extra_arguments = ["--IPKernelApp.log_level=40"]
    warnings.filterwarnings("ignore", module="nbgrader")  # of its own calls of SQLAlchemy
    config.Exchange.root = str((course / "exchange").resolve())
    return NbGraderAPI(config=config)


def main() -> None:
    """Read the command line."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--course", type=Path, default=ROOT / "course", help="the class's folder")
    actions = ask.add_subparsers(dest="action", required=True)
    first = actions.add_parser("handout", help="a folder for each student, and the truth kept")
    first.add_argument("students", type=Path, help="a text file, one name a line")
    actions.add_parser("grade", help="grade submitted/NAME/planted_truth/planted_truth.ipynb")
    given = ask.parse_args()
    if given.action == "handout":
        if not given.students.is_file():
            raise SystemExit(f"no such file: {given.students}; expected one with a name a line")
        names = given.students.read_text(encoding="utf-8").split("\n")
        handout([name.strip() for name in names if name.strip()], given.course)
    else:
        print(grade(given.course))


if __name__ == "__main__":
    sys.exit(main())
