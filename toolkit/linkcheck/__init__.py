"""Checks of links over the network, the log of the checks, the ladder, and link survival."""

from toolkit.linkcheck.archive import archive_now
from toolkit.linkcheck.ladder import climb_ladder
from toolkit.linkcheck.linkcheck import check_links
from toolkit.linkcheck.log import LinkLog, read_log
from toolkit.linkcheck.survival import link_survival

__all__ = [
    "LinkLog",
    "archive_now",
    "check_links",
    "climb_ladder",
    "link_survival",
    "read_log",
]
