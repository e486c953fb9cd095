"""Words reduced to what two outlets share."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.link import words
from pipeline.link.matter import open_phrases, settle_act
from pipeline.link.pointing import pointer_phrases


@pytest.mark.parametrize(
    ("one", "other"),
    [("stopped", "stop"), ("villages", "village"), ("flooded", "flooding"), ("closed", "locked"), ("ballots", "votes")],
)
def test_forms_of_one_word_are_one_concept(one: str, other: str) -> None:
    assert words.concept_of(one) == words.concept_of(other)


def test_opposites_are_one_concept_with_two_signs() -> None:
    one, other = words.read_wording("the pass was open"), words.read_wording("the pass was closed")
    assert one.concepts == other.concepts
    assert one.signs["open"] == -other.signs["open"]


def test_no_word_names_two_concepts() -> None:
    for word, (concept, _) in words.opposites().items():
        assert words.same_words().get(word, concept) == concept, word


def test_rare_words_weigh_more() -> None:
    assert words.weight("president") < words.weight("sprinkler") <= 1.0


def test_negation_and_numbers_are_read() -> None:
    wording = words.read_wording("No lamp of the 1,200 on the quay wasn’t lit by eleven men")
    assert wording.is_negated
    assert wording.numbers == {"1200", "11"}


@given(st.text(max_size=200))
def test_any_text_has_a_wording(text: str) -> None:
    wording = words.read_wording(text)
    assert wording.names <= wording.concepts
    assert all(0 <= words.weight(concept) <= 1 for concept in wording.concepts)


@pytest.mark.parametrize("row", list(words.read_table("open_phrases")), ids=lambda row: row["example"][:40])
def test_open_phrases_fire_in_their_examples(row: dict[str, str]) -> None:
    assert re.search(row["pattern"], row["example"], re.IGNORECASE)
    assert settle_act("state", row["example"]) == row["act"]
    assert len(open_phrases()) > 5


@pytest.mark.parametrize(
    "row", [r for r in words.read_table("pointers") if r["kind"] == "phrase"], ids=lambda r: r["example"]
)
def test_pointing_phrases_fire_in_their_examples(row: dict[str, str]) -> None:
    said = row["example"].rstrip(".").replace(" nor the crew's", "")
    assert any(phrase.search(said) for phrase in pointer_phrases())


@pytest.mark.parametrize("table", ["same_words", "opposites"])
def test_each_row_has_an_example_with_one_of_its_words(table: str) -> None:
    for row in words.read_table(table):
        assert set(words.plain_words(row["example"])) & set(row["words"].split()), row["concept"]
