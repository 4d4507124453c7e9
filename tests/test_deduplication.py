"""Records of one paper are merged, records of two papers are not, and nothing is lost."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.deduplication import deduplicate
from toolkit.deduplication.records import fold
from toolkit.errors import DataError
from toolkit.papers.schema import COLUMNS, make_papers

BEES = (
    "Honey bees tell each other where flowers grow. We film eleven hives over one summer, measure "
    "the angle of every waggle run, and compare it with pollen carried home by marked foragers. "
    "The angle predicts the field that foragers visit within forty metres."
)
BEES_AGAIN = BEES.replace("We film eleven hives over one summer", "Over one summer we film hives")
TIDES = (
    "Tidal gauges along muddy coasts drift. We calibrate nineteen gauges with satellite altimetry, "
    "model sediment under each sensor, and publish corrected series for harbour engineers who plan "
    "dredging around spring tides and storms."
)
ADA = "Ada Example; Bo Sample; Chris Specimen"


def record(title: str, **more: object) -> dict[str, object]:
    return {"title": title, **more}


def merged(*records: dict[str, object]) -> tuple[pd.DataFrame, pd.DataFrame]:
    parts = [make_papers([one], source=f"s{i}", clean=False) for i, one in enumerate(records)]
    return deduplicate(pd.concat(parts, ignore_index=True))


TITLE = "Waggle Runs of Honey Bees Predict Foraging Fields"
SAME = {
    "case": (record(TITLE), record(TITLE.upper(), doi="10.1000/1")),
    "punctuation": (
        record("Waggle runs: honey bees, and where they go"),
        record("Waggle Runs -- Honey Bees and Where They Go.", doi="10.1000/1"),
    ),
    "joined words": (
        record("Fine-tuning of bee trackers on few hives"),
        record("Finetuning of Bee-Trackers on Few Hives", doi="10.1000/1"),
    ),
    "latex": (
        record(r"An $\alpha$-stable model of Schr\"odinger bees in {W}inter"),
        record("An α-Stable Model of Schrödinger Bees in Winter", doi="10.1000/1"),
    ),
    "greek": (
        record("An alpha-stable model of wintering bees"),
        record("An α-stable model of wintering bees", doi="10.1000/1"),
    ),
    "html": (
        record("Bees &amp; flowers in <i>Salvia</i> meadows of the north", clean=False),
        record("Bees and Flowers in Salvia Meadows of the North", doi="10.1000/1"),
    ),
    "british": (
        record("Optimisation of beehive colour for modelling behaviour"),
        record("Optimization of Beehive Color for Modeling Behavior", doi="10.1000/1"),
    ),
    "extended abstract": (
        record(TITLE, abstract=BEES),
        record(f"{TITLE} (Extended Abstract)", abstract=BEES_AGAIN, doi="10.1000/1"),
    ),
    "slip of the pen": (
        record(TITLE, authors=ADA),
        record(TITLE.replace("Predict", "Predcit"), authors="Example, A.; Sample, B.; Other, D."),
    ),
    "slip, no authors": (
        record(TITLE, abstract=BEES),
        record(TITLE.replace("Foraging", "Foragin"), abstract=BEES_AGAIN),
    ),
    "small words": (
        record("The waggle runs of honey bees in a meadow", authors=ADA),
        record("Waggle Runs of the Honey Bees in Meadow", authors=ADA),
    ),
    "another subtitle": (
        record("BeeTrack: a dataset of waggle runs", authors=ADA, abstract=BEES),
        record("BeeTrack: filming hives for a whole summer", authors=ADA, abstract=BEES_AGAIN),
    ),
    "subtitle added": (
        record("Waggle runs predict foraging fields", authors=ADA),
        record("Waggle Runs Predict Foraging Fields: Evidence from Film", authors=ADA),
    ),
    "the bare name": (
        record("BeeTrack: filming hives for a whole summer", authors=ADA, abstract=BEES),
        record("BeeTrack", authors=ADA, abstract=BEES_AGAIN),
    ),
    "retitled": (
        record("Do bees lie? Film evidence from eleven hives", authors=ADA, abstract=BEES),
        record("Waggle angles measured in eleven filmed hives", authors=ADA, abstract=BEES_AGAIN),
    ),
    "preprint and proceedings": (
        record(TITLE, arxiv_id="2401.00001", authors=ADA, published="2024-01-09"),
        record(TITLE, doi="10.1000/1", authors="Example A; Sample B", published="2025-06-01"),
    ),
    "short title, same authors": (
        record("Bees", authors=ADA),
        record("BEES.", authors="A. Example", doi="10.1000/1"),
    ),
    "names turned round": (
        record(TITLE, authors="Minh Lam; Ada Example", published="2019-01-01"),
        record(TITLE, authors="Lam Minh; Example Ada", published="2019-01-01"),
    ),
    "names turned round, initials": (
        record(TITLE, authors="Minh L"),
        record(TITLE, authors="Lam Minh"),
    ),
    "double names": (
        record(TITLE, authors="García López, Ana"),
        record(TITLE, authors="Ana García"),
    ),
    "preprint and article with DOIs of their own": (
        record(TITLE, authors=ADA, doi="10.1101/2023.01.01.1", venue="bioRxiv", year=2021),
        record(TITLE, authors=ADA, doi="10.1000/1", venue="Journal of Hives", year=2023),
    ),
    "a preprint by its DOI, the publisher as venue": (
        record(TITLE, authors=ADA, doi="10.1101/2020.01.01.1", venue="Cold Hill", year=2020),
        record(TITLE, authors=ADA, doi="10.1000/1", venue="Journal of Hives", year=2022),
    ),
    "one DOI, two years": (
        record(TITLE, authors=ADA, doi="10.1000/1", year=2019),
        record(TITLE.upper(), authors=ADA, doi="10.1000/1", year=2021),
    ),
    "one DOI, retitled": (
        record("Waggle runs of bees: a quick look", authors=ADA, doi="10.1000/1"),
        record("A closer look at waggle runs of bees", authors=ADA, doi="10.1000/1"),
    ),
    "one DOI, translated": (
        record("Bienen tanzen im Herbst", authors=ADA, doi="10.1000/1", year=2019, pages="71-80"),
        record("Dances of bees", authors=ADA, doi="10.1000/1", year=2019, pages="71"),
    ),
    "translated, on one page": (
        record("Tanzende Bienen im Herbst", authors=ADA, venue="Apis", year=2019, pages="71-80"),
        record("[Dances of bees in autumn]", authors=ADA, venue="Apis", year=2019, pages="71-80"),
    ),
    "a poster's number": (
        record("P01 Oaks in spring", authors="Anna Oak", year=2018, venue="Trees"),
        record("Oaks in Spring.", authors="Oak A", year=2018, venue="Trees"),
    ),
    "a number in a programme": (
        record(f"123. {TITLE}", authors=ADA),
        record(TITLE, authors=ADA),
    ),
    "a language in brackets": (
        record(f"{TITLE}. [German]", authors=ADA, year=2019),
        record(f"[{TITLE}]", authors=ADA, year=2019),
    ),
    "a note of a database": (
        record(f"{TITLE}.[Erratum appears in Apis. 2020;4(2):7]", authors=ADA),
        record(TITLE, authors=ADA),
    ),
    "abridged, on one page": (
        record(
            "Waggle runs of bees in tall hives: protocol of a trial in Apulia",
            authors=ADA,
            venue="J. Hive Sci.",
            year=2019,
            pages="201-9",
        ),
        record(
            "Waggle runs of bees in hives: protocol of a trial",
            authors="Example A; Sample B",
            venue="Journal of Hive Science",
            year=2019,
            pages="201-209",
        ),
    ),
    "a title that says nothing, on one page": (
        record("Editorial", authors="Ada Example", year=2019, pages="61", venue="Apis"),
        record("Editorial.", authors="Example, A.", year=2019, pages="61-62", venue="Apis"),
    ),
}


@pytest.mark.parametrize("case", SAME)
def test_records_of_one_paper_are_merged(case):
    records = [{**one} for one in SAME[case]]
    for one in records:
        one.pop("clean", None)
    papers, merges = merged(*records)
    assert len(papers) == 1, merges
    assert len(merges) == 1
    assert merges["kept_id"].tolist() == papers["paper_id"].tolist()
    assert 0.5 < merges["score"].iloc[0] <= 1


DIFFERENT = {
    "parts": (
        record("Tides of mud, Part I: gauges", authors=ADA, abstract=TIDES),
        record("Tides of mud, Part II: gauges", authors=ADA, abstract=TIDES),
    ),
    "parts at the end": (
        record("A theory of muddy tides I", authors=ADA),
        record("A theory of muddy tides II", authors=ADA),
    ),
    "versions": (
        record("TideNet: forecasting muddy harbours", authors=ADA, abstract=TIDES),
        record("TideNet 2.0: forecasting muddy harbours", authors=ADA, abstract=TIDES),
    ),
    "numbered surveys": (
        record("A survey of tidal gauges 2021", authors=ADA, abstract=TIDES),
        record("A survey of tidal gauges 2023", authors=ADA, abstract=TIDES),
    ),
    "dimensions": (
        record("Mapping of harbours in 2D with cheap sonar", authors=ADA),
        record("Mapping of harbours in 3D with cheap sonar", authors=ADA),
    ),
    "erratum": (
        record("Sediment under tidal gauges", authors=ADA),
        record("Erratum: Sediment under tidal gauges", authors=ADA),
    ),
    "opposites": (
        record("Supervised calibration of tidal gauges in harbours", authors=ADA),
        record("Unsupervised calibration of tidal gauges in harbours", authors=ADA),
    ),
    "opposites beside the same word": (
        record("Robust gauges for robust harbours of the north", authors=ADA, abstract=TIDES),
        record("Unrobust gauges for robust harbours of the north", authors=ADA, abstract=TIDES),
    ),
    "a bare name, other text": (
        record("BeeTrack: filming hives for a whole summer", authors=ADA, abstract=BEES),
        record("BeeTrack", authors=ADA, abstract=TIDES),
    ),
    "one word apart": (
        record("Semi-supervised calibration of tidal gauges in muddy harbours"),
        record("Self-supervised calibration of tidal gauges in muddy harbours"),
    ),
    "one letter apart": (
        record("Local calibration of tidal sensor arrays", authors=ADA, abstract=TIDES),
        record("Local calibration of tidal tensor arrays", authors="Zoe Other", abstract=BEES),
    ),
    "same title, other authors": (
        record("A short history of harbours", authors=ADA, doi="10.1000/1"),
        record("A short history of harbours", authors="Zoe Other; Yan Else"),
    ),
    "same title, other text": (
        record("Learning from small samples again", abstract=TIDES),
        record("Learning from small samples again", abstract=BEES, doi="10.1000/1"),
    ),
    "a title that says nothing": (
        record("Editorial", doi="10.1000/1"),
        record("Editorial", doi="10.1000/2"),
    ),
    "same title, decades apart": (
        record("On the harbours of the northern coast", published="1981-01-01"),
        record("On the harbours of the northern coast", published="2020-01-01", doi="10.1000/2"),
    ),
    "two arXiv ids": (
        record("Notes on muddy tides", arxiv_id="2401.00001", authors=ADA, abstract=TIDES),
        record("Notes on muddy tides", arxiv_id="2402.00002", authors=ADA, abstract=TIDES),
    ),
    "editorials of two years": (
        record("Editorial", authors="Jane Oak", year=2016, abstract="We welcome the new editors."),
        record("Editorial", authors="Rick Elm", year=2021, abstract="We say goodbye."),
    ),
    "editorials of one editor": (
        record("Editor's Comments", authors="Jane Oak", year=2016, venue="Trees", Volume="7"),
        record("Editor’s comments", authors="Jane Oak", year=2016, venue="Trees", Volume="8"),
    ),
    "a title of the venue's name": (
        record("Remarks of the Editor of Trees", authors="Jane Oak", year=2016, venue="Trees"),
        record("Remarks of the Editor of Trees", authors="Jane Oak", year=2017, venue="Trees"),
    ),
    "abstracts of one supplement": (
        record("Oaks in spring", authors="Anna Oak", doi="10.1000/s", abstract=BEES),
        record("Elms in winter", authors="Bo Elm", doi="10.1000/s", abstract=TIDES),
    ),
    "abstracts of one group in a supplement": (
        record("Oaks in spring rain", authors=ADA, doi="10.1000/s", pages="S61", year=2018),
        record("Elms in winter snow", authors=ADA, doi="10.1000/s", pages="S62", year=2018),
    ),
    "posters": (
        record("P01 Oaks in spring", authors="Anna Oak", doi="10.1000/s"),
        record("P02 Oaks in spring", authors="Anna Oak", doi="10.1000/s"),
    ),
    "posters without DOI": (
        record("OP-017 Oaks in spring", authors="Anna Oak", year=2018),
        record("OP-018 Oaks in spring", authors="Anna Oak", year=2018),
    ),
    "a code that is no poster's": (
        record("CD163 macrophages of oaks", authors="Anna Oak", year=2018),
        record("Macrophages of oaks", authors="Anna Oak", year=2018),
    ),
    "a year before the title": (
        record("2019 report on oaks and elms", authors="Anna Oak"),
        record("2020 report on oaks and elms", authors="Anna Oak"),
    ),
    "chapters under the book's DOI": (
        record("Oaks of the north", authors="Oak, A.", doi="10.1000/book", year=2019),
        record("Elms of the south", authors="Elm, B.", doi="10.1000/book", year=2019),
    ),
    "chapters under the book's DOI, nothing more known": (
        record("Oaks of the north and their beetles", doi="10.1000/book"),
        record("How elms of the south were lost", doi="10.1000/book"),
    ),
    "parts under one DOI": (
        record("Forests of the north, Part I", authors=ADA, doi="10.1000/1"),
        record("Forests of the north, Part II", authors=ADA, doi="10.1000/1"),
    ),
    "volumes": (
        record("Handbook of hives, Volume 1", authors=ADA, year=2019),
        record("Handbook of hives, Volume 2", authors=ADA, year=2019),
    ),
    "yearly reports": (
        record(
            "Report of the apiary at Elm Hill", authors=ADA, year=2018, pages="61", venue="Apis"
        ),
        record(
            "Report of the apiary at Elm Hill", authors=ADA, year=2019, pages="92", venue="Apis"
        ),
    ),
    "yearly reviews by changing teams": (
        record("Health of hives", authors="Ada Oak; Bo Elm; Cy Fir; Di Yew", year=2010),
        record("Health of hives", authors="Ada Oak; Bo Elm; Cy Fir; Ed Ash", year=2011),
    ),
    "a theme taken up again a year later": (
        record("The load of alerts on bees", authors=ADA, year=2024, venue="Apis"),
        record(
            "The load of alerts on bees: errors of drones", authors=ADA, year=2025, venue="Apis"
        ),
    ),
    "two DOIs of one journal and year": (
        record(
            "Stock of pollock in the Gulf of Alaska",
            authors=ADA,
            doi="10.1000/1",
            year=2019,
            venue="Fish",
            abstract=TIDES,
        ),
        record(
            "Stock of pollock in the Aleutian Islands",
            authors=ADA,
            doi="10.1000/2",
            year=2019,
            venue="Fish",
            abstract=TIDES,
        ),
    ),
    "two journals of a publisher of preprints": (
        record(TITLE, authors=ADA, doi="10.1101/gr.1.1", venue="Hive Research", year=2020),
        record(TITLE, authors=ADA, doi="10.1101/gad.2.2", venue="Bees & Flowers", year=2021),
    ),
    "a meeting's abstract and the article": (
        record(TITLE, authors=ADA, doi="10.1000/1", venue="Apis. Conference: Bees", year=2016),
        record(TITLE, authors=ADA, doi="10.2000/2", venue="Journal of Hives", year=2017),
    ),
    "a meeting's abstract and the article, without DOIs": (
        record(TITLE, authors=ADA, venue="Apis", year=2016, pages="S12"),
        record(TITLE, authors=ADA, venue="Journal of Hives", year=2016, pages="401-9"),
    ),
    "an answer under one DOI": (
        record("Do oaks fall in rows?", authors=ADA, doi="10.1000/1"),
        record("Reply: Do oaks fall in rows?", authors=ADA, doi="10.1000/1"),
    ),
    "brothers": (
        record("Oaks of the north", authors="Oak, Jane"),
        record("Oaks of the north", authors="Oak, Rick"),
    ),
    "one subject, same authors": (
        record("Muddy tides in harbours of the north", authors=ADA, abstract=TIDES),
        record("Muddy tides in harbours of the south", authors=ADA, abstract=BEES),
    ),
}


@pytest.mark.parametrize("case", DIFFERENT)
def test_records_of_two_papers_are_kept_apart(case):
    papers, merges = merged(*DIFFERENT[case])
    assert len(papers) == 2, merges
    assert merges.empty
    assert list(merges.columns) == ["kept_id", "dropped_id", "why", "score"]


def test_ids_fold_versions_links_and_the_doi_that_arxiv_gives():
    papers, merges = merged(
        record("One title of bees", arxiv_id="2401.00001v1", authors=ADA),
        record(
            "Quite another", url="https://arxiv.org/pdf/2401.00001v3", doi="10.1000/7", authors=ADA
        ),
        record("A third wording of it", doi="10.48550/arXiv.2401.00001", authors=ADA),
        record("Quite another, in print", doi="https://doi.org/10.1000/7", authors=ADA),
    )
    assert papers["paper_id"].tolist() == ["arxiv:2401.00001"]
    assert papers["doi"].tolist() == ["10.1000/7"]
    assert merges["why"].tolist() == ["same arXiv id", "same arXiv id", "same DOI"]
    assert merges["score"].eq(1).all()


def test_papers_under_one_id_get_ids_of_their_own_and_keep_the_doi():
    supplement = [
        record("Oaks in spring", authors="Anna Oak", doi="10.1000/s", abstract=BEES),
        record("Elms in winter", authors="Bo Elm", doi="10.1000/s", abstract=TIDES),
        record("Elms in winter", authors="Cy Fir", doi="10.1000/s", year=2001),
    ]
    papers, merges = merged(*supplement, *supplement)
    assert len(merges) == 3
    assert papers["paper_id"].is_unique
    assert papers["paper_id"].str.split(":").str[0].tolist() == ["doi", "title", "title"]
    assert papers["doi"].eq("10.1000/s").all()
    assert papers["title"].tolist() == [one["title"] for one in supplement]
    assert merges["kept_id"].tolist() == papers["paper_id"].tolist()
    again, _ = merged(*supplement)
    assert again["paper_id"].tolist() == papers["paper_id"].tolist()


def test_each_record_leaves_its_origin_and_new_columns_their_fullest_value():
    parts = [
        make_papers([record(TITLE, authors=ADA, **more)], source="s", origin=f"{name}.bib")
        for name, more in (
            ("a", {"keywords": "hive", "cited_by": 3, "kind": "article", "mine": "x"}),
            ("b", {"keywords": "hive; field", "cited_by": 8, "kind": "preprint", "mine": "y"}),
            ("a", {"countries": "Peru; Chad", "references": "One; Two", "affiliations": "Hive"}),
        )
    ]
    one = merged_tables(parts).iloc[0]
    assert one["origin"] == "a.bib; b.bib; a.bib"
    assert one[["keywords", "cited_by", "kind", "mine"]].tolist() == [
        "hive; field", 8, "article", "x",
    ]  # fmt: skip
    assert one[["countries", "references", "affiliations"]].tolist() == [
        "Peru; Chad", "One; Two", "Hive",
    ]  # fmt: skip


def merged_tables(parts: list[pd.DataFrame]) -> pd.DataFrame:
    papers, _ = deduplicate(pd.concat(parts, ignore_index=True))
    assert len(papers) == 1
    return papers


def test_malformed_features_are_named_where_they_come_in():
    papers = make_papers([record(TITLE), record("Tides")], source="test")
    with pytest.raises(DataError, match="row 2, column 'links': not the links of a paper"):
        deduplicate(papers.assign(links=pd.array([pd.NA, "[oops"], dtype="string")))


def test_preprint_paper_and_article_are_two_publications_in_any_order():
    records = [
        record(TITLE, arxiv_id="1901.00001", authors=ADA, year=2019, origin="arxiv"),
        record(TITLE, authors=ADA, doi="10.1000/1", venue="Proceedings of the Hive Conference",
               year=2019, origin="meeting"),
        record(TITLE, authors=ADA, doi="10.1000/2", venue="Apidology", year=2021, origin="journal"),
    ]  # fmt: skip
    found = set()
    for turn in range(3):
        papers, _ = merged(*records[turn:], *records[:turn])
        found.add(tuple(sorted(map(tuple, map(members, papers["origin"])))))
    assert len(found) == 1
    assert len(found.pop()) == 2


@pytest.mark.parametrize("first", ["preprint", "article"])
def test_a_preprint_leaves_the_article_its_doi_venue_kind_and_pages(first):
    server = "bioRxiv : the preprint server for biology"
    preprint = record(
        TITLE, authors=ADA, doi="10.1101/2023.01.01.1", venue=server, kind="preprint", year=2022
    )
    article = record(TITLE, authors=ADA, doi="10.1000/1", venue="Apis", kind="article", pages="7-9")
    both = (preprint, article) if first == "preprint" else (article, preprint)
    papers, _ = merged(*both)
    kept = papers[["paper_id", "doi", "venue", "kind", "pages"]].iloc[0].tolist()
    assert kept == ["doi:10.1000/1", "10.1000/1", "Apis", "article", "7-9"]
    assert papers["published"].dt.year.tolist() == [2022]  # the earliest date


def test_each_column_keeps_its_fullest_value():
    papers, _ = merged(
        record(
            "Bees of the valley in autumn",
            doi="10.1000/1",
            abstract="Cut short …",
            authors="A. Example",
            year=2024,
            upvotes=3,
            venue="Proceedings of the Hive",
        ),
        record(
            "Bees of the valley in autumn",
            arxiv_id="2402.00009",
            abstract=BEES,
            authors="Ada Example; Bo Sample",
            published="2024-02-11",
            listed="2024-02-13",
            upvotes=5,
            code_url="https://github.com/hive/valley",
        ),
    )
    one = papers.iloc[0]
    assert one["paper_id"] == "arxiv:2402.00009"
    assert one["abstract"] == BEES
    assert one["authors"] == "Ada Example; Bo Sample"
    assert (one["published"], one["published_precision"]) == (pd.Timestamp("2024-02-11"), "day")
    assert one["listed"] == pd.Timestamp("2024-02-13")
    assert one["upvotes"] == 5
    assert one["venue"] == "Proceedings of the Hive"
    assert one["doi"] == "10.1000/1"
    assert one["code_url"] == "https://github.com/hive/valley"
    assert one["source"] == "s1; s0"
    assert {name: str(papers[name].dtype) for name in COLUMNS} == dict(COLUMNS)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ([("2024-01-01", "year"), ("2024-06-01", "month")], ("2024-06-01", "month")),
        ([("2024-06-01", "month"), ("2024-06-17", "day")], ("2024-06-17", "day")),
        ([("2023-01-01", "year"), ("2024-06-17", "day")], ("2023-01-01", "year")),
        ([("2024-06-17", "day"), ("2024-06-03", "day")], ("2024-06-03", "day")),
        ([(None, None), ("2024-06-03", "day")], ("2024-06-03", "day")),
    ],
)
def test_the_earliest_date_and_the_most_precise_of_those_that_agree(dates, expected):
    papers, _ = merged(
        *(
            record(TITLE, authors=ADA, published=date, published_precision=precision)
            for date, precision in dates
        )
    )
    assert len(papers) == 1
    date, precision = expected
    assert papers["published"].iloc[0] == pd.Timestamp(date)
    assert papers["published_precision"].iloc[0] == precision


def test_a_chain_never_joins_two_arxiv_ids():
    papers, merges = merged(
        record(TITLE, arxiv_id="2401.00001", authors=ADA),
        record(TITLE, authors=ADA, doi="10.1000/3"),
        record(TITLE, arxiv_id="2402.00002", authors=ADA),
    )
    assert papers["paper_id"].tolist() == ["arxiv:2401.00001", "arxiv:2402.00002"]
    assert merges["dropped_id"].tolist() == ["doi:10.1000/3"]


def test_terms_stand_in_for_a_missing_abstract():
    words = " ".join(sorted(set(BEES.lower().replace(".", "").replace(",", "").split())))
    papers, _ = merged(
        record(TITLE, terms=words), record(TITLE.replace("Foraging", "Foragin"), abstract=BEES)
    )
    assert len(papers) == 1


def test_order_own_columns_and_the_argument_are_kept():
    papers = make_papers(
        [record(f"Paper number {w}") for w in ["one", "two", "three", "four"]], source="test"
    )
    papers = pd.concat([papers, papers.iloc[[2, 0]].assign(upvotes=7)], ignore_index=True)
    papers["mark"] = [None, "b", "c", "d", "e", "a"]
    before = papers.copy(deep=True)
    once, merges = deduplicate(papers)
    pd.testing.assert_frame_equal(papers, before)
    assert once["title"].tolist() == papers["title"].tolist()[:4]
    assert once["mark"].tolist() == ["a", "b", "c", "d"]
    assert once["upvotes"].fillna(0).tolist() == [7, 0, 7, 0]
    assert (merges["kept_id"] == merges["dropped_id"]).all()
    again, none = deduplicate(once)
    pd.testing.assert_frame_equal(again, once)
    assert none.empty


def test_empty_tables_and_tables_that_are_none():
    empty = make_papers([], source="test")
    papers, merges = deduplicate(empty)
    assert len(papers) == len(merges) == 0
    with pytest.raises(DataError, match="not a papers table"):
        deduplicate([1, 2])
    with pytest.raises(DataError, match="lacks a column"):
        deduplicate(pd.DataFrame({"title": ["x"]}))
    with pytest.raises(DataError, match="row 1, column 'paper_id': a value is missing"):
        deduplicate(pd.DataFrame({"paper_id": [None], "title": ["x"]}))
    papers, _ = deduplicate(pd.DataFrame({"paper_id": ["a", "a"], "title": ["x", "x"]}))
    assert papers.to_dict("list") == {"paper_id": ["a"], "title": ["x"]}


@pytest.mark.parametrize(
    ("title", "folded"),
    [
        ("Bees (extended version)", "bees"),
        ("(Preprint)", "preprint"),
        ("β-VAE & friends", "beta vae and friends"),
        ("Modelling behaviour", "modeling behavior"),
        ("???", "???"),
    ],
)
def test_folding(title, folded):
    assert fold(title) == folded


VOCABULARY = """
bees tides harbours gauges mud hives pollen winter survey model of the a part 2 ii
"""
WORDS = VOCABULARY.split()
titles = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join)
authors = st.sampled_from([None, ADA])
tables = st.lists(
    st.tuples(
        titles, st.sampled_from([None, "10.1000/1", "10.1000/2"]), st.sampled_from([None, ADA])
    ),
    max_size=8,
)


@settings(max_examples=15, deadline=None)
@given(tables, st.randoms(use_true_random=False))
def test_nothing_is_lost_and_order_does_not_matter(rows, chance):
    papers = pd.concat(
        [
            make_papers([record(t, doi=d, authors=a)], source="test", origin=f"{i}.bib")
            for i, (t, d, a) in enumerate(rows)
        ]
        or [make_papers([], source="test")],
        ignore_index=True,
    )
    once, merges = deduplicate(papers)
    assert len(once) + len(merges) == len(papers)
    assert once["paper_id"].is_unique
    assert set(merges["kept_id"]) <= set(once["paper_id"])
    assert set(merges["dropped_id"]) <= set(papers["paper_id"])
    assert merges["score"].between(0, 1).all()
    order = list(range(len(papers)))
    chance.shuffle(order)
    turned, _ = deduplicate(papers.iloc[order])
    assert sorted(map(members, turned["origin"])) == sorted(map(members, once["origin"]))
    again, none = deduplicate(once)
    pd.testing.assert_frame_equal(again, once)
    assert none.empty


def members(origin: str) -> list[str]:
    return sorted(origin.split("; "))


def test_a_thousand_planted_doubles_are_found():
    chance = random.Random(4)
    pool = [
        f"{a}{b}"
        for a in ("kel", "mor", "tan", "vis", "dru", "sol")
        for b in ("ation", "ix", "erine", "ology", "or", "um", "ade", "ent", "ian", "oid")
    ]
    records = [record(" ".join(chance.sample(pool, 8)).capitalize()) for _ in range(1000)]
    doubles = [
        record(one["title"].upper() + ".", doi=f"10.1000/{i}") for i, one in enumerate(records)
    ]
    papers = pd.concat(
        [make_papers(records, source="a"), make_papers(doubles, source="b")], ignore_index=True
    )
    once, merges = deduplicate(papers)
    assert len(once) == 1000
    assert once["doi"].tolist() == [f"10.1000/{i}" for i in range(1000)]
    assert np.allclose(merges["score"], 1)
