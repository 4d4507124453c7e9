"""Write what the explorer's TypeScript takes from Python: types, rules, cases for its tests.

``--check`` only says whether the files are as they should be.
"""

from __future__ import annotations

import argparse
import inspect
import json
import sys
import types
import typing
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from toolkit.explorer import state, wire
from toolkit.explorer.state import Facet, Facets, View, day_number, passes_filters
from toolkit.explorer.view_text import marks_text, parse_view, view_text, view_to_dict
from toolkit.explorer.word_search import fold, query_parts, search_words

WEB = Path(__file__).resolve().parents[1] / "web"
_TABLE = ": Readonly<Record<string, string>>"
_PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null"}


def schema() -> str:
    """Return the TypeScript module of types and rules."""
    out = ["// Generated from Python by scripts/explorer_schema.py: change it there.", ""]
    for name in ("CODES", "MISSING", "CODECS", "PARAMETERS"):
        kind = {"CODES": ": readonly string[]", "MISSING": ""}.get(name, _TABLE)
        out.append(f"export const {name}{kind} = {_constant(getattr(state, name))};")
    rules = ",\n".join(f"  {_constant(asdict(rule))}" for rule in state.RULES)
    out += ["", "export interface Rule {"]
    out += [f"  readonly {f}: {_type(h)};" for f, h in typing.get_type_hints(state.Rule).items()]
    out += ["}", "export const RULES: readonly Rule[] = [", f"{rules},", "];", ""]
    out += ["/** A view as it is sent; the app holds its marks as one byte a paper. */"]
    out += ["export interface WireView {"]
    hints = typing.get_type_hints(View) | {"marks": str | None}
    out += [f"  {name}: {_type(hint)};" for name, hint in hints.items()]
    out += ["}", f"export const START: WireView = {_constant(view_to_dict(View(), 0))};", ""]
    for shape in wire.TYPES:
        out += [f"/** {inspect.getdoc(shape) or ''} */", f"export interface {shape.__name__} {{"]
        for name, hint in typing.get_type_hints(shape, include_extras=True).items():
            if typing.get_origin(hint) is typing.NotRequired:
                out.append(f"  {name}?: {_type(typing.get_args(hint)[0])};")
            else:
                out.append(f"  {name}: {_type(hint)};")
        out += ["}", ""]
    return "\n".join(out)


