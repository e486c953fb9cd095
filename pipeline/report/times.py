"""Times in a reader's terms: weekday and UTC, never a bare stamp."""

from __future__ import annotations

from datetime import UTC, datetime


def say_time(at: datetime, now: datetime) -> str:
    """``Tue 08:05``; with the date where more than six days lie between, with the year where that differs."""
    at, now = at.astimezone(UTC), now.astimezone(UTC)
    days = abs((now.date() - at.date()).days)
    day = f"{at:%a} {at.day} {at:%b}" if days > 6 else f"{at:%a}"
    year = f" {at.year}" if at.year != now.year else ""
    return f"{day}{year}, {at:%H:%M}" if days > 6 else f"{day}{year} {at:%H:%M}"


def say_day(at: datetime) -> str:
    """``Tuesday 17 November 2026``."""
    at = at.astimezone(UTC)
    return f"{at:%A} {at.day} {at:%B} {at.year}"


def say_span(first: datetime, last: datetime) -> str:
    """``Tuesday 17 November 2026`` or ``16 to 17 November 2026``, as short as it can be."""
    first, last = first.astimezone(UTC), last.astimezone(UTC)
    if first.date() == last.date():
        return say_day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {last.day} {last:%B} {last.year}"
    return f"{first.day} {first:%B} {first.year} to {last.day} {last:%B} {last.year}"


def say_iso(at: datetime) -> str:
    """For the ``datetime`` attribute."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
