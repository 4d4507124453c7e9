"""Sentences on a collection and its records: what it holds, what was merged, what is missing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from toolkit.papers.features import has_abstract, has_value
from toolkit.results.sentences import Finding, listed, of_all, quoted, sentence, some
from toolkit.trends.calendars import Calendar, date_papers
from toolkit.trends.figures import count_papers
from toolkit.trends.wording import percent

#: Columns with problems that are told of, and reasons of merges.
_MOST = 3
_FORMATS = {"day": "{0.day} {0:%B %Y}", "month": "{0:%B %Y}", "year": "{0:%Y}"}


def tell_papers(papers: pd.DataFrame, calendar: Calendar | None) -> list[Finding]:
    """Return how many papers there are and from when, and what nothing can be said of."""
    n = len(papers)
    holds = f"the collection holds {count_papers(n)}"
    if not n:
        return [Finding("collection", "The collection holds no papers.", "count", {"papers": 0})]
    told = [*_tell_bare(papers)]
    if calendar is None:
        undated = (
            "No paper has a date that can be used, so that nothing can be said of change over time."
        )
        told.append(Finding("missing", undated, "open", {"papers": n, "dated": 0}))
        return [Finding("collection", sentence(holds), "count", {"papers": n}), *told]
    dates = date_papers(papers)
    dated = dates[dates["day"].notna()]
    first, last = _ends(dated)
    verb = "published" if calendar.date == "published" else "listed"
    span = f"in {first}" if first == last else f"from {first} to {last}"
    figures = {"papers": n, "dated": len(dated), "first": first, "last": last}
    without = n - len(dated)
    if without:
        holds += f"; those with a date ({of_all(len(dated), n)}) were {verb} {span}"
    else:
        holds += f", {verb} {span}"
    return [Finding("collection", sentence(holds), "count", figures), *told]


def _ends(dated: pd.DataFrame) -> tuple[str, str]:
    """Return the first and the last date, no finer than they are known."""
    ends = []
    for day in (dated["day"].min(), dated["last"].max()):
        at = dated["day" if day == dated["day"].min() else "last"] == day
        known = set(dated.loc[at, "precision"])
        coarsest = next(name for name in ("year", "month", "day") if name in known)
        ends.append(_FORMATS[coarsest].format(day))
    return ends[0], ends[1]


def _tell_bare(papers: pd.DataFrame) -> list[Finding]:
    """Return how many papers have nothing but their title to read."""
    n = len(papers)
    bare = int((~(has_abstract(papers) | has_value(papers, "terms"))).sum())
    if not bare:
        return []
    have = "has" if bare == 1 or n == 1 else "have"
    text = (
        f"{_subject(bare, n)} {have} no abstract here: topics rest on "
        f"{'its title' if bare == 1 else 'their titles'} alone, and what the abstract says of code "
        "is not known"
    )
    return [Finding("missing", sentence(text), "open", {"papers": n, "without_abstract": bare})]


def _subject(number: int, total: int) -> str:
    return of_all(number, total) if total > 1 else "the only paper"


def tell_merges(merges: pd.DataFrame) -> list[Finding]:
    """Return how many records were repeats of others, and what said so."""
    n = len(merges)
    if not n:
        return [Finding("records", "No record was found twice.", "count", {"merged": 0})]
    kept = int(merges["kept_id"].nunique())
    why = merges["why"].astype(str).value_counts()
    reasons = [f"{reason} ({count:,})" for reason, count in why.head(_MOST).items()]
    more = int(why.iloc[_MOST:].sum())
    reasons += [f"other reasons ({more:,})"] if more else []
    text = (
        f"{some(n, 'record')} {'was a repeat and was' if n == 1 else 'were repeats and were'} "
        f"merged into {count_papers(kept)}: {listed(reasons)}"
    )
    figures = {"merged": n, "papers": kept} | {str(k): int(v) for k, v in why.head(_MOST).items()}
    return [
        Finding("records", sentence(text), "count", figures | ({"other": more} if more else {}))
    ]


def tell_flow(flow: pd.DataFrame) -> list[Finding]:
    """Return how many records were found, set aside, merged, excluded and kept."""
    sums = flow.groupby("step", observed=False)["records"].sum(min_count=1)
    counts = {str(step): None if pd.isna(n) else int(n) for step, n in sums.items()}
    steps = {
        "set aside": ("could not be read", "could not be read"),
        "duplicates removed": ("was a duplicate", "were duplicates"),
        "excluded": ("was excluded", "were excluded"),
    }
    parts = [
        f"{counts[step]:,} {verbs[counts[step] != 1]}"
        for step, verbs in steps.items()
        if counts.get(step)
    ]
    kept, identified = counts["kept"] or 0, counts["identified"] or 0
    parts.append(f"{count_papers(kept)} {'is' if kept == 1 else 'are'} kept")
    read = "" if counts.get("set aside") is not None else " that could be read"
    text = f"of {some(identified, 'record')}{read}, {listed(parts)}"
    figures = {name: n for name, n in counts.items() if n is not None}
    told = [Finding("records", sentence(text), "count", figures)]
    if not read:
        return told
    unknown = "How many records could not be read is not known here (`set_aside` was not given)."
    return [*told, Finding("missing", unknown, "open", {})]


def tell_described(described: pd.DataFrame) -> list[Finding]:
    """Return what is wrong in the columns of a collection, and which expected ones are empty."""
    wrong = described[described["problems"].fillna("").ne("")]
    told = [
        Finding(
            "missing",
            sentence(f"in the column {quoted(row.column)}: {row.problems}"),
            "count",
            {"column": row.column, "problems": row.problems},
        )
        for row in wrong.itertuples()
    ]
    if told:
        return told
    checked = int((described["present"] > 0).sum())
    text = f"no problem was found in the {some(checked, 'column')} that hold anything"
    return [Finding("missing", sentence(text), "count", {"columns": checked})]


def tell_counts(counts: pd.DataFrame) -> list[Finding]:
    """Return which values most papers have."""
    n = len(counts)
    top = counts[counts["papers"] == counts["papers"].iloc[0]]
    most: Any = top["papers"].iloc[0]
    whole = float(most) == int(most)
    number = count_papers(int(most)) if whole else f"{most:.1f} papers"
    total = float(most) / float(top["share"].iloc[0])
    share = percent(float(top["share"].iloc[0]), of=total)
    if n == 1:
        text = f"the only value is {quoted(top['value'].iloc[0])}, with {number}"
        return [Finding("values", sentence(text), "count", {"papers": float(most)})]
    names = [quoted(name) for name in top["value"].head(_MOST)]
    if len(top) > _MOST:
        names = [f"{len(top):,} values, {names[0]} among them,"]
    have, each = ("has", "") if len(top) == 1 else ("have", " each")
    text = f"of {some(n, 'value')}, {listed(names)} {have} most papers: {number}{each} ({share})"
    figures = {"values": n, "papers": float(most), "share": float(top["share"].iloc[0])}
    if len(top) > _MOST:
        figures["tied"] = len(top)
    if len(top) == 1:
        second = counts[counts["papers"] == counts["papers"].iloc[1]]
        if len(second) == 1:
            value: Any = second["papers"].iloc[0]
            text += f"; {quoted(second['value'].iloc[0])} follows with "
            text += f"{int(value):,}" if float(value) == int(value) else f"{value:.1f}"
            figures["second"] = float(value)
    return [Finding("values", sentence(text), "count", figures)]


def tell_network(network: Any) -> list[Finding]:
    """Return how large a network is, who is linked most, and how many communities it has."""
    nodes, edges = network.nodes, network.edges
    what = str(network.of)
    n, links = len(nodes), len(edges)
    if not links:
        text = f"{n:,} {what} are in the network, and none is linked with another"
        return [Finding("network", sentence(text), "count", {"nodes": n, "links": 0})]
    linked = nodes[nodes["degree"] > 0]
    communities = int(linked["community"].nunique())
    strongest: Any = linked.sort_values(["strength", "papers"], ascending=False).iloc[0]
    apart = n - len(linked)
    text = (
        f"{some(links, 'link')} ({network.how}) {'joins' if links == 1 else 'join'} "
        f"{len(linked):,} {what} into {some(communities, 'community', 'communities')}; "
        f"the one most strongly linked is {quoted(strongest['label'])} "
        f"(with {int(strongest['degree']):,} others, in {count_papers(int(strongest['papers']))})"
    )
    text += f"; {apart:,} more {'is' if apart == 1 else 'are'} linked with none" if apart else ""
    figures = {
        "links": links, "nodes": len(linked), "communities": communities,
        "degree": int(strongest["degree"]), "papers": int(strongest["papers"]),
    }  # fmt: skip
    return [
        Finding(
            "network", sentence(text), "count", figures | ({"unlinked": apart} if apart else {})
        )
    ]


def tell_checks(checks: pd.DataFrame) -> list[Finding]:
    """Return how many of the links that were checked still lead to something."""
    n = len(checks)
    if not n:
        return [Finding("links", "No link was checked.", "open", {"links": 0})]
    resolves = checks["resolves"].astype("boolean")
    alive, gone = int(resolves.eq(True).sum()), int(resolves.eq(False).sum())
    unknown = int(np.sum(resolves.isna().to_numpy()))
    verb = "leads" if alive == 1 or n == 1 else "lead"
    text = (
        f"{of_all(alive, n, 'link')} that {'was' if n == 1 else 'were'} checked {verb} to something"
    )
    if n == 1 and not alive:
        text = "the only link that was checked leads to nothing" if gone else (
            "of the only link the checks could not tell whether it leads to something"
        )  # fmt: skip
    elif gone or unknown:
        parts = [f"{gone:,} {'does' if gone == 1 else 'do'} not"] if gone else []
        parts += [f"of {unknown:,} the checks could not tell"] if unknown else []
        text += f"; {listed(parts)}"
    figures = {"links": n, "lead": alive, "gone": gone, "unknown": unknown}
    return [Finding("links", sentence(text), "count", figures)]
