"""Whose a title is: the body, place or country in the words around it."""

from __future__ import annotations

from pipeline.entities.bodies import body_at
from pipeline.entities.draft import Notebook


def owner_adjacent(book: Notebook, start: int) -> int | None:
    """The body or country right before a title, where the parse cut the phrase: "WHO chief Ada Moor"."""
    at = start - 2 if start > 1 and book.text.words[start - 1] == "'s" else start - 1
    entity = book.by_token.get(at)
    return entity if entity is not None and book.drafts[entity].kind in ("country", "organisation") else None


def owner_left(book: Notebook, start: int, floor: int) -> int | None:
    """The nearest body or place before a title within its phrase, no further than ``floor``."""
    for i in range(start - 1, floor - 1, -1):
        entity = book.by_token.get(i)
        if entity is not None and book.drafts[entity].kind != "person":
            return _body_around(book, i) or body_at(book, i) or entity
    return None


def _body_around(book: Notebook, i: int) -> int | None:
    """The organisation whose name holds the place at a token: "Real Vale" is a club, not Vale."""
    around = [s for s in book.seen if s.first <= i < s.last and s.entity is not None and s.last - s.first > 1]
    return next((s.entity for s in around if book.drafts[s.entity or 0].kind == "organisation"), None)


def owner_right(book: Notebook, root: int) -> int | None:
    """As in "head of the bank": the entity in a prepositional phrase of the title."""
    view = book.text
    for child in view.children[root]:
        if view.dep[child] == "prep" and view.lower[child] in ("of", "for", "at", "with", "in", "to"):
            for i in range(child, min(view.right_edge(child), child + 14)):
                entity = book.by_token.get(i)
                is_body = entity is not None and book.drafts[entity].kind != "person"
                if is_body and view.tag[i] == "PRP$" and body_at(book, i) is None:
                    return None  # "the head of its election commission": of the commission
                if is_body:
                    return body_at(book, i) or entity
    return None
