"""What papers of other fields say of their code and data. All sentences are invented.

A kind has five sentences and one answer: the status of the code, that of any artifact, and kind
and owner of each link (True: the authors').
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import pandas as pd
import pytest

from toolkit.claims import code_claims, find_links
from toolkit.claims.reading import read_paper
from toolkit.papers.schema import make_papers
from toolkit.text.availability import without_availability

Links = list[tuple[str, bool]]
TITLE = "How beeches mark their wood"

KINDS: dict[str, tuple[str, str, Links, list[str]]] = {
    "a registry is no artifact": ("none", "none", [("registry", False)], [
        "Trial registration: https://clinicaltrials.gov/ct2/show/NCT00000001.",
        "The trial is registered at https://www.anzctr.org.au/ACTRN12600000000001.aspx.",
        "REGISTRATION: German Clinical Trials Register, https://drks.de/search/de/trial/DRKS00000001",
        "Our review was registered (https://www.crd.york.ac.uk/prospero/display_record.php?ID=1).",
        "We preregistered all tests at https://aspredicted.org/ab1cd.pdf.",
    ]),
    "a preregistration on an archive": ("none", "none", [("registry", False)], [
        "The study was preregistered (Open Science Framework; https://osf.io/ab1cd).",
        "OSF registration: https://osf.io/ab1cd",
        "Hypotheses were pre-registered at https://osf.io/ab1cd.",
        "Preregistration: https://doi.org/10.17605/OSF.IO/AB1CD.",
        "This protocol was registered on the OSF (https://osf.io/ab1cd/).",
    ]),
    "societies and agencies": ("none", "none", [("other", False)], [
        "The European Union (https://europa.eu) wants more beeches.",
        "We follow the advice of the Timber Board (https://timber-board.example.org).",
        "Foresters of the Beech Society (https://beech.example.org) were asked.",
        "The World Bank (https://www.worldbank.org) pays for the plots.",
        "This work was funded by the Wood Council (https://wood.example.org).",
    ]),
    "who wrote it": ("none", "none", [("other", False)], [
        "ORCID: https://orcid.org/0000-0000-0000-0002",
        "A. Beech (https://orcid.org/0000-0000-0000-0003) wrote the text.",
        "Contact: https://www.researchgate.net/profile/A-Beech",
        "Follow us: https://twitter.com/beeches",
        "Corresponding author: B. Ash, https://www.linkedin.com/in/bash",
    ]),
    "where people were found or asked": ("none", "none", [("other", False)], [
        "We recruited 300 foresters through Prolific (https://www.prolific.co).",
        "Workers of Amazon Mechanical Turk (https://www.mturk.com) took part.",
        "The survey ran on Qualtrics (https://www.qualtrics.com).",
        "Answers were stored with REDCap (https://www.project-redcap.org).",
        "Titles were screened with the tool Rayyan (https://rayyan.ai).",
    ]),
    "a tool on a code host": ("none", "none", [("code", False)], [
        "Models were fitted with the package lme4 (https://github.com/lme4/lme4).",
        "Rings were counted with RINGS 2 (https://github.com/other/rings).",
        "We used CAMBIUM (https://github.com/other/cambium) for the images.",
        "Trees were segmented using DeepTree (https://github.com/other/deeptree).",
        "Our pipeline is based on XYLEM (https://github.com/other/xylem).",
    ]),
    "a tool with a page": ("none", "none", [("other", False)], [
        "Images were measured with ImageJ (https://imagej.net).",
        "Statistics were done in R (https://www.R-project.org/).",
        "Maps were drawn using QGIS (https://qgis.org).",
        "We searched the WOODBASE database (https://woodbase.example.org) for beeches.",
        "Sounds were analysed with BARKER 1.2 (https://barker.example.org).",
    ]),
    "the article itself": ("none", "none", [("other", False)], [
        "https://doi.org/10.1016/j.beech.2020.01.001",
        "The article to which this note belongs: https://doi.org/10.1002/beech.1234.",
        "An extended version of this paper is available at https://arxiv.org/abs/2401.00001.",
        "This corrects the article https://doi.org/10.1371/journal.beech.0000001.",
        "Occurrences were downloaded from GBIF (https://doi.org/10.15468/dl.abc123).",
    ]),
    "availability of a software paper": ("linked", "linked", [("code", True)], [
        "Results: FAGUS is fast. Availability: https://fagus.example.org/",
        "Availability: http://www.fagus.example.edu/~beech/fagus.",
        "AVAILABILITY: FAGUS is at https://fagus.example.org.",
        "Availability and implementation: https://github.com/beech/fagus.",
        "Availability: Freely available at https://fagus.example.org/download.",
    ]),
    "under a licence": ("linked", "linked", [("code", True)], [
        "Availability and implementation: FAGUS runs under Linux and is available under the GPL at "
        "http://fagus.example.org.",
        "The program is available at http://fagus.example.org under the MIT licence.",
        "FAGUS is distributed under the BSD license at https://fagus.example.org.",
        "The software is free under the Apache 2.0 licence: https://fagus.example.org",
        "Source code is available under GPLv3 from https://fagus.example.org/src.",
    ]),
    "a package": ("linked", "linked", [("code", True)], [
        "The R package fagus is on CRAN (https://cran.r-project.org/package=fagus).",
        "FAGUS can be installed from https://pypi.org/project/fagus/.",
        "The package is available from Bioconductor (https://bioconductor.org/packages/fagus).",
        "Our package is on conda: https://anaconda.org/bioconda/fagus.",
        "The library is available at https://www.npmjs.com/package/fagus.",
    ]),
    "a package of a named index": ("claimed", "claimed", [], [
        "FAGUS is a CRAN package.",
        "The method is implemented in a Bioconductor package.",
        "The package fagus is available on CRAN.",
        "The software is available from Bioconductor.",
        "Our code is available on PyPI.",
    ]),
    "code is open": ("claimed", "claimed", [], [
        "The source code is released.",
        "All code has been made public.",
        "The code of all experiments is made freely available.",
        "Scripts for all figures are publicly available.",
        "Source code is freely available to everyone.",
    ]),
    "by a licence": ("claimed", "claimed", [], [
        "A GPL licensed script accompanies this article.",
        "The code is distributed under the MIT license.",
        "The software is released under the GNU General Public License.",
        "This paper is accompanied by a script for the maps.",
        "Our software is open source under the BSD licence.",
    ]),
    "free of charge": ("claimed", "claimed", [], [
        "FAGUS can be obtained free of charge from our department.",
        "The software is available free of charge.",
        "FAGUS 2 can be downloaded free of charge.",
        "Our software is free of charge.",
        "The package can be downloaded at no cost from our server.",
    ]),
    "data are open": ("none", "claimed", [], [
        "The data are in the public domain.",
        "All measurements are made publicly available.",
        "The catalog is publicly available.",
        "The data sets were deposited in Dryad.",
        "All raw reads have been deposited in the Sequence Read Archive.",
    ]),
    "code on request": ("request", "request", [], [
        "The code is available on request.",
        "Code can be obtained from the authors upon request.",
        "Source code is available from the first author on reasonable request.",
        "The software is available on request from the corresponding author.",
        "Code and data are available by request.",
    ]),
    "data on request": ("none", "request", [], [
        "Data are available from the corresponding author on reasonable request.",
        "The datasets analysed here are available upon request.",
        "The data that support the findings are available from the authors upon request.",
        "All data can be obtained from the corresponding author upon reasonable request.",
        "Data sharing: data are available on request.",
    ]),
    "a link beats a request": ("linked", "linked", [("code", True)], [
        "Data can be had on request, and the code is at https://github.com/beech/fagus.",
        "Code: https://github.com/beech/fagus. Data are available upon reasonable request.",
        "Data are available on request. Our code is available at https://github.com/beech/fagus.",
        "The scripts are at https://gitlab.com/beech/fagus; raw data are available on request.",
        "Images are available from the authors; the code is at https://github.com/beech/fagus.",
    ]),
    "an archive by its DOI": ("none", "linked", [("data", True)], [
        "Data are available in Dryad (doi:10.5061/dryad.b1c2d3).",
        "Replication files: doi:10.7910/DVN/BEECH1.",
        "All data are archived at Zenodo (10.5281/zenodo.1000001).",
        "Data: https://doi.org/10.6084/m9.figshare.1000001.",
        "The data set is available from PANGAEA: https://doi.org/10.1594/PANGAEA.100001.",
    ]),
    "archived software": ("linked", "linked", [("code", True)], [
        "The code is archived: swh:1:rev:94a9ed024d3859793618152ea559a168bbcbb5e2.",
        "Our software (ascl:2001.002) is free.",
        "Source code is available as ascl:2001.003.",
        "Software: swh:1:dir:0000000000000000000000000000000000000001",
        "The code is available from https://codeocean.com/capsule/1234567.",
    ]),
    "deposited under a number": ("none", "linked", [("data", True)], [
        "Reads were deposited in the SRA under accession PRJNA100001.",
        "The data have been submitted to GEO (GSE100002).",
        "Spectra are available via ProteomeXchange with identifier PXD000001.",
        "Arrays were deposited at ArrayExpress under E-MTAB-1001.",
        "The structure was deposited in the Protein Data Bank under accession 6ABC.",
    ]),
    "used under a number": ("none", "none", [("other", False)], [
        "The dataset GSE100003 was downloaded from GEO.",
        "We reanalysed reads from the SRA (PRJNA100002).",
        "Profiles of GSE100004 were obtained from the Gene Expression Omnibus.",
        "Genes were screened using GSE100005.",
        "The model starts from the structure with PDB code 1ABC.",
    ]),
    "Spanish": ("linked", "linked", [("code", True)], [
        "El código fuente está disponible en https://github.com/beech/haya.",
        "Nuestro código es público: https://github.com/beech/haya.",
        "Código: https://github.com/beech/haya",
        "El código se encuentra disponible en https://github.com/beech/haya.",
        "El software está disponible libremente en https://gitlab.com/beech/haya.",
    ]),
    "a promise in another language": ("promised", "promised", [], [
        "El código será publicado.",
        "Le code source sera publié.",
        "Der Quellcode wird nach der Annahme veröffentlicht.",
        "O código será disponibilizado.",
        "源代码将公开。",
    ]),
    "code in another language": ("claimed", "claimed", [], [
        "El código es público.",
        "Le code est disponible en ligne.",
        "Die Software ist frei verfügbar.",
        "O código-fonte é aberto.",
        "Il codice sorgente è disponibile pubblicamente.",
    ]),
    "data in another language": ("none", "claimed", [], [
        "Los datos están disponibles públicamente.",
        "Les données sont librement accessibles.",
        "Die Daten sind öffentlich zugänglich.",
        "Os dados estão disponíveis publicamente.",
        "数据集已公开。",
    ]),
    "LaTeX in an address": ("linked", "linked", [("code", True)], [
        "Code: \\url{https://github.com/beech/fagus\\_air}.",
        "Code is at \\url{https://github.com/beech/fagus\\protect\\_air}",
        "Our code: \\href{https://github.com/beech/fagus}{here}.",
        "The code is at $\\url{https://github.com/beech/fagus}$.",
        "Code: https://github.com/beech/fagus\\allowbreak\\_air",
    ]),
    "front pages": ("none", "none", [("other", False)], [
        "Projects on https://github.com were counted.",
        "We read 500 pages of https://www.kaggle.com for this survey.",
        "Developers of https://gitlab.com were interviewed.",
        "We crawled https://pypi.org in May.",
        "Forums such as https://stackoverflow.com were searched.",
    ]),
    "what others share": ("none", "none", [], [
        "We use the public data of the third survey.",
        "Foresters use letters as a public relations tool.",
        "We analyse data that are publicly available from the state.",
        "As more data become available, growth will be better known.",
        "This open access book tells of beeches.",
    ]),
    "what is set free": ("none", "none", [], [
        "Seeds were released from the cones in May.",
        "The drug was released after 20 h.",
        "Beetles were released on two islands.",
        "We compared loading and release kinetics of resin.",
        "The spring releases its energy.",
    ]),
    "a database or an information system": ("none", "linked", [("data", True)], [
        "The wood information system is publicly available at https://wood.example.org.",
        "The whole catalogue is available at https://leaf.example.org.",
        "All leaf alignments are freely available at https://leaf.example.org.",
        "The dictionary of wood terms is available at https://terms.example.org.",
        "Availability: Leaf alignments: https://leaf.example.org",
    ]),
    "tools in a list beside data": ("linked", "linked", [("code", True)], [
        "Our growth data and analysis tools are available at https://wood.example.org.",
        "The results, including ring data, proofs, and tools, are available at https://wood.example.org.",
        "The images and annotation tools are freely available at https://wood.example.org.",
        "Linux binaries and test data are available at https://wood.example.org.",
        "All stimuli, tools and questionnaires are available at https://wood.example.org.",
    ]),
    "what is run in a browser": ("none", "linked", [("demo", True)], [
        "A web interface is available at https://wood.example.org.",
        "A WWW-interface is running at https://wood.example.org.",
        "The search engine is available at https://wood.example.org.",
        "Our web application is available at https://wood.example.org.",
        "Der Zugang zum Archiv wird mit einer Suchmaschine (https://wood.example.org) ermöglicht.",
    ]),
    "what was found is data": ("none", "linked", [("data", True)], [
        "These results are open to the public at https://wood.example.org.",
        "Phenotypic information is made available at https://wood.example.org.",
        "All calculations are made available at https://wood.example.org.",
        "The predictions are freely available at https://wood.example.org.",
        "We make available at https://wood.example.org three test beds of beech.",
    ]),
    "a site that was used": ("none", "none", [("other", False)], [
        "Primers were designed using the primer design website (https://ftr.example.org).",
        "Rings were counted using a ring home page (https://ftr.example.org).",
        "Trees were drawn using the drawing project page (https://ftr.example.org).",
        "Names were checked using the names website (https://ftr.example.org).",
        "Beeches were mapped using the map website (https://ftr.example.org).",
    ]),
    "an organisation in brackets": ("none", "none", [("other", False)], [
        "The kits were designed by foresters (Centre for Wood Research, https://wood.example.org).",
        "It builds on other archives (National Centre for Wood Texts: https://ncwt.example.org).",
        "We met foresters (Federal Institute of Wood: https://fiw.example.org).",
        "Mailing lists are at https://wood.example.org.",
        "A feedback form is available at https://wood.example.org.",
    ]),
    "a funded project has a page": ("none", "linked", [("project", True)], [
        "This is the goal of a funded research project (IST-2000-1, https://wood.example.org).",
        'COST Action IE1 "Wood Science" (https://wood.example.org) aims to save beeches.',
        "The work is part of the research project BEECH (https://wood.example.org).",
        "The BEECH project (https://wood.example.org) develops a scanner for wood.",
        "This study may be examined in more detail at https://wood.example.org.",
    ]),
    "a page named before its address": ("none", "linked", [("project", True)], [
        "See the website (https://wood.example.org/use) for videos and slides.",
        "See our website (https://wood.example.org) for figures.",
        "Visit the project website (https://wood.example.org) for more.",
        "The companion website (https://wood.example.org) has exercises.",
        "Our home page (https://wood.example.org) tells how rings are counted.",
    ]),
    "a demo named before its address": ("none", "linked", [("demo", True)], [
        "A software demo (https://wood.example.org/demo) shows how rings are counted.",
        "A demo (https://wood.example.org/demo) accompanies this paper.",
        "An online demo (https://wood.example.org) is part of this paper.",
        "Video demo: https://wood.example.org/clip.",
        "For the demo see https://wood.example.org/demo.",
    ]),
    "an address alone": ("none", "none", [("other", False)], [
        "Beeches grow. https://wood.example.org/beech.",
        "Beeches grow old. http://wood.example.org/journal/28/2/4",
        "They were felled in 1850. https://creativecommons.org/licenses/by/4.0/",
        "Recorded at the third meeting on wood, Oslo. http://www.wood2011.example.org",
        "Older beeches are thicker. https://doi.org/10.1000/182",
    ]),
    "a number of what was cloned": ("none", "linked", [("data", True)], [
        "A beech cDNA (GenBank accession number GT090990) was isolated from leaves.",
        "We have sequenced one beech gene (GenBank accession number GT090990).",
        "The gene (accession number GT090990) was cloned and sequenced.",
        "The clone (accession number GT090990) has been characterized.",
        "One fragment (GenBank accession number GT090990) was amplified.",
    ]),
    "a registration number before a link": ("none", "none", [("registry", False)], [
        "ClinicalTrials.gov NCT00000001; https://wood.example.org/a1",
        "Trial: ISRCTN00000001, https://wood.example.org/a1",
        "NCT00000001 (https://wood.example.org/a1)",
        "Registered under CRD42000000001: https://wood.example.org/a1",
        "Number: DRKS00000001; https://wood.example.org/a1",
    ]),
    "findings made available": ("none", "claimed", [], [
        "Tables of wood cross sections are made available through the journal's EPAPS service.",
        "Structural data for beech is made publicly available.",
        "All synthetic spectra are made publicly available in two versions.",
        "The leaf maps have been made freely available.",
        "The data set is available from Harvard Dataverse.",
    ]),
    "findings on request": ("none", "request", [], [
        "The tabulated results are available upon request.",
        "The developed templates are available upon request.",
        "The spectra are available on request.",
        "The questionnaires are available upon request.",
        "Data availability: on request.",
    ]),
    "code in other words": ("claimed", "claimed", [], [
        "We provide implementations in both Wood and Leaf.",
        "We give a recipe and source code for counting rings.",
        "A computer program is made available as an extension of a package.",
        "For others, we share a GitHub repository containing the counting framework.",
        "All data needed and the Python scripts are included in a companion DVD.",
    ]),
    "no offer of code or data": ("none", "none", [], [
        "A range of implementation strategies will be provided to teachers.",
        "Land was freely available to foresters.",
        "Such images are widely available on the web.",
        "The implementation process will be shared with foresters.",
        "Implementation outcomes will be published.",
    ]),
    "software on request": ("request", "request", [], [
        "Availability: Available upon request.",
        "Availability: on request.",
        "<b>Availability:</b> Available upon request. Free for foresters.",
        "Availability: Freely available on request.",
        "Beeches grow. Availability: upon request.",
    ]),
    "a request by another way": ("none", "request", [], [
        "Requests for data should be addressed to the corresponding author.",
        "Data requests should be sent to the authors.",
        "Requests for the data can be made to the foresters.",
        "Data access requests must be directed to the committee.",
        "Requests for access to these data may be submitted to the first author.",
    ]),
    "what studies give in the end is no artifact": ("none", "none", [], [
        "Results will be made available to foresters and funders.",
        "A final report will be made available from the forest's office.",
        "The findings will be made publicly available.",
        "More information will be made available online.",
        "We released two reports on beeches.",
    ]),
    "what a policy asks for": ("none", "none", [], [
        "The policy requires the data and code be made available after publication.",
        "Code must be released before felling.",
        "Should all data and code be shared, foresters would rejoice.",
        "The enzyme must be repeatedly released from the wood.",
        "Foresters follow codes of practice and codes of conduct, which are openly available.",
    ]),
    "a pseudo code or another's software": ("none", "none", [], [
        "We provide a pseudo code for counting rings.",
        "We use R, a free and open-source software environment.",
        "The code was downloaded to a board.",
        "Rings were counted in Python, an open-source language.",
        "The plug-in belongs to LEAF, and we add it to BARK, an open-source tool.",
    ]),
    "code whose clause follows a comma": ("claimed", "claimed", [], [
        "One loader regenerates every reported number, and the code is released.",
        "Source code for the model and several examples is available online.",
        "Detailed code and additional links are available in a companion package on GitHub.",
        "Software implementing the test is publicly available.",
        "The tests have been implemented in a publicly available R package.",
    ]),
    "a badge, a form of citation": ("none", "none", [("other", False)], [
        "This article has earned an open data badge: https://osf.io/ab1cd.",
        "Beeches are old (see also https://beech.example.org).",
        "Others count differently (cf. the wood archive: https://beech.example.org).",
        "We extend the result of our earlier paper on beeches (https://beech.example.org/paper).",
        "\"It is a fine book.\" -- https://beech.example.org",
    ]),
    "a plan that was registered": ("none", "none", [("registry", False)], [
        "Our pre-registered analysis (https://osf.io/ab1cd) had two waves.",
        "The registered report (https://osf.io/ab1cd) names all tests.",
        "Open Science Framework: https://osf.io/ab1cd",
        "We follow our preregistered protocol (https://osf.io/ab1cd).",
        "We report a preregistered study (https://osf.io/ab1cd).",
    ]),
}  # fmt: skip


def read(text: str, title: str = TITLE) -> tuple[str, str, Links]:
    papers = make_papers([{"title": title, "abstract": text}], source="test")
    claims, links = code_claims(papers), find_links(papers)
    found = [(str(kind), bool(own)) for kind, own in zip(links["kind"], links["own"])]
    return str(claims.loc[0, "code"]), str(claims.loc[0, "artifact"]), found


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, (*_, texts) in KINDS.items() for text in texts]
)
def test_each_kind_of_sentence(kind: str, text: str) -> None:
    code, artifact, links, _ = KINDS[kind]
    assert read(text) == (code, artifact, links)


def test_the_shared_cases(shared: Path) -> None:
    lines = (shared / "cases" / "availability.jsonl").read_text("utf-8").splitlines()
    wrong = []
    for case in map(json.loads, lines):
        papers = make_papers([{"title": TITLE, "abstract": case["abstract"]}], source="test")
        claims, links = code_claims(papers), find_links(papers)
        found = links[["url", "kind", "own"]].to_dict("records")
        said = (claims.loc[0, "code"], claims.loc[0, "artifact"], found)
        if said != (case["code"], case["artifact"], case["kinds"]):
            wrong.append((case["abstract"], said))
    assert lines and wrong == []


def test_a_name_of_the_paper_makes_a_link_its_own() -> None:
    text = "Wood is hard. FAGUS (https://fagus.example.org) is a database of beeches."
    assert read(text, "FAGUS: all beeches")[2] == [("data", True)]
    assert read(text)[2] == [("other", False)]
    assert read("We present FAGUS (https://fagus.example.org), a database.")[2] == [("data", True)]


def test_one_sentence_may_link_one_thing_and_promise_another() -> None:
    text = "Our code will be released, and the demo page is https://fagus.netlify.app."
    assert read(text)[:2] == ("promised", "linked")


UNITS = (
    "www.", "www. ", "www.a.b-", "https://a.b/", "https://a.b/ ", "https://a.b/c{x} ", "a.", ". ",
    "    ", "{", "{}", "\\url{", "\\sqrt https://a.b/c ", "(", "\\_", "/ ~a", "1http", "h t t p ",
    "github. com/ a", "[a](https://a.b/c) ", "10.5061/dryad.1 ", "GSE1000 ", "PDB 6FL5, ",
    "accession number AB123456, ", "the code is available ", "we release our ", "x", "X",
    ", which is available ", "our release of code ", "deposited in ", "TWIG (", "代码将",
    "der Quellcode ist ", "coming soon ", "© 2020 ",
)  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_time_grows_with_the_text_alone(unit: str) -> None:
    def seconds(text: str) -> float:
        start = time.process_time()
        read_paper(TITLE, text)
        without_availability(text)
        return time.process_time() - start

    whole = f"Our code is open. {unit * (48_000 // len(unit))} It is at https://a.b/c."
    seconds(whole[:2_000])
    short = min(seconds(whole[:12_000]) for _ in range(2))
    # Below some milliseconds, the clock and what is done once decide.
    assert min(seconds(whole) for _ in range(2)) <= 6 * short + 0.05


def test_the_text_for_topics_leaves_out_what_only_says_where_things_are() -> None:
    for kind, text in (
        (
            "data on request",
            "Data are available from the corresponding author on reasonable request.",
        ),
        ("an archive by its DOI", "Replication files: doi:10.7910/DVN/BEECH1."),
        ("a registry is no artifact", "Trial registration: https://clinicaltrials.gov/ct2/show/1."),
        ("deposited under a number", "The data were deposited in GEO under accession GSE100002."),
        ("code in another language", "Die Software ist frei verfügbar."),
        ("data are open", "The data are in the public domain."),
    ):
        assert read(text)[:2] == KINDS[kind][:2]
        assert without_availability(f"Beeches grow. {text}") == "Beeches grow."
    more = "Reads of old beeches were deposited in GEO under accession GSE100002."
    assert without_availability(more) == more


def test_own_is_a_column_that_filters() -> None:
    papers = pd.concat(
        [
            make_papers([{"title": name, "abstract": text}], source="test")
            for name, text in (
                ("A", "Code: https://github.com/a/b."),
                ("B", "Aligned with LEAF (https://github.com/other/leaf)."),
            )
        ],
        ignore_index=True,
    )
    links = find_links(papers)
    assert links["own"].dtype == bool and links[links["own"]]["repo"].tolist() == ["a/b"]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("LEAF (at https://leaf.example.org/)aims at trees.", "https://leaf.example.org/"),
        ("Available at: https://leaf.example.org/a/(4 May 2004)", "https://leaf.example.org/a/"),
        ("Data are at ftp://leaf.example.org/a.pdf.", "ftp://leaf.example.org/a.pdf"),
        ("See the page, www.wood.leaf-twig.hu/beech.", "https://www.wood.leaf-twig.hu/beech"),
        ("A cohort study (www.leaf- twig.ca/beech).", "https://www.leaf-twig.ca/beech"),
        (
            "It is free (https:// creativecommons.org/licenses/by/ 4.0/).",
            "https://creativecommons.org/licenses/by/4.0/",
        ),
        (
            "The License (http://creativecommons.org/licenses/by-nc/4 0/) permits it.",
            "http://creativecommons.org/licenses/by-nc/4.0/",
        ),
    ],
)
def test_where_an_address_ends(text: str, url: str) -> None:
    assert [link.url for link in read_paper(TITLE, text).links] == [url]


@pytest.mark.parametrize(
    ("text", "title", "kind"),
    [
        ("Availability: https://leaf.example.org.", "LEAF: a public database of leaves", "data"),
        ("Availability: https://leaf.example.org.", "LEAF: a database search tool", "code"),
        ("Availability: https://leaf.example.org.", "LEAF - an archive of leaves", "data"),
        ("Availability: https://leaf.example.org.", "LEAF: counting leaves", "code"),
        ("Growth.Availability: https://leaf.example.org.", "Counting leaves", "code"),
        ("With measurements.</p> <b>Availability:</b> https://leaf.example.org", "LEAF", "code"),
    ],
)
def test_availability_of_a_database_is_data(text: str, title: str, kind: str) -> None:
    assert read(text, title)[2] == [(kind, True)]


@pytest.mark.parametrize(
    "text",
    [
        "TWIG is a suite of libraries. TWIG can be downloaded from the project page (https://a.org).",
        "We present TWIG, a package. TWIG is available at https://twig.example.org.",
        "This paper introduces a library for wood, TWIG. TWIG is available at https://a.org/b.",
        "The TWIG code is at https://github.com/a/twig or via the TWIG website https://a.org.",
        "We present TWIG, a toolbox. TWIG can be obtained from its home page, https://a.org/b.",
    ],
)
def test_what_is_downloaded_decides_not_the_page(text: str) -> None:
    assert {kind for kind, _ in read(text, "TWIG and beeches")[2]} == {"code"}


def test_a_place_in_the_title_makes_no_link_the_authors_own() -> None:
    title = "A school of forestry in Beechville"
    text = "Students learn at the school of Beechville (https://forestry.example.edu/school)."
    assert not read_paper(title, text).links[0].own
    assert read_paper("LEAF: a school", "LEAF (https://leaf.example.org) is old.").links[0].own


def test_software_that_the_title_presents_is_code_at_its_address() -> None:
    title = "LeafNet-Web: an online tool for counting leaves"
    for text in (
        "Free access: https://leaf.example.org",
        "It is available at https://leaf.example.org",
    ):
        assert read_paper(title, text).links[0].kind == "code"
    assert (
        read_paper("On leaves", "It is available at https://leaf.example.org").links[0].kind
        != "code"
    )


def test_a_registry_that_was_searched_registers_nothing() -> None:
    text = "We searched PubMed, Cochrane and https://clinicaltrials.gov for trials."
    assert read_paper(TITLE, text).links[0].kind == "other"
