"""Sentences on availability: who links code and how often; and how long links live."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd

from toolkit.rates.changes import check_change
from toolkit.rates.rates import compare_groups
from toolkit.results.sentences import (
    Finding,
    interval,
    listed,
    of_all,
    plain,
    quoted,
    sentence,
    some,
)
from toolkit.trends.figures import count_papers, small
from toolkit.trends.wording import percent

#: What papers do, for one and for several.
_LINK = {
    "code": ("links its code", "link their code"),
    "artifact": ("links code, data, a model or a page of its own",
                 "link code, data, a model or a page of their own"),
    "data": ("links its data", "link their data"),
    "model": ("links its model", "link their model"),
    "demo": ("links a demo of its own", "link a demo of their own"),
    "project": ("links its project page", "link their project page"),
    "registry": ("names a registration", "name a registration"),
}  # fmt: skip
_HAVE = {
    "code": "public code", "artifact": "public code, data, a model or a page",
    "data": "public data", "model": "a public model", "demo": "a public demo",
    "project": "a public project page", "registry": "a registration",
}  # fmt: skip
_READ = {
    "abstracts": " in the abstract",
    "full texts": " in the full text",
    "declarations": ", as the source declares it",
}
_NO_GROUP = "(none given)"
_PAIR = 2


def tell_rates(rates: pd.DataFrame, fragile: Collection[Any] = ()) -> list[Finding]:
    """Return what a table of `availability` or `corrected_availability` says.

    Topics that are `fragile` are not compared.
    """
    what = str(rates["what"].iloc[0]) if "what" in rates and len(rates) else "code"
    by = rates["by"].iloc[0] if "by" in rates and len(rates) else None
    named = None if by is None or pd.isna(by) else str(by)
    if not len(rates) or not int(rates["n"].sum()):
        text = f"nothing is known of how many papers {_LINK[what][1]}: no text of them was read"
        return [Finding("code", sentence(text), "open", {"papers": 0})]
    if "corrected" in rates:
        return _tell_corrected(rates, what, named)
    if named is None:
        return _tell_whole(rates.iloc[0], what)
    if "period" in rates and rates["period"].notna().all():
        return _tell_change(rates, what)
    if named == "host":
        return _tell_hosts(rates, what)
    if "topic" in rates and len(fragile):
        rates = rates[~rates["topic"].isin(list(fragile))]
        if len(rates) < _PAIR:
            return []
    return _tell_groups(rates, what, named)


def _level(rates: Any) -> float:
    value = rates["confidence"]
    return float(value.iloc[0] if isinstance(value, pd.Series) else value)


def _tell_whole(row: Any, what: str) -> list[Finding]:
    n, linked = int(row["n"]), int(row["linked"])
    one = n == 1 or linked == 0
    basis = row["basis"] if "basis" in row and pd.notna(row["basis"]) else ""
    read = _READ.get(basis, f" in what was read ({basis})" if basis else "")
    share, low, high = (float(row[name]) for name in ("share", "low", "high"))
    verb = _LINK[what][0 if one or linked == 1 else 1]
    if n == 1 and not linked:
        verb = f"does not {_LINK[what][0].replace('s ', ' ', 1)}"
    text = (
        f"{of_all(linked, n)} {verb}{read} "
        f"({percent(share, of=n)}; {interval(low, high, n, _level(row))})"
    )
    more = []
    if what == "code":
        claimed, promised = int(row["claimed"]), int(row["promised"])
        says, promises = ("says", "promises") if claimed == 1 else ("say", "promise")
        more += [f"{claimed:,} more {says} that it is out"] if claimed else []
        promises = "promises" if promised == 1 else "promise"
        more += [f"{promised:,} {'' if claimed else 'more '}{promises} it"] if promised else []
    text += f"; {listed(more)}" if more else ""
    names = ("n", "linked", "claimed", "promised", "share", "low", "high")
    figures = {name: plain(row[name]) for name in names if name in row}
    told = [Finding("code", sentence(text), "interval", figures)]
    if "abstract" in basis and what != "registry":
        caution = (
            "an abstract without a link does not mean that there is nothing public: full papers "
            "may link more"
        )
        told.append(Finding("missing", sentence(caution), "open", {}))
    return told


def _tell_change(rates: pd.DataFrame, what: str) -> list[Finding]:
    """Return whether the share changed from period to period."""
    if not rates["linked"].sum():
        n = int(rates["n"].sum())
        text = f"{of_all(0, n)} {_LINK[what][0]} in any period"
        return [Finding("code", sentence(text), "count", {"papers": n, "linked": 0})]
    row = check_change(rates).iloc[0]
    words, subject = str(row["words"]), f"the share of papers that {_LINK[what][1]}"
    figures = {name: plain(row[name]) for name in row.index if name != "words"}
    if words.startswith("too few"):
        covered = some(int(row["periods"]), "period") if row["periods"] else "no period"
        text = f"whether {subject} changed cannot be told: the collection covers {covered} in "
        text += "full, and three are needed"
        return [Finding("code", sentence(text), "open", figures)]
    if words.startswith("no change shown: "):
        text = f"{subject} is not shown to have changed: its largest move, "
        text += words.removeprefix("no change shown: ").replace(", is no", " is no")
        text = text.replace(" is no more than", ", is no more than")
        return [Finding("code", sentence(text), "test", figures)]
    return [Finding("code", sentence(f"{subject} {words}"), "test", figures)]


def _tell_hosts(rates: pd.DataFrame, what: str) -> list[Finding]:
    """Return where the links lead."""
    n = int(rates["n"].iloc[0])
    first = rates[rates["linked"] > 0].head(3)
    if first.empty:
        text = f"{of_all(0, n)} {_LINK[what][0]} at any host"
        return [Finding("code", sentence(text), "count", {"papers": n, "linked": 0})]
    names, linked = first["group"].astype(str).tolist(), first["linked"].astype(int).tolist()
    share = float(first["share"].iloc[0])
    parts = [f"{names[0]} ({of_all(linked[0], n)}, {percent(share, of=n)})"]
    parts += [f"{name} ({number:,})" for name, number in zip(names[1:], linked[1:])]
    text = f"where papers {_LINK[what][1]}, most links lead to {parts[0]}"
    text += f", then to {listed(parts[1:])}" if parts[1:] else ""
    figures = {"papers": n, "share": share} | dict(zip(names, linked))
    return [Finding("code", sentence(text), "count", figures)]


def _tell_groups(rates: pd.DataFrame, what: str, by: str) -> list[Finding]:
    """Return which groups differ from all other papers, after correction for their number."""
    group = ("topic", "topics") if by == "topic" else (f"group by {by}", f"groups by {by}")
    compared = compare_groups(rates) if len(rates) >= _PAIR else rates.head(0)
    if compared.empty:
        text = f"there are no two {group[1]} to compare"
        return [Finding("code", sentence(text), "open", {"groups": len(rates)})]
    compared = compared[compared["group"].ne(_NO_GROUP)]
    alpha = 1 - _level(rates)
    shown = compared[compared["q"] <= alpha + 1e-12]
    k = len(compared)
    more, less = shown[shown["difference"] > 0], shown[shown["difference"] < 0]
    figures: dict[str, Any] = {"groups": k, "more": len(more), "less": len(less)}
    if shown.empty:
        least = float(compared["q"].min()) if k else float("nan")
        figures["q"] = plain(least)
        text = f"of {some(k, *group)}, none is shown to differ from the other papers in how many "
        text += f"{_LINK[what][1]} (smallest q {small(least)})"
        return [Finding("code", sentence(text), "test", figures)]
    named = []
    for side, end in ((more, "most"), (less, "least")):
        if side.empty:
            continue
        row: Any = side.sort_values("difference", ascending=end == "least").iloc[0]
        of = int(row["n"])
        named.append(
            f"{end} often {quoted(row['group'])} ({percent(row['share'], of=of)} of "
            f"{count_papers(of)}, against {percent(row['rest'], of=_rest(rates, of))})"
        )
        figures |= {f"{end} {name}": plain(row[name]) for name in ("n", "share", "rest")}
    link, than = _LINK[what][1], "often than all other papers"
    first = f"papers of {len(more):,} of {some(k, *group)} {link} more {than}"
    second = f"papers of {len(less):,} of {some(k, *group)} {link} less {than}"
    if len(more) and len(less):
        second = f"those of {len(less):,} less often"
    both = [text for text, side in ((first, more), (second, less)) if len(side)]
    text = f"{', '.join(both)} (q ≤ {alpha:.2g}): {', '.join(named)}"
    return [Finding("code", sentence(text), "test", figures)]


def _rest(rates: pd.DataFrame, n: int) -> int:
    return int(rates["all_n"].iloc[0]) - n if "all_n" in rates else int(rates["n"].sum()) - n


def _tell_corrected(rates: pd.DataFrame, what: str, by: str | None) -> list[Finding]:
    """Return the share corrected by labels, beside the one detected."""
    told = []
    level = _level(rates)
    for row in (
        rates[rates["n"] > 0]
        .sort_values("n", ascending=False, kind="stable")
        .head(3)
        .to_dict("records")
    ):
        n, labelled = int(row["n"]), int(row["labelled"])
        of = f" of {quoted(row['group'])}" if by else ""
        text = (
            f"corrected with {some(labelled, 'label')}, {percent(row['corrected'], of=labelled)} "
            f"of the {count_papers(n)}{of} have {_HAVE[what]} "
            f"({interval(row['low'], row['high'], labelled, level)}; "
            f"{percent(row['share'], of=n)} as detected)"
        )
        names = ("n", "labelled", "share", "corrected", "low", "high")
        figures = {name: plain(row[name]) for name in names}
        told.append(Finding("code", sentence(text), "interval", figures))
    return told


def tell_survival(survival: pd.DataFrame) -> list[Finding]:
    """Return the share of links alive at the end of the checks, for the largest groups."""
    ends = survival.groupby("group", sort=False).tail(1)
    size = "links" if "links" in survival else "at_risk"
    sizes = survival.groupby("group", sort=False)[size].max()
    ends = ends.assign(_size=ends["group"].map(sizes)).sort_values(
        "_size", ascending=False, kind="stable"
    )
    since = "publication" if survival.get("since", pd.Series([""])).eq("published").any() else (
        "the first check"
    )  # fmt: skip
    invented = "invented" in survival and bool(survival["invented"].any())
    told = []
    for row in ends.head(3).to_dict("records"):
        n, days = int(row["_size"]), float(row["time"])
        group = str(row["group"])
        where = "" if len(ends) == 1 and group in ("other", "unknown") else f" of {quoted(group)}"
        text = (
            f"{percent(row['survival'], of=n)} of {some(n, 'link')}{where} were alive "
            f"{days:,.0f} days after {since} ({interval(row['low'], row['high'], n)})"
        )
        text = f"in these invented checks, {text}" if invented else text
        figures = {"links": n, "days": days} | {
            name: plain(row[name]) for name in ("survival", "low", "high")
        }
        told.append(Finding("links", sentence(text), "interval", figures))
    return told + _tell_rest(survival, len(ends))


def _tell_rest(survival: pd.DataFrame, groups: int) -> list[Finding]:
    told = []
    p = float(survival["log_rank_p"].iloc[0]) if "log_rank_p" in survival else float("nan")
    if p == p and groups > 1:
        differ = "do not all live equally long" if p <= 0.05 else (
            "are not shown to live longer or shorter than each other"
        )  # fmt: skip
        text = f"links of these {groups:,} groups {differ} (p {small(p)})"
        told.append(Finding("links", sentence(text), "test", {"groups": groups, "p": p}))
    dead = int(survival["dead_at_start"].iloc[0]) if "dead_at_start" in survival else 0
    if dead:
        text = f"{some(dead, 'link')} {'was' if dead == 1 else 'were'} dead at the first check "
        text += f"and {'is' if dead == 1 else 'are'} in none of these shares"
        told.append(Finding("missing", sentence(text), "count", {"dead_at_start": dead}))
    return told
