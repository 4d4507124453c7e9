"""cite: references in APA, held to the style's own examples (apastyle.apa.org), and BibTeX."""

import re

import pandas as pd
import pytest

import toolkit
from toolkit.errors import DataError
from toolkit.exports import cite
from toolkit.exports.apa import apa_name, apa_names
from toolkit.papers.schema import make_papers


def paper(**values) -> pd.DataFrame:
    more = {
        name: values.pop(name)
        for name in ("volume", "issue", "pages", "publisher")
        if name in values
    }
    return make_papers([values], source="mine").assign(**more)  # fmt: skip


#: From https://apastyle.apa.org/style-grammar-guidelines/references/examples and the manual's
#: chapter 10; what the papers table has no column for (editors, editions) is left out.
OFFICIAL = [
    (
        {
            "authors": "Jennifer S. Grady; Mary Her; Geena Moreno; Claudia Perez; Jenny Yelinek",
            "published": "2019",
            "title": "Emotions in storybooks: A comparison of storybooks that represent ethnic and "
            "racial groups in the United States",
            "venue": "Psychology of Popular Media Culture",
            "volume": "8", "issue": "3", "pages": "207-217", "doi": "10.1037/ppm0000185",
            "kind": "article",
        },
        "Grady, J. S., Her, M., Moreno, G., Perez, C., & Yelinek, J. (2019). Emotions in "
        "storybooks: A comparison of storybooks that represent ethnic and racial groups in the "
        "United States. Psychology of Popular Media Culture, 8(3), 207–217. "
        "https://doi.org/10.1037/ppm0000185",
    ),
    (
        {
            "authors": "A. Jerrentrup; T. Mueller; U. Glowalla; M. Herder; N. Henrichs; "
            "A. Neubauer; J. R. Schaefer",
            "published": "2018",
            "title": "Teaching medicine with the help of “Dr. House.”",
            "venue": "PLoS ONE", "volume": "13", "issue": "3", "pages": "e0193972",
            "doi": "10.1371/journal.pone.0193972", "kind": "article",
        },
        "Jerrentrup, A., Mueller, T., Glowalla, U., Herder, M., Henrichs, N., Neubauer, A., & "
        "Schaefer, J. R. (2018). Teaching medicine with the help of “Dr. House.” PLoS ONE, 13(3), "
        "Article e0193972. https://doi.org/10.1371/journal.pone.0193972",
    ),
    (
        {
            "authors": "S. Hampton; H. Rabagliati; A. Sorace; S. Fletcher-Watson",
            "published": "2017",
            "title": "Autism and bilingualism: A qualitative interview study of parents’ "
            "perspectives and experiences",
            "venue": "PsyArXiv", "doi": "10.31234/osf.io/76xfs", "kind": "preprint",
        },
        "Hampton, S., Rabagliati, H., Sorace, A., & Fletcher-Watson, S. (2017). Autism and "
        "bilingualism: A qualitative interview study of parents’ perspectives and experiences. "
        "PsyArXiv. https://doi.org/10.31234/osf.io/76xfs",
    ),
    (
        {
            "authors": "Robert M. Sapolsky", "published": "2017",
            "title": "Behave: The biology of humans at our best and worst",
            "publisher": "Penguin Books", "kind": "book",
        },
        "Sapolsky, R. M. (2017). Behave: The biology of humans at our best and worst. Penguin "
        "Books.",
    ),
    (
        {
            "authors": "A.-L. Bedenel; L. Jourdan; C. Biernacki", "published": "2019",
            "title": "Probability estimation by an adapted genetic algorithm in web insurance",
            "venue": "Learning and intelligent optimization", "pages": "225-240",
            "publisher": "Springer", "kind": "proceedings", "doi": "10.1007/978-3-030-05348-2_21",
        },
        "Bedenel, A.-L., Jourdan, L., & Biernacki, C. (2019). Probability estimation by an adapted "
        "genetic algorithm in web insurance. In Learning and intelligent optimization (pp. "
        "225–240). Springer. https://doi.org/10.1007/978-3-030-05348-2_21",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("values", "expected"), OFFICIAL)
def test_examples_of_the_style(values, expected):
    assert cite(paper(**values)) == [expected]


def test_of_more_than_twenty_authors_the_last_follows_the_nineteenth():
    # The manual's example 4: 22 authors, of whom the 20th and 21st are left out.
    names = (
        "E. Kalnay; M. Kanamitsu; R. Kistler; W. Collins; D. Deaven; L. Gandin; M. Iredell; "
        "S. Saha; G. White; J. Woollen; Y. Zhu; M. Chelliah; W. Ebisuzaki; W. Higgins; "
        "J. Janowiak; K. C. Mo; C. Ropelewski; J. Wang; A. Leetmaa; R. Reynolds; "
        "R. Jenne; D. Joseph"
    ).split("; ")
    found = apa_names(names)
    assert found.endswith("Ropelewski, C., Wang, J., Leetmaa, A., … Joseph, D.")
    assert "Reynolds" not in found and "&" not in found
    assert apa_names(names[:20]).endswith("Leetmaa, A., & Reynolds, R.")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ada Byron", "Byron, A."),
        ("Ludwig van Beethoven", "van Beethoven, L."),
        ("Luc Van Gool", "Van Gool, L."),
        ("Frans B. M. de Waal", "de Waal, F. B. M."),
        ("Johannes van der Meer", "van der Meer, J."),
        ("Thi Van Nguyen", "Nguyen, T. V."),
        ("Quoc V. Le", "Le, Q. V."),
        ("van Gogh", "van Gogh"),
        ("Jean-Paul Sartre", "Sartre, J.-P."),
        ("J.-P. Sartre", "Sartre, J.-P."),
        ("A.B. Carter", "Carter, A. B."),
        ("AB Carter", "Carter, A. B."),
        ("Martin Luther King Jr.", "King, M. L., Jr."),
        ("William (Bill) Gates III", "Gates, W., III"),
        ("Carter, Ann B.", "Carter, A. B."),
        ("Ólöf Þórsdóttir", "Þórsdóttir, Ó."),
        ("Plato", "Plato"),
        ("王小明", "王小明"),
        ("World Health Organization", "World Health Organization"),
        ("The ATLAS Collaboration", "The ATLAS Collaboration"),
        ("Universität Leipzig", "Universität Leipzig"),
    ],
)
def test_names(name, expected):
    assert apa_name(name) == expected


