"""The command line: ``python -m toolkit update FOLDER``, for cron and by hand."""

from __future__ import annotations

import argparse
import contextlib
import io
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import pandas as pd

from toolkit.errors import DataError, SourceError
from toolkit.services.fetching import SOURCES
from toolkit.text.escaping import one_line
from toolkit.updates.files import SERVICE as FILES
from toolkit.updates.following import follow, unfollow
from toolkit.updates.updating import run_update

_UPDATE = """Ask for the papers of every query that FOLDER follows, add the new ones, place them in
FOLDER/topics, and write FOLDER/pages/DAY.html and DAY.md where there is any news. Repeated on the
same day it changes nothing; killed at any time, the next run goes on."""
_FOLLOW = """Let FOLDER follow a query of a service, or files that you save; where there is no such
folder, this makes the folder. Each update then asks for what is new. Without SERVICE, the queries
that it follows are listed."""
_UNFOLLOW = """Let FOLDER follow a query no longer. Papers that came by it stay."""
_AFTER = """Keys of services come from the environment, never from the command line.
Exit status: 0 all done; 1 a query was not answered in full (the others are done, and it is asked
again next time), or the topics cannot be read; 2 wrong arguments, or a folder that cannot be
used; 130 interrupted.

crontab, every Monday at six:
  0 6 * * 1  cd ~/papers && .venv/bin/python -m toolkit update --quiet reading"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command of `arguments` (those of the process by default); return the exit status."""
    asked = _parser().parse_args(arguments)
    usual = warnings.showwarning
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("default", UserWarning)
            warnings.showwarning = _show
            status: int = asked.run(asked)
            return status
    except (DataError, SourceError) as error:
        _complain(error)
        return 2
    except KeyboardInterrupt:
        _complain("interrupted; the next update goes on")
        return 130
    except BrokenPipeError:
        return 1
    finally:
        warnings.showwarning = usual


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m toolkit",
        description="Collections of papers that keep themselves up to date.",
        epilog=_AFTER,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    update = commands.add_parser(
        "update",
        help="bring a folder up to date",
        description=_UPDATE,
        epilog=_AFTER,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    update.add_argument("folder", metavar="FOLDER", help="a collection folder")
    update.add_argument("--check-links", action="store_true", help="check links of new papers")
    update.add_argument(
        "--overlap",
        type=int,
        default=14,
        metavar="DAYS",
        help="days before the last answer that are asked again (default: 14)",
    )
    update.add_argument("--basket", metavar="FILE", help="an explorer's basket")
    update.add_argument("--today", metavar="DAY", help="the day, YYYY-MM-DD (default: today)")
    update.add_argument("-q", "--quiet", action="store_true", help="tell of failures alone")
    update.set_defaults(run=_update)
    followed = commands.add_parser(
        "follow", help="follow a query, or list those followed", description=_FOLLOW
    )
    followed.add_argument("folder", metavar="FOLDER", help="a collection folder, or a new one")
    services = ", ".join([*SOURCES, FILES])
    followed.add_argument("service", nargs="?", metavar="SERVICE", help=services)
    followed.add_argument(
        "query", nargs="?", metavar="QUERY", help="in the service's language; the path of files"
    )
    followed.add_argument("--since", metavar="DAY", help="first day (default: 30 days ago)")
    followed.add_argument(
        "--limit", type=int, default=1000, metavar="N", help="most papers of one update"
    )
    followed.set_defaults(run=_follow)
    unfollowed = commands.add_parser(
        "unfollow", help="follow a query no longer", description=_UNFOLLOW
    )
    unfollowed.add_argument("folder", metavar="FOLDER", help="a collection folder")
    unfollowed.add_argument("service", metavar="SERVICE", help="as `follow FOLDER` lists it")
    unfollowed.add_argument(
        "query", nargs="?", metavar="QUERY", help="as `follow FOLDER` lists it, in quotes"
    )
    unfollowed.set_defaults(run=_unfollow)
    return parser


def _update(asked: argparse.Namespace) -> int:
    if not Path(asked.folder).exists():
        raise DataError(
            "there is no such folder",
            source=asked.folder,
            hint=f"Make one that follows a query: python -m toolkit follow {asked.folder} arxiv "
            "cat:cs.DL",
        )
    silent = io.StringIO() if asked.quiet else sys.stderr
    with contextlib.redirect_stderr(silent):  # progress bars, waits, what a call may cost
        outcome = run_update(
            asked.folder,
            today=asked.today,
            overlap=asked.overlap,
            check_links=asked.check_links,
            basket=asked.basket,
            tell=(lambda line: None) if asked.quiet else _print,
        )
    for one in outcome.failed:
        _complain(one)
    return 1 if outcome.failed else 0


def _follow(asked: argparse.Namespace) -> int:
    table = follow(asked.folder, asked.service, asked.query, since=asked.since, limit=asked.limit)
    _list(table)
    return 0


def _unfollow(asked: argparse.Namespace) -> int:
    _list(unfollow(asked.folder, asked.service, asked.query))
    return 0


def _list(queries: pd.DataFrame) -> None:
    for row in queries.to_dict("records"):
        name = row["service"] if pd.isna(row["query"]) else f"{row['service']}: {row['query']}"
        until = "never" if pd.isna(row["until"]) else row["until"]
        _print(f"{name} (since {row['since']}, last answered: {until}, limit {row['limit']})")
    if queries.empty:
        _print("no query is followed")


def _print(line: str) -> None:
    print(one_line(line), flush=True)


def _complain(line: object) -> None:
    # Also where stderr is kept silent; control characters stay out of the terminal.
    print(f"toolkit: {one_line(line)}", file=sys.__stderr__)


def _show(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Show a warning as one line, without the place in the code."""
    _complain(message)
