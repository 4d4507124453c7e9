"""Find the links that papers give, and what they claim about their code and data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from toolkit.claims.full_texts import Row, read_full_text, rows_of
from toolkit.claims.identifiers import names_registration
from toolkit.claims.reading import (
    LINK_KINDS,
    REGISTRY,
    Link,
    Reading,
    decide_kinds,
    decide_status,
    link_key,
    read_paper,
)
from toolkit.claims.url_targets import url_target
from toolkit.errors import checked
from toolkit.papers.features import has_abstract, has_value, stored_values, warn_of_unread
from toolkit.papers.schema import check_papers

LINK_COLUMNS = (
    "paper_id",
    "url",
    "kind",
    "own",
    "host",
    "repo",
    "tense",
    "evidence",
    "canonical",
    "where",
)
CLAIM_COLUMNS = ("paper_id", "code", "artifact", "evidence", "basis", *LINK_KINDS)


@checked
def find_links(papers: pd.DataFrame, *, fulltext: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return every link that papers give, and what it holds.

    Parameters
    ----------
    papers : DataFrame
        A papers table. Title, abstract and comments are read, and `code_url` and `project_url`,
        which the source itself declares. Where there is no abstract, the column `links` stands in
        for it.
    fulltext : DataFrame, optional
        Full texts of these papers, from `toolkit.read_fulltext`. Of such a paper every link is
        returned; whose a repository is, is decided by all the places and sentences that name it,
        its owner and its name (see the notes).

    Returns
    -------
    DataFrame
        One row a link of a paper, shape (n_links, 10), in the order of the papers: paper_id; url
        as a reader would open it; kind (code, data, model, demo, project, registry, other); own
        (True where it leads to something that the authors made and share); host (the service,
        ``github.io`` for every page there); repo (``owner/name`` in lower case, on code and model
        hosts); tense (present, future); evidence (the sentence; NA where there is no text);
        canonical (one spelling, for counting); where (title, abstract, comments, source; of a
        full text, the most telling section that names it).

    Raises
    ------
    DataError
        `papers` is no papers table, or a value of `links` is not what the toolkit writes.

    Warns
    -----
    UserWarning
        Counts papers without abstract and `links` of which nothing else shows a link: they may
        have links.

    Notes
    -----
    In a full text, signs are weighed by a logistic model (`toolkit/claims/repositories.py`): the
    section, words such as "we release" or "we used", an owner called like an author, a name like
    the title, how many repositories the paper names. Its weights come from 312 labelled papers;
    cross-validated over their sources, it finds 83 % of the own repositories, 96 % of what it calls
    own is, and whether a paper links its code is right for 97 %. With weights from 195 of them it
    was right about that for 94 % of the other 117, where 75 % of what it called own was.

    Examples
    --------
    >>> from toolkit.papers.schema import make_papers
    >>> papers = make_papers([{"title": "A", "abstract": "Our code: github.com/Me/A.git."}],
    ...                      source="mine")
    >>> find_links(papers).loc[0, ["url", "kind", "repo"]].tolist()
    ['https://github.com/Me/A.git', 'code', 'me/a']
    """
    check_papers(papers)
    texts = _texts_of(papers, fulltext)
    return _links_of(papers, texts, _read_all(papers, texts), with_texts=fulltext is not None)


def _links_of(
    papers: pd.DataFrame,
    texts: dict[str, list[Row]],
    readings: Iterable[tuple[str, Reading]],
    *,
    with_texts: bool,
) -> pd.DataFrame:
    rows = []
    unread = ~(has_abstract(papers) | has_value(papers, "links") | _has_text(papers, texts))
    for at, (paper_id, reading) in enumerate(readings):
        unread[at] &= not reading.links
        for link in reading.links:
            spot = url_target(link.url)
            rows.append(
                (
                    paper_id,
                    link.url,
                    link.kind,
                    link.own,
                    spot.host,
                    spot.repo,
                    link.tense,
                    link.evidence or None,
                    spot.canonical,
                    link.where,
                )
            )
    warn_of_unread(papers, unread, with_texts=with_texts)
    links = pd.DataFrame(rows, columns=list(LINK_COLUMNS))
    return links.astype(dict.fromkeys(LINK_COLUMNS, "string") | {"own": bool})


