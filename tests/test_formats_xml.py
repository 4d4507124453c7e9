"""XML of many sources: what each format gives, bad records, hostile files."""
# ruff: noqa: E501  (XML as programs write it has long lines)

from __future__ import annotations

import contextlib
import time
import warnings

import pytest

from toolkit.errors import DataError
from toolkit.formats import load

PUBMED = """<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2024//EN"
 "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_240101.dtd">
<PubmedArticleSet>{}</PubmedArticleSet>"""
ARTICLE = """<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">{n}</PMID><Article>
<Journal><ISSN>1234-5678</ISSN><JournalIssue><PubDate><MedlineDate>2019 Nov-Dec</MedlineDate></PubDate>
</JournalIssue><Title>Journal of Moss</Title></Journal>
<ArticleTitle>Uptake of CO<sub>2</sub> by <i>Moss</i> {n}.</ArticleTitle>
<ELocationID EIdType="doi" ValidYN="Y">10.1234/moss.{n}</ELocationID>
<Abstract><AbstractText Label="AIM" NlmCategory="OBJECTIVE">To weigh moss (p &lt; 0.05).</AbstractText>
<AbstractText Label="UNLABELLED">It is <b>light</b>.</AbstractText><CopyrightInformation>Nobody
</CopyrightInformation></Abstract><AuthorList><Author><LastName>Fern</LastName><ForeName>Ada B</ForeName>
<AffiliationInfo><Affiliation>Moss House, Oslo, Norway.</Affiliation></AffiliationInfo></Author>
<Author><CollectiveName>The Moss Group</CollectiveName></Author></AuthorList>
<PublicationTypeList><PublicationType>Journal Article</PublicationType><PublicationType>Review
</PublicationType></PublicationTypeList></Article><MeshHeadingList><MeshHeading>
<DescriptorName>Bryophyta</DescriptorName></MeshHeading></MeshHeadingList>
<KeywordList><Keyword>moss</Keyword></KeywordList></MedlineCitation><PubmedData><ReferenceList>
<Reference><Citation>Fern A. Old moss. 1990.</Citation><ArticleIdList>
<ArticleId IdType="doi">10.1234/old</ArticleId></ArticleIdList></Reference></ReferenceList>
</PubmedData></PubmedArticle>"""


def pubmed(*numbers: int) -> str:
    return PUBMED.format("\n".join(ARTICLE.format(n=n) for n in numbers))


def quietly(given, **more):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return load(given, **more)


def test_pubmed():
    papers = load(pubmed(11, 12))
    first = papers.iloc[0]
    assert first.title == "Uptake of CO₂ by Moss 11" and first.doi == "10.1234/moss.11"
    assert first.abstract == "AIM: To weigh moss (p < 0.05). It is light."
    assert first.authors == "Ada B Fern; The Moss Group" and first.kind == "review"
    assert first.keywords == "moss; Bryophyta" and first.venue == "Journal of Moss"
    assert first.affiliations.startswith("Moss House") and first.source == "pubmed"
    assert "doi:10.1234/old" in first.references
    assert (first.published.year, first.published.month) == (2019, 11)
    assert papers.pmid.tolist() == ["11", "12"]


def test_a_title_in_the_papers_own_language_where_there_is_no_english_one():
    english = "Uptake of CO<sub>2</sub> by <i>Moss</i> 11."
    text = pubmed(11).replace(
        f"<ArticleTitle>{english}</ArticleTitle>",
        "<ArticleTitle>[Not Available].</ArticleTitle>"
        "<VernacularTitle>Mousse et eau.</VernacularTitle>",
    )
    assert "Mousse" in text and load(text)["title"].tolist() == ["Mousse et eau"]


