"""BibTeX and biblatex as people, reference managers and databases write them."""

from __future__ import annotations

import time
import warnings

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit import load
from toolkit.errors import DataError
from toolkit.formats.bibtex.splitting import split_entries


def one(text: str) -> pd.Series:
    papers = load(text + "\n")
    assert len(papers) == 1
    return papers.iloc[0]


def said(paper: pd.Series, name: str = "published") -> str | None:
    form = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}.get(paper["published_precision"])
    return paper[name].strftime(form) if form else None


@pytest.mark.parametrize(
    "text",
    [
        "@article{,title={Oaks},year=2001}",
        "@article{title={Oaks},year=2001}",
        "@article{a key,title={Oaks},year=2001}",
        "@article{k,\ntitle={Oaks},,\nyear=2001,,}",
        "@article{k\n, title = {Oaks}\n, year = 2001\n}",
        "@article{k\ntitle={Oaks},year=2001}",
        "@article{k,title={Oaks}\nyear={2001}}",
        "@article{k,title={Oaks}}, year={2001}}",
        "@article(k,title={Oaks},year=2001)",
        "@ARTICLE {k, TITLE=\"Oaks\", Year = \"2001\" }",
        "@article{k, title={Oaks}, % a remark, {with braces}\n year=2001}",
        "@article{k, title = Oaks, year = 2001}",
        "@article{k, title = {O} # \"aks\", year = 20 # 01}",
        "@article{k, my note 1 = {x}, title={Oaks}, year={2001}, }",
        "@article{k, title={Oaks}, year={2001}}me@article.org {x}",
        "words @comment{@article{no, title={No}}}\n@article{k,title={Oaks},year=2001}",
        "@comment{open {brace}\n@article{k,title={Oaks},year=2001}",
        "@preamble{ \"\\newcommand{\\x}{y}\" }\n@control{k}\n@article{k,title={Oaks},year=2001}",
        "@string{never = {closed}\n@article{k,title={Oaks},year=2001}",
    ],
)  # fmt: skip
def test_odd_but_readable(text) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        paper = one(text)
    assert paper["title"] == "Oaks" and said(paper) == "2001"


@pytest.mark.parametrize(
    ("value", "title"),
    [
        ('"The "old" oak, "new" elm"', 'The "old" oak, "new" elm'),
        ('"A {"}quoted{"} oak"', 'A "quoted" oak'),
        ('"M{\\"u}ller\'s oak"', "Müller's oak"),
        ("{A \\{brace\\} oak}", "A {brace} oak"),
        ("{Half a \\{ brace}", "Half a { brace"),
        ("{An @article{oak} inside}", "An @articleoak inside"),
        ("{Lines\n@article{in} it}", "Lines @articlein it"),
        ("{{Wrapped {O}aks}}", "Wrapped Oaks"),
    ],
)
def test_titles_with_marks_inside(value, title) -> None:
    assert one("@article{k, title = " + value + ", year = 2001}")["title"] == title


@pytest.mark.parametrize(
    ("fields", "published"),
    [
        ("year=1999, month=sept", "1999-09"),
        ("year=1999, month={8}", "1999-08"),
        ("year=1999, month={Mar-Apr}", "1999-03"),
        ("year=1999, month={MAR 15}", "1999-03-15"),
        ("year=1999, month=\"3~\" # jan", "1999-01-03"),
        ("year=1999, month=jan, day=5", "1999-01-05"),
        ("year=1999, month={Winter}", "1999"),
        ("year=1999, month=13", "1999"),
        ("year={c1999}", "1999"),
        ("year={in press}", None),
        ("date={2020-05-03}", "2020-05-03"),
        ("date={2020-05/2020-06}", "2020-05"),
        ("date={2020}, month=5", "2020-05"),
        ("year={2021}, Early Access Date={{NOV 2020}}", "2020-11"),
        ("year={2021}, month={APR}, Early-Access-Date={NOV 2021}", "2021-04"),
    ],
)  # fmt: skip
def test_dates(fields, published) -> None:
    assert said(one("@article{k, title={Oaks}, " + fields + "}")) == published


