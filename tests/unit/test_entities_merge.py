"""When two people of two texts are one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.entities.merge import PersonCard, choose_person_key, decide_same_person

OSLO = frozenset({"country:no"})
BANK = frozenset({"org:bank-of-vale"})


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (PersonCard("Ada Moor", context=OSLO), PersonCard("Ada Moor", context=OSLO | BANK), True),
        (PersonCard("Oleh Petrovskiy", context=OSLO), PersonCard("Oleh Petrovsky", context=OSLO), True),
        (PersonCard("A. Moor", context=OSLO), PersonCard("Ada Moor", context=OSLO), True),
        (PersonCard("A. Moor"), PersonCard("Ada Moor"), False),
        (PersonCard("Moor", context=OSLO), PersonCard("Moor", context=OSLO), False),
        (PersonCard("Moor", context=OSLO), PersonCard("Ada Moor", context=OSLO), False),
        (PersonCard("Ada Moor", context=OSLO), PersonCard("Ada Moor", context=BANK), False),
        (PersonCard("Ada Moor", context=OSLO), PersonCard("Eva Moor", context=OSLO), False),
        (PersonCard("Ada B. Moor", context=OSLO), PersonCard("Ada C. Moor", context=OSLO), False),
        (PersonCard("Ada Moor", ranks=frozenset({"mayor"})), PersonCard("Ada Moor", ranks=frozenset({"mayor"})), True),
        (PersonCard("Ada Moor"), PersonCard("Ada Moor"), False),
    ],
)
def test_name_and_context_must_agree(a: PersonCard, b: PersonCard, *, same: bool) -> None:
    decision = decide_same_person(a, b)
    assert decision.is_same is same
    assert decision.reason


CARDS = st.builds(
    PersonCard,
    name=st.sampled_from(["Ada Moor", "A. Moor", "Moor", "Ada B. Moor", "Eva Moor", "Otto Lind", "Lind"]),
    context=st.sampled_from([frozenset[str](), OSLO, BANK, OSLO | BANK]),
    ranks=st.sampled_from([frozenset[str](), frozenset({"mayor"})]),
)


@given(CARDS, CARDS)
def test_the_decision_is_symmetric_and_never_on_a_surname_alone(a: PersonCard, b: PersonCard) -> None:
    assert decide_same_person(a, b) == decide_same_person(b, a)
    if " " not in a.name or " " not in b.name:
        assert not decide_same_person(a, b).is_same


def test_a_namesake_of_another_country_gets_a_key_of_its_own_and_keeps_it() -> None:
    first = PersonCard("Ada Moor", "person:ada-moor", OSLO)
    namesake = PersonCard("Ada Moor", "person:ada-moor", frozenset({"country:is"}))
    known = {first.key: first}
    key = choose_person_key(namesake, known)
    assert key == "person:ada-moor~country:is"
    assert choose_person_key(namesake, known | {key: namesake}) == key
    assert choose_person_key(first, known | {key: namesake}) == first.key


def test_a_text_that_tells_nothing_joins_the_only_one_known() -> None:
    first = PersonCard("Ada Moor", "person:ada-moor", OSLO)
    bare = PersonCard("Ada Moor", "person:ada-moor")
    assert choose_person_key(bare, {first.key: first}) == first.key
    assert choose_person_key(bare, {}) == "person:ada-moor"
