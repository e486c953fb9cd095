"""Answers that point: "denied that", "declined to comment", "cannot confirm what the union says". What before them they answer.

The links of one text come first (`analyse.relations`); this stands in where that drew none, in the order of `find_target`.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pipeline.link.matter import ANSWERS, Statement, is_same_side
from pipeline.link.relations import ASSERTING, compare, matter_concepts
from pipeline.link.stances import OPEN_STANCES, SIDES, ThreadMatch
from pipeline.link.words import concept_of, read_table

# Characters between an answer and what it answers: about three paragraphs; and about one.
REACH, NEAR = 900, 450
# A party's own words right after its denial.
NEXT = 160
# Its speaker's own words right after an accusation.
ELABORATES = 400
ACCUSATION = re.compile(r"\b(?:accusation|allegation|charge)s?\b", re.IGNORECASE)
SHARED_OVERLAP, SHARED_WEIGHT = 0.45, 0.15
RELATIONS = {"deny": "denies", "confirm": "confirms", "not_confirm": "does_not_confirm"}


@dataclass(frozen=True, slots=True)
class Target:
    """What an answer answers, how that was found, and how sure it is."""

    statement: Statement
    method: str
    score: float


@functools.cache
def pointer_concepts() -> frozenset[str]:
    """Concepts that point to a claim and say nothing of their own."""
    rows = [row for row in read_table("pointers") if row["kind"] != "phrase"]
    return frozenset(concept_of(word) for row in rows for word in row["words"].split())


@functools.cache
def pointer_phrases() -> tuple[re.Pattern[str], ...]:
    """Phrases that point to a claim."""
    rows = [row for row in read_table("pointers") if row["kind"] == "phrase"]
    return tuple(re.compile(row["words"], re.IGNORECASE) for row in rows)


def only_points(statement: Statement) -> bool:
    """Whether an answer has no matter of its own, or says that it speaks of what another said."""
    if statement.act not in ANSWERS:
        return False
    return matter_concepts(statement) <= pointer_concepts() or any(
        phrase.search(statement.content) for phrase in pointer_phrases()
    )


def points_past(answer: Statement, earlier: Statement) -> bool:
    """Whether an answer that leaves open "what the union says" stands before what nobody disputes: it says nothing of that."""
    return answer.act in OPEN_STANCES and earlier.act not in SIDES and only_points(answer)


def is_bare(content: str) -> bool:
    """A content that is "that", "this" or "it" alone: it points to what stands right before it."""
    return content.strip(" ,.").lower() in ("that", "this", "it")


def find_target(answer: Statement, revision: Sequence[Statement], answered: Collection[int]) -> Target | None:
    """The statement of the same revision that an answer answers, or None. ``answered`` holds claims that have an answer.

    One that points: a denial or confirmation answers the nearest assertion of another side, an accusation of its speaker
    first; others the nearest matter that is accused or denied. One with words of its own: the assertion that shares most of
    them; else a denial answers the assertion right before it, and who leaves a matter open answers the nearest disputed one.
    """
    before = [s for s in revision if is_open_to(s, answer)]
    before.sort(key=lambda s: (s.position, s.claim_id))
    disputed = [s for s in before if s.act == "accuse" or s.claim_id in answered]
    near = [s for s in before if answer.position - s.position <= NEAR]
    if only_points(answer):
        accused = (
            []
            if is_bare(answer.content)
            else [s for s in before if s.act == "accuse" and (not s.targets or s.targets & answer.speaker_ids)]
        )
        order = (accused, before) if answer.act in ("deny", "confirm") else (disputed,)
        if answer.act == "decline" and ACCUSATION.search(answer.content):
            order = ([s for s in before if s.act == "accuse"], disputed)
        if answer.act == "not_confirm":
            order = (disputed, near)
        return next((Target(found[-1], "pointer", 0.5) for found in order if found), None)
    alike = [(likeness.weight, s.position, s) for s in before if (likeness := compare(answer, s)).overlap >= SHARED_OVERLAP
             and likeness.weight >= SHARED_WEIGHT]  # fmt: skip
    if alike:
        return Target(max(alike, key=lambda found: found[:2])[2], "pointer", 0.5 if answer.act == "deny" else 0.45)
    if answer.act == "deny" and near and not any(near[-1].position < s.position < answer.position for s in revision):
        return Target(near[-1], "pointer", 0.5)
    fallback = {"deny": near, "not_confirm": disputed or near, "decline": disputed}.get(answer.act, [])
    return Target(fallback[-1], "nearest", 0.4) if fallback else None


def is_open_to(statement: Statement, answer: Statement) -> bool:
    """Whether a statement can be what an answer answers: asserted before it, near it, by another side."""
    return (
        statement.position < answer.position
        and answer.position - statement.position <= REACH
        and statement.act in ASSERTING
        and statement.parent_kind != "reported"
        and statement.claim_id != answer.parent_id
        and bool(matter_concepts(statement))
        and not is_same_side(statement, answer)
    )


def point_answers(statements: Sequence[Statement], linked: Mapping[int, int]) -> list[ThreadMatch]:
    """Matches of the answers of one revision that no link of the text explains, and of what a denying party says next.

    ``linked`` maps claims that a link of the text explains to the thread that they answer.
    """
    ordered = sorted(statements, key=lambda s: (s.position, s.claim_id))
    by_thread = {s.thread_id: s for s in ordered}
    answered = {by_thread[thread].claim_id for thread in linked.values() if thread in by_thread}
    found = []
    for n, answer in enumerate(ordered):
        if answer.act not in ANSWERS:
            continue
        if answer.claim_id in linked:
            known = by_thread.get(linked[answer.claim_id])
            target = Target(known, "text", 0.5) if known else None
        else:
            target = find_target(answer, ordered, answered)
            if target is not None and target.statement.thread_id != answer.thread_id:
                answered.add(target.statement.claim_id)
                found.append(match_of(answer, target))
        if target is not None and answer.act == "deny" and only_points(answer):
            after = [s for s in ordered[n + 1 :] if s.parent_id is None]
            found += [
                match_of(s, target, "own words")
                for m, s in enumerate(after)
                if is_own_words(s, answer, target.statement) and (m == 0 or is_same_side(s, answer))
            ]
    return found


def elaborate_accusations(statements: Sequence[Statement]) -> list[ThreadMatch]:
    """What stands right after an accusation in its own side's words: the next quotation, where it is not the accused's."""
    ordered = sorted((s for s in statements if s.parent_id is None), key=lambda s: (s.position, s.claim_id))
    found = []
    for accusation, said in itertools.pairwise(ordered):
        is_quoted = said.quote != "indirect" or is_same_side(said, accusation)
        if accusation.act != "accuse" or not is_quoted or said.position - accusation.position > ELABORATES:
            continue
        is_accused = bool(said.speaker_ids & accusation.targets)
        if said.act in ASSERTING and not is_accused and said.thread_id != accusation.thread_id:
            match = ThreadMatch(
                said.thread_id, accusation.thread_id, "same", None, False, "own words", 0.5, "follows the accusation"
            )
            found.append(match)
    return found


def is_own_words(statement: Statement, answer: Statement, target: Statement) -> bool:
    """What the denying party says right after its denial: its account of the same matter."""
    if statement.position - answer.position > NEXT or statement.act not in ASSERTING or statement.parent_id is not None:
        return False
    if statement.thread_id == target.thread_id or is_same_side(statement, target):
        return False
    is_unknown = all(
        speaker.party is None and speaker.kind not in ("unnamed", "agency") for speaker in statement.speakers
    )
    return is_same_side(statement, answer) or (is_unknown and bool(statement.speakers))


def match_of(answer: Statement, target: Target, method: str | None = None) -> ThreadMatch:
    """The match of an answer with its target."""
    relation = None if method else RELATIONS.get(answer.act)
    return ThreadMatch(
        answer.thread_id, target.statement.thread_id, "answers", relation, relation == "denies" or method is not None,
        method or target.method, target.score - (0.05 if method else 0.0),
        "own words of who denies" if method else f"{answer.act.replace('_', ' ')}, {target.method} before it",
    )  # fmt: skip
