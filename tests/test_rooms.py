"""The rooms of toolkit/ keep their rules, and scripts/check_rooms.py finds what breaks them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))
import check_rooms  # noqa: E402

FLOORS = (("errors",), ("papers",), ("topics",))


def make(folder: Path, sources: dict[str, str]) -> Path:
    """Write a small toolkit: {"room/module": source} makes toolkit/room/module.py."""
    package = folder / "toolkit"
    plain = {"__init__": "", "errors": "", "papers/__init__": "", "topics/__init__": ""}
    for name, source in (plain | sources).items():
        path = package / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    return package


def test_the_toolkit_keeps_the_rules():
    assert check_rooms.find_problems(ROOT / "toolkit") == []


def test_contributing_shows_the_rooms_as_they_are():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert check_rooms.draw(ROOT / "toolkit") in text, "run scripts/check_rooms.py --write"
    assert check_rooms.check_table(text, ROOT / "toolkit") == []


def test_a_good_toolkit_has_no_problems_and_its_picture_shows_the_floors(tmp_path: Path):
    sources = {
        "papers/schema": "from toolkit.errors import DataError",
        "topics/topics": "from toolkit.papers.schema import check\nimport numpy\n"
        "from toolkit.topics.tree import cut",
        "topics/tree": "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from toolkit.topics.topics import TopicModel",
    }
    package = make(tmp_path, sources)
    assert check_rooms.find_problems(package, FLOORS) == []
    assert check_rooms.draw(package, FLOORS) == ("2  topics\n1  papers\n0  errors")
    package = make(tmp_path, {"topics/tree": "import toolkit.text", "text": ""})
    floors = (("errors", "text"), *FLOORS[1:])
    assert check_rooms.draw(package, floors).splitlines()[0] == "2  topics  ◄─ text"


@pytest.mark.parametrize(
    ("sources", "problem"),
    [
        (
            {"papers/schema": "import toolkit.topics.tree", "topics/tree": ""},
            "toolkit.papers.schema, line 1: imports toolkit.topics.tree, "
            "which is not on a floor below",
        ),
        (
            {"papers/a": "from toolkit.papers import b", "papers/b": "import toolkit.papers.a"},
            "import circle: toolkit.papers.a → toolkit.papers.b → toolkit.papers.a",
        ),
        (
            {"topics/tree": "def f():\n    from toolkit.errors import DataError"},
            "toolkit.topics.tree, line 2: imports toolkit.errors inside a function",
        ),
        (
            {"topics/tree": "from toolkit import load"},
            "toolkit.topics.tree, line 1: imports the public face, toolkit",
        ),
        ({"topics/tree": '"""A tree."""\n' + "\n" * 330}, "toolkit.topics.tree: 331 lines"),
        ({"maps/plane": "", "maps/__init__": ""}, "room maps: not in FLOORS"),
        ({f"loose{i}": "" for i in range(4)}, "5 loose modules, more than 4"),
        ({f"room{i}/__init__": "" for i in range(29)}, "31 packages, more than 30"),
    ],
)
def test_each_broken_rule_is_found(tmp_path: Path, sources: dict[str, str], problem: str):
    found = check_rooms.find_problems(make(tmp_path, sources), FLOORS)
    assert any(one.startswith(problem) for one in found), found


def test_a_module_with_heavy_imports_may_say_that_it_is_imported_late(tmp_path: Path):
    late = '"""A model.\n\nImported late because BERTopic takes seconds.\n"""\nimport bertopic'
    fit = "def fit():\n    from toolkit.topics.model import Model"
    package = make(tmp_path, {"topics/model": late, "topics/fitting": fit})
    assert check_rooms.find_problems(package, FLOORS) == []


def test_a_long_module_may_say_why(tmp_path: Path):
    package = make(tmp_path, {"topics/tree": '"""A tree.\n\nLong because of x.\n"""' + "\n" * 400})
    assert check_rooms.find_problems(package, FLOORS) == []


def test_a_module_that_the_table_forgets_repeats_or_invents_is_named(tmp_path: Path):
    package = make(tmp_path, {"papers/schema": "", "topics/tree": ""})
    table = (
        "| you want to change … | room | in it |\n|---|---|---|\n"
        "| a column | `papers/` | `schema.py`, `types.py` |\n"
        "| its checks | `papers/` | `schema.py` |\n"
        "| errors | `toolkit/` | `errors.py` |\n"
    )
    assert check_rooms.check_table(table, package) == [
        "toolkit/topics/tree.py: in no row of the table",
        "toolkit/papers/types.py: in the table, not there",
        "toolkit/papers/schema.py: in more than one row of the table",
    ]
