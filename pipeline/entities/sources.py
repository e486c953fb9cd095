"""Source phrases to speakers: who it is, for whom one speaks, and how that is known. First rule that fits decides."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.entities.appositions import find_apposed
from pipeline.entities.bodies import body_at, body_of_title
from pipeline.entities.draft import Notebook, Seen
from pipeline.entities.institutions import body_before, resolve_institution
from pipeline.entities.joint import split_joint
from pipeline.entities.names import slug
from pipeline.entities.parties import count_speakers, find_owner, find_party
from pipeline.entities.roles import resolve_role
from pipeline.records import SourceKind

_RELATIVES = ("who", "whom", "which", "that", "whose")
_FIRST = ("i", "we", "me", "us", "my", "our", "you", "your")


@dataclass(frozen=True, slots=True)
class ResolvedSource:
    """One speaker. ``party`` is for whom one speaks; ``why`` says why ``entity`` is None; ``score`` in 0..1."""

    start: int
    end: int
    text: str
    kind: SourceKind
    entity: int | None
    party: int | None
    how: str
    why: str | None
    score: float
    number_low: int | None = None
    number_high: int | None = None


@dataclass(frozen=True, slots=True)
class _Answer:
    kind: SourceKind
    entity: int | None
    how: str
    why: str | None = None
    score: float = 0.9
    party: int | None = None
    low: int | None = None
    high: int | None = None


def resolve_speakers(book: Notebook, first: int, last: int, cue_start: int | None) -> tuple[ResolvedSource, ...]:
    """The speakers of the tokens ``[first, last)``."""
    return tuple(_resolve_one(book, *part) for part in split_joint(book, first, last))


def _resolve_one(book: Notebook, first: int, last: int) -> ResolvedSource:
    view = book.text
    answer = _answer(book, first, last)
    party = answer.party
    if party is None and answer.entity is not None:
        party = find_party(book, answer.entity)
    start, end = view.start[first], view.end[last - 1]
    return ResolvedSource(start, end, view.text[start:end], answer.kind, answer.entity, party, answer.how, answer.why,
                          answer.score, answer.low, answer.high)  # fmt: skip


def _answer(book: Notebook, first: int, last: int) -> _Answer:
    """Pronoun, name, role, document, group, institution, and last: someone without a name."""
    view = book.text
    head = view.head_of(first, last)
    if last - first == 1 and view.lower[head] in (*_RELATIVES, *_FIRST):
        return _relative(book, head)
    if head in book.stands_for or (last - first == 1 and view.pos[head] == "PRON"):
        return _pronoun(book, head)
    for rule in (_named, _held_role, _apposed, _role, _document, _institution, _proper):
        found = rule(book, first, last, head)
        if found is not None:
            return found
    return _unnamed(book, first, last, head)


def _pronoun(book: Notebook, head: int) -> _Answer:
    seen = book.stands_for.get(head)
    if seen is None:
        return _Answer("pronoun", None, "pronoun", book.why.get((head, head + 1), "nothing before it fits"), 0.2)
    if seen.entity is None:
        phrase = _answer(book, seen.first, seen.last)
        return _Answer("pronoun", phrase.entity, "pronoun", phrase.why, 0.6, phrase.party, phrase.low, phrase.high)
    margin = book.margin.get(head, 0.0)
    return _Answer("pronoun", seen.entity, "pronoun", score=0.95 if margin >= 1.5 else 0.85 if margin >= 0.6 else 0.7)


def _relative(book: Notebook, head: int) -> _Answer:
    """As in "who", "which": the noun that the clause hangs on; "I", "we" in a quotation: not known here."""
    view = book.text
    if view.lower[head] in _FIRST:
        return _Answer("pronoun", None, "pronoun", "first person: whoever is quoted", 0.2)
    at = head
    while view.dep[at] != "relcl" and view.head[at] != at:
        at = view.head[at]
    if view.dep[at] != "relcl":
        return _Answer("pronoun", None, "pronoun", "no noun that the clause belongs to", 0.2)
    noun = view.head[at]
    if view.dep[noun] in ("attr", "appos"):  # "Moor is a lawyer who", "Acme, a firm that"
        subject = [c for c in view.children[view.head[noun]] if view.dep[c] in ("nsubj", "nsubjpass")]
        noun = noun if view.dep[noun] == "attr" and not subject else (subject or [view.head[noun]])[0]
    chunk = view.chunk_of.get(noun, (noun, noun + 1, noun))
    found = _answer(book, chunk[0], chunk[1])
    return _Answer("pronoun", found.entity, "relative clause", found.why, 0.85, found.party, found.low, found.high)


def _named(book: Notebook, first: int, last: int, head: int) -> _Answer | None:
    view = book.text
    seen = book.by_span.get((first, last))
    entity = seen.entity if seen is not None else None
    if entity is None:
        entity = _person_inside(book, first, last, head)
    if entity is None:
        entity = book.by_token.get(head)
    if entity is None or (view.pos[head] == "NOUN" and book.drafts[entity].kind == "place"):
        return None
    draft = book.drafts[entity]
    how = seen.how if seen is not None else "name"
    is_own = draft.name.casefold() == book.agency_name and draft.kind == "organisation"
    if is_own or (draft.type == "agency" and not book.agency_name):
        return _Answer("agency", entity, how, score=0.95)
    kind: SourceKind = "institution"
    if seen is not None and seen.how == "role" and draft.kind != "organisation":
        kind = "role"
    elif draft.kind == "person":
        kind = "named"
    elif draft.kind == "group" or (draft.kind == "country" and view.tag[head] == "NNPS"):
        kind = "group"
    return _Answer(kind, entity, draft.how if how == "name" else how, score=draft.score)


def _apposed(book: Notebook, first: int, last: int, head: int) -> _Answer | None:
    """As in "her lawyer, Otto Lind, said": who is named right behind."""
    entity = find_apposed(book, last, head)
    if entity is None:
        return None
    is_person = book.drafts[entity].kind == "person"
    return _Answer("named" if is_person else "institution", entity, "named behind", score=0.9 if is_person else 0.85)


def _person_inside(book: Notebook, first: int, last: int, head: int) -> int | None:
    """The person whom a phrase is about: a name that hangs on its head by titles and appositions only, not by "of",
    a possessive or a clause ("an aide to Ada Moor" is not Moor)."""
    view = book.text
    if view.lemma[head] in book.gazetteer.lexicon["document"]:
        return None
    for i in range(last - 1, first - 1, -1):
        entity = book.by_token.get(i)
        if entity is None or book.drafts[entity].kind != "person":
            continue
        if i + 1 < last and view.words[i + 1] in ("'s", "'"):
            continue
        if i == head or _hangs_on(book, i, head, first, last):
            return entity
    return None


def _hangs_on(book: Notebook, i: int, head: int, first: int, last: int) -> bool:
    """Whether a name's token belongs to the head as its name, not as what the head is of ("Moor campaign")."""
    view = book.text
    if i > head and i == last - 1:
        if all(view.pos[k] not in ("ADP", "VERB", "AUX", "SCONJ") for k in range(head + 1, i)):
            return True
        begin = next(k for k in range(i, head, -1) if k - 1 not in book.by_token or k - 1 == head)
        if view.words[begin - 1] == "," and book.gazetteer.find_title(view.lower, head + 1) is not None:
            return True  # "the chair of the board, Ada Moor,"
    at = i
    while at != head and view.dep[at] in ("compound", "appos", "nmod", "flat") and first <= view.head[at] < last:
        if at < view.head[at] and view.pos[view.head[at]] == "NOUN":
            return False
        at = view.head[at]
    return at == head


