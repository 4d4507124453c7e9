"""Institutions read from addresses in the shapes that databases give them."""

from __future__ import annotations

import time

import pandas as pd
import pytest

import toolkit
from toolkit.errors import DataError
from toolkit.papers import papers_with
from toolkit.papers.institutions import institution_key, institution_of, same_institutions
from toolkit.papers.values import split_values

ADDRESSES = {
    # Web of Science: the institution first.
    "Univ Ghent, Dept Philosophy & Moral Sci, Ctr Hist Sci, B-9000 Ghent, Belgium": "Univ Ghent",
    "CNRS, Lab Populat Genet Evolut, Gif Sur Yvette, France": "CNRS",
    "Inst Ecol & Biol Resources, Dept Insect Systemat, Hanoi, Vietnam":
        "Inst Ecol & Biol Resources",
    "Johns Hopkins Univ, Carey Sch Business, 100 Int Dr, Baltimore, MD 21202 USA":
        "Johns Hopkins Univ",
    "Dalhousie Univ, Room G26,Forrest Bldg,5869 Univ Ave, Halifax, NS, Canada": "Dalhousie Univ",
    "Russian Acad Sci, Inst Zool, Univ Skaya Embankment 1, St Petersburg 199034, Russia":
        "Russian Acad Sci",
    "BI Norwegian Business Sch, Nydalsveien 37, N-0484 Oslo, Norway": "BI Norwegian Business Sch",
    "Samsung SDS, Seoul, South Korea": "Samsung SDS",
    "Univ Massachusetts, Amherst, MA 01003 USA": "Univ Massachusetts, Amherst",
    "Univ Calif San Diego, Dept Anthropol, La Jolla, CA 92093 USA": "Univ Calif San Diego",
    # Scopus and PubMed: departments first.
    "Department of Physics, Norwegian University of Science and Technology, N-7491 Trondheim":
        "Norwegian University of Science and Technology",
    "Department of Management, Monash University, Caulfield East, Vic. 3145, Australia":
        "Monash University",
    "The University of Iowa, Iowa City, IA, United States": "University of Iowa",
    "Department of Dermatology, Yale University School of Medicine, New York, NY 10028":
        "Yale University",
    "Lancaster University Management School, Lancaster, United Kingdom": "Lancaster University",
    "Department of Dermatology, Seoul National University Hospital, Seoul, Korea":
        "Seoul National University Hospital",
    "Klinik für Dermatologie der Ludwig-Maximilians-Universität München":
        "Ludwig-Maximilians-Universität München",
    "Faculdade de Ciências da Universidade de Lisboa, Lisbon": "Universidade de Lisboa",
    "Faculty of Law University of Oslo, Norway": "University of Oslo",
    "Department of Neurosurgery, Henry Ford Health System, Detroit, MI, USA":
        "Henry Ford Health System",
    "Genetics Department, QIMR Berghofer Medical Research Institute, Herston, Australia":
        "QIMR Berghofer Medical Research Institute",
    "Key Laboratory of Bees, Chinese Academy of Sciences, Beijing, China":
        "Chinese Academy of Sciences",
    "Leeds School of Business, University of Colorado, Boulder, CO, United States":
        "University of Colorado, Boulder",
    "Department of Electrical Engineering, Indian Institute of Technology, Kharagpur 721302, India":
        "Indian Institute of Technology, Kharagpur",
    "Academy of Scientific and Innovative Research (AcSIR, CSIR), Ghaziabad, India":
        "Academy of Scientific and Innovative Research (AcSIR, CSIR)",
    "Bee Instruments Co., Ltd., Fuzhou, China": "Bee Instruments Co., Ltd.",
    # Units in other languages.
    "Servicio de Neurología, Hospital Dos de Mayo, Lima, Peru": "Hospital Dos de Mayo",
    "Servicio de Neurología del Hospital Dos de Mayo, Lima, Peru": "Hospital Dos de Mayo",
    "Servicio de Neurología, Sanatorio Wax, Lima": "Sanatorio Wax",
    "Unidad de Cuidados Intensivos, Clínica Wax, Lima, Peru": "Clínica Wax",
    "Unidad de Investigación, Instituto Nacional de Salud, Lima, Peru":
        "Instituto Nacional de Salud",
    "Cátedra de Medicina, Facultad de Medicina, Universidad Wax, Lima, Peru": "Universidad Wax",
    "Sección de Epilepsia, Servicio de Neurología, Hospital Wax, Madrid, Spain": "Hospital Wax",
    "Serviço de Cardiologia, Hospital de Santa Maria, Lisboa, Portugal":
        "Hospital de Santa Maria",
    "Service de Neurologie, CHU de Wax, Lille, France": "CHU de Wax",
    "Service de Neurologie, Hôpital Wax, AP-HP, Paris, France": "Hôpital Wax",
    "Service d'Hématologie, Clinique du Wax, France": "Clinique du Wax",
    "Département de Biologie, Hôpital Wax, Paris, France": "Hôpital Wax",
    "Klinik für Neurologie, Universitätsklinikum Wax, Wax, Germany": "Universitätsklinikum Wax",
    "Universitätsklinik für Neurologie, Inselspital, Bern, Switzerland": "Inselspital",
    "Klinik und Poliklinik für Neurologie, Klinikum Wax, Germany": "Klinikum Wax",
    "Abteilung für Innere Medizin, Krankenhaus Wax, Wien, Austria": "Krankenhaus Wax",
    "Reparto di Cardiologia, Ospedale San Wax, Milano, Italy": "Ospedale San Wax",
    "Dipartimento di Scienze, Policlinico Wax, Roma, Italy": "Policlinico Wax",
    "Dipartimento di Scienze, Università di Wax, Roma, Italy": "Università di Wax",
    # These are whole.
    "Servicio Nacional de Bees, Lima, Peru": "Servicio Nacional de Bees",
    "Universitätsklinik Wax, Wax, Germany": "Universitätsklinik Wax",
    "Unity Coll, Sch Bees, Unity, ME USA": "Unity Coll",
    "United Nations Univ, Tokyo, Japan": "United Nations Univ",
    # Nothing more is there.
    "Servicio de Neurología": "Servicio de Neurología",
    "School of Management": "School of Management",
    "Google": "Google",
}  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses(address) -> None:
    assert institution_of(address) == ADDRESSES[address]


