"""The HTTP client: one polite GET at a time, and a typed outcome for whatever a network can do.

::

    fetch ─ one hop ─▶ GuardedTransport ─▶ httpcore2 pool ─▶ GuardedBackend (resolve, check, connect)
       ▲                     │
       └── redirect ◀────────┤ status, headers
                             └ body ─▶ decoding (bounded) ─▶ FetchResult

Does not retry, does not pace, does not read robots.txt, keeps no cookies from one fetch to the next, knows no proxy
(the address behind one cannot be checked), and speaks HTTP/1.1 only: over HTTP/2 several threads read one socket, and
the deadline of a thread would be that of another.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from types import TracebackType

import httpcore2
import httpx2

from pipeline.collect.decoding import ACCEPT_ENCODING, BadEncoding, build_decoder
from pipeline.collect.headers import read_retry_after
from pipeline.collect.network import (
    AddressRefused,
    Deadline,
    DeadlinePassed,
    GuardedBackend,
    GuardedStream,
    NameFailed,
    Resolver,
    TlsFailed,
    resolve_name,
)
from pipeline.collect.outcomes import decide_outcome
from pipeline.collect.pacing import find_domain
from pipeline.collect.transport import GuardedTransport
from pipeline.records import FetchRequest, FetchResult

MAX_REDIRECTS = 8
DEFAULT_MAX_BYTES = 16 * 2**20
_PERMANENT = (301, 308)
_TEMPORARY = (302, 303, 307)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: for one connection, for one silence while reading, and for the fetch as a whole."""

    connect_s: float = 10.0
    read_s: float = 20.0
    total_s: float = 60.0


class _Failure(Exception):
    """An outcome that ends a fetch before its body is whole."""

    def __init__(self, outcome: str, detail: str) -> None:
        super().__init__(outcome, detail)
        self.outcome = outcome
        self.detail = detail


#: exception -> outcome, most specific first
_FAILURES: tuple[tuple[type[Exception], str], ...] = (
    (AddressRefused, "forbidden_address"),
    (NameFailed, "dns_failed"),
    (TlsFailed, "tls_failed"),
    (DeadlinePassed, "timeout"),
    (httpcore2.TimeoutException, "timeout"),
    (httpcore2.UnsupportedProtocol, "forbidden_address"),
    (httpcore2.ProtocolError, "connection_failed"),
    (httpcore2.NetworkError, "connection_failed"),
    (BadEncoding, "bad_encoding"),
    (httpx2.InvalidURL, "client_error"),
    (OSError, "connection_failed"),
    (UnicodeError, "client_error"),
)
_CATCHABLE = tuple(kind for kind, _ in _FAILURES)


@cache
def _make_context() -> ssl.SSLContext:
    """Made once a process: reading the list of authorities takes longer than most fetches over loopback."""
    return httpx2.create_ssl_context(trust_env=False)


@dataclass(slots=True)
class Chain:
    """Where a fetch stands: the hop it is at, whether all hops so far were permanent, and the cookies of the way."""

    url: str
    hops: int = 0
    is_permanent: bool = True
    cookies: httpx2.Cookies = field(default_factory=httpx2.Cookies)
    elapsed_s: float = 0.0


