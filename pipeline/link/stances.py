"""Which side of a matter each statement of a group takes: asserts, denies, confirms, leaves open, declines, is silent.

Matches say of two statements whether they agree. Where matches contradict each other, a party is taken to speak with one
voice, an accusation or a denial by its word to mean what it says, and what another leaves open to be asserted. The asserting
side is the one that accuses and is denied; who says the contrary first does not turn a matter round.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.link.matter import Statement

Stance = Literal["asserts", "denies", "confirms", "does_not_confirm", "declines", "no_response"]
OPEN_STANCES: Mapping[str, Stance] = {
    "not_confirm": "does_not_confirm", "decline": "declines", "no_response": "no_response",
}  # fmt: skip
OPPOSING = frozenset({"denies", "contradicts", "retracts"})
SIDES = {"accuse": 1, "deny": -1}
# Weight of another statement of the same party, and of a word that accuses, denies or leaves open, beside the scores of
# matches. The demo's stances are the same for 0.5 to 0.8.
VOICE, WORD = 0.6, 0.5


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


def is_against(match: ThreadMatch) -> bool:
    """Whether the two statements of a match are contrary."""
    return match.is_opposed or match.relation in OPPOSING


def settle_signs(
    members: Sequence[int],
    signs: Mapping[int, int],
    statements: Mapping[int, Statement],
    matches: Iterable[ThreadMatch],
) -> dict[int, int]:
    """Signs of one group's members, in their order: 1 on the side that asserts, -1 on the side that denies.

    ``signs`` are those by which each came in; ``matches`` are among the members. One member after another goes over to the
    side that the rest speaks for, until none does.
    """
    settled = turn_to_assertion(members, signs, statements)
    taking = [thread for thread in members if statements[thread].act not in OPEN_STANCES]
    pulls = pulls_of(taking, matches)
    left_open = {m.to_thread for m in matches if m.relation == "does_not_confirm" and m.from_thread not in pulls}
    voices: Counter[str] = Counter()
    for thread in taking:
        for party in voices_of(statements[thread]):
            voices[party] += settled[thread]
    is_moving, rounds = True, 0
    while is_moving and rounds < len(taking):
        is_moving, rounds = False, rounds + 1
        for thread in taking:
            parties = voices_of(statements[thread])
            voice = max((voices[party] - settled[thread] for party in sorted(parties)), key=abs, default=0)
            pull = sum(weight * settled[other] for other, weight in pulls[thread])
            pull += VOICE * voice + WORD * (SIDES.get(statements[thread].act, 0) + (thread in left_open))
            if pull * settled[thread] < -1e-6:
                for party in parties:
                    voices[party] -= 2 * settled[thread]
                settled[thread] *= -1
                is_moving = True
    return settled


def turn_to_assertion(
    members: Collection[int], signs: Mapping[int, int], statements: Mapping[int, Statement]
) -> dict[int, int]:
    """The same signs, all turned where more on the asserting side deny than accuse."""
    side = sum(signs[thread] * SIDES.get(statements[thread].act, 0) for thread in members)
    return {thread: signs[thread] * (-1 if side < 0 else 1) for thread in members}


def pulls_of(taking: Collection[int], matches: Iterable[ThreadMatch]) -> dict[int, list[tuple[int, float]]]:
    """What each of these threads is matched with, and how strongly to its side (or, below 0, to the other)."""
    pulls: dict[int, list[tuple[int, float]]] = {thread: [] for thread in taking}
    for match in matches:
        if match.from_thread in pulls and match.to_thread in pulls:
            weight = -match.score if is_against(match) else match.score
            pulls[match.from_thread].append((match.to_thread, weight))
            pulls[match.to_thread].append((match.from_thread, weight))
    return pulls


def voices_of(statement: Statement) -> frozenset[str]:
    """Parties whose other statements speak for the side of this one; who confirms may break with what it said."""
    return frozenset() if statement.act == "confirm" else statement.parties


def confirming(
    members: Collection[int], statements: Mapping[int, Statement], matches: Iterable[ThreadMatch]
) -> set[int]:
    """Members that confirm by their word, and what stands right after such a word in its side's own words."""
    plain = {thread for thread in members if statements[thread].act == "confirm"}
    return plain | {m.from_thread for m in matches if m.method == "own words" and m.to_thread in plain}


def stance_of(statement: Statement, sign: int, match: ThreadMatch | None, is_confirming: bool) -> Stance:
    """Leaves open, denies, confirms or asserts; ``match`` is how it came in, None for the founder."""
    if statement.act in OPEN_STANCES:
        return OPEN_STANCES[statement.act]
    relation = match.relation if match and match.from_thread == statement.thread_id else None
    if relation == "does_not_confirm":
        return "does_not_confirm"
    if sign < 0:
        return "denies"
    # What is only read as a confirmation, without a word that confirms, says the same.
    is_confirmed = relation == "confirms" and match is not None and match.method != "reading"
    return "confirms" if match and (is_confirming or is_confirmed) else "asserts"