@checked
def code_claims(papers: pd.DataFrame, *, fulltext: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return for every paper what it claims about its own code, and about anything of its own.

    Parameters
    ----------
    papers : DataFrame
        A papers table, read as by `find_links`. Where there is no abstract, the columns `code`
        and `artifact` stand in for it; a link elsewhere (in `comments`, `code_url`) still counts.
    fulltext : DataFrame, optional
        Full texts of these papers, from `toolkit.read_fulltext`; they are read besides.

    Returns
    -------
    DataFrame
        One row a paper, in order, shape (n_papers, 10): paper_id; code and artifact, each one of
        linked (an address is given), promised (only in the future tense), claimed (said to be
        open, no address), request (only from the authors, on request) and none; evidence (the
        sentence that decides; NA where nothing is said or there is no text). Artifact covers code,
        data, models, demos and project pages. Both are NA where there is neither an abstract nor
        the column, and nothing else gives a link. Basis says what the answer rests on: full
        text, abstract (or the columns made of one), or declaration (a link that the source gives
        beside a missing abstract); NA where code and artifact are. Data, model, demo, project and
        registry: the same statuses for each of these alone; an address for code and data counts
        as code. Registry is linked where the paper links a registry or gives the number of a
        registration (NCT01234567, CRD42020123456), whosever it is. Where columns stand in for the
        abstract, these five are known by links alone, numbers not at all; a request that is not
        for code is taken as one for data.

    Raises
    ------
    DataError
        `papers` is no papers table, or a value of `code`, `artifact` or `links` is not what the
        toolkit writes.

    Warns
    -----
    UserWarning
        Counts papers whose code or artifact is NA.

    Notes
    -----
    Statements count only when they are about the authors' own: a comparison with open-source
    models claims nothing. A link wins over words, and the present tense over the future; for
    words alone, promised wins over claimed, and claimed over request.

    Examples
    --------
    >>> from toolkit.papers.schema import make_papers
    >>> papers = make_papers([{"title": "A", "abstract": "We will release code and data."},
    ...                       {"title": "B", "abstract": "It beats open-source models."}],
    ...                      source="mine")
    >>> code_claims(papers)["code"].tolist()
    ['promised', 'none']
    """
    claims = read_claims_of(papers, fulltext)
    unread = claims[["code", "artifact"]].isna().any(axis=1)
    warn_of_unread(papers, unread.to_numpy(), with_texts=fulltext is not None)
    return claims


def read_claims_of(papers: pd.DataFrame, fulltext: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return what `code_claims` does, without its warning: for callers that give their own."""
    check_papers(papers)
    texts = _texts_of(papers, fulltext)
    return _claims_of(papers, texts, _read_all(papers, texts))


def read_links_and_claims(papers: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what `find_links` and `read_claims_of` do, each paper read once."""
    check_papers(papers)
    readings = list(_read_all(papers, {}))
    return _links_of(papers, {}, readings, with_texts=False), _claims_of(papers, {}, readings)


def _claims_of(
    papers: pd.DataFrame, texts: dict[str, list[Row]], readings: Iterable[tuple[str, Reading]]
) -> pd.DataFrame:
    whole = _has_text(papers, texts)
    read = has_abstract(papers) | whole
    earlier = zip(stored_values(papers, "code"), stored_values(papers, "artifact"))
    rows: list[tuple[str | None, ...]] = []
    for known, has_text, registered, (code, artifact), (paper_id, reading) in zip(
        read, whole, _registered(papers, texts), earlier, readings
    ):
        said, kinds = decide_status(reading), decide_kinds(reading)
        if registered:
            kinds[REGISTRY] = "linked"
        if known:
            basis = "full text" if has_text else "abstract"
            rows.append((paper_id, said[0], said[1], said[2] or None, basis, *kinds.values()))
        else:
            found = _with_stored(said[0], code), _with_stored(said[1], artifact)
            stored = "abstract" if code or artifact else "declaration" if any(found) else None
            if artifact == "request" != code:
                kinds["data"] = _with_stored(kinds["data"], artifact) or ""
            silent = None if artifact is None else "none"
            each = [_with_stored(one, silent) for one in kinds.values()]
            rows.append((paper_id, *found, said[2] or None, stored, *each))
    return pd.DataFrame(rows, columns=list(CLAIM_COLUMNS), dtype="string")


def _registered(papers: pd.DataFrame, texts: dict[str, list[Row]]) -> list[bool]:
    """Return which papers give the number of a registration; a full text where it says so."""
    given = [False] * len(papers)
    for name in ("title", "abstract", "comments"):
        if name in papers:
            values = papers[name].astype(object).where(papers[name].notna(), "")
            given = [a or names_registration(str(b)) for a, b in zip(given, values)]
    return [
        one or any(map(_registers, texts.get(str(paper_id), ())))
        for one, paper_id in zip(given, papers["paper_id"])
    ]


def _registers(row: Row) -> bool:
    """Return whether a row of a full text names a registration as one, not a trial of others."""
    return row.section != "references" and any(
        "regist" in line.casefold() and names_registration(line) for line in row.text.split("\n")
    )


def _with_stored(said: str, stored: str | None) -> str | None:
    """Return the stronger of what is said beside the abstract and what stands in for it."""
    if stored is None:
        # Without the abstract, silence elsewhere means nothing.
        return None if said == "none" else said
    return min(said, stored, key=("linked", "promised", "claimed", "request", "none").index)


def _texts_of(papers: pd.DataFrame, fulltext: pd.DataFrame | None) -> dict[str, list[Row]]:
    return {} if fulltext is None else rows_of(fulltext)


def _has_text(papers: pd.DataFrame, texts: dict[str, list[Row]]) -> Any:
    return papers["paper_id"].isin(list(texts)).to_numpy(dtype=bool)


def _read_all(papers: pd.DataFrame, texts: dict[str, list[Row]]) -> Iterator[tuple[str, Reading]]:
    """Read every paper: its text, the links that stand in for it, what the source declares."""
    columns: dict[str, Any] = {
        name: papers[name].astype(object).where(papers[name].notna(), "")
        if name in papers
        else [""] * len(papers)
        for name in ("title", "abstract", "comments", "code_url", "project_url", "authors")
    }
    for paper_id, stored, title, abstract, comments, code_url, project_url, authors in zip(
        papers["paper_id"], stored_values(papers, "links"), *columns.values()
    ):
        reading = read_paper(title, abstract, comments)
        if rows := texts.get(str(paper_id)):
            reading = read_full_text(rows, title=title, authors=authors, abstract=reading)
        for row in stored or ():
            if not any(link_key(link.url) == link_key(row["url"]) for link in reading.links):
                link = Link(row["url"], row["kind"], row["own"], row["tense"], "", row["where"])
                reading.links.append(link)
        for url, kind in ((code_url, "code"), (project_url, "project")):
            if url:
                _declare(reading, url, kind)
        yield str(paper_id), reading


def _declare(reading: Reading, url: str, kind: str) -> None:
    """Add a link that the source itself declares."""
    for number, link in enumerate(reading.links):
        if link_key(link.url) == link_key(url):
            reading.links[number] = link._replace(tense="present", own=True)
            return
    reading.links.append(
        Link(url, kind, True, "present", f"declared by the source as {kind}", "source")
    )
