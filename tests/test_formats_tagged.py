"""RIS, Web of Science, MEDLINE, Ovid, Refer and RefWorks as real programs write them."""

from __future__ import annotations

import time
import warnings

import pandas as pd
import pytest

from toolkit import find_network, load
from toolkit.errors import DataError
from toolkit.formats.tagged.values import (
    citations_in,
    date_of,
    first_public,
    journal_name,
    list_of,
    people,
)

HEAD = "TY  - JOUR\nTI  - Counting oaks\n"


def ris(*lines: str, head: str = HEAD) -> pd.Series:
    (paper,) = [row for _, row in load(head + "\n".join(lines) + "\nER  - \n").iterrows()]
    return paper


@pytest.mark.parametrize("tag", ["DO", "L3", "M3", "UR", "L2", "LK"])
def test_a_doi_is_found_under_any_tag(tag) -> None:
    address = "https://doi.org/10.5555/Oak.1" if tag in ("UR", "L2", "LK") else "10.5555/Oak.1"
    assert ris(f"{tag}  - {address}")["doi"] == "10.5555/oak.1"


def test_dois_in_publishers_addresses_and_notes() -> None:
    assert ris("UR  - https://trees.example/doi/full/10.5555/oak.2?x=1")["doi"] == "10.5555/oak.2"
    assert ris("N1  - doi: 10.5555/oak.3")["doi"] == "10.5555/oak.3"
    assert pd.isna(ris("N1  - As 10.5555/elm.1 says")["doi"]), "a note on another paper"


@pytest.mark.parametrize("tag", ["JO", "JF", "JA", "J1", "J2", "T2", "BT"])
def test_a_venue_is_found_under_any_tag(tag) -> None:
    assert ris(f"{tag}  - Journal of Trees")["venue"] == "Journal of Trees"


def test_the_full_name_of_a_venue_wins() -> None:
    assert ris("JA  - J. Trees", "JF  - Journal of Trees")["venue"] == "Journal of Trees"
    chapter = ris("BT  - Trees of the North", "T3  - Series", head="TY  - CHAP\nT1  - Oaks\n")
    assert chapter[["venue", "kind"]].tolist() == ["Trees of the North", "chapter"]
    thesis = ris("PB  - Oak University", head="TY  - THES\nT1  - Oaks\n")
    assert thesis[["venue", "kind"]].tolist() == ["Oak University", "thesis"]


@pytest.mark.parametrize(
    ("lines", "published"),
    [
        (["Y1  - 1998///Fal 1998"], "1998"),
        (["PY  - 2014/03/01/"], "2014-03-01"),
        (["PY  - 2014", "DA  - 2014/03/"], "2014-03"),
        (["PY  - 2014", "DA  - MAR 15"], "2014-03-15"),
        (["PY  - 2014", "DA  - 2019/01/01"], "2014"),
        (["Y1  - 2009/Mar./"], "2009-03"),
        (["PY  - c1998"], "1998"),
        (["PY  - 2014", "Y2  - 2020/05/05"], "2014"),
        (["C6  - FEB 2022"], "2022-02"),
        (["PY  - in press"], None),
    ],
)
def test_dates_in_ris(lines, published) -> None:
    paper = ris(*lines)
    form = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}.get(paper["published_precision"])
    assert (paper["published"].strftime(form) if form else None) == published


def test_keywords_stand_one_a_tag_a_line_or_between_semicolons() -> None:
    assert ris("KW  - oak", "KW  - *elm", "KW  - n/a")["keywords"] == "oak; elm"
    assert ris("KW  - oak", "elm", "fir")["keywords"] == "oak; elm; fir"
    assert ris("KW  - oak; elm")["keywords"] == "oak; elm"
    assert ris("KW  - oak, elm, fir")["keywords"] == "oak; elm; fir"
    assert ris("KW  - Trees, Fruit", "KW  - oak")["keywords"] == "Trees, Fruit; oak"


def test_authors_in_any_order_of_names() -> None:
    paper = ris("AU  - Oak, Anna", "A1  - Elm BC", "AU  - Fir D E", "AU  - Ash, G.; Yew, H.")
    assert paper["authors"] == "Anna Oak; G. Ash; H. Yew; BC Elm".replace("; G.", "; D E Fir; G.")
    assert ris("A2  - Editor, Ed")["authors"] == "Ed Editor", "editors where there is no author"
    assert ris("AU  - Ministry of Oaks,, Lund")["authors"] == "Ministry of Oaks, Lund"


