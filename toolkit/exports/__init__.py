"""Papers as files for other tools: BibTeX, RIS, CSV, Markdown, HTML; and the report."""

from toolkit.exports.exporting import export
from toolkit.exports.reporting import report

__all__ = [
    "export",
    "report",
]
