"""Registry rows, poll states, alarms, feed health."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

from pipeline.records import FeedSpec, FeedState, PollDecision
from pipeline.store.database import Connection
from pipeline.store.queries import get_query
from pipeline.store.staging import stage_rows

_COLUMNS = {
    "feed_key": "text", "service_key": "text", "service_name": "text", "service_kind": "text", "homepage": "text",
    "agency_key": "text", "url": "text", "title": "text", "language": "text", "terms_url": "text", "checked_on": "date",
    "may_store_text": "boolean", "retention_days": "int4",
}  # fmt: skip


def save_registry(connection: Connection, feeds: Iterable[FeedSpec]) -> None:
    """Make outlets, agencies and feeds as the registry has them, inside the caller's transaction."""
    rows = ([getattr(f, c) for c in _COLUMNS] for f in feeds)
    stage_rows(connection, "new_feed", _COLUMNS, rows)
    for name in ("upsert_outlets", "upsert_agencies", "upsert_feeds"):
        connection.execute(get_query(name))


def list_states(connection: Connection, feed_keys: Sequence[str]) -> dict[str, FeedState]:
    """What is remembered of these feeds; a fresh state for a new one."""
    rows = connection.execute(get_query("list_feed_states"), {"feed_keys": list(feed_keys)}).fetchall()
    known = {str(row["feed_key"]): FeedState(**row) for row in rows}
    return {key: known.get(key, FeedState(key)) for key in feed_keys}


def save_state(
    connection: Connection, state: FeedState, outcome: str, detail: str | None, ok_at: datetime | None
) -> None:
    """Remember a feed's state after a poll, inside the caller's transaction."""
    values = {**asdict(state), "last_outcome": outcome, "last_detail": detail or None, "last_ok_at": ok_at}
    connection.execute(get_query("upsert_feed_state"), values)


def save_alarms(connection: Connection, feed_key: str, decision: PollDecision, now: datetime) -> None:
    """Open the alarms that stand and clear the others, inside the caller's transaction."""
    standing = [alarm.split(":", 1)[0] for alarm in decision.alarms]
    connection.execute(get_query("clear_alarms"), {"feed_key": feed_key, "now": now, "standing": standing})
    for alarm in decision.alarms:
        kind, _, detail = alarm.partition(":")
        values = {"feed_key": feed_key, "kind": kind, "detail": detail.strip() or None, "noted_at": now}
        connection.execute(get_query("open_alarm"), values)
