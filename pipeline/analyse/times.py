"""When: weekdays, dates and spans of days in the words of a story, against its own day.

Wire style names the weekday within a week of the story, so a bare weekday is the latest one up to the story's day. The
story's day is its publication time in the dateline's zone, else the dateline's own date. With neither, a relative time
stays open and says why. Pure: nothing here reads a clock.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline.analyse.lexicon import read_table
from pipeline.records import Dateline, TimeRange

NO_ANCHOR = "no date anchor"
NO_TIME = "no time given"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
          "ten": 10, "several": 4, "few": 3, "couple of": 2}  # fmt: skip
DAY_PART = r"(?:\s+(?:morning|afternoon|evening|night))?"
MONTH = (r"(?P<month>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|March|Apr(?:il|\.)?|May|June|July|Aug(?:ust|\.)?|"
         r"Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)")  # fmt: skip
UNIT = r"(?P<unit>hour|day|week|month|year|decade)s?"
LEAD = r"(?:\b(?:[Oo]n|[Bb]y|[Ss]ince|[Uu]ntil|[Ff]rom)\s+)?"
COUNT = r"(?P<count>\d{1,3}|a|one|two|three|four|five|six|seven|eight|nine|ten|several|few|couple of)"


@dataclass(frozen=True, slots=True)
class Anchor:
    """The story's own day, in days of ``zone``; None where nothing gives it."""

    day: date | None
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class TimeWords:
    """A time expression at ``start:end``; ``past`` and ``future`` give its first and last day for an anchor day, read
    as something that was said, and as something spoken of."""

    start: int
    end: int
    text: str
    precision: str
    resolve: Callable[[date, bool], tuple[date, date] | None]
    is_absolute: bool = False


def decide_anchor(published_at: datetime | None, dateline: Dateline | None, zone: ZoneInfo | None) -> Anchor:
    """The story's day: its publication time in the dateline's zone (UTC where unknown), else the dateline's date."""
    if published_at is not None:
        aware = published_at if published_at.tzinfo else published_at.replace(tzinfo=UTC)
        local = aware.astimezone(zone or UTC)
        return Anchor(local.date(), "UTC" if zone is None else zone.key)
    if dateline is not None and dateline.on is not None:
        return Anchor(dateline.on, None if zone is None else zone.key)
    return Anchor(None, None)


def resolve_time(words: TimeWords, anchor: Anchor, *, is_past: bool) -> TimeRange:
    """Days of an expression; open with a reason where the story has no day of its own."""
    if anchor.day is None and not words.is_absolute:
        return TimeRange(None, None, words.text, words.precision, None, NO_ANCHOR)
    found = words.resolve(anchor.day or date.min, is_past)
    if found is None:
        return TimeRange(None, None, words.text, words.precision, anchor.zone, "no such day")
    return TimeRange(found[0], found[1], words.text, words.precision, anchor.zone)


def find_times(text: str) -> list[TimeWords]:
    """All time expressions of a text, in order, none inside another."""
    found: list[TimeWords] = []
    for words in sorted(all_times(text), key=lambda words: (words.start, -words.end)):
        if not found or words.start >= found[-1].end:
            found.append(words)
    return found


def all_times(text: str) -> Iterator[TimeWords]:
    """Expressions of every rule."""
    for rule in time_rules():
        for match in rule.pattern.finditer(text):
            resolver = rule.resolver(match)
            yield TimeWords(match.start(), match.end(), match.group(), rule.precision, resolver, rule.is_absolute)


Resolver = Callable[[date, bool], tuple[date, date] | None]


def weekday_rule(match: re.Match[str]) -> Resolver:
    """ "On Thursday", "last Thursday", "next Thursday", "late on Thursday"."""
    wanted = WEEKDAYS.index(match["weekday"].lower())
    way = (match["way"] or "").strip().lower()

    def resolve(day: date, is_past: bool) -> tuple[date, date]:
        back = (day.weekday() - wanted) % 7
        if way == "next" or (way in ("this", "coming") and not is_past):
            ahead = (wanted - day.weekday()) % 7 or 7
            return day + timedelta(ahead), day + timedelta(ahead)
        back = back or (7 if way == "last" else 0)
        return day - timedelta(back), day - timedelta(back)

    return resolve


def near_day_rule(match: re.Match[str]) -> Resolver:
    """ "Today", "yesterday", "tomorrow", "overnight"."""
    shift = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1, "overnight": -1}
    name = match["near"].lower()
    first = shift[name]
    last = 0 if name == "overnight" else first
    return lambda day, is_past: (day + timedelta(first), day + timedelta(last))


def month_day_rule(match: re.Match[str]) -> Resolver:
    """ "On Oct. 17", "17 October 2024"."""
    month = MONTHS.index(match["month"][:3].lower()) + 1
    number, year = int(match["day"]), match["year"]

    def resolve(day: date, is_past: bool) -> tuple[date, date] | None:
        years = [int(year)] if year else [day.year - 1, day.year, day.year + 1]
        days = [found for found in (make_day(y, month, number) for y in years) if found is not None]
        if is_past and not year:
            days = [found for found in days if found <= day + timedelta(1)]
        best = min(days, key=lambda found: abs((found - day).days), default=None)
        return None if best is None else (best, best)

    return resolve