def _held_role(book: Notebook, first: int, last: int, head: int) -> _Answer | None:
    """A role that somebody is known to hold."""
    found = _role(book, first, last, head)
    return found if found is not None and found.entity is not None else None


def _role(book: Notebook, first: int, last: int, head: int) -> _Answer | None:
    view = book.text
    if view.tag[head] in ("NNS", "NNPS"):
        return None
    chunk = view.chunk_of.get(head, (first, last, head))
    seen: Seen | None = resolve_role(book, chunk[0], chunk[1], head)
    if seen is not None and seen.entity is not None:
        return _Answer("role", seen.entity, "role", score=0.9)
    why = book.why.get((chunk[0], chunk[1]))
    title = book.gazetteer.find_title(view.lower, head + 1)
    owner = find_owner(book, first, last, head)
    if why is None or (owner is None and title is not None and title[1].rank in book.gazetteer.lexicon["common"]):
        return None  # "the official" is still someone unnamed
    return _Answer("role", None, "role", why, 0.5, owner)


def _document(book: Notebook, first: int, last: int, head: int) -> _Answer | None:
    if book.text.lemma[head] not in book.gazetteer.lexicon["document"]:
        return None
    return _Answer("document", None, "document", "a document, not a person", 0.8, find_owner(book, first, last, head))


