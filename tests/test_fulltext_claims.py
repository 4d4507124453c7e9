"""Full texts: which repository is the paper's own, and what the paper says of its code."""

from __future__ import annotations

import pandas as pd
import pytest

from toolkit.claims.account_names import (
    is_author,
    is_named,
    is_written_together,
    shares_author,
    stands_in,
)
from toolkit.claims.claims import code_claims, find_links
from toolkit.claims.full_texts import Row, find_repositories
from toolkit.claims.repositories import INTERCEPT, WEIGHTS, own_probability, repository_key
from toolkit.errors import DataError
from toolkit.papers.schema import make_papers
from toolkit.rates.rates import availability

PAPERS = make_papers(
    [
        {"title": "MoonNet: counting craters", "abstract": "We count craters.",
         "authors": "Ada Moon; Bo Sun"},
        {"title": "Another paper", "abstract": "Code: https://github.com/other/thing."},
        {"title": "A third paper"},
    ],
    source="mine",
)  # fmt: skip
MOON, OTHER, THIRD = PAPERS["paper_id"].tolist()
READ = PAPERS.iloc[:2]
#: Own: the network's code, by an author's account, and what the statement gives; cited: the rest.
PARTS = [
    ("front", "Ada Moon\nBo Sun\nCrater Institute", "", ""),
    ("body", "Images were segmented with Starfish (https://github.com/spacetx/starfish).", "2", ""),
    ("footnote", "https://github.com/pytorch/pytorch", "2", "We train with PyTorch for 3 days."),
    ("footnote", "https://github.com/adamoon/moonnet", "1", "We release our code."),
    ("body", "The baseline is by the authors: https://github.com/rival/net [12].", "3", ""),
    ("availability", "All scripts to reproduce this paper are at https://osf.io/ab12c/.", "", ""),
    ("references", "Star C. A tool. https://github.com/star/tool\nSky D. 2020.", "", ""),
]
TEXT = pd.DataFrame(
    [(MOON, *row) for row in PARTS],
    columns=["paper_id", "section", "text", "heading", "anchor"],
    dtype="string",
)
OWN = {"github.com/adamoon/moonnet", "osf.io/ab12c"}
CITED = {
    "github.com/spacetx/starfish", "github.com/pytorch/pytorch", "github.com/rival/net",
    "github.com/star/tool",
}  # fmt: skip


def test_own_repository_is_told_from_cited_ones():
    links = find_links(READ, fulltext=TEXT)
    mine = links[links["paper_id"] == MOON]
    own = mine[mine["own"]]
    assert set(own["canonical"]) == OWN
    assert set(mine.loc[~mine["own"], "canonical"]) == CITED
    assert (own["kind"] == "code").all()
    where = dict(zip(mine["canonical"], mine["where"]))
    assert where["osf.io/ab12c"] == "availability"
    assert where["github.com/adamoon/moonnet"] == "footnote"
    assert where["github.com/star/tool"] == "references"
    evidence = own.loc[own["where"] == "footnote", "evidence"].iloc[0]
    assert evidence == "We release our code (https://github.com/adamoon/moonnet)."


def test_other_papers_are_read_as_before():
    without, others = find_links(READ), find_links(READ, fulltext=TEXT)
    pd.testing.assert_frame_equal(
        without[without["paper_id"] == OTHER].reset_index(drop=True),
        others[others["paper_id"] == OTHER].reset_index(drop=True),
    )


def test_claims_rest_on_what_was_read():
    with pytest.warns(UserWarning, match="1 of 3 papers"):
        claims = code_claims(PAPERS, fulltext=TEXT)
    assert claims["code"].tolist()[:2] == ["linked", "linked"]
    assert claims["basis"].tolist()[:2] == ["full text", "abstract"]
    assert claims[["code", "artifact", "basis"]].iloc[2].isna().all()
    with pytest.warns(UserWarning, match="1 of 3 papers"):
        assert code_claims(PAPERS)["code"].iloc[0] == "none"
    declared = PAPERS.assign(code_url=[None, None, "https://github.com/third/code"])
    assert code_claims(declared)["basis"].tolist() == ["abstract", "abstract", "declaration"]


