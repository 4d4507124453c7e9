"""Shares of topics by period, with intervals; verdicts, bursts, new terms, change points."""

from toolkit.trends.bursts import find_bursts
from toolkit.trends.calendars import Calendar, choose_calendar
from toolkit.trends.changes import find_changes, smooth_shares
from toolkit.trends.comparisons import compare_periods
from toolkit.trends.counts import count_by
from toolkit.trends.emerging import emerging_terms
from toolkit.trends.frequencies import label_periods
from toolkit.trends.outlook import trend_outlook
from toolkit.trends.pairs import compare_trends
from toolkit.trends.periods import assign_periods
from toolkit.trends.trends import topic_trends
from toolkit.trends.verdicts import trend_verdicts

__all__ = [
    "Calendar",
    "assign_periods",
    "choose_calendar",
    "compare_periods",
    "compare_trends",
    "count_by",
    "emerging_terms",
    "find_bursts",
    "find_changes",
    "label_periods",
    "smooth_shares",
    "topic_trends",
    "trend_outlook",
    "trend_verdicts",
]
