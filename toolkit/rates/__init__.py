"""Rates of availability by group, their comparison, and their correction with labelled papers."""

from toolkit.rates.agreement import check_agreement
from toolkit.rates.changes import check_change
from toolkit.rates.correction import corrected_availability
from toolkit.rates.labelling import LabellingWidget
from toolkit.rates.missed import estimate_missed
from toolkit.rates.rates import availability, compare_groups
from toolkit.rates.sampling import draw_sample

__all__ = [
    "LabellingWidget",
    "availability",
    "check_agreement",
    "check_change",
    "compare_groups",
    "corrected_availability",
    "draw_sample",
    "estimate_missed",
]
