"""Results as readers see them: sentences to quote, tables to look at."""

from toolkit.results.findings import Findings, findings

__all__ = ["Findings", "findings"]
