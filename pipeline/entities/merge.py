"""Whether two people of two texts are one. Pure; decides on names and what the texts say, never on a bare surname."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.entities.names import fold_name, same_given_name, split_person_name


@dataclass(frozen=True, slots=True)
class PersonCard:
    """What one text (or several, merged) says of a person. ``context`` holds natural keys of countries and
    organisations that the person is tied to (``country:ua``, ``org:nato``); ``ranks`` classes of titles."""

    name: str
    key: str = ""
    context: frozenset[str] = frozenset()
    ranks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class MergeDecision:
    """``is_same`` with a score in 0..1 and the rule that decided."""

    is_same: bool
    score: float
    reason: str


def decide_same_person(a: PersonCard, b: PersonCard) -> MergeDecision:
    """One person where full names agree and the contexts do not speak against it; symmetric.

    A text without any context is taken for the same only when the whole name agrees with two given names or more, or
    when the other has no context either and the spelling is equal.
    """
    one, other = (split_person_name(tuple(card.name.split())) for card in (a, b))
    if min(len(one), len(other)) < 2:
        return MergeDecision(False, 0.0, "a surname alone never merges")
    if fold_name(one[-1]) != fold_name(other[-1]):
        return MergeDecision(False, 0.0, "surnames differ")
    if not same_given_name(one[0], other[0]):
        return MergeDecision(False, 0.0, "given names differ")
    if _middle_conflict(one, other):
        return MergeDecision(False, 0.1, "middle names differ")
    if min(len(fold_name(one[0])), len(fold_name(other[0]))) == 1 and not a.context & b.context:
        return MergeDecision(False, 0.3, "an initial needs a shared context")
    if a.context & b.context:
        return MergeDecision(True, 0.95, "full name and context agree")
    if a.context and b.context:
        return MergeDecision(False, 0.4, "full name agrees, contexts differ")
    if a.ranks & b.ranks:
        return MergeDecision(True, 0.85, "full name and title agree")
    if len(one) > 2 and len(other) > 2:
        return MergeDecision(True, 0.8, "full name with middle name agrees")
    return MergeDecision(False, 0.5, "full name agrees, no context to confirm it")


def _middle_conflict(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether both have middle names and none of them can be the same."""
    middle, against = one[1:-1], other[1:-1]
    return bool(middle and against) and not any(same_given_name(x, y) for x in middle for y in against)
