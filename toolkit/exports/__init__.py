"""What leaves the toolkit as a file: BibTeX, RIS, CSV, Markdown, HTML, the report."""

from toolkit.exports.exporting import export
from toolkit.exports.reporting import report

__all__ = [
    "export",
    "report",
]
