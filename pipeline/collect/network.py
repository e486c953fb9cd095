"""Connections that go only where they may: every address of a name is checked and the checked one is connected to.

Plugs into httpcore2 as its network backend. TLS keeps the host name for SNI and verification, because httpcore2 passes
the origin's host to ``start_tls`` whatever address the socket leads to. Each read and write is bounded by the deadline
of the request that the calling thread is busy with (`Deadline`), so that a server which sends one byte a second cannot
outlast it.
"""

from __future__ import annotations

import re
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import httpcore2

from pipeline.collect.addresses import decide_address, decide_addresses

_INTERIM = re.compile(rb"HTTP/1\.[01] 1\d\d")

#: host, port -> IP addresses in order of preference; raises OSError where there are none
Resolver = Callable[[str, int], Sequence[str]]


class DeadlinePassed(Exception):
    """The time of the whole request is over."""


class NameFailed(Exception):
    """The host name leads to no address."""


class AddressRefused(Exception):
    """The host name leads to an address that must not be asked."""


class TlsFailed(Exception):
    """The handshake failed: certificate, name, protocol."""


class Deadline(threading.local):
    """When the request of this thread must be over, on the monotonic clock."""

    at: float = float("inf")
    connect_count: int = 0

    def start(self, seconds: float) -> None:
        """Begin a request that may last so long."""
        self.at = time.monotonic() + seconds

    def clear(self) -> None:
        """No request is going on in this thread."""
        self.at = float("inf")

    def left(self, timeout: float | None) -> float:
        """The smaller of ``timeout`` and what is left, in seconds; `DeadlinePassed` where nothing is."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise DeadlinePassed
        return left if timeout is None else min(left, timeout)


def resolve_name(host: str, port: int) -> Sequence[str]:
    """The system's resolver. Unusual forms of an address (``0x7f.1``, ``2130706433``) come out in the usual one."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedStream(httpcore2.NetworkStream):
    """A socket that keeps the deadline and counts what came since the last request was sent."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline
        self._head: bytes | None = b""
        self._received_bytes = 0
        self.is_spent = False

    def surplus_bytes(self, body_bytes: int) -> int:
        """How much more than head and body has come since the last request was sent; 0 where unknown."""
        return self._received_bytes - body_bytes if self._head is None else 0

    def _count(self, received: bytes) -> None:
        """Count what follows the head of the final answer; answers of the 1xx kind have heads of their own."""
        if self._head is None:
            self._received_bytes += len(received)
            return
        self._head += received
        while True:
            head, mark, rest = self._head.partition(b"\r\n\r\n")
            if not mark:
                return
            if not _INTERIM.match(head):
                self._head = None
                self._received_bytes = len(rest)
                return
            self._head = rest

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            self._sock.settimeout(self._deadline.left(timeout))
            received = self._sock.recv(max_bytes)
        except TimeoutError as error:
            raise httpcore2.ReadTimeout(str(error)) from error
        except OSError as error:
            raise httpcore2.ReadError(str(error)) from error
        self._count(received)
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._head = b""
        try:
            view = memoryview(buffer)
            while view:
                self._sock.settimeout(self._deadline.left(timeout))
                view = view[self._sock.send(view) :]
        except TimeoutError as error:
            raise httpcore2.WriteTimeout(str(error)) from error
        except OSError as error:
            raise httpcore2.WriteError(str(error)) from error

    def close(self) -> None:
        self._sock.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        try:
            self._sock.settimeout(self._deadline.left(timeout))
            wrapped = ssl_context.wrap_socket(self._sock, server_hostname=server_hostname)
        except TimeoutError as error:
            self.close()
            raise httpcore2.ConnectTimeout(f"TLS handshake: {error}") from error
        except (OSError, ValueError) as error:
            self.close()
            raise TlsFailed(str(error)) from error
        except DeadlinePassed:
            self.close()
            raise
        return GuardedStream(wrapped, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """As httpcore2's own stream; a stream marked as spent counts as readable, which makes the pool drop it."""
        if info == "is_readable":
            return self.is_spent or _is_readable(self._sock)
        if info == "ssl_object" and isinstance(self._sock, ssl.SSLSocket):
            return self._sock
        if info == "server_addr":
            return self._sock.getpeername()
        return self._sock if info == "socket" else None


class GuardedBackend(httpcore2.NetworkBackend):
    """Resolves, checks, connects. ``connect_to`` (host -> loopback "address:port") serves tests and the demo."""

    def __init__(
        self, deadline: Deadline, resolver: Resolver, allow_loopback: bool, connect_to: Mapping[str, str]
    ) -> None:
        self._deadline = deadline
        self._resolver = resolver
        self._allow_loopback = allow_loopback
        self._connect_to = {host.lower(): read_loopback(target) for host, target in connect_to.items()}

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        target = self._connect_to.get(host.lower()) if self._allow_loopback else None
        addresses, port = ([target[0]], target[1]) if target else (self._resolve(host, port), port)
        verdict = decide_addresses(addresses, self._allow_loopback)
        if verdict.why:
            raise AddressRefused(f"{host} leads to {verdict.address} ({verdict.why})")
        return self._connect_first(addresses, port, timeout)

    def _connect_first(self, addresses: Sequence[str], port: int, timeout: float | None) -> GuardedStream:
        failure: Exception | None = None
        self._deadline.connect_count += 1
        for tried, address in enumerate(addresses):
            # the time is shared out over the addresses left: an IPv6 route that swallows packets must not use it up
            share = self._deadline.left(timeout) / max(1, min(3, len(addresses) - tried))
            try:
                sock = socket.create_connection((address, port), share)
            except TimeoutError as error:
                failure = failure or httpcore2.ConnectTimeout(f"{address}: {error}")
            except OSError as error:
                failure = failure or httpcore2.ConnectError(f"{address}: {error.strerror or error}")
            else:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return GuardedStream(sock, self._deadline)
        raise failure or NameFailed("no address")

    def _resolve(self, host: str, port: int) -> Sequence[str]:
        """The addresses of ``host``. `getaddrinfo` takes no time limit, so it runs in a thread that is left behind
        when the time is over."""
        answer: list[Sequence[str] | Exception] = []

        def ask() -> None:
            try:
                answer.append(self._resolver(host, port))
            except (OSError, UnicodeError) as error:
                answer.append(error)

        asking = threading.Thread(target=ask, daemon=True, name=f"resolve {host}")
        asking.start()
        asking.join(self._deadline.left(None))
        if not answer:
            raise DeadlinePassed
        if isinstance(answer[0], Exception):
            raise NameFailed(f"{host}: {answer[0]}")
        if not answer[0]:
            raise NameFailed(f"{host}: no address")
        return answer[0]


def read_loopback(target: str) -> tuple[str, int]:
    """``"127.0.0.1:8080"`` or ``"[::1]:8080"`` as address and port; ValueError for anything that is not loopback."""
    address, _, port = target.rpartition(":")
    address = address.strip("[]")
    if decide_address(address).why != "loopback" or not port.isdecimal():
        raise ValueError(f"connect_to leads to loopback addresses only, not to {target!r}")
    return address, int(port)


def _is_readable(sock: socket.socket) -> bool:
    """Has the server closed an idle connection, or sent what nobody asked for?"""
    if sock.fileno() < 0:
        return True
    poller = select.poll()
    poller.register(sock.fileno(), select.POLLIN)
    return bool(poller.poll(0))
