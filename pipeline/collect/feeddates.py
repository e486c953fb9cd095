"""Dates of feed entries: what feedparser reads, what it misreads, and what cannot be true."""

from __future__ import annotations

import re
import time
from calendar import timegm
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

#: before the first RSS there was none: such a date is a default (year 1, 1970, 1980) that leaked out
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
#: a date so far ahead of the fetch is wrong; less than this is a clock or an embargo
LATEST_AHEAD = timedelta(days=2)
#: more than this is no clock that is fast, but an embargo, or local time that calls itself GMT
CLOCK_AHEAD = timedelta(minutes=20)

#: zone names that feedparser 6.0.14 reads as UTC without a word (``timezone_names.get(…, 0)`` in its rfc822 module),
#: with their offsets in minutes. Names with two meanings (IST, CST outside America) are left out.
_ZONES = {
    "bst": 60, "wet": 0, "west": 60, "cet": 60, "cest": 120, "eet": 120, "eest": 180, "msk": 180,
    "sast": 120, "eat": 180, "cat": 120, "wat": 60, "pkt": 300, "npt": 345, "ict": 420, "wib": 420, "hkt": 480,
    "sgt": 480, "myt": 480, "pht": 480, "awst": 480, "jst": 540, "kst": 540, "aest": 600, "aedt": 660, "nzst": 720,
    "nzdt": 780, "brt": -180, "akst": -540, "akdt": -480, "hst": -600,
}  # fmt: skip

_ZONE = re.compile(r"\d\d:\d\d(?::\d\d)?\s+([A-Za-z]{3,4})\s*$")
_WORDS = re.compile(
    r"(?:^|\s)(?P<day>\d{1,2})\.?\s+(?:de\s+)?(?P<month>[^\W\d_]{3,})\.?,?\s+(?:de\s+)?(?P<year>\d{4})"
    r"(?:\D{0,4}(?P<hour>\d{1,2})[:h](?P<minute>\d\d)(?::(?P<second>\d\d))?)?"
    r"\s*(?P<zone>[+-]\d\d:?\d\d)?"
)


def find_date(parsed: time.struct_time | None, raw: str | None) -> datetime | None:
    """The instant that feedparser read, its zone put right; dates in words of other languages are read here."""
    if parsed is None:
        return _read_words(raw) if raw else None
    try:
        found = datetime.fromtimestamp(timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    zone = _ZONE.search(raw or "")
    offset = _ZONES.get(zone.group(1).lower()) if zone else None
    return found - timedelta(minutes=offset) if offset else found


def decide_date(found: datetime | None, now: datetime | None) -> tuple[datetime | None, str | None]:
    """The date, or None with a warning where it cannot be true: before `EARLIEST`, or far in the future. A date a
    little ahead stays, with a warning."""
    if found is None:
        return None, None
    if found < EARLIEST:
        return None, "implausible_date"
    if now is not None and found > now + LATEST_AHEAD:
        return None, "future_date"
    if now is not None and found > now + CLOCK_AHEAD:
        return found, "date_ahead"
    return found, None


def _read_words(raw: str) -> datetime | None:
    """``21 novembre 2026 10:30 +0100`` and the like; month names come from CLDR, through Babel."""
    match = _WORDS.search(raw)
    month = _months().get(match["month"].casefold()) if match else None
    if match is None or month is None:
        return None
    zone = _read_offset(match["zone"])
    try:
        return datetime(
            int(match["year"]), month, int(match["day"]),
            int(match["hour"] or 0), int(match["minute"] or 0), int(match["second"] or 0), tzinfo=zone,
        ).astimezone(UTC)  # fmt: skip
    except (ValueError, OverflowError):
        return None


def _read_offset(text: str | None) -> timezone:
    if not text:
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes)) if minutes < 24 * 60 else UTC


_LANGUAGES = (
    "de",
    "fr",
    "es",
    "it",
    "pt",
    "nl",
    "sv",
    "da",
    "nb",
    "fi",
    "pl",
    "cs",
    "ro",
    "tr",
    "ru",
    "uk",
    "el",
    "id",
)
_names: dict[str, int] = {}


def _months() -> dict[str, int]:
    """Month names of `_LANGUAGES`, long and short, to their number; a name with two meanings is left out."""
    if not _names:
        from babel.dates import get_month_names

        clashing: set[str] = set()
        for language in _LANGUAGES:
            for width in ("wide", "abbreviated"):
                for context in ("format", "stand-alone"):
                    for number, name in _month_names(get_month_names, width, context, language):
                        if _names.setdefault(name, number) != number:
                            clashing.add(name)
        for name in clashing:
            del _names[name]
    return _names


def _month_names(names: Any, width: str, context: str, language: str) -> list[tuple[int, str]]:
    return [(number, str(name).rstrip(".").casefold()) for number, name in names(width, context, language).items()]
