"""The budget of a registrable domain, held by the database: over feeds and pages, processes and machines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.collect.pacing import DomainLoad
from pipeline.store.database import Connection, transaction
from pipeline.store.queries import get_query


@contextmanager
def holding_domain(connection: Connection, domain: str) -> Iterator[DomainLoad]:
    """Wait for a domain's turn and hold it: whoever else wants to ask it anything waits for the end of the block.

    The lock is a row's, so a killed process lets it go. ``connection`` may not be inside a transaction.
    """
    with transaction(connection):
        connection.execute(get_query("ensure_domain"), {"domain": domain})
    with transaction(connection):
        row = connection.execute(get_query("lock_domain"), {"domain": domain}).fetchone()
        connection.execute("set local idle_in_transaction_session_timeout = 0")
        yield DomainLoad(0, row["last_start_s"], row["blocked_until_s"]) if row else DomainLoad()


def read_clock(connection: Connection) -> float:
    """The database's clock, in seconds since 1970: the one clock that all workers share."""
    row = connection.execute(get_query("get_clock")).fetchone()
    assert row is not None
    return float(row["now_s"])


def note_domain(connection: Connection, domain: str, load: DomainLoad) -> None:
    """Write what a domain bears; later times stand."""
    values = {"domain": domain, "last_start_s": load.last_start_s, "blocked_until_s": load.blocked_until_s}
    connection.execute(get_query("note_domain"), values)
