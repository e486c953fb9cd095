"""One statement over a story's revisions: which claim of the later one it is, and what became of it.

Claims are matched one to one, the same words first, then by wording and speaker; what is left was added or dropped.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pipeline.link.copies import components
from pipeline.link.matter import Count, Statement
from pipeline.link.speakers import Speaker
from pipeline.link.words import concept_of, plain_words, read_table, total_weight

ChangeKind = Literal["kept", "added", "dropped", "reworded", "softened", "hardened"]
CERTAINTY = {"certain": 3, "probable": 2, "possible": 1, "unknown": 0}
# Weighted Jaccard of concepts from which a claim of the same speaker, and of another, is the same statement reworded.
SAME_SPEAKER, OTHER_SPEAKER, OTHER_URL = 0.4, 0.75, 0.5


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a statement: ``before`` None where added, ``after`` None where dropped; ``what`` changed.

    ``revisions`` are the ids of the revision before and of the one after.
    """

    kind: ChangeKind
    what: str | None
    before: Statement | None
    after: Statement | None
    method: str
    score: float
    revisions: tuple[int, int]


def align_revisions(before: Sequence[Statement], after: Sequence[Statement]) -> list[Change]:
    """Changes from one revision to the next of one article, in order of the text after, dropped ones last.

    Both hold claims.
    """
    kept = match_words(before, after)
    taken = {a.claim_id for a, _ in kept}, {b.claim_id for _, b in kept}
    reworded = match_wording(
        [s for s in before if s.claim_id not in taken[0]], [s for s in after if s.claim_id not in taken[1]]
    )
    changes = [decide_change(a, b, "same words", 1.0) for a, b in kept]
    changes += [decide_change(a, b, "wording", score) for a, b, score in reworded]
    gone = taken[0] | {a.claim_id for a, _, _ in reworded}
    come = taken[1] | {b.claim_id for _, b, _ in reworded}
    pair = before[0].revision_id, after[0].revision_id
    changes += [Change("added", None, None, s, "no match", 1.0, pair) for s in after if s.claim_id not in come]
    changes.sort(key=lambda c: c.after.place if c.after else ())
    return changes + [Change("dropped", None, s, None, "no match", 1.0, pair) for s in before if s.claim_id not in gone]


def align_articles(earlier: Sequence[Statement], first: Sequence[Statement]) -> list[Change]:
    """Statements that an update at another URL takes up: only those of the same speaker, and nothing is dropped."""
    known, told = {words_key_of(s) for s in first}, {words_key_of(s) for s in earlier}
    open_before = [s for s in earlier if words_key_of(s) not in known]
    pairs = match_wording(open_before, [s for s in first if words_key_of(s) not in told], OTHER_URL, 2.0)
    return [decide_change(a, b, "url", score) for a, b, score in pairs]


def words_key_of(statement: Statement) -> tuple[object, ...]:
    """Speakers and words: what is the same statement, whatever thread it has been put into since."""
    speakers = tuple(sorted(s.known_as for s in statement.speakers))
    words = tuple(words_of(statement))
    return speakers, words, None if words else statement.cue


def match_words(before: Sequence[Statement], after: Sequence[Statement]) -> list[tuple[Statement, Statement]]:
    """Pairs of the same words by the same speakers, in order."""
    waiting: dict[tuple[object, ...], list[Statement]] = {}
    for statement in before:
        waiting.setdefault(words_key_of(statement), []).append(statement)
    return [(waiting[key].pop(0), s) for s in after if waiting.get(key := words_key_of(s))]


def match_wording(
    before: Sequence[Statement],
    after: Sequence[Statement],
    same_speaker: float = SAME_SPEAKER,
    other_speaker: float = OTHER_SPEAKER,
) -> list[tuple[Statement, Statement, float]]:
    """Pairs by likeness of wording, the most alike first, each statement once."""
    scored = []
    for a in before:
        for b in after:
            is_same = bool(a.speaker_ids & b.speaker_ids)
            score = likeness(a, b)
            if score >= (same_speaker if is_same else other_speaker) and is_one_act(a, b):
                scored.append((-round(score, 6), not is_same, abs(a.position - b.position), a.place, b.place, a, b))
    scored.sort(key=lambda s: s[:5])
    pairs, used = [], set[int]()
    for score, *_, a, b in scored:
        if a.claim_id not in used and b.claim_id not in used:
            used |= {a.claim_id, b.claim_id}
            pairs.append((a, b, -score))
    return pairs


