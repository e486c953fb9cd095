"""AP's closing sentences: "Ana Vale reported from Lagos. Associated Press writer Tom Reed in Accra contributed to this report." """

from __future__ import annotations

import re

from pipeline.records import Credit, SignOff
from pipeline.wire.names import read_credits

_WORK = r"(?:report|story|article|dispatch|piece|coverage|project|newsletter|investigation|feature|analysis|package)"
_CONTRIBUTED = re.compile(
    r"(?P<names>.{3,400}?),?\s+(?:also\s+|both\s+|all\s+)?(?:contributed|assisted)"
    r"(?:\s+(?:additional\s+)?(?:reporting|research|data|photos?|graphics?|video|material|information))?"
    rf"(?:\s+(?:to|with|in|on|for)\s+(?:th(?:is|e)|today.s)\s+(?:[\w-]+\s+){{0,2}}{_WORK})?"
    r"(?:\s+from\s+(?P<place>[A-Z][^;]{2,120}?))?\.?",
    re.DOTALL,
)
_REPORTED = re.compile(
    r"(?P<names>.{3,200}?)\s+(?:also\s+)?(?:reported|wrote|is reporting)\s+(?:and wrote\s+)?(?:this\s+\w+\s+)?from\s+"
    r"(?P<place>[A-Z].{2,120}?)\.?",
    re.DOTALL,
)
_JOBS = re.compile(
    r"\b(?:(?:data|video|science|sports|business|staff|special|senior|chief|freelance|national|political|investigative|"
    r"medical|White House|news)\s+)*(?:journalists?|writers?|reporters?|correspondents?|photographers?|researchers?|"
    r"editors?|producers?|videojournalists?|staffers?)\b",
    re.IGNORECASE,
)


_PRONOUN = re.compile(r"(?:[Hh]e|[Ss]he|[Tt]hey|[Ww]e|[Ii]t|I|[Bb]oth|[Tt]his|[Tt]hat|[Aa]ll|[Ww]ho)\b")


def find_contribution(text: str, start: int, end: int) -> SignOff | None:
    """The sign-off that a whole line of closing sentences is, or None."""
    line = text[start:end]
    if len(line) > 900 or not re.search(r"contributed|reported from|assisted", line):
        return None
    reporting: list[Credit] = []
    additional: list[Credit] = []
    for sentence in _sentences(line.strip(" ()_*—–-")):
        if match := _CONTRIBUTED.fullmatch(sentence.strip(" _")):
            place = f" in {match['place']}".replace(" from ", " in ") if match["place"] else ""
            named, into = _read(match["names"] + place), additional
        elif match := _REPORTED.fullmatch(sentence.strip(" _")):
            named, into = _read(f"{match['names']} in {match['place']}".replace(" from ", " in ")), reporting
        else:
            return None
        if not named:
            return None
        into.extend(named)
    return SignOff(start, end, line, reporting=tuple(reporting), additional_reporting=tuple(additional))


def _sentences(line: str) -> list[str]:
    """Each with one verb: "Ana Vale reported from Lagos and Tom Reed contributed research." are two."""
    found: list[str] = []
    for part in _CLAUSE.split(line):
        if found and not _VERB.search(found[-1]):
            found[-1] = f"{found[-1]} and {part}"
        else:
            found.append(part)
    return found


_CLAUSE = re.compile(
    r"(?<=[a-z]{2}[.])\s+(?=[A-Z])|;\s+(?:and\s+)?(?=[A-Z])|,?\s+and\s+(?=(?:[A-Z][\w'’.-]+\s){1,4}(?:reported|contributed)\b)"
)
_VERB = re.compile(r"\b(?:reported|contributed|assisted|wrote)\b")


# "Vale Courier staff writer Ana Vale", "CNN's Ana Vale": the house before a name.
_HOUSE_BEFORE = re.compile(
    rf"\b(?:[A-Z][\w.&-]*\s){{1,6}}(?=(?i:{_JOBS.pattern})\s+[A-Z])"
    r"|\b[A-Z][\w.&-]*(?:\s[A-Z][\w.&-]*){0,3}['’]s\s+(?=[A-Z])"
)


def _read(words: str) -> tuple[Credit, ...] | None:
    words = _JOBS.sub(" ", _HOUSE_BEFORE.sub(" ", words))
    words = re.sub(r"\s+", " ", re.sub(r",\s+(?=(?:in|from)\s[A-Z])", " ", words))
    words = re.sub(r"^[\s,]*(?:and|with)\s+", "", words).strip(" ,")
    return None if _PRONOUN.match(words) else read_credits(words)
