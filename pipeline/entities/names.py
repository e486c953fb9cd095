"""Keys under which two spellings of one name are the same. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans({"ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "ß": "ss", "ı": "i", "æ": "ae", "œ": "oe"})
# Romanisation systems (BGN, Library of Congress, ICAO, press) differ in these; the left side is written as the right.
_SAME = (
    (re.compile(r"shch|sch|sh|ch|tch|zh|dzh|tz|ts"), lambda m: m.group(0)),
    (re.compile(r"(?<=[^aeiou])(iy|yy|ij|yj|ii|yi|iyi|y|i)$"), lambda _: "i"),
    (re.compile(r"(?<=[aeou])(y|j)$"), lambda _: "i"),
    (re.compile(r"^ye|^je"), lambda _: "e"),
    (re.compile(r"[yj](?=[aeou])|iy(?=[aeou])|i(?=[aou])"), lambda _: "i"),
    (re.compile(r"kh"), lambda _: "h"),
    (re.compile(r"ou"), lambda _: "u"),
    (re.compile(r"x"), lambda _: "ks"),
    (re.compile(r"([a-z])\1"), lambda m: m.group(1)),
)
_SUFFIX = re.compile(r"^(jr|sr|ii|iii|iv|junior|senior)\.?$", re.I)


def strip_accents(text: str) -> str:
    """Latin letters without their marks."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.translate(_LETTERS)) if not unicodedata.combining(c))


@lru_cache(maxsize=20_000)
def fold_name(word: str) -> str:
    """One word of a name, blind to accents, case and the romanisation of its ending.

    >>> {fold_name(w) for w in ("Petrovskiy", "Petrovskyy", "Petrovsky", "Petrovskij")}
    {'petrovski'}
    """
    text = re.sub(r"[^a-z]", "", strip_accents(word).lower())
    for pattern, replacement in _SAME:
        text = pattern.sub(replacement, text)
    return text


@lru_cache(maxsize=20_000)
def slug(name: str) -> str:
    """A name as part of a natural key: ``mark-twain``."""
    text = strip_accents(name.replace("’", "").replace("'", "")).lower()
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-")


def split_person_name(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a person's name without generational suffixes and commas."""
    kept = tuple(w for w in words if w not in (",", ".") and not _SUFFIX.match(w))
    return kept or words


def same_given_name(one: str, other: str) -> bool:
    """Whether two given names may be one person's: equal keys, or one is the other's initial."""
    a, b = fold_name(one), fold_name(other)
    if not a or not b:
        return True
    initials = [re.sub(r"[^a-z]", "", strip_accents(name).lower()) for name in (one, other)]
    return a == b or (min(map(len, initials)) == 1 and initials[0][0] == initials[1][0])