def test_of_two_abstracts_the_english_one_or_both() -> None:
    german = (
        "Wir zählen die Eichen im Wald und finden, dass ihre Zahl in jedem Jahr größer wird als "
        "die der Ulmen, auch wenn der Winter lang und kalt gewesen ist."
    )
    assert ris(f"AB  - {german}", "AB  - We count the oaks.")["abstract"] == "We count the oaks."
    parts = ris("AB  - AIM: We count oaks.", "AB  - RESULT: There are nine.")
    assert parts["abstract"] == "AIM: We count oaks. RESULT: There are nine."
    assert ris("N2  - We count.", "  All of them.")["abstract"] == "We count. All of them."


def test_notes_citations_references_and_ids() -> None:
    paper = ris(
        "N1  - Cited By :1,204", "N1  - References: Ash, C., Trees (1999); Fir, D. (2001)",
        "DB  - PubMed", "AN  - 12345678", "SP  - 1", "EP  - 9", "VL  - 3",
        "UR  - https://arxiv.org/abs/2401.01234", "M3  - Review",
        "AD  - Univ Lund, Lund, Sweden", "M1  - (Elm B.) Univ Porto, Porto, Portugal",
    )  # fmt: skip
    assert paper["cited_by"] == 1204 and paper["kind"] == "review"
    assert paper["references"] == "Ash, C., Trees (1999); Fir, D. (2001)"
    assert paper[["pmid", "pages", "volume"]].tolist() == ["12345678", "1-9", "3"]
    assert paper["paper_id"] == "arxiv:2401.01234"
    assert paper["affiliations"] == "Univ Lund, Lund, Sweden; Univ Porto, Porto, Portugal"
    assert paper["countries"] == "Sweden; Portugal"


ODD = {
    "no blank": "TY  -JOUR\nTI  -Oaks\nER  -\nTY  -JOUR\nTI  -Elms\nER  -\n",
    "one blank": "TY - JOUR\nTI - Oaks\nER - \n\nTY - JOUR\nTI - Elms\nER - \n",
    "three blanks": "TY  -  JOUR\nTI  -  Oaks\nER  -  \n\nTY  -  JOUR\nTI  -  Elms\nER  -  \n",
    "small tags": "ty  - jour\nti  - Oaks\ner  - \nty  - jour\nti  - Elms\ner  - \n",
    "no ends": "TY  - JOUR\nTI  - Oaks\n\nTY  - JOUR\nTI  - Elms\n",
    "one end is missing": "TY  - JOUR\nTI  - Oaks\nTY  - JOUR\nTI  - Elms\nER  - \n",
    "ends without hyphen": "TY  - JOUR\nTI  - Oaks\nER\nTY  - JOUR\nTI  - Elms\nER  \n",
    "addresses after each end": "TY  - JOUR\nTI  - Oaks\nER  - \nUR  - https://a.example\n\n2.\n"
    "TY  - JOUR\nTI  - Elms\nER  - \nUR  - https://b.example\n",
    "no types": "TI  - Oaks\nAU  - A\nER  - \n\nTI  - Elms\nAU  - B\nER  - \n",
    "words between": "Record #1 of 2\nProvider: X\n\nTY  - JOUR\nTI  - Oaks\nER  - \n\n2.\n"
    "TY  - Journal Article\nTI  - Elms\nZZ  - what\nER  - \n\nEnd of list\n",
    "Windows": "\ufeffTY  - JOUR\r\nTI  - Oaks\r\nER  - \r\n\r\nTY  - JOUR\r\nT1  - Elms\r\n"
    "ER  - \r\n",
}


@pytest.mark.parametrize("name", ODD)
def test_ris_as_programs_write_it(name) -> None:
    papers = load(ODD[name])
    assert papers["title"].tolist() == ["Oaks", "Elms"] and set(papers["source"]) == {"ris"}
    assert papers["url"].isna().all()


def test_a_hyphen_in_the_text_begins_no_field() -> None:
    paper = ris("AB  - We count in", "AB - vitro and", "so  on - ward", "TO - day")
    assert paper["abstract"] == "We count in AB - vitro and so on - ward TO - day"