def test_one_broken_entry_costs_no_other() -> None:
    bad: list = []
    text = (
        "@article{a, title={One}}\n"
        "@article{b, title={Two {oaks}, year={2020}\n}\n"
        '@article{c, title="Three, year={2020}}\n'
        "@article{d, title={Four}, year={2020}}\n"
        "@article{e}\n"
        "@article{f, title={Five} {six}, year=2020}\n"
        "@article{g, title={Seven}, year = 20"
    )
    papers = load(text, on_bad=bad.append)
    assert papers["title"].tolist() == ["One", "Four"]
    assert [record.place for record in bad] == [f"line {n}" for n in (2, 4, 6, 7, 8)]
    assert bad[0].text.startswith("@article{b, title={Two")
    with pytest.raises(DataError, match=r"line 2: .*not closed"):
        load(text, on_bad="raise")


SCOPUS = """Scopus
EXPORT DATE: 01 March 2023

@CONFERENCE{Oak2021,
author={Oak, A. and Elm, B.},
title={Counting oaks},
journal={Tree Meeting},
year={2021},
pages={1-9},
doi={10.5555/oak.2},
note={cited By 3},
url={https://www.scopus.example/record.uri?eid=2-s2.0-1},
affiliation={Dept of Oaks, Univ Lund, Lund, Sweden; Univ Porto, Porto, Portugal},
author_keywords={drones;  oak},
keywords={Trees; Oak tree},
funding_text 1={The fund, and more.},
references={Ash, C., Oaks (1999) Trees; Fir, D. (2001) Elms},
document_type={Conference Paper},
source={Scopus},
}
"""
WOS = """
@article{ WOS:000700000000001,
Author = {Oak, Anna and Elm, Bo},
Title = {{Counting oaks
   from the air}},
Journal = {JOURNAL OF TREES},
Year = {{2021}},
Month = {{MAR 15}},
Abstract = {{We count.}},
Affiliation = {{Oak, A (Corresponding Author), Univ Lund, Dept Biol, Lund, Sweden.
   Oak, Anna; Elm, Bo, Univ Porto, Porto, Portugal.}},
Keywords = {{drones; oak}},
Keywords-Plus = {{FORESTS}},
Times-Cited = {{7}},
Type = {{Review}},
Cited-References = {{Ash C, 1999, J TREES.
   Fir D, 2001, J TREES.}},
Unique-ID = {{WOS:000700000000001}},
}
"""


def test_scopus_and_web_of_science() -> None:
    scopus, wos = one(SCOPUS), one(WOS)
    assert scopus["keywords"] == "drones; oak; Trees; Oak tree"
    assert scopus["cited_by"] == 3 and wos["cited_by"] == 7
    assert scopus["countries"] == wos["countries"] == "Sweden; Portugal"
    assert wos["affiliations"] == "Univ Lund, Dept Biol, Lund, Sweden; Univ Porto, Porto, Portugal"
    assert scopus["references"].count("; ") == wos["references"].count("; ") == 1
    assert (scopus["kind"], wos["kind"]) == ("proceedings", "review")
    assert wos["title"] == "Counting oaks from the air" and said(wos) == "2021-03-15"
    assert wos["venue"] == "Journal of trees" and wos["wos_id"] == "WOS:000700000000001"
    assert scopus["authors"] == "A. Oak; B. Elm" and scopus["pages"] == "1-9"


def test_crossref_fills_what_an_entry_lacks() -> None:
    papers = load(
        "@inproceedings{p, title={Oaks}, crossref={C}}\n"
        "@inproceedings{q, title={Elms}, year=1999, crossref={nobody}}\n"
        "@proceedings{c, title={Tree Meeting}, year=2020, publisher={Wood}}\n"
    )
    assert papers["venue"].tolist()[0] == "Tree Meeting"
    assert papers["published"].dt.year.tolist() == [2020, 1999, 2020]
    assert papers["kind"].tolist()[:2] == ["proceedings", "proceedings"]


