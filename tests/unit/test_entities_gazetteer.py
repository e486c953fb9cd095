"""What the gazetteer knows, and what a user adds to it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from pipeline.annotate import analyser_version, annotate
from pipeline.entities.gazetteer import load_gazetteer
from pipeline.entities.tables import TABLES, cut_words
from pipeline.errors import SettingsError
from pipeline.settings import get_settings

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


def test_rows_may_lie_in_a_folder_and_are_read_by_annotate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.toml").write_text(ROWS, encoding="utf-8")
    more = '[[place]]\nkey = "x1"\nname = "Ollaberg"\ncountry = "fd"\n[[title]]\nword = "reeve"\nclass = "mayor"\n'
    (tmp_path / "b.toml").write_text(more, encoding="utf-8")
    text = "FREETONIA, Jan 30 (Halcyon) - Freedonia's president said the Freedonian Wheat Board had erred. “No,” the FWB said."
    before = (annotate(text, "2024-01-30T12:00:00Z"), analyser_version())
    monkeypatch.setenv("WIRE_GAZETTEER", str(tmp_path))
    for cached in (get_settings, analyser_version):
        cached.cache_clear()
    after = annotate(text, "2024-01-30T12:00:00Z")
    version = analyser_version()
    monkeypatch.undo()
    for cached in (get_settings, analyser_version):
        cached.cache_clear()
    names = [e["name"] for e in after["entities"]]
    assert "Ada Moor" in names and "Ada Moor" not in [e["name"] for e in before[0]["entities"]]
    assert [m["text"] for e in after["entities"] for m in e["mentions"] if e["name"] == "Freedonian Wheat Board"] == [
        "Freedonian Wheat Board",
        "FWB",
    ]
    assert version != before[1]
    gazetteer = load_gazetteer(tmp_path)
    assert gazetteer.find_forms(["Ollaberg", "x"], 0)[0].known.key == "place:x1"
    assert gazetteer.find_title(["the", "reeve"], 2) is not None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[[leader]]\ncountry = 1\n", r"\[\[leader\]\] number 1: country: "),
        ("not toml", "broken.toml"),
        ('[[title]]\nword = "x"\n', "number 1: class: Field required"),
        ('[[town]]\nname = "x"\n', r"\[\[town\]\] is none of \[\[country\]\]"),
        ('[[organisation]]\nname = "X"\nkind = "army"\n', "kind: Extra inputs are not permitted"),
        ('[[organisation]]\nname = "X"\ntype = "army"\n', "type: Input should be 'agency'"),
        ('organisation = "X"\n', r"\[\[organisation\]\] is none of"),
    ],
)
def test_rows_that_cannot_be_read_name_file_row_and_field(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"broken\.toml.*" + fault if "broken" not in fault else fault):
        load_gazetteer(path)


def test_a_folder_without_rows_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"no \*\.toml"):
        load_gazetteer(tmp_path)


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
