"""Times in response headers: how long an answer stays fresh, and when to come back."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pipeline.records import FetchResult

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_NO_CACHE = re.compile(r"(?:^|[\s,])(?:no-cache|no-store)\b", re.IGNORECASE)


def read_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds that Retry-After asks for: a number or a date; None for anything else. A date in the past gives 0."""
    word = (value or "").strip()
    if word.isascii() and word.isdigit():
        return float(word[:12])
    until = _read_date(word)
    return None if until is None else max(0.0, (until - now).total_seconds())


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


def _read_date(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
