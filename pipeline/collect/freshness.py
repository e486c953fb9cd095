"""How long an answer stays fresh, and the facts of a poll for `polling`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pipeline.collect.polling import FeedFacts, PollOutcome, find_entries_per_week
from pipeline.records import FetchResult, ParsedFeed

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_NO_CACHE = re.compile(r"(?:^|[\s,])(?:no-cache|no-store)\b", re.IGNORECASE)


def read_freshness(result: FetchResult) -> float | None:
    """Seconds that a cache may keep the answer (RFC 9111): max-age less Age, else Expires less Date; None if unsaid."""
    control = result.header("cache-control") or ""
    if _NO_CACHE.search(control):
        return 0.0
    limit = _MAX_AGE.search(control)
    if limit:
        age = result.header("age") or "0"
        return max(0.0, float(limit.group(1)) - (float(age[:12]) if age.isascii() and age.isdigit() else 0.0))
    expires = result.header("expires")
    if expires is None:
        return None
    until = _read_date(expires)
    if until is None:
        return 0.0  # "0" and other nonsense mean: already stale (RFC 9111, 5.3)
    sent = _read_date(result.header("date") or "") or result.fetched_at
    return max(0.0, (until - sent).total_seconds())


def build_poll_outcome(result: FetchResult, outcome: str | None = None) -> PollOutcome:
    """The result in the words of `polling`; ``outcome`` replaces its own, e.g. ``unreadable`` after a failed parse."""
    return PollOutcome(outcome or result.outcome, result.retry_after_s, read_freshness(result), result.permanent_url)


def build_facts(result: FetchResult, parsed: ParsedFeed, keys: Collection[str], known: Collection[str]) -> FeedFacts:
    """What this poll showed; ``keys`` are the entries' keys (`identity.entry_key`), ``known`` those seen before."""
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


def _read_date(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