def test_a_chapter_of_a_book():
    text = PUBMED.format(
        "<PubmedBookArticle><BookDocument><PMID>5</PMID><Book><Publisher><PublisherName>Bog Press"
        "</PublisherName></Publisher><BookTitle>All of Peat</BookTitle><PubDate><Year>2011</Year>"
        "</PubDate></Book><ArticleTitle>Wet Peat</ArticleTitle><AuthorList><Author><LastName>Reed"
        "</LastName><Initials>C</Initials></Author></AuthorList></BookDocument></PubmedBookArticle>"
    )
    (paper,) = load(text).to_dict("records")
    assert (paper["title"], paper["venue"], paper["kind"]) == ("Wet Peat", "All of Peat", "chapter")
    assert paper["authors"] == "C Reed"


FORMATS = {
    "endnote": """<xml><records><record><database name="x.enl">x</database><ref-type name="Conference
 Proceedings">10</ref-type><contributors><authors><author><style>Fern, Ada B.</style></author>
<author>Reed, C.</author></authors></contributors><titles><title><style>Moss </style><style>walks
</style></title><secondary-title>Moss Meeting</secondary-title></titles><keywords><keyword>moss
</keyword><keyword>feet</keyword></keywords><dates><year>2018</year><pub-dates><date>May 3</date>
</pub-dates></dates><electronic-resource-num>10.1234/m.1</electronic-resource-num></record></records></xml>""",
    "oai": """<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords><record><header
 status="deleted"><identifier>oai:x:1</identifier></header></record><record><header><identifier>
oai:x:2</identifier></header><metadata><oai_dc:dc xmlns:oai_dc="http://x/oai_dc/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Moss walks</dc:title><dc:creator>Fern, Ada B.
</dc:creator><dc:creator>Reed, C.</dc:creator><dc:subject>moss</dc:subject><dc:subject>feet</dc:subject>
<dc:date>2018-05-03</dc:date><dc:type>info:eu-repo/semantics/conferenceObject</dc:type>
<dc:source>Moss Meeting; Vol. 3 (2018)</dc:source><dc:identifier>https://doi.org/10.1234/M.1
</dc:identifier></oai_dc:dc></metadata></record></ListRecords></OAI-PMH>""",
    "oai raw": """<OAI-PMH><ListRecords><record><header><identifier>oai:arXiv.org:1805.00001</identifier>
</header><metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>1805.00001</id>
<version version="v2"><date>Tue, 8 May 2018 01:02:03 GMT</date></version><version version="v1"><date>
Thu, 3 May 2018 01:02:03 GMT</date></version><title>Moss walks</title><authors>Ada B. Fern (Bog House),
 C. Reed</authors><categories>q-bio.PE</categories><journal-ref>Moss Meeting</journal-ref><doi>10.1234/m.1
</doi></arXivRaw></metadata></record></ListRecords></OAI-PMH>""",
    "dblp": """<?xml version="1.0"?><!DOCTYPE dblp SYSTEM "dblp.dtd"><dblp><inproceedings key="conf/m/1"
 mdate="2020-01-01"><author>Ada B. Fern 0002</author><author>C. Reed</author><title>Moss walks.</title>
<year>2018</year><booktitle>Moss Meeting</booktitle><ee>https://doi.org/10.1234/m.1</ee></inproceedings>
<www key="homepages/x"><author>Ada B. Fern</author><title>Home Page</title></www></dblp>""",
    "zotero rdf": """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://z/"
 xmlns:dcterms="http://t/" xmlns:dc="http://d/" xmlns:bib="http://b/" xmlns:foaf="http://f/">
<rdf:Description rdf:about="https://moss.example.org/1"><z:itemType>conferencePaper</z:itemType>
<dcterms:isPartOf><bib:Journal><dc:title>Moss Meeting</dc:title><dc:identifier>DOI 10.1234/m.1
</dc:identifier></bib:Journal></dcterms:isPartOf><bib:authors><rdf:Seq><rdf:li><foaf:Person>
<foaf:surname>Fern</foaf:surname><foaf:givenName>Ada B.</foaf:givenName></foaf:Person></rdf:li><rdf:li>
<foaf:Person><foaf:surname>Reed</foaf:surname><foaf:givenName>C.</foaf:givenName></foaf:Person></rdf:li>
</rdf:Seq></bib:authors><dc:subject>moss</dc:subject><dc:subject>feet</dc:subject><dc:title>Moss walks
</dc:title><dc:date>2018-05-03</dc:date></rdf:Description><z:Attachment rdf:about="#item_2"><z:itemType>
attachment</z:itemType><dc:title>Full Text PDF</dc:title></z:Attachment></rdf:RDF>""",
    "mods": """<modsCollection xmlns="http://www.loc.gov/mods/v3"><mods ID="x"><titleInfo><title>Moss walks
</title></titleInfo><name type="personal"><namePart type="given">Ada</namePart><namePart type="given">B.
</namePart><namePart type="family">Fern</namePart><role><roleTerm>author</roleTerm></role></name><name>
<namePart type="given">C.</namePart><namePart type="family">Reed</namePart></name><originInfo><dateIssued>
2018-05</dateIssued></originInfo><genre>conference publication</genre><relatedItem type="host"><titleInfo>
<title>Moss Meeting</title></titleInfo></relatedItem><identifier type="doi">10.1234/m.1</identifier>
<subject><topic>moss</topic></subject></mods></modsCollection>""",
    "jats": """<pmc-articleset><article article-type="research-article"><front><journal-meta>
<journal-title-group><journal-title>Moss Meeting</journal-title></journal-title-group></journal-meta>
<article-meta><article-id pub-id-type="doi">10.1234/m.1</article-id><title-group><article-title>Moss
 <italic>walks</italic></article-title></title-group><contrib-group><contrib contrib-type="author"><name>
<surname>Fern</surname><given-names>Ada B.</given-names></name></contrib><contrib contrib-type="author">
<name><surname>Reed</surname><given-names>C.</given-names></name></contrib></contrib-group><pub-date><day>3
</day><month>5</month><year>2018</year></pub-date><abstract><sec><title>Aim</title><p>To walk.</p></sec>
</abstract><kwd-group><kwd>moss</kwd></kwd-group></article-meta></front></article></pmc-articleset>""",
    "anthology": """<?xml version='1.0'?><collection id="2018.moss"><volume id="1" type="proceedings"><meta>
<booktitle>Moss Meeting</booktitle><month>May</month><year>2018</year></meta><frontmatter><url>x.0</url>
</frontmatter><paper id="1"><title>Moss <fixed-case>w</fixed-case>alks</title><author><first>Ada B.</first>
<last>Fern</last></author><author><first>C.</first><last>Reed</last></author><abstract>We walk.</abstract>
<url hash="ab">2018.moss-1.1</url><doi>10.1234/m.1</doi></paper></volume></collection>""",
    "crossref": """<crossref_result><query_result><body><query><doi type="journal_article">10.1234/m.1</doi>
<doi_record><crossref><journal><journal_metadata><full_title>Moss Meeting</full_title></journal_metadata>
<journal_article><titles><title>Moss walks</title></titles><contributors><person_name
 contributor_role="author"><given_name>Ada B.</given_name><surname>Fern</surname></person_name>
<person_name contributor_role="author"><given_name>C.</given_name><surname>Reed</surname></person_name>
</contributors><publication_date><month>05</month><day>03</day><year>2018</year></publication_date>
<doi_data><doi>10.1234/m.1</doi></doi_data></journal_article></journal></crossref></doi_record></query>
</body></query_result></crossref_result>""",
}


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_tells_the_same_of_one_paper(name):
    (paper,) = load(FORMATS[name]).to_dict("records")
    assert paper["title"] == "Moss walks" and paper["authors"] == "Ada B. Fern; C. Reed"
    assert paper["doi"] == "10.1234/m.1" and paper["venue"] == "Moss Meeting"
    assert paper["published"].year == 2018
    assert paper["kind"] in ("proceedings", "article", "preprint") or paper["kind"] != paper["kind"]
    if name in ("endnote", "oai", "oai raw", "zotero rdf", "jats", "crossref"):
        assert str(paper["published"].date()) == "2018-05-03"
    if name in ("endnote", "oai", "zotero rdf"):
        assert paper["keywords"] == "moss; feet"
    if name == "oai raw":
        assert paper["paper_id"] == "arxiv:1805.00001"


