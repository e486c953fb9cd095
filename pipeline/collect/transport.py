"""httpx2 over a pool of httpcore2 whose connections are checked."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator

import httpcore2
import httpx2

from pipeline.collect.network import Deadline, GuardedBackend


class _Body(httpx2.SyncByteStream):
    """httpcore2's stream as httpx2 wants it, its exceptions left as they are."""

    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        close = getattr(self._stream, "close", None)
        if close is not None:
            close()


class GuardedTransport(httpx2.BaseTransport):
    """httpx2's transport over a pool whose connections are checked (`network.GuardedBackend`)."""

    def __init__(self, backend: GuardedBackend, ssl_context: ssl.SSLContext, deadline: Deadline) -> None:
        self._deadline = deadline
        self._pool = httpcore2.ConnectionPool(
            ssl_context=ssl_context,
            max_connections=None,
            max_keepalive_connections=32,
            keepalive_expiry=15.0,
            network_backend=backend,
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """One hop; raises httpcore2's exceptions and those of `network`. A kept connection that turns out to be closed
        is no fault of the server's: the request is sent once more, over a new one."""
        connects = self._deadline.connect_count
        try:
            return self._handle(request)
        except (httpcore2.RemoteProtocolError, httpcore2.ReadError, httpcore2.WriteError):
            if self._deadline.connect_count != connects:
                raise
            return self._handle(request)

    def _handle(self, request: httpx2.Request) -> httpx2.Response:
        url = httpcore2.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        answer = self._pool.handle_request(
            httpcore2.Request("GET", url, headers=request.headers.raw, extensions=request.extensions)
        )
        assert isinstance(answer.stream, Iterable)
        return httpx2.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer.stream),
            extensions=answer.extensions,
            request=request,
        )

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()