def test_statements_of_full_texts_count():
    def status(*rows: tuple[str, str]) -> str:
        table = pd.DataFrame(
            [(MOON, section, text) for section, text in rows],
            columns=["paper_id", "section", "text"],
        )
        return str(code_claims(PAPERS.iloc[:1], fulltext=table)["code"].iloc[0])

    assert status(("body", "Craters are round.")) == "none"
    assert status(("availability", "Our code will be released upon acceptance.")) == "promised"
    assert (
        status(("availability", "The code is available from the authors on request.")) == "request"
    )
    assert status(("references", "Star C. Our code is available. 2020.")) == "none"
    assert status(("body", "Images were segmented with a tool (https://github.com/a/b).")) == "none"


def test_order_of_rows_and_papers_changes_no_answer():
    def answers(links: pd.DataFrame) -> set[tuple[str, bool]]:
        return set(zip(links["canonical"], links["own"]))

    once = answers(find_links(READ, fulltext=TEXT))
    turned = TEXT.iloc[::-1].reset_index(drop=True)
    assert answers(find_links(READ.iloc[::-1], fulltext=turned)) == once


def test_rows_without_paper_are_left_out_and_other_tables_refused():
    lost = TEXT.assign(paper_id=pd.array([None] * len(TEXT), dtype="string"))
    links = find_links(READ, fulltext=lost)
    assert set(links["paper_id"]) == {OTHER}
    with pytest.raises(DataError, match=r"not a table of full texts.*read_fulltext"):
        find_links(PAPERS, fulltext=PAPERS)
    with pytest.raises(DataError, match="not a table of full texts"):
        code_claims(PAPERS, fulltext="paper.pdf")  # type: ignore[arg-type]


def test_an_address_alone_belongs_to_the_words_before_it():
    rows = [Row("body", "The code is available at\nhttps://github.com/a/moons", "", "")]
    found = find_repositories(rows, title="Moons", authors="")
    assert found["github.com/a/moons"]["available"]


def test_probability_is_that_of_the_logistic_model():
    assert own_probability({}) == pytest.approx(1 / (1 + 2.718281828459045**-INTERCEPT))
    for name, weight in WEIGHTS.items():
        more = own_probability({name: 1.0}) > own_probability({})
        assert more == (weight > 0), name


def test_every_sign_has_a_weight():
    rows = [Row("body", "Code: https://github.com/a/moons.", "", "")]
    found = find_repositories(rows, title="Moons", authors="")["github.com/a/moons"]
    assert set(found) == set(WEIGHTS)
    assert all(0 <= value <= 1 for value in found.values())


@pytest.mark.parametrize(
    ("owner", "is_one"),
    [
        ("jfutoma", True), ("lgbouma", True), ("tdhock", True), ("DrTimothyAldenDavis", True),
        ("joseph", True), ("pytorch", False), ("google", False), ("dav", False),
    ],
)  # fmt: skip
def test_accounts_like_authors(owner: str, is_one: bool):
    authors = "Joseph Futoma; L. G. Bouma; Toby D. Hock\nTimothy A. Davis3"
    assert is_author(owner, authors) is is_one


@pytest.mark.parametrize(
    ("owner", "is_one"),
    [
        ("jfutoma", True), ("adamoon", True), ("nikiluk", True), ("cratergroup", True),
        ("pytorch", False), ("moonada-x", False), ("jo", False), ("josef", False),
    ],
)  # fmt: skip
def test_accounts_are_found_in_a_head_where_names_run_together(owner: str, is_one: bool):
    front = "Joseph Futoma¹ Crater Institute a.moon@x.org Ada B. Moon² and Nikita Lukianets^(1,2)"
    assert is_written_together(owner, front) is is_one


def test_references_of_others_speak_against_and_of_the_authors_for_a_repository():
    def signs_with(reference: str) -> dict[str, float]:
        rows = [
            Row("front", "Ada Moon", "", ""),
            Row("body", "The code is available at https://github.com/a/moons.", "", ""),
            Row("references", f"{reference} https://github.com/a/moons 2020", "", ""),
        ]
        return find_repositories(rows, title="Craters", authors="")["github.com/a/moons"]

    assert signs_with("Bo Star. Moons.")["reference by others"]
    assert not signs_with("Ada Moon. Moons.")["reference by others"]
    assert signs_with("Ada Moon. Moons.")["reference by an author"]


