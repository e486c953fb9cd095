"""Statements and links to cards: one proposition each, who asserts, denies, does not confirm, is silent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from pipeline.report.records import Card, Column, Link, Membership, Side, Stance, Standing, Statement, Voice

COLUMNS: tuple[Column, ...] = ("asserts", "denies", "does_not_confirm", "silent")
COLUMN_OF: Mapping[Stance, Column] = {
    "asserts": "asserts",
    "confirms": "asserts",
    "denies": "denies",
    "does_not_confirm": "does_not_confirm",
    "declines": "silent",
    "no_response": "silent",
}
STANCE_OF_ACT: Mapping[str, Stance] = {
    "deny": "denies",
    "not_confirm": "does_not_confirm",
    "decline": "declines",
    "no_response": "no_response",
}
STANCE_OF_RELATION: Mapping[str, Stance] = {
    "denies": "denies",
    "does_not_confirm": "does_not_confirm",
    "confirms": "confirms",
}
JOINING = frozenset(
    {"denies", "does_not_confirm", "contradicts", "confirms", "supports", "repeats", "specifies", "retracts"}
)
ANSWERING = frozenset({"denies", "does_not_confirm", "contradicts", "confirms"})
RANK: Sequence[Standing] = (
    "contested",
    "unconfirmed",
    "confirmed",
    "one_party",
    "denied",
    "not_confirmed",
    "unanswered",
)
# Fewer words than these do not stand alone as a proposition: "that", "either account", "the accusation".
ALONE_WORDS = 4
# Claims of one reading are numbered in the order of the text; a silence this far on speaks of something else.
NEAR = 6
_QUOTES = frozenset('“”"')
Member = tuple[Statement, Stance]


def decide_cards(
    statements: Sequence[Statement], links: Sequence[Link], memberships: Sequence[Membership]
) -> tuple[tuple[Card, ...], tuple[Statement, ...]]:
    """Cards, most contested first and newest first among equals; and the doubts that found no card, newest first.

    Groups of claims come first; what no group holds is joined by its links, then by standing next to it. One voice
    alone makes no card.
    """
    by_id = {statement.claim_id: statement for statement in statements}
    grouped = list(_group_members(by_id, memberships))
    taken = _ids_of(members for _, members in grouped)
    found = [*grouped, *((None, members) for members in _joined_members(by_id, links, taken))]
    found = [(title, members) for title, members in found if len({_voice_key(*m) for m in members}) > 1]
    taken = _ids_of(members for _, members in found)
    _add_neighbours([members for _, members in found], [s for s in statements if s.claim_id not in taken])
    taken = _ids_of(members for _, members in found)
    contested = {m.claim_id: m.is_contested for m in memberships}
    answers = Counter(link.to_id for link in links if link.relation in ANSWERING)
    cards = [_build_card(members, title, contested.get(members[0][0].claim_id), answers) for title, members in found]
    cards.sort(key=lambda card: card.last_at, reverse=True)
    cards.sort(key=lambda card: (RANK.index(card.standing), -sum(bool(side.voices) for side in card.sides)))
    lone = [s for s in statements if s.claim_id not in taken and s.act in STANCE_OF_ACT]
    lone.sort(key=lambda s: s.first_published_at, reverse=True)
    return tuple(cards), tuple(s for s in lone if not _is_same_doubt(s, by_id))


def _ids_of(lists: Iterable[Iterable[Member]]) -> set[int]:
    return {statement.claim_id for members in lists for statement, _ in members}


def _group_members(
    by_id: Mapping[int, Statement], memberships: Iterable[Membership]
) -> Iterable[tuple[str, list[Member]]]:
    groups: dict[int, tuple[str, list[Member]]] = {}
    for membership in memberships:
        if membership.claim_id in by_id:
            _, members = groups.setdefault(membership.group_id, (membership.title, []))
            members.append((by_id[membership.claim_id], membership.stance))
    return [group for group in groups.values() if any(stance != "asserts" for _, stance in group[1])]


def _joined_members(by_id: Mapping[int, Statement], links: Iterable[Link], taken: set[int]) -> Iterable[list[Member]]:
    """Connected claims, by union and find over joining links and presupposed parents."""
    root = {claim_id: claim_id for claim_id in by_id if claim_id not in taken}

    def find_root(claim_id: int) -> int:
        while root[claim_id] != claim_id:
            claim_id = root[claim_id]
        return claim_id

    stances: dict[int, Stance] = {}
    for from_id, to_id, relation in _edges(by_id, links):
        if from_id in root and to_id in root:
            root[find_root(from_id)] = find_root(to_id)
            if relation in STANCE_OF_RELATION:
                stances.setdefault(from_id, STANCE_OF_RELATION[relation])
    parts: dict[int, list[Member]] = defaultdict(list)
    for claim_id in root:
        statement = by_id[claim_id]
        stance = stances.get(claim_id) or STANCE_OF_ACT.get(statement.act, "asserts")
        parts[find_root(claim_id)].append((statement, stance))
    return [members for members in parts.values() if len(members) > 1 and any(s != "asserts" for _, s in members)]


def _edges(by_id: Mapping[int, Statement], links: Iterable[Link]) -> Iterable[tuple[int, int, str]]:
    for link in links:
        if link.relation in JOINING:
            yield link.from_id, link.to_id, link.relation
    for statement in by_id.values():
        if statement.parent_id in by_id and (
            statement.parent_kind == "presupposed" or _is_same_doubt(statement, by_id)
        ):
            assert statement.parent_id is not None
            yield statement.parent_id, statement.claim_id, "presupposes"


def _is_same_doubt(statement: Statement, by_id: Mapping[int, Statement]) -> bool:
    """Whether it and its parent are one doubt said twice ("she said she could not confirm")."""
    parent = by_id[statement.parent_id] if statement.parent_id is not None else None
    return parent is not None and parent.act == statement.act and statement.act in STANCE_OF_ACT


def _is_bare_silence(statement: Statement) -> bool:
    return statement.act in {"decline", "no_response"} and len(statement.content_words.split()) < ALONE_WORDS


def _add_neighbours(cards: Sequence[list[Member]], others: Iterable[Statement]) -> None:
    """A silence with no words of its own belongs to the contested claim that stands last before it in its text."""
    for silence in filter(_is_bare_silence, others):
        nearest: tuple[int, list[Member]] | None = None
        for members in cards:
            for statement, stance in members:
                distance = silence.claim_id - statement.claim_id
                if (
                    statement.revision_id == silence.revision_id
                    and stance in {"asserts", "denies"}
                    and 0 < distance <= NEAR
                    and (nearest is None or distance < nearest[0])
                ):
                    nearest = (distance, members)
        if nearest is not None:
            nearest[1].append((silence, STANCE_OF_ACT[silence.act]))


def _build_card(
    members: Sequence[Member], title: str | None, is_contested: bool | None, answers: Mapping[int, int]
) -> Card:
    """``is_contested`` as the ledger holds it for a group; None where there is no group to say so."""
    members = sorted(members, key=lambda member: (member[0].first_published_at, member[0].claim_id))
    answered_first = sorted(members, key=lambda member: not answers.get(member[0].claim_id))
    sides = tuple(Side(column, _list_voices(answered_first, column)) for column in COLUMNS)
    lead = _lead(members, answers)
    is_between = _is_between_parties(members) if is_contested is None else is_contested
    return Card(
        proposition=say_proposition(lead) if title is None or lead.act not in STANCE_OF_ACT else title.rstrip("."),
        standing=decide_standing({stance for _, stance in members}, is_between),
        sides=sides,
        first_at=members[0][0].first_published_at,
        last_at=max(statement.first_published_at for statement, _ in members),
        origins=tuple(dict.fromkeys(statement.origin for statement, _ in members)),
        headline=lead.place.headline,
        copies=tuple({copy.outlet: copy for statement, _ in members for copy in statement.copies}.values()),
    )


def _lead(members: Sequence[Member], answers: Mapping[int, int]) -> Statement:
    """The member that says the proposition best: an accusation, else what most others answer, in words that stand alone, by
    name, and first."""

    def rank(member: Member) -> tuple[bool, bool, bool, int, bool, datetime, int]:
        statement, stance = member
        return (
            stance != "asserts",
            statement.act != "accuse",
            len(statement.content_words.split()) < ALONE_WORDS,
            -answers.get(statement.claim_id, 0),
            "named" not in statement.kinds,
            statement.first_published_at,
            statement.claim_id,
        )

    return min(members, key=rank)[0]


def _list_voices(members: Iterable[Member], column: Column) -> tuple[Voice, ...]:
    voices: dict[tuple[tuple[str, ...], Stance], Voice] = {}
    for statement, stance in members:
        if COLUMN_OF[stance] != column:
            continue
        key = _voice_key(statement, stance)
        if key in voices:
            voices[key] = replace(voices[key], later=(*voices[key].later, statement))
        else:
            parties = tuple(p for p in statement.parties if p.casefold() not in key[0])
            speaker = say_list(statement.speakers) or "unnamed"
            voices[key] = Voice(speaker[:1].upper() + speaker[1:], parties, stance, statement.kinds, statement)
    return tuple(voices.values())


def _voice_key(statement: Statement, stance: Stance) -> tuple[tuple[str, ...], Stance]:
    return tuple(name.casefold() for name in statement.speakers), stance


def _is_between_parties(members: Iterable[Member]) -> bool:
    sides: dict[Column, set[str]] = defaultdict(set)
    for statement, stance in members:
        sides[COLUMN_OF[stance]].update(name.casefold() for name in statement.parties or statement.speakers)
    return bool(sides["denies"] - sides["asserts"]) and bool(sides["asserts"])


def decide_standing(stances: set[Stance], is_between_parties: bool = True) -> Standing:
    """How the matter stands, from the stances there are. Not confirming is not denying.

    Contested is what one party asserts and another denies; who takes back a word of one's own contests nothing.
    """
    asserted = "asserts" in stances or "confirms" in stances
    if "denies" in stances:
        return ("contested" if is_between_parties else "one_party") if asserted else "denied"
    if "does_not_confirm" in stances:
        return "unconfirmed" if asserted else "not_confirmed"
    return "confirmed" if "confirms" in stances else "unanswered"


def say_proposition(statement: Statement) -> str:
    """The claim's own words where they are a sentence, else the sentence that reads alone."""
    words = statement.content_words.strip()
    _, colon, tail = statement.plain_text.partition(": ")
    if statement.act == "accuse" and colon:
        words = tail
    elif statement.act in {"accuse", "decline", "no_response"} or len(words.split()) < ALONE_WORDS:
        words = statement.plain_text
    words = words.removeprefix("that ").removeprefix("whether ").rstrip(" .,")
    if words[:1] in _QUOTES and words[-1:] in _QUOTES:
        words = words[1:-1].rstrip(" .,")
    closing = "”" if words.count("“") > words.count("”") else '"' * (words.count('"') % 2)
    return words[:1].upper() + words[1:] + closing


def say_list(names: Sequence[str]) -> str:
    """``A``, ``A and B``, ``A, B and C``."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
