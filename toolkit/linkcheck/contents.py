"""What a repository holds, from the names of its files and its README alone.

Nothing is downloaded or run. The same rules read a page that lists only the first level of a
repository and a complete listing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from toolkit.linkcheck import file_names as names_of

_LINE = 1000
#: One path: its folders and its name ("" for a folder that is listed without its files).
Path = tuple[tuple[str, ...], str]


@dataclass(frozen=True)
class Contents:
    """What a repository holds; `ci` is None where the listing hides it."""

    readme: bool
    licence: bool
    environment: bool
    tests: bool
    ci: bool | None
    container: bool
    notebooks: bool
    weights: bool
    data: bool
    example: bool
    release: bool
    doi: bool


def read_contents(names: Iterable[str], readme: str = "", *, repository: str = "") -> Contents:
    """Return what a repository holds.

    Parameters
    ----------
    names : iterable of str
        Paths of its files, or the names on its first level with ``/`` after those of folders.
    readme : str
        The text of its README, Markdown or plain.
    repository : str
        ``owner/name``: only ``pip install name`` tells of a release of this repository.

    Examples
    --------
    >>> found = read_contents(["README.md", "LICENSE", "src/", "tests/", "uv.lock"])
    >>> found.environment, found.tests, found.container
    (True, True, False)
    """
    paths, readme = _own([path for path in map(_path, names) if any(path)]), _cut(readme)
    root = [name for folders, name in paths if not folders]
    near = [name for folders, name in paths if name and len(folders) <= 2]
    known = {*near, *(folder for folders, _ in paths for folder in folders[:2])}
    lines = readme.split("\n")
    return Contents(
        readme=_any(names_of.README, root),
        licence=_any(names_of.LICENCE, root) or bool(names_of.LICENCE_SAID.search(readme)),
        # DESCRIPTION is R's, and a word that others use.
        environment=_any(names_of.ENVIRONMENT, near) or {"DESCRIPTION", "NAMESPACE"} <= {*root},
        tests=_has_tests(paths) or bool(names_of.TEST_SAID.search(readme)),
        ci=_has_ci(paths, readme),
        container=_any(names_of.CONTAINER, known) or bool(names_of.CONTAINER_SAID.search(readme)),
        notebooks=_any(names_of.NOTEBOOK, {_last(path) for path in paths} - set(root))
        or _any(names_of.NOTEBOOK, [name for name in root if not names_of.README.fullmatch(name)]),
        weights=_has_weights(paths, lines),
        data=_has_data(paths, lines),
        example=_any(names_of.EXAMPLE, known) or bool(names_of.EXAMPLE_SAID.search(readme)),
        release=_is_released(paths, known, readme, repository),
        doi=any(
            names_of.ARCHIVE_DOI.search(line) and not names_of.NO_CODE_DOI.search(line)
            for line in lines
        ),
    )


def is_promise(readme: str, names: Iterable[str]) -> bool:
    r"""Return whether a README says that the code is still to come, whatever files are there.

    A README that tells how to run something has the code; what it promises is more.

    Examples
    --------
    >>> is_promise("# Oak\nCode coming soon!", ["README.md", "model.py"])
    True
    >>> is_promise("# Oak\nTraining code coming soon.\n## Usage\npython run.py", ["run.py"])
    False
    """
    readme = _cut(readme)
    lines = [line for line in readme.split("\n") if line.strip()]
    promised = any(
        names_of.PROMISED.search(line) and not names_of.PROMISED_PART.search(line)
        for line in lines[:60]
    )
    if not promised:
        return False
    runs = names_of.COMMAND_SAID.search(readme) is not None
    return not (runs and any(names_of.CODE.fullmatch(name) or name.endswith("/") for name in names))


def _cut(readme: str) -> str:
    """Return a README without the rest of endless lines, which cost time and tell nothing."""
    return "\n".join(line[:_LINE] for line in readme.split("\n"))


def _path(name: str) -> Path:
    *folders, last = name.strip().split("/")
    return tuple(folders), last


def _last(path: Path) -> str:
    return path[1] or (path[0][-1] if path[0] else "")


def _any(pattern: re.Pattern[str], names: Iterable[str]) -> bool:
    return any(pattern.fullmatch(name) for name in names)


def _own(paths: list[Path]) -> list[Path]:
    """Leave out what was taken over whole from other projects.

    That is folders such as ``third_party``, and folders with a licence and a build of their own,
    unless nearly everything is in there.
    """
    licensed, built, sizes = set(), set(), Counter[tuple[str, ...]]()
    for folders, name in paths:
        for depth in range(1, min(len(folders), 4) + 1):
            sizes[folders[:depth]] += 1
        if folders and names_of.LICENCE.fullmatch(name):
            licensed.add(folders)
        if folders and names_of.BUILD.fullmatch(name):
            built.add(folders)
        if ".github" in folders[1:]:
            licensed.add(folders[: folders.index(".github", 1)])
            built.add(folders[: folders.index(".github", 1)])
    others = {folder for folder in licensed & built if sizes[folder] < 0.8 * len(paths)}
    return [
        (folders, name)
        for folders, name in paths
        if not any(names_of.OTHERS.fullmatch(folder) for folder in folders[:3])
        and not any(folders[:depth] in others for depth in range(1, len(folders) + 1))
    ]


def _has_tests(paths: list[Path]) -> bool:
    """Return whether there are tests of the code; scripts that evaluate a model are none."""
    modules = {(folders, name.partition(".")[0].lower()) for folders, name in paths if name}
    for folders, name in paths:
        inside = [folder for folder in folders[:4] if names_of.TEST_FOLDER.fullmatch(folder)]
        data = any(names_of.DATA_FOLDER.fullmatch(folder) for folder in folders)
        if inside and not data and (not name or names_of.CODE.fullmatch(name)):
            return True
        if len(folders) <= 3 and names_of.TEST_FILE.fullmatch(name):
            return True
        stem = name.partition(".")[0].lower()
        tested = re.fullmatch(r"test[_-](\w+)|(\w+)[_-]tests?", stem)
        if tested and names_of.CODE.fullmatch(name):
            subject = tested[1] or tested[2]
            if any((place, subject) in modules for place in (folders, folders[:-1])):
                return True
    return False


def _has_ci(paths: list[Path], readme: str) -> bool | None:
    if any(
        names_of.CI.fullmatch("/".join((*folders, name)).rstrip("/")) for folders, name in paths
    ):
        return True
    if names_of.CI_SAID.search(readme):
        return True
    return None if ((".github",), "") in paths else False


def _has_weights(paths: list[Path], lines: list[str]) -> bool:
    for folders, name in paths:
        binary = bool(name) and not names_of.CODE.fullmatch(name) and not _is_text(name)
        if names_of.WEIGHTS.fullmatch(name) and not _is_code(name):
            return True
        if binary and any(names_of.WEIGHTS_FOLDER.fullmatch(folder) for folder in folders):
            return True
        if not name and names_of.WEIGHTS_FOLDER.fullmatch(folders[-1]):
            return True
        if folders and names_of.MODEL_FOLDER.fullmatch(folders[-1]) and _is_model(name):
            return True
    return any(names_of.MODEL_LINK.search(line) for line in lines) or _linked(
        names_of.WEIGHTS_SAID, lines
    )


def _has_data(paths: list[Path], lines: list[str]) -> bool:
    for folders, name in paths:
        if names_of.DATA.fullmatch(name) and not names_of.WEIGHTS.fullmatch(name):
            return True
        inside = [folder for folder in folders if names_of.DATA_FOLDER.fullmatch(folder)]
        if inside and not _is_code(name) and not (name and _is_text(name)):
            return True
    return any(names_of.DATA_HOST.search(line) for line in lines) or _linked(
        names_of.DATA_SAID, lines, and_also=names_of.OBTAINED
    )


def _linked(
    pattern: re.Pattern[str], lines: list[str], *, and_also: re.Pattern[str] | None = None
) -> bool:
    """Return whether a line says something and has an address, or one of the next three has."""
    return any(
        pattern.search(line)
        and (and_also is None or and_also.search(line))
        and any(names_of.URL.search(near) for near in lines[at : at + 4])
        for at, line in enumerate(lines)
    )


def _is_code(name: str) -> bool:
    return names_of.CODE.fullmatch(name) is not None


def _is_model(name: str) -> bool:
    return names_of.MODEL_FILE.fullmatch(name) is not None


def _is_text(name: str) -> bool:
    return names_of.TEXT.fullmatch(name) is not None


def _is_released(paths: list[Path], known: set[str], readme: str, repository: str) -> bool:
    """Return whether a release is named: of this repository, not of what it needs.

    A package is this repository's if it has the name of the repository or of a folder in it.
    """
    if names_of.RELEASED.search(readme) or _any(names_of.RELEASE_FILE, known):
        return True
    own = _plain(repository.rpartition("/")[2])
    folders = {_plain(name) for folders, _ in paths for name in folders[:2]}
    for match in names_of.PUBLISHED.finditer(readme):
        package = _plain(next(filter(None, match.groups()), ""))
        alike = bool(own) and (package.startswith(own) or own.startswith(package))
        if len(package) >= 3 and (alike or package in folders):
            return True
    return bool(own) and f"github.com/{repository}/releases".lower() in readme.lower()


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()
