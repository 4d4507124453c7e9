"""The project holds together: environments agree, the import is light, names are what they say."""

from __future__ import annotations

import importlib
import inspect
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import toolkit

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
#: conda-forge's names where they differ from PyPI's.
CONDA_NAMES = {"igraph": "python-igraph"}


def split(requirement: str) -> tuple[str, str]:
    """Split 'dask[dataframe]>=2025.1' into name and bounds."""
    match = re.fullmatch(r"([A-Za-z0-9_-]+)(?:\[[^\]]*\])?(.*)", requirement.strip())
    assert match, requirement
    return CONDA_NAMES.get(match[1].lower(), match[1].lower()), match[2].strip()


def conda_requirements() -> dict[str, str]:
    lines = (ROOT / "environment.yml").read_text().splitlines()
    items = [m[1] for line in lines if (m := re.match(r"\s*- ([a-z][^:]*)$", line))]
    return dict(split(item) for item in items if item not in ("conda-forge", "nodefaults"))


def test_conda_environment_agrees_with_pyproject():
    extras = PROJECT["optional-dependencies"]
    wanted = dict(map(split, [*PROJECT["dependencies"], *extras["transformers"], *extras["dask"]]))
    found = conda_requirements()
    assert found.pop("python") == PROJECT["requires-python"]
    assert {"pip", "pytorch-cpu"} <= found.keys()
    del found["pip"], found["pytorch-cpu"]
    assert found == wanted


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_hold_every_dependency_and_no_address(name: str):
    text = (ROOT / name).read_text()
    pins = set(re.findall(r"^([a-z0-9_.-]+)==", text, re.MULTILINE))
    needed = list(PROJECT["dependencies"])
    if "dev" in name:
        needed += PROJECT["optional-dependencies"]["dev"]
    for requirement in needed:
        plain = re.split(r"[\[<>=]", requirement)[0].lower()
        assert plain in pins, f"{plain} is not locked: run scripts/lock.sh"
    assert "://" not in text
    assert not {"torch", "sentence-transformers"} & pins


def test_light_lock_is_part_of_the_dev_lock():
    light, dev = (
        set(re.findall(r"^\S+==\S+", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert light <= dev


def test_import_loads_nothing_heavy():
    code = "import sys, json, toolkit; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in json.loads(done.stdout)}
    heavy = {"pandas", "numpy", "matplotlib", "bertopic", "ipywidgets", "sklearn", "scipy"}
    assert not loaded & heavy


def public_names() -> list[str]:
    """Return the names of `toolkit` that are no rooms."""
    return [name for name in toolkit.__all__ if not inspect.ismodule(getattr(toolkit, name))]


def test_public_names_are_few_sorted_and_documented():
    assert toolkit.__all__ == sorted(toolkit.__all__)
    assert 30 <= len(public_names()) <= 75
    for name in public_names():
        assert inspect.getdoc(getattr(toolkit, name)), f"{name} has no docstring"


def test_rooms_do_not_hide_public_names():
    stub = (Path(toolkit.__file__).with_name("__init__.pyi")).read_text()
    names = set(re.findall(r"^from \.[\w.]+ import (\w+)", stub, re.MULTILINE))
    for room in Path(toolkit.__file__).parent.glob("*/__init__.py"):
        importlib.import_module(f"toolkit.{room.parent.name}")
    assert names == set(public_names())


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nonsense"):
        toolkit.nonsense  # noqa: B018


def test_parameters_after_the_first_are_keyword_only():
    # A second table counts as a first; so does a folder or path, a column, a service or a query.
    tables = {"papers", "topics", "labels", "vectors", "new", "folder", "path", "links", "log"}
    tables |= {"column", "query", "service", "library"}
    for name in public_names():
        thing = getattr(toolkit, name)
        if inspect.isclass(thing):
            continue
        parameters = list(inspect.signature(thing).parameters.values())
        for parameter in parameters[1:]:
            assert parameter.kind is not parameter.VAR_KEYWORD, f"{name} takes **kwargs"
            if parameter.name not in tables and name != "load":
                assert parameter.kind is parameter.KEYWORD_ONLY, f"{name}({parameter.name})"


def test_no_machine_path_and_no_registry_address_in_the_project():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    if not listed:
        pytest.skip("not a git checkout")
    forbidden = re.compile("/ro" + r"ot/|/wo" + r"rk/|/ho" + r"me/\w+/|files\.pythonho" + "sted")
    for name in listed:
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".yml", ".ipynb", ".json", ".js", ".sh", ".lock"}:
            found = forbidden.search(path.read_text())
            assert not found, f"{name}: {found and found[0]}"


def test_notebooks_are_stripped_short_and_have_their_parts():
    import nbformat

    paths = sorted((ROOT / "notebooks").glob("*.ipynb"))
    assert paths
    for path in paths:
        notebook = nbformat.read(path, as_version=4)
        assert len(notebook.cells) <= 25, path.name
        first = notebook.cells[0].source.lower()
        for word in ("goals", "prerequisites", "minutes"):
            assert word in first, f"{path.name}: the first cell does not say {word}"
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        for cell in code:
            assert not cell.outputs, f"{path.name}: outputs are not stripped"
            assert cell.execution_count is None, path.name
            lines = [line for line in cell.source.splitlines() if line.strip()]
            assert len(lines) <= 6, f"{path.name}:\n{cell.source}"
        assert any("assert" in cell.source for cell in code), f"{path.name}: nothing is asserted"
