"""Keys of a service: sent to it, shown nowhere."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import quote, quote_plus, urlencode

from toolkit.errors import DataError

#: The loggers that tell of requests and headers.
_LOGGERS = ("httpx", "httpcore.http11", "httpcore.connection", "httpcore.http2")
#: A shorter word is no key, and may be a part of any answer.
_SHORTEST = 6


class Keys:
    """Keys in the headers and the query of requests.

    Parameters
    ----------
    headers, params : mapping of str to str or None
        By name.

    Raises
    ------
    DataError
        A key that cannot be sent; it is not shown.
    """

    def __init__(self, headers: Mapping[str, str] | None, params: Mapping[str, str] | None) -> None:
        self.headers, self._params = dict(headers or {}), dict(params or {})
        for value in (*self.headers.values(), *self._params.values()):
            if not value or not value.isascii() or not value.isprintable():
                raise DataError("a key that cannot be sent", hint="It may be cut off, or mistyped")
        words = {
            word for value in self.headers.values() for word in (value, value.split(maxsplit=1)[-1])
        }
        words |= set(self._params.values())
        # Longest first: a key may be part of another.
        shapes = {shape for word in words for shape in _shapes(word)}
        self._words = sorted(shapes, key=len, reverse=True)

    def __repr__(self) -> str:
        return "[keys]"

    def added_to(self, url: str) -> str:
        """Return a URL with a query, and the keys at its end."""
        return f"{url}&{urlencode(self._params)}" if self._params else url

    def hidden(self, text: str, *, least: int = 1) -> str:
        """Return a text with ``[key]`` in place of each key of at least so many characters."""
        for word in self._words:
            text = text.replace(word, "[key]") if len(word) >= least else text
        return text

    def hidden_in_answer(self, text: str) -> str:
        """Return an answer without the keys that a service repeats: it is cached and read."""
        return self.hidden(text, least=_SHORTEST)

    @contextmanager
    def kept_out_of_logs(self) -> Iterator[None]:
        """Hide the keys in the lines that httpx logs for each request."""

        def hide(record: logging.LogRecord) -> bool:
            said = record.getMessage()
            if (safe := self.hidden(said)) != said:
                record.msg, record.args = safe, ()
            return True

        loggers = [logging.getLogger(name) for name in _LOGGERS] if self._words else []
        for logger in loggers:
            logger.addFilter(hide)
        try:
            yield
        finally:
            for logger in loggers:
                logger.removeFilter(hide)


def _shapes(word: str) -> set[str]:
    """Return a key as it may stand in messages, addresses and JSON."""
    in_urls = {quote(word), quote(word, safe=""), quote_plus(word)}
    in_urls |= {re.sub("%..", lambda part: part[0].lower(), one) for one in in_urls}
    in_json = json.dumps(word)[1:-1]
    return {word, *in_urls, in_json, in_json.replace("/", "\\/")}