def test_a_record_without_title_or_end_costs_no_other() -> None:
    bad: list = []
    text = HEAD + "ER  - \n\nTY  - JOUR\nAU  - Nobody\nER  - \nTY  - JOUR\nTI  - Cut of"
    assert load(text, on_bad=bad.append)["title"].tolist() == ["Counting oaks"]
    assert [one.place for one in bad] == ["line 8", "line 5"]
    assert "does not end with its ER line" in bad[0].reason and "Cut of" in bad[0].text
    with pytest.raises(DataError, match="has no title"):
        load(text.replace("TI  - Cut of", "TI  - Cut\nER  - \n"), on_bad="raise")


WOS = """\ufeffFN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Oak, A
   Elm, B
AF Oak, Anna
   Elm, Bo
TI Counting oaks: a
   long story
SO IEEE TRANSACTIONS ON TREES
DE drones; oak
   counts
ID FORESTS
AB One.
   Two.
C1 [Oak, Anna; Elm, Bo] Univ Lund, Dept Biol,
   Lund, Sweden.
   [Elm, Bo] Tsinghua Univ, Beijing, Peoples R China.
CR Ash C, 1999, J TREES, V1, P2, DOI 10.5555/ash
   Fir D, 2001, J TREES
TC 0
DT Article; Proceedings Paper
Q9 an unknown tag
   that goes on
PD MAR 15
PY 2022
EA NOV 2021
DI 10.5555/oak.1
PM 12345678
UT WOS:000000000000001
ER

PT J
AU Birch, C
TI Why birches bend
PY 2023
ER

PT J
TI Cut of"""


def test_web_of_science() -> None:
    bad: list = []
    papers = load(WOS, on_bad=bad.append)
    line = WOS[: WOS.rindex("PT J")].count("\n") + 1
    assert [one.place for one in bad] == [f"line {line}"]
    first = papers.iloc[0]
    assert first["title"] == "Counting oaks: a long story"
    assert first["authors"] == "Anna Oak; Bo Elm"
    assert first["venue"] == "IEEE transactions on trees"
    assert first["keywords"] == "drones; oak counts; FORESTS"
    assert first["affiliations"] == (
        "Univ Lund, Dept Biol, Lund, Sweden; Tsinghua Univ, Beijing, Peoples R China"
    )
    assert first["countries"] == "Sweden; China"
    assert first["references"].count("; ") == 1 and "10.5555/ash" in first["references"]
    assert first["cited_by"] == 0 and pd.isna(papers["cited_by"][1])
    assert first["kind"] == "proceedings"
    assert f"{first['published']:%Y-%m} {first['published_precision']}" == "2021-11 month"
    assert first[["wos_id", "pmid"]].tolist() == ["WOS:000000000000001", "12345678"]


NBIB = """
PMID- 1
DP  - 2021 Mar-Apr
DEP - 20210115
TI  - [Counting oaks in
      hospitals].
AB  - BACKGROUND: Trees.
FAU - Oak, Anna
AU  - Oak A
AD  - Univ Lund, Lund, Sweden. a@oak.se.; Univ Porto, Porto, Portugal.
JT  - The Journal of trees
MH  - *Trees/growth & development
OT  - windows
PT  - Journal Article
PT  - Review
LID - S1 [pii]
AID - 10.5555/oak.1 [doi]

PMID- 2
BTI - A book of elms
CN  - Elm Group
DP  - 2022 Winter
"""


