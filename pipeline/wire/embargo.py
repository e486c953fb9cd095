"""Embargoes: "EMBARGOED UNTIL 0001 GMT, TUESDAY, OCT 22", "Hold for release until 6 p.m. ET June 5"."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone

from pipeline.wire.dateline import decide_day, month_day
from pipeline.wire.lines import Line

_EMBARGO = re.compile(
    r"\W{0,3}(?:strictly\s+|under\s+)?(?:embargo(?:ed)?|hold for release|not for (?:release|publication|use))\b.{0,200}",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\b(?P<hour>[012]?\d)(?:[:.]?(?P<minute>[0-5]\d))?\s*(?P<half>[ap]\.?m\b\.?)?\s*(?:hrs?\b|hours\b)?\s*"
    r"\(?(?P<zone>GMT|UTC|BST|CEST|CET|EST|EDT|ET|PST|PDT|PT|CST|CDT|CT|Z)?\b",
    re.IGNORECASE,
)
_NAMED = {"noon": time(12), "midday": time(12), "midnight": time(0)}
# Hours from UTC; "ET" and its like taken as standard time, an hour late at most, so that nothing is freed too early.
_ZONES = {
    "gmt": 0, "utc": 0, "z": 0, "bst": 1, "cet": 1, "cest": 2, "est": -5, "edt": -4, "et": -5, "cst": -6, "cdt": -5,
    "ct": -6, "pst": -8, "pdt": -7, "pt": -8,
}  # fmt: skip
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_YEAR = re.compile(r"\b(20\d\d)\b(?!\s*(?:GMT|UTC|hrs|hours))")


def is_embargo(line: Line) -> bool:
    """Whether a line holds the copy back."""
    return bool(_EMBARGO.fullmatch(line.text))


def read_embargo(words: str, published_at: datetime | None = None) -> datetime | None:
    """Until when, in UTC; None where no time, or no day and no ``published_at``, is told. No zone means UTC."""
    moment = _time(words)
    day = _day(words, published_at)
    if moment is None or day is None:
        return None
    return datetime.combine(day, moment).astimezone(UTC)


def _time(words: str) -> time | None:
    rest = _without_day(words)
    for name, moment in _NAMED.items():
        if re.search(rf"\b{name}\b", rest, re.IGNORECASE):
            return moment.replace(tzinfo=_zone(rest))
    for clock in _CLOCK.finditer(rest):
        hour = int(clock["hour"])
        half = (clock["half"] or "").lower()
        if hour > 24 or not (clock["minute"] or half or clock["zone"]):
            continue
        hour = hour % 12 + 12 * half.startswith("p") if half else hour % 24
        return time(hour, int(clock["minute"] or 0), tzinfo=_zone(clock["zone"] or rest))
    return None


def _without_day(words: str) -> str:
    """Without years and days of months, whose numbers are no hours."""
    words = _YEAR.sub(" ", words)
    return re.sub(
        r"(?i)\b[a-z]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?\b(?![:.]?\d|\s*(?:[ap]\.?m|gmt|utc|hrs))", _keep_clock, words
    )


def _keep_clock(found: re.Match[str]) -> str:
    return " " if month_day(found[0]) else found[0]


def _zone(words: str) -> timezone:
    found = re.search(rf"\b({'|'.join(_ZONES)})\b", words, re.IGNORECASE)
    return timezone(timedelta(hours=_ZONES[found[1].lower()] if found else 0))


def _day(words: str, published_at: datetime | None) -> date | None:
    year = _YEAR.search(words)
    if named := month_day(words):
        return decide_day(*named, int(year[1]) if year else None, published_at)
    if published_at is None:
        return None
    weekday = next((number for number, name in enumerate(_DAYS) if re.search(rf"(?i)\b{name}\b", words)), None)
    ahead = 0 if weekday is None else (weekday - published_at.weekday()) % 7
    return published_at.date() + timedelta(days=ahead)
