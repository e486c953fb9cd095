"""Answers that point to what stands before them, and what a side says next; on statements of our own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.link import own_words, pointing
from pipeline.link.matter import Statement
from pipeline.link.stances import confirming
from tests.unit.test_link_groups import CRACKED, OFFICE, UNION, YARD, said
from tests.unit.test_link_weighing import reads


def answered(answer: Statement, *before: Statement, **chances: float) -> int | None:
    """Which of the statements before an answer it answers."""
    found = pointing.point_answers([*before, answer], {}, reads(**chances) if chances else None)
    threads = [m.to_thread for m in found if m.from_thread == answer.thread_id]
    return next((n for n, s in enumerate(before) if threads == [s.thread_id]), None)


def test_a_bare_denial_answers_the_accusation_before_it_and_takes_its_reasons_along() -> None:
    accusation = said("selling the pumps", act="accuse", targets=frozenset({"org:pell-yard"}))
    denial = said("the accusation", YARD, "deny", "negative")
    reason = said("every pump stands where it stood", YARD)
    found = pointing.point_answers([accusation, denial, reason], {})
    assert [(m.from_thread, m.to_thread) for m in found] == [
        (denial.thread_id, accusation.thread_id), (reason.thread_id, accusation.thread_id),
    ]  # fmt: skip


def test_a_refusal_to_comment_answers_only_what_is_disputed() -> None:
    refusal = said("", OFFICE, "decline", "unknown")
    assert pointing.point_answers([said("the sea was calm"), refusal], {}) == []


def test_who_cannot_confirm_what_the_union_says_answers_only_a_dispute() -> None:
    doubt = said("what the union says", OFFICE, "not_confirm", "unknown")
    assert pointing.points_past(doubt, said("the union has 1,900 members"))
    assert not pointing.points_past(doubt, said(CRACKED, act="accuse"))
    assert not pointing.points_past(said("that the hull had cracked", OFFICE, "not_confirm", "unknown"), said(CRACKED))


LIED = said("selling the pumps", act="accuse", targets=frozenset({"org:pell-yard"}))
SEA = said("the sea was calm", OFFICE)


@pytest.mark.parametrize(
    ("content", "act", "found"),
    [
        ("the accusation", "deny", 0),
        ("its denial", "deny", 0),
        ("that", "deny", 1),
        ("the union's account", "not_confirm", 0),
        ("what the union says", "not_confirm", 0),
        ("it did not want to comment on the accusation itself until it had read it", "decline", 0),
    ],
)
def test_what_an_answer_without_matter_of_its_own_points_to(content: str, act: str, found: int) -> None:
    answer = said(content, YARD, act, "unknown", position=10_000)
    near = [replace(LIED, position=9_000), replace(SEA, position=9_900)]
    assert answered(answer, *near) == found


def test_an_accusation_far_above_is_still_what_is_denied() -> None:
    far = [replace(LIED, position=100), replace(SEA, position=9_900)]
    assert answered(said("the accusation", YARD, "deny", "negative", position=10_000), *far) == 0


def test_who_cannot_confirm_another_ones_account_does_not_speak_of_the_nearest() -> None:
    calm = said("the sea was calm", OFFICE)
    assert answered(said("the fishermen's account", YARD, "not_confirm", "unknown"), calm) is None
    assert answered(said("that", YARD, "not_confirm", "unknown"), calm) == 0


def test_a_finding_that_is_accepted_is_what_was_found() -> None:
    found = said("three of the pumps had been sold", OFFICE, "confirm")
    later = said("the papers had come at noon", OFFICE)
    assert answered(said("it accepted the finding", YARD, "confirm"), found, later) == 0


def test_an_answer_in_other_words_goes_with_what_it_is_read_to_answer() -> None:
    claim = said(CRACKED)
    doubt = said("there was anything amiss below the waterline", OFFICE, "not_confirm", "unknown")
    assert answered(doubt, claim, does_not_confirm=0.9) == 0
    assert answered(doubt, claim, none=0.9) is None
    assert answered(doubt, claim) is None


def test_what_a_denying_party_says_next_may_be_about_something_else() -> None:
    accusation = said("selling the pumps", act="accuse")
    denial, next_words = said("the accusation", YARD, "deny", "negative"), said("a new crane would come in May", YARD)
    statements = [accusation, denial, next_words]
    assert len(pointing.point_answers(statements, {}, reads(none=0.95))) == 1
    assert len(pointing.point_answers(statements, {}, reads(none=0.6))) == 2


def test_a_denial_with_words_of_its_own_takes_along_what_is_read_to_say_the_same() -> None:
    claim = said(CRACKED, act="accuse")
    denial, quote = said(CRACKED, YARD, "deny", "negative"), said("she is as tight as a drum", YARD, quote="direct")
    found = pointing.point_answers([claim, denial, quote], {}, reads(repeats=0.9))
    assert [(m.from_thread, m.method) for m in found][1:] == [(quote.thread_id, "own words")]
    assert len(pointing.point_answers([claim, denial, quote], {}, reads(none=0.6))) == 1


@pytest.mark.parametrize("act", ["accuse", "confirm"])
def test_the_words_right_after_an_accusation_or_a_confirmation_are_its_own_sides(act: str) -> None:
    lead, quote = said(CRACKED, UNION, act), said("I saw the water come in", replace(UNION, party=None), quote="direct")
    (match,) = own_words.elaborate([lead, quote], reads(repeats=0.8))
    assert (match.from_thread, match.to_thread, match.method) == (quote.thread_id, lead.thread_id, "own words")
    assert own_words.elaborate([lead, quote], reads(none=0.8)) == []
    everyone = {s.thread_id: s for s in (lead, quote)}
    assert (quote.thread_id in confirming(everyone, everyone, [match])) == (act == "confirm")


def test_the_accused_does_not_speak_for_the_accuser() -> None:
    accusation = said(CRACKED, act="accuse", targets=frozenset({"org:pell-yard"}))
    assert own_words.elaborate([accusation, said("we are shocked", YARD, quote="direct")], reads(repeats=0.8)) == []