def _constant(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _type(hint: Any) -> str:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if hint in _PLAIN:
        return _PLAIN[hint]
    if origin is typing.Literal:
        return " | ".join(map(_constant, args))
    if origin in (typing.Union, types.UnionType):
        return " | ".join(map(_type, args))
    if origin is tuple and args[-1] is not Ellipsis:
        return f"[{', '.join(map(_type, args))}]"
    if origin in (list, tuple):
        return f"{_type(args[0])}[]"
    if origin is dict:
        return f"Record<{_type(args[0])}, {_type(args[1])}>"
    return str(hint.__name__)


# Cases -------------------------------------------------------------------------------------------

TEXTS = (
    "A Graph of Things",
    "graphs, and images",
    "Schrödinger’s ÉTUDE: the naïve co-operation",
    "doi 10.1038/s41586-020-2649-2",
    "机器学习 for 画像認識",
    "ΟΔΟΣ and ὈΔΌΣ",
    "İstanbul STRASSE straße",
    "snake_case two_words",
    "teaching machines",
    "Hing and hinges",
    "ﬁne ﬂow ½ x²",
    "état-of-the-art",
    "हिन्दी पाठ",
    "한국어 문장",
    "مقدمة في الخرائط",
    "<b>bold</b> $x^2$",
    "a\u00a0b\u2003c",
    "",
    "𝔘nicode 𝕏",
    "e\u0301tude nai\u0308ve",
    "C++ and C#",
    "o'neill O’Neill",
)
QUERIES = (
    "graph",
    "graph ",
    "graphs of",
    '"graph of"',
    "graph -images",
    "-images",
    "etude",
    "ÉTUDE",
    "10.1038/s41586",
    "doi:10.1038/s41586-020-2649-2",
    "学习",
    "機",
    "画像",
    "οδος",
    "ΟΔΟΣ ",
    "istanbul",
    "strasse",
    "snake_case",
    "hing",
    "hing ",
    "fine",
    "1⁄2",
    "state-of-the",
    "हिन्दी",
    "한국",
    "الخرائط",
    "<b>",
    "$x",
    "b c",
    '"" -',
    "the of",
    "the graph",
    '"the naive" co',
    "  ",
    "unicode",
    "-",
    '"two',
    'a"b c"d',
    "o'ne",
    "C#",
)
STOP = ("the", "of", "and")
_N = 9


def cases() -> dict[str, Any]:
    """Return cases with the answers that Python gives."""
    folded = [fold(text) for text in TEXTS]
    columns = _columns()
    ids = [f"arxiv:2401.{i:05d}" for i in range(_N)]
    views = _views()
    return {
        "fold": list(zip(TEXTS, folded)),
        "stop": STOP,
        "parts": [[query, query_parts(query, STOP)] for query in QUERIES],
        "search": [
            [query, np.flatnonzero(search_words(folded, query, STOP)).tolist()]
            for query in QUERIES
        ],
        "columns": {
            "topic": columns.topic.tolist(),
            "date": columns.date.tolist(),
            "last": columns.last.tolist(),
            "lists": {
                name: {"names": facet.names, "starts": facet.starts.tolist(),
                       "codes": facet.codes.tolist()}
                for name, facet in columns.lists.items()
            },
            "numbers": {name: values.tolist() for name, values in columns.numbers.items()},
        },
        "ids": ids,
        "views": [
            {
                "view": view_to_dict(view, _N),
                "text": view_text(view, ids, columns.topic),
                "found": [0, 3, 4, 7],
                "rows": np.flatnonzero(
                    passes_filters(view, columns, found=np.isin(np.arange(_N), [0, 3, 4, 7]))
                ).tolist(),
            }
            for view in views
        ],
        "marks": [
            [rows, n, marks_text(rows, n)]
            for rows, n in (([], 5), ([0], 5), ([4], 5), ([1, 2, 300], 700),
                            (list(range(0, 700, 3)), 700))
        ],
    }  # fmt: skip


def _by_line(content: dict[str, Any]) -> str:
    """Return JSON with one line a case."""
    parts = []
    for name, value in content.items():
        if isinstance(value, dict):
            rows = [f"{_constant(key)}: {_constant(entry)}" for key, entry in value.items()]
            parts.append(f"{_constant(name)}: {{\n" + ",\n".join(rows) + "\n}")
        else:
            parts.append(f"{_constant(name)}: [\n" + ",\n".join(map(_constant, value)) + "\n]")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _columns() -> Facets:
    day = [day_number(f"2025-0{1 + i}-01") for i in range(8)] + [state.MISSING]
    last = [day_number("2025-12-31"), *(d + 27 for d in day[1:8]), state.MISSING]
    names = ["Ada Lovelace", "O'Neill; x", "Ελένη", "a=b&c"]
    lists = {
        name: Facet.of([[names[(i + j) % 4] for j in range(i % 3)] for i in range(_N)], names)
        for name in state.FACETS
        if name != "code"
    }
    codes = list(state.CODES)
    lists["code"] = Facet.of([[codes[i % 5]] for i in range(_N)], codes)
    numbers = {"upvotes": np.array([5, 0, state.MISSING, 7, 7, 1, 2, 3, 4])}
    topic = np.array([0, 0, 1, 1, 2, -1, 3, 3, 3])
    return Facets(topic, np.array(day), np.array(last), lists, numbers)


def _views() -> list[View]:
    plain = View()
    single: list[dict[str, Any]] = [
        {"topics": (0, -1)}, {"code": ("linked", "none")}, {"since": "2025-03-10"},
        {"until": "2025-02-10"}, {"since": "2025-03-10", "until": "2025-05-20"},
        {"upvotes": 3}, {"stars": 1}, {"marks": (1, 4)}, {"marks": ()}, {"words": "x y"},
        {"words": '"état of" +&=%#', "mode": "meaning", "score": 55}, {"open": 4},
        {"camera": (0.25, -0.5, 2.5)}, {"colour": "column my own"}, {"sort": "date", "down": True},
        {"words": "~*()'!"}, {"venue": ("not there",)}, {"cited_by": 0},
    ]  # fmt: skip
    single += [{name: ("Ada Lovelace", "a=b&c")} for name in state.FACETS
               if name not in ("code", "kinds", "hosts")]  # fmt: skip
    both: dict[str, Any] = {"authors": ("O'Neill; x", "Ελένη"), "code": ("linked",), "upvotes": 1}
    return [replace(plain, **some) for some in [{}, *single, both]]


def main() -> int:
    """Write or check the two files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    made = cases()
    for case in made["views"]:
        again = parse_view(case["text"], made["ids"], np.array(made["columns"]["topic"]))[0]
        assert view_to_dict(again, _N) == case["view"], case
    texts = {
        WEB / "src/schema.ts": schema(),
        WEB / "tests/cases.json": _by_line(made),
    }
    assert len({field.name for field in fields(View)} - {"down"} - set(state.CODECS)) == 0
    stale = [path for path, text in texts.items()
             if not path.exists() or path.read_text(encoding="utf-8") != text]  # fmt: skip
    for path in stale:
        if not check:
            path.write_text(texts[path], encoding="utf-8")
        print(f"{path.name} {'is stale' if check else 'written'}")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
