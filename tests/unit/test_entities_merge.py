"""When two people of two texts are one: the key holds name and context, from the text alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analyse.language import parse_text
from pipeline.entities.merge import choose_context, person_key
from pipeline.entities.resolve import read_entities
from pipeline.records import Dateline, Entity


def person(text: str, place: str | None = None) -> Entity:
    line = None if place is None else Dateline(0, 0, "", place, None, None)
    return next(e for e in read_entities(parse_text(text), dateline=line).entities if e.kind == "person")


@pytest.mark.parametrize(
    ("text", "place", "key"),
    [
        ("Norway's fisheries minister, Ada Moor, said no.", None, "person:ada-moor~country:no"),
        ("Ada Moor, a spokeswoman for Norway's army, said no.", "Geneva", "person:ada-moor~country:no"),
        ("Runner Ada Moor said the race had been cut short.", "Nairobi", "person:ada-moor~country:ke"),
        ("Runner Ada Moor said Kenya had won. Kenyan fans cheered.", None, "person:ada-moor~country:ke"),
        ("NATO spokesperson Ada Moor said no.", "Tallinn", "person:ada-moor~org:nato"),
        ("Ada Moor said no.", None, ""),
        ("Ada Moor said Norway had beaten Iceland.", None, ""),
        ("Minister Moor said no.", "Oslo", ""),
    ],
)
def test_the_key_of_a_person_holds_what_the_text_ties_the_name_to(text: str, place: str | None, key: str) -> None:
    assert person(text, place).entity_key == key


COUNTS = st.dictionaries(st.sampled_from(["no", "is", "ke"]), st.integers(1, 3))
BODIES = st.lists(st.sampled_from(["org:nato", "org:bank-of-vale"]), unique=True)


@given(st.sampled_from(["", "no"]), BODIES, st.sampled_from(["", "ke"]), COUNTS, BODIES)
def test_the_context_is_one_thing_that_the_text_tells(
    own: str, worldwide: list[str], home: str, named: dict[str, int], bodies: list[str]
) -> None:
    found = choose_context(own, worldwide, home, named, bodies)
    told = {f"country:{code}" for code in {own, home, *named} - {""}} | {*worldwide, *bodies}
    assert found in told or (found == "" and not own and not worldwide and not home and not bodies)
    assert choose_context(own, worldwide[::-1], home, dict(reversed(named.items())), bodies[::-1]) == found


def test_a_bare_surname_and_an_unknown_context_merge_with_nothing() -> None:
    assert person_key("", "country:no") == ""
    assert person_key("person:ada-moor", "") == ""
