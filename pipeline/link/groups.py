"""Statements on one proposition, gathered: who asserts it, denies it, confirms it, leaves it open, declines, is silent.

A group is founded by its earliest statement; others join through matches, the surest first, and never where a person has set
them apart. The result depends on what is matched, not on the order in which it was loaded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.link.copies import buckets_of, hash_key
from pipeline.link.matter import Statement
from pipeline.link.pointing import only_points
from pipeline.link.relations import ASSERTING, matter_concepts
from pipeline.link.stances import OPEN_STANCES, Stance, ThreadMatch, confirming, is_against, settle_signs, stance_of
from pipeline.link.words import weight

RARE, PAIRED = 0.3, 0.3
STORY_KEYS, PAIR_CONCEPTS = 12, 7
# Under which key a statement of a story's disputes stands, and under which it looks for the other side, whatever the words.
DISPUTED = {"accuse": ("accused", "answered"), "deny": ("answered", "accused"), "confirm": ("answered", "accused")}
# A match of this score admits to a group by itself; a weaker one must be with the founder, or with a third of its members.
SURE = 0.5
# One that says in so many words that it confirms or denies needs less.
PLAIN_ANSWER = 0.45
# An answer of this score or more makes two groups one.
JOINING = 0.5
# Two statements of one group that are this like two of another make the groups one.
ALIKE = 0.55


@dataclass(frozen=True, slots=True)
class Place:
    """A thread's place in a group: the founder's thread, the stance to what the group's title says, and how it came in."""

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
    """Index keys of a statement: its rare concepts with the story, and pairs of them with the four-day bucket; accusations of a
    story are looked up by its denials and confirmations, and these by it."""
    rare = sorted((c for c in matter_concepts(statement) if weight(c) >= RARE), key=lambda c: (-weight(c), c))
    keys = [hash_key("matter", statement.story_id, concept) for concept in rare[:STORY_KEYS]]
    paired = sorted(concept for concept in rare[:PAIR_CONCEPTS] if weight(concept) >= PAIRED)
    buckets = [b // 2 for b in buckets_of(statement.stated_by_at, False)]
    for bucket in [buckets[0] - 1, buckets[0], buckets[0] + 1] if is_search else buckets:
        keys += [hash_key("pair", bucket, a, b) for i, a in enumerate(paired) for b in paired[i + 1 :]]
    sides = None if only_points(statement) else DISPUTED.get(statement.act)
    days = buckets_of(
        statement.stated_by_at, is_search
    )  # two days, so that a story of a thousand texts stays affordable
    return keys + [hash_key(sides[is_search], two, statement.story_id) for two in days] if sides else keys


def statement_order(statement: Statement) -> tuple[object, ...]:
    """The order in which statements found groups: assertions before answers at one time, then place in the text."""
    return statement.first_at, statement.act not in ASSERTING, *statement.place


@dataclass(slots=True)
class _Building:
    """Groups while they are built: members and home by founder, signs to the founder's proposition, how each came in.

    ``many`` are threads that say several things: they recruit no others by one of them.
    """

    matches: Mapping[int, Sequence[ThreadMatch]]
    decided: Apart
    many: frozenset[int]
    members: dict[int, list[int]] = field(default_factory=dict)
    homes: dict[int, int] = field(default_factory=dict)
    signs: dict[int, int] = field(default_factory=dict)
    ranks: dict[int, int] = field(default_factory=dict)
    entries: dict[int, ThreadMatch | None] = field(default_factory=dict)

    def place(self, thread: int, statement: Statement) -> None:
        """Put a thread into the group that it fits best, else let it found one."""
        self.ranks[thread] = len(self.ranks)
        found = self.find_home(thread)
        if found is None:
            self.members[thread], self.homes[thread], self.entries[thread] = [thread], thread, None
            self.signs[thread] = -1 if statement.act == "deny" else 1
            return
        match, other = found
        home = self.homes[other]
        self.signs[thread] = -self.signs[other] if is_against(match) else self.signs[other]
        self.members[home].append(thread)
        self.homes[thread], self.entries[thread] = home, match

    def find_home(self, thread: int) -> tuple[ThreadMatch, int] | None:
        """The surest match into a group that may take the thread, with the member that it is with."""
        options = []
        for match in self.matches.get(thread, ()):
            other = match.to_thread if match.from_thread == thread else match.from_thread
            if other not in self.homes or not self.may_join([thread], self.homes[other]):
                continue
            home = self.homes[other]
            is_hand = pair_of(thread, other) in self.decided.together
            if is_hand or self.is_admitted(thread, match, other, home):
                options.append((not is_hand, -match.score, self.ranks[home], self.ranks[other], match, other))
        if not options:
            return None
        *_, match, other = min(options, key=lambda option: option[:4])
        return match, other

    def may_join(self, threads: Sequence[int], home: int) -> bool:
        """Whether nobody has set any of these apart from a member."""
        return not any(pair_of(one, other) in self.decided.apart for one in threads for other in self.members[home])

    def is_admitted(self, thread: int, match: ThreadMatch, other: int, home: int) -> bool:
        """Answers follow what they answer; others need a sure match, one with the founder, or with a third of the members.

        A contradiction that is only read, in other words, must be sure: it makes a matter contested.
        """
        if match.kind == "same" and match.method == "reading" and match.is_opposed and match.score < SURE:
            return False
        is_plain = match.method == "act" and match.relation is not None and match.score >= PLAIN_ANSWER
        if match.kind == "answers" or other == home or (other not in self.many and (is_plain or match.score >= SURE)):
            return True
        liked = {
            m.to_thread if m.from_thread == thread else m.from_thread
            for m in self.matches.get(thread, ()) if m.kind == "same"
        }  # fmt: skip
        alike = [m for m in self.members[home] if (entry := self.entries[m]) is None or entry.kind == "same"]
        return 3 * len(liked.intersection(alike)) >= len(alike)

    def join_answered(self, matches: Iterable[ThreadMatch]) -> None:
        """Groups of one matter become one: where a member denies, confirms or leaves open what a member of another says.

        The surest first; only answers found in one text, where who speaks points to what stands before, or in the same words.
        """
        sure = [m for m in matches if m.kind == "answers" and m.relation is not None and m.score >= JOINING]
        sure = [m for m in sure if m.method != "reading"]
        for match in sorted(sure, key=lambda m: (-m.score, self.ranks[m.to_thread], self.ranks[m.from_thread])):
            one, other = self.homes[match.from_thread], self.homes[match.to_thread]
            if one != other and self.may_join(self.members[one], other):
                self.join(match, *sorted((one, other), key=lambda home: self.ranks[home]))

    def join_alike(self, matches: Iterable[ThreadMatch]) -> None:
        """Groups become one where two statements of the one are like two of the other, in the same sense."""
        between: dict[tuple[int, int], list[ThreadMatch]] = {}
        for match in matches:
            one, other = self.homes[match.from_thread], self.homes[match.to_thread]
            if match.kind == "same" and match.score >= ALIKE and one != other:
                key = (one, other) if self.ranks[one] < self.ranks[other] else (other, one)
                between.setdefault(key, []).append(match)
        order = sorted(between, key=lambda pair: (self.ranks[pair[0]], self.ranks[pair[1]]))
        for home, gone in order:
            found = sorted(
                between[home, gone], key=lambda m: (-m.score, self.ranks[m.to_thread], self.ranks[m.from_thread])
            )
            ends = {(m.from_thread, self.turn_of(m)) for m in found} | {(m.to_thread, self.turn_of(m)) for m in found}
            is_one_sense = len({turn for _, turn in ends}) == 1
            is_standing = home in self.members and gone in self.members and self.may_join(self.members[gone], home)
            if len(ends) >= 3 and is_one_sense and is_standing:
                self.join(found[0], home, gone)

    def turn_of(self, match: ThreadMatch) -> int:
        """-1 where joining by a match turns the signs of one of the two groups."""
        return self.signs[match.from_thread] * self.signs[match.to_thread] * (-1 if is_against(match) else 1)

    def join(self, match: ThreadMatch, home: int, gone: int) -> None:
        """All members of ``gone`` become members of ``home``; signs follow the match."""
        turn = self.turn_of(match)
        for thread in self.members.pop(gone):
            self.homes[thread] = home
            self.signs[thread] *= turn
            self.entries[thread] = self.entries[thread] or match
            self.members[home].append(thread)

    def list_places(
        self, order: Sequence[int], statements: Mapping[int, Statement], matches: Iterable[ThreadMatch]
    ) -> list[Place]:
        """The places of all threads, in this order, once the groups stand."""
        inside: dict[int, list[ThreadMatch]] = {home: [] for home in self.members}
        for match in matches:
            if self.homes[match.from_thread] == self.homes[match.to_thread]:
                inside[self.homes[match.from_thread]].append(match)
        signs: dict[int, int] = {}
        sure: set[int] = set()
        for home, members in self.members.items():
            ranked = sorted(members, key=lambda thread: self.ranks[thread])
            signs |= settle_signs(ranked, self.signs, statements, inside[home])
            sure |= confirming(members, statements, inside[home])
        return [
            Place(
                thread, self.homes[thread], stance_of(statements[thread], signs[thread], match, thread in sure),
                match.method if match else "founder", round(match.score, 3) if match else 1.0,
            )
            for thread in order for match in [self.entries[thread]]
        ]  # fmt: skip


def decide_groups(
    statements: Mapping[int, Statement], matches: Iterable[ThreadMatch], decided: Apart | None = None
) -> list[Place]:
    """Places of threads, for a set closed under matches. Assertions found and join first, denials and confirmations follow,
    then those who leave it open; groups that an answer joins become one."""
    order = sorted(statements, key=lambda t: statement_order(statements[t]))
    ranks = {thread: rank for rank, thread in enumerate(order)}
    matches = sorted(matches, key=lambda m: (ranks[m.from_thread], ranks[m.to_thread], m.kind, m.method))
    many = frozenset(thread for thread, statement in statements.items() if len(statement.segments) > 1)
    building = _Building(matches_by_thread(matches), decided or Apart(), many)
    for wanted in (0, 1, 2):
        for thread in order:
            if round_of(statements[thread]) == wanted:
                building.place(thread, statements[thread])
    building.join_answered(matches)
    building.join_alike(matches)
    return building.list_places(order, statements, matches)


def round_of(statement: Statement) -> int:
    """Assertions, then denials and confirmations, then the rest."""
    return 2 if statement.act in OPEN_STANCES else int(statement.act in ("deny", "confirm"))


def matches_by_thread(matches: Iterable[ThreadMatch]) -> dict[int, list[ThreadMatch]]:
    """Matches of each thread, in both directions."""
    found: dict[int, list[ThreadMatch]] = {}
    for match in matches:
        found.setdefault(match.from_thread, []).append(match)
        found.setdefault(match.to_thread, []).append(match)
    return found


def pair_of(one: int, other: int) -> tuple[int, int]:
    """The lower id first."""
    return (one, other) if one < other else (other, one)


def find_title(places: Collection[Place], statements: Mapping[int, Statement]) -> str:
    """The words of the proposition of one group: of its first accusation, else of the first that asserts it, else of the founder.

    What is still shown comes before what was revised or withdrawn.
    """
    asserted = [place.thread_id for place in places if place.stance == "asserts"]
    ranked = sorted((statements[thread] for thread in asserted), key=statement_order)
    ranked.sort(key=lambda s: (not s.is_listed, s.act != "accuse"))
    return (ranked or [statements[place.founder_id] for place in places])[0].plain_text


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
