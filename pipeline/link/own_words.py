"""A side's own words: what stands right after "denied that", an accusation or a confirmation, on the same matter."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from pipeline.link.matter import Statement, is_same_side
from pipeline.link.reading import Reader
from pipeline.link.relations import ASSERTING
from pipeline.link.stances import ThreadMatch

# Characters from a denial to its reasons; from an accusation or a confirmation to the words of who makes it.
NEXT, ELABORATES = 160, 400
LEADS = {"accuse": "accusation", "confirm": "confirmation"}
# From what chance of no relation the next words are about something else; a party's reason often shares no word with its
# denial, which somebody of whom it is not said for whom they speak must.
APART, APART_REASON, APART_UNKNOWN = 0.5, 0.91, 0.75
AGREEING = ("repeats", "supports", "confirms", "specifies")


def explain_denial(
    answer: Statement, target: Statement, after: Sequence[Statement], read: Reader | None, has_matter: bool = False
) -> list[ThreadMatch]:
    """Matches of what the denying party says right after its denial, with what it denies. Where the denial ``has_matter``,
    what comes next must be read to be on it."""
    outer = [s for s in after if s.parent_id is None]
    return [
        ThreadMatch(s.thread_id, target.thread_id, "answers", None, True, "own words", 0.45, "own words of who denies")
        for n, s in enumerate(outer)
        if is_own_account(s, answer, target)
        and (n == 0 or is_same_side(s, answer))
        and not (has_matter and (read is None or is_apart(s, answer, read, APART)))
        and not (is_apart(s, target, read, APART_REASON) if is_same_side(s, answer) else is_of_others(s, target, read))
    ]


def is_own_account(statement: Statement, answer: Statement, target: Statement) -> bool:
    """What the denying party says right after its denial: its account of the same matter."""
    if statement.position - answer.position > NEXT or statement.act not in ASSERTING:
        return False
    if statement.thread_id == target.thread_id or is_same_side(statement, target):
        return False
    is_unknown = all(
        speaker.party is None and speaker.kind not in ("unnamed", "agency") for speaker in statement.speakers
    )
    return is_same_side(statement, answer) or (is_unknown and bool(statement.speakers))


def elaborate(statements: Sequence[Statement], read: Reader | None = None) -> list[ThreadMatch]:
    """Matches of what stands right after an accusation or a confirmation in its own side's words: the next quotation, where it
    is not the accused's."""
    ordered = sorted((s for s in statements if s.parent_id is None), key=lambda s: (s.position, s.claim_id))
    found = []
    for lead, said in itertools.pairwise(ordered):
        is_near = said.position - lead.position <= ELABORATES and said.thread_id != lead.thread_id
        is_lead = lead.act in LEADS and said.act in ASSERTING and is_near
        is_told = said.quote == "indirect" and not is_same_side(said, lead)
        if not is_lead or is_told or said.speaker_ids & lead.targets:
            continue
        if not is_apart(said, lead, read, APART):
            reason = f"follows the {LEADS[lead.act]}"
            found.append(ThreadMatch(said.thread_id, lead.thread_id, "same", None, False, "own words", 0.5, reason))
    return found


def is_of_others(statement: Statement, of: Statement, read: Reader | None) -> bool:
    """Whether somebody of whom it is not said for whom they speak is read to say something else, or that it is so."""
    if read is None:
        return False
    chances = read(of.told, statement.told)
    return chances["none"] >= APART_UNKNOWN or sum(chances[name] for name in AGREEING) >= APART


def is_apart(statement: Statement, of: Statement, read: Reader | None, least: float) -> bool:
    """Whether two statements are read to have nothing to do with each other."""
    return read is not None and read(of.told, statement.told)["none"] >= least
