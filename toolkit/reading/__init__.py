"""Reading lists for a group, what is new since its last meeting, and the agenda page."""

from toolkit.reading.agenda_page import agenda
from toolkit.reading.news import since_last_meeting
from toolkit.reading.reading import pick_reading

__all__ = [
    "agenda",
    "pick_reading",
    "since_last_meeting",
]
