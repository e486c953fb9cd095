"""What a poll and a page become in the database, whether they come from the network or from the archive."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from pipeline.collect.entrykeys import find_first_place, has_text, is_sole, name_text
from pipeline.collect.identity import find_address, is_front_page, normalise_url
from pipeline.collect.outcomes import OUTCOMES
from pipeline.collect.poll import PollReport, read_poll
from pipeline.jobs.revising import list_addresses
from pipeline.records import ArchivePointer, FeedEntry, FeedSpec, FetchResult, ParsedFeed
from pipeline.store import articles, fetches, runs
from pipeline.store import feeds as feed_store
from pipeline.store.database import Connection

PAGE_TRIES = 3
RETRY_AFTER = timedelta(minutes=15)
#: what a Retry-After may put a page off by
RETRY_CAP_S = 7 * 86_400.0


def store_page(
    connection: Connection, run_id: int, visit: fetches.Visit, result: FetchResult, pointer: ArchivePointer | None
) -> str:
    """Write what came of a page visit, inside the caller's transaction; returns its outcome. A page that may come
    later is put off, one that will not is given up."""
    batch = runs.start_batch(connection, run_id, "page")
    fetch_id = fetches.add_fetch(connection, "page", visit.feed_key, result, pointer, batch)
    if result.outcome == "ok" and result.body:
        fetches.mark_visit(connection, visit.page_visit_id, "fetched", fetch_id)
        return _note_page(connection, batch, visit, "fetched", None)
    reason = "empty" if result.outcome == "ok" else result.outcome
    may_pass = OUTCOMES.get(reason) == "temporary" and visit.try_count + 1 < PAGE_TRIES
    asked = timedelta(seconds=min(result.retry_after_s or 0.0, RETRY_CAP_S))
    later = result.fetched_at + max(RETRY_AFTER, asked) if may_pass else None
    status = "due" if may_pass else "failed"
    fetches.mark_visit(connection, visit.page_visit_id, status, fetch_id, later, result.detail or reason)
    return _note_page(connection, batch, visit, "put_off" if may_pass else "failed", reason, result.detail)


def refuse_page(connection: Connection, run_id: int, visit: fetches.Visit, reason: str, now: datetime) -> None:
    """Write that robots.txt forbids a page, inside the caller's transaction; where it could not be read, the visit is
    tried again."""
    batch = runs.start_batch(connection, run_id, "page")
    is_final = reason == "disallowed" or visit.try_count + 1 >= PAGE_TRIES
    later, why = None if is_final else now + RETRY_AFTER, f"robots_{reason}"
    fetches.mark_visit(connection, visit.page_visit_id, "failed" if is_final else "due", None, later, why)
    _note_page(connection, batch, visit, "refused", why)


def _note_page(
    connection: Connection,
    batch: int,
    visit: fetches.Visit,
    status: str,
    reason: str | None,
    detail: str | None = None,
) -> str:
    runs.note_intake(connection, batch, "page", 1)
    subject = f"visit {visit.page_visit_id}: {visit.url}"
    runs.add_outcomes(connection, batch, [runs.Outcome("page", subject, status, visit.feed_key, reason, detail)])
    return status


def poll_archived(
    connection: Connection, run_id: int, spec: FeedSpec, result: FetchResult, pointer: ArchivePointer
) -> None:
    """Store an archived response as the poll that it was, inside the caller's transaction."""
    state = feed_store.list_states(connection, [spec.feed_key])[spec.feed_key]
    recall = partial(fetches.recall_entries, connection, spec.feed_key)
    store_poll(connection, run_id, spec, read_poll(spec, state, result, recall, draw_jitter(), pointer))


def store_poll(connection: Connection, run_id: int, spec: FeedSpec, report: PollReport) -> None:
    """Write one poll with its entries, outcomes, state and alarms, inside the caller's transaction."""
    batch = runs.start_batch(connection, run_id, "poll")
    runs.note_intake(connection, batch, "poll", 1)
    result, failure = report.result, report.failure
    fetch_id = fetches.add_fetch(connection, "feed", spec.feed_key, result, report.pointer, batch)
    if report.feed is not None:
        _store_entries(connection, spec, report.feed, report.keys, fetch_id, result.fetched_at, batch)
    if failure is not None:
        runs.add_quarantine(connection, "feed", spec.feed_key, failure.reason, failure.detail, fetch_id)
    detail = str(failure) if failure is not None else result.detail
    is_ok = report.outcome in ("ok", "not_modified")
    ok_at = result.fetched_at if is_ok else None
    feed_store.save_state(connection, report.state, report.outcome, None if is_ok else detail, ok_at)
    feed_store.save_alarms(connection, spec.feed_key, report.decision, result.fetched_at)
    reason = "same_bytes" if report.is_repeated else None
    outcome = runs.Outcome("poll", spec.feed_key, report.outcome, spec.feed_key, reason, detail)
    runs.add_outcomes(connection, batch, [outcome])


def draw_jitter() -> float:
    """In [0, 1): spreads polls, secures nothing."""
    return random.random()  # noqa: S311


def _store_entries(
    connection: Connection,
    spec: FeedSpec,
    feed: ParsedFeed,
    keys: Sequence[str],
    fetch_id: int,
    seen_at: datetime,
    batch: int,
) -> None:
    runs.note_intake(connection, batch, "entry", len(feed.entries))
    entries = _first_by_key(keys, feed)
    places = {key: _where_to_read(spec, key, entry) for key, entry in entries.items()}
    addresses = {key: list_addresses([e.url, places[key][0], find_first_place(key)]) for key, e in entries.items()}
    redacted = articles.list_redacted(connection, [url for urls in addresses.values() for url in urls])
    if redacted:
        articles.reopen_redactions(connection, redacted)  # the archive holds their words again
    blanked = {key for key, urls in addresses.items() if redacted & set(urls)}
    known, new = fetches.add_entries(connection, spec.feed_key, entries, fetch_id, seen_at, batch, blanked)
    visits = [(entry_id, *places[key]) for key, entry_id in new.items() if key not in blanked]
    fetches.add_visits(connection, [v for v in visits if v[2] != "nowhere"])
    outcomes = []
    for position, key in enumerate(keys):
        status = "known" if key not in new else "changed" if key in known else "new"
        if key in new and places[key][1] == "nowhere":
            status = "without_text"
        if key in new and key in blanked:
            status = "redacted"
        if key in keys[:position]:
            status = "duplicate"
        outcomes.append(runs.Outcome("entry", f"{position}: {spec.feed_key} {key}", status, spec.feed_key))
    runs.add_outcomes(connection, batch, outcomes)


def _first_by_key(keys: Sequence[str], parsed: ParsedFeed) -> dict[str, FeedEntry]:
    """One entry a key: the first, as feeds list the newest first."""
    entries: dict[str, FeedEntry] = {}
    for key, entry in zip(keys, parsed.entries, strict=True):
        entries.setdefault(key, entry)
    return entries


def _where_to_read(spec: FeedSpec, key: str, entry: FeedEntry) -> tuple[str, str]:
    """Address and visit status of an entry: its page, or the text that the feed itself carries. A front page is not read
    for a story; a text that has no address of its own is called by its key."""
    url = find_address(entry.url)
    is_page = url is not None and not is_front_page(normalise_url(url))
    if url and spec.follow_links and (is_page or not has_text(entry)):
        return url, "due"
    if url and is_page and is_sole(key) and has_text(entry):
        return url, "from_feed"
    return (f"urn:wire:{spec.feed_key}:{name_text(key, entry)}", "from_feed") if has_text(entry) else ("", "nowhere")