@pytest.mark.parametrize(
    "fields",
    [
        "eprint={2401.01234}, archivePrefix={arXiv}",
        "eprint={arXiv:2401.01234v2}, eprinttype={arxiv}",
        "arxivId={2401.01234}",
        "journal={arXiv preprint arXiv:2401.01234}",
        "journal={CoRR}, volume={abs/2401.01234}, eprint={2401.01234}, eprinttype={arXiv}",
        "url={https://arxiv.org/abs/2401.01234}",
        "howpublished={arXiv:2401.01234}",
        "doi={10.48550/arXiv.2401.01234}",
    ],
)
def test_arxiv_ids_in_any_field(fields) -> None:
    assert one("@misc{k, title={Oaks}, " + fields + "}")["paper_id"] == "arxiv:2401.01234"


def test_biblatex_ads_and_others() -> None:
    paper = one(
        "@thesis{k, title={Oaks}, subtitle={A Tale}, institution={Univ Lund}, date={2020-01-02},"
        " type={phdthesis}, langid={english}, keywords={oak, {elm, tall}}, pmid={12345678}}"
    )
    assert paper["title"] == "Oaks: A Tale" and paper["venue"] == "Univ Lund"
    assert paper[["kind", "language", "pmid"]].tolist() == ["thesis", "english", "12345678"]
    assert paper["keywords"] == "oak; elm, tall"
    ads = one(
        "@ARTICLE{2020ApJ...1..1O, author={{Oak}, Anna and {Elm}, Bo}, title=\"{Oaks}\","
        " journal={\\apj}, year=2020, month=jan, adsurl={https://ui.adsabs.example/1}}"
    )  # fmt: skip
    assert ads["authors"] == "Anna Oak; Bo Elm" and ads["venue"] == "Astrophysical Journal"
    assert ads["url"] == "https://ui.adsabs.example/1" and said(ads) == "2020-01"
    commas = one("@article{k, title={Oaks}, author={Oak, A., Elm, B., Fir, C.}}")
    assert commas["authors"] == "A. Oak; B. Elm; C. Fir"
    book = one("@book{k, title={Oaks}, editor={Oak, Anna}, publisher={Wood}}")
    assert book[["authors", "venue", "kind"]].tolist() == ["Anna Oak", "Wood", "book"]


@pytest.mark.parametrize(
    "text",
    [
        "@article{k, title={" + "{" * 3000 + "\n",
        "@article{k, title={Oaks\n",
        '@article{k, title="Oaks\n',
        "@comment{x\n",
        "@article{k, title={A}} , , x = \n",
        "%@article{k}\n",
        "@article{k, title={a " + "\\{ " * 200 + "}}\n",
    ],
)
def test_linear_time(text) -> None:
    count = 1_500_000 // len(text)
    start = time.process_time()
    list(split_entries(text * count))
    assert time.process_time() - start < 8


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet='@articlestring{}(),="#% \n\\ab1', max_size=200))
def test_any_text_is_split_without_errors(text) -> None:
    lines = text.count("\n") + 1
    for entry in split_entries(text):
        assert 1 <= entry.line <= lines and bool(entry.problem) >= (not entry.kind)