class Client:
    """Fetches. Safe to share between threads; a context manager, or `close` it."""

    def __init__(
        self,
        user_agent: str,
        timeouts: Timeouts | None = None,
        max_bytes: int = DEFAULT_MAX_BYTES,
        connect_to: Mapping[str, str] | None = None,
        resolver: Resolver = resolve_name,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        """``max_bytes`` caps a decoded body. ``connect_to`` leads hosts to loopback ``address:port``; it is heeded
        only by requests with ``allow_loopback``, which use a pool of their own."""
        self._user_agent = user_agent
        self._timeouts = timeouts or Timeouts()
        self._max_bytes = max_bytes
        self._deadline = Deadline()
        context = ssl_context or _make_context()
        self._transports = {
            allow: GuardedTransport(
                GuardedBackend(self._deadline, resolver, allow, (connect_to or {}) if allow else {}),
                context,
                self._deadline,
            )
            for allow in (False, True)
        }

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        for transport in self._transports.values():
            transport.close()

    def fetch(self, request: FetchRequest) -> FetchResult:
        """GET with redirects. Never raises for what a network, a server or an address can do."""
        chain = Chain(request.url)
        while (result := self.fetch_within(request, chain)) is None:
            pass
        return result

    def fetch_within(self, request: FetchRequest, chain: Chain) -> FetchResult | None:
        """Go on with a chain as `fetch` does, but only as far as its redirects stay on one registrable domain: None where
        they leave it. ``chain`` then stands where they lead; the next call goes on there."""
        started = time.monotonic()
        result = FetchResult(request.url, chain.url, "connection_failed", None, (), None, datetime.now(UTC), 0.0)
        self._deadline.start(self._timeouts.total_s)
        try:
            followed = self._follow(request, result, chain)
        finally:
            self._deadline.clear()
        chain.elapsed_s += time.monotonic() - started
        return replace(followed, elapsed_s=chain.elapsed_s) if followed is not None else None

    def _follow(self, request: FetchRequest, result: FetchResult, chain: Chain) -> FetchResult | None:
        """Hop by hop to the answer, or to where another domain begins; cookies live as long as the chain does."""
        domain = find_domain(chain.url)
        while True:
            result = replace(result, final_url=chain.url)
            try:
                url = httpx2.URL(chain.url)
                _check_scheme(url)
                response = self._send(request, url, chain.cookies)
            except _Failure as failure:
                return replace(result, outcome=failure.outcome, detail=failure.detail)
            except _CATCHABLE as error:
                outcome, detail = _explain(error)
                return replace(result, outcome=outcome, detail=detail)
            try:
                chain.cookies.extract_cookies(response)
                location = response.headers.get("location")
                if response.status_code in _PERMANENT + _TEMPORARY and location:
                    _advance(chain, response.status_code, location)
                    if find_domain(chain.url) not in (domain, None):
                        return None
                    continue
                return self._read(request, response, result, chain)
            except _Failure as failure:
                return replace(result, outcome=failure.outcome, detail=failure.detail, status=response.status_code)
            finally:
                response.close()

    def _send(self, request: FetchRequest, url: httpx2.URL, cookies: httpx2.Cookies) -> httpx2.Response:
        headers = [("User-Agent", self._user_agent), ("Accept", request.accept), ("Accept-Encoding", ACCEPT_ENCODING)]
        headers += [("If-None-Match", request.etag)] if request.etag else []
        headers += [("If-Modified-Since", request.last_modified)] if request.last_modified else []
        # as bytes: what the server sent as latin-1 goes back as latin-1
        raw = [(name.encode("ascii"), value.encode("latin-1", "replace")) for name, value in headers]
        limits = {"connect": self._timeouts.connect_s, "read": self._timeouts.read_s, "write": self._timeouts.read_s}
        sent = httpx2.Request("GET", url, headers=raw, cookies=cookies, extensions={"timeout": limits})
        return self._transports[request.allow_loopback].handle_request(sent)

    def _read(self, request: FetchRequest, response: httpx2.Response, result: FetchResult, chain: Chain) -> FetchResult:
        """The answer of the last hop with its body."""
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw)
        retry_after_s = read_retry_after(response.headers.get("retry-after"), result.fetched_at)
        limited = retry_after_s is not None or response.headers.get("x-ratelimit-remaining") == "0"
        was_conditional = bool(request.etag or request.last_modified)
        outcome, detail = decide_outcome(response.status_code, was_conditional, limited)
        result = replace(
            result,
            status=response.status_code,
            headers=headers,
            outcome=outcome,
            detail=detail,
            retry_after_s=retry_after_s,
        )
        body, failure = self._read_body(response, request.max_bytes or self._max_bytes)
        if failure is not None and outcome == "ok":  # what a status says outranks how its words came
            return replace(result, body=body, outcome=failure.outcome, detail=failure.detail)
        moved = chain.hops > 0 and chain.is_permanent and outcome in ("ok", "not_modified")
        return replace(
            result,
            body=None if outcome == "not_modified" else body,
            permanent_url=chain.url if moved else None,
        )

    def _read_body(self, response: httpx2.Response, max_bytes: int) -> tuple[bytes | None, _Failure | None]:
        """The decoded body, and what was wrong with it. A cut body is given as far as it came; one too large is not."""
        body = bytearray()
        received = 0
        try:
            decoder = build_decoder(response.headers.get("content-encoding"))
            for raw in response.stream:  # type: ignore[union-attr]
                received += len(raw)
                for piece in decoder.decode(raw):
                    body += piece
                    self._deadline.left(None)
                    if len(body) > max_bytes:
                        return None, _Failure("too_large", f"more than {max_bytes} bytes decoded")
                if received > max_bytes:
                    return None, _Failure("too_large", f"more than {max_bytes} bytes received")
        except httpcore2.RemoteProtocolError as error:
            if not decoder.is_proof:
                return bytes(body), _Failure("truncated", str(error))
        except httpcore2.ReadError as error:
            return bytes(body), _Failure("truncated", f"reset while the body came: {error}")
        except _CATCHABLE as error:
            return bytes(body), _Failure(*_explain(error))
        if received and not decoder.is_whole:
            return bytes(body), _Failure("truncated", "the compressed stream is cut")
        return bytes(body), _find_surplus(response, received)


