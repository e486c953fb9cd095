"""The sign-off: who reported, wrote, edited and compiled, each with a place. Never a source."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.records import Credit, SignOff
from pipeline.wire.house import load_grammar
from pipeline.wire.names import read_credits

_MORE = "additional|further|extra|more"
# No line without one of these holds a sign-off; most lines stop here.
_HINT = re.compile(r"\b(?:by|newsroom|newsdesk|assistance|with|inputs|additional)\b|:", re.IGNORECASE)
# "With files from", "With assistance from", "Additional reporting from": other works are "by" somebody.
_FROM = (
    r"(?:"
    + "|".join(
        rf"(?<={words} )from\b"
        for words in (
            "assistance",
            "with files",
            "with inputs",
            "with input",
            "with help",
            "with reporting",
            "with material",
            "additional reporting",
            "additional research",
            "inputs",
        )
    )
    + ")"
)
FIELDS = ("reporting", "writing", "editing", "additional_reporting", "compiling")


@dataclass(frozen=True, slots=True)
class _Segment:
    """Names after their works; ``is_lead`` where they stand before the first label."""

    roles: tuple[str, ...]
    words: str
    is_lead: bool = False


def find_sign_off(text: str, start: int, end: int) -> SignOff | None:
    """The sign-off that ends the line ``text[start:end]``: the whole line, or glued to its last sentence."""
    line = text[start:end]
    if not _HINT.search(line):
        return None
    for match in _opening().finditer(line):
        begin = match.start("open")
        words = _bracketed(line[begin:].rstrip())
        segments = _segments(words)
        if not segments:
            continue
        if sign_off := _sign_off(segments) or (_is_sure(words, segments) and _sign_off(segments, is_sure=True)):
            return replace(sign_off, start=start + begin, end=start + begin + len(words), text=words)
    return _desk_line(line, start)


# "Ana Vale reported from Lagos, Tom Reed from Accra; Editing by …"
_REPORTED = re.compile(r"\s+(?:(?:reported|wrote)\s+)?from\s+(?=[A-Z])")
# Characters within which a sign-off is known by its form.
LONGEST_SURE = 500


def _bracketed(words: str) -> str:
    """Up to the bracket that closes the first one; all of it where none opens or none closes."""
    depth = 0
    for place, mark in enumerate(words if words[:1] in "([" else ""):
        depth += (mark in "([") - (mark in ")]")
        if depth == 0:
            return words[: place + 1]
    return words


def join_open_lines(text: str, start: int, end: int) -> int:
    """Where the sign-off ends whose bracket opens in ``text[start:end]`` and closes some lines on; else ``end``."""
    opened = _open_bracket().search(text[start:end])
    if not opened:
        return end
    closed = text.find(")" if opened[0][0] == "(" else "]", end, end + LONGEST_OPEN)
    return end if closed < 0 or "\n\n" in text[end:closed] else closed + 1


# Characters of further lines within which a sign-off's bracket closes.
LONGEST_OPEN = 400


@lru_cache(maxsize=1)
def _open_bracket() -> re.Pattern[str]:
    return re.compile(rf"[(\[]\s*(?=(?:with\s+)?{_label().pattern})[^()\[\]]*$", re.IGNORECASE)


def _desk_line(line: str, start: int) -> SignOff | None:
    """``-- Ana Vale, Lagos newsroom +44 …``"""
    for regex in _desk_lines():
        if match := regex.search(line):
            credit = Credit(match["name"], match["place"])
            return SignOff(start + match.start(), start + match.end(), match[0], reporting=(credit,))
    return None


@lru_cache(maxsize=1)
def _desk_lines() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"(?:{row['pattern']})\s*$") for row in load_grammar()["desk_line"])


def count_names(sign_off: SignOff) -> int:
    """How many names a sign-off holds."""
    return sum(len(getattr(sign_off, name)) for name in FIELDS)


def join_sign_offs(text: str, parts: list[SignOff]) -> SignOff:
    """One sign-off over several lines ("Reporting by: …" and "Editing by: …" each on its own)."""
    start, end = parts[0].start, parts[-1].end
    joined = {name: tuple(credit for part in parts for credit in getattr(part, name)) for name in FIELDS}
    return SignOff(start, end, text[start:end], **joined)


@lru_cache(maxsize=1)
def _works() -> str:
    return "|".join(row["word"] for row in load_grammar()["work"])


@lru_cache(maxsize=1)
def _label() -> re.Pattern[str]:
    works = rf"(?:{_works()})"
    one = rf"(?:(?:{_MORE}|copy|desk|photo)[ -]+)?{works}"
    chain = rf"{one}(?:(?:\s*,\s*|\s+and\s+|\s*/\s*|\s+&\s+|\s*,\s*and\s+){one})*"
    return re.compile(
        rf"(?:(?<![\w-])|(?-i:(?<=[a-z])(?=[A-Z])))(?:with\s+)?(?P<works>{chain})"
        rf"(?:\s+(?:in|from)\s+[^\W\d_][\w'’. -]{{1,30}}?)?\s*(?:\bby\b\s*:?|:|{_FROM})\s*",
        re.IGNORECASE,
    )


@lru_cache(maxsize=1)
def _opening() -> re.Pattern[str]:
    """Where a sign-off may begin: a line's start, a bracket, or after the last sentence."""
    leads = "|".join(row["pattern"] for row in load_grammar()["sign_off_lead"])
    return re.compile(
        rf"(?:^\s*|(?<=[.!?…”\"’'»)\]])\s*|\s+(?=[(\[])|(?<=\w)(?=[(\[]))"
        rf"(?P<open>(?:[-–—#*]+\s*(?:(?:{leads})\W+)?|(?:{leads})\W+|[(\[]\s*(?:[^\W\d_][^;()]{{2,80}}[;.]\s*)?)?)(?=(?:with\s+)?{_label().pattern})",
        re.IGNORECASE,
    )


