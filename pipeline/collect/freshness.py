"""A response in the words of `polling`: its outcome, and the facts that the poll showed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from pipeline.collect.headers import read_freshness
from pipeline.collect.polling import FeedFacts, PollOutcome, find_entries_per_week
from pipeline.records import FetchResult, ParsedFeed


def build_poll_outcome(result: FetchResult, outcome: str | None = None) -> PollOutcome:
    """The result in the words of `polling`; ``outcome`` replaces its own, e.g. ``unreadable`` after a failed parse."""
    return PollOutcome(outcome or result.outcome, result.retry_after_s, read_freshness(result), result.permanent_url)


def build_facts(result: FetchResult, parsed: ParsedFeed, keys: Collection[str], known: Collection[str]) -> FeedFacts:
    """What this poll showed; ``keys`` are the entries' keys (`entrykeys`), ``known`` those seen before."""
    dates = [at for entry in parsed.entries if (at := entry.published_at or entry.updated_at) is not None]
    distinct, seen = set(keys), set(known)
    return FeedFacts(
        entry_count=len(distinct),
        new_count=len(distinct - seen),
        entries_per_week=find_entries_per_week(dates),
        oldest_entry_at=min(dates, default=None),
        newest_entry_at=max(dates, default=None),
        ttl_minutes=parsed.ttl_minutes,
        update_period_minutes=parsed.update_period_minutes,
        skip_hours=parsed.skip_hours,
        freshness_s=read_freshness(result),
        body_sha256=hashlib.sha256(result.body).hexdigest() if result.body is not None else None,
        etag=result.header("etag"),
        last_modified=result.header("last-modified"),
    )
