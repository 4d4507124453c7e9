"""Results as readers see them: sentences to quote, tables to look at."""

from toolkit.results.findings import Findings, findings
from toolkit.results.show import Shown, show

__all__ = ["Findings", "Shown", "findings", "show"]
