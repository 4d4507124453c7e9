"""Exports that are followed: read when they are new or changed, told when they cannot be read."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kill_updates import content

import toolkit
from toolkit.errors import DataError
from toolkit.updates import files, following
from toolkit.updates.command import main
from toolkit.updates.following import FILE, read_following, write_following
from toolkit.updates.updating import run_update

MONDAYS = ("2024-06-10", "2024-06-17", "2024-06-24")
OLD = 1_700_000_000


def save(path: Path, numbers: range | list[int], *, settled: bool = True, **more: str) -> Path:
    """Write an export of some papers, long ago unless it is not `settled`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fields = "".join(f"{tag}  - {value}\n" for tag, value in more.items())
    records = [
        f"TY  - JOUR\nTI  - Study {n} of lanterns\nPY  - 2024\nDO  - 10.1234/{n}\n{fields}ER  - \n"
        for n in numbers
    ]
    path.write_text("\n".join(records), encoding="utf-8")
    if settled:
        os.utime(path, (OLD + max(numbers), OLD + max(numbers)))
    return path


def ids(numbers: range | list[int]) -> list[str]:
    return [f"doi:10.1234/{n}" for n in numbers]


@pytest.fixture
def mine(tmp_path) -> Path:
    """A folder that follows a folder of one export beside it."""
    save(tmp_path / "alerts" / "week 1.ris", range(3))
    toolkit.follow(tmp_path / "mine", "files", tmp_path / "alerts")
    return tmp_path / "mine"


@pytest.fixture
def read(monkeypatch) -> list[str]:
    """The names of the files that are loaded, while a test runs."""
    loaded: list[str] = []

    def load(source, **more) -> pd.DataFrame:
        loaded.extend(path.name for path in source.values())
        return toolkit.load(source, **more)

    monkeypatch.setattr(files, "load", load)
    return loaded


def test_weeks_of_alerts(mine, tmp_path, read) -> None:
    first = toolkit.update(mine, today=MONDAYS[0])
    assert first["paper_id"].tolist() == ids(range(3))
    assert first["origin"].tolist() == ["../alerts/week 1.ris"] * 3
    assert first["arrived"].eq(pd.Timestamp(MONDAYS[0])).all()
    queries = toolkit.follow(mine)
    assert queries[["service", "query", "until"]].values.tolist() == [
        ["files", "../alerts", MONDAYS[0]]
    ]
    # One paper is in both; its gap is filled, and your own column stays.
    papers = toolkit.load_collection(mine).assign(note="read")
    toolkit.save_collection(papers, mine)
    save(tmp_path / "alerts" / "2024" / "week 2.ris", [2, 3], T2="Journal of Lanterns")
    second = toolkit.update(mine, today=MONDAYS[1])
    assert read == ["week 1.ris", "week 2.ris"]
    assert second["paper_id"].tolist() == ids([3])
    assert second["origin"].tolist() == ["../alerts/2024/week 2.ris"]
    kept = toolkit.load_collection(mine)
    assert kept["venue"].fillna("").tolist() == ["", "", *["Journal of Lanterns"] * 2]
    assert kept["note"].tolist()[:3] == ["read"] * 3
    text = (mine / "pages" / f"{MONDAYS[1]}.md").read_text(encoding="utf-8")
    assert "1 paper came since 2024-06-10." in text
    assert "../alerts: all that is there" in text and "not answered" not in text


def test_twice_in_a_row_changes_nothing(mine, tmp_path, read) -> None:
    for _ in range(2):
        toolkit.update(mine, today=MONDAYS[0])
    before = content(mine)
    # Neither a new time nor a file just written makes a difference.
    os.utime(tmp_path / "alerts" / "week 1.ris", (OLD + 9, OLD + 9))
    assert len(toolkit.update(mine, today=MONDAYS[0])) == 3
    assert content(mine) == before and read == ["week 1.ris"]
    save(tmp_path / "alerts" / "week 2.ris", [7], settled=False)
    toolkit.update(mine, today=MONDAYS[1])
    before = content(mine)
    assert [one.mtime == 0 for one in read_following(mine).queries[0].seen] == [False, True]
    assert len(toolkit.update(mine, today=MONDAYS[1])) == 1
    assert content(mine) == before and read == ["week 1.ris", "week 2.ris"]


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are UTF-16 or UTF-8 there")
def test_a_name_that_is_no_utf8_stops_nothing(mine, tmp_path, read) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path / "alerts") + b"/week \xff.ris"))
    save(odd, [7])
    assert toolkit.load(odd)["origin"].tolist() == [r"week \udcff.ris"]
    new = toolkit.update(mine, today=MONDAYS[0])
    assert new["origin"].tolist() == ["../alerts/week 1.ris"] * 3 + [r"../alerts/week \udcff.ris"]
    assert toolkit.load_collection(mine)["origin"].tolist() == new["origin"].tolist()
    del read[:]
    toolkit.update(mine, today=MONDAYS[1])
    assert read == [], "it is remembered"
    before = content(mine)
    with pytest.raises(DataError, match="its name is no UTF-8"):
        toolkit.follow(mine, "files", odd)
    with pytest.raises(DataError, match="not names of sources"):
        toolkit.load({"\udcff": odd})
    assert content(mine) == before


