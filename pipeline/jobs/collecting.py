"""Feeds and pages to archived bytes and queued work.

::

    list_due_hosts | poll: fetch > archive > parse > raw.entry > page visits | visit: robots > fetch > archive > raw.fetch

Bytes are archived before they are parsed. One transaction a poll and one a page: what is done stays done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pydantic import SecretStr

from pipeline import __version__
from pipeline.collect.archive import Archive
from pipeline.collect.client import Client, build_user_agent
from pipeline.collect.pacing import find_domain
from pipeline.collect.poll import poll_feed
from pipeline.errors import UsageError, WireError
from pipeline.jobs.asking import Asker, DomainBlocked, RobotsRefused
from pipeline.jobs.session import open_store, utc_now
from pipeline.jobs.storing import draw_jitter, refuse_page, store_page, store_poll
from pipeline.records import FeedSpec, FetchRequest
from pipeline.registry import load_registry
from pipeline.settings import Settings, get_settings
from pipeline.store import feeds as feed_store
from pipeline.store import fetches, runs
from pipeline.store.database import Connection, holding_lock, serving, transaction
from pipeline.store.queries import get_query

#: hosts that a run without Airflow asks at the same time
HOSTS_AT_ONCE = 4
PAGE_ACCEPT = "text/html, application/xhtml+xml, */*;q=0.5"


def list_due_hosts(
    feeds: Sequence[str] | None = None,
    limit: int | None = None,
    force: bool = False,
    settings: Settings | None = None,
) -> list[dict[str, Any]]:
    """Hosts (registrable domains) with a feed to poll or a page to fetch now: ``{"host", "poll", "visit", "limit",
    "force"}``.

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
        if spec.is_delivered:
            continue
        is_due = force or (next_at := states[spec.feed_key].next_poll_at) is None or next_at <= now
        if is_due or spec.feed_key in open_keys:
            host = find_domain(spec.url) or spec.service_key
            entry = hosts.setdefault(
                host, {"host": host, "poll": [], "visit": [], "limit": limit or 200, "force": force}
            )
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
        # One worker a host, so that no feed is polled twice at once; the budget is held request by request (`asking`).
        stack.enter_context(holding_lock(stack.enter_context(open_store(settings)), f"host {host['host']}"))
        collector = Collector(connection, Asker(connection, client, archive, run_id), archive, run_id)
        for key in host["poll"]:
            collector.poll(specs[key], bool(host.get("force")))
        collector.visit_pages([specs[k] for k in host["visit"] if k in specs], int(host["limit"]))
        return collector.counts


def collect_hosts(
    hosts: Sequence[Mapping[str, Any]], at_once: int = HOSTS_AT_ONCE, settings: Settings | None = None
) -> Iterator[tuple[Mapping[str, Any], dict[str, int], WireError | None]]:
    """Collect several hosts at a time without Airflow; gives each with its counts, or with what stopped it, as it ends."""
    settings = settings or get_settings()
    with serving(settings) as url:
        # Served and migrated here, once; the hosts' jobs only connect.
        inner = settings.model_copy(update={"database_url": SecretStr(url)})
        with ThreadPoolExecutor(at_once) as pool:
            running = {pool.submit(collect_host, host, None, inner): host for host in hosts}
            for done in as_completed(running):
                try:
                    yield running[done], done.result(), None
                except WireError as error:
                    yield running[done], {}, error


@dataclass(slots=True)
class Collector:
    """One host's work: polls, then page visits."""

    connection: Connection
    asker: Asker
    archive: Archive
    run_id: int
    counts: dict[str, int] = field(default_factory=dict)

    def poll(self, spec: FeedSpec, is_forced: bool) -> None:
        """Poll one feed and store what it shows. One that another worker has polled meanwhile is left alone."""
        now = utc_now()
        state = feed_store.list_states(self.connection, [spec.feed_key])[spec.feed_key]
        if not is_forced and state.next_poll_at is not None and state.next_poll_at > now:
            self._count("feeds polled elsewhere")
            return
        recall = partial(fetches.recall_entries, self.connection, spec.feed_key)
        try:
            report = poll_feed(self.asker.ask, spec, state, recall, now, draw_jitter(), self.archive.write)
        except DomainBlocked:
            self._count("feeds waiting")
            return
        with transaction(self.connection):
            store_poll(self.connection, self.run_id, spec, report)
        self._count(f"feeds {report.outcome}")

    def visit_pages(self, specs: Sequence[FeedSpec], limit: int) -> None:
        """Fetch due pages of these feeds, ``limit`` at most, rechecks among them on a smaller budget."""
        by_key = {s.feed_key: s for s in specs}
        for visit in fetches.list_due_visits(self.connection, list(by_key), utc_now(), limit):
            try:
                self._visit(visit, by_key[visit.feed_key])
            except DomainBlocked as blocked:
                with transaction(self.connection):
                    fetches.put_off_visit(self.connection, visit.page_visit_id, blocked.until_s)
                self._count("pages waiting")

    def _visit(self, visit: fetches.Visit, spec: FeedSpec) -> None:
        allowed = self.asker.may_visit(visit.url, spec)
        if not allowed.is_allowed:
            self._refuse(visit, allowed.reason)
            return
        request = FetchRequest(visit.url, accept=PAGE_ACCEPT, allow_loopback=spec.allow_loopback)
        try:
            result = self.asker.ask(request, allowed.crawl_delay_s, partial(self.asker.may_visit, spec=spec))
        except RobotsRefused as refused:
            self._refuse(visit, refused.reason)
            return
        pointer = self.archive.write(result) if result.body is not None else None
        with transaction(self.connection):
            self._count(f"pages {store_page(self.connection, self.run_id, visit, result, pointer)}")

    def _refuse(self, visit: fetches.Visit, reason: str) -> None:
        with transaction(self.connection):
            refuse_page(self.connection, self.run_id, visit, reason, utc_now())
        self._count("pages refused")

    def _count(self, name: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + 1