@pytest.mark.parametrize(
    "damaged",
    [
        "@ARTICLEOak2020,\n title={Oaks},\n year={2020}\n}",
        "@article[oak,\n title={Oaks},\n year={2020}\n]",
        "article{oak,\n title = {Oaks},\n year = 2020\n}",
        'oak2020,\n title = "Oaks",\n',
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_entry_without_its_beginning_is_told_of(damaged, place) -> None:
    sound = ["@article{a,\n title={Ash trees}\n}", "@book{b,\n title={Birches}\n}"]
    parts = [*sound[:place], damaged, *sound[place:]]
    bad: list = []
    papers = load("\n\n".join(parts) + "\n", on_bad=bad.append)
    assert papers["title"].tolist() == ["Ash trees", "Birches"]
    assert [(one.place, "damaged" in one.reason) for one in bad] == [
        (f"line {1 + 4 * place}", True)
    ]
    assert "Oaks" in bad[0].text


def test_words_between_entries_are_no_damaged_entries() -> None:
    text = (
        "Exported by a program = version 2, me@oak.org\n@comment{jabref-meta: a = {b};}\n"
        "@article{a,\n title={Ash trees}\n}\n%@article{c,\n title = {No}\n}\n"
        "@comment{never closed\n title = {No}\n\n@book{b,\n title={Birches}\n}\n"
    )
    bad: list = []
    assert load(text, on_bad=bad.append)["title"].tolist() == ["Ash trees", "Birches"]
    assert bad == []


@pytest.mark.parametrize(
    ("field", "doi", "url"),
    [
        (r"DOI = {10.1000/oak\_a\_00666}", "10.1000/oak_a_00666", None),
        (r"doi = {{10.1000/1081(2008)33{[}8:AO]2.0.CO;2}}",
         "10.1000/1081(2008)33[8:ao]2.0.co;2", None),
        (r"doi = {10.1000/(SICI)1097-0258(1998)17:1{\textless}1::AID-X1{\textgreater}3.0.CO;2-K}",
         "10.1000/(sici)1097-0258(1998)17:1<1::aid-x1>3.0.co;2-k", None),
        (r"doi = {10.1000/(SICI)1097-0258(1998)17:1$<$1::AID-X1$>$3.0.CO;2-K}",
         "10.1000/(sici)1097-0258(1998)17:1<1::aid-x1>3.0.co;2-k", None),
        (r"url = {https://doi.org/10.1000/oak\_a}", "10.1000/oak_a", "https://doi.org/10.1000/oak_a"),
        (r"note = {doi: 10.1000/oak{\_}a}", "10.1000/oak_a", None),
        (r"url = {http://a.example/x{\_}y{\%}3A\#z{~}q{\&}t}", None, "http://a.example/x_y%3A#z~q&t"),
        (r"url = {\url{http://a.example/$\sim$x/\~{}y}}", None, "http://a.example/~x/~y"),
        (r"url = {http://a.example/?a=1&price=$5}", None, "http://a.example/?a=1&price=$5"),
    ],
)  # fmt: skip
def test_dois_and_addresses_lose_what_only_latex_needs(field, doi, url) -> None:
    paper = one(f"@article{{k, title={{Oaks of the hill}}, year=2001,\n{field}}}")
    assert (paper.doi if pd.notna(paper.doi) else None) == doi
    assert (paper.url if pd.notna(paper.url) else None) == url


def test_an_entry_without_a_title_is_told_of_unless_others_take_its_fields() -> None:
    empty = "@misc{oak},\n   year = {2015},\n   type = {Standard}\n}\n\n"
    parent = "@proceedings{p, booktitle={Meeting of Oaks}, year=2003}\n"
    child = "@inproceedings{c, title={Oaks of the hill}, crossref={p}}\n"
    bad: list = []
    papers = load(empty * 2 + child + parent, on_bad=bad.append)
    assert papers.venue.tolist() == ["Meeting of Oaks"]
    assert [problem.place for problem in bad] == ["line 1", "line 6"]


def test_letters_of_affiliations_are_no_part_of_names_and_lists_may_stand_in_two_pairs_of_braces():
    papers = load(
        "@article{a, title={Oaks and elms}, year={2015}, Keywords = {{oak; elm}},\n"
        " author={Iorio, C.a and D'Ambrosio, A.a b and Elm, T.a b c and Ash, G.J.},\n"
        " Keywords-Plus = {{OAKS; ELMS}}}\n"
        "@article{b, title={Oaks alone}, year={2015}, author={Silva, J.e and Fir, K.}}\n"
    )
    assert papers["authors"].tolist() == [
        "C. Iorio; A. D'Ambrosio; T. Elm; G.J. Ash", "J.e Silva; K. Fir",
    ]  # fmt: skip
    assert papers["keywords"].tolist()[0] == "oak; elm; OAKS; ELMS"
