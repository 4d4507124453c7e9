"""Reading lists, and meetings of a reading group."""

from toolkit.reading.meetings import agenda, since_last_meeting
from toolkit.reading.reading import pick_reading

__all__ = [
    "agenda",
    "pick_reading",
    "since_last_meeting",
]
