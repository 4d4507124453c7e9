"""Shares of topics by period, verdicts, comparisons, the outlook, bursts, new terms."""

from toolkit.trends.bursts import find_bursts
from toolkit.trends.calendars import Calendar, choose_calendar
from toolkit.trends.comparisons import compare_periods
from toolkit.trends.counts import count_by
from toolkit.trends.emerging import emerging_terms
from toolkit.trends.frequencies import label_periods
from toolkit.trends.outlook import trend_outlook
from toolkit.trends.pairs import compare_trends
from toolkit.trends.periods import assign_periods
from toolkit.trends.smoothing import smooth_shares
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
    "label_periods",
    "smooth_shares",
    "topic_trends",
    "trend_outlook",
    "trend_verdicts",
]
