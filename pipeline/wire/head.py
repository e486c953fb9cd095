"""What stands before the first sentence: head-line tags, slug, embargo, advisory, byline."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from pipeline.records import Advisory, Byline
from pipeline.wire.dateline import month_day
from pipeline.wire.house import UPPER, load_grammar
from pipeline.wire.lines import Line
from pipeline.wire.names import read_credits

_SLUG = re.compile(
    r"(?:BC-)?[A-Z0-9][A-Z0-9&.'-]*(?:[/-][A-Z0-9][A-Za-z0-9&.' -]*)+(?:\s\([A-Z0-9 ,.+-]+\))?|BC-[\w./'&-]+(?:, ?\S.{0,40})?"
)
_BYLINE = re.compile(r"(?i:by|por|von|par)\s+(?P<names>.{3,140})")
_JOB = re.compile(
    r"(?:,|\s[-–—|]\s|\s{2,}|\s\|)\s*(?P<job>(?:The\s+)?(?:Associated Press|AP|Reuters|AFP|UPI|dpa|PA|Special to|Staff|Senior|Chief)\b.*|.*\b(?:[Ww]riter|[Cc]orrespondent|[Ee]ditor|[Rr]eporter|Staff|News Agency|Service)\b.*)$"
)
_EMBARGO = re.compile(
    r"(?i)\W{0,3}(?:strictly\s+)?(?:embargo(?:ed)?|hold for release|not for (?:release|publication)(?: before| until)?)\b.{0,160}"
)
_ZONES = {
    "gmt": 0,
    "utc": 0,
    "bst": 1,
    "cet": 1,
    "cest": 2,
    "est": -5,
    "edt": -4,
    "et": -5,
    "pst": -8,
    "pdt": -7,
    "z": 0,
}


def read_tags(headline: str) -> tuple[str, ...]:
    """``REFILE-UPDATE 2-Ferry …`` to ``("REFILE", "UPDATE 2")``; AP's "…, 2nd Ld-Writethru" from the end."""
    tags: list[str] = []
    rest = headline.strip()
    while match := _leading_tag().match(rest):
        tags.append(match["tag"])
        rest = rest[match.end() :]
    if match := _trailing_tag().search(rest):
        tags.append(match["tag"])
    return tuple(tags)


def find_slug(line: Line) -> str | None:
    """``UKRAINE-CRISIS/GRAIN (UPDATE 2)``, ``BC-EU--Ferry Strike,2nd Ld-Writethru``: a line that is a slug and no more."""
    if len(line.text) <= 70 and _SLUG.fullmatch(line.text) and re.search(r"[A-Z]{3}", line.text):
        return line.text
    return None


def is_embargo(line: Line) -> bool:
    """Whether a line holds the copy back."""
    return bool(_EMBARGO.fullmatch(line.text))


def read_embargo(words: str, published_at: datetime | None = None) -> datetime | None:
    """Until when: time and zone (UTC where none is told) on the day told, else on the day of ``published_at``."""
    clock = re.search(r"\b(\d{1,2})[:.]?(\d\d)?\s*(am|pm|a\.m\.|p\.m\.|hrs?|hours)?\s*(?:\(?([A-Z]{1,4})\)?)?", words)
    day = month_day(words)
    year = re.search(r"\b(?:19|20)\d\d\b", words)
    clock = (
        re.search(
            r"\b(\d{1,2})[:.]?(\d\d)\s*(am|pm|a\.m\.|p\.m\.|hrs?|hours)?\s*\(?([A-Z]{1,4})?\b",
            re.sub(r"\b(?:19|20)\d\d\b(?!\s*(?:GMT|UTC))", "", words),
        )
        or clock
    )
    if not clock or (day is None and published_at is None):
        return None
    base = published_at or datetime(int(year[0]), 1, 1, tzinfo=UTC) if year or published_at else None
    if base is None:
        return None
    hour = int(clock[1]) % 24
    if clock[3] and clock[3][0] in "pP" and hour < 12:
        hour += 12
    zone = timezone(timedelta(hours=_ZONES.get((clock[4] or "gmt").lower(), 0)))
    month, number = day or (base.month, base.day)
    try:
        moment = datetime(int(year[0]) if year else base.year, month, number, hour, int(clock[2] or 0), tzinfo=zone)
    except ValueError:
        return None
    return moment.astimezone(UTC)


def find_advisory(line: Line) -> Advisory | None:
    """``(Adds reply in paragraph 3, updates toll)``: what changed, one string a change."""
    match = _advisory().fullmatch(line.text)
    if not match:
        return None
    return Advisory(line.start, line.end, line.text, _changes(match["words"]))


def find_byline(line: Line) -> Byline | None:
    """``By Ana Vale and Tom Reed``, ``By ANA VALE, Associated Press Writer``."""
    match = _BYLINE.fullmatch(line.text)
    if not match:
        return None
    names = _JOB.sub("", match["names"]).strip(" .,")
    credits = read_credits(names)
    if not credits or not all(" " in credit.name or len(credits) == 1 for credit in credits):
        return None
    if not re.match(rf"[{UPPER}]", names):
        return None
    return Byline(line.start, line.end, line.text, tuple(credit.name for credit in credits))


def _changes(words: str) -> tuple[str, ...]:
    parts = re.split(r"\s*;\s*|\s*,\s+(?:and\s+)?(?![^()]*\))", words.strip(" .;"))
    return tuple(part.strip(" .") for part in parts if part.strip(" ."))


@lru_cache(maxsize=1)
def _advisory() -> re.Pattern[str]:
    verbs = "|".join(re.escape(verb) for verb, _ in load_grammar()["advisory"]["verbs"])
    return re.compile(
        rf"[(\[]\s*(?P<words>(?i:{verbs})\b[^()]*(?:\([^()]*\)[^()]*)*)[)\]]\.?|\*\s*(?P<star>(?i:{verbs})\b.*)"
    )


@lru_cache(maxsize=1)
def _tags() -> str:
    return "|".join(f"(?:{row['pattern']})" for row in load_grammar()["tag"])


@lru_cache(maxsize=1)
def _leading_tag() -> re.Pattern[str]:
    return re.compile(rf"(?P<tag>{_tags()})\s*(?:[-–—:]+|\|)\s*(?=\S)|(?P<whole>(?!))")


@lru_cache(maxsize=1)
def _trailing_tag() -> re.Pattern[str]:
    return re.compile(
        r"[,\s](?P<tag>(?:\d+(?:st|nd|rd|th) )?(?:Ld|LD|Lead)-?Writethru|\d+(?:st|nd|rd|th) (?:Ld|LD))\W*$"
    )


def moved(byline: Byline, start: int) -> Byline:
    """The same byline ``start`` characters on."""
    return replace(byline, start=byline.start + start, end=byline.end + start)