@pytest.mark.parametrize(
    ("title", "is_one"),
    [
        ("Craters: a survey of methods", True), ("A systematic literature review of dunes", True),
        ("Review of current hardware", True), ("Overview of craters", True),
        ("The Moon Survey: first results", False), ("Ratings of product reviews", False),
    ],
)  # fmt: skip
def test_reviews_are_told_by_their_title(title: str, is_one: bool):
    rows = [Row("body", "Code: https://github.com/a/moons.", "", "")]
    found = find_repositories(rows, title=title, authors="")["github.com/a/moons"]
    assert found["review"] is is_one


def test_official_implementations_that_we_used_are_not_given():
    def found(sentence: str) -> dict[str, float]:
        rows = [Row("body", f"{sentence} (https://github.com/a/moons).", "", "")]
        return find_repositories(rows, title="Craters", authors="")["github.com/a/moons"]

    assert not found("We used the official implementation")["we give"]
    assert found("We implemented the method")["we give"]


@pytest.mark.parametrize(
    ("section", "sentence", "is_one"),
    [
        ("references", "Moon A. Code repository: craters. https://doi.org/10.5281/zenodo.12", True),
        ("references", "Star B. Code of craters. https://doi.org/10.5281/zenodo.12", False),
        ("references", "Moon A. craters. https://CRAN.R-project.org/package=craters", True),
        ("references", "Moon A. dunes. https://CRAN.R-project.org/package=dunes", False),
        ("availability", "The code is on GitHub. A copy: https://doi.org/10.5281/zenodo.12", True),
        ("body", "Our plugin is available at https://a.org/plugin/craters.", True),
        ("body", "Our tests cover 40 % of the code (https://a.io/gh/craters).", False),
    ],
)  # fmt: skip
def test_what_may_be_a_repository(section: str, sentence: str, is_one: bool):
    rows = [Row("front", "Ada Moon", "", ""), Row(section, sentence, "", "")]
    assert bool(find_repositories(rows, title="Craters of the moon", authors="")) is is_one


def test_names_like_titles_and_institutions():
    assert is_named("MoonNet", "Moonnet: counting craters")
    assert is_named("crater_counting", "Counting craters on the moon: crater statistics")
    assert not is_named("code", "A code for craters")
    assert stands_in("10XGenomics", "10x Genomics, Pleasanton")
    assert not stands_in("moon", "Mooney Institute")
    assert shares_author("Moon A, Star C. A tool. 2020.", "Ada Moon; Bo Sun")
    assert not shares_author("Star C. A tool. 2020.", "Ada Moon; Bo Sun")


def test_one_key_for_one_repository():
    assert repository_key("https://github.com/Me/A.git") == repository_key(
        "http://www.github.com/me/a/tree/main/src"
    )


def test_shares_say_what_they_rest_on():
    claims = code_claims(READ, fulltext=TEXT)
    papers = READ.assign(venue=["A", "B"])
    rates = availability(papers, by="venue", claims=claims).set_index("group")
    assert rates["basis"].to_dict() == {"A": "full texts", "B": "abstracts"}
    assert availability(papers, claims=claims)["basis"].tolist() == [
        "full texts (1), abstracts (1)"
    ]
    assert availability(papers)["basis"].tolist() == ["abstracts"]


def test_a_deposit_of_code_is_a_repository_and_one_of_data_alone_is_not():
    def own_code(sentence: str) -> bool:
        table = pd.DataFrame(
            [(MOON, "availability", sentence)], columns=["paper_id", "section", "text"]
        )
        links = find_links(READ.iloc[:1], fulltext=table)
        return bool((links["own"] & (links["kind"] == "code")).any())

    assert own_code("All data and analysis scripts are available at https://osf.io/ab12c.")
    assert not own_code("All data are available at https://osf.io/ab12c.")
    assert repository_key("https://doi.org/10.17605/OSF.IO/AB12C") == "osf.io/ab12c"
    assert repository_key("https://zenodo.org/record/12") == repository_key(
        "https://doi.org/10.5281/zenodo.12"
    )
