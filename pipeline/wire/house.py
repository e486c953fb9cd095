"""House styles as data: reads ``grammar.toml`` and ``styles/*.toml`` and compiles their rows.

Slots of a dateline pattern:

====================  ==================================================================================
``{place}``           "PORT HENRY, N.Y.", "LISBON/PORTO", "Accra (Ghana)"; with ``{place_tail}`` one more region
``{caps_place}``      the same with its first name in capitals
``{small_place}``     the same without capitals: "port henry, n.y."
``{date}``            "June 5", "5 June 2021", "Sept. 26", "7 may", "Thursday, Oct 3"; in rows with ``{agency}`` also
                      with a clock after it: "Nov. 12, 9:40 p.m.", "Nov 12 2140 GMT"
``{full_date}``       the same with its year
``{weekday}``         "Thursday"
``{number_date}``     "7-14": month and day
``{agency}``          one of the agency's ``dateline_names``
``{unknown}``         one to three capitalised words: an agency that no table names
``{acronym}``         two to six capitals: the same where no dash follows
``{desk}``            "lni": a desk after a slash
``{signed}``          "Correspondent Ana Vale": who signs, within the agency's brackets
``{dash}``            any dash, "--", "_", also after a full stop; ``{dash}?`` or only a space
``{wide_dash}``       any dash but a lone hyphen
``{line_end}``        the end of the line
====================  ==================================================================================
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

SPACE = r"[^\S\n]*"
UPPER = r"A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶĻŁŃŅŇŌŐŒŘŚŞŠŢŤŪŮŰŲŹŻŽȘȚ"
WEEKDAY = r"(?i:(?:mon|tues|wednes|thurs|fri|satur|sun)day\b)"
WORD = rf"(?!{WEEKDAY})(?:[dlDL]['’])?[{UPPER}][\w'’`´.‑-]*"
CAPS = rf"[{UPPER}][{UPPER}'’`´.‑-]+"
PARTICLE = (
    r"(?:(?:de|del|della|di|da|do|dos|das|du|la|las|le|les|los|el|al|es|au|aux|en|of|the|on|upon|sur|am|an|der|den|in|y|e)"
    r"\s)"
)
CITY = rf"{WORD}(?:[ \xa0]{PARTICLE}{{0,2}}{WORD}){{0,6}}"
CAPS_CITY = rf"{CAPS}(?:[ \xa0]{CAPS}){{0,5}}"
BRACKETED = rf"(?:{SPACE},?{SPACE}\({SPACE}{CITY}(?:{SPACE},{SPACE}{CITY})?{SPACE}\))?(?:{SPACE}\[{CITY}\])?"
AND_PLACE = rf"(?:{SPACE}(?:/|\band\b|&){SPACE}{CITY}(?:{SPACE},{SPACE}{CITY})?){{0,3}}"
DASH = r"(?:[-‐‑–—―−_•]{1,3})"
_CLOCK = (
    r"(?:\d{1,2}[:.]\d\d\s?(?:[ap]\.?m\b\.?)?|\d{1,2}\s?[ap]\.?m\b\.?|\d{4}(?=\s?(?:GMT|UTC)))"
    r"(?:\s?(?:GMT|UTC|local time))?"
)


@dataclass(frozen=True, slots=True)
class AgencyStyle:
    """One agency's table."""

    key: str
    name: str
    dateline_names: tuple[str, ...]
    credit_names: tuple[str, ...]
    datelines: tuple[dict[str, str], ...]
    run_in: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DatelineRule:
    """A compiled row. ``check`` (what the place must be): none, caps_or_known, caps_and_known, known, big_city;
    known_sentence and big_city_sentence also ask that what follows is more than a title, sentence that it goes on in capitals."""

    pattern: str
    regex: re.Pattern[str]
    check: str


@dataclass(frozen=True, slots=True)
class RunInStyle:
    """An agency whose headings and codes run into its datelines: what they begin with, its rows, its names."""

    leads: re.Pattern[str]
    rules: tuple[DatelineRule, ...]
    names: re.Pattern[str]


