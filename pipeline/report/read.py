"""The database to a :class:`~pipeline.report.records.Ledger`, as the role that can only read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pipeline.report import records as r
from pipeline.report.cards import say_list
from pipeline.report.sentences import mark_sentence
from pipeline.store.database import Connection, transaction
from pipeline.store.queries import get_query

WINDOW = timedelta(days=3)
# Caps that keep the page under a few megabytes however much the wires dispute; mart has all of it.
LIMITS = {"limit": 400, "group_limit": 120, "member_limit": 1500}
Row = Mapping[str, Any]


def read_ledger(connection: Connection, now: datetime) -> r.Ledger:
    """Everything that the report shows, in one read-only transaction.

    The window ends with the newest claim, so that a base whose feeds have stopped still shows its last days.
    """
    with transaction(connection, "wire_reader"):
        totals = {name: int(count) for name, count in _rows(connection, "get_report_totals")[0].items()}
        feeds = tuple(_feed(row) for row in _rows(connection, "list_report_feeds"))
        quarantined = int(_rows(connection, "count_report_quarantine")[0]["broken_count"])
        to_at = _rows(connection, "find_report_newest", now=now)[0]["newest_at"]
        empty = r.Ledger(now, None, None, totals, feeds=feeds, quarantined=quarantined)
        return empty if to_at is None else _read_window(connection, empty, to_at - WINDOW, to_at)


def _read_window(connection: Connection, ledger: r.Ledger, from_at: datetime, to_at: datetime) -> r.Ledger:
    window = {"from_at": from_at, "to_at": to_at}
    statements = _read_statements(connection, window)
    claim_ids = [statement.claim_id for statement in statements]
    links = _rows(connection, "list_report_links", claim_ids=claim_ids)
    members = _rows(connection, "list_report_members", claim_ids=claim_ids)
    return replace(
        ledger,
        from_at=min((s.first_published_at for s in statements), default=from_at),
        to_at=to_at,
        statements=statements,
        links=tuple(r.Link(row["from_claim_id"], row["to_claim_id"], row["relation"]) for row in links),
        memberships=tuple(
            r.Membership(row["claim_group_id"], row["title"], row["is_contested"], row["stance"], row["claim_id"])
            for row in members
        ),
        changes=_read_changes(connection),
        speakers=tuple(_speaker(row) for row in _rows(connection, "list_report_speakers", **window)),
        bars=tuple(
            r.Bar(row["at"], row["stance"], int(row["claim_count"]))
            for row in _rows(connection, "list_report_hours", grain="hour", **window)
        ),
    )


def _rows(connection: Connection, name: str, **parameters: object) -> list[dict[str, Any]]:
    return connection.execute(get_query(name), parameters).fetchall()


def _read_statements(connection: Connection, window: Mapping[str, datetime]) -> tuple[r.Statement, ...]:
    wanted = [row["claim_id"] for row in _rows(connection, "list_report_claims", **LIMITS, **window)]
    rows = _rows(connection, "list_report_statements", claim_ids=wanted)
    sentences = _read_sentences(connection, rows)
    copies = _read_copies(connection, [row["article_id"] for row in rows])
    return tuple(_statement(row, sentences.get(row["claim_id"], ()), copies.get(row["article_id"], ())) for row in rows)


def _statement(row: Row, sentence: tuple[r.Piece, ...], copies: tuple[r.Place, ...]) -> r.Statement:
    return r.Statement(
        claim_id=row["claim_id"],
        act=row["act"],
        polarity=row["polarity"],
        certainty=row["certainty"],
        speakers=tuple(row["source_names"] or ()),
        parties=tuple(row["party_names"] or ()),
        kinds=tuple(row["source_kinds"] or ()),
        plain_text=row["plain_text"],
        content_words=row["content_words"] or "",
        stated_by_at=row["stated_by_at"],
        first_published_at=row["first_published_at"],
        agency=row["agency_name"],
        place=_place(row),
        story_id=row["story_id"],
        article_id=row["article_id"],
        revision_id=row["article_revision_id"],
        thread_id=row["claim_thread_id"],
        parent_id=row["parent_claim_id"],
        parent_kind=row["parent_kind"],
        sentence=sentence,
        copies=copies,
    )


def _place(row: Row) -> r.Place:
    return r.Place(row["outlet_name"], row["canonical_url"], row["headline"] or "")


def _read_sentences(connection: Connection, rows: Sequence[Row]) -> dict[int, tuple[r.Piece, ...]]:
    revision_of = {row["claim_id"]: row["article_revision_id"] for row in rows}
    texts = {
        row["article_revision_id"]: row
        for row in _rows(connection, "list_report_texts", revision_ids=list(set(revision_of.values())))
    }
    spans: dict[int, list[Row]] = defaultdict(list)
    for row in _rows(connection, "list_report_spans", claim_ids=list(revision_of)):
        spans[row["claim_id"]].append(row)
    sentences = {}
    for claim_id, parts in spans.items():
        text_part = _main_text_part(parts)
        marks = [(p["span_start"], p["span_end"], p["part"]) for p in parts if p["text_part"] == text_part]
        text = texts[revision_of[claim_id]]
        body_start = (text["dateline_end"] or 0) if text_part == "body" else 0
        sentences[claim_id] = mark_sentence(text[text_part], marks, body_start)
    return sentences


def _main_text_part(parts: Sequence[Row]) -> str:
    """Where the claim stands: where its cue does, else where its first span does."""
    cues = [part["text_part"] for part in parts if part["part"] == "cue"]
    return str((cues or [part["text_part"] for part in parts])[0])


def _read_copies(connection: Connection, article_ids: Sequence[int]) -> dict[int, tuple[r.Place, ...]]:
    places: dict[int, list[r.Place]] = defaultdict(list)
    for row in _rows(connection, "list_report_copies", article_ids=list(set(article_ids))):
        places[row["article_id"]].append(_place(row))
    return {article_id: tuple(found) for article_id, found in places.items()}


def _read_changes(connection: Connection) -> r.Changes:
    since = _rows(connection, "find_report_since")[0]
    rows = _rows(connection, "list_report_revisions", since_at=since["since_at"])
    copies = _read_copies(connection, [row["article_id"] for row in rows])
    revisions = [(row, _revision(row, copies.get(row["article_id"], ()))) for row in rows]
    return r.Changes(
        since_at=since["since_at"],
        loaded_at=since["last_loaded_at"],
        fresh=tuple(
            v for row, v in revisions if row["revision_number"] == 1 and v.kind not in {"correction", "withdrawn"}
        ),
        updated=tuple(
            v for row, v in revisions if row["revision_number"] > 1 and v.kind in {"original", "update", "repeat"}
        ),
        corrected=tuple(v for _, v in revisions if v.kind in {"correction", "refile"}),
        withdrawn=tuple(v for _, v in revisions if v.kind == "withdrawn"),
        claims=tuple(
            _claim_change(row) for row in _rows(connection, "list_report_claim_changes", since_at=since["since_at"])
        ),
    )


def _claim_change(row: Row) -> r.ClaimChange:
    return r.ClaimChange(
        kind=row["kind"],
        what=row["what"] or "",
        speaker=say_list(row["source_names"] or ()),
        before=row["from_text"] or "",
        after=row["to_text"] or "",
        changed_at=row["changed_at"],
        place=_place(row),
    )


def _revision(row: Row, carried_by: tuple[r.Place, ...]) -> r.Revision:
    return r.Revision(
        kind=row["kind"],
        number=row["revision_number"],
        place=_place(row),
        agency=row["agency_name"],
        published_at=row["published_at"],
        notes=tuple(row["changes"]),
        claim_count=int(row["claim_count"]),
        doubt_count=int(row["doubt_count"]),
        is_copy=row["copy_of_article_id"] is not None,
        carried_by=carried_by,
    )


def _feed(row: Row) -> r.FeedLine:
    return r.FeedLine(
        key=row["feed_key"],
        outlet=row["outlet_name"],
        health=row["health"],
        outcome=row["last_outcome"] or "",
        detail=row["last_detail"] or "",
        alarms=tuple(row["alarms"] or ()),
        polled_at=row["polled_at"],
        last_ok_at=row["last_ok_at"],
        newest_entry_at=row["newest_entry_at"],
        entry_count=int(row["entry_count"]),
        article_count=int(row["article_count"]),
    )


def _speaker(row: Row) -> r.SpeakerLine:
    return r.SpeakerLine(
        name=row["name"],
        parties=tuple(row["party_names"] or ()),
        claims=int(row["claim_count"]),
        denials=int(row["deny_count"]),
        not_confirmed=int(row["not_confirm_count"]),
        silent=int(row["silent_count"]),
        articles=int(row["article_count"]),
        last_at=row["last_at"],
    )
