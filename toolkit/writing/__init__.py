"""What leaves the toolkit as a file: BibTeX, RIS, CSV, Markdown, HTML, the report."""

from toolkit.writing.exporting import export
from toolkit.writing.reporting import report

__all__ = [
    "export",
    "report",
]
