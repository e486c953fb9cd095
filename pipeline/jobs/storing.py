"""What a poll and a page become in the database, whether they come from the network or from the archive."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta

from pipeline.collect.feedparse import parse_feed
from pipeline.collect.freshness import build_facts, build_poll_outcome
from pipeline.collect.identity import entry_keys
from pipeline.collect.outcomes import OUTCOMES
from pipeline.collect.polling import FeedFacts, decide_poll, decide_state
from pipeline.errors import FeedParseError
from pipeline.records import ArchivePointer, FeedEntry, FeedSpec, FeedState, FetchResult, ParsedFeed
from pipeline.store import feeds as feed_store
from pipeline.store import fetches, runs
from pipeline.store.database import Connection

PAGE_TRIES = 3
RETRY_AFTER = timedelta(minutes=15)


def store_page(
    connection: Connection, run_id: int, visit: fetches.Visit, result: FetchResult, pointer: ArchivePointer | None
) -> str:
    """Write what came of a page visit, inside the caller's transaction; returns its outcome. A page that may come
    later is put off, one that will not is given up."""
    batch = runs.start_batch(connection, run_id, "page")
    fetch_id = fetches.add_fetch(connection, "page", visit.feed_key, result, pointer, batch)
    if result.outcome == "ok" and result.body:
        fetches.mark_visit(connection, visit.page_visit_id, "fetched", fetch_id)
        return note_page(connection, run_id, visit, "fetched", None)
    reason = "empty" if result.outcome == "ok" else result.outcome
    may_pass = OUTCOMES.get(reason) == "temporary" and visit.try_count + 1 < PAGE_TRIES
    later = result.fetched_at + max(RETRY_AFTER, timedelta(seconds=result.retry_after_s or 0)) if may_pass else None
    status = "due" if may_pass else "failed"
    fetches.mark_visit(connection, visit.page_visit_id, status, fetch_id, later, result.detail or reason)
    return note_page(connection, run_id, visit, "put_off" if may_pass else "failed", reason, result.detail)


def note_page(
    connection: Connection,
    run_id: int,
    visit: fetches.Visit,
    status: str,
    reason: str | None,
    detail: str | None = None,
) -> str:
    """Count a page visit's outcome, inside the caller's transaction; returns it."""
    subject = f"visit {visit.page_visit_id}: {visit.url}"
    runs.add_outcomes(connection, run_id, [runs.Outcome("page", subject, status, visit.feed_key, reason, detail)])
    return status


def store_poll(
    connection: Connection,
    run_id: int,
    spec: FeedSpec,
    state: FeedState,
    result: FetchResult,
    pointer: ArchivePointer | None,
) -> None:
    """Write one poll with its entries, outcomes, state and alarms, inside the caller's transaction."""
    batch = runs.start_batch(connection, run_id, "poll")
    fetch_id = fetches.add_fetch(connection, "feed", spec.feed_key, result, pointer, batch)
    outcome, detail, facts = result.outcome, result.detail, None
    if result.outcome == "ok":
        try:
            facts = _store_entries(connection, run_id, spec, result, fetch_id, batch)
        except FeedParseError as error:
            outcome, detail = "unreadable", str(error)
            runs.add_quarantine(connection, "feed", spec.feed_key, error.reason, error.detail, fetch_id)
    now = result.fetched_at
    poll_outcome = build_poll_outcome(result, outcome)
    decision = decide_poll(state, poll_outcome, facts, now, random.random(), spec.poll_minutes)  # noqa: S311 (jitter)
    is_ok = outcome in ("ok", "not_modified")
    after = decide_state(state, decision, poll_outcome, facts, now)
    feed_store.save_state(connection, after, outcome, None if is_ok else detail, now if is_ok else None)
    feed_store.save_alarms(connection, spec.feed_key, decision, now)
    runs.add_outcomes(connection, run_id, [runs.Outcome("poll", spec.feed_key, outcome, spec.feed_key, None, detail)])


def _store_entries(
    connection: Connection, run_id: int, spec: FeedSpec, result: FetchResult, fetch_id: int, batch: int
) -> FeedFacts:
    parsed = parse_feed(result.body or b"", result.header("content-type"), result.final_url, result.fetched_at)
    keys = entry_keys(parsed)
    entries = _last_by_key(keys, parsed)
    known, new = fetches.add_entries(connection, spec.feed_key, entries, fetch_id, result.fetched_at, batch)
    visits = [(new[key], *_where_to_read(spec, entry)) for key, entry in entries.items() if key in new]
    fetches.add_visits(connection, [v for v in visits if v[2] != "nowhere"])
    outcomes = []
    for position, key in enumerate(keys):
        status = "known" if key not in new else "changed" if key in known else "new"
        if key in new and _where_to_read(spec, entries[key])[1] == "nowhere":
            status = "without_text"
        if key in keys[:position]:
            status = "duplicate"
        subject = f"{spec.feed_key} {key}" if status != "duplicate" else f"{spec.feed_key} {key} (entry {position})"
        outcomes.append(runs.Outcome("entry", subject, status, spec.feed_key))
    runs.add_outcomes(connection, run_id, outcomes)
    return build_facts(result, parsed, keys, known)


def _last_by_key(keys: Sequence[str], parsed: ParsedFeed) -> dict[str, FeedEntry]:
    """One entry a key: the first, as feeds list the newest first."""
    entries: dict[str, FeedEntry] = {}
    for key, entry in zip(keys, parsed.entries, strict=True):
        entries.setdefault(key, entry)
    return entries


def _where_to_read(spec: FeedSpec, entry: FeedEntry) -> tuple[str, str]:
    """Address and visit status of an entry: its page, or the text that the feed itself carries."""
    if entry.url and spec.follow_links:
        return entry.url, "due"
    if entry.content or entry.summary or entry.title:
        return entry.url or f"urn:wire:{spec.feed_key}:{entry.guid or entry.title}", "from_feed"
    return "", "nowhere"
