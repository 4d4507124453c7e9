"""Hold the rooms of toolkit/ against the rules of CONTRIBUTING.md; --write redraws its picture.

Reads the real imports and prints every import circle, import upward, import of our own inside a
function, overlong module, and every module that the table of rooms forgets or names twice.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: The rooms from the ground up: a room imports only from floors below its own.
FLOORS = (
    ("errors", "text"),
    ("files", "intervals", "clustering"),
    ("papers", "linkcheck"),
    ("embedding", "claims", "deduplication", "trends", "networks"),
    ("storage", "rates", "plots"),
    ("formats", "topics"),
    ("services", "scale", "reliability", "fulltext"),
    ("results", "synthetic"),
    ("exports",),
    ("explorer", "reading"),
    ("updates",),
    ("__main__",),
)
#: Rooms that nearly all others import; the picture leaves these arrows out.
EVERYWHERE = ("errors", "files", "papers")
LINES, PACKAGES, LOOSE = 330, 30, 4
_BEGIN, _END = "<!-- rooms: drawn by scripts/check_rooms.py --write -->", "<!-- /rooms -->"
_PICTURE = re.compile(f"{re.escape(_BEGIN)}.*?{re.escape(_END)}", re.DOTALL)


def read_modules(package: Path) -> dict[str, ast.Module]:
    """Return the syntax tree of each module by its dotted name; a package bears its own name."""
    trees = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        trees[".".join(parts).removesuffix(".__init__")] = ast.parse(path.read_text("utf-8"))
    return trees


def find_imports(name: str, trees: dict[str, ast.Module]) -> Iterator[tuple[str, int, bool]]:
    """Yield each own module that a module imports, the line, and whether in a function.

    Imports under ``if TYPE_CHECKING`` are left out: nothing is imported there when code runs.
    """
    top = name.split(".")[0]

    def visit(node: ast.AST, inside: bool) -> Iterator[tuple[str, int, bool]]:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for other in node.orelse:
                yield from visit(other, inside)
            return
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                raise SystemExit(f"{name}, line {node.lineno}: a relative import; write toolkit.…")
            names = [f"{base}.{alias.name}" for alias in node.names]
            names = [one if one in trees else base for one in names if one != f"{top}.__version__"]
        for one in names:
            if one.split(".")[0] == top and one != name:
                yield one, node.lineno, inside
        within = inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.iter_child_nodes(node):
            yield from visit(child, within)

    yield from visit(trees[name], False)


def room(name: str) -> str:
    """Return the room of a module: the package or the loose module right under toolkit/."""
    return name.split(".")[1] if "." in name else ""


def find_problems(package: Path, floors: tuple[tuple[str, ...], ...] = FLOORS) -> list[str]:
    """Return what the imports, sizes and numbers of modules do against the rules, in words."""
    trees = read_modules(package)
    floor = {name: number for number, names in enumerate(floors) for name in names}
    rooms = {room(name) for name in trees} - {""}
    problems = [f"room {name}: not in FLOORS" for name in sorted(rooms - floor.keys())]
    problems += [f"room {name}: in FLOORS, but not there" for name in sorted(floor.keys() - rooms)]
    graph: dict[str, set[str]] = {name: set() for name in trees}
    for name in trees:
        for other, line, inside in find_imports(name, trees):
            graph[name].add(other)
            ours, theirs = room(name), room(other)
            if inside and "Imported late because " not in (ast.get_docstring(trees[other]) or ""):
                problems.append(f"{name}, line {line}: imports {other} inside a function")
            if ours and not theirs:
                problems.append(f"{name}, line {line}: imports the public face, {other}")
            elif ours != theirs and floor.get(theirs, -1) >= floor.get(ours, len(floors)):
                problems.append(
                    f"{name}, line {line}: imports {other}, which is not on a floor below"
                )
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        problems.append(f"import circle: {' → '.join(reversed(circle.args[1]))}")
    for name, tree in trees.items():
        path = package.parent.joinpath(*name.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        length = len(path.read_text("utf-8").splitlines())
        if length > LINES and "Long because " not in (ast.get_docstring(tree) or ""):
            problems.append(
                f"{name}: {length} lines, more than {LINES}; split it, or say "
                "'Long because …' in its docstring"
            )
    packages = [path for path in package.rglob("__init__.py") if path.parent != package]
    loose = [path for path in package.glob("*.py") if path.name != "__init__.py"]
    if len(packages) > PACKAGES:
        problems.append(f"{len(packages)} packages, more than {PACKAGES}")
    if len(loose) > LOOSE:
        problems.append(f"{len(loose)} loose modules, more than {LOOSE}")
    return problems


def draw(package: Path, floors: tuple[tuple[str, ...], ...] = FLOORS) -> str:
    """Return the picture: the rooms by floor, top floor first, and what each one imports."""
    trees = read_modules(package)
    below: dict[str, set[str]] = {name: set() for names in floors for name in names}
    for name in trees:
        below.setdefault(room(name), set()).update(
            room(other) for other, _, _ in find_imports(name, trees)
        )
    order = [name for names in floors for name in names]
    width = max(map(len, order))
    lines = []
    for number, names in reversed(list(enumerate(floors))):
        for i, name in enumerate(names):
            ours = [one for one in order if one in below[name] and one not in (name, *EVERYWHERE)]
            mark = f"{number}" if i == 0 else " "
            lines.append(f"{mark}  {name:{width}}  {'◄─ ' if ours else ''}{', '.join(ours)}")
    return "\n".join(line.rstrip() for line in lines)


def check_table(text: str, package: Path) -> list[str]:
    """Return the modules that the table of rooms in CONTRIBUTING.md forgets, repeats, invents."""
    named: list[str] = []
    for row in re.findall(r"^\|(?:[^|\n]*\|){3}$", text, re.MULTILINE):
        _, place, inside = (cell.strip() for cell in row.strip("|").split("|"))
        folder = re.match(r"`([\w/]+/)`", place)
        if folder:
            prefix = "" if folder[1] == f"{package.name}/" else folder[1]
            named += [prefix + one for one in re.findall(r"`(\w+\.py)`", inside)]
    there = {
        str(path.relative_to(package).as_posix())
        for path in package.rglob("*.py")
        if path.name != "__init__.py"
    }
    problems = [f"toolkit/{name}: in no row of the table" for name in sorted(there - set(named))]
    problems += [f"toolkit/{name}: in the table, not there" for name in sorted(set(named) - there)]
    twice = sorted({name for name in named if named.count(name) > 1})
    return problems + [f"toolkit/{name}: in more than one row of the table" for name in twice]


def main() -> int:
    """Print the problems; return how many."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="redraw the picture")
    write = parser.parse_args().write
    package, guide = ROOT / "toolkit", ROOT / "CONTRIBUTING.md"
    text = guide.read_text("utf-8")
    drawn = f"{_BEGIN}\n```text\n{draw(package)}\n```\n{_END}"
    problems = find_problems(package)
    if not _PICTURE.search(text):
        problems.append(f"CONTRIBUTING.md: no picture between {_BEGIN} and {_END}")
    fresh = _PICTURE.sub(lambda _: drawn, text)
    if write and fresh != text:
        guide.write_text(fresh, "utf-8")
    elif fresh != text:
        problems.append("CONTRIBUTING.md: the picture is out of date; run check_rooms.py --write")
    problems += [f"CONTRIBUTING.md: {problem}" for problem in check_table(fresh, package)]
    print("\n".join(problems or ["the rooms are as CONTRIBUTING.md says"]))
    return len(problems)


if __name__ == "__main__":
    sys.exit(main() > 0)
