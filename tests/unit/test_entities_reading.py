"""Who a text speaks of: every form of a name, one entity."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analyse.language import parse_text
from pipeline.entities.gazetteer import Gazetteer, load_gazetteer
from pipeline.entities.resolve import EntityReading, read_entities
from pipeline.records import Dateline, Entity

STORY = """Norway's foreign minister accused Iceland on Monday of overfishing in the Barents Sea, while the Nordic \
Council's chief said there was no evidence of that.
Foreign Minister Ada Moor told reporters in Oslo that Icelandic trawlers had crossed the line.
“We have pictures of them,” Moor said. She said she would show them to Norway's Nordic partners.
Norway's Nordic partners have yet to confirm Oslo's claim, though they say they are looking into it.
Nordic Council Secretary-General Otto Lindqvist said alongside the Norwegian minister that he had seen nothing.
Reykjavik rejected the charge. Oslo said it would wait."""

ROWS = """
[[leader]]
country = "no"
office = "head_of_government"
name = "Ida Berg"
surname = "Berg"
since = 2010-01-01
until = 2014-01-01
"""


def read(text: str, on: date | None = None, gazetteer: Gazetteer | None = None) -> EntityReading:
    at = None if on is None else datetime(on.year, on.month, on.day, tzinfo=UTC)
    return read_entities(parse_text(text), published_at=at, gazetteer=gazetteer)


def named(reading: EntityReading, name: str) -> Entity:
    return next(e for e in reading.entities if e.name == name)


def forms(reading: EntityReading, name: str) -> set[tuple[str, str]]:
    return {(m.text, m.how) for m in named(reading, name).mentions}


@pytest.fixture(scope="module")
def story() -> EntityReading:
    return read(STORY)


def test_a_country_gathers_name_demonym_and_government(story: EntityReading) -> None:
    assert {("Norway", "name"), ("Norwegian", "demonym"), ("Oslo", "metonym")} <= forms(story, "Norway")
    assert named(story, "Norway").kind == "country"
    assert named(story, "Norway").entity_key == "country:no"
    assert {("Iceland", "name"), ("Icelandic", "demonym"), ("Reykjavik", "metonym")} <= forms(story, "Iceland")


def test_a_capital_after_in_is_the_city(story: EntityReading) -> None:
    city = named(story, "Oslo")
    assert city.kind == "place"
    assert city.entity_key.startswith("place:")
    assert [m.start for m in city.mentions] == [STORY.index("Oslo that")]


def test_a_person_gathers_surname_role_and_pronouns(story: EntityReading) -> None:
    found = forms(story, "Ada Moor")
    assert {("Ada Moor", "name"), ("Moor", "alias"), ("She", "pronoun"), ("she", "pronoun")} <= found
    assert ("Norway's foreign minister", "role") in found
    assert named(story, "Ada Moor").entity_key == "person:ada-moor~country:no"
    assert "foreign minister" in (named(story, "Ada Moor").about or "")


def test_the_text_itself_says_who_holds_a_role(story: EntityReading) -> None:
    assert ("the Nordic Council's chief", "role") in forms(story, "Otto Lindqvist")


def test_a_group_keeps_its_owner_and_its_pronouns(story: EntityReading) -> None:
    group = named(story, "Norway's Nordic partners")
    assert group.kind == "group"
    assert [m.text for m in group.mentions if m.how == "pronoun"] == ["they", "they"]


def test_every_mention_is_a_true_span_and_ids_are_places(story: EntityReading) -> None:
    for place, entity in enumerate(story.entities):
        assert entity.id == place
        assert all(STORY[m.start : m.end] == m.text for m in entity.mentions)
        assert list(entity.mentions) == sorted(entity.mentions, key=lambda m: (m.start, m.end))


def test_the_head_word_finds_the_entity_of_a_phrase(story: EntityReading) -> None:
    start = STORY.index("Foreign Minister Ada Moor")
    assert story.entity_at(start, start + len("Foreign Minister Ada Moor")) == named(story, "Ada Moor").id
    assert story.entity_at(len(STORY) + 5, len(STORY) + 9) is None
    assert named(story, "Iceland").id in story.entities_in(0, 90)


def test_the_place_of_a_masked_dateline_is_an_entity() -> None:
    line = "OSLO (Wire) - "
    text = " " * len(line) + "Norway said on Monday it was well."
    dateline = Dateline(0, len(line), line, "Oslo", "Wire", None)
    reading = read_entities(parse_text(text), dateline=dateline)
    place = named(reading, "Oslo")
    assert place.kind == "place"
    assert [(m.start, m.end, m.text) for m in place.mentions] == [(0, 4, "OSLO")]


@pytest.mark.parametrize(("on", "expected"), [(date(2012, 5, 1), "Ida Berg"), (date(2015, 5, 1), None), (None, None)])
def test_a_role_without_a_name_is_dated(tmp_path: Path, on: date | None, expected: str | None) -> None:
    path = tmp_path / "rows.toml"
    path.write_text(ROWS, encoding="utf-8")
    text = "Norway's prime minister said the herring was safe."
    reading = read(text, on, load_gazetteer(path))
    entity = reading.entity_at(0, len("Norway's prime minister"))
    found = None if entity is None else reading.entities[entity].name
    assert (found if found != "Norway" else None) == expected


@pytest.mark.parametrize(
    ("text", "is_government"),
    [
        ("Oslo rejected the plan.", True),
        ("Iceland held talks with Oslo on Monday.", True),
        ("Iceland denied Oslo's claim.", True),
        ("Oslo officials said no.", True),
        ("The Oslo-Reykjavik pact is old.", True),
        ("They met in Oslo on Monday.", False),
        ("They visited Oslo on Monday.", False),
        ("The streets of Oslo were empty.", False),
        ("He died in an Oslo clinic.", False),
        ("She flew to Oslo on Monday.", False),
    ],
)
def test_a_capital_is_city_or_government_by_what_it_depends_on(text: str, *, is_government: bool) -> None:
    reading = read(text)
    start = text.index("Oslo")
    found = reading.entities_in(start, start + 4)
    assert [reading.entities[e].kind for e in found] == ["country" if is_government else "place"]


def test_the_text_comes_before_the_table(tmp_path: Path) -> None:
    path = tmp_path / "rows.toml"
    path.write_text(ROWS, encoding="utf-8")
    text = "Norway's prime minister said no on Monday. Prime Minister Ada Moor spoke in Bergen."
    reading = read(text, date(2012, 5, 1), load_gazetteer(path))
    assert [e.name for e in reading.entities if e.kind == "person"] == ["Ada Moor"]
    assert ("Norway's prime minister", "role") in forms(reading, "Ada Moor")


def test_the_leader_of_the_opposition_is_in_no_table(tmp_path: Path) -> None:
    path = tmp_path / "rows.toml"
    path.write_text(ROWS, encoding="utf-8")
    reading = read("Norway's conservative opposition leader said no.", date(2012, 5, 1), load_gazetteer(path))
    assert not [e for e in reading.entities if e.kind == "person"]


@pytest.mark.parametrize(("on", "context"), [(date(2012, 5, 1), ("country:no",)), (date(2009, 5, 1), ())])
def test_someone_speaks_for_a_country_only_within_the_term(tmp_path: Path, on: date, context: tuple[str, ...]) -> None:
    path = tmp_path / "rows.toml"
    path.write_text(ROWS, encoding="utf-8")
    reading = read("Ida Berg said the herring was safe.", on, load_gazetteer(path))
    assert named(reading, "Ida Berg").context == context


def test_a_name_in_a_headline_of_capitals_is_found() -> None:
    reading = read("Moor Slams Herring Plan After Storm\nMayor Ada Moor said no. Moor left.")
    assert [m.text for m in named(reading, "Ada Moor").mentions] == ["Moor", "Ada Moor", "Moor"]


def test_a_bare_surname_never_has_a_key_that_merges_over_texts() -> None:
    reading = read("Moor said on Monday that the bridge was closed. Moor added that it was old.")
    assert all(e.entity_key == "" for e in reading.entities if e.kind == "person")


def test_two_of_one_surname_are_told_apart_by_their_titles() -> None:
    reading = read(
        "Ada Moor and Otto Moor met in Bergen. Mr. Moor said the bridge was closed. Mrs. Moor said it was open."
    )
    assert len(named(reading, "Otto Moor").mentions) >= 2
    assert len(named(reading, "Ada Moor").mentions) >= 2


def test_spellings_of_one_surname_meet() -> None:
    reading = read("Oleh Petrovskiy spoke in Bergen. Petrovsky said he would stay. Petrovskyy then left.")
    assert {"Petrovsky", "Petrovskyy"} <= {m.text for m in named(reading, "Oleh Petrovskiy").mentions}


def test_a_nickname_in_quotation_marks_is_part_of_the_name() -> None:
    reading = read('Mayor Otto "Bud" Lind opened the bridge. Lind said it was safe.')
    people = [e for e in reading.entities if e.kind == "person"]
    assert len(people) == 1
    assert "Lind" in {m.text for m in people[0].mentions}


def test_a_given_name_of_two_syllables_is_part_of_the_name() -> None:
    reading = read("Trade Minister Hae-won Pirie opened the port. Oil-rich Norway paid for it, Pirie said.")
    assert {m.text for m in named(reading, "Hae-won Pirie").mentions} == {"Hae-won Pirie", "Pirie"}
    assert {e.name for e in reading.entities} == {"Hae-won Pirie", "Norway"}


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.sampled_from(["Norway", "’s", " ", "\n", "she", "“", "”", "Ada Moor", "(", "said", "the chief", ".", "ß"]),
        max_size=25,
    )
)
def test_any_text_gives_true_spans(parts: list[str]) -> None:
    text = " ".join(parts)
    reading = read(text, date(2024, 5, 1))
    for entity in reading.entities:
        assert all(text[m.start : m.end] == m.text for m in entity.mentions)
