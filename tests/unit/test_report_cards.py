"""What the report makes of statements: cards, standings, sentences, times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.report.cards import decide_cards, decide_standing, say_list, say_proposition
from pipeline.report.records import Card, Link, Membership, Place, Statement
from pipeline.report.sentences import get_sentence_bounds, mark_sentence
from pipeline.report.times import say_span, say_time

NOON = datetime(2031, 3, 4, 12, tzinfo=UTC)


def make_statement(
    claim_id: int,
    speaker: str,
    act: str = "state",
    content: str = "the lock gate was left open overnight",
    hours: int = 0,
    revision_id: int = 1,
    parent_id: int | None = None,
    parent_kind: str | None = None,
    agency: str = "Puffin",
) -> Statement:
    at = NOON + timedelta(hours=hours)
    return Statement(
        claim_id, act, "positive", "certain", (speaker,), (), ("named",), f"{speaker} spoke.", content, at, at, agency,
        Place("The Weir", "https://weir.example/1", "Lock gate row"), 1, revision_id, revision_id, claim_id,
        parent_id, parent_kind,
    )  # fmt: skip


def list_speakers(card: Card) -> dict[str, list[str]]:
    return {side.column: [voice.speaker for voice in side.voices] for side in card.sides}


def test_a_denial_linked_to_a_claim_is_one_contested_card() -> None:
    claim, denial = make_statement(1, "Ida Voss"), make_statement(2, "The canal trust", "deny", "that", hours=1)
    (card,), lone = decide_cards([claim, denial], [Link(2, 1, "denies")], [])
    assert card.standing == "contested"
    assert list_speakers(card) == {
        "asserts": ["Ida Voss"], "denies": ["The canal trust"], "does_not_confirm": [], "silent": []
    }  # fmt: skip
    assert card.proposition == "The lock gate was left open overnight"
    assert (card.first_at, card.last_at) == (NOON, NOON + timedelta(hours=1))
    assert lone == ()


def test_not_confirming_is_not_denying() -> None:
    claim = make_statement(2, "The union", parent_id=1, parent_kind="presupposed")
    doubt = make_statement(1, "The harbour office", "not_confirm", "the union's word that the gate was open")
    (card,), _ = decide_cards([doubt, claim], [], [])
    assert card.standing == "unconfirmed"
    assert list_speakers(card)["denies"] == []
    assert list_speakers(card)["does_not_confirm"] == ["The harbour office"]


def test_a_bare_refusal_joins_the_claim_before_it_in_the_same_text() -> None:
    claim, denial = make_statement(10, "Ida Voss"), make_statement(11, "The trust", "deny", "that")
    silence = make_statement(13, "The insurer", "decline", "")
    elsewhere = make_statement(14, "The mayor", "no_response", "", revision_id=2)
    (card,), lone = decide_cards([claim, denial, silence, elsewhere], [Link(11, 10, "denies")], [])
    assert list_speakers(card)["silent"] == ["The insurer"]
    assert [s.speakers for s in lone] == [("The mayor",)]


def test_groups_come_before_links_and_gather_all_stances() -> None:
    claim, denial, confirmation = (
        make_statement(1, "Ida Voss"), make_statement(2, "The trust", "deny", hours=1),
        make_statement(3, "The lock keeper", "confirm", hours=2, agency="Heron"),
    )  # fmt: skip
    members = [
        Membership(7, "The gate was open", True, "asserts", 1),
        Membership(7, "The gate was open", True, "denies", 2),
        Membership(7, "The gate was open", True, "confirms", 3),
    ]
    (card,), lone = decide_cards([claim, denial, confirmation], [Link(2, 1, "denies")], members)
    assert card.proposition == "The lock gate was left open overnight"
    assert list_speakers(card)["asserts"] == ["Ida Voss", "The lock keeper"]
    assert card.origins == ("Puffin", "Heron")
    assert lone == ()


def test_a_speaker_who_repeats_a_denial_is_one_voice() -> None:
    claims = [make_statement(1, "Ida Voss")] + [make_statement(n, "The trust", "deny", hours=n) for n in (2, 3, 4)]
    (card,), _ = decide_cards(claims, [Link(n, 1, "denies") for n in (2, 3, 4)], [])
    (voice,) = card.sides[1].voices
    assert voice.first.claim_id == 2
    assert [later.claim_id for later in voice.later] == [3, 4]


def test_a_doubt_alone_makes_no_card_and_is_not_lost() -> None:
    cards, lone = decide_cards([make_statement(1, "The trust", "deny")], [], [])
    assert cards == ()
    assert [s.claim_id for s in lone] == [1]


def test_contested_cards_stand_before_unconfirmed_ones_and_newer_before_older() -> None:
    statements = [make_statement(n, f"Speaker {n}", hours=n) for n in (1, 2, 3)]
    statements += [
        make_statement(11, "A", "not_confirm", hours=9), make_statement(12, "B", "deny", hours=4),
        make_statement(13, "C", "deny", hours=5),
    ]  # fmt: skip
    links = [Link(11, 1, "does_not_confirm"), Link(12, 2, "denies"), Link(13, 3, "denies")]
    cards, _ = decide_cards(statements, links, [])
    assert [card.sides[0].voices[0].speaker for card in cards] == ["Speaker 3", "Speaker 2", "Speaker 1"]


def test_the_proposition_is_what_the_others_answer() -> None:
    aside = make_statement(1, "Ada Finch", content="the water smelled of diesel for days")
    claim, denial = make_statement(2, "Ida Voss", hours=1), make_statement(3, "The trust", "deny", "that", hours=2)
    members = [
        Membership(7, "A title", True, stance, n) for n, stance in ((1, "asserts"), (2, "asserts"), (3, "denies"))
    ]
    (card,), _ = decide_cards([aside, claim, denial], [Link(3, 2, "denies")], members)
    assert card.proposition == "The lock gate was left open overnight"
    assert [voice.speaker for voice in card.sides[0].voices] == ["Ida Voss", "Ada Finch"]


def test_an_accusation_is_the_proposition_before_what_others_answer() -> None:
    aside = make_statement(1, "Ada Finch", content="the water smelled of diesel for days")
    charge = make_statement(2, "Ida Voss", "accuse", content="the trust of opening the gate", hours=1)
    denial = make_statement(3, "The trust", "deny", "that", hours=2)
    members = [
        Membership(7, "A title", True, stance, n) for n, stance in ((1, "asserts"), (2, "asserts"), (3, "denies"))
    ]
    (card,), _ = decide_cards([aside, charge, denial], [Link(3, 1, "denies")], members)
    assert card.proposition == "Ida Voss spoke"


def test_taking_back_a_word_of_ones_own_contests_nothing() -> None:
    claims = [make_statement(1, "Ida Voss"), make_statement(2, "Ida Voss", "deny", hours=3)]
    (card,), _ = decide_cards(claims, [Link(2, 1, "denies")], [])
    assert card.standing == "one_party"


@pytest.mark.parametrize(
    ("stances", "standing"),
    [
        ({"asserts", "denies", "does_not_confirm"}, "contested"),
        ({"confirms", "denies"}, "contested"),
        ({"asserts", "does_not_confirm", "declines"}, "unconfirmed"),
        ({"denies"}, "denied"),
        ({"does_not_confirm"}, "not_confirmed"),
        ({"asserts", "confirms"}, "confirmed"),
        ({"asserts", "no_response"}, "unanswered"),
    ],
)
def test_standing(stances: set[str], standing: str) -> None:
    assert decide_standing(stances) == standing  # type: ignore[arg-type]


TEXT = "The trust met. Ida Voss said on Monday the gate was open. Mr. B. Orr of the U.N. denied it.\nNext paragraph."


def test_the_sentence_of_a_claim_is_marked_and_nothing_else_of_its_paragraph_shown() -> None:
    start = TEXT.index("Ida")
    pieces = mark_sentence(TEXT, [(start, start + 8, "source"), (start + 9, start + 13, "cue")])
    assert "".join(piece.text for piece in pieces) == "Ida Voss said on Monday the gate was open."
    assert [(p.text, p.mark) for p in pieces if p.mark] == [("Ida Voss", "source"), ("said", "cue")]


def test_titles_and_initials_end_no_sentence() -> None:
    start = TEXT.index("denied")
    left, right = get_sentence_bounds(TEXT, start, start + 6)
    assert TEXT[left:right].strip() == "Mr. B. Orr of the U.N. denied it."


def test_a_dateline_is_not_shown_and_long_openings_give_way() -> None:
    text = (
        "WEIRTOWN, March 4 (Puffin) - After a night of rain on the old canal and a morning of shouting, Voss said no."
    )
    end_of_dateline = text.index(" - ")
    start = text.index("Voss")
    pieces = mark_sentence(text, [(start, start + 4, "source")], end_of_dateline)
    assert "".join(p.text for p in pieces).startswith("… ")
    assert "WEIRTOWN" not in "".join(p.text for p in pieces)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(alphabet=st.sampled_from('ab .!?\n”"A9–é'), max_size=200),
    st.lists(
        st.tuples(st.integers(0, 220), st.integers(0, 220), st.sampled_from(["source", "cue", "content"])), max_size=6
    ),
    st.integers(0, 200),
)
def test_any_spans_give_text_of_the_article_only(text: str, spans: list[tuple[int, int, str]], body_start: int) -> None:
    shown = "".join(piece.text for piece in mark_sentence(text, spans, body_start))
    assert shown.removeprefix("… ").removesuffix(" …") in text


def test_times_are_said_in_a_readers_terms() -> None:
    assert say_time(datetime(2031, 3, 4, 8, 5, tzinfo=UTC), NOON) == "Tue 08:05"
    assert say_time(datetime(2031, 2, 1, 8, 5, tzinfo=UTC), NOON) == "Sat 1 Feb, 08:05"
    assert say_time(datetime(2030, 12, 31, 23, 0, tzinfo=UTC), NOON) == "Tue 31 Dec 2030, 23:00"
    assert say_span(NOON, NOON) == "Tuesday 4 March 2031"
    assert say_span(NOON, NOON + timedelta(days=2)) == "4 to 6 March 2031"
    assert say_span(NOON - timedelta(days=9), NOON) == "23 February 2031 to 4 March 2031"


@pytest.mark.parametrize(
    ("content", "proposition"),
    [
        ("that the gate was left open", "The gate was left open"),
        ("“The gate was left open,”", "The gate was left open"),
        ('the trust relied on "a log that was filled in later', 'The trust relied on "a log that was filled in later"'),
        ("that", "Ida Voss spoke"),
    ],
)
def test_propositions_are_sentences_in_the_words_of_the_text(content: str, proposition: str) -> None:
    assert say_proposition(make_statement(1, "Ida Voss", content=content)) == proposition


def test_lists_are_said_with_and() -> None:
    assert [say_list(names) for names in ([], ["A"], ["A", "B"], ["A", "B", "C"])] == ["", "A", "A and B", "A, B and C"]
