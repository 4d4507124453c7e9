"""Papers as files for other tools: BibTeX, RIS, CSV, Markdown, HTML; the report in `reporting`."""

from toolkit.exports.citing import cite
from toolkit.exports.exporting import export

__all__ = ["cite", "export"]
