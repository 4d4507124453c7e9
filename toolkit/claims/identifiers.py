"""Identifiers without an address whose place is certain: accession numbers, swh:, ascl:, DOIs."""

from __future__ import annotations

import re

from toolkit.claims.places import find_place

#: Address of each kind of identifier; the identifier takes the place of {}.
_ADDRESSES: tuple[tuple[str, str], ...] = (
    (r"GSE\d{3,}", "https://www.ncbi.nlm.nih.gov/geo/query/acc.cgi?acc={}"),
    (r"[SED]R[APRSXZ]\d{5,}", "https://www.ncbi.nlm.nih.gov/sra/{}"),
    (r"PRJN[AB]\d{3,}|PRJDB\d{3,}|PRJC[AB]\d{3,}", "https://www.ncbi.nlm.nih.gov/bioproject/{}"),
    (r"PRJEB\d{3,}", "https://www.ebi.ac.uk/ena/browser/view/{}"),
    (r"E-[A-Z]{4}-\d+", "https://www.ebi.ac.uk/biostudies/arrayexpress/studies/{}"),
    (r"S-BSST\d+", "https://www.ebi.ac.uk/biostudies/studies/{}"),
    (r"[PR]XD\d{6}", "https://www.ebi.ac.uk/pride/archive/projects/{}"),
    (r"MSV\d{9}", "https://massive.ucsd.edu/ProteoSAFe/dataset.jsp?accession={}"),
    (r"MTBLS\d+", "https://www.ebi.ac.uk/metabolights/{}"),
    (r"EGA[SD]\d{11}", "https://ega-archive.org/studies/{}"),
    (r"phs\d{6}(?:\.v\d+\.p\d+)?", "https://www.ncbi.nlm.nih.gov/gap/?term={}"),
    (r"EMD-\d{4,5}", "https://www.ebi.ac.uk/emdb/{}"),
    (r"EMPIAR-\d{5}", "https://www.ebi.ac.uk/empiar/{}"),
    (r"GCA_\d{9}(?:\.\d+)?", "https://www.ncbi.nlm.nih.gov/datasets/genome/{}"),
)
_TEMPLATES = tuple((re.compile(pattern), address) for pattern, address in _ADDRESSES)
#: In a text that has one of these, an identifier may be; a fast test.
_SIGNS = (
    *("10.", "swh:1:", "ascl:", "accession", "PDB", "Protein Data Bank", "GSE", "PRJ", "PXD"),
    *("E-MTAB", "E-GEOD", "S-BSST", "RPXD", "MSV0", "MTBLS", "EGAS", "EGAD", "phs0", "EMD-"),
    *("EMPIAR-", "GCA_", "SRP", "SRR", "SRX", "SRA", "SRS", "ERP", "ERR", "ERS", "DRA", "DRP"),
)
_IDENTIFIER = re.compile(
    r"(?<![\w/=.-])(?:"
    r"(?P<swh>swh:1:(?:cnt|dir|rel|rev|snp):[0-9a-f]{40})"
    r"|(?:doi:?\s?|DOI:?\s?)?(?P<doi>10\.\d{4,5}/[A-Za-z0-9][A-Za-z0-9._/:-]{1,80})"
    r"|(?P<ascl>ascl:\d{4}\.\d{3,4})\b"
    rf"|(?P<accession>{'|'.join(pattern for pattern, _ in _ADDRESSES)})\b"
    r")",
)
#: "PDB ID 6FL5", "in the PDB under the accession number 6FL5 and 6FL6".
_PDB = re.compile(
    r"\b(?:PDB|Protein Data Bank)\b[^.;]{0,60}?\b(?P<ids>[1-9](?=[A-Z0-9]*[A-Z])[A-Z0-9]{3}\b"
    r"(?:(?:,|,? and)\s[1-9](?=[A-Z0-9]*[A-Z])[A-Z0-9]{3}\b){0,9})"
)
#: "GenBank accession numbers MN908947 to MN908950".
_SEQUENCE = re.compile(
    r"\baccession\s(?:numbers?|nos?\.?|codes?|ids?)?[^.;]{0,40}?"
    r"(?P<ids>\b[A-Z]{1,2}_?\d{5,8}(?:\.\d)?\b"
    r"(?:(?:,|,? and|\s?[-–]|,? to)\s?[A-Z]{1,2}_?\d{5,8}(?:\.\d)?\b){0,9})"
)
_ONE = re.compile(r"[A-Z0-9_.]{4,}")


