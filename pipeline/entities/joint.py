"""A source phrase as the phrases of its speakers: "Ukraine and the West" are two."""

from __future__ import annotations

from pipeline.entities.draft import Notebook

_TRIM = (",", ";", ":", "“", "”", '"', "(", ")", "—", "–", "-", "'s", "'")


def trim(book: Notebook, first: int, last: int) -> tuple[int, int]:
    """Tokens without marks and blanks at either end."""
    view = book.text
    while first < last - 1 and (view.words[first] in _TRIM[:-2] or not view.words[first].strip()):
        first += 1
    while last - 1 > first and (view.words[last - 1] in _TRIM or not view.words[last - 1].strip()):
        last -= 1
    return first, last


def split_joint(book: Notebook, first: int, last: int) -> list[tuple[int, int]]:
    """As in "Ukraine and the West" is two; "the bank of A and B" and a name with "and" in it are one."""
    view = book.text
    first, last = trim(book, first, last)
    if (first, last) in book.by_span:
        return [(first, last)]
    head = view.head_of(first, last)
    heads = [head]
    while True:
        following = [c for c in view.children[heads[-1]] if view.dep[c] == "conj" and first <= c < last]
        if not following or len(heads) > 8:
            break
        heads.append(following[0])
    one_name = len({book.by_token.get(h) for h in heads}) == 1 and book.by_token.get(head) is not None
    one_person = len(heads) == 2 and view.tag[heads[1]] == "NN" and _is_second_title(book, *heads)
    if len(heads) == 1 or one_name or one_person or any(view.pos[h] not in ("NOUN", "PROPN", "PRON") for h in heads):
        return [(first, last)]
    parts = []
    begin = first
    for here, following_head in zip(heads, [*heads[1:], None], strict=True):
        stop = last if following_head is None else view.left_edge(following_head)
        stop = max(stop, here + 1)
        end = stop
        while end - 1 > here and (view.words[end - 1] in _TRIM or view.pos[end - 1] in ("CCONJ", "PUNCT", "SPACE")):
            end -= 1
        parts.append(trim(book, begin, end))
        begin = stop
    return parts


def _is_second_title(book: Notebook, head: int, other: int) -> bool:
    """As in "the founder and chairman": two titles under one article are one person."""
    view, gazetteer = book.text, book.gazetteer
    if any(view.pos[c] in ("DET", "PRON") or view.dep[c] == "poss" for c in view.children[other]):
        return False
    return all(gazetteer.find_title(view.lower, h + 1) is not None for h in (head, other))