def test_many_files_and_changes_can_be_remembered(mine, monkeypatch) -> None:
    toolkit.update(mine, today=MONDAYS[0])
    old = read_following(mine)
    seen = tuple(files.Seen(f"../alerts/{n:080}.ris", 9, OLD, "0" * 64) for n in range(30_000))
    many = replace(old, queries=(replace(old.queries[0], seen=seen),))
    write_following(mine, many)
    assert read_following(mine) == many
    # What could not be read again is not written.
    monkeypatch.setattr(following, "_MOST_BYTES", 1_000_000)
    write_following(mine, old)
    with pytest.raises(DataError, match="more files and changes than can be remembered"):
        write_following(mine, many)
    assert read_following(mine) == old


def test_a_changed_file_is_read_again(mine, tmp_path, read) -> None:
    toolkit.update(mine, today=MONDAYS[0])
    # Of the same size.
    save(tmp_path / "alerts" / "week 1.ris", [0, 1, 5])
    assert toolkit.update(mine, today=MONDAYS[1])["paper_id"].tolist() == ids([5])
    # What stood there no longer stays in the collection.
    assert len(toolkit.load_collection(mine)) == 4 and len(read) == 2


def test_a_removed_file_removes_nothing(mine, tmp_path, read) -> None:
    toolkit.update(mine, today=MONDAYS[0])
    (tmp_path / "alerts" / "week 1.ris").unlink()
    assert toolkit.update(mine, today=MONDAYS[1]).empty
    assert len(toolkit.load_collection(mine)) == 3
    assert read_following(mine).queries[0].seen == ()
    # A folder that is gone is told: its drive may be away.
    (tmp_path / "alerts").rmdir()
    with pytest.warns(UserWarning, match=r"files: \.\./alerts: .*there is no such file or folder"):
        toolkit.update(mine, today=MONDAYS[2])
    assert toolkit.follow(mine)["until"].tolist() == [MONDAYS[1]]
    assert len(toolkit.load_collection(mine)) == 3


def test_a_missing_folder_forgets_nothing(mine, tmp_path, read) -> None:
    toolkit.update(mine, today=MONDAYS[0])
    (tmp_path / "alerts").rename(tmp_path / "away")
    with pytest.warns(UserWarning, match="no such file or folder"):
        toolkit.update(mine, today=MONDAYS[1])
    (tmp_path / "away").rename(tmp_path / "alerts")
    assert toolkit.update(mine, today=MONDAYS[2]).empty and read == ["week 1.ris"]


def test_a_damaged_file_costs_no_other(mine, tmp_path, read) -> None:
    damaged = tmp_path / "alerts" / "a damaged one.csv"
    damaged.write_bytes(b"\x1f\x8b\x08\x00 no archive")
    save(tmp_path / "alerts" / "week 2.ris", [3])
    for n in (4, 0):
        with pytest.warns(UserWarning, match=r"files: \.\./alerts: .*a damaged one\.csv"):
            new = toolkit.update(mine, today=MONDAYS[0])
        assert len(new) == 4, n
    # The others are not read again for it.
    assert read.count("week 1.ris") == read.count("week 2.ris") == 1
    text = (mine / "pages" / f"{MONDAYS[0]}.md").read_text(encoding="utf-8")
    assert "not answered in full yet; it is asked again" in text
    save(damaged, [9])
    assert len(toolkit.update(mine, today=MONDAYS[0])) == 5
    assert toolkit.follow(mine)["until"].tolist() == [MONDAYS[0]]
    assert "not answered" not in (mine / "pages" / f"{MONDAYS[0]}.md").read_text(encoding="utf-8")