def build_user_agent(version: str, contact_url: str | None = None) -> str:
    """``Wireledger/0.1 (+https://…)``: who asks, and where to complain."""
    return f"Wireledger/{version} (+{contact_url})" if contact_url else f"Wireledger/{version}"


def _check_scheme(url: httpx2.URL) -> None:
    if url.scheme not in ("http", "https"):
        raise _Failure("forbidden_address", f"scheme {url.scheme or 'missing'}")
    if not url.host or not 0 < (url.port or 80) < 65_536:
        raise _Failure("client_error", "no host, or no possible port, in the address")


def _advance(chain: Chain, status: int, location: str) -> None:
    """Move the chain to where ``location`` leads. A step from https down to http counts as temporary: remembering it
    would give the secure address up for good."""
    chain.hops += 1
    if chain.hops > MAX_REDIRECTS:
        raise _Failure("redirect_loop", f"more than {MAX_REDIRECTS} redirects")
    before = httpx2.URL(chain.url)
    try:
        # h11 gives header bytes as latin-1; servers that put other letters into Location send UTF-8
        target = before.join(location.encode("latin-1", "ignore").decode("utf-8", "replace").strip())
    except (httpx2.InvalidURL, ValueError) as error:
        raise _Failure("client_error", f"redirect to what is no address: {error}") from error
    is_downgrade = before.scheme == "https" and target.scheme == "http"
    chain.is_permanent = chain.is_permanent and status in _PERMANENT and not is_downgrade
    chain.url = str(target.copy_with(fragment=None))


def _explain(error: Exception) -> tuple[str, str]:
    outcome = next(outcome for kind, outcome in _FAILURES if isinstance(error, kind))
    return outcome, str(error) or type(error).__name__


def _find_surplus(response: httpx2.Response, received: int) -> _Failure | None:
    """A body longer than Content-Length: what was read is cut, and what is left must not be taken for the next
    answer on this connection."""
    declared = response.headers.get("content-length")
    stream = response.extensions.get("network_stream")
    if declared is None or not isinstance(stream, GuardedStream) or "transfer-encoding" in response.headers:
        return None
    if stream.surplus_bytes(received) <= 0:
        return None
    stream.is_spent = True
    return _Failure("truncated", f"the body is longer than its Content-Length of {declared}")
