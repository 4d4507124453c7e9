"""Reading lists: for a group, by a library; what is new since the last meeting; the agenda."""

from toolkit.reading.agenda_page import agenda
from toolkit.reading.news import since_last_meeting
from toolkit.reading.ranking import rank_new
from toolkit.reading.reading import pick_reading

__all__ = [
    "agenda",
    "pick_reading",
    "rank_new",
    "since_last_meeting",
]
