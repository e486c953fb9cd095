"""Embargoes: "EMBARGOED UNTIL 0001 GMT, TUESDAY, OCT 22", "Hold for release until 6 p.m. ET June 5"."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from pipeline.wire.dateline import decide_day, month_day
from pipeline.wire.lines import Line

_EMBARGO = re.compile(
    r"\W{0,3}(?:strictly\s+|under\s+)?(?:embargo(?:ed)?|hold for release|not for (?:release|publication|use))\b.{0,200}",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\b(?P<hour>[012]?\d)(?:[:.]?(?P<minute>[0-5]\d))?\s*(?P<half>[ap]\.?m\b\.?)?\s*(?:hrs?\b|hours\b)?\s*"
    r"\(?(?P<zone>GMT|UTC|BST|CEST|CET|EEST|EET|MSK|EST|EDT|ET|PST|PDT|PT|MST|MDT|MT|CST|CDT|CT|JST|KST|HKT|SGT|AEST|AEDT|Z"
    r"|(?:eastern|central|mountain|pacific)(?: (?:standard|daylight))? time)?\b",
    re.IGNORECASE,
)
_NAMED = {"noon": time(12), "midday": time(12), "midnight": time(0)}
# Hours from UTC.
_ZONES = {
    "gmt": 0, "utc": 0, "z": 0, "bst": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3, "est": -5, "edt": -4,
    "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "jst": 9, "kst": 9, "hkt": 8, "sgt": 8, "aest": 10,
    "aedt": 11,
}  # fmt: skip
# Names that leave summer time to the day.
_SEASONAL = {
    "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles",
    "eastern": "America/New_York", "central": "America/Chicago", "mountain": "America/Denver",
    "pacific": "America/Los_Angeles",
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


def _zone(words: str) -> tzinfo:
    found = re.search(rf"\b({'|'.join((*_ZONES, *_SEASONAL))})\b", words, re.IGNORECASE)
    name = found[1].lower() if found else "utc"
    return ZoneInfo(_SEASONAL[name]) if name in _SEASONAL else timezone(timedelta(hours=_ZONES[name]))


def _day(words: str, published_at: datetime | None) -> date | None:
    year = _YEAR.search(words)
    if named := month_day(words):
        return decide_day(*named, int(year[1]) if year else None, published_at)
    if published_at is None:
        return None
    weekday = next((number for number, name in enumerate(_DAYS) if re.search(rf"(?i)\b{name}\b", words)), None)
    ahead = 0 if weekday is None else (weekday - published_at.weekday()) % 7
    return published_at.date() + timedelta(days=ahead)
