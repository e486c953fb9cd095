"""Institutions without a name of their own: "the Freedonian army", "Freedonia's foreign ministry", "the Moor campaign",
"the ministry", "police"."""

from __future__ import annotations

from dataclasses import replace

from pipeline.entities.draft import Draft, Notebook, TitleFact
from pipeline.entities.names import slug
from pipeline.entities.parties import find_owner

_OWN_NAME = ("outlet", "agency", "company")
_PLURALS = ("authorities", "armed forces", "police")
_INDEFINITE = ("a", "an", "another", "one", "some", "any", "no", "each", "every", "neither", "either", "both", "many",
               "several", "most", "few")  # fmt: skip
_LOOSE = frozenset(("the", "this", "that", "its", "their", "a", "an", "his", "her", "'s"))


def add_institutions(book: Notebook) -> None:
    """Notes every institution that a country in its phrase owns; a government is the country itself."""
    for first, _, root in book.text.chunks:
        found = find_institution(book, first, root)
        if found is None or book.text.lower[first] in _INDEFINITE or root in book.by_token:
            continue  # in a name already: "the Kenya Association of Manufacturers"
        start, phrase, kind = found
        owner = next((book.by_token[i] for i in range(start - 1, first - 1, -1) if i in book.by_token), None)
        if owner is None or book.drafts[owner].kind != "country" or kind in ("place", "company"):
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
    starts = starts and first not in book.by_token and view.lower[first + 1 : first + 2] not in (["'s"], ["'"])
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
        before = _named_before(book, words, kind, first) or _of_home(book, head, name, phrase, kind)
        draft = before or _local(book, name, kind)
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
            country = book.gazetteer.countries[code].adjective
            is_named = holder.kind == "country" and " " in name  # not "its embassy"
            return _of_country(book, code, name if is_named else f"{country} {phrase}", phrase, kind)
    if holder.kind == "organisation" and kind in _OWN_NAME:
        return holder
    last_name = holder.words[-1] if holder.kind == "person" and holder.words else holder.name
    if holder.kind == "person" and kind in ("campaign", "executive", "country"):
        full = f"{last_name} {phrase}" if kind == "campaign" else f"{last_name}’s {phrase}"
        return book.add(full, "organisation", key=f"org:{slug(full)}", type=kind, score=0.8)
    more = set(name.lower().replace("’", "'").split()) - set(
        f"{holder.name} {phrase} {holder.name}'s the".lower().split()
    )
    if holder.kind == "place" and not more:
        return book.drafts[name_local(book, owner, phrase, kind)]
    return _local(book, name if " " in name else f"{last_name}’s {phrase}", kind)


def name_unowned(book: Notebook, index: int, phrase: str, kind: str) -> int | None:
    """A body that only a noun before a title tells of: "ministry official", "government spokesman"."""
    if kind == "country":
        code = book.country_at(index)
        return book.add_known(book.gazetteer.countries[code]).id if code in book.gazetteer.countries else None
    if kind == "place":
        return None
    words = set(phrase.split(" "))
    return (
        _named_before(book, words, kind, index)
        or _of_home(book, index, phrase, phrase, kind)
        or _local(book, phrase, kind)
    ).id


def name_local(book: Notebook, place: int, phrase: str, kind: str) -> int:
    """A body of a place, under one name however it is written: "police in Vale", "Vale's police", "Vale police"."""
    return _local(book, f"{book.drafts[place].name} {phrase}", kind).id


_STATE_BODIES = ("ministry", "military", "central_bank", "legislature", "intelligence")
_PRIVATE_TOO = ("council", "committee", "department", "treasury", "bank", "command", "brigade", "battalion", "mission")


