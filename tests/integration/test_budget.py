"""One budget a registrable domain, whoever asks: two workers never ask a domain at once, and Retry-After holds for all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.collect.archive import Archive
from pipeline.collect.pacing import DomainLoad
from pipeline.jobs.asking import Asker, DomainBlocked
from pipeline.records import FetchRequest, FetchResult
from pipeline.store.database import connect, transaction
from pipeline.store.pacing import note_domain, read_clock

pytestmark = pytest.mark.postgres


class FakeClient:
    """Counts who is asking at the same time."""

    def __init__(self, answer: Callable[[FetchRequest], FetchResult]) -> None:
        self.answer = answer
        self.busy: dict[str, int] = {}
        self.most: dict[str, int] = {}
        self.asked: list[str] = []
        self._lock = threading.Lock()

    def fetch(self, request: FetchRequest) -> FetchResult:
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


def test_a_redirect_counts_for_the_domain_that_answered(database: str, tmp_path: Path) -> None:
    client = FakeClient(lambda request: ok(request, final_url="http://www.mirror.org/x", retry_after_s=3600.0))
    with connect(database) as connection:
        asker = Asker(connection, client, Archive(tmp_path), 0)  # type: ignore[arg-type]
        asker.ask(FetchRequest("http://www.paper.com/x"))
        with pytest.raises(DomainBlocked):
            asker.ask(FetchRequest("http://mirror.org/y"))


def test_a_killed_worker_lets_the_domain_go(database: str) -> None:
    with connect(database) as connection, transaction(connection):
        note_domain(connection, "paper.com", DomainLoad(0, 1.0, None))
    with connect(database) as dying:
        dying.execute("begin; select * from ops.domain_load where domain = 'paper.com' for update")
        dying.close()
    with connect(database) as connection, transaction(connection):
        connection.execute("select * from ops.domain_load where domain = 'paper.com' for update nowait")
