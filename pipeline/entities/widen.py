"""The ends of a name that the model cuts wrong: a surname or a number left out, a trade taken in."""

from __future__ import annotations

from pipeline.entities.gazetteer import Gazetteer
from pipeline.entities.names import fold_name
from pipeline.entities.text import TextView
from pipeline.entities.vote import Spot

_TRADES = ("er", "or", "line", "paper", "dog", "firm")


def mend_ends(view: TextView, gazetteer: Gazetteer, spots: list[Spot]) -> list[Spot]:
    """Names with their ends as they should be; those of a table stay, and a name inside another goes."""
    mended = [spot if spot.forms else _mend(view, gazetteer, spot) for spot in spots]
    return [s for s in mended if not any(_is_inside(s, other) for other in mended)]


def _is_inside(spot: Spot, other: Spot) -> bool:
    is_wider = other.last - other.first > spot.last - spot.first
    return is_wider and not other.forms and not spot.forms and other.first <= spot.first and spot.last <= other.last


def _mend(view: TextView, gazetteer: Gazetteer, spot: Spot) -> Spot:
    first, last, label = spot.first, spot.last, spot.label
    if _lacks_surname(view, gazetteer, first, last, label):
        return Spot(first, last + 1, "PERSON")
    if _begins_with_trade(view, gazetteer, first, last):
        first, label = first + 1, "ORG"
    if _is_numbered(view, first, last):
        last, label = last + 1, "ORG" if label == "PERSON" else label
    return spot if (first, last) == (spot.first, spot.last) else Spot(first, last, label)


def _lacks_surname(view: TextView, gazetteer: Gazetteer, first: int, last: int, label: str) -> bool:
    """ "Marguerite" of "lawyer Marguerite Obi": a given name that hangs on the capital word behind it."""
    if last - first != 1 or last >= len(view) or view.head[first] != last or view.dep[first] != "compound":
        return False
    is_given = label == "PERSON" or fold_name(view.words[first]) in gazetteer.given_names
    is_town = label != "PERSON" and bool(gazetteer.find_forms(view.words, first))
    is_known = is_town or (view.lower[last],) in gazetteer.titles
    is_body = view.lower[last] in gazetteer.lexicon["institution"] or view.lower[last] in gazetteer.lexicon["suffix"]
    is_name = view.pos[last] == "PROPN" and view.words[last].istitle() and view.words[last].isalpha()
    return is_given and is_name and not is_known and not is_body


def _begins_with_trade(view: TextView, gazetteer: Gazetteer, first: int, last: int) -> bool:
    """ "Drugmaker Helvexa said": what somebody is, in a capital because a sentence begins with it."""
    is_first = view.sentence_start[view.sentence[first]] == first
    is_trade = view.lower[first] in gazetteer.lexicon["institution"] and view.lower[first].endswith(_TRADES)
    return is_first and is_trade and first + 1 < last and view.is_capital(first + 1)


def _is_numbered(view: TextView, first: int, last: int) -> bool:
    """ "Kanal" of "Kanal 14", not of a score."""
    if first >= last or last + 1 >= len(view) or not view.words[last].isdigit() or len(view.words[last]) > 3:
        return False
    is_own = view.head[last] == last - 1 and view.pos[last - 1] == "PROPN"
    return (
        is_own
        and view.pos[last + 1] not in ("PROPN", "NUM", "NOUN", "SYM")
        and view.words[last + 1] not in ("-", "–", "%")
    )
