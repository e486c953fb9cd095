"""The dateline: place, date and agency before the first sentence, by the rows of the house styles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from pipeline.records import Dateline
from pipeline.wire.gazetteer import BIG_POPULATION, LARGE_POPULATION, fold, is_big_city, is_city, is_place, is_region
from pipeline.wire.house import (
    CITY,
    UPPER,
    DatelineRule,
    agency_names,
    dateline_rules,
    load_grammar,
    month_numbers,
    run_in_styles,
)
from pipeline.wire.placenames import title_place

# No dateline of the labelled ones is longer; also bounds the work of the regular expressions.
LONGEST = 160
# Words after a place and a dash that end in no stop are a title up to this length: "WASHINGTON - A love story".
LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class _Found:
    rule: DatelineRule
    match: re.Match[str]


def find_dateline(text: str, start: int = 0, published_at: datetime | None = None) -> Dateline | None:
    """The dateline that begins at ``start`` (after white space and lead-ins such as ``****``), or None.

    ``on`` needs a year: the text's, else the one that brings the day nearest to ``published_at``; else it is None.
    """
    window = text[start : start + LONGEST]
    offset = len(window) - len(window.lstrip())
    for position in (offset, *_lead_ins(window, offset)):
        if found := _match_run_in(window, position) or _match(window, position):
            return _dateline(text, start, found, published_at, _repeated(window, found.match))
    return None


def _repeated(window: str, match: re.Match[str]) -> int:
    """Where the dateline ends: after its repetition, where a page prints it twice."""
    end, words = match.end(), match[0].strip()
    while window.startswith(words, end):
        end += len(match[0])
    return min(end, len(window))


def month_day(dateline_text: str) -> tuple[int, int] | None:
    """Month and day of a dateline's date, whatever its style; None where it has none."""
    if found := _date_words().search(dateline_text):
        month = month_numbers()[(found["month"] or found["month2"]).casefold()]
        return month, int(found["day"] or found["day2"])
    if found := re.search(r"\b(\d{1,2})-(\d{1,2})\b", dateline_text):
        return int(found[1]), int(found[2])
    return None


def decide_day(month: int, day: int, year: int | None, published_at: datetime | None) -> date | None:
    """The day that a month and day mean: in ``year``, or nearest to ``published_at``; None where neither is known."""
    if year is None and published_at is None:
        return None
    years = (year,) if year is not None else tuple(published_at.year + step for step in (-1, 0, 1))  # type: ignore[union-attr]
    days = [found for each in years if (found := _day(each, month, day))]
    if not days:
        return None
    return days[0] if published_at is None else min(days, key=lambda found: abs((found - published_at.date()).days))


def _match(window: str, position: int) -> _Found | None:
    best: _Found | None = None
    for rule in dateline_rules():
        match = rule.regex.match(window, position)
        if match and (best is None or match.end() > best.match.end()) and _passes(rule, match):
            best = _Found(rule, match)
    return best


def _match_run_in(window: str, position: int) -> _Found | None:
    """Where headings and codes run into the dateline: the match whose place is the longest known city, else the last."""
    for style in run_in_styles():
        if not style.names.search(window) or not (style.leads.match(window, position) or not _match(window, position)):
            continue
        starts = [found.start() for found in re.finditer(r"(?<!\S)(?=\S)", window)]
        matches = [
            _Found(rule, match)
            for start in starts
            for rule in style.rules
            if (match := rule.regex.match(window, start)) and match.groupdict().get("place")
        ]
        known = [found for found in matches if is_city(found.match["place"])]
        if found := next(iter(known or matches[-1:]), None):
            return found
    return None


def _passes(rule: DatelineRule, match: re.Match[str]) -> bool:
    groups = match.groupdict()
    place = groups.get("place") or ""
    if _is_tag(place) or place.startswith(("By ", "BY ")) or (groups.get("date") and month_day(groups["date"]) is None):
        return False
    if _is_state(match, groups):
        return False
    if rule.check == "none":
        return not _is_heading(place) and not _is_table(place, match)
    if (
        not _goes_on(match)
        or (rule.check.endswith("_sentence") and not _is_sentence(match))
        or _is_compound(match, groups)
    ):
        return False
    if rule.check == "sentence":
        return True
    if rule.check.startswith("big_city"):
        least = LARGE_POPULATION if rule.check == "big_city_sentence" else BIG_POPULATION
        return is_big_city(place, least) and not _is_speech(match)
    if _opener_of(place) in ("aboard", "on board"):
        return True
    caps = place.split(",")[0].isupper()
    if rule.check == "caps_or_known" and caps:
        return not _is_heading(place)
    return (caps or rule.check != "caps_and_known") and is_place(place) and fold(place) not in _months()


def _is_state(match: re.Match[str], groups: dict[str, str | None]) -> bool:
    """Whether an agency that stands bare, or an unknown one in brackets, is a state: "ERIE, PA -", "LONDON (UK) -",
    "Austin (Texas) -"."""
    unknown = groups.get("unknown")
    if unknown and not groups.get("date") and is_region(unknown):
        return True
    bare = groups.get("agency") if "(" not in match[0] else groups.get("unknown")
    return bool(bare) and bare is not None and bare.isupper() and is_region(bare)


