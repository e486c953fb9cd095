"""What the gazetteer knows, and what a user adds to it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from pipeline.entities.gazetteer import load_gazetteer
from pipeline.entities.tables import TABLES, cut_words
from pipeline.errors import PermanentError

ROWS = """
[[country]]
code = "fd"
name = "Freedonia"
nouns = ["Freedonian", "Freedonians"]
adjectives = ["Freedonian"]
capital = "Freetonia"

[[organisation]]
name = "Freedonian Wheat Board"
aliases = ["FWB"]
type = "agency_of_state"
country = "fd"

[[leader]]
country = "fd"
office = "president"
name = "Ada Moor"
surname = "Moor"
since = 2020-02-01
until = 2024-02-01

[[leader]]
country = "fd"
office = "president"
name = "Otto Lind"
surname = "Lind"
since = 2024-02-01
"""


def keys(text: str) -> set[tuple[str, str]]:
    return {(f.known.key, f.how) for f in load_gazetteer().find_forms([*cut_words(text), "x"], 0)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Norway", ("country:no", "name")),
        ("Norwegian", ("country:no", "demonym")),
        ("North Koreans", ("country:kp", "demonym")),
        ("Oslo", ("country:no", "metonym")),
        ("Frenchmen", ("country:fr", "demonym")),
        ("Britain", ("country:gb", "alias")),
        ("U.S.", ("country:us", "alias")),
        ("Kremlin", ("country:ru", "metonym")),
        ("NATO", ("org:nato", "name")),
        ("North Atlantic Treaty Organization", ("org:nato", "alias")),
        ("Saxony", ("place:de-sn", "name")),
        ("ECB", ("org:european-central-bank", "alias")),
        ("Tories", ("org:conservative-party", "demonym")),
        ("the West", ("group:the-west", "name")),
    ],
)
def test_forms_lead_to_their_entity(text: str, expected: tuple[str, str]) -> None:
    assert expected in keys(text)


def test_a_capital_is_a_city_and_a_government() -> None:
    assert {how for _, how in keys("Oslo")} == {"metonym", "name"}


def test_every_country_has_a_wikidata_id_and_a_name() -> None:
    countries = load_gazetteer().countries.values()
    assert len(countries) > 190
    assert all(c.qid and re.fullmatch(r"Q\d+", c.qid) for c in countries)
    assert all(c.name and "(" not in c.name for c in countries)


def test_tables_have_no_empty_names_and_one_width() -> None:
    for path in TABLES.glob("*.tsv"):
        rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
        assert {len(row) for row in rows} == {len(rows[0])}, path.name
        assert all(row[0] or row[1] for row in rows), path.name


def test_a_leader_is_known_from_the_first_day_of_the_term_on() -> None:
    gazetteer = load_gazetteer()
    leader = next(x for x in gazetteer.leaders if x.since and gazetteer.find_leader(x.country, x.office, x.since) == x)
    assert leader.since is not None
    assert gazetteer.find_leader(leader.country, leader.office, date(1900, 1, 1)) is None


def test_a_user_adds_countries_organisations_and_terms(tmp_path: Path) -> None:
    path = tmp_path / "rows.toml"
    path.write_text(ROWS, encoding="utf-8")
    gazetteer = load_gazetteer(path)
    assert gazetteer.find_forms(["Freedonians", "said"], 0)[0].known.key == "country:fd"
    assert gazetteer.find_forms(["FWB", "said"], 0)[0].known.name == "Freedonian Wheat Board"
    before, after = (gazetteer.find_leader("fd", "president", date(2024, 1, day)) for day in (30, 31))
    assert before is not None
    assert before.name == "Ada Moor"
    assert before == after
    successor = gazetteer.find_leader("fd", "leader", date(2024, 2, 1))
    assert successor is not None
    assert successor.name == "Otto Lind"


@pytest.mark.parametrize("text", ["[[leader]]\ncountry = 1\n", "not toml", '[[title]]\nword = "x"\n'])
def test_rows_that_cannot_be_read_name_the_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PermanentError, match=r"broken\.toml"):
        load_gazetteer(path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("People's Bank", ("People", "'s", "Bank")),
        ("Guinea-Bissau", ("Guinea", "-", "Bissau")),
        ("G-7", ("G-7",)),
        ("Foreign, Home", ("Foreign", ",", "Home")),
    ],
)
def test_names_are_cut_as_the_tokenizer_cuts(text: str, words: tuple[str, ...]) -> None:
    assert cut_words(text) == words
