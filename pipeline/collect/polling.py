"""When to ask a feed again. Pure: `now` and the jitter are parameters, nothing is read or written.

An interval is the usual gap between entries, at most half of the time in which the feed's window flows out, so that
nothing falls out of it unseen; then what the server asks for (ttl, updatePeriod, freshness, skipHours, Retry-After)
lengthens it. Failures stretch it by the account of their weights, up to thirty days; no feed is ever given up.

Does not decide how many requests a host gets (`pacing`) nor what is new (`identity`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from pipeline.collect.outcomes import OUTCOMES, WEIGHTS
from pipeline.records import FeedState, PollDecision

MINUTE = 60.0
HOUR = 3600.0
DAY = 86_400.0
WEEK = 7 * DAY

MIN_INTERVAL_S = 5 * MINUTE
MAX_INTERVAL_S = DAY
FIRST_INTERVAL_S = 30 * MINUTE
BACK_OFF_S = 30 * DAY
#: what a feed may ask for itself: a ttl of a year would be a fault, not a wish
HINT_CAP_S = DAY
RETRY_AFTER_CAP_S = 7 * DAY
#: every so many polls no validators are sent, so that a server whose ETag lies is found out
UNCONDITIONAL_EVERY = 12
#: a feed is quiet when nothing came for so many times its usual gap, and at least for `QUIET_AFTER_S`
QUIET_GAPS = 3.0
QUIET_AFTER_S = 6 * HOUR
#: stored in place of validators that stayed the same while entries came: never sent, never replaced
LYING = ""
_MAX_WEIGHT = 12.0


@dataclass(frozen=True, slots=True)
class FeedFacts:
    """What a poll that brought a feed showed. ``new_count`` of ``entry_count`` entries were not known before;
    ``freshness_s`` is from Cache-Control and Expires (`freshness.read_freshness`)."""

    entry_count: int = 0
    new_count: int = 0
    entries_per_week: float | None = None
    oldest_entry_at: datetime | None = None
    newest_entry_at: datetime | None = None
    ttl_minutes: int | None = None
    update_period_minutes: int | None = None
    skip_hours: frozenset[int] = frozenset()
    freshness_s: float | None = None
    body_sha256: str | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """How a poll ended: one of ``outcomes.OUTCOMES`` (``unreadable`` for a body that is no feed), what Retry-After
    asked for, and where a permanent redirect led."""

    outcome: str
    retry_after_s: float | None = None
    freshness_s: float | None = None
    permanent_url: str | None = None


@dataclass(frozen=True, slots=True)
class Validators:
    """What to send with the next request; both None: ask without a condition."""

    etag: str | None
    last_modified: str | None
    reason: str


def decide_request(state: FeedState, now: datetime) -> Validators:
    """Conditional or not. Unconditional on the first poll, on every `UNCONDITIONAL_EVERY`-th, when nothing was heard
    for a week, and for ever where the ETag was found to lie."""
    if state.etag == LYING:
        return Validators(None, None, "lying_validator")
    if state.etag is None and state.last_modified is None:
        return Validators(None, None, "no_validators")
    if state.poll_count % UNCONDITIONAL_EVERY == UNCONDITIONAL_EVERY - 1:
        return Validators(None, None, "every_kth")
    if state.polled_at is not None and (now - state.polled_at).total_seconds() > WEEK:
        return Validators(None, None, "long_silence")
    return Validators(state.etag, state.last_modified, "conditional")


def decide_poll(
    state: FeedState,
    outcome: PollOutcome,
    facts: FeedFacts | None,
    now: datetime,
    jitter: float,
    poll_minutes: int | None = None,
) -> PollDecision:
    """When to ask next. ``facts`` is None where no feed was read; ``jitter`` in [0, 1) adds up to a tenth, never takes
    away; ``poll_minutes`` is the registry's word and replaces what the feed's own rhythm would give."""
    kind = OUTCOMES[outcome.outcome]
    if kind == "none":
        interval, reason = _decide_interval(state, facts, poll_minutes)
        interval, reason = _apply_hints(interval, reason, facts, outcome, poll_minutes)
        weight, streak = 0.0, 0
    else:
        weight = min(_MAX_WEIGHT, state.failure_weight + WEIGHTS[kind])
        streak = state.failure_streak + 1
        base = poll_minutes * MINUTE if poll_minutes is not None else state.usual_gap_s or FIRST_INTERVAL_S
        interval, reason = min(BACK_OFF_S, _clamp(base) * 4.0**weight), f"back_off_{kind}"
    if outcome.retry_after_s is not None and outcome.retry_after_s > interval:
        interval, reason = min(outcome.retry_after_s, max(RETRY_AFTER_CAP_S, interval)), "retry_after"
    interval = min(interval * (1.0 + 0.1 * jitter), BACK_OFF_S)
    next_at = now + timedelta(seconds=interval)
    skipped = _skip_hours(next_at, facts.skip_hours) if facts else next_at
    return PollDecision(
        next_poll_at=skipped,
        failure_weight=weight,
        failure_streak=streak,
        reason="skip_hours" if skipped != next_at else reason,
        alarms=decide_alarms(state, facts, now),
    )


def decide_alarms(state: FeedState, facts: FeedFacts | None, now: datetime) -> tuple[str, ...]:
    """``gap``: entries were lost between the last poll and this one. ``quiet``: nothing new for long.
    ``lying_validator``: new entries under the same ETag, or under the same Last-Modified where there is no ETag."""
    alarms = []
    if facts is not None and _is_gap(state, facts):
        alarms.append("gap")
    if facts is not None and facts.new_count and state.poll_count and _has_same_validators(state, facts):
        alarms.append("lying_validator")
    newest = max((at for at in (state.newest_entry_at, facts.newest_entry_at if facts else None) if at), default=None)
    if newest and state.usual_gap_s:
        silence = (now - newest).total_seconds()
        if silence > max(QUIET_AFTER_S, QUIET_GAPS * state.usual_gap_s):
            alarms.append("quiet")
    return tuple(alarms)


def decide_state(
    state: FeedState, decision: PollDecision, outcome: PollOutcome, facts: FeedFacts | None, now: datetime
) -> FeedState:
    """What to remember after a poll. Validators and body hash are taken over only from a feed that was read, so that
    a broken answer is asked for again; a 304 keeps them."""
    is_hard = OUTCOMES[outcome.outcome] == "hard"
    polled = replace(
        state,
        polled_at=now,
        next_poll_at=decision.next_poll_at,
        poll_count=state.poll_count + 1,
        failure_weight=decision.failure_weight,
        failure_streak=decision.failure_streak,
        # an address that we were sent to and that is now dead is forgotten: the old one may lead elsewhere by now
        permanent_url=outcome.permanent_url or (None if is_hard else state.permanent_url),
    )
    if facts is None:
        return polled
    is_lying = state.etag == LYING or "lying_validator" in decision.alarms
    known_share = 1.0 - facts.new_count / facts.entry_count if facts.entry_count else None
    newest = max((at for at in (state.newest_entry_at, facts.newest_entry_at) if at), default=None)
    return replace(
        polled,
        etag=LYING if is_lying else facts.etag,
        last_modified=None if is_lying else facts.last_modified,
        body_sha256=facts.body_sha256,
        newest_entry_at=newest if newest is None or newest <= now else now,
        usual_gap_s=_blend(state.usual_gap_s, _find_gap(facts)),
        known_share=_blend(state.known_share, known_share),
    )


def find_entries_per_week(dates: list[datetime]) -> float | None:
    """How often a feed publishes, from the dates of its entries; None below three dates or where all are equal. The
    outermost tenth at the old end is left out: pinned entries are months old."""
    ordered = sorted(dates, reverse=True)
    kept = ordered[: max(3, len(ordered) - len(ordered) // 10)]
    if len(kept) < 3:
        return None
    span = (kept[0] - kept[-1]).total_seconds()
    return (len(kept) - 1) * WEEK / span if span > 0 else None


def _find_gap(facts: FeedFacts | None) -> float | None:
    """Seconds between two entries, on average."""
    return WEEK / facts.entries_per_week if facts and facts.entries_per_week else None


def _find_window(facts: FeedFacts | None) -> float | None:
    """Seconds in which as many entries are published as the feed shows."""
    gap = _find_gap(facts)
    return gap * facts.entry_count if gap and facts and facts.entry_count else None


def _decide_interval(state: FeedState, facts: FeedFacts | None, poll_minutes: int | None) -> tuple[float, str]:
    if poll_minutes is not None:
        return max(MINUTE, poll_minutes * MINUTE), "registry"
    gap = _find_gap(facts) or state.usual_gap_s
    interval, reason = (gap, "rhythm") if gap else (FIRST_INTERVAL_S, "first")
    if facts and facts.entry_count and state.poll_count > 0:
        share = 1.0 - facts.new_count / facts.entry_count
        if share < 0.5:
            interval, reason = min(interval, _last_interval(state)) / 2, "mostly_new"
        elif share == 1.0 and not gap:
            interval, reason = _last_interval(state) * 1.5, "nothing_new"
    elif facts is None and not gap and state.poll_count > 0:
        interval, reason = _last_interval(state) * 1.5, "nothing_new"
    window = _find_window(facts)
    if window is not None and window / 2 < interval:
        interval, reason = window / 2, "window"
    return _clamp(interval), reason


def _clamp(interval: float) -> float:
    return min(MAX_INTERVAL_S, max(MIN_INTERVAL_S, interval))


def _last_interval(state: FeedState) -> float:
    if state.polled_at is None or state.next_poll_at is None:
        return FIRST_INTERVAL_S
    return max(MIN_INTERVAL_S, (state.next_poll_at - state.polled_at).total_seconds())


def _apply_hints(
    interval: float, reason: str, facts: FeedFacts | None, outcome: PollOutcome, poll_minutes: int | None
) -> tuple[float, str]:
    """Lengthen the interval to what the feed asks for, but not beyond half of its window: a ttl of a day on a feed
    that shows three hours would lose seven eighths of it."""
    if poll_minutes is not None:
        return interval, reason
    hints = {"freshness": outcome.freshness_s}
    if facts is not None:
        hints["ttl"] = facts.ttl_minutes * MINUTE if facts.ttl_minutes else None
        hints["update_period"] = facts.update_period_minutes * MINUTE if facts.update_period_minutes else None
        hints["freshness"] = facts.freshness_s if facts.freshness_s is not None else outcome.freshness_s
    window = _find_window(facts)
    cap = HINT_CAP_S if window is None else min(HINT_CAP_S, max(MIN_INTERVAL_S, window / 2))
    for name, asked in hints.items():
        if asked is not None and min(asked, cap) > interval:
            interval, reason = min(asked, cap), name
    return interval, reason


def _skip_hours(at: datetime, hours: frozenset[int]) -> datetime:
    """The first instant from ``at`` on whose hour (GMT) is not to be skipped; ``at`` itself where all hours are."""
    if len(hours & frozenset(range(24))) >= 24:
        return at
    moved = at.astimezone(UTC)
    while moved.hour in hours:
        moved = (moved + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    return moved


def _is_gap(state: FeedState, facts: FeedFacts) -> bool:
    """Nothing in the window was known before, or all of it is newer than the newest we knew."""
    if state.poll_count == 0 or state.newest_entry_at is None or not facts.entry_count:
        return False
    if facts.oldest_entry_at is not None:
        return facts.oldest_entry_at > state.newest_entry_at
    return facts.new_count == facts.entry_count


def _has_same_validators(state: FeedState, facts: FeedFacts) -> bool:
    """Validators that did not change although entries came. Another body alone proves nothing: a weak ETag may stay
    while a build date changes."""
    if state.etag or facts.etag:
        return bool(state.etag) and state.etag == facts.etag
    return state.last_modified is not None and state.last_modified == facts.last_modified


def _blend(before: float | None, now: float | None) -> float | None:
    """A moving average in which the new value counts for three tenths."""
    if before is None or now is None:
        return now if before is None else before
    return 0.7 * before + 0.3 * now
