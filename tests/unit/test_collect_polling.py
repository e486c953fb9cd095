"""Polling: properties that hold for any feed, and the rules one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect.headers import read_freshness
from pipeline.collect.outcomes import OUTCOMES, WEIGHTS, decide_outcome
from pipeline.collect.polling import (
    BACK_OFF_S,
    DAY,
    HOUR,
    MAX_INTERVAL_S,
    MIN_INTERVAL_S,
    UNCONDITIONAL_EVERY,
    FeedFacts,
    PollOutcome,
    decide_alarms,
    decide_poll,
    decide_request,
    decide_state,
    find_entries_per_week,
)
from pipeline.records import FeedState, FetchResult

NOW = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)
OK = PollOutcome("ok")

times = st.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 23), timezones=st.just(UTC))  # noqa: DTZ001
shares = st.floats(0, 1, exclude_max=True)
seconds = st.none() | st.floats(0, 1e10)
states = st.builds(
    FeedState,
    feed_key=st.just("wire"),
    etag=st.none() | st.just("") | st.just('"v"'),
    last_modified=st.none() | st.just("Mon, 23 Nov 2026 10:00:00 GMT"),
    polled_at=st.none() | times,
    next_poll_at=st.none() | times,
    poll_count=st.integers(0, 10_000),
    failure_weight=st.floats(0, 12),
    failure_streak=st.integers(0, 100),
    newest_entry_at=st.none() | times,
    usual_gap_s=st.none() | st.floats(0.001, 1e9),
    known_share=st.none() | st.floats(0, 1),
)
outcomes = st.builds(PollOutcome, st.sampled_from(sorted(OUTCOMES)), retry_after_s=seconds, freshness_s=seconds)


@st.composite
def facts(draw: st.DrawFn) -> FeedFacts:
    count = draw(st.integers(0, 500))
    return FeedFacts(
        entry_count=count,
        new_count=draw(st.integers(0, count)),
        entries_per_week=draw(st.none() | st.floats(1e-3, 1e6)),
        oldest_entry_at=draw(st.none() | times),
        newest_entry_at=draw(st.none() | times),
        ttl_minutes=draw(st.none() | st.integers(1, 10_000_000)),
        update_period_minutes=draw(st.none() | st.integers(1, 600_000)),
        skip_hours=draw(st.frozensets(st.integers(0, 23))),
        freshness_s=draw(seconds),
    )


@given(states, outcomes, st.none() | facts(), shares)
def test_the_next_poll_is_never_at_once_and_never_more_than_thirty_days_away(
    state: FeedState, outcome: PollOutcome, found: FeedFacts | None, jitter: float
) -> None:
    found = found if OUTCOMES[outcome.outcome] == "none" else None
    decision = decide_poll(state, outcome, found, NOW, jitter)
    waited = (decision.next_poll_at - NOW).total_seconds()
    assert MIN_INTERVAL_S - 1e-3 <= waited <= BACK_OFF_S + DAY
    assert 0 <= decision.failure_weight <= 12


@given(states, outcomes, st.none() | facts(), shares)
def test_success_clears_the_account_and_failure_adds_its_weight(
    state: FeedState, outcome: PollOutcome, found: FeedFacts | None, jitter: float
) -> None:
    decision = decide_poll(state, outcome, found, NOW, jitter)
    if OUTCOMES[outcome.outcome] == "none":
        assert (decision.failure_weight, decision.failure_streak) == (0, 0)
    else:
        added = WEIGHTS[OUTCOMES[outcome.outcome]]
        assert decision.failure_weight == pytest.approx(min(12, state.failure_weight + added))
        assert decision.failure_streak == state.failure_streak + 1


@given(states, facts(), shares, shares)
def test_jitter_only_ever_adds_and_at_most_a_tenth(state: FeedState, found: FeedFacts, one: float, two: float) -> None:
    found = replace(found, skip_hours=frozenset())
    low, high = sorted((one, two))
    first, second = (decide_poll(state, OK, found, NOW, jitter).next_poll_at for jitter in (low, high))
    plain = decide_poll(state, OK, found, NOW, 0.0).next_poll_at
    assert plain <= first <= second <= plain + (plain - NOW) * 0.1 + timedelta(seconds=1)


@given(states, facts(), shares)
def test_skipped_hours_are_skipped(state: FeedState, found: FeedFacts, jitter: float) -> None:
    decision = decide_poll(state, OK, found, NOW, jitter)
    assert decision.next_poll_at.hour not in found.skip_hours or len(found.skip_hours) == 24


@given(states, outcomes, st.floats(0, 7 * DAY), shares)
def test_retry_after_is_never_undercut(state: FeedState, outcome: PollOutcome, asked: float, jitter: float) -> None:
    decision = decide_poll(state, replace(outcome, retry_after_s=asked), None, NOW, jitter)
    assert (decision.next_poll_at - NOW).total_seconds() >= asked - 1e-3


@given(states, facts(), shares)
def test_a_feed_that_answers_is_polled_before_its_window_flows_out(
    state: FeedState, found: FeedFacts, jitter: float
) -> None:
    found = replace(found, skip_hours=frozenset())
    decision = decide_poll(state, OK, found, NOW, jitter)
    if found.entries_per_week and found.entry_count:
        window_s = 7 * DAY / found.entries_per_week * found.entry_count
        waited = (decision.next_poll_at - NOW).total_seconds()
        assert waited <= max(MIN_INTERVAL_S, window_s / 2) * 1.1 + 1e-3


@given(st.sampled_from(sorted(name for name, kind in OUTCOMES.items() if kind != "none")))
def test_failures_in_a_row_wait_longer_and_longer_up_to_thirty_days(name: str) -> None:
    state, now, waits = FeedState("wire", usual_gap_s=HOUR), NOW, []
    for _ in range(60):
        decision = decide_poll(state, PollOutcome(name), None, now, 0.0)
        waits.append((decision.next_poll_at - now).total_seconds())
        state = decide_state(state, decision, PollOutcome(name), None, now)
        now = decision.next_poll_at
    assert waits == sorted(waits)
    assert waits[-1] == BACK_OFF_S
    assert decide_poll(state, OK, FeedFacts(10, 0, 168.0), now, 0.0).next_poll_at - now == timedelta(hours=1)


@given(st.lists(st.tuples(outcomes, st.none() | facts()), max_size=40), shares)
def test_any_history_can_be_lived_through(history: list[tuple[PollOutcome, FeedFacts | None]], jitter: float) -> None:
    state, now = FeedState("wire"), NOW
    for outcome, found in history:
        found = found if outcome.outcome == "ok" else None
        decide_request(state, now)
        decision = decide_poll(state, outcome, found, now, jitter)
        state = decide_state(state, decision, outcome, found, now)
        assert state.next_poll_at == decision.next_poll_at > now
        assert state.newest_entry_at is None or state.newest_entry_at <= now
        now = decision.next_poll_at
    assert state.poll_count == len(history)


def _waits(found: FeedFacts, state: FeedState | None = None, poll_minutes: int | None = None) -> tuple[float, str]:
    decision = decide_poll(state or FeedState("wire", poll_count=5), OK, found, NOW, 0.0, poll_minutes)
    return (decision.next_poll_at - NOW).total_seconds(), decision.reason


def test_a_feed_is_asked_about_as_often_as_it_publishes() -> None:
    assert _waits(FeedFacts(30, 1, 168.0)) == (HOUR, "rhythm")
    assert _waits(FeedFacts(30, 1, 100_000.0)) == (MIN_INTERVAL_S, "rhythm")
    assert _waits(FeedFacts(30, 1, 0.5)) == (MAX_INTERVAL_S, "rhythm")


def test_a_short_window_is_polled_at_half_its_time() -> None:
    assert _waits(FeedFacts(1, 0, 84.0)) == (HOUR, "window")


def test_mostly_new_entries_halve_the_interval() -> None:
    state = FeedState("wire", poll_count=5, polled_at=NOW - timedelta(hours=2), next_poll_at=NOW)
    assert _waits(FeedFacts(40, 30, 42.0), state) == (HOUR, "mostly_new")


def test_a_feed_without_dates_is_asked_less_and_less_while_nothing_comes() -> None:
    state = FeedState("wire", poll_count=5, polled_at=NOW - timedelta(hours=2), next_poll_at=NOW)
    assert _waits(FeedFacts(40, 0), state) == (3 * HOUR, "nothing_new")


def test_the_registry_overrules_the_rhythm_but_not_retry_after() -> None:
    assert _waits(FeedFacts(30, 1, 168.0, ttl_minutes=600), poll_minutes=7) == (7 * 60, "registry")
    decision = decide_poll(FeedState("wire"), PollOutcome("ok", 3600.0), FeedFacts(30, 1, 168.0), NOW, 0.0, 7)
    assert decision.next_poll_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (FeedFacts(100, 1, 168.0, ttl_minutes=240), (4 * HOUR, "ttl")),
        (FeedFacts(100, 1, 168.0, update_period_minutes=240), (4 * HOUR, "update_period")),
        (FeedFacts(100, 1, 168.0, freshness_s=4 * HOUR), (4 * HOUR, "freshness")),
        (FeedFacts(100, 1, 168.0, ttl_minutes=5), (HOUR, "rhythm")),
        (FeedFacts(4, 1, 168.0, ttl_minutes=1440), (2 * HOUR, "ttl")),
        (FeedFacts(500, 1, 168.0, ttl_minutes=525_600), (DAY, "ttl")),
    ],
)
def test_what_the_feed_asks_for_is_heard_as_long_as_nothing_is_lost(
    found: FeedFacts, expected: tuple[float, str]
) -> None:
    assert _waits(found) == expected


def test_conditions_are_sent_except_now_and_then() -> None:
    state = FeedState("wire", etag='"v"', last_modified="x", polled_at=NOW - timedelta(hours=1))
    reasons = [decide_request(replace(state, poll_count=count), NOW).reason for count in range(UNCONDITIONAL_EVERY)]
    assert reasons == ["conditional"] * (UNCONDITIONAL_EVERY - 1) + ["every_kth"]
    assert decide_request(replace(state, polled_at=NOW - timedelta(days=8)), NOW).etag is None
    assert decide_request(replace(state, etag=""), NOW).last_modified is None


def test_a_feed_of_three_entries_and_one_pinned_for_years_has_a_rhythm() -> None:
    dates = [NOW - timedelta(hours=hours) for hours in range(0, 30, 3)]
    assert find_entries_per_week(dates) == pytest.approx(56.0)
    assert find_entries_per_week([*dates, NOW - timedelta(days=900)]) == pytest.approx(56.0)
    assert find_entries_per_week(dates[:2]) is None
    assert find_entries_per_week([NOW] * 5) is None


@given(st.lists(times, max_size=60))
def test_a_rhythm_is_positive(dates: list[datetime]) -> None:
    rate = find_entries_per_week(dates)
    assert rate is None or rate > 0


def test_a_gap_is_seen_with_dates_and_without() -> None:
    state = FeedState("wire", poll_count=3, newest_entry_at=NOW - timedelta(hours=5))
    later, earlier = NOW - timedelta(hours=4), NOW - timedelta(hours=6)
    assert "gap" in decide_alarms(state, FeedFacts(10, 10, oldest_entry_at=later), NOW)
    assert "gap" not in decide_alarms(state, FeedFacts(10, 9, oldest_entry_at=earlier), NOW)
    assert "gap" in decide_alarms(state, FeedFacts(10, 10), NOW)
    assert "gap" not in decide_alarms(replace(state, poll_count=0), FeedFacts(10, 10), NOW)


def test_a_quiet_feed_is_told_apart_from_a_slow_one() -> None:
    state = FeedState("wire", newest_entry_at=NOW - timedelta(days=2), usual_gap_s=HOUR)
    assert decide_alarms(state, None, NOW) == ("quiet",)
    assert decide_alarms(replace(state, usual_gap_s=DAY), None, NOW) == ()
    assert decide_alarms(replace(state, newest_entry_at=NOW - timedelta(hours=4)), None, NOW) == ()


@given(st.integers(100, 599), st.booleans(), st.booleans())
def test_every_status_has_an_outcome(status: int, was_conditional: bool, is_limited: bool) -> None:
    outcome, _ = decide_outcome(status, was_conditional, is_limited)
    assert outcome in OUTCOMES


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"Cache-Control": "public, max-age=600"}, 600.0),
        ({"Cache-Control": "max-age=600", "Age": "500"}, 100.0),
        ({"Cache-Control": "max-age=600", "Age": "900"}, 0.0),
        ({"Cache-Control": "no-cache, max-age=600"}, 0.0),
        ({"Cache-Control": "s-maxage=600"}, None),
        ({"Cache-Control": "max-age=600", "Expires": "0"}, 600.0),
        ({"Expires": "Mon, 23 Nov 2026 21:00:00 GMT", "Date": "Mon, 23 Nov 2026 20:00:00 GMT"}, 3600.0),
        ({"Expires": "Mon, 23 Nov 2026 21:30:00 GMT"}, 3600.0),
        ({"Expires": "0"}, 0.0),
        ({"Expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0.0),
    ],
)
def test_freshness_is_read_as_caches_read_it(headers: dict[str, str], expected: float | None) -> None:
    result = FetchResult("http://a/", "http://a/", "ok", 200, tuple(headers.items()), b"", NOW, 0.0)
    assert read_freshness(result) == expected