def _segments(words: str) -> list[_Segment] | None:
    labels = list(_label().finditer(words))
    if not labels:
        return None
    before = re.sub(r"(?i)\bwith\b", "", words[: labels[0].start()]).strip(" \t([#-–—*")
    is_sentence = before.endswith(".") and read_credits(before) is None
    if before and not is_sentence and not _leads().fullmatch(before):
        segments = [_Segment(("reporting",), _REPORTED.sub(r" in ", before), is_lead=True)]
    else:
        segments = []
    if segments and words[0] not in "([":
        return None
    ends = [*(label.start() for label in labels[1:]), len(words)]
    return segments + [
        _Segment(_roles(label), words[label.end() : end]) for label, end in zip(labels, ends, strict=True)
    ]


@lru_cache(maxsize=1)
def _leads() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{row['pattern']})" for row in load_grammar()["sign_off_lead"]), re.IGNORECASE)


def _roles(label: re.Match[str]) -> tuple[str, ...]:
    roles: list[str] = []
    for work in re.split(r"\s*(?:,|/|&|\band\b)\s*", label["works"]):
        role = next(
            (
                row["role"]
                for row in load_grammar()["work"]
                if re.search(rf"\b(?:{row['word']})\b", work, re.IGNORECASE)
            ),
            "",
        )
        is_more = role == "reporting" and re.match(rf"(?:{_MORE})\b", work, re.IGNORECASE)
        roles += ["additional_reporting" if is_more else role] if role else []
    return tuple(roles)


def _is_sure(words: str, segments: list[_Segment]) -> bool:
    """Whether the form alone tells a sign-off, be its names read or not: a whole bracket, or two works named."""
    is_bracket = words[:1] in ("(", "[") and words[-1:] in (")", "]") and not segments[0].is_lead
    return len(words) <= LONGEST_SURE and (is_bracket or len({segment.roles for segment in segments}) > 1)


def _sign_off(segments: list[_Segment], *, is_sure: bool = False) -> SignOff | None:
    """None where a segment is no list of names, or where a lone word and colon ("Production:") names nobody."""
    credits: dict[str, list[Credit]] = {name: [] for name in FIELDS}
    for segment in segments:
        named = read_credits(segment.words, is_sure=is_sure)
        if named is None:
            return None
        for role in segment.roles:
            credits.setdefault(role, []).extend(named)
    if not any(credits.values()) and not any(segment.words.strip(" .;)") for segment in segments):
        return None
    return SignOff(0, 0, "", **{name: tuple(credits[name]) for name in FIELDS})
