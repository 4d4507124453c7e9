"""Checks of links over the network, the log of the checks, levels of reuse, and link survival."""

from toolkit.linkcheck.archive import archive_now
from toolkit.linkcheck.linkcheck import check_links
from toolkit.linkcheck.log import LinkLog, read_log
from toolkit.linkcheck.reuse import reuse_levels
from toolkit.linkcheck.survival import link_survival

__all__ = [
    "LinkLog",
    "archive_now",
    "check_links",
    "link_survival",
    "read_log",
    "reuse_levels",
]
