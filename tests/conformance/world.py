"""What a case has at hand: servers, the real client, and polls with memory."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from pipeline.collect.client import Client, Timeouts
from pipeline.collect.entrykeys import EntryNames, SeenEntry
from pipeline.collect.poll import PollReport, poll_feed
from pipeline.records import FeedSpec, FeedState, FetchRequest, FetchResult
from tests.remembering import remember

from .server import ScriptedServer, Step

NOW = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
#: for stalls, which last as long as this
HURRIED = Timeouts(connect_s=0.25, read_s=0.25, total_s=0.3)
#: for all else: a busy machine must not fail a case
PATIENT = Timeouts(connect_s=5.0, read_s=10.0, total_s=20.0)

SPEC = FeedSpec(
    feed_key="wire-world",
    service_key="wire",
    service_name="Wire",
    service_kind="agency",
    url="http://wire.example/feed",
    homepage="http://wire.example/",
    title="World",
    allow_loopback=True,
)


@dataclass
class Poller:
    """One feed polled again and again, an hour apart; remembers its state and all entries seen."""

    client: Client
    spec: FeedSpec
    state: FeedState = field(default_factory=lambda: FeedState("wire-world"))
    now: datetime = NOW
    seen: dict[str, SeenEntry] = field(default_factory=dict)
    reports: list[PollReport] = field(default_factory=list)

    def poll(self, hours: float = 1.0) -> PollReport:
        report = poll_feed(self.ask, self.spec, self.state, self.recall, self.now, jitter=0.0)
        for key, entry in zip(report.keys, report.feed.entries if report.feed else (), strict=True):
            self.seen[key] = remember(key, entry, self.seen.get(key))
        self.state = report.state
        self.reports.append(report)
        self.now += timedelta(hours=hours)
        return report

    def recall(self, names: EntryNames) -> list[SeenEntry]:
        """What was seen under one of these names."""
        return [
            entry
            for entry in self.seen.values()
            if entry.key in names.keys or entry.addresses & names.addresses or entry.guids & names.guids
        ]

    def ask(self, request: FetchRequest) -> FetchResult:
        """The real client, on the clock of the case."""
        return replace(self.client.fetch(request), fetched_at=self.now)

    @property
    def titles(self) -> list[str]:
        """All titles read so far, each key once."""
        found = {
            key: entry.title
            for report in self.reports
            if report.feed
            for key, entry in zip(report.keys, report.feed.entries, strict=True)
        }
        return list(found.values())


@dataclass
class World:
    """Passed to every case."""

    server: ScriptedServer
    client: Client
    hurried: Client
    ssl_context: ssl.SSLContext

    def fetch(self, *steps: Step, path: str = "/feed", is_hurried: bool = False, **request: object) -> FetchResult:
        """Script a path and fetch it; hurried where it is the deadline that must end it."""
        url = self.server.script(path, *steps) if steps else self.server.url(path)
        client = self.hurried if is_hurried else self.client
        asked = replace(FetchRequest(url, allow_loopback=True), **request)  # type: ignore[arg-type]
        return client.fetch(asked)

    def poller(self, *steps: Step, path: str = "/feed") -> Poller:
        """Script a feed and get ready to poll it."""
        return Poller(self.client, replace(SPEC, url=self.server.script(path, *steps)))

    def connect(self, resolver: Callable[[str, int], list[str]], is_hurried: bool = False, **options: object) -> Client:
        """A client with a name server of its own."""
        timeouts = HURRIED if is_hurried else PATIENT
        return Client("Wireledger/test", timeouts, resolver=resolver, ssl_context=self.ssl_context, **options)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Case:
    """One row of the table."""

    group: str
    name: str
    check: Callable[[World], None]


CASES: list[Case] = []


def case(group: str, name: str) -> Callable[[Callable[[World], None]], Callable[[World], None]]:
    """Enter a function in the table."""

    def enter(check: Callable[[World], None]) -> Callable[[World], None]:
        CASES.append(Case(group, name, check))
        return check

    return enter


def expect(result: FetchResult, outcome: str, detail: str = "") -> None:
    """The result has this outcome, and its detail these words; came within the deadline."""
    assert result.outcome == outcome, f"{result.outcome}: {result.detail}"
    assert detail in result.detail, result.detail


def has_ipv6() -> bool:
    """Does this machine have ::1?"""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True
