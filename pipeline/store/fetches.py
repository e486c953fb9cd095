"""Fetches, feed entries, page visits."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.collect.entrykeys import WORDS_LENGTH, EntryNames, SeenEntry, find_place
from pipeline.collect.identity import MAX_ADDRESS_LENGTH, normalise_url
from pipeline.errors import SettingsError
from pipeline.records import ArchivePointer, FeedEntry, FetchResult
from pipeline.store.database import Connection
from pipeline.store.queries import get_query
from pipeline.store.staging import stage_rows

_ENTRY = {
    "feed_key": "text", "entry_key": "text", "content_sha256": "bytea", "guid": "text", "url": "text", "address": "text",
    "title": "text", "summary": "text", "content": "text", "authors": "text[]", "categories": "text[]",
    "published_at": "timestamptz", "updated_at": "timestamptz", "seen_at": "timestamptz", "fetch_id": "int8",
    "load_batch_id": "int8",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Visit:
    """A page to fetch or to read."""

    page_visit_id: int
    url: str
    feed_key: str
    entry_id: int | None
    article_id: int | None
    reason: str
    try_count: int


def add_fetch(
    connection: Connection,
    kind: str,
    feed_key: str | None,
    result: FetchResult,
    pointer: ArchivePointer | None,
    load_batch_id: int,
) -> int:
    """Write a fetch inside the caller's transaction; returns its id (the known one when replayed). Raises
    :class:`SettingsError` where the database knows another response at this place of the archive."""
    body = result.body
    values = {
        "kind": kind, "feed_key": feed_key, "request_url": result.request_url, "final_url": result.final_url,
        "permanent_url": result.permanent_url, "fetched_at": result.fetched_at, "elapsed_s": result.elapsed_s,
        "outcome": result.outcome, "status": result.status, "content_type": result.header("content-type"),
        "etag": result.header("etag"), "last_modified": result.header("last-modified"),
        "body_sha256": hashlib.sha256(body).digest() if body is not None else None,
        "body_bytes": len(body) if body is not None else None, "detail": result.detail[:500] or None,
        "archive_file": pointer.file if pointer else None, "archive_offset": pointer.offset if pointer else None,
        "archive_length": pointer.length if pointer else None, "load_batch_id": load_batch_id,
    }  # fmt: skip
    values = {k: v.replace("\x00", "") if isinstance(v, str) else v for k, v in values.items()}
    row = connection.execute(get_query("insert_fetch"), values).fetchone()
    if row is None:
        place = f"{pointer.file} at {pointer.offset}" if pointer else ""
        raise SettingsError(
            f"the archive is not the one that this database was filled from ({place} held another response): "
            "set ARCHIVE_URL to that one, or begin with an empty database and `wire replay`"
        )
    return int(row["fetch_id"])


def hash_entry(entry: FeedEntry) -> bytes:
    """Hash of all that a publisher may change in an entry; another spelling of its address is no change."""
    times = [t.isoformat() if t else "" for t in (entry.published_at, entry.updated_at)]
    parts = [normalise_url(entry.url) if entry.url else "", entry.title, entry.summary, entry.content, *times]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest()


def _blank(entry: FeedEntry) -> FeedEntry:
    return FeedEntry(None, entry.url, "", "", "", (), entry.published_at, entry.updated_at)


def recall_entries(connection: Connection, feed_key: str, names: EntryNames) -> list[SeenEntry]:
    """What the feed has shown before under one of these names."""
    values = {
        "feed_key": feed_key, "entry_keys": _sort(names.keys), "addresses": _sort(names.addresses),
        "guids": [guid for guid in _sort(names.guids) if len(guid.encode()) <= MAX_ADDRESS_LENGTH],
        "words_length": WORDS_LENGTH,
    }  # fmt: skip
    return [
        SeenEntry(
            row["entry_key"], frozenset(row["addresses"]), frozenset(guid.strip() for guid in row["guids"]),
            row["words"], row["published_at"],
        )
        for row in connection.execute(get_query("recall_entries"), values).fetchall()
    ]  # fmt: skip


def _sort(names: Iterable[str]) -> list[str]:
    return sorted(filter(None, map(_clean, names)))


def list_known_keys(connection: Connection, feed_key: str, keys: Sequence[str]) -> set[str]:
    """Those of these entry keys that the feed has shown before."""
    values = {"feed_key": feed_key, "entry_keys": list(keys)}
    return {str(row["entry_key"]) for row in connection.execute(get_query("list_known_entry_keys"), values).fetchall()}


def add_entries(
    connection: Connection,
    feed_key: str,
    entries: Mapping[str, FeedEntry],
    fetch_id: int,
    seen_at: datetime,
    load_batch_id: int,
    blanked: Collection[str] = (),
) -> tuple[set[str], dict[str, int]]:
    """Write new states of entries inside the caller's transaction; of those ``blanked`` only key and hash.

    Returns the entry keys that were known before, and the ids of the states that are new, by entry key.
    """
    known = list_known_keys(connection, feed_key, tuple(entries))
    staged = (
        [feed_key, key, hash_entry(given), _clean(e.guid), _clean(e.url), _clean(find_place(e)), _clean(e.title),
         _clean(e.summary), _clean(e.content), [_clean(a) for a in e.authors], [_clean(c) for c in e.categories], e.published_at,
         e.updated_at, seen_at, fetch_id, load_batch_id]
        for key, given in entries.items()
        for e in [_blank(given) if key in blanked else given]
    )  # fmt: skip
    stage_rows(connection, "new_entry", _ENTRY, staged)
    new = connection.execute(get_query("insert_entries")).fetchall()
    return known, {str(row["entry_key"]): int(row["entry_id"]) for row in new}


def add_visits(connection: Connection, visits: Sequence[tuple[int, str, str]]) -> None:
    """Queue pages: (entry id, normalised URL, status ``due`` or ``from_feed``), inside the caller's transaction."""
    stage_rows(connection, "new_visit", {"entry_id": "int8", "url": "text", "status": "text"}, visits)
    connection.execute(get_query("insert_visits"))