def test_medline() -> None:
    papers = load(NBIB)
    assert papers["title"].tolist() == ["Counting oaks in hospitals", "A book of elms"]
    assert papers["published"].dt.strftime("%Y-%m-%d").tolist() == ["2021-03-01", "2022-01-01"]
    assert papers["authors"].tolist() == ["Anna Oak", "Elm Group"]
    assert papers["keywords"][0] == "windows; Trees" and papers["kind"][0] == "review"
    assert papers["doi"][0] == "10.5555/oak.1" and papers["countries"][0] == "Sweden; Portugal"
    assert papers["pmid"].tolist() == ["1", "2"]
    online = load("PMID- 3\nTI  - Firs\nDP  - 2021\nDEP - 20210115\n")
    assert f"{online['published'][0]:%Y-%m-%d}" == "2021-01-15"
    # Of papers in other languages, PubMed may have no English title.
    french = load("PMID- 4\nTI  - [Not Available].\nTT  - Compter les ch\u00eanes.\nDP  - 2021\n")
    assert french["title"].tolist() == ["Compter les ch\u00eanes"]
    with pytest.raises(DataError, match="no title"):
        load("PMID- 5\nTI  - [Not Available].\nDP  - 2021\n")
    eric = load("OWN - ERIC\nTI  - Oaks\nAU  - Oak, A.\n\nOWN - ERIC\nTI  - Elms\nDP  - 2020\n")
    assert eric["title"].tolist() == ["Oaks", "Elms"]


OVID = """<1. >
VN  - Ovid Technologies
DB  - Ovid MEDLINE(R)
UI  - 12345678
TI  - Counting oaks.
SO  - Journal of Trees. 12(3):1-5, 2020 Mar.
AU  - Oak A.B.
AU  - Elm, Bo [Author]
IN  - (Oak) Univ Lund, Lund, Sweden
      (Elm) Univ Porto, Porto, Portugal
MH  - *Trees/ph [Physiology]
AB  - One.
Two.
DO  - 10.5555/oak.1
YR  - 2020

<2>
TI  - Elms
SO  - Elm Letters, 2021
"""
LABELS = """<1>
Unique Identifier
  12345678
Title
  Counting oaks.
Authors
  Oak AB
  Elm, Bo
Strange Label
  anything
Source
  Journal of Trees. 12(3):1-5, 2020 Mar.
Abstract
  One. Two.
Year of Publication
  2020
"""


def test_ovid() -> None:
    papers = load(OVID)
    assert papers["title"].tolist() == ["Counting oaks", "Elms"]
    assert papers["venue"].tolist() == ["Journal of Trees", "Elm Letters"]
    assert papers["authors"][0] == "A.B. Oak; Bo Elm" and papers["keywords"][0] == "Trees"
    assert papers["countries"][0] == "Sweden; Portugal" and papers["abstract"][0] == "One. Two."
    assert papers["published"].dt.year.tolist() == [2020, 2021] and papers["pmid"][0] == "12345678"
    (paper,) = load(LABELS).to_dict("records")
    names = ("title", "authors", "venue", "abstract")
    assert [paper[name] for name in names] == [
        "Counting oaks", "AB Oak; Bo Elm", "Journal of Trees", "One. Two.",
    ]  # fmt: skip


def test_refer_and_refworks() -> None:
    refer = (
        "%0 Conference Proceedings\n%T Oaks\n%A Oak, Anna\n%B Tree Meeting\n%D 2018\n%8 May 3\n"
        "%K oak\nelm\n%+ Univ Lund, Lund, Sweden\n%U https://doi.org/10.5555/oak.1\n%Z Cited By 4\n"
        "\n%0 Thesis\n%T Elms\n%I Elm University\n%D 2019\n"
    )
    papers = load(refer)
    assert papers["venue"].tolist() == ["Tree Meeting", "Elm University"]
    assert papers["kind"].tolist() == ["proceedings", "thesis"]
    assert papers["published"].dt.strftime("%Y-%m-%d").tolist() == ["2018-05-03", "2019-01-01"]
    assert papers["keywords"][0] == "oak; elm" and papers["cited_by"][0] == 4
    assert papers["doi"][0] == "10.5555/oak.1" and papers["countries"][0] == "Sweden"
    bare = load("%T Oaks\n%A Oak, A.\n%D 2018\n\n%A Elm, B.\n%T Elms\n")
    assert bare["title"].tolist() == ["Oaks", "Elms"]
    works = load("RT Journal Article\nA1 Oak,Anna\nT1 Oaks\nJF Trees\nYR 2020\nFD May\nK1 oak\n")
    assert works.loc[0, ["title", "authors", "venue"]].tolist() == ["Oaks", "Anna Oak", "Trees"]
    assert f"{works['published'][0]:%Y-%m}" == "2020-05"


