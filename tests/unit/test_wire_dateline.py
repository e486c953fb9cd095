"""Datelines: each row of the tables by its own example, look-alikes, spans under any words around them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.wire import GOLDEN, read_table
from pipeline.wire.dateline import decide_day, find_dateline, title_place
from pipeline.wire.house import load_grammar, load_styles

PUBLISHED = datetime(2024, 10, 18, 12, tzinfo=UTC)
STYLE_ROWS = [(style.name, row) for style in load_styles() for row in style.datelines]


@pytest.mark.parametrize(
    ("agency", "row"), STYLE_ROWS, ids=lambda part: part if isinstance(part, str) else part["pattern"]
)
def test_example_of_each_house_style_row(agency: str, row: dict[str, str]) -> None:
    found = find_dateline(row["example"], published_at=PUBLISHED)
    assert found is not None
    assert (found.place, found.agency) == (row["place"], agency)
    assert found.text == row["example"][found.start : found.end]


@pytest.mark.parametrize("row", load_grammar()["generic_dateline"], ids=lambda row: row["pattern"])
def test_example_of_each_generic_row(row: dict[str, str]) -> None:
    found = find_dateline(row["example"], published_at=PUBLISHED)
    assert found is not None
    assert found.place == row["place"]


def test_every_agency_is_read_in_the_shared_forms() -> None:
    for style in load_styles():
        for name in style.dateline_names:
            found = find_dateline(f"LUANDA, June 5 ({name}) - The market hall opened.", published_at=PUBLISHED)
            assert found is not None, name
            assert (found.place, found.agency, found.on) == ("Luanda", style.name, date(2024, 6, 5))


@pytest.mark.parametrize("row", list(read_table(GOLDEN / "dateline_negatives.tsv")), ids=lambda row: row["text"][:40])
def test_look_alikes_are_no_datelines(row: dict[str, str]) -> None:
    assert find_dateline(row["text"], published_at=PUBLISHED) is None


@pytest.mark.parametrize(
    ("text", "places", "agency", "on"),
    [
        (
            "TEL AVIV/GAZA/CAIRO, Oct 17 (Reuters) - Talks.",
            ("Tel Aviv", "Gaza", "Cairo"),
            "Reuters",
            date(2024, 10, 17),
        ),
        ("BEIRUT and JERUSALEM (AP) — Talks.", ("Beirut", "Jerusalem"), "AP", None),
        ("TRINIDAD AND TOBAGO (AP) — Storm.", ("Trinidad and Tobago",), "AP", None),
        ("ABOARD THE USS NORDHEIM (AP) — Sailors.", ("Aboard the USS Nordheim",), "AP", None),
        ("UNITED NATIONS, Dec. 9 - The council met.", ("United Nations",), None, date(2024, 12, 9)),
        ("PORT-AU-PRINCE, Haiti (AP) — Police.", ("Port-au-Prince, Haiti",), "AP", None),
        ("N'DJAMENA, Chad (AP) — Police.", ("N'Djamena, Chad",), "AP", None),
        ("MCALLEN, Texas (AP) — Police.", ("McAllen, Texas",), "AP", None),
        ("Seoul, 5 June 2021 (Yonhap) -- Talks.", ("Seoul",), "Yonhap", date(2021, 6, 5)),
        ("JERUSALEM, Thursday, Oct 17 (Reuters) - Talks.", ("Jerusalem",), "Reuters", date(2024, 10, 17)),
        ("WASHINGTON (AP) — WASHINGTON (AP) — The bank.", ("Washington",), "AP", None),
        ("(Reuters) - The bank.", (), "Reuters", None),
        ("Jan 30 (Reuters) - Gold.", (), "Reuters", date(2025, 1, 30)),
        ("ISLAMABAD: The assembly met.", ("Islamabad",), None, None),
        ("Gdansk (Testwire) – Nine people died in a fire, the coastguard said.", ("Gdansk",), "Testwire", None),
        ("Abuja, Oct. 17, 2023 (NAN) The minister.", ("Abuja",), "NAN", date(2023, 10, 17)),
    ],
)
def test_places_agency_and_day(text: str, places: tuple[str, ...], agency: str | None, on: date | None) -> None:
    found = find_dateline(text, published_at=PUBLISHED)
    assert found is not None
    assert (found.places, found.agency, found.on) == (places, agency, on)
    assert text[found.end] not in " -–—("


def test_without_a_year_no_day_is_made_up() -> None:
    found = find_dateline("LUANDA, June 5 (Reuters) - The market.")
    assert found is not None
    assert found.on is None


@pytest.mark.parametrize(
    ("month", "day", "published", "expected"),
    [
        (12, 31, datetime(2025, 1, 1, 6, tzinfo=UTC), date(2024, 12, 31)),
        (1, 1, datetime(2024, 12, 31, 23, tzinfo=UTC), date(2025, 1, 1)),
        (2, 29, datetime(2024, 3, 1, tzinfo=UTC), date(2024, 2, 29)),
        (2, 30, datetime(2024, 3, 1, tzinfo=UTC), None),
    ],
)
def test_a_day_without_year_is_the_nearest(month: int, day: int, published: datetime, expected: date | None) -> None:
    assert decide_day(month, day, None, published) == expected


@given(
    st.sampled_from(["BEIRUT", "PORT HENRY, N.Y.", "São Paulo", "ACCRA/LAGOS"]),
    st.text(max_size=40),
    st.integers(0, 30),
)
def test_a_dateline_is_found_wherever_its_line_begins(place: str, words: str, ahead: int) -> None:
    lead = " " * ahead
    text = f"{lead}{place} (Reuters) - The market. {words}"
    found = find_dateline(text)
    assert found is not None
    assert found.start == ahead
    assert text[found.start : found.end] == found.text == f"{place} (Reuters) - "


@given(st.text(alphabet=st.sampled_from("ABCDEF abc ,.()-–—/1234:\n'"), max_size=300))
def test_no_text_breaks_the_parser(text: str) -> None:
    found = find_dateline(text)
    assert found is None or text[found.start : found.end] == found.text


@pytest.mark.parametrize(
    ("place", "expected"),
    [("DAR ES SALAAM", "Dar es Salaam"), ("RIO DE JANEIRO", "Rio de Janeiro"), ("ST. PAUL, Minn.", "St. Paul, Minn."),
     ("Accra ( Ghana )", "Accra, Ghana"), ("WASHINGTON, D.C.", "Washington, D.C."), ("XI'AN", "Xi'an")],
)  # fmt: skip
def test_places_in_title_case(place: str, expected: str) -> None:
    assert title_place(place) == expected
