"""Answers that only point: "denied that", "declined to comment", "it is untrue". Which statement before them they answer.

The links of one text come first (`analyse.relations`); this stands in where that drew none.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence

from pipeline.link.groups import ThreadMatch
from pipeline.link.matter import ANSWERS, Statement, is_same_side
from pipeline.link.relations import ASSERTING, matter_concepts
from pipeline.link.words import concept_of, read_table

# Characters between an answer and what it answers: about three paragraphs.
REACH = 900
RELATIONS = {"deny": "denies", "confirm": "confirms", "not_confirm": "does_not_confirm"}


@functools.cache
def pointer_concepts() -> frozenset[str]:
    """Concepts that point to a claim and say nothing of their own."""
    return frozenset(concept_of(word) for row in read_table("pointers") for word in row["words"].split())


def only_points(statement: Statement) -> bool:
    """Whether an answer has no matter of its own."""
    return statement.act in ANSWERS and matter_concepts(statement) <= pointer_concepts()


def find_pointed(answer: Statement, revision: Sequence[Statement], answered: Collection[int]) -> Statement | None:
    """The statement of the same revision that an answer points to, or None.

    A denial answers the nearest assertion of another side, an accusation of its speaker first; a refusal to comment, and
    one who leaves it open, answer the nearest matter that is accused or denied: ``answered`` holds claims with an answer.
    """
    before = [
        s for s in revision
        if s.position < answer.position and answer.position - s.position <= REACH
        and s.act in ASSERTING and s.parent_kind != "reported" and not is_same_side(s, answer) and matter_concepts(s)
    ]  # fmt: skip
    before.sort(key=lambda s: (s.position, s.claim_id))
    accused = [s for s in before if s.act == "accuse" and (not s.targets or s.targets & answer.speaker_ids)]
    disputed = [s for s in before if s.act == "accuse" or s.claim_id in answered]
    order = (accused, before) if answer.act in ("deny", "confirm") else (disputed,)
    return next((found[-1] for found in order if found), None)


def point_answers(statements: Sequence[Statement], linked: Collection[int]) -> list[ThreadMatch]:
    """Matches of the pointing answers of one revision that no link of the text explains; ``linked`` are claims with one."""
    ordered = sorted(statements, key=lambda s: (s.position, s.claim_id))
    answered = set(linked)
    found = []
    for answer in ordered:
        if answer.claim_id in linked or not only_points(answer):
            continue
        target = find_pointed(answer, ordered, answered)
        if target is None or target.thread_id == answer.thread_id:
            continue
        answered.add(target.claim_id)
        relation = RELATIONS.get(answer.act)
        found.append(
            ThreadMatch(
                answer.thread_id, target.thread_id, "answers", relation, answer.act == "deny", "pointer", 0.5,
                f"{answer.act.replace('_', ' ')}, nearest matter before it",
            )
        )  # fmt: skip
    return found
