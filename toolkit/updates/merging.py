"""What came from services, put into the collection of a folder in one step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from toolkit.deduplication.joining import add_papers
from toolkit.errors import DataError, checked
from toolkit.reading.news import ARRIVED
from toolkit.storage.collections import load_collection, save_collection
from toolkit.storage.manifest import read_manifest
from toolkit.trends.figures import count_papers
from toolkit.updates.asking import Answer
from toolkit.updates.following import read_following, write_following

#: Columns whose gaps tell of code once they are filled.
_ABOUT_CODE = ("abstract", "comments", "code_url", "project_url")


def merge(
    place: Path, answers: Sequence[Answer], day: dt.date, tell: Callable[[str], None]
) -> pd.DataFrame:
    """Add what came to the collection; return it as it is in the folder then."""
    papers, manifest = load(place), read_manifest(place, "collection")
    found = [one.papers for one in answers if one.papers is not None and len(one.papers)]
    if not found:
        tell(f"collection: nothing came; {count_papers(len(papers))}")
        return papers
    merged, _, changes = add_papers(papers, pd.concat(found, ignore_index=True))
    n = len(merged) - len(papers)
    merged.loc[merged.index[len(papers) :], ARRIVED] = pd.Timestamp(day)
    if not manifest["prose"]:
        # Comments are not kept there, and would be filled in again each time.
        changes = changes[changes["column"] != "comments"]
    if n or len(changes):
        # Before the papers: after them, a killed run would have forgotten what it filled in.
        told = changes.loc[changes["column"].isin(_ABOUT_CODE), ["paper_id", "column", "origin"]]
        old = read_following(place)
        more = [(day.isoformat(), *row) for row in told.astype(str).to_numpy(object).tolist()]
        write_following(place, replace(old, changes=tuple(dict.fromkeys([*old.changes, *more]))))
        save_collection(merged, place, prose=manifest["prose"], about=manifest["about"])
        papers = load(place)
    filled = f"{len(changes):,} value{'' if len(changes) == 1 else 's'} filled in"
    tell(f"collection: {n:,} new, {filled}; {count_papers(len(papers))}")
    return papers


@checked
def load(place: Path) -> pd.DataFrame:
    """Return the papers of a folder, with the day that each came."""
    papers = load_collection(place)
    days = papers.get(ARRIVED, pd.Series(pd.NaT, index=papers.index))
    try:
        papers[ARRIVED] = days.astype("datetime64[us]")
    except (ValueError, TypeError) as error:
        raise DataError(
            "this column is for the days on which papers came, and holds something else",
            source=place,
            column=ARRIVED,
            hint="Rename your column, and save the collection again",
        ) from error
    return papers
