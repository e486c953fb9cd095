"""AP's closing sentences: "Ana Vale reported from Lagos. Associated Press writer Tom Reed in Accra contributed to this report." """

from __future__ import annotations

import re

from pipeline.records import Credit, SignOff
from pipeline.wire.house import agency_names
from pipeline.wire.names import read_credits

_CONTRIBUTED = re.compile(
    r"(?P<names>.{3,400}?),?\s+(?:also\s+|both\s+)?(?:contributed|assisted)"
    r"(?:\s+(?:reporting|research)?\s*from\s+(?P<place>[A-Z][\w .'’-]{2,40})"
    r"|\s+(?:to|with|reporting|research|from|in)\b[^.]{0,90})?\.?",
    re.DOTALL,
)
_REPORTED = re.compile(
    r"(?P<names>.{3,200}?)\s+(?:also\s+)?(?:reported|wrote|is reporting)\s+(?:this\s+\w+\s+)?from\s+(?P<place>[A-Z].{2,120}?)\.?",
    re.DOTALL,
)
_SENTENCE = re.compile(r"(?<=[a-z]{2}[.])\s+(?=[A-Z])")
_JOBS = re.compile(
    r"\b(?:(?:data|video|science|sports|business|staff|special|senior|chief|freelance|national|political|investigative|"
    r"medical|White House|news)\s+)*(?:journalists?|writers?|reporters?|correspondents?|photographers?|researchers?|"
    r"editors?|producers?|videojournalists?|staffers?)\b",
    re.IGNORECASE,
)


def find_contribution(text: str, start: int, end: int) -> SignOff | None:
    """The sign-off that a whole line of closing sentences is, or None."""
    line = text[start:end]
    if len(line) > 900 or not re.search(r"contributed|reported from|assisted", line):
        return None
    reporting: list[Credit] = []
    additional: list[Credit] = []
    for sentence in _SENTENCE.split(line.strip(" ()_*—–-")):
        if match := _CONTRIBUTED.fullmatch(sentence.strip(" _")):
            place = f" in {match['place']}" if match["place"] else ""
            named, into = _read(match["names"] + place), additional
        elif match := _REPORTED.fullmatch(sentence.strip(" _")):
            named, into = _read(f"{match['names']} in {match['place']}".replace(" from ", " in ")), reporting
        else:
            return None
        if not named:
            return None
        into.extend(named)
    return SignOff(start, end, line, reporting=tuple(reporting), additional_reporting=tuple(additional))


def _read(words: str) -> tuple[Credit, ...] | None:
    words = _without_agency(_JOBS.sub(" ", words))
    return read_credits(re.sub(r"\s+", " ", words).strip(" ,"))


def _without_agency(words: str) -> str:
    names = "|".join(sorted((re.escape(name) for name in agency_names()), key=len, reverse=True))
    return re.sub(rf"(?i)(?<!\w)(?:the\s+)?(?:{names})(?:['’]s)?(?!\w)", " ", words)
