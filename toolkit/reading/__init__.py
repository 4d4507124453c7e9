"""Reading lists, and meetings of a reading group.

`pick_reading` chooses, topics taking turns, and says why; `since_last_meeting` tells what is new;
`agenda` writes the page to bring, with questions drawn from the data.
"""

from toolkit.reading.meetings import agenda
from toolkit.reading.news import since_last_meeting
from toolkit.reading.reading import pick_reading

__all__ = [
    "agenda",
    "pick_reading",
    "since_last_meeting",
]