def test_lists_that_say_et_al_keep_it():
    assert apa_names(["Ada Byron", "et al."]) == "Byron, A., et al."
    assert apa_names(["et al."]) == ""
    assert apa_names(["World Health Organization", "Ada Byron"]) == (
        "World Health Organization, & Byron, A."
    )


def test_a_preprint_on_arxiv_has_its_number_as_doi():
    found = cite(
        paper(id="2401.00001", title="On maps", authors="Ada Byron", published="2024-01-02")
    )
    assert found == ["Byron, A. (2024). On maps. arXiv. https://doi.org/10.48550/arXiv.2401.00001"]


def test_without_date_or_authors():
    assert cite(paper(title="On maps", authors="World Health Organization")) == [
        "World Health Organization. (n.d.). On maps."
    ]
    assert cite(paper(title="Who drew it?", venue="Trees", kind="article")) == [
        "Who drew it? (n.d.). Trees."
    ]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ({"volume": 3.0, "pages": "7"}, "Trees, 3, 7."),
        ({"issue": "2"}, "Trees, (2)."),
        ({"pages": "1 -- 9"}, "Trees, 1–9."),
        ({}, "Trees."),
    ],
)
def test_places_in_journals(place, expected):
    found = cite(paper(title="Oaks", authors="Ada Byron", venue="Trees", kind="article", **place))
    assert found == [f"Byron, A. (n.d.). Oaks. {expected}"]


def test_theses_data_and_links():
    thesis = paper(title="Oaks", authors="A Byron", venue="Pepperdine University", kind="thesis")
    assert cite(thesis) == [
        "Byron, A. (n.d.). Oaks [Doctoral dissertation, Pepperdine University]."
    ]
    data = paper(
        title="Oaks", authors="A Byron", publisher="Zenodo", kind="dataset", url="https://a.b/c"
    )
    assert cite(data) == ["Byron, A. (n.d.). Oaks [Data set]. Zenodo. https://a.b/c"]
    assert cite(paper(title="Oaks", url="javascript:alert(1)")) == ["Oaks. (n.d.)."]


def test_html_is_escaped_and_has_italics_and_a_link():
    table = paper(
        title="Oaks <script>alert(1)</script> & elms", authors="A <b> Byron", venue="A & B",
        kind="article", volume="3", issue="2",
    ).assign(doi='10.1000/a<b>"c')  # fmt: skip
    (found,) = cite(table, html=True)
    assert (
        "<script" not in found
        and "&amp; elms" in found
        and "<i>A &amp; B</i>, <i>3</i>(2)." in found
    )
    tags = re.findall(r"<[^>]*>", found)
    assert [tag[:3] for tag in tags] == ["<i>", "</i", "<i>", "</i", "<a ", "</a"]
    assert 'href="https://doi.org/10.1000/a&lt;b&gt;&quot;c"' in found


def test_markup_in_titles_is_resolved():
    table = paper(title="Oaks", authors="A Byron")
    table["title"] = "The <i>E. coli</i> of H<sub>2</sub>O &amp; salt"
    assert cite(table) == ["Byron, A. (n.d.). The E. coli of H₂O & salt."]


def test_bibtex_is_what_export_writes(tmp_path):
    papers = toolkit.load_sample("trending-page").head(4)
    entries = cite(papers, style="bibtex")
    written = toolkit.export(papers, tmp_path / "four.bib").read_text("utf-8")
    assert len(entries) == 4 and written.endswith("\n".join(entries))
    assert "&lt;" not in entries[0]
    assert cite(papers.head(0)) == cite(papers.head(0), style="bibtex") == []


def test_every_paper_of_the_sample_has_a_reference():
    papers = toolkit.load_sample("hf-papers").head(300)
    found = cite(papers)
    assert len(found) == 300
    assert all(re.search(r"\((?:\d{4}|n\.d\.)\)\. ", text) and "  " not in text for text in found)


def test_another_style_is_told():
    with pytest.raises(DataError, match="unknown style: found 'apa7', expected 'apa' or 'bibtex'"):
        cite(paper(title="Oaks"), style="apa7")
    with pytest.raises(DataError):
        cite(pd.DataFrame({"a": [1]}))