@pytest.mark.parametrize("address", ["", " , ", ".", ";;"])
def test_nothing_written_is_none(address) -> None:
    assert institution_of(address) in (None, ";;")


def test_long_and_hostile_addresses_take_no_time() -> None:
    begin = time.process_time()
    for text in ("University of " * 5000, "(" * 20_000, "Department of " * 3000, "a," * 20_000):
        assert institution_of(text)
    assert time.process_time() - begin < 1


def test_campuses_stay_apart_and_forms_are_told() -> None:
    assert institution_key("Univ Calif Berkeley") == institution_key(
        "University of California, Berkeley"
    )
    names = ["Univ Calif Berkeley", "University of California, Davis", "Kyoto Univ", "Univ Kyoto"]
    assert same_institutions(names) == {"Kyoto Univ": ["Univ Kyoto"], "Univ Kyoto": ["Kyoto Univ"]}


def papers() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "paper_id": list("abcd"),
            "title": list("ABCD"),
            "abstract": ["Code: https://github.com/a/a.", "No.", "No.", "No."],
            "published": pd.to_datetime(["2021-03-01", "2021-05-01", "2022-03-01", "2022-06-01"]),
            "affiliations": [
                "Univ Wax, Dept Bees, Comb, Utopia; Univ Wax, Dept Law, Comb, Utopia",
                "Department of Bees, University of Wax, Comb; Hive Institute, Comb",
                "Hive Institute, Department of Honey, Comb",
                None,
            ],
        }
    )


def test_institutions_are_counted_everywhere_and_never_joined_in_silence() -> None:
    table = papers()
    assert split_values(table, "institutions").tolist() == [
        "Univ Wax", "University of Wax", "Hive Institute", "Hive Institute",
    ]  # fmt: skip
    with pytest.warns(UserWarning) as told:
        counted = toolkit.count_by(table, "institutions").set_index("value")
    assert counted["papers"].to_dict() == {
        "Hive Institute": 2, "Univ Wax": 1, "University of Wax": 1,
    }  # fmt: skip
    assert counted.loc["Univ Wax", "variants"] == "University of Wax"
    messages = [str(one.message) for one in told]
    assert any("2 of 3 values may be the same as others" in one for one in messages)
    assert any("left out: 1 of 4 papers without 'institutions'" in one for one in messages)
    rates = toolkit.availability(table, by="institutions").set_index("group")
    assert rates.loc["Univ Wax", ["n", "linked"]].tolist() == [1, 1]
    assert rates.loc["(none given)", "n"] == 1
    with pytest.warns(UserWarning):
        trends = toolkit.topic_trends(table, by="institutions", freq="Y")
    hive = trends[trends["topic"] == "Hive Institute"]
    assert hive[["papers", "total"]].values.tolist() == [[1, 2], [1, 1]]


def test_an_own_column_of_that_name_is_taken_as_it_is() -> None:
    own = papers().assign(institutions=["Wax", "Wax", pd.NA, "Hive"])
    assert split_values(own, "institutions").tolist() == ["Wax", "Wax", "Hive"]


def test_papers_with_a_value_are_found_in_lists_and_addresses() -> None:
    table = papers().set_index(pd.Index([7, 3, 9, 1]))
    assert papers_with(table, "institutions", "HIVE INSTITUTE").index.tolist() == [3, 9]
    both = papers_with(table, "institutions", ["Hive Institute", "Univ Wax"])
    pd.testing.assert_frame_equal(both, table.iloc[:3])
    assert papers_with(table, "title", []).empty
    with pytest.raises(DataError, match=r"no paper has this value.*Did you mean 'Univ Wax' or"):
        papers_with(table, "institutions", "Univ of Wax")
    with pytest.raises(DataError, match=r"found 3.*count_by lists the values"):
        papers_with(table, "institutions", [3])
    with pytest.raises(DataError, match="lacks a column"):
        papers_with(table, "country", "Chile")


def test_capitals_alone_are_joined_and_told() -> None:
    table = papers().assign(
        affiliations=["Univ Wax, Comb", "UNIV WAX, COMB", "Univ Wax", "Univ Wax"]
    )
    with pytest.warns(UserWarning, match="institutions: 1 of 2 differs from another in capitals"):
        counted = toolkit.count_by(table, "institutions")
    assert counted[["value", "papers"]].values.tolist() == [["Univ Wax", 4]]