def make_day(year: int, month: int, number: int) -> date | None:
    """A day, or None where the calendar has none."""
    try:
        return date(year, month, number)
    except ValueError:
        return None


def month_rule(match: re.Match[str]) -> Resolver:
    """ "In October", "in January 2023"."""
    month = MONTHS.index(match["month"][:3].lower()) + 1
    year = match["year"]

    def resolve(day: date, is_past: bool) -> tuple[date, date]:
        if year:
            return month_of(date(int(year), month, 1))
        if is_past:
            return month_of(date(day.year if month <= day.month else day.year - 1, month, 1))
        near = min(
            (date(y, month, 15) for y in (day.year - 1, day.year, day.year + 1)), key=lambda d: abs((d - day).days)
        )
        return month_of(near)

    return resolve


def month_of(day: date) -> tuple[date, date]:
    """First and last day of a day's month."""
    first = day.replace(day=1)
    return first, (first + timedelta(31)).replace(day=1) - timedelta(1)


def year_rule(match: re.Match[str]) -> Resolver:
    """ "In 2022"."""
    year = int(match["year"])
    return lambda day, is_past: (date(year, 1, 1), date(year, 12, 31))


def period_rule(match: re.Match[str]) -> Resolver:
    """ "Last week", "this month", "earlier this year", "next year"."""
    way, unit = match["way"].lower(), match["unit"].lower()
    part = (match["part"] or "").strip().lower()

    def resolve(day: date, is_past: bool) -> tuple[date, date]:
        first, last = period(day, unit, {"last": -1, "this": 0, "next": 1}[way])
        if way == "this" and (part == "earlier" or (is_past and part != "later")):
            last = min(last, day)
        if part == "later":
            first = max(first, day)
        return first, last

    return resolve


def period(day: date, unit: str, shift: int) -> tuple[date, date]:
    """The week (Monday to Sunday), month or year ``shift`` away from a day's own."""
    if unit == "week":
        monday = day - timedelta(day.weekday()) + timedelta(7 * shift)
        return monday, monday + timedelta(6)
    if unit == "month":
        number = day.year * 12 + day.month - 1 + shift
        return month_of(date(number // 12, number % 12 + 1, 1))
    return date(day.year + shift, 1, 1), date(day.year + shift, 12, 31)


LENGTH = {"hour": 0, "day": 1, "week": 7, "month": 30, "year": 365, "decade": 3650}
RECENT = {"hour": 1, "day": 7, "week": 28, "month": 120, "year": 1460, "decade": 7300}


def recent_rule(match: re.Match[str]) -> Resolver:
    """ "In recent days": the week up to the story's day; weeks: four; months: four; years: four."""
    length = RECENT[match["unit"].lower()]
    return lambda day, is_past: (day - timedelta(length), day)


def past_rule(match: re.Match[str]) -> Resolver:
    """ "Over the past two weeks", "in the last several months", "in the next three days"."""
    count = count_of(match["count"])
    length = timedelta(count * LENGTH[match["unit"].lower()])
    if match["way"].lower() in ("next", "coming"):
        return lambda day, is_past: (day, day + length)
    return lambda day, is_past: (day - length, day)


def ago_rule(match: re.Match[str]) -> Resolver:
    """ "Two days ago", "three weeks ago": the day, or the span of that length around it."""
    unit, count = match["unit"].lower(), count_of(match["count"])
    slack = timedelta({"week": 3, "month": 15, "year": 183}.get(unit, 0))
    length = timedelta(count * LENGTH[unit])
    return lambda day, is_past: (day - length - slack, min(day, day - length + slack))


def count_of(word: str | None) -> int:
    """The number in a count word."""
    if word is None:
        return 1
    return int(word) if word.isdigit() else COUNTS[word.lower()]


RULES_BY_NAME: Mapping[str, Callable[[re.Match[str]], Resolver]] = {
    "weekday": weekday_rule,
    "near day": near_day_rule,
    "month day": month_day_rule,
    "month": month_rule,
    "year": year_rule,
    "period": period_rule,
    "recent": recent_rule,
    "past": past_rule,
    "ago": ago_rule,
}


@dataclass(frozen=True, slots=True)
class TimeRule:
    """One row of ``lexicon/times.tsv``."""

    pattern: re.Pattern[str]
    precision: str
    is_absolute: bool
    resolver: Callable[[re.Match[str]], Resolver]


@functools.cache
def time_rules() -> tuple[TimeRule, ...]:
    """The rows of ``lexicon/times.tsv``; ``{month}``, ``{count}``, ``{unit}`` and ``{lead}`` stand for their words."""
    parts = {"month": MONTH, "count": COUNT, "unit": UNIT, "lead": LEAD, "part": DAY_PART}
    return tuple(
        TimeRule(
            re.compile(fill(row["pattern"], parts)), row["precision"], row["is_absolute"] == "yes",
            RULES_BY_NAME[row["rule"]],
        )
        for row in read_table("times")
    )  # fmt: skip


def fill(pattern: str, parts: Mapping[str, str]) -> str:
    """A pattern with the named parts put in."""
    for name, words in parts.items():
        pattern = pattern.replace("{" + name + "}", words)
    return pattern
