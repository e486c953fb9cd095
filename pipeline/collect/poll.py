"""One poll of one feed: the decisions of `polling` joined to whoever fetches, keeps and remembers.

::

    decide_request ─▶ fetch ─▶ archive ─▶ read_poll: parse ─▶ decide_keys ─▶ decide_poll ─▶ decide_state

Knows no database: what was remembered comes in, what is to be remembered goes out. The jobs poll through `poll_feed`, a
replay goes on from the archived bytes with `read_poll`, and the conformance cases run the same two.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from pipeline.collect.entrykeys import EntryNames, SeenEntry, decide_keys, find_names
from pipeline.collect.feedparse import parse_feed
from pipeline.collect.freshness import build_facts, build_poll_outcome
from pipeline.collect.polling import FeedFacts, decide_poll, decide_request, decide_state
from pipeline.errors import FeedParseError
from pipeline.records import ArchivePointer, FeedSpec, FeedState, FetchRequest, FetchResult, ParsedFeed, PollDecision

#: what a feed reader says it reads; some servers answer 406 to a bare "*/*"
ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"

Fetcher = Callable[[FetchRequest], FetchResult]
Archiver = Callable[[FetchResult], ArchivePointer]
#: names of this poll's entries -> what the feed showed before under one of them
Recall = Callable[[EntryNames], Collection[SeenEntry]]


@dataclass(frozen=True, slots=True)
class PollReport:
    """What one poll gave. ``feed`` is None where nothing new could be read: no body, the same body as last time
    (``is_repeated``), or an unreadable one (``failure``). ``keys`` go with ``feed.entries``. ``outcome`` is the
    result's own, or ``unreadable``."""

    result: FetchResult
    outcome: str
    decision: PollDecision
    state: FeedState
    pointer: ArchivePointer | None = None
    feed: ParsedFeed | None = None
    keys: tuple[str, ...] = ()
    failure: FeedParseError | None = None
    is_repeated: bool = False


def poll_feed(
    fetch: Fetcher,
    spec: FeedSpec,
    state: FeedState,
    recall: Recall,
    now: datetime,
    jitter: float,
    archive: Archiver | None = None,
) -> PollReport:
    """Ask for the feed and read it. Every answer that carried bytes is archived before it is parsed. Raises only what
    ``fetch``, ``archive`` and ``recall`` raise."""
    result = fetch(build_request(spec, state, now))
    pointer = archive(result) if archive is not None and result.body is not None else None
    return read_poll(spec, state, result, recall, jitter, pointer)


def build_request(spec: FeedSpec, state: FeedState, now: datetime) -> FetchRequest:
    """What to ask for, with the validators that are to be sent."""
    validators = decide_request(state, now)
    return FetchRequest(
        url=state.permanent_url or spec.url,
        etag=validators.etag,
        last_modified=validators.last_modified,
        accept=ACCEPT,
        allow_loopback=spec.allow_loopback,
    )


def read_poll(
    spec: FeedSpec,
    state: FeedState,
    result: FetchResult,
    recall: Recall,
    jitter: float,
    pointer: ArchivePointer | None = None,
) -> PollReport:
    """Read what came of a poll, now or from the archive; its time is ``result.fetched_at``."""
    now = result.fetched_at
    feed, failure, facts = None, None, None
    keys: tuple[str, ...] = ()
    is_repeated = result.outcome == "ok" and hash_body(result) == state.body_sha256
    if result.outcome == "ok" and not is_repeated:
        try:
            feed = parse_feed(result.body or b"", result.header("content-type"), result.final_url, now)
        except FeedParseError as error:
            failure = error
        else:
            seen = recall(find_names(feed.entries))
            keys = decide_keys(feed.entries, seen)
            facts = build_facts(result, feed, keys, [entry.key for entry in seen])
    return _decide(spec, state, result, facts, jitter, pointer, feed, keys, failure, is_repeated)


def hash_body(result: FetchResult) -> str | None:
    """SHA-256 of a body, in hex; None without one."""
    return hashlib.sha256(result.body).hexdigest() if result.body is not None else None


def _decide(
    spec: FeedSpec,
    state: FeedState,
    result: FetchResult,
    facts: FeedFacts | None,
    jitter: float,
    pointer: ArchivePointer | None,
    feed: ParsedFeed | None,
    keys: tuple[str, ...],
    failure: FeedParseError | None,
    is_repeated: bool,
) -> PollReport:
    now = result.fetched_at
    outcome = build_poll_outcome(result, "unreadable" if failure is not None else None)
    decision = decide_poll(state, outcome, facts, now, jitter, spec.poll_minutes)
    new_state = decide_state(state, decision, outcome, facts, now)
    return PollReport(result, outcome.outcome, decision, new_state, pointer, feed, keys, failure, is_repeated)
