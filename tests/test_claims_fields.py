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
    assert seconds(whole) <= 6 * short + 0.05


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
