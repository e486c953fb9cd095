"""What stands before the first sentence: head-line tags, slug, advisory, byline."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.records import Advisory, Byline
from pipeline.wire.house import UPPER, load_grammar
from pipeline.wire.lines import Line
from pipeline.wire.names import read_credits

_SLUG = re.compile(
    r"[A-Z0-9][A-Z0-9&.'’]*(?:[/-][A-Z0-9][A-Z0-9&.'’ ]*)+(?:\s\([A-Z0-9 ,.+-]+\))?|BC-[\w./'& -]+(?:, ?\S.{0,40})?"
)
_BYLINE = re.compile(r"(?i:by|por|von|par)\s+(?P<names>.{3,140})")
# What follows a name in a byline: a comma or bar, then a house ("AP", "Special to …") or a job.
_JOB = re.compile(
    r"(?:,|\s[-–—|]\s|\s{2,}|\s\|)\s*(?:(?:The\s+)?(?:Associated Press|AP|Reuters|AFP|UPI|dpa|PA|Special to|Staff|Senior|Chief)\b.*"
    r"|.*\b(?:[Ww]riter|[Cc]orrespondent|[Ee]ditor|[Rr]eporter|Staff|News Agency|Service)\b.*)$"
)


def read_tags(headline: str) -> tuple[str, ...]:
    """``REFILE-UPDATE 2-Ferry …`` to ``("REFILE", "UPDATE 2")``; AP's "…, 2nd Ld-Writethru" from the end."""
    tags: list[str] = []
    rest = headline.strip()
    while match := _leading_tag().match(rest):
        tags.append(match["tag"].upper())
        rest = rest[match.end() :]
    if match := _trailing_tag().search(rest):
        tags.append(match["tag"])
    return tuple(tags)


def find_slug(line: Line) -> str | None:
    """``UKRAINE-CRISIS/GRAIN (UPDATE 2)``, ``BC-EU--Ferry Strike,2nd Ld-Writethru``: a line that is a slug and no more."""
    if len(line.text) <= 70 and _SLUG.fullmatch(line.text) and re.search(r"[A-Z]{2}", line.text):
        return line.text
    return None


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
    return re.compile(rf"[(\[]\s*(?P<words>(?i:{verbs})\b[^()]*(?:\([^()]*\)[^()]*)*)[)\]]\.?")


@lru_cache(maxsize=1)
def _tags() -> str:
    return "|".join(f"(?:{row['pattern']})" for row in load_grammar()["tag"])


@lru_cache(maxsize=1)
def _leading_tag() -> re.Pattern[str]:
    return re.compile(rf"(?P<tag>{_tags()})\s*(?:[-–—:]+|\|)\s*(?=\S)", re.IGNORECASE)


@lru_cache(maxsize=1)
def _trailing_tag() -> re.Pattern[str]:
    return re.compile(
        r"[,\s](?P<tag>(?:\d+(?:st|nd|rd|th) )?(?:Ld|LD|Lead)-?Writethru|\d+(?:st|nd|rd|th) (?:Ld|LD))\W*$"
    )
