"""What one statement does to an earlier one on the same proposition: one relation, with score and reason.

Two statements are on one proposition where the rare concepts of one are mostly those of the other. Opposed are they where one
of polarity and contrary words differs, not both. Not confirming is never denying; what a party says of its own claim is no
confirmation; nothing is confirmed through a copy.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

from pipeline.link.copies import CALENDAR
from pipeline.link.matter import Segment, Statement, is_other_office, is_same_side
from pipeline.link.numbers import differing_counts, is_incompatible, is_within
from pipeline.link.threads import CERTAINTY, hedges
from pipeline.link.words import Wording, concept_of, plain_words, read_table, total_weight

ASSERTING = frozenset({"state", "accuse", "confirm", "warn", "assess"})
UNRELATED = frozenset({"request", "ask", "promise"})
# Likeness from which two statements of one story, and of two, are on one proposition (docs/decisions/linking.md).
IN_STORY, IN_STORY_WEIGHT = 0.45, 0.5
OVER_STORIES, OVER_STORIES_WEIGHT = 0.6, 1.6
LEAST_JACCARD, ALIKE_JACCARD = 0.2, 0.5
# Least weight of what is shared besides names, and what a shared number adds.
PLAIN_WEIGHT, NUMBER_WEIGHT = 0.15, 0.5
REPEATED, DETAIL_WEIGHT = 0.7, 0.3


Found = tuple[str | None, str, str]
NOTHING: Found = (None, "", "")


@dataclass(frozen=True, slots=True)
class Likeness:
    """How far two statements are on one proposition: weight shared, that of shared words that are no names, the share of the
    lesser one, Jaccard; what is shared; ``sign`` -1 where one says the contrary of the other, 0 where one leaves it open."""

    weight: float
    plain: float
    overlap: float
    jaccard: float
    shared: frozenset[str]
    sign: int

    @classmethod
    def none(cls) -> Likeness:
        """Nothing shared."""
        return cls(0.0, 0.0, 0.0, 0.0, frozenset(), 0)


@dataclass(frozen=True, slots=True)
class Relation:
    """What ``later`` does to ``earlier``. ``relation`` None where they share a proposition and no link is drawn."""

    relation: str | None
    is_opposed: bool
    method: str
    score: float
    reason: str


@functools.cache
def answer_words(kind: str) -> frozenset[str]:
    """Lemmas of one kind of ``answer_words.tsv``."""
    return frozenset(w for row in read_table("answer_words") if row["kind"] == kind for w in row["words"].split())


def compare(one: Statement, other: Statement) -> Likeness:
    """Likeness of the contents of two statements: of their sentences that are most alike."""
    pairs = [measure(a, b) for a in one.segments for b in other.segments]
    pairs += [measure(whole_of(one), whole_of(other))] if len(pairs) > 1 else []
    return max(pairs, key=lambda k: (round(k.overlap * k.weight, 6), round(k.jaccard, 6)), default=Likeness.none())


def whole_of(statement: Statement) -> Segment:
    """The whole content as one sentence."""
    return Segment(statement.wording, {"positive": 1, "negative": -1}.get(statement.polarity, 0))


def measure(one: Segment, other: Segment) -> Likeness:
    """Likeness of two sentences."""
    a, b = own_concepts(one.wording), own_concepts(other.wording)
    shared = a & b
    numbers = one.wording.numbers & other.wording.numbers
    bonus = NUMBER_WEIGHT if numbers and (shared or any(is_telling(number) for number in numbers)) else 0.0
    lesser, whole = min(total_weight(a), total_weight(b)) + bonus, total_weight(a | b) + bonus
    weight = total_weight(shared) + bonus
    plain = total_weight(shared - one.wording.names - other.wording.names) + (0.0 if shared else bonus)
    contrary = [
        c
        for c in shared & one.wording.signs.keys()
        if other.wording.signs.get(c, one.wording.signs[c]) != one.wording.signs[c]
    ]
    return Likeness(
        weight, plain, weight / lesser if lesser else 0.0, weight / whole if whole else 0.0, shared,
        one.sign * other.sign * (-1 if len(contrary) % 2 else 1),
    )  # fmt: skip


def is_telling(number: str) -> bool:
    """A number that two hardly name by chance: four figures or more, no year."""
    return len(number) >= 4 and number.isdigit() and not (len(number) == 4 and number[:2] in ("19", "20"))


def own_concepts(wording: Wording) -> frozenset[str]:
    """Concepts without hedges and without words that only answer."""
    return (
        wording.concepts - hedges().keys() - answer_words("confirm") - answer_words("retract") - answer_words("wrong")
    )


def matter_concepts(statement: Statement) -> frozenset[str]:
    """Those of the whole content."""
    return own_concepts(statement.wording)


def is_one_proposition(one: Statement, other: Statement, likeness: Likeness) -> bool:
    """Whether two statements speak of one proposition; over stories more must be shared, and an entity or a number too."""
    if one.act in UNRELATED or other.act in UNRELATED:
        return False
    if likeness.plain < PLAIN_WEIGHT:
        return False
    if is_other_office(one, other) and not one.wording.names & other.wording.names:
        return False
    if one.story_id == other.story_id:
        is_near = likeness.overlap >= IN_STORY and likeness.weight >= IN_STORY_WEIGHT
        return (is_near and likeness.jaccard >= LEAST_JACCARD) or likeness.jaccard >= ALIKE_JACCARD
    if likeness.overlap < OVER_STORIES or likeness.weight < OVER_STORIES_WEIGHT:
        return False
    has_number = bool(one.wording.numbers & other.wording.numbers)
    return likeness.jaccard >= LEAST_JACCARD and (
        bool(one.entities & other.entities) or has_number or is_same_side(one, other)
    )


def decide_relation(later: Statement, earlier: Statement) -> Relation | None:
    """The relation of a statement to an earlier one, None where they do not share a proposition."""
    likeness = compare(later, earlier)
    if not is_one_proposition(later, earlier, likeness):
        return None
    score = round(min(1.0, math.sqrt(likeness.overlap * max(likeness.jaccard, 0.3))), 3)
    shared = ", ".join(sorted(likeness.shared))
    is_own, opposed = is_same_side(later, earlier), is_opposed(later, earlier, likeness)
    for relation, method, reason in (
        answer_relation(later, earlier, is_own, opposed),
        retract_relation(later, is_own, opposed),
        number_relation(later, earlier, is_own),
        opposed_relation(later, earlier, is_own, opposed),
        agreeing_relation(later, earlier, is_own, opposed, likeness),
    ):
        if method:
            return Relation(relation, opposed, method, score, f"{reason}; shared: {shared}")
    return Relation(None, opposed, "proposition", score, f"shared: {shared}")


def sign_of(statement: Statement) -> int:
    """1 where the source holds the content to be so, -1 where not so, 0 where it leaves it open."""
    if statement.act in ("not_confirm", "decline", "no_response"):
        return 0
    return {"positive": 1, "negative": -1}.get(statement.polarity, 0)


def is_opposed(one: Statement, other: Statement, likeness: Likeness) -> bool:
    """One says the contrary of the other: by polarity or by a contrary word, not by both."""
    return bool(sign_of(one) and sign_of(other)) and likeness.sign < 0


def answer_relation(later: Statement, earlier: Statement, is_own: bool, opposed: bool) -> Found:
    """Declined, not confirmed, denied or confirmed, as the act says."""
    if later.act in ("decline", "no_response"):
        return None, "act", later.act.replace("_", " ")
    if sign_of(earlier) == 0:
        is_settled = is_own and sign_of(later) != 0
        return (
            ("updates", "act", "no longer leaves it open")
            if is_settled
            else (None, "act", "the earlier one leaves it open")
        )
    if later.act == "not_confirm":
        return (
            ("does_not_confirm", "act", "leaves it open") if not is_own else (None, "act", "leaves its own claim open")
        )
    if later.act == "deny" and opposed and not is_own:
        return "denies", "act", "denies it"
    is_confirming = later.act == "confirm" or (later.cue or "").split(" ")[0] in answer_words("confirm")
    if is_confirming and not opposed and not is_own and earlier.act in ASSERTING and not later.is_copy:
        return "confirms", "act", "another party confirms it"
    return NOTHING


def retract_relation(later: Statement, is_own: bool, opposed: bool) -> Found:
    """A party takes back what it said."""
    if not is_own:
        return NOTHING
    words = {concept_of(word) for word in plain_words(f"{later.cue or ''} {later.content}")}
    if (later.cue or "") in answer_words("retract") or words & {concept_of(w) for w in answer_words("wrong")}:
        return "retracts", "words", "takes back its own claim"
    return ("retracts", "polarity", "now says the contrary") if opposed else NOTHING


def number_relation(later: Statement, earlier: Statement, is_own: bool) -> Found:
    """Other numbers for one thing: the same party updates or specifies, another one contradicts where both cannot hold."""
    pair = differing_counts(later.counts, earlier.counts)
    if pair is None:
        return figures_relation(later, earlier, is_own)
    new, old = pair
    said = f"{new.words} against {old.words}"
    if is_within(new, old) and not is_within(old, new):
        return ("specifies" if is_own else "supports"), "number", said
    if is_own:
        return "updates", "number", said
    return ("contradicts", "number", said) if is_incompatible(new, old) else NOTHING


def figures_relation(later: Statement, earlier: Statement, is_own: bool) -> Found:
    """Numbers in the words where no count was read: one in each, and not the same."""
    new, old = later.wording.numbers, earlier.wording.numbers
    if len(new) != 1 or len(old) != 1 or new == old or (later.counts and earlier.counts):
        return NOTHING
    return ("updates" if is_own else "contradicts"), "number", f"{min(new)} against {min(old)}"


def opposed_relation(later: Statement, earlier: Statement, is_own: bool, opposed: bool) -> Found:
    """Another party says the contrary without a word of denial."""
    if opposed and not is_own:
        return "contradicts", "polarity", "says the contrary"
    return NOTHING


def agreeing_relation(later: Statement, earlier: Statement, is_own: bool, opposed: bool, likeness: Likeness) -> Found:
    """The same again: repeated, made more exact, changed in certainty; or another party says so too."""
    if opposed or sign_of(later) == 0 or sign_of(earlier) == 0:
        return NOTHING
    if not is_own:
        return "supports", "wording", "another party says so too"
    if CERTAINTY[later.certainty] != CERTAINTY[earlier.certainty] or softness(later) != softness(earlier):
        return "updates", "certainty", "says it with another certainty"
    more = detail_of(later) - detail_of(earlier)
    if (
        likeness.overlap >= REPEATED
        and detail_of(earlier) <= detail_of(later)
        and (more or is_narrower(later, earlier))
    ):
        return (
            "specifies",
            "wording",
            "adds " + ", ".join(sorted(more)[:3] or sorted(matter_concepts(later) - likeness.shared)),
        )
    return "repeats", "wording", "says it again"


def softness(statement: Statement) -> bool:
    """Whether a hedge stands in it."""
    return any(hedges().get(w, 0) < 0 for w in plain_words(statement.content))


def detail_of(statement: Statement) -> frozenset[str]:
    """Numbers and days: what makes a statement more exact."""
    days = {match.group().lower() for match in CALENDAR.finditer(statement.content)}
    return statement.wording.numbers | {count.words.lower() for count in statement.counts} | days


def is_narrower(later: Statement, earlier: Statement) -> bool:
    """The later one holds nearly all that the earlier one did, and something of weight besides."""
    a, b = matter_concepts(later), matter_concepts(earlier)
    return total_weight(a - b) >= DETAIL_WEIGHT and total_weight(a & b) >= REPEATED * total_weight(b)
