"""Institutions without a name of their own: "the Freedonian army", "Freedonia's foreign ministry", "the Moor campaign",
"the ministry", "police"."""

from __future__ import annotations

from dataclasses import replace

from pipeline.entities.draft import Draft, Notebook
from pipeline.entities.names import slug
from pipeline.entities.parties import find_owner

_OWN_NAME = ("outlet", "agency", "company")
_PLURALS = ("authorities", "armed forces", "police")
_INDEFINITE = ("a", "an", "another", "one", "some", "any", "no", "each", "every")
_LOOSE = frozenset(("the", "this", "that", "its", "their", "a", "an", "his", "her", "'s"))


def add_institutions(book: Notebook) -> None:
    """Notes every institution that a country in its phrase owns; a government is the country itself."""
    for first, _, root in book.text.chunks:
        found = find_institution(book, first, root)
        if found is None or book.text.lower[first] in _INDEFINITE:
            continue
        start, phrase, kind = found
        owner = next((book.by_token[i] for i in range(start - 1, first - 1, -1) if i in book.by_token), None)
        if owner is None or book.drafts[owner].kind != "country" or kind == "place":
            continue
        if kind == "country":
            book.mention(first, root + 1, owner, "metonym", root)
            continue
        draft = _of_country(book, book.drafts[owner].country, own_name(book, first, root + 1), phrase, kind)
        book.mention(first, root + 1, draft.id, "name", root)


def _of_country(book: Notebook, code: str, name: str, phrase: str, kind: str) -> Draft:
    return book.add(name, "organisation", key=f"org:{code}-{slug(phrase)}", type=kind, country=code,
                    how="institution of a country", score=0.9)  # fmt: skip


def own_name(book: Notebook, first: int, last: int) -> str:
    """A phrase as a name: without its article."""
    view = book.text
    while first < last - 1 and (view.pos[first] in ("DET", "PRON") or not view.words[first].strip()):
        first += 1
    name = view.text[view.start[first] : view.end[last - 1]]
    starts = first == view.sentence_start[view.sentence[first]] and view.pos[first] == "NOUN"
    return name[0].lower() + name[1:] if starts else name


def find_institution(book: Notebook, first: int, root: int) -> tuple[int, str, str] | None:
    """The longest institution phrase that ends at ``root``, with the nouns that narrow it ("fisheries ministry"): its
    first token, words and type."""
    view, table = book.text, book.gazetteer.lexicon["institution"]
    for start in range(max(first, root - 3), root + 1):
        kind = table.get(" ".join(view.lower[start : root + 1]))
        if kind is None:
            continue
        while start > first and view.pos[start - 1] == "NOUN" and view.dep[start - 1] == "compound":
            start -= 1
        return start, " ".join(view.lower[start : root + 1]), kind
    return None


def resolve_institution(book: Notebook, first: int, last: int, head: int) -> tuple[int, str, float] | None:
    """The entity of an institution that speaks, how it was found, and a score; None where the phrase is none."""
    view = book.text
    chunk = view.chunk_of.get(head, (first, last, head))
    found = find_institution(book, max(first, chunk[0]), head)
    if found is None or (
        view.tag[head] == "NNS" and found[1].split(" ")[-1] not in _PLURALS and found[1] not in _PLURALS
    ):
        return None
    if view.lower[chunk[0]] in _INDEFINITE:
        return None  # "a union" is someone unnamed
    _, phrase, kind = found
    owner = find_owner(book, first, last, head)
    if owner is not None:
        draft = _owned(book, owner, own_name(book, max(first, chunk[0]), head + 1), phrase, kind)
    else:
        words = {w for w in view.lower[chunk[0] : head + 1] if w not in _LOOSE}
        name = own_name(book, max(first, chunk[0]), head + 1)
        draft = _named_before(book, words, kind, first) or _local(book, name, kind)
    if owner == draft.id:
        return owner, "metonym" if draft.kind == "country" else "name", 0.9
    book.mention(first, last, draft.id, "role", head)
    return draft.id, "institution", 0.75


