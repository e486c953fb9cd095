"""Whether two people of two texts are one. Pure; decides on names and what the texts say, never on a bare surname."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.entities.names import fold_name, same_given_name, split_person_name
from pipeline.records import Entity


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

    Without a shared context the same class of title must do, or full names of three words or more.
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


def choose_person_key(new: PersonCard, known: Mapping[str, PersonCard]) -> str:
    """The key under which a person of a new text is stored: that of the known one it is, else its own, made distinct.

    ``known`` holds the stored people whose keys begin with ``new.key``. A namesake whose context speaks against it gets
    the key with its first context behind it (``person:ada-moor~country:no``), which is the same for the same context.
    A text that tells nothing of the person joins the one that is known, as long as there is only one.
    """
    ranked = sorted(known.items(), key=lambda pair: (-decide_same_person(new, pair[1]).score, pair[0]))
    if ranked and decide_same_person(new, ranked[0][1]).is_same:
        return ranked[0][0]
    if len(known) == 1 and not (new.context and ranked[0][1].context):
        return ranked[0][0]
    if not known:
        return new.key
    return f"{new.key}~{min(new.context)}" if new.context else new.key


def make_card(entity: Entity) -> PersonCard:
    """What a text's entity says of a person, for the decision."""
    return PersonCard(entity.name, entity.entity_key, frozenset(entity.context))