@lru_cache(maxsize=1)
def load_grammar() -> dict[str, Any]:
    """``grammar.toml`` as read."""
    return tomllib.loads(files("pipeline.wire").joinpath("grammar.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def load_styles() -> tuple[AgencyStyle, ...]:
    """Every table of ``styles/``, by key."""
    tables = [path for path in files("pipeline.wire").joinpath("styles").iterdir() if path.name.endswith(".toml")]
    return tuple(
        _style(tomllib.loads(path.read_text(encoding="utf-8"))) for path in sorted(tables, key=lambda p: p.name)
    )


@lru_cache(maxsize=1)
def agency_names() -> dict[str, str]:
    """Every dateline and credit name in lower case, to the agency's name."""
    names: dict[str, str] = {}
    for style in load_styles():
        for name in (*style.credit_names, *style.dateline_names, style.name):
            names.setdefault(name.casefold(), style.name)
    return names


@lru_cache(maxsize=1)
def dateline_rules() -> tuple[DatelineRule, ...]:
    """All rows, an agency's before the generic ones; the same pattern of several agencies is one rule."""
    by_pattern: dict[tuple[str, str], list[str]] = {}
    for style in load_styles():
        for row in (*load_grammar()["shared_dateline"], *style.datelines):
            by_pattern.setdefault((row["pattern"], row.get("check", "none")), []).extend(style.dateline_names)
    rules = [
        DatelineRule(pattern, compile_dateline(pattern, names), check) for (pattern, check), names in by_pattern.items()
    ]
    generic = [
        DatelineRule(row["pattern"], compile_dateline(row["pattern"], []), row["check"])
        for row in load_grammar()["generic_dateline"]
    ]
    return (*rules, *generic)


@lru_cache(maxsize=1)
def run_in_styles() -> tuple[RunInStyle, ...]:
    """Agencies with ``run_in`` rows."""
    return tuple(
        RunInStyle(
            re.compile("|".join(lead for lead, _ in style.run_in)),
            tuple(
                DatelineRule(row["pattern"], compile_dateline(row["pattern"], list(style.dateline_names)), "none")
                for row in style.datelines
            ),
            re.compile(rf"\(\s*(?:{'|'.join(map(re.escape, style.dateline_names))})\s*\)"),
        )
        for style in load_styles()
        if style.run_in
    )


@lru_cache(maxsize=1)
def month_numbers() -> dict[str, int]:
    """Month names and short forms in lower case, to their number."""
    return {name: int(number) for number, names in load_grammar()["months"].items() for name in names}


def compile_dateline(pattern: str, agencies: list[str]) -> re.Pattern[str]:
    """A template to a regular expression anchored where it is matched."""
    slots = _slots(agencies)
    pieces: list[str] = []
    for piece in re.split(r"(\{\w+\}\??| )", pattern):
        if piece == " ":
            pieces.append(SPACE)
        elif piece == "{dash}?":
            pieces.append(rf"(?:{slots['dash']}|[^\S\n]+|(?=\n|$))")
        elif piece.startswith("{"):
            pieces.append(slots[piece.strip("{}?")])
        else:
            pieces.append("".join(_literal(mark) for mark in piece))
    return re.compile("".join(pieces))


def _style(table: dict[str, Any]) -> AgencyStyle:
    return AgencyStyle(
        table["key"], table["name"], tuple(table["dateline_names"]), tuple(table["credit_names"]),
        tuple(table.get("dateline", ())), tuple((lead, example) for lead, example in table.get("run_in", ())),
    )  # fmt: skip


def _literal(mark: str) -> str:
    if mark in "(),/.":
        return rf"{SPACE}\{mark}{SPACE}" if mark != "/" else rf"{SPACE}/{SPACE}"
    return rf"{SPACE}{DASH}{SPACE}" if mark in "-—" else re.escape(mark)


@lru_cache(maxsize=4)
def _date_regex(year_mark: str = "?") -> str:
    months = "|".join(sorted((re.escape(name) for name in month_numbers()), key=len, reverse=True))
    weekday = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s)?"
    year = rf"(?:{SPACE},?{SPACE}(?:19|20)\d\d){year_mark}"
    month_first = rf"(?:{months})\b\.?{SPACE}\d{{1,2}}(?:st|nd|rd|th)?(?!\d|\s?[-–]\s?\d)"
    day_first = rf"\d{{1,2}}(?:st|nd|rd|th|\.)?{SPACE}(?:{months})\b\.?,?"
    return rf"(?P<date>(?i:{weekday}(?:{month_first}|{day_first}){year}))"


def _slots(agencies: list[str]) -> dict[str, str]:
    names = "|".join(sorted((re.escape(name) for name in agencies), key=len, reverse=True)) or "(?!)"
    place = rf"{CITY}(?:{SPACE},{SPACE}{CITY}){{0,2}}{BRACKETED}{AND_PLACE}"
    caps = rf"{CAPS_CITY}(?:{SPACE},{SPACE}{CITY}){{0,2}}{BRACKETED}{AND_PLACE}"
    clock = rf"(?i:{SPACE},?{SPACE}{_CLOCK})?" if agencies else ""
    return {
        "place": rf"(?P<place>{place})",
        "place_tail": CITY,
        "small_place": r"(?P<place>[^\W\d_A-Z][^\W\d_A-Z.'’ -]{2,30}(?:, [^\W\d_A-Z][^\W\d_A-Z.'’ -]{1,30})?)",
        "caps_place": rf"(?P<place>{caps})",
        "date": _date_regex() + clock,
        "full_date": _date_regex(""),
        "weekday": WEEKDAY,
        "signed": r"[^()/\n]{2,40}",
        "number_date": r"(?P<number_date>\d{1,2}-\d{1,2})",
        "agency": rf"(?P<agency>{names})",
        "unknown": rf"(?P<unknown>{WORD}(?: {WORD}){{0,2}})",
        "acronym": r"(?P<unknown>[A-Z]{2,6})",
        "desk": r"[\w/-]{1,12}",
        "dash": rf"{SPACE}\.?{SPACE}{DASH}[^\S\n]*",
        "wide_dash": rf"{SPACE}(?:[–—―−]|-{{2,3}}){SPACE}",
        "line_end": rf"{SPACE}\n",
    }
