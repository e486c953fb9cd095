"""When something was said, against the story's own day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analyse.lexicon import read_table
from pipeline.analyse.times import NO_ANCHOR, Anchor, decide_anchor, find_times, resolve_time
from pipeline.analyse.zones import find_zone
from pipeline.records import Dateline

THURSDAY = Anchor(date(2024, 10, 17), "Europe/Brussels")


def days(text: str, *, anchor: Anchor = THURSDAY, is_past: bool = True) -> list[tuple[str | None, str | None]]:
    found = [resolve_time(words, anchor, is_past=is_past) for words in find_times(text)]
    return [
        (None if r.from_on is None else r.from_on.isoformat(), None if r.to_on is None else r.to_on.isoformat())
        for r in found
    ]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("She said on Thursday that", "2024-10-17", "2024-10-17"),
        ("She said on Tuesday that", "2024-10-15", "2024-10-15"),
        ("She said last Thursday that", "2024-10-10", "2024-10-10"),
        ("She said late on Friday that", "2024-10-11", "2024-10-11"),
        ("She said yesterday that", "2024-10-16", "2024-10-16"),
        ("in recent days she said", "2024-10-10", "2024-10-17"),
        ("She said last week that", "2024-10-07", "2024-10-13"),
        ("She said earlier this month that", "2024-10-01", "2024-10-17"),
        ("She said last month that", "2024-09-01", "2024-09-30"),
        ("She said on Oct. 3 that", "2024-10-03", "2024-10-03"),
        ("She said on 3 November that", "2023-11-03", "2023-11-03"),
        ("She said on May 5, 2019 that", "2019-05-05", "2019-05-05"),
        ("She said in December that", "2023-12-01", "2023-12-31"),
        ("She said in 2019 that", "2019-01-01", "2019-12-31"),
        ("She said two days ago that", "2024-10-15", "2024-10-15"),
        ("over the past two weeks", "2024-10-03", "2024-10-17"),
    ],
)
def test_days(text: str, first: str, last: str) -> None:
    assert days(text) == [(first, last)]


def test_what_is_spoken_of_may_lie_ahead() -> None:
    assert days("the vote is on Oct. 20", is_past=False) == [("2024-10-20", "2024-10-20")]
    assert days("the vote is next Monday", is_past=False) == [("2024-10-21", "2024-10-21")]


def test_without_a_day_of_its_own_a_weekday_stays_open_and_says_why() -> None:
    (words,) = find_times("She said on Thursday that")
    found = resolve_time(words, Anchor(None), is_past=True)
    assert (found.from_on, found.to_on, found.text, found.why) == (None, None, "on Thursday", NO_ANCHOR)


def test_a_full_date_needs_no_anchor() -> None:
    assert days("She said on May 5, 2019 that", anchor=Anchor(None)) == [("2019-05-05", "2019-05-05")]


@pytest.mark.parametrize("text", ["It may rain", "They march on", "Augusta fell", "The 30 Marchand men", "on Oct. 32"])
def test_no_time(text: str) -> None:
    assert all(first is None for first, _ in days(text))


def test_the_day_is_that_of_the_dateline() -> None:
    late = datetime(2024, 10, 16, 23, 30, tzinfo=UTC)
    assert decide_anchor(late, None, find_zone("SEOUL")).day == date(2024, 10, 17)
    assert decide_anchor(late, None, None).day == date(2024, 10, 16)


def test_the_dateline_gives_the_day_where_nothing_else_does() -> None:
    line = Dateline(0, 20, "SEOUL, Oct 17 (X) - ", "Seoul", "X", date(2024, 10, 17))
    assert decide_anchor(None, line, None).day == date(2024, 10, 17)


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 1, 1)), st.integers(0, 6))
def test_a_weekday_is_the_latest_one(day: date, back: int) -> None:
    wanted = day - timedelta(back)
    (words,) = find_times(f"on {wanted:%A}")
    found = resolve_time(words, Anchor(day), is_past=True)
    assert found.from_on == found.to_on == wanted


@given(st.text(max_size=200))
def test_expressions_hold_their_words(text: str) -> None:
    for words in find_times(text):
        assert text[words.start : words.end] == words.text


def test_every_row_fires_on_its_example() -> None:
    for row in read_table("times"):
        assert any(words.precision == row["precision"] for words in find_times(row["example"])), row
