"""Titles and roles: what the text says that people are, and who "the Freedonian leader" is."""

from __future__ import annotations

from dataclasses import replace

from pipeline.entities.bodies import body_of_title
from pipeline.entities.draft import Draft, Notebook, Seen, TitleFact
from pipeline.entities.gazetteer import Leader, Title
from pipeline.entities.owners import owner_adjacent, owner_left, owner_right

_PLURAL_TAGS = ("NNS", "NNPS")


def collect_facts(book: Notebook) -> None:
    """Titles before a name ("NATO Secretary-General A B") and after it ("A B, head of the bank,")."""
    for seen in list(book.seen):
        if seen.entity is None or book.drafts[seen.entity].kind != "person":
            continue
        draft = book.drafts[seen.entity]
        start = _phrase_start(book, seen.first)
        before = _fact_ending(book, seen.first, start) or _before_comma(book, seen.first)
        _add_fact(book, draft, before or _membership(book, seen.first, start))
        for root in _appositions(book, seen):
            if not any(i in book.by_token and book.by_token[i] == draft.id for i in (root,)):
                _add_fact(book, draft, _fact_around(book, root))
    for draft in book.drafts:
        _own_by_home(book, draft)
        if draft.leader is not None and not draft.country and _holds(book, draft, draft.leader):
            draft.country = draft.leader.country


def _own_by_home(book: Notebook, draft: Draft) -> None:
    """Titles of state without a country are those of the country that the story is filed from: "Finance Minister A B"."""
    for n, fact in enumerate(draft.facts):
        is_state = fact.rank.endswith("minister") or fact.rank in book.gazetteer.lexicon["state_rank"]
        seen = next((s for s in book.seen if s.entity == draft.id), None)
        if fact.owner is not None or draft.country or not is_state or seen is None:
            continue
        known = book.gazetteer.countries.get(book.country_at(seen.first) or book.home_named())
        if known is not None:
            draft.facts[n] = replace(fact, owner=book.add_known(known).id)
            draft.country = known.country


def _holds(book: Notebook, draft: Draft, leader: Leader) -> bool:
    """Whether someone named as a leader of the table is one in this text: by its day, without one by the title."""
    if book.on is not None:
        return leader.holds_on(book.on)
    return any(leader.office in book.gazetteer.offices.get(f.rank, ()) and not f.is_past for f in draft.facts)


def _add_fact(book: Notebook, draft: Draft, fact: tuple[TitleFact, str] | None) -> None:
    if fact is None:
        return
    known, gender = fact
    if known not in draft.facts:
        draft.facts.append(known)
    draft.gender = draft.gender or gender
    if not draft.country and known.owner is not None:
        draft.country = book.owner_country(known.owner)


def _phrase_start(book: Notebook, first: int) -> int:
    """Where the noun phrase of a name begins."""
    view = book.text
    chunk = view.chunk_of.get(first)
    start = chunk[0] if chunk else max(0, first - 3)
    floor = view.sentence_start[view.sentence[first]]
    return max(start, floor)


def _fact_ending(book: Notebook, end: int, floor: int) -> tuple[TitleFact, str] | None:
    """The title whose words end before token ``end``, with its owner to the left within the phrase."""
    view = book.text
    if end > 0 and view.words[end - 1] == "," and end - 1 > floor:
        end -= 1
    found = book.gazetteer.find_title(view.lower, end)
    if found is None or found[0] < view.sentence_start[view.sentence[min(end, len(view) - 1)]]:
        return None
    start, title = found
    owner = owner_left(book, start, min(floor, start))
    return _make_fact(book, start, end, title, owner_adjacent(book, start) if owner is None else owner)


def _before_comma(book: Notebook, first: int) -> tuple[TitleFact, str] | None:
    """As in "the chair of the board, Ada Moor": title, "of", owner, comma, name."""
    view = book.text
    at = first - 2
    if at < 2 or view.words[at + 1] != "," or book.by_token.get(at) is None:
        return None
    owner = book.by_token[at]
    while at >= 0 and (book.by_token.get(at) == owner or view.lower[at] in ("the", "'s")):
        at -= 1
    if view.lower[at] not in ("of", "for", "at") or book.drafts[owner].kind == "person":
        return None
    found = book.gazetteer.find_title(view.lower, at)
    return None if found is None else _make_fact(book, found[0], at, found[1], owner)