def _institution(book: Notebook, first: int, last: int, head: int) -> _Answer | None:
    """As in "the ministry", "police": the country, one named before, or an institution of this text only."""
    found = resolve_institution(book, first, last, head)
    return None if found is None else _Answer("institution", found[0], found[1], score=found[2])


def _proper(book: Notebook, first: int, last: int, head: int) -> _Answer | None:
    """A source that is a name by its capitals, though nothing took it for one ("The Gulf Maritime Inspectorate")."""
    view = book.text
    begin = head
    while begin > first and view.is_capital(begin - 1) and view.pos[begin - 1] != "DET":
        begin -= 1
    name = view.text[view.start[begin] : view.end[head]]
    is_agency = name.casefold() == book.agency_name
    is_name = view.pos[head] == "PROPN" and view.tag[head] != "NNPS" and view.is_capital(head)
    if not is_name and not is_agency:
        return None
    draft = book.add(name, "organisation", key=f"org:{slug(name)}", type="agency" if is_agency else "organisation",
                     how="named in the text", score=0.6)  # fmt: skip
    book.mention(begin, head + 1, draft.id, "name", head)
    return _Answer("agency" if is_agency else "institution", draft.id, "name", score=0.6)


def _owner_before(book: Notebook, first: int, head: int) -> int | None:
    """Whose "the official" is: that of the same noun before it ("a Freedonian official")."""
    view = book.text
    for chunk_first, chunk_last, root in reversed(view.chunks):
        if chunk_last <= first and view.lemma[root] == view.lemma[head]:
            owner = find_owner(book, chunk_first, chunk_last, root)
            if owner is not None:
                return owner
    return None


def _unnamed(book: Notebook, first: int, last: int, head: int) -> _Answer:
    low, high = count_speakers(book, first, last, head)
    owner = find_owner(book, first, last, head)
    if owner is not None:
        owner = next(
            (b for i in range(first, last) if book.by_token.get(i) == owner and (b := body_at(book, i))), owner
        )
    elif book.text.lower[first] in ("the", "this", "that", "these", "those"):
        owner = _owner_before(book, first, head)
    title = book.gazetteer.find_title(book.text.lower, head + 1)
    if owner is None:
        owner = body_of_title(book, first, head)
    if owner is None and title is not None and title[0] - first <= 1 and last == head + 1:
        owner = body_before(book, head, title[1].rank)
    party = None
    if book.text.lemma[head] in book.gazetteer.lexicon["against"]:
        owner = None
    is_private = title is not None and title[1].rank in book.gazetteer.lexicon["common"]
    if owner is not None and not (is_private and book.drafts[owner].kind == "place"):
        party = owner if book.drafts[owner].kind in ("country", "organisation") else find_party(book, owner)
    return _Answer("unnamed", None, "unnamed", "not named in the text", 0.8, party, low, high)