def _of_home(book: Notebook, index: int, name: str, phrase: str, kind: str) -> Draft | None:
    """A body of a state that needs no country where the story is filed from it: "the foreign ministry"."""
    last = phrase.split(" ")[-1]
    code = (
        book.country_at(index)
        if kind in _STATE_BODIES and (last not in _PRIVATE_TOO or phrase == "central bank")
        else ""
    )
    if not code or code not in book.gazetteer.countries:
        return None
    country = book.gazetteer.countries[code].adjective
    return _of_country(book, code, f"{country} {phrase}" if name.lower() == phrase else name, phrase, kind)


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
    general = general and not _is_introduced(book, words, first)
    kinds = (
        kind,
        "organisation",
        *(("international",) if words & {"agency", "alliance", "bloc", "organisation"} else ()),
    )
    loose = bool(words & book.gazetteer.lexicon["loose"].keys())  # "the firm" may be any body, "the bank" only a bank
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
            2
            if words <= set(draft.name.lower().split())
            else 1
            if near and (draft.type == kind or (loose and draft.type in kinds))
            else 0
        )
        if fits and (fits, seen.first) > rank:
            best, rank = draft, (fits, seen.first)
    return best or _named_later(book, words, first)


def _named_later(book: Notebook, words: set[str], first: int) -> Draft | None:
    """The only body with a name of its own that has these words, where leads speak of it before they name it."""
    later = {
        seen.entity: book.drafts[seen.entity] for seen in book.seen
        if seen.entity is not None and seen.first > first and seen.how == "name"
    }  # fmt: skip
    fitting = [d for d in later.values() if d.kind == "organisation" and d.key and words <= set(d.name.lower().split())]
    return fitting[0] if len(fitting) == 1 else None


def _is_introduced(book: Notebook, words: set[str], first: int) -> bool:
    """Whether the text spoke of one without a name before: "a mining company …", then "the company" is that one."""
    view = book.text
    return any(
        view.lower[chunk_first] in ("a", "an")
        and view.lower[root] in words
        and last <= first
        and root not in book.by_token
        for chunk_first, last, root in view.chunks
    )


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
        if found is None or chunk is None or bare is None:
            continue
        is_first = found[0] <= chunk[0]
        owner = body_before(book, found[0], bare.rank) if is_first else _owner_before(book, chunk[0], found[0])
        if owner is not None:
            _own(book, draft, bare, owner)
    for seen in list(book.seen):  # "its chairwoman, Ada Moor"
        whose = book.stands_for.get(seen.first) if seen.how == "role" else None
        if seen.entity is None or whose is None or book.drafts[seen.entity].kind != "person":
            continue
        draft, found = book.drafts[seen.entity], book.gazetteer.find_title(book.text.lower, seen.head + 1)
        bare = next((f for f in draft.facts if found and f.owner is None and f.rank == found[1].rank), None)
        body = None if bare is None else resolve_institution(book, whose.first, whose.last, whose.head)
        owner = whose.entity if body is None else body[0]
        if bare is not None and owner is not None and book.drafts[owner].kind in ("organisation", "country"):
            _own(book, draft, bare, owner)


def _own(book: Notebook, draft: Draft, bare: TitleFact, owner: int) -> None:
    """The owner of a person's title."""
    draft.facts[draft.facts.index(bare)] = replace(bare, owner=owner)
    draft.country = draft.country or book.owner_country(owner)


def body_before(book: Notebook, index: int, rank: str) -> int | None:
    """Whose a bare "spokesperson Ada Moor" or "the chief executive" is: the body that the one or two sentences before
    are about. Only for titles that nobody has without a body."""
    view = book.text
    if rank not in book.gazetteer.lexicon["body_rank"]:
        return None
    here = view.sentence[index]
    for seen in sorted(book.seen, key=lambda s: -s.head):
        distance = here - view.sentence[seen.head]
        if seen.entity is None or distance < 1 or distance > 2 or view.dep[seen.head] not in ("nsubj", "nsubjpass"):
            continue
        draft = book.drafts[seen.entity]
        if draft.kind == "person" and distance == 1:
            return None
        if draft.kind == "organisation" and draft.name.casefold() != book.agency_name and draft.type != "campaign":
            return seen.entity
    return None


def _owner_before(book: Notebook, first: int, title: int) -> int | None:
    """The pronoun's organisation or the institution in the words before a title."""
    named = [book.by_token[i] for i in range(first, title) if i in book.by_token]
    named = [e for e in named if book.drafts[e].kind != "person"]
    if named:
        return named[-1]
    phrase = find_institution(book, first, title - 1)
    if phrase is None or book.text.pos[title - 1] not in ("NOUN", "PROPN"):
        return None
    return name_unowned(book, title, phrase[1], phrase[2])
