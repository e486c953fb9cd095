"""Articles and their revisions: what waits to be read, what is known, what is new."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from pipeline.records import RevisionKind, TextBasis
from pipeline.store.database import Connection
from pipeline.store.queries import get_query
from pipeline.store.staging import stage_rows


@dataclass(frozen=True, slots=True)
class CurrentState:
    """The newest revision of an article that an address leads to."""

    article_id: int | None
    canonical_url: str
    status: str
    revision_number: int
    headline: str
    body: str
    kind: str
    extractor_version: str
    text_basis: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class WirePart:
    """One piece of wire grammar, as it is stored."""

    kind: str
    text_part: str
    start: int
    end: int
    words: str
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class NewRevision:
    """A revision to store, with the article it belongs to (made where it is new)."""

    canonical_url: str
    met_urls: tuple[str, ...]
    outlet_id: int
    agency_id: int | None
    feed_key: str
    first_published_at: datetime
    revision_number: int
    kind: RevisionKind
    text_basis: TextBasis
    headline: str
    body: str
    authors: tuple[str, ...]
    section: str | None
    keywords: tuple[str, ...]
    language: str | None
    tags: tuple[str, ...]
    slug: str | None
    changes: tuple[str, ...]
    embargo_until: datetime | None
    published_at: datetime
    modified_at: datetime | None
    seen_at: datetime
    is_trivial: bool
    content_sha256: bytes
    source_sha256: bytes
    extractor_version: str
    fetch_id: int | None
    entry_id: int | None
    wire_parts: tuple[WirePart, ...] = ()
    #: False for the same published state, extracted anew
    is_publication: bool = True


_ARTICLE = {
    "canonical_url": "text", "outlet_id": "int4", "agency_id": "int4", "feed_key": "text", "language": "text",
    "first_published_at": "timestamptz", "first_seen_at": "timestamptz", "load_batch_id": "int8",
}  # fmt: skip
_REVISION = {
    "canonical_url": "text", "revision_number": "int4", "kind": "text", "text_basis": "text", "headline": "text",
    "body": "text", "authors": "text[]", "section": "text", "keywords": "text[]", "language": "text", "tags": "text[]",
    "slug": "text", "changes": "text[]", "embargo_until": "timestamptz", "published_at": "timestamptz",
    "modified_at": "timestamptz", "seen_at": "timestamptz", "is_trivial": "boolean", "content_sha256": "bytea",
    "source_sha256": "bytea", "extractor_version": "text", "fetch_id": "int8", "entry_id": "int8",
}  # fmt: skip
_WIRE_PART = {
    "canonical_url": "text", "revision_number": "int4", "extractor_version": "text", "position": "int2", "kind": "text",
    "text_part": "text", "span_start": "int4", "span_end": "int4", "words": "text", "detail": "jsonb",
}  # fmt: skip


def list_unread_visits(connection: Connection, limit: int) -> list[dict[str, Any]]:
    """Visits whose text waits to be read, oldest first, locked until the transaction ends."""
    return connection.execute(get_query("list_unread_visits"), {"limit": limit}).fetchall()


def list_current_states(connection: Connection, urls: Sequence[str]) -> dict[str, CurrentState]:
    """What is known at these normalised addresses, by address."""
    rows = connection.execute(get_query("list_current_states"), {"urls": list(urls)}).fetchall()
    return {
        str(row["met_url"]): CurrentState(
            article_id=row["article_id"], canonical_url=row["canonical_url"], status=row["status"],
            revision_number=row["revision_number"] or 0, headline=row["headline"] or "", body=row["body"] or "",
            kind=row["kind"] or "original", extractor_version=row["extractor_version"] or "",
            text_basis=row["text_basis"] or "page", published_at=row["published_at"],
        )
        for row in rows
    }  # fmt: skip


def get_revision_source(connection: Connection, article_id: int) -> dict[str, Any]:
    """The current revision of an article with where its text came from, as a row of `list_unread_visits`."""
    row = connection.execute(get_query("get_revision_source"), {"article_id": article_id}).fetchone()
    assert row is not None
    return row


def list_older_extractions(connection: Connection, values: Mapping[str, object]) -> list[dict[str, Any]]:
    """Articles after an id whose current state another extractor read, with one of their addresses each."""
    return connection.execute(get_query("list_older_extractions"), values).fetchall()


def are_redacted(connection: Connection, urls: Sequence[str]) -> bool:
    """Whether one of these addresses was redacted: its text is not to be stored again."""
    return bool(list_redacted(connection, urls))


def list_redacted(connection: Connection, urls: Sequence[str]) -> set[str]:
    """Those of these normalised addresses that were redacted."""
    return {
        str(row["url"]) for row in connection.execute(get_query("list_redacted_urls"), {"urls": list(urls)}).fetchall()
    }


def reopen_redactions(connection: Connection, urls: Iterable[str]) -> None:
    """Have the archive rewritten once more, inside the caller's transaction: their text came again."""
    connection.execute(get_query("reopen_redactions"), {"urls": sorted(urls)})


