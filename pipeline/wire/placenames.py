"""A dateline's place as it is written elsewhere: "PORT HENRY, N.Y." is "Port Henry, N.Y."."""

from __future__ import annotations

import re

from pipeline.wire.house import (
    PARTICLE,
    UPPER,
)

_PARTICLES = frozenset(re.findall(r"\w+", PARTICLE)) - {"s"} | {"and"}


# Words that stay in capitals in a place: ships, states.
_KEPT = re.compile(
    r"(?:[A-Z]\.){2,}|USS|HMS|HMCS|HMAS|HNLMS|INS|USNS|MV|MT|MS|SS|RMS|RV|UN|UK|US|USA|UAE|DR|DC|RFA|EEUU|II|III|IV"
)


def title_place(place: str) -> str:
    """ "PORT HENRY, N.Y." to "Port Henry, N.Y."; "Accra ( Ghana )" to "Accra, Ghana"."""
    place = re.sub(r"\s*,?\s*[(\[]\s*([^)\]]*?)\s*[)\]]", r", \1", place)
    place = re.sub(r"\s*,\s*", ", ", re.sub(r"\s+", " ", place)).strip(" ,-–—")
    return ", ".join(_title(part, first=number == 0) for number, part in enumerate(place.split(", ")))


def _title(part: str, first: bool) -> str:
    part = re.sub(rf"\bMc([{UPPER}]{{2,}})", lambda found: "MC" + found[1], part)
    letters = [mark for mark in part if mark.isalpha()]
    is_short = not first and (len(part) == 2 or _KEPT.fullmatch(part))
    if not letters or is_short or not (part.islower() or all(mark.isupper() for mark in letters)):
        return part
    words = [word if _KEPT.fullmatch(word) else _capital(word, number) for number, word in enumerate(part.split(" "))]
    return " ".join(words)


def _capital(word: str, number: int) -> str:
    """One word of a place in title case: ``PORT-AU-PRINCE``, ``N'DJAMENA``, ``XI'AN``, ``McALLEN``."""
    if number and word.casefold() in _PARTICLES:
        return word.casefold()
    pieces = re.split(r"([-/])", word)
    return "".join(
        piece.casefold() if place and piece.casefold() in _PARTICLES else _capital_piece(piece)
        for place, piece in enumerate(pieces)
    )


def _capital_piece(piece: str) -> str:
    if found := re.fullmatch(r"([A-ZÀ-Þ])(['’])(.+)", piece):
        return found[1] + found[2] + found[3].capitalize()
    if piece.startswith("MC") and len(piece) > 4:
        return "Mc" + piece[2:].capitalize()
    return re.sub(r"[^\W\d_]+", lambda found: found[0].capitalize() if found.start() == 0 else found[0].lower(), piece)