def _is_compound(match: re.Match[str], groups: dict[str, str | None]) -> bool:
    """Whether hyphens only join words: "BC-AP-Ferry Strike", "NIGERIA-FERRIES"."""
    is_bare = not groups.get("date") and "(" not in match[0]
    return is_bare and " " not in match[0] and "-" in match[0] and not match[0].endswith("--")


def _is_sentence(match: re.Match[str]) -> bool:
    """Whether what follows is copy and no title: "WASHINGTON - A love story"."""
    rest = match.string[match.end() :].split("\n", 1)[0].rstrip()
    return not rest or len(rest) > LONGEST_TITLE or rest.endswith((".", "!", "?", "”", '"', "’", ")", ":", ","))


def _is_speech(match: re.Match[str]) -> bool:
    """Whether somebody speaks after a name and a colon: "VICTORIA: I did not see the boat"."""
    return bool(re.match(r"(?:I|We|You|My|Yes|No|Well)\b", match.string[match.end() :].lstrip()))


def _opener_of(place: str) -> str:
    words = place.casefold().split()
    return " ".join(words[: 2 if words[:1] == ["on"] else 1])


def _is_heading(place: str) -> bool:
    """A table's heading that ran into its dateline: capitals, no region, the last words alone a place."""
    words = place.split()
    if len(words) < 3 or not place.isupper() or "," in place or words[0].casefold() in _openers():
        return False
    return not is_place(place) and any(is_place(" ".join(words[cut:])) for cut in range(1, len(words)))


def _is_table(place: str, match: re.Match[str]) -> bool:
    """Prices after what is no known place: "COPPER PRICES (Testwire)-Spot 8,410 8,422"."""
    words = match.string[match.end() :].split()[:14]
    return len(words) > 5 and sum(word[0].isdigit() for word in words) > 0.35 * len(words) and not is_place(place)


def _goes_on(match: re.Match[str]) -> bool:
    """Whether a sentence follows: no lower-case letter (a dash within a sentence), no score, no further capitals and dash."""
    rest = match.string[match.end() :].lstrip()
    if re.match(r"[\d\s/.:,-]+(?:$|[\d,;:)]|[A-Z]{2})", rest) or re.match(rf"[{UPPER} ]{{3,}}\s*[-–—]", rest):
        return False
    return not rest or not rest[0].islower()


@lru_cache(maxsize=1)
def _openers() -> frozenset[str]:
    return frozenset(load_grammar()["places"]["openers"])


@lru_cache(maxsize=1)
def _months() -> frozenset[str]:
    return frozenset(fold(name) for name in month_numbers())


@lru_cache(maxsize=1)
def _tag_regex() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{row['pattern']})" for row in load_grammar()["tag"]))


def _is_tag(place: str) -> bool:
    return bool(_tag_regex().fullmatch(place))


@lru_cache(maxsize=1)
def _lead_in_regexes() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(row["pattern"]) for row in load_grammar()["lead_in"])


def _lead_ins(window: str, offset: int) -> tuple[int, ...]:
    """Where a dateline may begin after words that the tables allow before it."""
    ends = [match.end() for regex in _lead_in_regexes() if (match := regex.match(window, offset))]
    return tuple(ends)


@lru_cache(maxsize=1)
def _date_words() -> re.Pattern[str]:
    months = "|".join(sorted(map(re.escape, month_numbers()), key=len, reverse=True))
    return re.compile(
        rf"(?:\b(?P<month>{months})\b\.?\s*(?P<day>\d{{1,2}})(?!\d)|\b(?P<day2>\d{{1,2}})(?:st|nd|rd|th|\.)?\s*(?P<month2>{months})\b)"
        r"(?:\S{0,3}\s*(?P<year>(?:19|20)\d\d))?",
        re.IGNORECASE,
    )


def _dateline(text: str, start: int, found: _Found, published_at: datetime | None, end: int) -> Dateline:
    match, groups = found.match, found.match.groupdict()
    words = match.string[match.start() : end]
    places = tuple(title_place(part) for part in _split_places(groups.get("place") or ""))
    agency = groups.get("agency") or groups.get("unknown")
    named = agency_names().get(agency.casefold(), agency) if agency else None
    on = _day_of(groups.get("date") or groups.get("number_date") or "", published_at)
    begin = start + match.start()
    return Dateline(begin, begin + len(words), words, places[0] if places else "", named, on, places)


def _day_of(words: str, published_at: datetime | None) -> date | None:
    if not (day := month_day(words)):
        return None
    year = re.search(r"\b(?:19|20)\d\d\b", words)
    return decide_day(*day, int(year[0]) if year else None, published_at)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _split_places(place: str) -> list[str]:
    """Two places of one dateline: "BEIRA/LUANDA", "Accra and Lagos"; "TRINIDAD AND TOBAGO" stays one."""
    if not place:
        return []
    parts = [part for part in re.split(r"\s*/\s*", place) if part]
    if len(parts) > 1:
        return parts
    around = re.split(rf"\s+(?:and|AND|&)\s+(?={CITY})", place)
    if len(around) > 1 and all(is_place(part) for part in around) and not is_region(place):
        return around
    return [place]
