"""Who may be asked now: one budget a registrable domain, and robots.txt for pages.

::

    ask: lock the domain's row ─▶ decide_wait ─▶ sleep ─▶ Client.fetch_within ─▶ note start and Retry-After ─▶ let go
          ▲                                                     │
          └── robots.txt of the other ◀── redirect to another domain
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from pipeline.collect.archive import Archive
from pipeline.collect.client import Chain, Client
from pipeline.collect.pacing import MAX_DELAY_S, Pace, decide_wait, find_domain, note_end, note_start
from pipeline.collect.robots import KEEP, RobotsDecision, decide_allowed, find_robots_url
from pipeline.jobs.session import utc_now
from pipeline.records import ArchivePointer, FeedSpec, FetchRequest, FetchResult
from pipeline.store import fetches, runs
from pipeline.store.database import Connection, transaction
from pipeline.store.pacing import holding_domain, note_domain, read_clock
from pipeline.store.queries import get_query

ROBOTS_AGENT = "Wireledger"
ROBOTS_MAX_BYTES = 2**20
#: no Retry-After keeps a whole domain waiting for longer; the feed's own wait may be longer (`polling`)
MAX_BLOCK_S = 86_400.0


class DomainBlocked(Exception):
    """The domain asked to be left alone for longer than a worker waits; nothing was sent. ``until_s``: since 1970."""

    def __init__(self, until_s: float) -> None:
        super().__init__(until_s)
        self.until_s = until_s


class RobotsRefused(Exception):
    """robots.txt forbids an address that a redirect leads to, or could not be read; it was not asked for."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Asker:
    """Asks one thing at a time, within the budget of whichever domain it is that is asked."""

    connection: Connection
    client: Client
    archive: Archive
    run_id: int
    robots: dict[str, FetchResult] = field(default_factory=dict)

    def ask(
        self,
        request: FetchRequest,
        crawl_delay_s: float | None = None,
        may_follow: Callable[[str], RobotsDecision] | None = None,
    ) -> FetchResult:
        """Fetch when the domain may be asked; raises :class:`DomainBlocked` where that is not soon. Where a redirect leads
        to another domain, that one's budget is waited for too, after ``may_follow`` (robots.txt) has let the address pass;
        raises :class:`RobotsRefused` where it does not."""
        chain = Chain(request.url)
        while (result := self._ask_domain(request, chain, crawl_delay_s)) is None:
            if may_follow is not None:
                allowed = may_follow(chain.url)
                if not allowed.is_allowed:
                    raise RobotsRefused(allowed.reason)
                crawl_delay_s = allowed.crawl_delay_s
        return result

    def _ask_domain(self, request: FetchRequest, chain: Chain, crawl_delay_s: float | None) -> FetchResult | None:
        """As far as one domain answers; no other is held meanwhile."""
        domain = find_domain(chain.url)
        if domain is None:
            return self.client.fetch_within(request, chain)
        pace = Pace(spacing_s=0.0) if request.allow_loopback else Pace()
        with holding_domain(self.connection, domain) as load:
            now_s = read_clock(self.connection)
            wait = decide_wait(load, pace, now_s, crawl_delay_s) or 0.0
            if wait > MAX_DELAY_S:
                raise DomainBlocked(now_s + wait)
            time.sleep(wait)
            load = note_start(load, now_s + wait)
            result = self.client.fetch_within(request, chain)
            asked = _capped(request, result) if result is not None else None
            note_domain(self.connection, domain, note_end(load, read_clock(self.connection), asked))
        return result

    def may_visit(self, url: str, spec: FeedSpec) -> RobotsDecision:
        """What robots.txt says of a page; the file is kept for a day, in the archive as every answer."""
        address = find_robots_url(url)
        if address is not None and address not in self.robots:
            self.robots[address] = self._find_robots(address, utc_now()) or self._ask_robots(address, spec)
        return decide_allowed(self.robots[address] if address else None, url, ROBOTS_AGENT)

    def _find_robots(self, address: str, now: datetime) -> FetchResult | None:
        row = self.connection.execute(get_query("find_robots"), {"url": address, "after": now - KEEP}).fetchone()
        if row is None:
            return None
        if row["archive_file"] is None:
            outcome, status, at = row["outcome"], row["status"], row["fetched_at"]
            return FetchResult(address, row["final_url"], outcome, status, (), None, at, 0.0)
        pointer = ArchivePointer(row["archive_file"], row["archive_offset"], row["archive_length"])
        try:
            return self.archive.read(pointer)
        except (FileNotFoundError, ValueError):
            return None

    def _ask_robots(self, address: str, spec: FeedSpec) -> FetchResult:
        result = self.ask(FetchRequest(address, allow_loopback=spec.allow_loopback, max_bytes=ROBOTS_MAX_BYTES))
        pointer = self.archive.write(result) if result.body is not None else None
        with transaction(self.connection):
            batch = runs.start_batch(self.connection, self.run_id, "robots")
            runs.note_intake(self.connection, batch, "robots", 1)
            # Under the address that was asked for: a redirect must not hide the file from the next look.
            fetches.add_fetch(
                self.connection, "robots", spec.feed_key, replace(result, request_url=address), pointer, batch
            )
            outcome = runs.Outcome("robots", address, result.outcome, spec.feed_key, None, result.detail)
            runs.add_outcomes(self.connection, batch, [outcome])
        return result


def _capped(request: FetchRequest, result: FetchResult) -> float | None:
    """How long the domain is to be left alone; the demo and the tests hold nobody up."""
    if request.allow_loopback or not result.retry_after_s:
        return None
    return min(result.retry_after_s, MAX_BLOCK_S)
