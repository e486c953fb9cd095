"""Bodies without a name of their own for which somebody speaks: "Vale police spokesman Otto Lind", "a spokesman for the
council of Vale", "an army spokesman", "a source at the ministry"."""

from __future__ import annotations

from pipeline.entities.draft import Notebook
from pipeline.entities.institutions import find_institution, name_local, name_unowned, resolve_institution

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


def body_of_title(book: Notebook, first: int, head: int) -> int | None:
    """The body without a name in the words of a title that ends at ``head``: "a spokesman for the ministry", "a police
    spokesman", "a senior army officer". Only of titles that speak for one; "for" makes any title such a one."""
    view, lexicon = book.text, book.gazetteer.lexicon
    title = book.gazetteer.find_title(view.lower, head + 1)
    if title is None:
        return None
    speaks = title[1].rank in lexicon["body_rank"] or title[1].rank == "official"
    for prep in view.children[head]:
        if view.lower[prep] == "for" or (speaks and view.lower[prep] in ("of", "at", "in", "from", "with")):
            for noun in view.children[prep]:
                if view.dep[noun] == "pobj" and (found := _unowned(book, noun)) is not None:
                    return found
    phrase = find_institution(book, first, head - 1) if speaks and head > first else None
    if phrase is None or head - 1 in book.by_token or view.pos[head - 1] not in ("NOUN", "PROPN"):
        return None
    return name_unowned(book, head, phrase[1], phrase[2])


def _unowned(book: Notebook, noun: int) -> int | None:
    """The institution whose phrase a noun heads, where no name owns it."""
    chunk = book.text.chunk_of.get(noun)
    if chunk is None or any(i in book.by_token for i in range(chunk[0], chunk[1])):
        return None
    found = resolve_institution(book, chunk[0], chunk[1], noun)
    return None if found is None or book.drafts[found[0]].kind == "place" else found[0]
