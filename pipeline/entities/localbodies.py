"""Bodies of a place for which somebody speaks: "Vale police spokesman Otto Lind", "a spokesman for the council of Vale"."""

from __future__ import annotations

from pipeline.entities.draft import Notebook
from pipeline.entities.institutions import find_institution, name_local

LONGEST_BODY = 3
#: types of bodies that only places have, also where nothing else tells that a name is a place's
PUBLIC = frozenset({"police", "legislature", "court", "agency_of_state"})


def body_at(book: Notebook, at: int) -> int | None:
    """The body that a place at a token narrows, noted as an entity of this text; None where it stands alone, or is a
    country, whose officials speak for it."""
    entity = book.by_token.get(at)
    if entity is None or book.drafts[entity].kind in ("country", "person"):
        return None
    found = _behind(book, at, entity) or _before(book, at)
    if found is None or (book.drafts[entity].kind != "place" and found[1] not in PUBLIC):
        return None  # "the Acme union" is no body of a place
    phrase, kind, first, last = found
    body = name_local(book, entity, phrase, kind)
    book.mention(first, last, body, "role", last - 1)
    return body


def _behind(book: Notebook, at: int, place: int) -> tuple[str, str, int, int] | None:
    """ "Vale police", "Vale's city council": the institution right behind the name."""
    view = book.text
    last = at + 1
    while book.by_token.get(last) == place:
        last += 1
    last += view.lower[last : last + 1] == ["'s"]
    for root in range(min(last + LONGEST_BODY, len(view)) - 1, last - 1, -1):
        found = find_institution(book, last, root)
        if found is not None and found[0] == last and not view.is_capital(root):
            return found[1], found[2], at, root + 1
    return None


def _before(book: Notebook, at: int) -> tuple[str, str, int, int] | None:
    """ "The police in Vale": the institution right before the preposition."""
    view, place = book.text, book.by_token[at]
    link = at - 1  # by place, not by the parse, which hangs "in Vale" on the title ("the head of the police in Vale")
    while link > 0 and (book.by_token.get(link) == place or view.lower[link] == "the"):
        link -= 1
    root = link - 1
    if root < 0 or view.lower[link] not in ("in", "of", "at") or root in book.by_token:
        return None
    found = find_institution(book, view.left_edge(root), root)
    return None if found is None else (found[1], found[2], found[0], at + 1)
