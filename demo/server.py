"""Serve the demo wire on one loopback port, whatever host a request names.

    python -m demo.server --stage 2 --port 8199
    curl -H 'Host: wire.halcyon.example' http://127.0.0.1:8199/feeds/top.rss

The dead service answers 410 at one address and hangs up at the other.
"""

import argparse
import hashlib
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from demo.sites import STAGE_TIMES, Resource, list_resources, load_sites
from demo.stories import STAGES

GONE_URL = "http://www.tollgate.example/gone.rss"
SILENT_URL = "http://www.tollgate.example/silent.rss"
DEAD_HOST = "www.tollgate.example"
HANGS_UP = 0


@dataclass(frozen=True)
class LoggedRequest:
    """One request as answered; status 0 where the server hung up."""

    method: str
    url: str
    status: int


def make_etag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:20]}"'


def decide_not_modified(resource: Resource, if_none_match: str | None, if_modified_since: str | None) -> bool:
    """Whether a conditional request is answered 304 (RFC 9110: If-None-Match goes before If-Modified-Since)."""
    if if_none_match is not None:
        tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
        return "*" in tags or make_etag(resource.body) in tags
    if if_modified_since is None:
        return False
    try:
        since = parsedate_to_datetime(if_modified_since)
    except ValueError:
        return False
    if since.tzinfo is None:
        since = since.replace(tzinfo=UTC)
    return resource.modified_at <= since


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"
    protocol_version = "HTTP/1.1"
    server_version = "DemoWire/1"
    sys_version = ""

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The made-up day's clock, so that a stage gives the same bytes whenever it is asked."""
        return format_datetime(STAGE_TIMES[self.server.wire.stage], usegmt=True)

    def log_message(self, format: str, *args: object) -> None:
        """Silent: `DemoWire.request_log` is the log."""

    def _answer(self, with_body: bool) -> None:
        wire = self.server.wire
        host = (self.headers.get("Host") or "").partition(":")[0]
        url = f"http://{host}{self.path.partition('?')[0]}"
        if url == SILENT_URL:
            wire.note(LoggedRequest(self.command, url, HANGS_UP))
            self.close_connection = True
            return
        resource = wire.get_resource(url)
        status = resource.status
        if status == HTTPStatus.OK and decide_not_modified(
            resource, self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")
        ):
            status = HTTPStatus.NOT_MODIFIED
        wire.note(LoggedRequest(self.command, url, status))
        self._send(resource, status, with_body)

    def _send(self, resource: Resource, status: int, with_body: bool) -> None:
        self.send_response(status)
        if resource.status == HTTPStatus.OK:
            self.send_header("ETag", make_etag(resource.body))
            self.send_header("Last-Modified", format_datetime(resource.modified_at.astimezone(UTC), usegmt=True))
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", resource.content_type)
            self.send_header("Content-Length", str(len(resource.body)))
        self.end_headers()
        if with_body and status != HTTPStatus.NOT_MODIFIED:
            with suppress(ConnectionError):
                self.wfile.write(resource.body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], wire: "DemoWire") -> None:
        self.wire = wire
        super().__init__(address, _Handler)


class DemoWire:
    """The demo wire as a context manager; `stage` may be set while it serves.

    >>> with DemoWire(stage=1) as wire:
    ...     wire.stage = 2
    """

    def __init__(self, stage: int = 1, port: int = 0) -> None:
        self._lock = threading.Lock()
        self._log: list[LoggedRequest] = []
        self._wanted_port = port
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self.stage = stage

    @property
    def stage(self) -> int:
        with self._lock:
            return self._stage

    @stage.setter
    def stage(self, stage: int) -> None:
        if stage not in STAGES:
            raise ValueError(f"stage {stage}: there are stages 1, 2 and 3")
        with self._lock:
            self._stage = stage

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every host name that the demo's feeds use; all are answered on one port."""
        return (*(site.host for site in load_sites()), DEAD_HOST)

    @property
    def port(self) -> int:
        """The port on 127.0.0.1; raises RuntimeError before `start`."""
        if self._server is None:
            raise RuntimeError("the demo wire is not started")
        return int(self._server.server_address[1])

    @property
    def request_log(self) -> tuple[LoggedRequest, ...]:
        with self._lock:
            return tuple(self._log)

    def note(self, request: LoggedRequest) -> None:
        with self._lock:
            self._log.append(request)

    def get_resource(self, url: str) -> Resource:
        """What stands at `url` now: 200, 410 for the feed that is gone, else 404."""
        found = list_resources(self.stage).get(url)
        if found is not None:
            return found
        status = HTTPStatus.GONE if url == GONE_URL else HTTPStatus.NOT_FOUND
        body = f"{status.value} {status.phrase}\n".encode()
        return Resource(body, "text/plain; charset=utf-8", datetime(2026, 11, 17, tzinfo=UTC), status)

    def start(self) -> int:
        """Serve in a thread of its own; gives the port."""
        if self._server is not None:
            return self.port
        self._server = _Server(("127.0.0.1", self._wanted_port), self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        return self.port

    def stop(self) -> None:
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._server = self._thread = None

    def __enter__(self) -> "DemoWire":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until interrupted, and say where."""
    parser = argparse.ArgumentParser(prog="python -m demo.server", description="Serve the demo wire over loopback.")
    parser.add_argument("--stage", type=int, choices=STAGES, default=1, help="morning, noon or evening")
    parser.add_argument("--port", type=int, default=0, help="a port of 127.0.0.1; 0 takes a free one")
    chosen = parser.parse_args(arguments)
    wire = DemoWire(stage=chosen.stage, port=chosen.port)
    try:
        wire.start()
    except (OSError, OverflowError) as error:
        parser.exit(2, f"port {chosen.port} of 127.0.0.1 cannot be served: {error}\n")
    with wire:
        print(f"The demo wire, stage {wire.stage}, on 127.0.0.1:{wire.port}. Ctrl-C stops it. Feeds:", flush=True)
        for site in load_sites():
            for url in site.feed_urls:
                print(f"  curl --connect-to ::127.0.0.1:{wire.port} {url}", flush=True)
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