def test_records_that_cannot_be_read_are_told_once(mine, tmp_path) -> None:
    path = save(tmp_path / "alerts" / "week 1.ris", range(3))
    path.write_text(path.read_text().replace("TI  - Study 1 of lanterns\n", ""))
    with pytest.warns(UserWarning, match=r"week 1\.ris: 1 of 3 records cannot be read"):
        assert len(toolkit.update(mine, today=MONDAYS[0])) == 2
    assert len(toolkit.update(mine, today=MONDAYS[0])) == 2


def test_where_files_may_be(tmp_path, monkeypatch) -> None:
    mine = tmp_path / "[new] mine"
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x" / "deep").mkdir(parents=True)
    save(mine / "alerts" / "a.ris", [1])
    save(tmp_path / "b.ris", [2])
    save(tmp_path / "c [1].ris", [3])
    save(tmp_path / "week; 1.ris", [4])
    shutil.move(mine / "alerts", tmp_path / "kept")
    shutil.rmtree(mine)
    for given_path in ("b.ris", "./c [1].ris", "week; *.ris"):
        toolkit.follow(mine, "files", given_path)
    shutil.move(tmp_path / "kept", mine / "alerts")
    for given_path in (mine / "alerts", "[[]new] mine/alerts/"):
        toolkit.follow(mine, "files", given_path)
    toolkit.follow(mine, "files", f"{tmp_path.parent}/none*.ris")
    # Two spellings of a folder with brackets are a pattern and a path.
    assert toolkit.follow(mine)["query"].tolist()[:4] == [
        "../b.ris",
        "../c [1].ris",
        "../week; *.ris",
        "alerts",
    ]
    toolkit.unfollow(mine, "files", f"{tmp_path.parent}/none*.ris")
    monkeypatch.chdir(tmp_path / "x" / "deep")
    new = toolkit.update(mine, today=MONDAYS[0])
    assert sorted(new["paper_id"]) == ids([1, 2, 3, 4])
    assert "../week, 1.ris" in set(new["origin"])
    assert toolkit.unfollow(mine, "files", "../../b.ris")["query"].tolist()[0] == "../c [1].ris"
    assert toolkit.unfollow(mine, "files", "../c [1].ris")["query"].tolist()[0] == "../week; *.ris"
    with pytest.raises(DataError, match="this query is not followed"):
        toolkit.unfollow(mine, "files", "nowhere.ris")


def test_a_folder_far_away_is_remembered_whole(tmp_path) -> None:
    far = save(tmp_path / "far" / "a.ris", [1])
    toolkit.follow(tmp_path / "x" / "mine", "files", far.parent)
    assert toolkit.follow(tmp_path / "x" / "mine")["query"].tolist() == [far.parent.as_posix()]
    new = toolkit.update(tmp_path / "x" / "mine", today=MONDAYS[0])
    # No path of this machine stands among the papers.
    assert new["origin"].tolist() == ["a.ris"]


@pytest.mark.parametrize("sub", [".", "mine"])
def test_the_folder_does_not_follow_itself(mine, tmp_path, read, sub) -> None:
    toolkit.update(mine, today=MONDAYS[0])
    if sub == "mine":
        with pytest.raises(DataError, match="argument 'query': a collection cannot follow itself"):
            toolkit.follow(mine, "files", mine)
        return
    other = tmp_path / "other"
    toolkit.save_collection(toolkit.load(save(tmp_path / "b.ris", [8])), other)
    toolkit.follow(mine, "files", tmp_path)
    toolkit.update(mine, today=MONDAYS[0])
    before = content(mine)
    assert read == ["week 1.ris", "week 1.ris", "b.ris", "other"]
    toolkit.update(mine, today=MONDAYS[0])
    assert content(mine) == before and len(read) == 4
    assert len(toolkit.load_collection(mine)) == 4


@pytest.mark.parametrize("wrong", [None, "", " ", 3, "a\nb"])
def test_what_is_no_path(tmp_path, wrong) -> None:
    with pytest.raises(DataError, match="argument 'query': not a path"):
        toolkit.follow(tmp_path / "mine", "files", wrong)
    with pytest.raises(DataError, match="there is no such file or folder"):
        toolkit.follow(tmp_path / "mine", "files", tmp_path / "none")
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize(
    "seen",
    [
        3,
        [3],
        [{}],
        [{"path": "a", "size": "3", "mtime": 3, "sha256": ""}],
        [{"path": 3, "size": 3, "mtime": 3, "sha256": ""}],
    ],
)
def test_damaged_entries_are_told(mine, seen) -> None:
    text = json.loads((mine / FILE).read_text())
    text["queries"][0]["seen"] = seen
    (mine / FILE).write_text(json.dumps(text))
    with pytest.raises(DataError, match=r"following\.json"):
        toolkit.update(mine, today=MONDAYS[0])