def _membership(book: Notebook, end: int, floor: int) -> tuple[TitleFact, str] | None:
    """As in "Democrat Ada Moor": a party or a country right before a name."""
    at = end - 2 if end > 1 and book.text.words[end - 1] == "'s" else end - 1  # "the bank's Ada Moor"
    owner = book.by_token.get(at) if at >= floor else None
    if owner is None or book.drafts[owner].kind == "person":
        return None
    return TitleFact("member", "member", owner), ""


def _make_fact(book: Notebook, start: int, end: int, title: Title, owner: int | None) -> tuple[TitleFact, str]:
    lexicon = book.gazetteer.lexicon
    before = [book.text.lower[i] for i in range(max(0, start - 3), start)]
    past = any(w in lexicon["past"] for w in before)
    deputy = any(w in lexicon["deputy"] for w in before[-2:])
    rank = f"deputy_{title.rank}" if deputy else title.rank
    word = " ".join(book.text.lower[start:end]).replace(" - ", "-")
    return TitleFact(rank, word, owner, past), title.gender


def _fact_around(book: Notebook, root: int) -> tuple[TitleFact, str] | None:
    """The title whose last word is ``root``, with its owner on either side."""
    found = book.gazetteer.find_title(book.text.lower, root + 1)
    if found is None:
        return None
    start, title = found
    owner = owner_right(book, root)
    if owner is None:
        owner = owner_left(book, start, book.text.left_edge(root))
    if owner is None:
        owner = body_of_title(book, book.text.left_edge(root), root)
    return _make_fact(book, start, root + 1, title, owner)


def _appositions(book: Notebook, seen: Seen) -> list[int]:
    """Heads of noun phrases in apposition to a name, on either side of it."""
    view = book.text
    roots = [c for c in view.children[seen.head] if view.dep[c] == "appos"]
    roots += [g for r in roots for g in view.children[r] if view.dep[g] in ("appos", "conj")]
    at = seen.head
    while view.dep[at] == "appos":  # "its chair, the retired judge Ada Moor"
        at = view.head[at]
        roots.append(at)
    return roots


def resolve_roles(book: Notebook) -> None:
    """Every definite role phrase to who holds it, or the reason why not."""
    view = book.text
    for first, last, root in view.chunks:
        if view.tag[root] in _PLURAL_TAGS or view.dep[root] in ("attr", "appos", "npadvmod"):
            continue
        if _names_someone(book, first, root):
            continue
        resolve_role(book, first, last, root)


def _names_someone(book: Notebook, first: int, root: int) -> bool:
    """Whether a phrase holds a person's name other than as owner ("Moor's adviser")."""
    view = book.text
    for i in range(first, root + 1):
        entity = book.by_token.get(i)
        if entity is not None and book.drafts[entity].kind == "person":
            owner = view.dep[i] == "poss" or (i < root and view.words[i + 1] in ("'s", "'"))
            if not owner and not (view.dep[i] == "compound" and view.head[i] != root):
                return True
    return False


def resolve_role(book: Notebook, first: int, last: int, root: int) -> Seen | None:
    """Who "NATO's chief" is: of the text's own people first, then of the dated table; notes why nobody is."""
    view = book.text
    fact = _fact_around(book, root)
    if fact is None or fact[0].rank == "honorific" or (first, last) in book.by_span:
        return book.by_span.get((first, last))
    role = fact[0]
    follows = book.by_token.get(root + 1)
    if follows is not None and book.drafts[follows].kind == "person":
        return None  # the title of the name behind it
    if role.owner is None and view.lower[first] not in ("the", "this", "that"):
        return None
    if role.owner is not None and view.lower[first] in ("a", "an", "one", "another", "some"):
        return None
    if role.rank in book.gazetteer.lexicon["common"] and not _is_definite(book, first, root):
        return None
    if role.owner is None and _is_narrowed(book, first, root, role):
        book.why[first, last] = "whose role it is the text does not say in a form that is known"
        return None
    found, how = _find_holder(book, role, first, is_plain=_is_plain(book, first, root, role))
    if found is None:
        book.why[first, last] = how
        return None
    if role.owner is not None and role not in found.facts:  # "Freedonia's minister" tells whose minister Moor is
        found.facts.append(role)
        found.country = found.country or book.owner_country(role.owner)
    return book.mention(first, last, found.id, "role", root)


def _is_definite(book: Notebook, first: int, root: int) -> bool:
    """Whether a phrase is about one known: "the official", "Moor's lawyer"; not "Freedonian official"."""
    words = book.text.words
    return book.text.lower[first] in ("the", "this", "that") or any(words[i] in ("'s", "'") for i in range(first, root))


