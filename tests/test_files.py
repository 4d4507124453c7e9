"""Files are there whole, or as they were before."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import DataError
from toolkit.files import replacing, write_atomically


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
