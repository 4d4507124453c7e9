"""Files are there whole, or as they were before."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import DataError
from toolkit.files import cache_folder, replacing, sweep, write_atomically


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"\x00\xff\r\n", b"\x00\xff\r\n"),
        ("Übung\nline\r\n", "Übung\nline\r\n".encode()),
        ("half \ud83d pair", b"half ? pair"),
        ("", b""),
    ],
)
def test_the_file_holds_what_was_given(tmp_path, content, found):
    path = tmp_path / "a.txt"
    assert write_atomically(path, content) == path
    assert path.read_bytes() == found
    assert [item.name for item in tmp_path.iterdir()] == ["a.txt"]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back(text):
    with tempfile.TemporaryDirectory() as folder:
        assert write_atomically(Path(folder) / "x", text).read_bytes().decode() == text


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_a_new_file_has_the_permissions_of_any_other(tmp_path, mask):
    before = os.umask(mask)
    try:
        path = write_atomically(tmp_path / "a", "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o444])
def test_an_existing_file_keeps_its_permissions(tmp_path, mode):
    path = tmp_path / "a"
    path.write_text("old")
    path.chmod(mode)
    assert write_atomically(path, "new").read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_name_as_long_as_names_can_be(tmp_path):
    assert write_atomically(tmp_path / ("n" * 255), "x").read_text() == "x"


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.chmod", "pathlib.Path.replace"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_breaks_off_leaves_the_old_file_alone(tmp_path, monkeypatch, step, error):
    path = write_atomically(tmp_path / "a", "old")

    def fail(*_):
        raise error

    monkeypatch.setattr(step, fail)
    wanted = DataError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(wanted) as caught:
        write_atomically(path, "new")
    if wanted is DataError:
        assert "the disk is full (No space left on device). Free some space" in str(caught.value)
        assert caught.value.__cause__ is error
    assert path.read_text() == "old"
    assert [item.name for item in tmp_path.iterdir()] == ["a"]


def test_it_is_on_the_disk_before_it_takes_its_place(tmp_path, monkeypatch):
    steps = []
    fsync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda fd: (steps.append("fsync"), fsync(fd))[1])
    monkeypatch.setattr(Path, "replace", lambda s, t: (steps.append("replace"), replace(s, t))[1])
    write_atomically(tmp_path / "a", "x")
    assert steps == ["fsync", "replace"]


def test_places_that_cannot_be_written(tmp_path):
    with pytest.raises(
        DataError, match=r"none/a: cannot be written \(No such file.*folder that exists"
    ):
        write_atomically(tmp_path / "none" / "a", "x")
    (tmp_path / "b").mkdir()
    with pytest.raises(DataError, match=r"b: cannot be written \(Is a directory"):
        write_atomically(tmp_path / "b", "x")
    assert [item.name for item in tmp_path.iterdir()] == ["b"]


def test_a_block_that_fails_replaces_nothing(tmp_path):
    path = write_atomically(tmp_path / "a", "old")
    with pytest.raises(ValueError, match="stop"), replacing(path) as temporary:
        temporary.write_text("half")
        raise ValueError("stop")
    assert path.read_text() == "old"
    assert [item.name for item in tmp_path.iterdir()] == ["a"]


# --- leftovers -----------------------------------------------------------------------------------


def test_the_next_write_sweeps_old_temporary_files(tmp_path):
    old = [".writing-0123abcd.part", ".writing-ab_d1234.part", ".writing-0123abcd.tmp"]
    mine = [".writing-", ".writing-notes.part", "x.part", ".part", "a.tmp", ".writing-0123abcd.txt"]
    for name in (*old, *mine):
        (tmp_path / name).write_text("")
        os.utime(tmp_path / name, (time.time() - 3700,) * 2)
    young = tmp_path / ".writing-4567abcd.part"
    young.write_text("another process is at it")
    os.utime(young, (time.time() - 3500,) * 2)
    write_atomically(tmp_path / "a", "x")
    assert {item.name for item in tmp_path.iterdir()} == {"a", young.name, *mine}


def test_sweeping_follows_no_link_and_never_fails(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "treasure").mkdir()
    (tmp_path / "treasure" / "mine").write_text("x")
    link = inside / ".writing-0123abcd.part"
    link.symlink_to(tmp_path / "treasure")
    os.utime(link, (time.time() - 3700,) * 2, follow_symlinks=False)
    sweep(inside)
    sweep(tmp_path / "nowhere")
    assert not list(inside.iterdir())
    assert (tmp_path / "treasure" / "mine").exists()


def test_a_whole_folder_takes_its_place(tmp_path):
    with replacing(tmp_path / "new") as beside:
        beside.mkdir()
        (beside / "a").write_text("x")
        assert not (tmp_path / "new").exists()
    assert [str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*")] == ["new", "new/a"]


# --- the cache -----------------------------------------------------------------------------------


def test_the_cache_folder_is_the_users_or_the_variables(tmp_path, monkeypatch):
    assert cache_folder("vectors").is_relative_to(os.environ["PAPERSCOPE_CACHE"])
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PAPERSCOPE_CACHE", "~/answers")
    assert cache_folder("vectors") == tmp_path / "answers" / "vectors"
    monkeypatch.setenv("PAPERSCOPE_CACHE", "")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert cache_folder("vectors").is_relative_to(tmp_path)
    assert cache_folder("vectors").parts[-2:] == ("paperscope", "vectors")
    if sys.platform == "linux":
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
        assert cache_folder("vectors") == tmp_path / "xdg" / "paperscope" / "vectors"
    assert not list(tmp_path.iterdir()), "asking makes no folder"