def likeness(one: Statement, other: Statement) -> float:
    """Weighted Jaccard of concepts; a question of who speaks is the caller's."""
    a, b = one.wording.concepts, other.wording.concepts
    if not a or not b:
        return 1.0 if one.act == other.act and not a and not b else 0.0
    return total_weight(a & b) / total_weight(a | b)


def is_one_act(one: Statement, other: Statement) -> bool:
    """A demand is no statement, and a denial is no assertion; not confirming may become confirming."""
    answers = {"not_confirm", "confirm", "decline"}
    asking = {"request", "ask", "promise"}
    if one.act in asking or other.act in asking:
        return one.act == other.act
    return one.act == other.act or {one.act, other.act} <= answers or not {one.act, other.act} & {"deny", *answers}


def decide_change(before: Statement, after: Statement, method: str, score: float) -> Change:
    """Kept, reworded, softened or hardened, and what changed; the first that differs decides."""
    pair = before.revision_id, after.revision_id
    if before.polarity != after.polarity and "unknown" not in (before.polarity, after.polarity):
        return Change("reworded", "polarity", before, after, method, score, pair)
    for what, step in (
        ("certainty", certainty_step(before, after)),
        ("number", number_step(before.counts, after.counts)),
        ("attribution", attribution_step(before, after)),
    ):
        if step:
            return Change("hardened" if step > 0 else "softened", what, before, after, method, score, pair)
    if method == "same words" or words_of(before) == words_of(after):
        return Change("kept", None, before, after, method, score, pair)
    what = "wording" if before.speaker_ids & after.speaker_ids or not before.speaker_ids else "attribution"
    return Change("reworded", what, before, after, method, score, pair)


@functools.cache
def hedges() -> dict[str, int]:
    """Word to -1 (weakens) or 1 (binds)."""
    signs = {"soft": -1, "hard": 1}
    return {word: signs[row["kind"]] for row in read_table("hedges") for word in row["words"].split()}


def certainty_step(before: Statement, after: Statement) -> int:
    """Less than 0 where the later one is less certain: by the words of both, else by their reading."""
    one, other = (sum(hedges().get(word, 0) for word in plain_words(s.content)) for s in (before, after))
    if one != other:
        return other - one
    if words_of(before) == words_of(after) and before.act == after.act:
        return 0
    return CERTAINTY[after.certainty] - CERTAINTY[before.certainty]


def number_step(before: Sequence[Count], after: Sequence[Count]) -> int:
    """The first number of one unit that differs: 1 where it grew, -1 where it fell."""
    for old in before:
        same = [new for new in after if is_one_unit(old, new)]
        if same and all((new.low, new.high) != (old.low, old.high) for new in same):
            a, b = size_of(old), size_of(same[0])
            if a != b:
                return 1 if b > a else -1
    return 0


def is_one_unit(one: Count, other: Count) -> bool:
    """Counts of the same thing."""
    if one.unit is None or other.unit is None:
        return False
    return one.unit == other.unit or concept_of(one.unit) == concept_of(other.unit)


def size_of(count: Count) -> float:
    """The number that a count names."""
    return count.low if count.low is not None else count.high if count.high is not None else 0.0


def attribution_step(before: Statement, after: Statement) -> int:
    """Less than 0 where a firmer kind of source gave way to a vaguer one; 0 where the speakers are the same."""
    if before.speaker_ids & after.speaker_ids or not before.speakers or not after.speakers:
        return 0
    if {s.kind for s in (*before.speakers, *after.speakers)} & {"pronoun"}:
        return 0
    return after.firmness - before.firmness


def words_of(statement: Statement) -> list[str]:
    """Plain words of the content."""
    return plain_words(statement.content)


def decide_threads(published: Mapping[bytes, datetime], changes: Iterable[Change]) -> dict[bytes, bytes]:
    """For each statement of one story, by the hash of its words: the hash that its thread goes by.

    ``published`` gives the first publication of each. Statements that changes join are one thread, which goes by the
    earliest of them; a statement turned into its contrary is another.
    """
    pairs = [
        (c.before.thread_key, c.after.thread_key) for c in changes if c.before and c.after and c.what != "polarity"
    ]
    standing = {}
    for component in components(published, pairs):
        first = min(component, key=lambda key: (published[key], key))
        standing.update(dict.fromkeys(component, first))
    return standing


def named(speakers: Sequence[Speaker]) -> str:
    """Who speaks, for a reason given to a person."""
    return ", ".join(s.entity_name or s.words or s.kind for s in speakers) or "nobody named"
