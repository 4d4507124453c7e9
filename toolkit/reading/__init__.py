"""Reading lists: for a group, by a library; what is new since the last meeting; the agenda."""

from toolkit.reading.agenda_page import agenda
from toolkit.reading.cited import find_missing
from toolkit.reading.gaps import find_gaps
from toolkit.reading.news import since_last_meeting
from toolkit.reading.ranking import rank_new
from toolkit.reading.reading import pick_reading

__all__ = [
    "agenda",
    "find_gaps",
    "find_missing",
    "pick_reading",
    "rank_new",
    "since_last_meeting",
]