def get_feed_rows(connection: Connection, feed_keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Outlet, agency and rights of feeds, by feed key."""
    rows = connection.execute(get_query("list_feed_rows"), {"feed_keys": list(feed_keys)}).fetchall()
    return {str(row["feed_key"]): row for row in rows}


def list_agencies(connection: Connection) -> list[tuple[int, str, str]]:
    """(id, key, name) of every agency."""
    rows = connection.execute(get_query("list_agencies")).fetchall()
    return [(row["agency_id"], row["agency_key"], row["name"]) for row in rows]


def add_agency(connection: Connection, key: str, name: str) -> int:
    """An agency met for the first time; returns its id."""
    row = connection.execute(get_query("insert_agency"), {"agency_key": key, "name": name}).fetchone()
    assert row is not None
    return int(row["agency_id"])


def add_revisions(connection: Connection, revisions: Sequence[NewRevision], load_batch_id: int) -> list[int]:
    """Store revisions with articles, addresses and wire parts, inside the caller's transaction.

    Returns the ids of the articles whose current revision changed; their claims are listed anew.
    """
    stage_rows(connection, "new_article", _ARTICLE, (
        [r.canonical_url, r.outlet_id, r.agency_id, r.feed_key, r.language, r.first_published_at, r.seen_at, load_batch_id]
        for r in revisions if r.revision_number == 1 and r.is_publication
    ))  # fmt: skip
    stage_rows(connection, "new_article_url", {"url": "text", "canonical_url": "text"}, (
        [url, r.canonical_url] for r in revisions for url in r.met_urls
    ))  # fmt: skip
    stage_rows(connection, "new_revision", {**_REVISION, "load_batch_id": "int8"}, (
        [_field(r, column) for column in _REVISION] + [load_batch_id] for r in revisions
    ))  # fmt: skip
    stage_rows(connection, "new_wire_part", _WIRE_PART, (
        [r.canonical_url, r.revision_number, r.extractor_version, n, p.kind, p.text_part, p.start, p.end, p.words,
         Jsonb(dict(p.detail))]
        for r in revisions for n, p in enumerate(r.wire_parts)
    ))  # fmt: skip
    for name in ("insert_stories", "insert_articles", "insert_article_urls", "insert_revisions", "insert_wire_parts",
                 "retire_older_extractions"):  # fmt: skip
        connection.execute(get_query(name))
    urls = sorted({r.canonical_url for r in revisions})
    rows = connection.execute(get_query("set_current_revisions"), {"urls": urls}).fetchall()
    article_ids = [int(row["article_id"]) for row in rows]
    connection.execute(get_query("list_claims_of_articles"), {"article_ids": article_ids})
    connection.execute(
        get_query("schedule_rechecks"),
        {
            "urls": [
                r.canonical_url
                for r in revisions
                if r.revision_number == 1 and r.is_publication and r.text_basis == "page"
            ]
        },
    )
    return article_ids


def finish_visits(connection: Connection, ends: Iterable[tuple[int, str, str | None]]) -> None:
    """Close visits: (id, status ``done`` or ``failed``, detail), inside the caller's transaction."""
    stage_rows(connection, "new_visit_end", {"page_visit_id": "int8", "status": "text", "detail": "text"}, ends)
    connection.execute(get_query("finish_visits"))


def _field(revision: NewRevision, column: str) -> object:
    value = getattr(revision, column)
    return list(value) if isinstance(value, tuple) else value
