"""For whom a source speaks, and how many speak."""

from __future__ import annotations

from pipeline.entities.draft import Notebook, TitleFact


def find_party(book: Notebook, entity: int) -> int | None:
    """For whom an entity speaks: a person for the owner of the title, a ministry for its country, a country for
    itself. None where the text does not say."""
    draft = book.drafts[entity]
    if draft.kind == "person":
        owners = [f.owner for f in draft.facts if f.owner is not None and not f.is_past and not _is_home(book, f)]
        if owners:
            return owners[0]
        is_former = bool(draft.facts) and all(f.is_past for f in draft.facts if f.owner is not None)
        return None if is_former and any(f.is_past for f in draft.facts) else _country_id(book, draft.country)
    if draft.kind == "organisation" and draft.country and draft.type in _OF_STATE:
        return _country_id(book, draft.country)
    return entity if draft.kind in ("country", "organisation", "group") else None


def _is_home(book: Notebook, fact: TitleFact) -> bool:
    """Whether a title's owner is only where one lives: "a teacher in Vale" speaks for nobody."""
    kind = book.drafts[fact.owner].kind if fact.owner is not None else ""
    return kind == "place" and fact.rank in book.gazetteer.lexicon["common"]


_OF_STATE = ("ministry", "military", "intelligence", "executive", "legislature", "agency_of_state", "police",
             "central_bank")  # fmt: skip


def _country_id(book: Notebook, code: str) -> int | None:
    known = book.gazetteer.countries.get(code)
    return book.add_known(known).id if known is not None else None


def find_owner(book: Notebook, first: int, last: int, head: int) -> int | None:
    """The entity in a phrase to which its head belongs: the nearest to the left, else in its "of" phrase."""
    for i in [*range(head - 1, first - 1, -1), *range(head + 1, last)]:
        entity = book.by_token.get(i)
        if entity is not None:
            return entity
    return None


def count_speakers(book: Notebook, first: int, last: int, head: int) -> tuple[int | None, int | None]:
    """How many speak: "two officials" 2 to 2, "officials" 2 or more, "an official" 1."""
    view, table = book.text, book.gazetteer.lexicon["number"]
    for i in range(first, min(head + 1, last)):
        word = view.lower[i]
        if word in table:
            low, _, high = table[word].partition(":")
            if word in ("a", "an") and view.lower[i + 1 : i + 2] and view.lower[i + 1] in table:
                continue
            return int(low), int(high) if high and not _is_open(view.lower, first, i) else None
        if word.replace(",", "").isdigit():
            number = int(word.replace(",", ""))
            return number, None if _is_open(view.lower, first, i) else number
    if view.tag[head] in ("NNS", "NNPS"):
        return 2, None
    return (1, 1) if view.tag[head] in ("NN", "NNP") else (None, None)


def _is_open(lower: list[str], first: int, i: int) -> bool:
    return any(word in ("least", "than", "over") for word in lower[max(0, first - 3) : i])
