"""The relation of two statements: what the rules find, and what the network reads, weighed by what is known of who speaks.

The network sees two sentences; it does not know who speaks for whom. A party does not confirm itself, not confirming is never
denying, and nothing is confirmed through a copy: such readings count for little or nothing, and what a rule finds counts for
more. The weights were settled on the halves of the gold that may be looked at (docs/decisions/linking.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipeline.link.matter import Statement, is_same_side
from pipeline.link.reading import Reader
from pipeline.link.relations import Relation, decide_relation

OWN = frozenset({"repeats", "specifies", "updates", "retracts"})
OTHERS = frozenset({"supports", "confirms", "does_not_confirm", "denies", "contradicts"})
OPPOSED = frozenset({"denies", "contradicts", "retracts"})
OPEN = frozenset({"not_confirm", "decline", "no_response"})
SILENT = frozenset({"request", "ask", "promise"})
# Factors: what a rule found, what the act says, a relation of the wrong side, one that the act speaks against.
BACKED, MEANT, DOUBTED, UNLIKE = 6.0, 2.0, 0.15, 0.6
MEANINGS = {
    "deny": "denies", "confirm": "confirms", "not_confirm": "does_not_confirm", "decline": "does_not_confirm",
    "no_response": "does_not_confirm",
}  # fmt: skip
# From what chance a relation is drawn; and the score from which a rule's finding needs no reading: the words are the same.
DRAWN, PLAIN = 0.65, 0.98
# How much likelier two statements must be read as agreeing than as contrary where a rule found them contrary.
AGREEING = 2.0
# A reading by itself weighs less in a group than shared words do.
READING = 0.6


def judge_relation(later: Statement, earlier: Statement, read: Reader | None = None) -> Relation | None:
    """The relation of a statement to an earlier one; ``read`` gives the chance of each relation between two sentences."""
    found = decide_relation(later, earlier)
    is_plain = found is not None and found.relation is not None and found.score >= PLAIN
    # what one text says of its own words was settled when it was analysed
    is_settled = is_plain or (found is None and later.revision_id == earlier.revision_id)
    if read is None or is_settled or not is_worth_reading(later, earlier):
        return found
    by_rule = found.relation if found else None
    weights = weigh_reading(later, earlier, read(earlier.told, later.told), by_rule)
    best = max(weights, key=lambda name: (weights[name], name))
    if best == by_rule:
        return found
    if best == "none" or weights[best] < DRAWN:
        # on one proposition by their words, and read as related, though it is not sure how
        return leave_open(found, weights) if found and weights["none"] <= 1 - DRAWN else None
    why = f"read so by {weights[best]:.2f}" + (f", {by_rule} by words" if by_rule else "")
    score = max(round(READING * (1 - weights["none"]), 3), found.score if found else 0.0)
    # what another one updates may become the contrary, which only the words tell
    is_turned = best == "updates" and found is not None and found.is_opposed and not is_same_side(later, earlier)
    is_opposed = best in OPPOSED or is_turned
    return Relation(best, is_opposed, "reading", score, why)


def leave_open(found: Relation, weights: Mapping[str, float]) -> Relation:
    """A rule's finding without its relation; no longer contrary where they are mostly read as agreeing ("without warning" and "no
    warning")."""
    against = sum(weights[name] for name in OPPOSED)
    is_opposed = found.is_opposed and 1 - weights["none"] - against < AGREEING * against
    return replace(found, relation=None, is_opposed=is_opposed)


def is_worth_reading(later: Statement, earlier: Statement) -> bool:
    """Whether two statements can be related at all: both say something, and not both leave the matter open."""
    if {later.act, earlier.act} & SILENT or (later.act in OPEN and earlier.act in OPEN):
        return False
    return bool(later.content and earlier.content)


def weigh_reading(
    later: Statement, earlier: Statement, chances: Mapping[str, float], by_rule: str | None
) -> dict[str, float]:
    """Chances of each relation and of none, after what is known; they sum to one."""
    factors = dict.fromkeys(chances, 1.0)
    for name in unlikely_relations(later, earlier):
        factors[name] *= DOUBTED
    for name in unfitting_relations(later, earlier):
        factors[name] *= UNLIKE
    if later.act in OPEN or later.is_copy:
        factors |= dict.fromkeys(OPPOSED | {"confirms"} if later.act in OPEN else {"confirms"}, 0.0)
    if by_rule:
        factors[by_rule] *= BACKED
    if later.act in MEANINGS and not is_same_side(later, earlier):
        factors[MEANINGS[later.act]] *= MEANT
    weights = {name: chance * factors[name] for name, chance in chances.items()}
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()} if total else {"none": 1.0}


def unlikely_relations(later: Statement, earlier: Statement) -> frozenset[str]:
    """Relations that the sides of the speakers speak against."""
    if is_same_side(later, earlier):
        return OTHERS
    return OWN if are_two_parties(later, earlier) else frozenset()


def unfitting_relations(later: Statement, earlier: Statement) -> frozenset[str]:
    """Relations that the acts speak against."""
    if later.act in OPEN:
        return (OWN | OTHERS) - {"does_not_confirm"}
    return OTHERS if earlier.act in OPEN else frozenset({"does_not_confirm"})


def are_two_parties(one: Statement, other: Statement) -> bool:
    """Whether two parties are known to all texts, and are not one."""
    first, second = (
        {s.party for s in statement.speakers if s.party and not s.party.startswith("text:")}
        for statement in (one, other)
    )
    return bool(first and second) and not first & second