def list_due_visits(connection: Connection, feed_keys: Sequence[str], now: datetime, limit: int) -> list[Visit]:
    """Pages of these feeds that may be fetched now: what is new first, oldest first; rechecks fill what is left, and
    a quarter of ``limit`` at most."""
    values = {"feed_keys": list(feed_keys), "now": now, "limit": limit, "recheck_limit": max(1, limit // 4)}
    return [Visit(**row) for row in connection.execute(get_query("list_due_visits"), values).fetchall()]


def mark_visit(
    connection: Connection,
    page_visit_id: int,
    status: str,
    fetch_id: int | None = None,
    due_at: datetime | None = None,
    detail: str | None = None,
) -> None:
    """Set a visit's status inside the caller's transaction."""
    values = {
        "page_visit_id": page_visit_id, "status": status, "fetch_id": fetch_id, "due_at": due_at,
        "detail": detail[:500] if detail else None,
    }  # fmt: skip
    connection.execute(get_query("mark_visit"), values)


def put_off_visit(connection: Connection, page_visit_id: int, until_s: float) -> None:
    """Let a visit wait until a time (seconds since 1970) without counting a try, inside the caller's transaction."""
    connection.execute(get_query("put_off_visit"), {"page_visit_id": page_visit_id, "until_s": until_s})


def _clean(text: str | None) -> str | None:
    # Postgres text holds no NUL, UTF-8 no lone surrogates.
    if text is None:
        return None
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def find_open_visit(connection: Connection, url: str, at: datetime) -> Visit | None:
    """The oldest visit to this address that was due at that time, or None."""
    row = connection.execute(get_query("find_open_visit"), {"url": url, "at": at}).fetchone()
    return Visit(**row) if row else None


def add_manual_visit(connection: Connection, url: str, feed_key: str, at: datetime) -> Visit:
    """A visit that no entry led to, inside the caller's transaction."""
    row = connection.execute(get_query("insert_manual_visit"), {"url": url, "feed_key": feed_key, "at": at}).fetchone()
    assert row is not None
    return Visit(**row)
