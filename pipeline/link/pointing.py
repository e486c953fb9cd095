"""Answers that point: "denied that", "declined to comment", "cannot confirm what the union says". What before them they answer.

The links of one text come first (`analyse.relations`); this stands in where that drew none, in the order of `find_target`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pipeline.link.matter import ANSWERS, Statement, is_same_side
from pipeline.link.own_words import explain_denial
from pipeline.link.reading import Reader
from pipeline.link.relations import ASSERTING, compare, matter_concepts
from pipeline.link.stances import OPEN_STANCES, SIDES, ThreadMatch
from pipeline.link.words import concept_of, plain_words, read_table

# Characters between an answer and what it answers: about three paragraphs; and about one.
REACH, NEAR = 900, 450
ACCUSATION = re.compile(r"\b(?:accusation|allegation|charge)s?\b", re.IGNORECASE)
SHARED_OVERLAP, SHARED_WEIGHT = 0.45, 0.15
OWNER = re.compile(
    r"\bthe (?:[\w-]+ ){0,5}([\w-]+)(?:[’']s|s[’']) (?:account|accusation|allegation|assertion|charge|claim|report|version)s?\b"
    r"|\bwhat the (?:[\w-]+ ){0,5}([\w-]+) (?:says?|said)\b",
    re.IGNORECASE,
)
CONCLUSION = re.compile(r"\b(?:finding|conclusion|verdict)s?\b", re.IGNORECASE)
# From what chance an answer goes with what it is read to answer, and what counts for each act.
ANSWERED = 0.5
OPENLY = frozenset({"does_not_confirm"})
READ_AS = {"deny": frozenset({"denies", "contradicts"}), "confirm": frozenset({"confirms", "supports"})}
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


def find_target(
    answer: Statement, revision: Sequence[Statement], answered: Collection[int], read: Reader | None = None
) -> Target | None:
    """The statement of the same revision that an answer answers, or None. ``answered`` holds claims that have an answer.

    One with words of its own answers the assertion that shares most of them; else a denial answers the assertion right before
    it; else an answer goes with what it is read to answer.
    """
    above = sorted((s for s in revision if is_open_to(s, answer)), key=lambda s: (s.position, s.claim_id))
    if only_points(answer):
        found = point_back(answer, above, answered)
        return Target(found, "pointer", 0.5) if found else None
    before = within(REACH, answer, above)
    alike = [(likeness.weight, s.position, s) for s in before if (likeness := compare(answer, s)).overlap >= SHARED_OVERLAP
             and likeness.weight >= SHARED_WEIGHT]  # fmt: skip
    if alike:
        return Target(max(alike, key=lambda found: found[:2])[2], "pointer", 0.5 if answer.act == "deny" else 0.45)
    near = within(NEAR, answer, before)
    if answer.act == "deny" and near and not any(near[-1].position < s.position < answer.position for s in revision):
        return Target(near[-1], "pointer", 0.5)
    return read_target(answer, before, read) if read else None


def within(reach: int, answer: Statement, above: Sequence[Statement]) -> list[Statement]:
    """Those no more than so many characters before an answer."""
    return [s for s in above if answer.position - s.position <= reach]


def point_back(answer: Statement, above: Sequence[Statement], answered: Collection[int]) -> Statement | None:
    """What an answer without matter of its own points to, the last of the first kind that there is.

    "What the union says" is something that a union said, "the accusation" one of the answer's speaker, "the finding" what was
    found, "that" what stands right before; else a denial or confirmation goes with the nearest assertion of another side,
    others with the nearest matter that is accused or denied.
    """
    before, content = within(REACH, answer, above), answer.content
    accusations = [s for s in above if s.act == "accuse"]
    disputed = [s for s in before if s.act == "accuse" or s.claim_id in answered]
    owners = owners_named(content)
    order: list[Sequence[Statement]] = [[s for s in above if owners & said_by(s)]]
    if answer.act in ("deny", "confirm"):
        if CONCLUSION.search(content):
            order += [[s for s in before if s.act in ("confirm", "assess")]]
        if not is_bare(content):
            order += [[s for s in accusations if not s.targets or s.targets & answer.speaker_ids]]
        order += [before]
    elif answer.act == "decline" and ACCUSATION.search(content):
        order += [accusations, disputed]
    else:
        order += [disputed]
        if answer.act == "not_confirm" and not owners:
            order += [within(NEAR, answer, before)]
    return next((kind[-1] for kind in order if kind), None)


def owners_named(content: str) -> frozenset[str]:
    """Whose words an answer speaks of: "union" in "what the union says", "the union's account"."""
    return frozenset(
        concept_of(word) for found in OWNER.finditer(content) for word in found.groups() if word is not None
    )


def said_by(statement: Statement) -> frozenset[str]:
    """Concepts of the words for who says something."""
    names = " ".join(
        name for s in statement.speakers for name in (s.words, s.entity_name, s.party_name) if name is not None
    )
    return frozenset(concept_of(word) for word in plain_words(names))


def read_target(answer: Statement, before: Sequence[Statement], read: Reader) -> Target | None:
    """The statement that an answer in other words is read to answer."""
    wanted = READ_AS.get(answer.act, OPENLY)
    chances = [read(s.told, answer.told) for s in before]
    scores = [sum(chance[name] for name in wanted) for chance in chances]
    best = max(range(len(before)), key=lambda n: (round(scores[n], 3), before[n].position), default=None)
    if best is None or scores[best] < ANSWERED:
        return None
    return Target(before[best], "pointer, read", 0.45)


def is_open_to(statement: Statement, answer: Statement) -> bool:
    """Whether a statement can be what an answer answers: asserted before it by another side."""
    return (
        statement.position < answer.position
        and statement.act in ASSERTING
        and statement.parent_kind != "reported"
        and statement.claim_id != answer.parent_id
        and bool(matter_concepts(statement))
        and not is_same_side(statement, answer)
    )


def point_answers(
    statements: Sequence[Statement], linked: Mapping[int, int], read: Reader | None = None
) -> list[ThreadMatch]:
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
            target = find_target(answer, ordered, answered, read)
            if target is not None and target.statement.thread_id != answer.thread_id:
                answered.add(target.statement.claim_id)
                found.append(match_of(answer, target))
        if target is not None and answer.act == "deny":
            found += explain_denial(answer, target.statement, ordered[n + 1 :], read, not only_points(answer))
    return found


def match_of(answer: Statement, target: Target) -> ThreadMatch:
    """The match of an answer with its target."""
    relation = RELATIONS.get(answer.act)
    return ThreadMatch(
        answer.thread_id, target.statement.thread_id, "answers", relation, relation == "denies", target.method, target.score,
        f"{answer.act.replace('_', ' ')}, {target.method} before it",
    )  # fmt: skip