@pytest.mark.parametrize("name", ["pubmed", *FORMATS])
def test_a_file_that_is_cut_off_keeps_its_whole_records(name):
    text = pubmed(11, 12) if name == "pubmed" else FORMATS[name]
    titles = set(load(text).title)
    for cut in range(1, len(text), max(1, len(text) // 30)):
        bad: list[object] = []
        try:
            papers = quietly(text[:cut] + "\n", on_bad=bad.append)
        except DataError:
            continue
        assert set(papers.title) <= titles


def test_records_before_the_cut_are_loaded_and_the_rest_is_told():
    text = pubmed(*range(5))
    bad = []
    papers = load(text[: int(len(text) * 0.7)], on_bad=bad.append)
    assert len(papers) == 3 and len(bad) == 1
    assert "cut off" in bad[0].reason and bad[0].place == "record 4"


def test_a_bad_record_costs_no_other():
    text = pubmed(1, 2, 3).replace('<PMID Version="1">2</PMID>', "<PMID></Article>2")
    bad = []
    assert load(text, on_bad=bad.append).pmid.tolist() == ["1", "3"]
    assert [one.place for one in bad] == ["record 2"] and "not well-formed" in bad[0].reason
    stray = pubmed(1).replace("(p &lt; 0.05)", "R&D &nbsp;&eacute;t\x0b, p < 0.05")
    assert load(stray).abstract[0] == "AIM: To weigh moss R&D ét , p < 0.05. It is light."


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y "&x;&x;&x;&x;">]>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a [<!entity % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]>',
        '<!-- a --><!DOCTYPE a [ <!ELEMENT a ANY >\n<!ENTITY x "]>">]>',
        "<!DOCTYPE a [%x;]>",
    ],
)
def test_entities_are_refused(declared):
    text = pubmed(1).replace("Journal of Moss", "&x;&y;")
    text = f'<?xml version="1.0"?>{declared}' + text[text.index("<PubmedArticleSet>") :]
    with pytest.raises(DataError, match="declares entities"):
        load(text)


