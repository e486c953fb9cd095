"""One budget a registrable domain, whoever asks: two workers never ask a domain at once, and Retry-After holds for all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.collect.archive import Archive
from pipeline.collect.client import Chain, Client
from pipeline.collect.pacing import DomainLoad
from pipeline.collect.robots import RobotsDecision
from pipeline.jobs.asking import Asker, DomainBlocked, RobotsRefused
from pipeline.records import FetchRequest, FetchResult
from pipeline.store.database import connect, transaction
from pipeline.store.pacing import note_domain, read_clock
from tests.conformance.server import ScriptedServer, answer

pytestmark = pytest.mark.postgres


class FakeClient:
    """Counts who is asking at the same time."""

    def __init__(self, answer: Callable[[FetchRequest], FetchResult]) -> None:
        self.answer = answer
        self.busy: dict[str, int] = {}
        self.most: dict[str, int] = {}
        self.asked: list[str] = []
        self._lock = threading.Lock()

    def fetch_within(self, request: FetchRequest, chain: Chain) -> FetchResult:
        host = request.url.split("/")[2]
        domain = ".".join(host.split(".")[-2:])
        with self._lock:
            self.asked.append(request.url)
            self.busy[domain] = self.busy.get(domain, 0) + 1
            self.most[domain] = max(self.most.get(domain, 0), self.busy[domain])
        threading.Event().wait(0.02)
        with self._lock:
            self.busy[domain] -= 1
        return self.answer(request)


def ok(request: FetchRequest, **given: object) -> FetchResult:
    at = datetime.now(UTC)
    return FetchResult(request.url, str(given.pop("final_url", request.url)), "ok", 200, (), b"x", at, 0.0, **given)  # type: ignore[arg-type]


def test_workers_share_a_domain_over_its_hosts(database: str, tmp_path: Path) -> None:
    client = FakeClient(ok)
    urls = [f"http://{host}/{n}" for n in range(5) for host in ("feeds.paper.com", "www.paper.com", "www.other.com")]

    def work(url: str) -> None:
        with connect(database) as connection:
            Asker(connection, client, Archive(tmp_path), 0).ask(FetchRequest(url, allow_loopback=True))  # type: ignore[arg-type]

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, urls))
    assert sorted(client.asked) == sorted(urls)
    assert client.most == {"paper.com": 1, "other.com": 1}


def test_spacing_is_kept_from_one_worker_to_the_next(database: str, tmp_path: Path) -> None:
    starts: list[float] = []

    def answer(request: FetchRequest) -> FetchResult:
        with connect(database) as clock:
            starts.append(read_clock(clock))
        return ok(request)

    for host in ("feeds.paper.com", "www.paper.com"):
        with connect(database) as connection:
            Asker(connection, FakeClient(answer), Archive(tmp_path), 0).ask(FetchRequest(f"http://{host}/"))  # type: ignore[arg-type]
    assert starts[1] - starts[0] >= 0.9


def test_a_domain_that_asked_for_quiet_is_not_asked_by_anybody(database: str, tmp_path: Path) -> None:
    client = FakeClient(lambda request: ok(request, retry_after_s=3600.0))
    with connect(database) as connection:
        asker = Asker(connection, client, Archive(tmp_path), 0)  # type: ignore[arg-type]
        asker.ask(FetchRequest("http://feeds.paper.com/rss"))
    with connect(database) as connection:
        asker = Asker(connection, client, Archive(tmp_path), 0)  # type: ignore[arg-type]
        with pytest.raises(DomainBlocked) as caught:
            asker.ask(FetchRequest("http://www.paper.com/story"))
        assert 3500 < caught.value.until_s - read_clock(connection) <= 3600
    assert client.asked == ["http://feeds.paper.com/rss"]


@pytest.fixture
def hosts() -> Iterator[tuple[Client, ScriptedServer]]:
    """A paper whose pages are redirected to a mirror on another domain, by way of a counter on the paper's own."""
    server = ScriptedServer()
    server.script("/moved", answer(302, Location="http://count.paper.com/count"))
    server.script("/count", answer(302, Location="http://www.mirror.org/story", Set_Cookie="seen=1; Path=/"))
    server.script("/story", answer(200, b"<p>The dam held.</p>"))
    server.script("/free", answer(200, b"<p>The dam held.</p>"))
    connect_to = {
        host: server.url("/").split("/")[2] for host in ("www.paper.com", "count.paper.com", "www.mirror.org")
    }
    with Client("Wireledger/test", connect_to=connect_to) as client:
        yield client, server
    server.close()


def test_a_redirect_waits_for_the_budget_of_the_domain_that_it_leads_to(
    database: str, tmp_path: Path, hosts: tuple[Client, ScriptedServer]
) -> None:
    client, server = hosts
    request = FetchRequest("http://www.paper.com/moved", allow_loopback=True)
    with connect(database) as connection:
        asker = Asker(connection, client, Archive(tmp_path), 0)
        result = asker.ask(request)
        assert (result.outcome, result.final_url) == ("ok", "http://www.mirror.org/story")
        assert server.paths() == ["/moved", "/count", "/story"]
        rows = connection.execute("select domain from ops.domain_load where last_start_at is not null order by 1")
        assert [row["domain"] for row in rows.fetchall()] == ["mirror.org", "paper.com"]
        with transaction(connection):
            note_domain(connection, "mirror.org", DomainLoad(0, None, read_clock(connection) + 3600))
        with pytest.raises(DomainBlocked):
            asker.ask(request)
    assert server.paths()[3:] == ["/moved", "/count"], "the mirror was left alone"


def test_a_redirect_to_another_domain_asks_its_robots_first(
    database: str, tmp_path: Path, hosts: tuple[Client, ScriptedServer]
) -> None:
    client, server = hosts
    asked: list[str] = []

    def refuse(url: str) -> RobotsDecision:
        asked.append(url)
        return RobotsDecision(False, "disallowed")

    with connect(database) as connection:
        asker = Asker(connection, client, Archive(tmp_path), 0)
        with pytest.raises(RobotsRefused, match="disallowed"):
            asker.ask(FetchRequest("http://www.paper.com/moved", allow_loopback=True), may_follow=refuse)
        assert (
            asker.ask(FetchRequest("http://www.paper.com/free", allow_loopback=True), may_follow=refuse).outcome == "ok"
        )
    assert asked == ["http://www.mirror.org/story"]
    assert server.paths() == ["/moved", "/count", "/free"]


def test_a_killed_worker_lets_the_domain_go(database: str) -> None:
    with connect(database) as connection, transaction(connection):
        note_domain(connection, "paper.com", DomainLoad(0, 1.0, None))
    with connect(database) as dying:
        dying.execute("begin; select * from ops.domain_load where domain = 'paper.com' for update")
        dying.close()
    with connect(database) as connection, transaction(connection):
        connection.execute("select * from ops.domain_load where domain = 'paper.com' for update nowait")
