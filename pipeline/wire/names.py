"""Names of those who made a story: lists of them, each with a place."""

from __future__ import annotations

import re

from pipeline.records import Credit
from pipeline.wire.gazetteer import is_region
from pipeline.wire.house import UPPER, agency_names
from pipeline.wire.placenames import title_place

_PIECE = re.compile(r"\s*(?:,\s*and\s+|,\s*&\s*|,\s*|;\s*(?:and\s+)?|\s+and\s+|\s+&\s+|\s+with\s+)\s*")
_NAME_WORD = (
    rf"(?:[{UPPER}][\w'’`.-]*|d[aeiu]|del|della|de|la|le|van|von|der|den|ten|ter|bin|ibn|al|el|y|e|dos|das|do|zu|st\.)"
)
_NAME = re.compile(rf"(?:al-|el-|d'|d’|O')?{_NAME_WORD}(?:[ \xa0-]+{_NAME_WORD}){{0,5}}")
_PLACED = re.compile(r"(?P<name>.*?)\s+(?:in|from|at)\s+(?P<place>.+)|(?P<name2>[^/]+)/(?P<place2>[^/]+)", re.DOTALL)
# Words of houses, not of people: "Tom Reed, The Vale Courier", "the Lagos newsroom".
_HOUSE = re.compile(
    r"\b(?:newsroom|bureau|bureaus|bureaux|newsdesk|desk|staff|team|others|colleagues|correspondents?|Times|Tribune|Post|Herald|News|Journal|"
    r"reporters?|journalists?|contributors?|freelancers?|stringers?|photographers?|writers?|"
    r"Gazette|Courier|Chronicle|Globe|Press|Star|Television|TV|Radio|agencies|Agency|Union-Tribune|Newspapers?|Media|Magazine)\b"
)
_FOR_HOUSE = re.compile(r"\s+(?:for|of)\s+(?:the\s+)?[A-Z].*$")
# Where somebody was, without a place of its own: "aboard the Harrow", "near the border".
_AWAY = re.compile(r"\s+(?:aboard|on board|near|outside|off|along)\s.*$", re.DOTALL)
_INITIAL = re.compile(r"\b[A-Z]\.$|\b(?:Jr|Sr)\.$")
_PHONE = re.compile(
    r"(?:Reuters )?Messaging:?\s*\S+@\S+"
    r"|\W*(?:(?:Tel|Phone|Ph|Fax|Tel\.|T)\b\W*)?\+?\(?\d[\d\s()/.-]{5,}\d\W*|\S+@\S+|\W*@\w+"
)


def read_credits(words: str, *, is_sure: bool = False) -> tuple[Credit, ...] | None:
    """ "Ana Vale and Tom Reed in Lagos, Jo Hale in Accra" to credits; a place covers the unplaced names before it.

    None where the words are no list of names; where they surely are one (``is_sure``), what is no name is passed over.
    """
    credits: list[Credit] = []
    bare = re.sub(r"[\s,;]+(?:and|&|with)$", "", _PHONE.sub("", words).strip(" \t\n\xa0�,;:-–—()[]|"))
    pieces = [piece for piece in _PIECE.split(bare) if piece]
    for number, piece in enumerate(pieces):
        piece = _FOR_HOUSE.sub("", _tidy(piece))
        if not piece or (_is_house(piece) and not _PLACED.fullmatch(piece)):
            continue
        if number and credits and credits[-1].place and is_region(piece):
            _widen_place(credits, credits[-1].place, f"{credits[-1].place}, {piece}")
            continue
        if not _read_piece(piece, credits) and not is_sure:
            return None
    return tuple(credits)


def _tidy(piece: str) -> str:
    """Without outer marks; a full stop stays after an initial ("D.C.", "Tom Reed Jr.")."""
    bare = re.sub(r"^by\s+|\s+(?:--|[-–—])\s.*$", "", piece.strip(" \xa0�-–—|()[]*"))
    bare = _AWAY.sub("", bare)
    return bare if _INITIAL.search(bare) else bare.rstrip(" .")


def _read_piece(piece: str, credits: list[Credit]) -> bool:
    placed = _PLACED.fullmatch(piece)
    name = ((placed["name"] or placed["name2"]) if placed else piece).strip()
    told = re.sub(r"(?i)^the\s+", "", placed["place"] or placed["place2"]) if placed else ""
    place = title_place(told) if re.match(rf"[{UPPER}]", told) else None
    if told and not place and not re.fullmatch(r"(?:wire|agency|staff|news)\b.*", told):
        return False
    if not _is_house(name):
        if not _NAME.fullmatch(name):
            return False
        credits.append(Credit(_cased(name)))
    if place:
        _place_open(credits, place)
    return True


def _place_open(credits: list[Credit], place: str) -> None:
    for index in range(len(credits) - 1, -1, -1):
        if credits[index].place:
            break
        credits[index] = Credit(credits[index].name, place)


def _widen_place(credits: list[Credit], place: str, wider: str) -> None:
    """The region after a place belongs to all who share it: "A and B in Port Henry, New York"."""
    for index in range(len(credits) - 1, -1, -1):
        if credits[index].place != place:
            break
        credits[index] = Credit(credits[index].name, wider)


def _is_house(words: str) -> bool:
    bare = re.sub(r"^(?:the|The)\s+", "", words).strip()
    return bool(_HOUSE.search(words)) or bare.casefold() in agency_names()


def _cased(name: str) -> str:
    if name.isupper() and len(name) > 4:
        return re.sub(r"[^\W\d_]+", lambda found: found[0].capitalize(), name)
    return name