#: Numbers of trials and reviews. They are no links: a registry shares nothing of the authors'.
_REGISTRATION = re.compile(
    r"(?<![\w/=.-])(?:NCT[ -]?\d{8}|ISRCTN[ -]?\d{8}|CRD[ -]?42\d{6,12}|ACTRN[ -]?\d{14}"
    r"|ChiCTR[ -]?(?:[A-Z]{2,4}-?)*\d{8,10}|DRKS[ -]?\d{8}|UMIN[ -]?\d{9}|UMIN-CTR|jRCTs?\d{9,11}"
    r"|CTRI/\d{4}/\d{2,3}/\d{6}|IRCT\d{11,}(?:N\d+)?|KCT\d{7}|PACTR\d{15,16}|TCTR\d{11}"
    r"|EudraCT\b[^.;]{0,25}?\d{4}-\d{6}-\d{2})\b"
)


def names_registration(text: str) -> bool:
    """Return whether a text gives the number of a registered trial or review.

    Examples
    --------
    >>> names_registration("Trial registration: ClinicalTrials.gov NCT01234567.")
    True
    """
    return _REGISTRATION.search(text) is not None


_ACCESSION = (
    *tuple(address.partition("{}")[0] for _, address in _ADDRESSES),
    "https://www.rcsb.org/structure/",
    "https://www.ncbi.nlm.nih.gov/nuccore/",
)


def is_accession(url: str) -> bool:
    """Return whether an address is that of an accession number.

    Examples
    --------
    >>> is_accession("https://www.rcsb.org/structure/6FL5")
    True
    """
    return url.startswith(_ACCESSION)


def find_identifiers(text: str) -> list[tuple[int, int, str]]:
    """Return start, end and address of the identifiers of a text, in order.

    Parameters
    ----------
    text : str
        Running text.

    Returns
    -------
    list of tuple
        Only such whose place is known: no DOI of an article. An identifier of Software Heritage
        is its own address.

    Examples
    --------
    >>> find_identifiers("Data: GSE100001, doi:10.5061/dryad.1a.")[1]
    (17, 37, 'https://doi.org/10.5061/dryad.1a')
    """
    if not any(map(text.__contains__, _SIGNS)):
        return []
    found = [
        (hit.start(), end, address)
        for hit in _IDENTIFIER.finditer(text)
        for end, address in [_address(hit)]
        if address
    ]
    if "PDB" in text or "Protein Data Bank" in text:
        found += _listed(text, _PDB, "https://www.rcsb.org/structure/{}")
    if "accession" in text:
        found += _listed(text, _SEQUENCE, "https://www.ncbi.nlm.nih.gov/nuccore/{}")
    return sorted(found)


def _address(hit: re.Match[str]) -> tuple[int, str]:
    """Return where an identifier ends, and its address; "" where its place is not certain."""
    if hit["swh"]:
        return hit.end(), hit["swh"]
    if hit["ascl"]:
        return hit.end(), f"https://ascl.net/{hit['ascl'].removeprefix('ascl:')}"
    if hit["doi"]:
        doi = hit["doi"].rstrip("._/:-")
        address = f"https://doi.org/{doi}"
        known = find_place(address).name in ("code", "data")
        return hit.start("doi") + len(doi), address if known else ""
    name = hit["accession"]
    template = next(address for pattern, address in _TEMPLATES if pattern.fullmatch(name))
    return hit.end(), template.format(name)


def _listed(text: str, pattern: re.Pattern[str], template: str) -> list[tuple[int, int, str]]:
    return [
        (one.start(), one.end(), template.format(one.group()))
        for hit in pattern.finditer(text)
        for one in _ONE.finditer(text, hit.start("ids"), hit.end("ids"))
    ]
