"""The papers table: columns and their types, checks, ids, dates, terms, health report."""

from toolkit.papers.columns import COLUMNS, with_all_columns
from toolkit.papers.health import describe_papers
from toolkit.papers.languages import find_languages
from toolkit.papers.schema import check_papers, make_papers, modelling_text
from toolkit.papers.set_aside import BadRecord
from toolkit.papers.terms import find_terms
from toolkit.papers.values import papers_with
from toolkit.papers.venues import venue_names

__all__ = [
    "COLUMNS",
    "BadRecord",
    "check_papers",
    "describe_papers",
    "find_languages",
    "find_terms",
    "make_papers",
    "modelling_text",
    "papers_with",
    "venue_names",
    "with_all_columns",
]
