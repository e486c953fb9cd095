"""Keys under which spellings of one name meet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.entities.names import fold_name, same_given_name, slug, split_person_name


@pytest.mark.parametrize(
    "spellings",
    [
        ("Petrovskiy", "Petrovskyy", "Petrovsky", "Petrovskij", "Petrovskii"),
        ("Yelena", "Elena"),
        ("Mikhail", "Mihail"),
        ("Łukasz", "Lukasz"),
        ("Alexander", "Aleksander"),
        ("Doğan", "Dogan"),
        ("O'Hara", "O’Hara"),
    ],
)
def test_romanisations_of_one_name_have_one_key(spellings: tuple[str, ...]) -> None:
    assert len({fold_name(word) for word in spellings}) == 1


@pytest.mark.parametrize(("one", "other"), [("Petrov", "Petrovsky"), ("Marin", "Martin"), ("Lind", "Linde")])
def test_other_names_keep_their_own_key(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


@given(st.text(max_size=30))
def test_keys_are_lower_case_ascii_letters_only(word: str) -> None:
    assert fold_name(word) == "" or (fold_name(word).isascii() and fold_name(word).isalpha())
    assert fold_name(word) == fold_name(word)


@given(st.text(max_size=60))
def test_a_slug_is_stable_and_can_stand_in_a_key(name: str) -> None:
    assert slug(slug(name)) == slug(name)
    assert " " not in slug(name)


def test_an_initial_may_be_the_given_name() -> None:
    assert same_given_name("J.", "Johanna")
    assert not same_given_name("Jo", "Johanna")


def test_generations_are_no_part_of_the_surname() -> None:
    assert split_person_name(("Otto", "Lind", ",", "Jr.")) == ("Otto", "Lind")
