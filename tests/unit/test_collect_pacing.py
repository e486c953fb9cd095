"""One budget a registrable domain."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect.pacing import DomainLoad, Pace, decide_wait, find_domain, note_end, note_start


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://feeds.bbci.co.uk/news/rss.xml", "bbci.co.uk"),
        ("https://www.wire.example/a", "wire.example"),
        ("http://rss.Wire.Example./a", "wire.example"),
        ("https://one.blogspot.com/a", "blogspot.com"),
        ("http://127.0.0.1:8000/a", "127.0.0.1"),
        ("http://[::1]:8000/a", "::1"),
        ("http://localhost/a", "localhost"),
        ("not an address", None),
        ("http://[::1", None),
    ],
)
def test_hosts_of_one_owner_share_a_budget(url: str, expected: str | None) -> None:
    assert find_domain(url) == expected


def test_starts_are_spaced_and_limited() -> None:
    pace = Pace(concurrency=2, spacing_s=1.0)
    load = DomainLoad()
    assert decide_wait(load, pace, 100.0) == 0
    load = note_start(load, 100.0)
    assert decide_wait(load, pace, 100.25) == pytest.approx(0.75)
    load = note_start(load, 101.0)
    assert decide_wait(load, pace, 105.0) is None
    load = note_end(load, 105.0)
    assert decide_wait(load, pace, 105.0) == 0


def test_retry_after_blocks_the_whole_domain_and_is_not_shortened_by_another() -> None:
    load = note_end(note_start(DomainLoad(), 100.0), 101.0, retry_after_s=60)
    load = note_end(load, 102.0, retry_after_s=5)
    assert decide_wait(load, Pace(), 111.0) == 50


def test_a_crawl_delay_widens_the_spacing_within_reason() -> None:
    load = note_end(note_start(DomainLoad(), 100.0), 100.5)
    assert decide_wait(load, Pace(), 101.0, crawl_delay_s=10) == 9
    assert decide_wait(load, Pace(), 101.0, crawl_delay_s=86_400) == 59


@given(st.lists(st.tuples(st.floats(0, 5), st.booleans()), max_size=60), st.integers(1, 4), st.floats(0, 3))
def test_who_asks_before_starting_never_breaks_the_pace(
    steps: list[tuple[float, bool]], concurrency: int, spacing: float
) -> None:
    pace, load, now, starts = Pace(concurrency, spacing), DomainLoad(), 0.0, []
    for passed, is_end in steps:
        now += passed
        if is_end and load.active_count:
            load = note_end(load, now)
        wait = decide_wait(load, pace, now)
        if wait == 0:
            load = note_start(load, now)
            starts.append(now)
        assert load.active_count <= concurrency
    assert all(later - earlier >= spacing - 1e-9 for earlier, later in pairwise(starts))
