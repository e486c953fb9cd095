"""Names in apposition: "her lawyer, Otto Lind,", "the firm, Acme,", "news agency Acme" are one each."""

from __future__ import annotations

from pipeline.entities.draft import Notebook, Seen

_ENDS = (",", ".", ";", "”", "“", "—", "–")
LONGEST_TAIL = 8


def add_appositions(book: Notebook) -> None:
    """Notes phrases without a name whose name stands right behind, so that pronouns and roles find them."""
    for first, last, root in book.text.chunks:
        if root in book.by_token or (first, last) in book.by_span or book.text.pos[root] != "NOUN":
            continue
        entity = find_apposed(book, _end_of(book, last), root)
        if entity is not None:
            book.mention(first, last, entity, "role", root)


def _end_of(book: Notebook, last: int) -> int:
    """Where a phrase ends at a comma, its "of" and "by" phrases included; ``last`` where no comma follows soon."""
    view = book.text
    for end in range(last, min(last + LONGEST_TAIL, len(view))):
        if view.words[end] == ",":
            return end
        if view.pos[end] in ("VERB", "AUX", "PUNCT", "SPACE", "SCONJ", "CCONJ"):
            return last
    return last


def find_apposed(book: Notebook, last: int, head: int) -> int | None:
    """The person or body named behind a phrase that ends before token ``last`` and whose head is ``head``."""
    view = book.text
    at = last + (last < len(view) and view.words[last] == ",")
    at = _past_second(book, at)
    while at < len(view) and (view.lower[at],) in book.gazetteer.titles:
        at += 1
    the = at + 1 if at < len(view) and view.lower[at] == "the" else at
    names = (s for s in book.seen if s.entity is not None and s.how in ("name", "alias"))
    seen = next((s for s in names if s.first in (at, the) or _fills(book, s, at)), None)
    is_one = view.pos[head] in ("NOUN", "PROPN") and view.tag[head] not in ("NNS", "NNPS")
    if seen is None or seen.entity is None or not is_one or not _closes(book, at, seen, last):
        return None
    draft = book.drafts[seen.entity]
    lexicon = book.gazetteer.lexicon
    is_body = view.lemma[head] in lexicon["institution"]
    is_person = book.gazetteer.find_title(view.lower, head + 1) is not None
    if view.lemma[head] in lexicon["document"] or (draft.kind == "person" and is_body):
        return None
    if draft.kind == "organisation":  # "the head of the bank, Acme Trust," is the bank's name
        is_either = view.lemma[head] in lexicon["either"] and head == last - 1  # "the farm's owner, Acme,"
        return seen.entity if is_body or is_either or not is_person else None
    return seen.entity if draft.kind == "person" else None


def _past_second(book: Notebook, at: int) -> int:
    """Where the name stands in "its chair, the retired judge Ada Moor,": behind a second phrase without a name."""
    view = book.text
    first, last, root = view.chunk_of.get(at, (at, at, at))
    is_second = first == at < last < len(view) and view.dep[root] == "appos" and root not in book.by_token
    return last if is_second and view.pos[root] == "NOUN" and view.pos[last] == "PROPN" else at


def _fills(book: Notebook, seen: Seen, at: int) -> bool:
    """Whether a name ends the noun phrase that begins at a token: "Vale-based Acme"."""
    chunk = book.text.chunk_of.get(seen.head)
    return chunk is not None and chunk[0] == at and chunk[1] == seen.last and chunk[2] == seen.head


def _closes(book: Notebook, at: int, seen: Seen, last: int) -> bool:
    """Whether a name behind a comma is an apposition: closed by a comma, a verb or the end; without one, it is joined."""
    view = book.text
    if at == last or view.words[last] != ",":
        return view.dep[seen.head] == "appos"
    end = seen.last
    if end >= len(view) or view.words[end] in _ENDS:
        return True
    of = view.lower[end] in ("of", "from", "at")  # "Its author, Ada Moor of the University of Vale, said"
    return of or view.pos[end] in ("VERB", "AUX") or "\n" in view.words[end]