def test_values() -> None:
    assert date_of("2012-13-45") == "2012" and date_of("no date") is None
    assert date_of("2021 Mar 28-Apr 3") in ("2021-03-28", "2021-03")
    assert first_public(None, "2021-11") == "2021-11"
    assert citations_in(["Times Cited in Web of Science Core Collection: 12"]) == "12"
    assert citations_in(["Citations are many", "Cited by 9 others in 2019"]) == "9"
    assert list_of(["a, b, c", "d"], commas=True) == ["a, b, c", "d"]
    assert people(["null", "Oak, A.", ""]) == "A. Oak"


@pytest.mark.parametrize("line", ["x", "   more", "AU  - A", "KW  - k", "TY  - JOUR"])
def test_linear_time(line) -> None:
    text = "TY  - JOUR\nTI  - Oaks\n" + f"{line}\n" * 60_000 + "ER  - \n"
    start = time.process_time()
    load(text, on_bad=lambda bad: None)
    assert time.process_time() - start < 6


RIS_TWO = (
    "ID  - 1\nTY  - JOUR\nTI  - On oaks\nER  - \n\nID  - 2\nTY  - JOUR\nTI  - On elms\nER  -\n"
)
MEDLINE_TWO = "PMID- 1\nTI  - On oaks\n\nPMID- 2\nTI  - On elms\n\n"
WOS_TWO = "FN x\nVR 1.0\nPT J\nTI On oaks\nER\n\nPT J\nTI On elms\nER\n\n"
REFER_TWO = "%0 Journal Article\n%T On oaks\n\n%0 Journal Article\n%T On elms\n\n"


@pytest.mark.parametrize(
    "text",
    [
        RIS_TWO + "NL  -\n",
        RIS_TWO + "\nID  - \nAB  -\n",
        RIS_TWO.replace("ID  - 1\n", "").replace("ID  - 2\n", "") + "TY  - \nTI  -\n",
        MEDLINE_TWO + "PMID-\n",
        WOS_TWO + "PT \nER\n\nEF\n",
        REFER_TWO + "%0 \n",
    ],
)
def test_tags_without_any_value_are_no_record(text) -> None:
    bad: list = []
    papers = load(text, on_bad=bad.append)
    assert papers["title"].tolist() == ["On oaks", "On elms"]
    assert bad == []


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("PEERJ", "PeerJ"),
        ("ELIFE", "eLife"),
        ("JOURNAL OF FISHERIES MANAGEMENT", "Journal of fisheries management"),
        ("THE IEEE ACCESS", "The IEEE access"),
        ("DIE ERDE", "Die erde"),
        ("A TREE & A BEE'S LIFE", "A tree & a bee's life"),
    ],
)
def test_journals_in_capitals(written, read):
    assert journal_name(written) == read


def test_web_of_science_keeps_the_keywords_of_authors_apart(tmp_path):
    path = tmp_path / "savedrecs.txt"
    path.write_text(
        "FN Clarivate Analytics Web of Science\nVR 1.0\n"
        "PT J\nTI On bees\nDE bees; Bee wax\nID HONEY\nPY 2020\nUT WOS:1\nER\n\n"
        "PT J\nTI On wax\nDE bee wax; bees\nPY 2020\nUT WOS:2\nER\n\n"
        "PT J\nTI On combs\nID HONEY\nPY 2020\nUT WOS:3\nER\n\nEF\n"
    )
    papers = load(path)
    assert papers["keywords"].tolist() == ["bees; Bee wax; HONEY", "bee wax; bees", "HONEY"]
    assert papers["author_keywords"].fillna("").tolist() == ["bees; Bee wax", "bee wax; bees", ""]
    with pytest.warns(UserWarning, match="author_keywords"):
        nodes, edges = find_network(papers, of="author_keywords")
    assert len(nodes) == 2 and edges["weight"].tolist() == [2]


def test_a_pubmed_file_that_is_cut_off_is_told_of():
    one = "PMID- {}\nTI  - Bees of the field {}\nAU  - Oak A\nSO  - Apis. 2019;1(1):7.\n\n"
    whole = one.format(1, "one") + one.format(2, "two")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(load(whole)) == 2
    cut = whole + "PMID- 3\nTI  - Bees of the field three\nAU  - Oa"
    with pytest.warns(UserWarning, match="line 13: the last record ends without the field SO"):
        assert len(load(cut)) == 3
