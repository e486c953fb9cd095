"""Delivered files: what came of each story in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pipeline.collect.drop import DropDecision, DropMark, DropState, DropStory
from pipeline.store.database import Connection
from pipeline.store.queries import get_query


def find_published(connection: Connection, feed_key: str, guid: str, canonical_url: str) -> DropState | None:
    """The last state of a story that was published."""
    values = {"feed_key": feed_key, "guid": guid, "canonical_url": canonical_url}
    row = connection.execute(get_query("find_published_delivery"), values).fetchone()
    return DropState(**row) if row else None


def find_newest(connection: Connection, feed_key: str, guid: str) -> DropMark | None:
    """The newest version of a story that was delivered, whatever was done with it."""
    row = connection.execute(get_query("find_newest_delivery"), {"feed_key": feed_key, "guid": guid}).fetchone()
    return DropMark(**row) if row else None


def add_delivery(
    connection: Connection,
    feed_key: str,
    story: DropStory,
    decision: DropDecision,
    place: tuple[int, int],
    seen_at: datetime,
    load_batch_id: int,
) -> None:
    """Write what was done with a story, inside the caller's transaction; ``place``: fetch id and position in the file."""
    values = {
        "feed_key": feed_key, "guid": story.guid, "version": story.version, "pubstatus": story.status,
        "format": story.format, "versioned_at": story.versioned_at, "seen_at": seen_at, "fetch_id": place[0],
        "position": place[1], "action": decision.action, "reason": decision.reason, "hold_until": decision.hold_until,
        "load_batch_id": load_batch_id,
    }  # fmt: skip
    connection.execute(get_query("insert_delivery"), values)


def is_delivered(connection: Connection, url: str) -> bool:
    """Whether this file, with these bytes, was taken before."""
    return connection.execute(get_query("is_delivered"), {"url": url}).fetchone() is not None


def list_ended_holds(connection: Connection, until: datetime) -> list[dict[str, Any]]:
    """Held stories whose embargo has ended, oldest end first, locked; ``is_newest``: no newer version has come."""
    return connection.execute(get_query("list_ended_holds"), {"until": until}).fetchall()


def end_hold(connection: Connection, delivery_id: int, decision: DropDecision) -> None:
    """Write what became of a held story, inside the caller's transaction."""
    values = {
        "delivery_id": delivery_id, "action": decision.action, "reason": decision.reason,
        "hold_until": decision.hold_until,
    }  # fmt: skip
    connection.execute(get_query("end_hold"), values)


def list_failed(connection: Connection) -> list[dict[str, Any]]:
    """Delivered files in quarantine, with where their bytes lie."""
    return connection.execute(get_query("list_failed_deliveries")).fetchall()
