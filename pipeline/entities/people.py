"""People of a text: full names become entities, later short forms find theirs, never across texts by surname alone."""

from __future__ import annotations

import re
from collections import Counter

from pipeline.entities.draft import Draft, Notebook
from pipeline.entities.gazetteer import Leader
from pipeline.entities.names import fold_name, same_given_name, slug, split_person_name
from pipeline.entities.vote import Spot

_PLAIN = re.compile(r"[\w .'’-]+")
_NICKNAME = re.compile(r"""\s*(?:["“]|'')[^"”']+(?:["”]|'')\s*""")


def add_people(book: Notebook, spots: list[Spot]) -> None:
    """Makes a draft for every person and notes each of their names' mentions."""
    people = [s for s in spots if s.kind == "person"]
    whole = [s for s in people if len(_words(book, s)) > 1]
    _cut_prefixes(book, whole)
    drafts: dict[int, Draft] = {}
    for spot in sorted(whole, key=lambda s: (not _is_plain(book, s), s.first)):  # "De Blasio" after "Bill de Blasio"
        drafts[spot.first] = _match_full(book, spot) or _new_person(book, spot)
    counts: dict[int, int] = {}
    for spot in people:
        draft = drafts.get(spot.first)
        if draft is None:
            draft = _match_short(book, spot, counts)
            counts[draft.id] = counts.get(draft.id, 0) + 1
        book.mention(spot.first, spot.last, draft.id, "name" if spot.first in drafts else "alias")


def _cut_prefixes(book: Notebook, whole: list[Spot]) -> None:
    """Drops what the model took into a name ("Condemn Ada Moor") where the text has the rest by itself as often."""
    counts = Counter(_words(book, s) for s in whole)
    for spot in whole:
        words = _words(book, spot)
        for size in range(len(words) - 1, 1, -1):
            if counts[words[-size:]] >= counts[words] and fold_name(words[0]) not in book.gazetteer.given_names:
                spot.first = spot.last - size
                break


def _words(book: Notebook, spot: Spot) -> tuple[str, ...]:
    words = book.text.words[spot.first : spot.last]
    return split_person_name(tuple(w for w in words if w[0].isalnum()))


def _is_plain(book: Notebook, spot: Spot) -> bool:
    """Whether a name begins with a given name, not with the particle of a surname."""
    return book.text.lower[spot.first] not in (
        "de",
        "di",
        "da",
        "van",
        "von",
        "el",
        "al",
        "bin",
        "ben",
        "le",
        "la",
        "du",
    )


def _people(book: Notebook) -> list[Draft]:
    return [d for d in book.drafts if d.kind == "person" and d.words]


def _match_full(book: Notebook, spot: Spot) -> Draft | None:
    words = _words(book, spot)
    for draft in _people(book):
        same_surname = len(draft.words) > 1 and fold_name(words[-1]) == fold_name(draft.words[-1])
        if same_surname and any(same_given_name(words[0], given) for given in draft.words[:-1]):
            return draft
        if len(words) < len(draft.words) and [*map(fold_name, words)] == [*map(fold_name, draft.words[-len(words) :])]:
            return draft  # "De Blasio"
    return None


def _new_person(book: Notebook, spot: Spot) -> Draft:
    words = _words(book, spot)
    name = _display_name(book, spot)
    leader = find_known_leader(book, words)
    key = leader.key if leader else f"person:{slug(name)}" if len(words) > 1 else ""
    draft = book.add(name, "person", key=key)
    draft.words = draft.words or words
    draft.gender = book.gazetteer.given_names.get(fold_name(words[0]), "") if len(words) > 1 else ""
    draft.is_gender_guessed = bool(draft.gender)
    if leader:
        draft.leader, draft.how = leader, "name in the table of leaders"
    elif len(words) == 1:
        draft.how, draft.score = "surname without a full name in the text", 0.6
    return draft


def _display_name(book: Notebook, spot: Spot) -> str:
    """A name as the text writes it, without a nickname in quotation marks."""
    view = book.text
    text = view.text[view.start[spot.first] : view.end[spot.last - 1]]
    name = " ".join(_NICKNAME.sub(" ", text).split())
    return name if _PLAIN.fullmatch(name) else " ".join(_words(book, spot))


def find_known_leader(book: Notebook, words: tuple[str, ...]) -> Leader | None:
    """A leader of the table with this name. A bare surname needs the day within the term and the country in the text."""
    if not words:
        return None
    leaders = book.gazetteer.leaders_by_surname.get(fold_name(words[-1]), ())
    leaders = leaders or book.gazetteer.leaders_by_surname.get(fold_name(words[0]), ())
    for leader in leaders:
        given = {fold_name(w) for w in leader.name.split()}
        if len(words) > 1 and all(fold_name(w) in given or len(fold_name(w)) == 1 for w in words):
            return leader
        if len(words) == 1 and book.on and leader.holds_on(book.on) and f"country:{leader.country}" in book.by_key:
            return leader
    return None


def _match_short(book: Notebook, spot: Spot, counts: dict[int, int]) -> Draft:
    """The person that a surname (or a given name) means here: by the gender of its title, then whom it meant before,
    then who came first: copy that names two of a family writes the other's name in full."""
    word, gender = fold_name(book.text.words[spot.last - 1]), _title_gender(book, spot)
    people = _people(book)
    by_surname = [d for d in people if fold_name(d.words[-1]) == word]
    if len(by_surname) > 1 and gender:
        by_surname = [d for d in by_surname if d.gender in ("", gender) or d.is_gender_guessed] or by_surname
    candidates = by_surname or [d for d in people if len(d.words) > 1 and fold_name(d.words[0]) == word]
    if not candidates:
        return _name_leader(book, _new_person(book, spot))
    best = max(candidates, key=lambda d: (counts.get(d.id, 0), -d.id))
    if gender and (not best.gender or best.is_gender_guessed):
        best.gender, best.is_gender_guessed = gender, False
    return best


def _name_leader(book: Notebook, draft: Draft) -> Draft:
    """A bare surname that the table of leaders explains takes the full name from it."""
    if draft.key and len(draft.words) == 1:
        leader = find_known_leader(book, draft.words)
        if leader:
            draft.name, draft.how, draft.score = leader.name, "surname, country and day in the table of leaders", 0.85
    return draft


def _title_gender(book: Notebook, spot: Spot) -> str:
    view = book.text
    found = book.gazetteer.find_title(view.lower, spot.first)
    return found[1].gender if found else ""
