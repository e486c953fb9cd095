"""Entries over polls: what is the same, what is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect.entrykeys import decide_keys, find_first_place, is_called, name_text
from pipeline.records import FeedEntry
from tests.remembering import remember_all

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
_titles = st.sampled_from(
    ["Dam holds", "Dam still holds", "Ferry sinks", "Ferry sinks off Porto", "Dam holds, ferry sinks", "Mill burns", ""]
)
_addresses = st.sampled_from(
    [
        None,
        "https://a.example/",
        "https://a.example/1",
        "http://www.a.example/1?utm_source=x",
        "https://a.example/2",
        "x",
    ]
)
_hours = st.none() | st.integers(0, 3).map(lambda hours: AT + timedelta(hours=hours))
_entries = st.lists(
    st.builds(
        lambda url, guid, title, at: entry(url, guid, title, at),
        _addresses, st.sampled_from([None, "1", "2", "3", " 1 "]), _titles, _hours,
    ),
    max_size=7,
)  # fmt: skip


def entry(
    url: str | None = None, guid: str | None = None, title: str = "Dam holds", at: datetime | None = None
) -> FeedEntry:
    return FeedEntry(guid, url, title, "", "", (), at, None)


def follow(*polls: list[FeedEntry]) -> list[tuple[str, ...]]:
    """The keys of each poll, with what the polls before showed."""
    seen, keys = [], []
    for entries in polls:
        keys.append(decide_keys(entries, seen))
        seen = remember_all(keys[-1], entries, seen)
    return keys


def parts(entries: list[FeedEntry], keys: tuple[str, ...]) -> set[tuple[FeedEntry, str]]:
    return set(zip(entries, keys, strict=True))


@given(_entries)
def test_the_same_poll_again_gives_the_same_keys(entries: list[FeedEntry]) -> None:
    first, second, third = follow(entries, entries, entries)
    assert first == second == third


@given(_entries, _entries)
def test_what_comes_beside_an_entry_takes_its_key_from_no_other(old: list[FeedEntry], new: list[FeedEntry]) -> None:
    first, second = follow(old, new + old)
    assert second[len(new) :] == first


@given(_entries, _entries, st.randoms())
def test_the_order_of_a_feed_decides_nothing_for_what_was_seen(
    old: list[FeedEntry], new: list[FeedEntry], random: object
) -> None:
    (first,) = follow(old)
    seen = remember_all(first, old)
    shuffled = list(seen)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert decide_keys(new, seen) == decide_keys(new, shuffled)
    turned = list(reversed(new))
    one, two = parts(new, decide_keys(new, seen)), parts(turned, decide_keys(turned, seen))
    known = {s.key for s in seen}
    assert {(e, key) for e, key in one if key in known} == {(e, key) for e, key in two if key in known}


@given(_entries)
def test_another_address_or_guid_with_other_words_is_another_entry(entries: list[FeedEntry]) -> None:
    (keys,) = follow(entries)
    for one, key in zip(entries, keys, strict=True):
        for other, other_key in zip(entries, keys, strict=True):
            if (one.url, one.guid, one.title) == (other.url, other.guid, other.title):
                assert key == other_key
            elif not set(one.title.casefold().split()) & set(other.title.casefold().split()) and (
                one.url == other.url and one.title and other.title
            ):
                assert key != other_key


def test_what_a_key_is_made_of() -> None:
    assert decide_keys([entry("http://www.wire.example/a?utm_source=x", "7")]) == ("url:https://wire.example/a",)
    assert decide_keys([entry("https://wire.example/", "7")]) == ("guid:7",)
    assert decide_keys([entry(None, " 7 ")]) == ("guid:7",)
    assert decide_keys([entry(title="Dam  Holds")]) == decide_keys([entry(title="dam holds")])
    assert decide_keys([entry(title="Dam holds")]) != decide_keys([entry(title="Dam breaks")])


DAM = entry("https://wire.example/dam-holds", "7", "Dam holds at Quill", AT)
LATER = AT + timedelta(hours=1)


@pytest.mark.parametrize(
    ("after", "is_same"),
    [
        ([entry("https://wire.example/dam-still-holds", "7", "Dam still holds at Quill", LATER)], True),
        ([entry("https://wire.example/water", "7", "Water falls", AT)], True),
        ([entry("https://wire.example/water", "7", "Water falls", LATER)], False),
        ([entry("https://wire.example/dam-holds", "8", "Water falls", LATER)], True),
        ([entry("https://wire.example/dam-still-holds", "8", "Dam still holds at Quill", LATER)], False),
        ([entry("https://wire.example/dam-still-holds", "7", "Dam still holds at Quill", LATER), DAM], False),
        ([entry("https://wire.example/dam", "7", "Dam holds", LATER), entry("https://wire.example/x", "7", "X")], False),
        ([entry("https://wire.example/a", "7", "Water", AT), entry("https://wire.example/b", "9", "X", AT)], False),
    ],
    ids=[
        "headline and address changed", "the time is its own", "a reused GUID", "a changed GUID", "GUID and address changed",
        "the old one is still there", "a GUID given twice", "a time given twice",
    ],
)  # fmt: skip
def test_a_later_state_or_another_entry(after: list[FeedEntry], is_same: bool) -> None:
    before, keys = follow([DAM], after)
    assert (keys[0] == before[0]) is is_same


def test_a_guid_that_two_entries_had_identifies_none() -> None:
    moved = entry("https://wire.example/dam", "7", "Dam holds at Quill again", LATER)
    _, _, keys = follow([DAM], [entry("https://wire.example/ferry", "7", "Ferry sinks", LATER)], [moved])
    assert keys == ("url:https://wire.example/dam",)


def test_guids_that_number_the_entries_count_for_nothing() -> None:
    first = [entry(f"https://wire.example/{n}", str(n), f"Story number {word}", AT) for n, word in enumerate(_WORDS)]
    again = [entry(f"https://wire.example/x{n}", str(n), f"News of {word}", LATER) for n, word in enumerate(_WORDS[1:])]
    again.append(entry("https://wire.example/y", "4", "Story number three", LATER))
    _, keys = follow(first, again)
    assert all(key.startswith(("url:https://wire.example/x", "url:https://wire.example/y")) for key in keys)


_WORDS = ["ferries", "mills", "dams", "bridges", "three"]


def test_two_stories_at_one_address_stay_two_whichever_came_first() -> None:
    dam, ferry = entry("https://wire.example/live", "1"), entry("https://wire.example/live", "2", "Ferry sinks")
    alone, both, last = follow([dam], [ferry, dam], [ferry])
    assert both[1] == alone[0] != both[0] == last[0]
    assert find_first_place(both[0]) == find_first_place(alone[0]) == "https://wire.example/live"


def test_two_stories_without_an_address_stay_two_though_they_share_a_guid() -> None:
    dam, ferry = entry(None, "1", at=AT), entry(None, "1", "Ferry sinks", LATER)
    assert len(set(decide_keys([dam, ferry]))) == 2
    first, second, third = follow([dam], [ferry], [entry(None, "1", "Ferry sinks off Porto", LATER)])
    assert first != second == third


def test_a_feed_full_of_one_guid_is_read_in_no_time() -> None:
    entries = [entry(None, "1", f"Story {number} of many, {number * 7}") for number in range(3000)]
    (keys,) = follow(entries)
    assert len(set(keys)) == 3000
    assert decide_keys(entries, remember_all(keys, entries)) == keys


@given(_entries)
def test_the_text_of_an_entry_is_found_by_its_name(entries: list[FeedEntry]) -> None:
    for key, one in zip(decide_keys(entries), entries, strict=True):
        if "#" in key or not key.startswith("url:"):
            assert is_called(one, name_text(key, one))
