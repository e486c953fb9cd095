"""Times as pages state them: to the second, with their zone, given back in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from pipeline.wire.house import month_numbers

# Zone abbreviations of English-language news sites, hours from UTC. Ambiguous ones (IST, CST) as news sites use them.
ZONES = {
    "utc": 0, "gmt": 0, "z": 0, "bst": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3, "est": -5, "edt": -4,
    "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "hkt": 8, "sgt": 8, "jst": 9, "kst": 9,
    "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "ist": 5.5, "sast": 2,
}  # fmt: skip
# "ET" and its like leave summer time open: standard or daylight by the date of the year (second Sunday of March to
# first Sunday of November in the United States; a day of error at the edge is accepted).
SEASONAL = {"et": -5, "ct": -6, "mt": -7, "pt": -8}

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# Characters of a text that may hold a time.
LONGEST_STAMP = 300
_LOOSE = re.compile(
    r"(?P<stamp>(?:\d{4}-\d\d-\d\d[T ]|\w{3,9}\.? \d{1,2},? \d{4},?(?: at)? |\d{1,2} \w{3,9}\.? \d{4},?(?: at)? )"
    r"\d{1,2}[:.]\d\d(?::\d\d)?(?:\.\d+)?)\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>[A-Za-z]{1,4}|[+-]\d\d:?\d\d)?\b",
    re.IGNORECASE,
)
# "6:45 PM, Feb 16, 2018", "01:38:07 PM IST Nov 20, 2019"
_CLOCK_FIRST = re.compile(
    r"(?P<clock>\d{1,2}:\d\d(?::\d\d)?\s*(?:[ap]\.?m\.?)?)\s*(?P<zone>[A-Z]{2,4})?,?\s*(?:on\s+)?(?:\w+day,?\s+)?"
    r"(?P<day>\w{3,9}\.? \d{1,2},? \d{4}|\d{1,2} \w{3,9}\.? \d{4})",
    re.IGNORECASE,
)
_FORMATS = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%B %d %Y %H:%M", "%b %d %Y %H:%M", "%B %d %Y %H:%M:%S",
    "%b %d %Y %H:%M:%S", "%d %B %Y %H:%M", "%d %b %Y %H:%M", "%B %d %Y %I:%M %p", "%b %d %Y %I:%M %p",
    "%d %B %Y %I:%M %p", "%d %b %Y %I:%M %p", "%B %d %Y %I:%M:%S %p", "%b %d %Y %I:%M:%S %p",
    "%Y-%m-%d %I:%M %p", "%Y-%m-%d %I:%M:%S %p",
)  # fmt: skip


def parse_stamp(text: str | None) -> tuple[datetime, bool] | None:
    """A time in UTC and whether the text told its zone; None where it holds no time of day or is out of all reason."""
    if not text:
        return None
    text = re.sub(r"\s*\b(?:GMT|UTC)\s?(?=[+-]\d\d:?\d\d)", " ", text[:LONGEST_STAMP])
    stamp = _iso(text.strip()) or _mail(text.strip()) or _epoch(text.strip()) or _loose(text.strip())
    if stamp is None or not 1970 <= stamp.year <= 2100:
        return None
    zoned = stamp.tzinfo is not None
    return (stamp.astimezone(UTC) if zoned else stamp.replace(tzinfo=UTC)).replace(microsecond=0), zoned


def _iso(text: str) -> datetime | None:
    text = re.sub(r"(?<=\d)\s*([+-]\d\d):?(\d\d)$", r"\1:\2", text)
    text = re.sub(r"\.(\d{1,6})\d*(?=$|[Z+-])", lambda found: "." + found[1].ljust(6, "0"), text)
    if not re.match(r"\d{4}-\d\d-\d\d[T ]\d", text) and not re.match(r"\d{8}T\d{4}", text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _mail(text: str) -> datetime | None:
    if not re.match(r"(?:\w{3},\s*)?\d{1,2} \w{3} \d{4} \d", text):
        return None
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def _epoch(text: str) -> datetime | None:
    if not re.fullmatch(r"1\d{9}(\d{3})?", text):
        return None
    return datetime.fromtimestamp(int(text[:10]), UTC)


def _loose(text: str) -> datetime | None:
    text = re.sub(r"^\s*(?:mon|tue|wed|thu|fri|sat|sun)\w*,?\s+", "", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(\d{1,2})\.(\d{1,2})\.(20\d\d)\b", r"\3-\2-\1", text)
    text = re.sub(r"(\d{4}-\d{1,2}-\d{1,2}),?\s+(?:um |à |às |alle |kl\.? )?(?=\d{1,2}[:.]\d\d)", r"\1 ", text)
    text = re.sub(
        r"\b(\d{1,2})\.?\s+(?:de )?([^\W\d_]{3,10})\.?\s+(?:de )?(20\d\d),?(?:\s+(?:um|à|at|às|alle|a las|kl\.?|ore|om))?\b",
        _in_english,
        text,
    )
    if turned := _CLOCK_FIRST.search(text):
        text = f"{turned['day']} {turned['clock']} {turned['zone'] or ''}"
    found = _LOOSE.search(text)
    if not found:
        return None
    stamp = re.sub(r"[,.]|\bat\b", " ", found["stamp"].replace("T", " ") if "-" in found["stamp"] else found["stamp"])
    stamp = re.sub(r"(\d{1,2}) (\d\d)$", r"\1:\2", re.sub(r"\s+", " ", stamp).strip())
    stamp = re.sub(r"^Sept\b", "Sep", stamp)
    if found["half"]:
        stamp = f"{stamp} {found['half'].replace('.', '').upper()}"
    moment = next((value for form in _FORMATS if (value := _strptime(stamp, form))), None)
    return _with_zone(moment, found["zone"]) if moment else None


def _in_english(found: re.Match[str]) -> str:
    """A day whose month is named in another language, in English."""
    month = month_numbers().get(found[2].casefold())
    return f"{found[1]} {MONTHS[month - 1]} {found[3]}" if month else found[0]


def _strptime(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is read beside it
    except ValueError:
        return None


def _with_zone(moment: datetime, zone: str | None) -> datetime:
    name = (zone or "").lower()
    if re.fullmatch(r"[+-]\d\d:?\d\d", name):
        minutes = int(name[1:3]) * 60 + int(name[-2:])
        return moment.replace(tzinfo=timezone(timedelta(minutes=-minutes if name[0] == "-" else minutes)))
    if name in SEASONAL:
        return moment.replace(tzinfo=timezone(timedelta(hours=SEASONAL[name] + _is_summer(moment))))
    if name in ZONES:
        return moment.replace(tzinfo=timezone(timedelta(hours=ZONES[name])))
    return moment


def _is_summer(moment: datetime) -> bool:
    """Daylight time in the United States since 2007."""
    march, november = datetime(moment.year, 3, 8), datetime(moment.year, 11, 1)  # noqa: DTZ001 - local wall time
    begins = march + timedelta(days=(6 - march.weekday()) % 7, hours=2)
    ends = november + timedelta(days=(6 - november.weekday()) % 7, hours=2)
    return begins <= moment.replace(tzinfo=None) < ends
