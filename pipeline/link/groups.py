"""Statements on one proposition, gathered: who asserts it, denies it, confirms it, leaves it open, declines, is silent.

A group is founded by its earliest statement; others join through matches, the surest first, and never where a person has set
them apart. The result depends on what is matched, not on the order in which it was loaded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pipeline.link.copies import buckets_of, hash_key
from pipeline.link.matter import Statement
from pipeline.link.relations import ASSERTING, matter_concepts
from pipeline.link.words import weight

Stance = Literal["asserts", "denies", "confirms", "does_not_confirm", "declines", "no_response"]
RARE, PAIRED = 0.3, 0.3
STORY_KEYS, PAIR_CONCEPTS = 12, 7
# A match of this score admits to a group by itself; a weaker one must be with the founder, or with a third of its members.
SURE = 0.75
OPEN_STANCES: Mapping[str, Stance] = {
    "not_confirm": "does_not_confirm", "decline": "declines", "no_response": "no_response",
}  # fmt: skip
OPPOSING, AGREEING = frozenset({"denies", "contradicts", "retracts"}), frozenset({"confirms", "supports", "repeats"})


@dataclass(frozen=True, slots=True)
class ThreadMatch:
    """Two threads on one proposition (``same``), or one that ``answers`` the other."""

    from_thread: int
    to_thread: int
    kind: Literal["same", "answers"]
    relation: str | None
    is_opposed: bool
    method: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Place:
    """A thread's place in a group: the founder's thread, the stance to what the founder says, and how it came in."""

    thread_id: int
    founder_id: int
    stance: Stance
    method: str
    score: float


@dataclass(frozen=True, slots=True)
class Apart:
    """What people have decided: pairs of threads that stay together, and pairs that never share a group."""

    together: frozenset[tuple[int, int]] = frozenset()
    apart: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class GroupSums:
    """What a group comes to: see the columns of ``core.claim_group``."""

    first_stated_at: datetime | None
    last_stated_at: datetime | None
    member_count: int
    story_count: int
    agency_count: int
    asserting: int
    denying: int
    confirming: int
    unconfirming: int
    is_unnamed_only: bool
    is_contested: bool


def matter_keys(statement: Statement, is_search: bool = False) -> list[int]:
    """Index keys of a statement: its rare concepts with the story, and pairs of them with the four-day bucket."""
    rare = sorted((c for c in matter_concepts(statement) if weight(c) >= RARE), key=lambda c: (-weight(c), c))
    keys = [hash_key("matter", statement.story_id, concept) for concept in rare[:STORY_KEYS]]
    paired = sorted(concept for concept in rare[:PAIR_CONCEPTS] if weight(concept) >= PAIRED)
    buckets = [b // 2 for b in buckets_of(statement.stated_by_at, False)]
    for bucket in [buckets[0] - 1, buckets[0], buckets[0] + 1] if is_search else buckets:
        keys += [hash_key("pair", bucket, a, b) for i, a in enumerate(paired) for b in paired[i + 1 :]]
    return keys


def statement_order(statement: Statement) -> tuple[object, ...]:
    """The order in which statements found groups: assertions before answers at one time, then place in the text."""
    return (
        statement.first_at, statement.act not in ASSERTING, statement.article_id, statement.position, statement.claim_id,
    )  # fmt: skip


def decide_groups(
    statements: Mapping[int, Statement], matches: Iterable[ThreadMatch], decided: Apart | None = None
) -> list[Place]:
    """Places of threads, for a set closed under matches. Assertions found and join first, answers follow what they answer."""
    decided = decided or Apart()
    by_thread = matches_by_thread(matches)
    order = sorted(statements, key=lambda t: statement_order(statements[t]))
    members: dict[int, list[int]] = {}
    places: dict[int, Place] = {}
    signs: dict[int, int] = {}
    ranks: dict[int, int] = {}
    rounds = (
        [t for t in order if statements[t].act not in OPEN_STANCES],
        [t for t in order if statements[t].act in OPEN_STANCES],
    )
    for thread in (*rounds[0], *rounds[1]):
        ranks[thread] = len(ranks)
        found = best_home(thread, by_thread.get(thread, ()), members, places, ranks, decided)
        if found is None:
            members[thread] = [thread]
            signs[thread] = -1 if statements[thread].act == "deny" else 1
            places[thread] = Place(thread, thread, founding_stance(statements[thread]), "founder", 1.0)
            continue
        match, other = found
        home = places[other].founder_id
        signs[thread] = -signs[other] if is_against(match) else signs[other]
        members[home].append(thread)
        stance = stance_of(statements[thread], signs[thread], match)
        places[thread] = Place(thread, home, stance, match.method, round(match.score, 3))
    return [places[thread] for thread in order]


def matches_by_thread(matches: Iterable[ThreadMatch]) -> dict[int, list[ThreadMatch]]:
    """Matches of each thread, in both directions."""
    found: dict[int, list[ThreadMatch]] = {}
    for match in matches:
        found.setdefault(match.from_thread, []).append(match)
        found.setdefault(match.to_thread, []).append(match)
    return found


def best_home(
    thread: int,
    matches: Sequence[ThreadMatch],
    members: Mapping[int, list[int]],
    places: Mapping[int, Place],
    ranks: Mapping[int, int],
    decided: Apart,
) -> tuple[ThreadMatch, int] | None:
    """The surest match into a group that may take the thread, with the member that it is with."""
    options = []
    for match in matches:
        other = match.to_thread if match.from_thread == thread else match.from_thread
        if other not in places:
            continue
        home = places[other].founder_id
        if any(pair_of(thread, member) in decided.apart for member in members[home]):
            continue
        is_hand = pair_of(thread, other) in decided.together
        if is_hand or is_admitted(thread, match, other, home, members[home], matches):
            options.append((not is_hand, -match.score, ranks[home], ranks[other], match, other))
    if not options:
        return None
    *_, match, other = min(options, key=lambda option: option[:4])
    return match, other


def is_admitted(
    thread: int, match: ThreadMatch, other: int, home: int, known: Sequence[int], matches: Sequence[ThreadMatch]
) -> bool:
    """Answers follow what they answer; others need a sure match, one with the founder, or with a third of the members."""
    if match.kind == "answers" or match.score >= SURE or other == home:
        return True
    liked = {m.to_thread if m.from_thread == thread else m.from_thread for m in matches}
    return 3 * len(liked & set(known)) >= len(known)


def pair_of(one: int, other: int) -> tuple[int, int]:
    """The lower id first."""
    return (one, other) if one < other else (other, one)


def is_against(match: ThreadMatch) -> bool:
    """Whether the two statements of a match are contrary."""
    return match.is_opposed or match.relation in OPPOSING


def founding_stance(statement: Statement) -> Stance:
    """The stance of who founds a group to its proposition."""
    if statement.act == "deny":
        return "denies"
    return OPEN_STANCES.get(statement.act, "asserts")


def stance_of(statement: Statement, sign: int, match: ThreadMatch) -> Stance:
    """Leaves open, denies, confirms or asserts."""
    if statement.act in OPEN_STANCES:
        return OPEN_STANCES[statement.act]
    if match.relation == "does_not_confirm" and match.from_thread == statement.thread_id:
        return "does_not_confirm"
    if sign < 0:
        return "denies"
    is_confirming = statement.act == "confirm" or (
        match.relation == "confirms" and match.from_thread == statement.thread_id
    )
    return "confirms" if is_confirming else "asserts"


def sum_group(places: Collection[Place], listed: Mapping[int, Sequence[Statement]]) -> GroupSums:
    """Sums over the listed statements of a group's threads."""
    shown = [(place, s) for place in places for s in listed.get(place.thread_id, ())]
    by_stance: dict[str, set[str]] = {}
    for place, statement in shown:
        by_stance.setdefault(place.stance, set()).update(statement.parties or {""})
    asserting = by_stance.get("asserts", set())
    confirming = by_stance.get("confirms", set()) - asserting
    denying = by_stance.get("denies", set())
    saying = [speaker for place, s in shown if place.stance in ("asserts", "confirms") for speaker in s.speakers]
    times = [s.stated_by_at for _, s in shown]
    return GroupSums(
        min(times, default=None), max(times, default=None), len(shown), len({s.story_id for _, s in shown}),
        len({s.voice for _, s in shown}), len(asserting | by_stance.get("confirms", set())), len(denying), len(confirming),
        len(by_stance.get("does_not_confirm", set())), bool(saying) and all(s.kind == "unnamed" for s in saying),
        bool(asserting | confirming) and bool(denying - asserting),
    )  # fmt: skip