def test_large_exports_are_read_whole(mine, tmp_path) -> None:
    save(tmp_path / "alerts" / "all.ris", range(1200))
    assert len(toolkit.update(mine, today=MONDAYS[0])) == 1200
    assert toolkit.follow(mine)["until"].tolist() == [MONDAYS[0]]


def test_the_command(mine, tmp_path, capfd, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    save(tmp_path / "more" / "a.ris", [7])
    assert main(["follow", "mine", "files", "more/"]) == 0
    assert main(["update", "mine", "--today", MONDAYS[0]]) == 0
    out = capfd.readouterr().out
    assert "files: ../alerts: 3 papers\n" in out and "files: ../more: 1 paper\n" in out
    (tmp_path / "more" / "b.ris").write_bytes(b"%PDF-1.7")
    assert main(["update", "mine", "--quiet", "--today", MONDAYS[0]]) == 1
    assert capfd.readouterr().err.startswith("toolkit: files: ../more: ")
    assert main(["unfollow", "mine", "files", "more"]) == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_updates_are_finished_by_the_next(mine, tmp_path) -> None:
    # Inside the folder, so that the copies that are killed have files of their own.
    toolkit.update(mine, today=MONDAYS[0])
    save(mine / "alerts" / "week 2.ris", range(2, 6))
    toolkit.follow(mine, "files", mine / "alerts")
    (tmp_path / "work").mkdir()
    shutil.copytree(tmp_path / "alerts", tmp_path / "work" / "alerts")
    here = Path(__file__).resolve()
    run = subprocess.run(
        [
            *(sys.executable, "-W", "ignore", here.with_name("kill_updates.py")),
            *(mine, tmp_path / "work", MONDAYS[1], "7"),
        ],
        capture_output=True,
        text=True,
        timeout=500,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([".", *sys.path]), "OMP_NUM_THREADS": "1"},
        cwd=here.parents[1],
    )
    assert run.returncode == 0, run.stderr[-3000:]
    found = json.loads(run.stdout.splitlines()[-1])
    assert found["wrong"] == [] and found["kills"] >= 2
    assert f"pages/{MONDAYS[1]}.html" in found["files"]


@pytest.mark.slow
@settings(max_examples=25)
@given(
    weeks=st.lists(
        st.tuples(
            st.sampled_from(["new", "change", "remove", "damage", "touch", "nothing"]),
            st.integers(0, 3),
            st.booleans(),  # the change is recent
        ),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_happens_to_the_files(weeks, tmp_path_factory) -> None:
    place, day = tmp_path_factory.mktemp("weeks"), pd.Timestamp(MONDAYS[0])
    alerts, chance, expected, number = place / "alerts", random.Random(0), set(range(2)), 2
    save(alerts / "0.ris", range(2))
    toolkit.follow(place / "mine", "files", alerts)
    for what, later, recent in weeks:
        day += pd.Timedelta(days=later)
        there = sorted(alerts.iterdir())
        path = chance.choice(there) if there else alerts / "0.ris"
        if what == "remove":
            path.unlink(missing_ok=True)
        elif what == "damage":
            path.write_bytes(b"%PDF-1.7")
        elif what == "touch" and there:
            path.touch()
        elif what in ("new", "change"):
            path = alerts / f"{number}.ris" if what == "new" else path
            save(path, [number], settled=not recent)
            expected.add(number)
            number += 1
        damaged = any(one.read_bytes() == b"%PDF-1.7" for one in alerts.iterdir())
        outcome = run_update(place / "mine", today=day.date())
        assert bool(outcome.failed) == damaged
        before = content(place / "mine")
        run_update(place / "mine", today=day.date())
        assert content(place / "mine") == before
        kept = set(toolkit.load_collection(place / "mine")["paper_id"])
        assert kept <= set(ids(sorted(expected)))
        assert {f"doi:10.1234/{n}" for n in range(2, number)} <= kept