def test_deep_and_huge_xml_ends_soon():
    deep = pubmed(1).replace("<b>", "<b>" * 200_000).replace("</b>", "</b>" * 200_000)
    started = time.perf_counter()
    assert "light" in load(deep).abstract[0]
    for text in ("<PubmedArticle " * 50_000, "<PubmedArticle>" * 50_000, "<record" * 99_999):
        with contextlib.suppress(DataError):
            quietly(f"<?xml version='1.0'?>\n{text}")
    assert time.perf_counter() - started < 20


MARC = """<?xml version="1.0"?><collection xmlns="http://www.loc.gov/MARC21/slim"><record><leader>01
</leader><controlfield tag="001">1</controlfield><datafield tag="245" ind1="1" ind2="0"><subfield
 code="a">Moss walks /</subfield></datafield></record></collection>"""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (MARC, r"MARCXML, which load does not read.*<collection>.*<datafield>.*nearest: "),
        ("<?xml version='1.0'?>\n<plist><dict><key>Title</key></dict></plist>",
         r"no list of papers.*<plist>, <dict>, <key>.*expected one of PubMed XML"),
        ("<?xml version='1.0'?>\n<rss><channel><item><title>Rain</title><link>https://news.example/1"
         "</link></item></channel></rss>", "RSS feed of papers without papers"),
    ],
)  # fmt: skip
def test_other_xml_is_refused(text, words):
    with pytest.raises(DataError, match=words) as caught:
        load(text)
    assert "Hugging Face" not in str(caught.value)