def _owned(book: Notebook, owner: int, name: str, phrase: str, kind: str) -> Draft:
    """An institution by its owner: a country's, one at a seat of government, a person's campaign, "Acme magazine"."""
    holder = book.drafts[owner]
    code = holder.country if holder.kind == "country" or book.is_capital(holder) else ""
    if code:
        if kind == "country":
            return book.drafts[owner] if holder.kind == "country" else book.add_known(book.gazetteer.countries[code])
        if holder.kind == "country" or kind in ("ministry", "military", "central_bank", "legislature", "intelligence"):
            country = book.gazetteer.countries[code].name
            return _of_country(book, code, name if holder.kind == "country" else f"{country} {phrase}", phrase, kind)
    if holder.kind == "organisation" and kind in _OWN_NAME:
        return holder
    last_name = holder.words[-1] if holder.kind == "person" and holder.words else holder.name
    if holder.kind == "person" and kind in ("campaign", "executive", "country"):
        full = f"{last_name} {phrase}"
        return book.add(full, "organisation", key=f"org:{slug(full)}", type=kind, score=0.8)
    return _local(book, name if " " in name else f"{last_name} {phrase}", kind)


def _local(book: Notebook, name: str, kind: str) -> Draft:
    """An organisation known to this text alone: no key, so it never merges over texts."""
    for draft in book.drafts:
        if draft.name.lower() == name.lower() and draft.kind == "organisation":
            return draft
    return book.add(name, "organisation", type=kind, how="named by its kind only", score=0.6)


def _named_before(book: Notebook, words: set[str], kind: str, first: int) -> Draft | None:
    """The last organisation named before whose own name has these words; for a bare word that any such body goes by
    ("the company", "the agency"), the last of its type within three sentences; "the city" the only one of the text."""
    if kind == "place":
        return _only_place(book, words)
    general = len(words) == 1 and words <= book.gazetteer.lexicon["general"].keys()
    here = book.text.sentence[first]
    best: Draft | None = None
    rank = (0, -1)
    for seen in book.seen:
        if seen.entity is None or seen.first >= first:
            continue
        draft = book.drafts[seen.entity]
        if draft.kind != "organisation" or draft.name.casefold() == book.agency_name:
            continue
        near = general and draft.key and here - book.text.sentence[seen.head] <= 3
        fits = (
            2 if words <= set(draft.name.lower().split()) else 1 if near and draft.type in (kind, "organisation") else 0
        )
        if fits and (fits, seen.first) > rank:
            best, rank = draft, (fits, seen.first)
    return best


def _only_place(book: Notebook, words: set[str]) -> Draft | None:
    """As in "the city": the only city of the text."""
    wanted = {"city": "city", "state": "region", "province": "region"}.get(" ".join(words), "")
    places = [d for d in book.drafts if wanted and d.type == wanted]
    return places[0] if len(places) == 1 else None


def complete_facts(book: Notebook) -> None:
    """Owners of titles that are known only once pronouns are: "its spokesman Ada Moor", "board spokesman Otto Lind"."""
    for seen in list(book.seen):
        if seen.entity is None or seen.how not in ("name", "alias") or book.drafts[seen.entity].kind != "person":
            continue
        draft, chunk = book.drafts[seen.entity], book.text.chunk_of.get(seen.first)
        found = book.gazetteer.find_title(book.text.lower, seen.first)
        bare = next((f for f in draft.facts if found and f.owner is None and f.word == found[1].word), None)
        if found is None or chunk is None or bare is None or found[0] <= chunk[0]:
            continue
        owner = _owner_before(book, chunk[0], found[0])
        if owner is not None:
            draft.facts[draft.facts.index(bare)] = replace(bare, owner=owner)
            draft.country = draft.country or book.owner_country(owner)


def _owner_before(book: Notebook, first: int, title: int) -> int | None:
    """The pronoun's organisation or the institution in the words before a title."""
    named = [book.by_token[i] for i in range(first, title) if i in book.by_token]
    named = [e for e in named if book.drafts[e].kind != "person"]
    if named:
        return named[-1]
    phrase = find_institution(book, first, title - 1)
    if phrase is None or book.text.pos[title - 1] not in ("NOUN", "PROPN"):
        return None
    words = set(phrase[1].split(" "))
    return (_named_before(book, words, phrase[2], title) or _local(book, phrase[1], phrase[2])).id
