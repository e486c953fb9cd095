"""Structured logs: one event a line, with the ids that it concerns (run, feed, article, revision, visit).

::

    with logs.bound(run=12, feed="halcyon-top"):
        logs.note("polled", outcome="ok", entries=30)

gives ``{"at": "…", "level": "info", "event": "polled", "run": 12, "feed": "halcyon-top", "outcome": "ok", "entries": 30}`` under
``configure(is_json=True)``, and ``polled run=12 feed=halcyon-top outcome=ok entries=30`` in the log of an Airflow task, which
keeps a record's text alone. Ids travel with the context: what is called inside knows them without passing them on.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO

Value = str | int | float | bool | None

_LOGGER = logging.getLogger("wire")
_BOUND: ContextVar[dict[str, Value] | None] = ContextVar("wire_log_ids", default=None)


@contextmanager
def bound(**ids: Value) -> Iterator[None]:
    """Add ids to every event inside the block; an inner block may add more or replace."""
    token = _BOUND.set({**(_BOUND.get() or {}), **ids})
    try:
        yield
    finally:
        _BOUND.reset(token)


def note(event: str, level: int = logging.INFO, **fields: Value) -> None:
    """Log one event with the bound ids. Never a text of an article, never an address with a password."""
    if _LOGGER.isEnabledFor(level):
        everything = {**(_BOUND.get() or {}), **fields}
        _LOGGER.log(level, _write_plain(event, everything), extra={"wire_event": event, "wire_fields": everything})


class JsonFormatter(logging.Formatter):
    """A record as one JSON object on one line; records of other loggers as event alone."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": getattr(record, "wire_event", None) or record.getMessage(),
            **getattr(record, "wire_fields", {}),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configure(stream: TextIO, is_json: bool) -> None:
    """Send events to a stream, for processes that Airflow does not log for; called twice, it replaces."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter() if is_json else logging.Formatter("%(message)s"))
    _LOGGER.handlers[:] = [handler]
    _LOGGER.setLevel(logging.INFO)
    _LOGGER.propagate = False


def _write_plain(event: str, fields: dict[str, Value]) -> str:
    words = (f"{name}={json.dumps(value) if _is_odd(value) else value}" for name, value in fields.items())
    return " ".join([event, *words])


def _is_odd(value: Value) -> bool:
    return isinstance(value, str) and (not value or any(c.isspace() or c in '"=' for c in value))