def _is_narrowed(book: Notebook, first: int, root: int, role: TitleFact) -> bool:
    """Whether other words make a title another one: "the band leader" is no leader of a country, "the head of its
    election commission" not the chair who is named elsewhere."""
    view = book.text
    if view.lower[root + 1 : root + 2] == ["of"] and view.tag[root + 2 : root + 3] == ["PRP$"]:
        return True
    return any(
        view.dep[i] in ("compound", "nmod", "poss") and view.lower[i] not in role.word for i in range(first, root)
    )


def _is_plain(book: Notebook, first: int, root: int, role: TitleFact) -> bool:
    """Whether nothing but the owner stands before a title: "Freedonia's interim opposition leader" is in no table."""
    plain = book.gazetteer.lexicon["plain"]
    start = root - len(role.word.replace("-", " - ").split())
    return all(
        i in book.by_token or book.text.pos[i] in ("DET", "PUNCT", "PART") or book.text.lower[i] in plain
        for i in range(first, start + 1)
    )


def _find_holder(book: Notebook, role: TitleFact, first: int, *, is_plain: bool) -> tuple[Draft | None, str]:
    """The holder and how it is known, or None and why: the text's titles come before the table, as the table's last
    day is that of its making."""
    people = [d for d in book.drafts if d.kind == "person"]
    exact = [d for d in people if any(_matches(book, role, f, d) for f in d.facts)]
    if exact:
        return _nearest(book, exact, first), "title in the text"
    if role.owner is not None and book.drafts[role.owner].kind == "country" and is_plain:
        found = _holder_of_country(book, role, people, book.drafts[role.owner].country)
        if found is not None:
            return found
    members = [d for d in people if any(f.owner == role.owner and f.rank == "member" for f in d.facts)]
    if role.owner is not None and len(members) == 1 and role.rank == "candidate":
        return members[0], "the only candidate of that party in the text"
    day = f"on {book.on.isoformat()}" if book.on else "the text's day is not known"
    return None, f"holder of the role not named in the text and not known ({day})"


def _holder_of_country(book: Notebook, role: TitleFact, people: list[Draft], code: str) -> tuple[Draft, str] | None:
    """The table's holder where the text names that person; else the text's only one of that title, whose country
    nothing tells; else the table's."""
    leader = None
    if not role.is_past and book.on is not None:
        leader = book.gazetteer.find_leader(code, role.rank, book.on)
    for draft in people:
        if leader is not None and draft.key == leader.key:
            return draft, "dated table of leaders"
    loose = [
        d for d in people
        if d.country in ("", code) and any(_is_rank(book, role, f) and f.owner is None for f in d.facts)
    ]  # fmt: skip
    if len(loose) == 1:
        return loose[0], "the only one of that title in the text"
    if leader is None:
        return None
    return book.add(leader.name, "person", key=leader.key, country=code, how="dated table of leaders", score=0.9), (
        "dated table of leaders"
    )


def _is_rank(book: Notebook, role: TitleFact, fact: TitleFact) -> bool:
    wider = book.gazetteer.lexicon["rank"].get(role.rank, role.rank).split()
    return fact.is_past == role.is_past and (fact.rank in wider or fact.word == role.word)


def _matches(book: Notebook, role: TitleFact, fact: TitleFact, draft: Draft) -> bool:
    """Same rank and same owner; a role without an owner takes any, a country's by the person's country."""
    if not _is_rank(book, role, fact):
        return False
    if role.owner is None or role.owner == fact.owner:
        return True
    if fact.owner is not None and _is_body_of(book.drafts[role.owner], book.drafts[fact.owner]):
        return True
    if fact.owner is None:
        country = book.owner_country(role.owner)
        return book.drafts[role.owner].kind == "country" and bool(country) and draft.country == country
    return False


def _is_body_of(whole: Draft, part: Draft) -> bool:
    """Whether one organisation's name begins with the other's: a union's commission is led by the union's chief."""
    return whole.kind == part.kind == "organisation" and part.name.startswith(f"{whole.name} ")


def _nearest(book: Notebook, drafts: list[Draft], first: int) -> Draft:
    """Of several holders the one named last before the role; else the first named after it."""
    wanted = {d.id for d in drafts}
    before = [s for s in book.seen if s.entity in wanted and s.first < first]
    if before:
        return book.drafts[max(before, key=lambda s: s.first).entity]  # type: ignore[index]
    after = [s for s in book.seen if s.entity in wanted]
    return book.drafts[min(after, key=lambda s: s.first).entity] if after else drafts[0]  # type: ignore[index]
