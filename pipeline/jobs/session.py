"""What every job opens: the database, held in use, with one connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from pipeline.settings import Settings, get_settings
from pipeline.store.database import Connection, connect, serving


@contextmanager
def open_store(settings: Settings | None = None) -> Iterator[Connection]:
    """A connection of the owner's; the embedded server is held for as long."""
    with serving(settings or get_settings()) as url, connect(url) as connection:
        yield connection


def utc_now() -> datetime:
    """The clock, read once at a job's border and passed on."""
    return datetime.now(UTC)
