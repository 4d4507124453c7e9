"""The public face is typed: checkers see real signatures, and `import toolkit` stays quick."""

from __future__ import annotations

import getpass
import inspect
import pydoc
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jedi
import pytest

import toolkit

ROOT = Path(toolkit.__file__).parents[1]
#: Programs for mypy, and what it must say of each line that ends in a comment.
PROGRAM = """
import pandas as pd
import toolkit
from toolkit import TopicModel, find_links

papers: pd.DataFrame = toolkit.load_sample("trending-page")
merged, merges = toolkit.deduplicate(papers)
topics: TopicModel = toolkit.fit_topics(merged, n_topics=3)
label: str = toolkit.methods_paragraph(topics)
axes = toolkit.plot_trends(toolkit.topic_trends(papers, topics), limit=3)
axes.set_title(label)
find_links(papers)[["paper_id", "url"]]

toolkit.fit_topics(papers, n_topcis=3)  # wrong: Unexpected keyword argument "n_topcis"
toolkit.load(3)  # wrong: Argument 1 to "load" has incompatible type "int"
toolkit.fit_topic(papers)  # wrong: Module has no attribute "fit_topic"
toolkit.fit_topics(papers, 3)  # wrong: Too many positional arguments
number: int = toolkit.load_sample("trending-page")  # wrong: Incompatible types in assignment
topics.rename({1: 2})  # wrong: Dict entry 0 has incompatible type
"""


def public() -> dict[str, Any]:
    """Return the public names that are no rooms."""
    things = {name: getattr(toolkit, name) for name in toolkit.__all__}
    return {name: thing for name, thing in things.items() if not inspect.ismodule(thing)}


def public_functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the public functions, and the public methods of public classes that are our own."""
    for name, thing in public().items():
        if not inspect.isclass(thing):
            yield name, thing
            continue
        for owner in thing.__mro__:
            for method, function in vars(owner).items():
                ours = inspect.isfunction(function) and owner.__module__.startswith("toolkit.")
                if ours and (method == "__init__" or not method.startswith("_")):
                    yield f"{name}.{method}", function


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Let mypy read the program, and the type of each public name; return what it says by line."""
    names = [name for name in public() if not inspect.isclass(public()[name])]
    program = PROGRAM + "\n".join(f"reveal_type(toolkit.{name})" for name in names) + "\n"
    path = tmp_path_factory.mktemp("typed") / "program.py"
    path.write_text(program)
    # Kept between runs of the tests, so that only the first one takes long.
    cache = Path(tempfile.gettempdir()) / f"toolkit-mypy-{getpass.getuser()}"
    options = ["--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(cache)]
    options += ["--follow-imports=silent", "--no-pretty", "--no-error-summary"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, str(path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert not done.stderr, done.stderr
    lines = [""] * (program.count("\n") + 1)
    for number, text in re.findall(r"program\.py:(\d+): (.*)", done.stdout):
        lines[int(number)] += text + "\n"
    return lines


def test_a_wrong_call_fails_in_mypy_and_a_right_one_passes(said: list[str]):
    for number, line in enumerate(PROGRAM.splitlines(), start=1):
        _, _, wanted = line.partition("# wrong: ")
        assert wanted in said[number] if wanted else not said[number], (line, said[number])


def test_mypy_sees_the_signature_of_every_public_function(said: list[str]):
    revealed = [text for text in said if "Revealed type" in text]
    assert len(revealed) >= 30
    for text in revealed:
        assert re.search(r'Revealed type is "(def|Overload\(def)', text), text
        assert not re.search(r"(: |-> )Any( =|,|\)|\"|$)", text), text
    [fit] = [text for text in revealed if "n_topics: int | None =, seed: int =, vectors" in text]
    assert re.search(r"-> toolkit\.topics\.\w+\.TopicModel", fit)


def test_no_parameter_and_no_result_is_any_or_without_a_type():
    for name, function in public_functions():
        signature = inspect.signature(function)
        told = {one.name: one.annotation for one in signature.parameters.values()}
        told["return"] = signature.return_annotation
        told.pop("self", None)
        for part, annotation in told.items():
            assert annotation is not inspect.Parameter.empty, f"{name}, {part}: no type"
            kinds = str(annotation).split(" | ")
            assert "Any" not in kinds and "typing.Any" not in kinds, f"{name}, {part}: {annotation}"


def test_help_shows_signature_and_docstring():
    text = pydoc.plain(pydoc.render_doc(toolkit.fit_topics))
    assert "n_topics: 'int | None' = None" in text
    assert "Parameters" in text and "Returns" in text
    for name, thing in public().items():
        first = (inspect.getdoc(thing) or "-").splitlines()[0]
        assert first in pydoc.plain(pydoc.render_doc(thing)), name


def test_editors_show_signature_and_docstring():
    [shown] = jedi.Script("import toolkit\ntoolkit.fit_topics(").get_signatures()
    assert "n_topics: int | None=None" in shown.to_string()
    assert shown.docstring(raw=True) == inspect.getdoc(toolkit.fit_topics)


def test_stub_and_marker_are_in_the_package():
    folder = Path(toolkit.__file__).parent
    assert (folder / "py.typed").is_file()
    assert "from .topics import fit_topics as fit_topics" in (folder / "__init__.pyi").read_text()


def test_import_takes_less_than_a_tenth_of_a_second():
    code = "import time; t = time.perf_counter(); import toolkit; print(time.perf_counter() - t)"
    took = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
        for _ in range(5)
    ]
    assert min(took) < 0.1, took
