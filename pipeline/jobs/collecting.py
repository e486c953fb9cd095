"""Feeds and pages to archived bytes and queued work.

::

    list_due_hosts | poll: fetch > archive > parse > raw.entry > page visits | visit: robots > fetch > archive > raw.fetch

Bytes are archived before they are parsed. One transaction a poll and one a page: what is done stays done.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from pipeline import __version__
from pipeline.collect.archive import Archive
from pipeline.collect.client import Client, build_user_agent
from pipeline.collect.pacing import DomainLoad, Pace, decide_wait, find_domain, note_end, note_start
from pipeline.collect.polling import decide_request
from pipeline.collect.robots import decide_allowed, find_robots_url
from pipeline.errors import UsageError
from pipeline.jobs.session import open_store, utc_now
from pipeline.jobs.storing import PAGE_TRIES, RETRY_AFTER, note_page, store_page, store_poll
from pipeline.records import FeedSpec, FetchRequest, FetchResult
from pipeline.registry import load_registry
from pipeline.settings import Settings, get_settings
from pipeline.store import feeds as feed_store
from pipeline.store import fetches, runs
from pipeline.store.database import Connection, holding_lock, transaction
from pipeline.store.queries import get_query

ROBOTS_AGENT = "Wireledger"
ROBOTS_MAX_BYTES = 2**20
FEED_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
PAGE_ACCEPT = "text/html, application/xhtml+xml, */*;q=0.5"


def list_due_hosts(
    feeds: Sequence[str] | None = None,
    limit: int | None = None,
    force: bool = False,
    settings: Settings | None = None,
) -> list[dict[str, Any]]:
    """Hosts (registrable domains) with a feed to poll or a page to fetch now: ``{"host", "poll", "visit", "limit"}``.

    Raises :class:`UsageError` for a feed key that the registry does not have.
    """
    settings = settings or get_settings()
    specs = select_feeds(load_registry(settings.feeds), feeds)
    now = utc_now()
    with open_store(settings) as connection, transaction(connection):
        feed_store.save_registry(connection, specs)
        states = feed_store.list_states(connection, [s.feed_key for s in specs])
        open_keys = {str(row["feed_key"]) for row in connection.execute(get_query("list_open_hosts"), {"now": now})}
    hosts: dict[str, dict[str, Any]] = {}
    for spec in specs:
        is_due = force or (next_at := states[spec.feed_key].next_poll_at) is None or next_at <= now
        if is_due or spec.feed_key in open_keys:
            host = find_domain(spec.url) or spec.service_key
            entry = hosts.setdefault(host, {"host": host, "poll": [], "visit": [], "limit": limit or 200})
            entry["visit"].append(spec.feed_key)
            if is_due:
                entry["poll"].append(spec.feed_key)
    return list(hosts.values())


def select_feeds(specs: Iterable[FeedSpec], keys: Sequence[str] | None) -> list[FeedSpec]:
    """The feeds of these keys (all for None); raises :class:`UsageError` naming a key that is not there."""
    by_key = {s.feed_key: s for s in specs}
    if unknown := [k for k in keys or () if k not in by_key]:
        raise UsageError(f"no such feed: {', '.join(unknown)} (`wire feeds` lists them)")
    return [by_key[k] for k in keys] if keys else list(by_key.values())


def collect_host(
    host: Mapping[str, Any], airflow_run: str | None = None, settings: Settings | None = None
) -> dict[str, int]:
    """Poll the feeds of one host, then fetch the pages they lead to; returns counts by outcome."""
    settings = settings or get_settings()
    specs = {s.feed_key: s for s in load_registry(settings.feeds)}
    with ExitStack() as stack:
        connection = stack.enter_context(open_store(settings))
        archive = stack.enter_context(Archive(settings.archive))
        agent = build_user_agent(__version__, settings.contact)
        client = stack.enter_context(Client(agent, connect_to=settings.connect_to))
        run_id = stack.enter_context(runs.recorded_run(connection, "collect", dict(host), airflow_run))
        # One worker a domain, whatever started it: the budget is the domain's, not the run's.
        stack.enter_context(holding_lock(stack.enter_context(open_store(settings)), f"host {host['host']}"))
        collector = Collector(connection, client, archive, run_id, load=DomainLoad())
        for key in host["poll"]:
            collector.poll(specs[key])
        collector.visit_pages([specs[k] for k in host["visit"] if k in specs], int(host["limit"]))
        return collector.counts


@dataclass(slots=True)
class Collector:
    """One host's work: polls and page visits within one budget."""

    connection: Connection
    client: Client
    archive: Archive
    run_id: int
    load: DomainLoad
    counts: dict[str, int] = field(default_factory=dict)
    robots: dict[str, FetchResult] = field(default_factory=dict)

    def poll(self, spec: FeedSpec) -> None:
        """Poll one feed and store what it shows."""
        now = utc_now()
        state = feed_store.list_states(self.connection, [spec.feed_key])[spec.feed_key]
        validators = decide_request(state, now)
        request = FetchRequest(
            state.permanent_url or spec.url, validators.etag, validators.last_modified, FEED_ACCEPT, spec.allow_loopback
        )
        result = self._fetch(request)
        pointer = self.archive.write(result) if result.body is not None else None
        with transaction(self.connection):
            store_poll(self.connection, self.run_id, spec, state, result, pointer)
        self._count(f"feeds {result.outcome}")

    def visit_pages(self, specs: Sequence[FeedSpec], limit: int) -> None:
        """Fetch due pages of these feeds, ``limit`` at most."""
        by_key = {s.feed_key: s for s in specs}
        for visit in fetches.list_due_visits(self.connection, list(by_key), utc_now(), limit):
            self._visit(visit, by_key[visit.feed_key])

    def _visit(self, visit: fetches.Visit, spec: FeedSpec) -> None:
        allowed = decide_allowed(self._get_robots(visit.url, spec), visit.url, ROBOTS_AGENT)
        if not allowed.is_allowed:
            reason = f"robots_{allowed.reason}"
            with transaction(self.connection):
                is_final = allowed.reason == "disallowed" or visit.try_count + 1 >= PAGE_TRIES
                later = None if is_final else utc_now() + RETRY_AFTER
                fetches.mark_visit(
                    self.connection, visit.page_visit_id, "failed" if is_final else "due", None, later, reason
                )
                note_page(self.connection, self.run_id, visit, "refused", reason)
            self._count("pages refused")
            return
        request = FetchRequest(visit.url, accept=PAGE_ACCEPT, allow_loopback=spec.allow_loopback)
        result = self._fetch(request, allowed.crawl_delay_s)
        pointer = self.archive.write(result) if result.body is not None else None
        with transaction(self.connection):
            self._count(f"pages {store_page(self.connection, self.run_id, visit, result, pointer)}")

    def _get_robots(self, url: str, spec: FeedSpec) -> FetchResult | None:
        address = find_robots_url(url)
        if address is None:
            return None
        if address not in self.robots:
            self.robots[address] = self._fetch(
                FetchRequest(address, allow_loopback=spec.allow_loopback, max_bytes=ROBOTS_MAX_BYTES)
            )
        return self.robots[address]

    def _fetch(self, request: FetchRequest, crawl_delay_s: float | None = None) -> FetchResult:
        pace = Pace(spacing_s=0.0) if request.allow_loopback else Pace()
        wait = decide_wait(self.load, pace, time.monotonic(), crawl_delay_s)
        if wait:
            time.sleep(wait)
        self.load = note_start(self.load, time.monotonic())
        result = self.client.fetch(request)
        self.load = note_end(
            self.load, time.monotonic(), None if request.allow_loopback else _capped(result.retry_after_s)
        )
        return result

    def _count(self, name: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + 1


def _capped(seconds: float | None) -> float | None:
    return min(seconds, 30.0) if seconds else None
