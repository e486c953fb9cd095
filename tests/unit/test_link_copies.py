"""Copies: what repeats an agency's text, and what only updates or quotes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.link import copies
from pipeline.link.copies import CopyOf, Overlap, PrintedText

AT = datetime(2026, 3, 4, 6, tzinfo=UTC)
WORDS = "harbour crane rope gull tide quay bell lamp salt net buoy pilot storm ledger cargo rust anchor mast".split()  # noqa: SIM905


def printed(
    article_id: int, outlet: int, agency: int | None = None, *, own: bool = False, repeat: bool = False
) -> PrintedText:
    return PrintedText(
        article_id, outlet, agency, own, repeat, AT + timedelta(minutes=article_id), f"http://{article_id}.example/"
    )


def text_of(seed: int, count: int = 120) -> str:
    return " ".join(WORDS[(seed * 7 + i * (i + seed)) % len(WORDS)] + str((i * seed) % 97) for i in range(count))


AGENCY = printed(1, 1, 1, own=True)
ALL = Overlap(0.95, 0.98, 140)


def test_a_reprint_in_a_paper_is_a_copy_and_an_update_by_the_agency_is_none() -> None:
    assert copies.is_copy(AGENCY, printed(2, 2, 1), ALL)
    assert not copies.is_copy(AGENCY, printed(2, 1, 1, own=True), ALL)


def test_a_repeat_by_the_agency_itself_is_a_copy() -> None:
    assert copies.is_copy(AGENCY, printed(2, 1, 1, own=True, repeat=True), ALL)


def test_two_agencies_never_copy_each_other() -> None:
    assert not copies.is_copy(AGENCY, printed(2, 2, 2, own=True), ALL)


def test_the_mark_of_one_agency_helps_a_text_that_was_cut_and_changed() -> None:
    partial = Overlap(0.3, 0.5, 140)
    assert copies.is_copy(AGENCY, printed(2, 2, 1), partial)
    assert not copies.is_copy(AGENCY, printed(2, 2), partial)
    assert not copies.is_copy(AGENCY, printed(2, 2, 9), partial)


def test_short_alerts_need_almost_the_same_words() -> None:
    assert not copies.is_copy(AGENCY, printed(2, 2, 1), Overlap(0.5, 0.7, 12))
    assert copies.is_copy(AGENCY, printed(2, 2, 1), Overlap(0.9, 0.95, 12))


def test_dates_in_other_words_leave_the_shingles_alone() -> None:
    agency = "The quay was closed on Tuesday after the crane fell, the harbour office said."
    paper = "The quay was closed on Tuesday, Nov 17 after the crane fell, the harbour office said."
    assert copies.measure_overlap(copies.find_shingles(agency), copies.find_shingles(paper)).containment == 1.0


def test_masked_spans_do_not_count() -> None:
    body = "GDYNIA (Agency) - The quay was closed after the crane fell. (Reporting by A. Person)"
    end = body.index("(Reporting")
    masked = copies.find_shingles(body, [(0, 18), (end, len(body))])
    assert masked == copies.find_shingles("The quay was closed after the crane fell.")


def test_an_index_key_meets_within_the_window_and_never_after_three_buckets() -> None:
    shingles = copies.find_shingles(text_of(3))
    stored = set(copies.sketch_keys(shingles, AT))
    for hours in (0, 20, 47):
        assert stored & set(copies.sketch_keys(shingles, AT + timedelta(hours=hours), is_search=True))
    assert not stored & set(copies.sketch_keys(shingles, AT + timedelta(hours=150), is_search=True))


@given(st.integers(1, 500), st.floats(0.55, 1.0))
@settings(max_examples=40, deadline=None)
def test_a_text_cut_to_half_or_more_is_found_by_its_sketch(seed: int, kept: float) -> None:
    words = text_of(seed, 160).split()
    whole, cut = (copies.find_shingles(" ".join(w)) for w in (words, words[: int(len(words) * kept)]))
    assert set(copies.sketch_keys(whole, AT)) & set(copies.sketch_keys(cut, AT))


def test_the_agency_is_the_original_though_the_paper_was_seen_first() -> None:
    paper, agency = printed(1, 2, 1), printed(2, 1, 1, own=True)
    decided = copies.decide_copies({1: paper, 2: agency}, {(1, 2): ALL})
    assert decided == {1: CopyOf(2, "shingles+agency", 0.98), 2: None}


def test_a_copy_of_a_copy_is_one_of_the_original() -> None:
    texts = {1: AGENCY, 2: printed(2, 2), 3: printed(3, 3)}
    decided = copies.decide_copies(texts, {(1, 2): ALL, (2, 3): Overlap(0.9, 0.99, 140)})
    assert decided[3] is not None
    assert decided[3].original_id == 1


@given(st.permutations([(1, 2), (1, 3), (2, 3), (3, 4)]))
def test_decisions_do_not_depend_on_the_order_of_what_was_found(pairs: list[tuple[int, int]]) -> None:
    texts = {1: AGENCY, 2: printed(2, 2, 1), 3: printed(3, 3), 4: printed(4, 4)}
    overlaps = {(1, 2): 0.9, (1, 3): 0.7, (2, 3): 0.8, (3, 4): 0.6}
    found = {pair: Overlap(overlaps[pair], overlaps[pair], 140) for pair in pairs}
    assert copies.decide_copies(texts, found) == copies.decide_copies(texts, dict(sorted(found.items())))


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), max_size=12))
def test_components_part_the_nodes(edges: list[tuple[int, int]]) -> None:
    parts = copies.components(range(1, 10), edges)
    assert sorted(node for part in parts for node in part) == list(range(1, 10))
    home = {node: n for n, part in enumerate(parts) for node in part}
    assert all(home[a] == home[b] for a, b in edges)
