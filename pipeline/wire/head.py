"""What stands before the first sentence: head-line tags, slug, advisory, byline."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.records import Advisory, Byline
from pipeline.wire.house import UPPER, agency_names, load_grammar
from pipeline.wire.lines import Line
from pipeline.wire.names import read_credits

_SLUG = re.compile(
    r"[A-Z0-9][A-Z0-9&.'’]*(?:[/-][A-Z0-9][A-Z0-9&.'’ ]*)+(?:\s\([A-Z0-9 ,.+-]+\))?"
    r"|(?:[a-z] ){0,3}\^?(?:BC|bc)-[\w./'& -]+(?:, ?\S.{0,40})?|(?:[a-z] ){0,3}\^(?:BC-)?AP-[\w./'& -]+(?:, ?\S.{0,40})?"
)
_BYLINE = re.compile(r"(?i:by|por|von|par)\s+(?P<names>.{3,140})")
LONGEST_BYLINE = 160
# What follows a name in a byline: a comma or bar, then a house ("AP", "Special to …") or a job.
_JOB = re.compile(
    r"(?:,|\s[-–—|]\s|\s{2,}|\s\|)\s*(?:(?:The\s+)?(?:Associated Press|AP|Reuters|AFP|UPI|dpa|PA|Special to|Staff|Senior|Chief)\b.*"
    r"|.*\b(?:[Ww]riter|[Cc]orrespondent|[Ee]ditor|[Rr]eporter|Staff|News Agency|Service)\b.*|\S.*\d.*)$"
    r"|\s+(?:AP|UPI|AFP|Reuters)\s(?:\w+\s){0,2}(?:[Ww]riter|[Cc]orrespondent|[Rr]eporter)s?$"
)
_TITLE = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Prof|Sir|Dame)\.?\s+(?=[A-Z])")
# "By our correspondent", "By Testwire staff": a byline that names nobody.
_NOBODY = re.compile(
    r"(?i:by)\s+(?:(?i:our|a|the|special)\s+)*(?:[A-Z][\w.&-]*\s+){0,3}(?i:staff|correspondents?|reporters?|agencies|wires?)"
    r"(?:\s+(?i:writers?|reporters?|reports?|and agencies))?\.?"
)


def read_tags(headline: str) -> tuple[str, ...]:
    """``REFILE-UPDATE 2-Ferry …`` to ``("REFILE", "UPDATE 2")``; AP's "…, 2nd Ld-Writethru" from the end."""
    tags: list[str] = []
    rest = headline.strip()
    while match := _leading_tag().match(rest):
        tags.append((match["tag"] or match["bracketed"]).upper())
        rest = rest[match.end() :]
    if match := _trailing_tag().search(rest):
        tags.append(match["tag"])
    return tuple(tags)


def find_slug(line: Line) -> str | None:
    """``UKRAINE-CRISIS/GRAIN (UPDATE 2)``, ``BC-EU--Ferry Strike,2nd Ld-Writethru``: a line that is a slug and no more."""
    if len(line.text) <= 70 and _SLUG.fullmatch(line.text) and re.search(r"[A-Z]{2}|^bc-", line.text):
        return line.text
    return None


def find_advisory(line: Line) -> Advisory | None:
    """``(Adds reply in paragraph 3, updates toll)``: what changed, one string a change."""
    match = _advisory().fullmatch(line.text)
    if not match:
        return None
    return Advisory(line.start, line.end, line.text, _changes(match["words"] or match["starred"] or match["loud"]))


def find_byline(line: Line) -> Byline | None:
    """``By Ana Vale and Tom Reed``, ``By ANA VALE, Associated Press Writer``."""
    if _NOBODY.fullmatch(line.text) or line.text.casefold() in agency_names():
        return Byline(line.start, line.end, line.text, ())
    signed = _signed_by_agency().fullmatch(line.text) if len(line.text) <= LONGEST_BYLINE else None
    match = _BYLINE.fullmatch(line.text) or signed
    if not match:
        return None
    names = _TITLE.sub("", _JOB.sub("", match["names"])).strip(" .,")
    credits = read_credits(names)
    if not credits or not all(" " in credit.name or len(credits) == 1 for credit in credits):
        return None
    if not re.match(rf"[{UPPER}]", names):
        return None
    return Byline(line.start, line.end, line.text, tuple(credit.name for credit in credits))


@lru_cache(maxsize=1)
def _signed_by_agency() -> re.Pattern[str]:
    """``Ana Vale, Associated Press``: names and a known agency, without "by"."""
    agencies = "|".join(sorted(map(re.escape, agency_names()), key=len, reverse=True))
    name = rf"[{UPPER}][\w'’.-]+(?: [{UPPER}][\w'’.-]+){{1,3}}"
    return re.compile(rf"(?P<names>{name}(?:,? and {name})?),? (?i:the )?(?i:{agencies})")


def _changes(words: str) -> tuple[str, ...]:
    """One string a change: a comma before "paragraph 4", a number or "not …" divides nothing."""
    parts = re.split(
        r"\s*;\s*|\s*,\s+(?:and\s+)?(?![^()]*\))(?!(?:in |to )?(?:para(?:graph)?s?|headline|\d)\b|not\b)",
        words.strip(" .;"),
        flags=re.IGNORECASE,
    )
    return tuple(part.strip(" .") for part in parts if part.strip(" ."))


@lru_cache(maxsize=1)
def _advisory() -> re.Pattern[str]:
    verbs = "|".join(re.escape(verb) for verb, _ in load_grammar()["advisory"]["verbs"])
    loud = "|".join(verb.upper() for verb, _ in load_grammar()["advisory"]["verbs"])
    return re.compile(
        rf"[(\[]\s*(?P<words>(?:(?i:in) [^(),]{{3,40}}, )?(?i:{verbs})\b[^()]*(?:\([^()]*\)[^()]*)*)[)\]]\.?"
        rf"|\*\s+(?P<starred>(?i:{verbs})\b[^.]{{0,120}})|(?P<loud>(?:{loud})\b[^.]{{3,120}})"
    )


@lru_cache(maxsize=1)
def _tags() -> str:
    return "|".join(f"(?:{row['pattern']})" for row in load_grammar()["tag"])


@lru_cache(maxsize=1)
def _leading_tag() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<tag>{_tags()})\s*(?:[-–—:]+|\|)\s*(?=\S)|[(\[](?P<bracketed>{_tags()})[)\]]\s*(?=\S)", re.IGNORECASE
    )


@lru_cache(maxsize=1)
def _trailing_tag() -> re.Pattern[str]:
    return re.compile(
        r"[,\s](?P<tag>(?:\d+(?:st|nd|rd|th) )?(?:Ld|LD|Lead)-?Writethru|\d+(?:st|nd|rd|th) (?:Ld|LD))\W*$"
    )
