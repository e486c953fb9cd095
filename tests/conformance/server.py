"""A loopback server that does exactly what a case scripts, byte by byte, and remembers what it was asked.

A path is scripted by one or more steps; each request takes the next, the last one repeats. A step writes to the
socket whatever it likes. Nothing here sleeps: a stall is a read that ends when the client gives up.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Asked:
    """One request as it arrived; header names in lower case."""

    path: str
    headers: dict[str, str]


@dataclass
class Exchange:
    """The server's end of one request."""

    sock: socket.socket
    asked: Asked
    is_open: bool = True

    def send(self, content: bytes) -> None:
        self.sock.sendall(content)

    def head(self, status: int, headers: Iterable[tuple[str, str]] = ()) -> None:
        lines = [f"HTTP/1.1 {status} Scripted", *(f"{name}: {value}" for name, value in headers), "", ""]
        self.send("\r\n".join(lines).encode("latin-1"))

    def stall(self) -> None:
        """Say nothing until the client has hung up."""
        with contextlib.suppress(OSError):
            while self.sock.recv(4096):
                pass
        self.close()

    def close(self) -> None:
        self.is_open = False

    def reset(self) -> None:
        """Hang up with RST instead of FIN."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.is_open = False


Step = Callable[[Exchange], None]


def answer(status: int = 200, body: bytes = b"", **headers: str) -> Step:
    """A plain answer; header names are given with underscores."""

    def step(exchange: Exchange) -> None:
        named = [(name.replace("_", "-"), value) for name, value in headers.items()]
        if status not in (204, 304) and "Content_Length" not in headers and "Transfer_Encoding" not in headers:
            named.append(("Content-Length", str(len(body))))
        exchange.head(status, named)
        if status not in (204, 304):
            exchange.send(body)

    return step


def conditional(body: bytes, etag: str | None = None, modified: str | None = None) -> Step:
    """An honest server: 304 where the validators sent are its own, else 200 with them."""

    def step(exchange: Exchange) -> None:
        given = exchange.asked.headers
        matches = (etag is not None and given.get("if-none-match") == etag) or (
            "if-none-match" not in given and modified is not None and given.get("if-modified-since") == modified
        )
        named = {"ETag": etag, "Last_Modified": modified}
        sent = {name: value for name, value in named.items() if value is not None}
        answer(304 if matches else 200, body, **sent)(exchange)

    return step


@dataclass
class ScriptedServer:
    """Listens on ``host``; ``url(path)`` leads to it. With ``context`` it speaks TLS."""

    host: str = "127.0.0.1"
    context: ssl.SSLContext | None = None
    asked: list[Asked] = field(default_factory=list)
    connection_count: int = 0

    def __post_init__(self) -> None:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        self._listener = socket.create_server((self.host, 0), family=family)
        self.port = self._listener.getsockname()[1]
        self._steps: dict[str, list[Step]] = {}
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        threading.Thread(target=self._listen, daemon=True).start()

    def url(self, path: str = "/") -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.context else 'http'}://{host}:{self.port}{path}"

    def script(self, path: str, *steps: Step) -> str:
        """Script a path anew; gives its address."""
        with self._lock:
            self._steps[path] = list(steps)
        return self.url(path)

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def close(self) -> None:
        self._listener.close()
        with self._lock:
            for sock in self._open:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)

    def _listen(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connection_count += 1
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.closing(self._wrap(sock)) as wrapped:
            with self._lock:
                self._open.add(wrapped)
            try:
                while (asked := _read_request(wrapped)) is not None:
                    self.asked.append(asked)
                    exchange = Exchange(wrapped, asked)
                    self._take_step(asked.path)(exchange)
                    if not exchange.is_open:
                        return
            finally:
                with self._lock:
                    self._open.discard(wrapped)

    def _wrap(self, sock: socket.socket) -> socket.socket:
        return self.context.wrap_socket(sock, server_side=True) if self.context else sock

    def _take_step(self, path: str) -> Step:
        with self._lock:
            steps = self._steps.get(path)
            if not steps:
                return answer(404)
            return steps.pop(0) if len(steps) > 1 else steps[0]


def _read_request(sock: socket.socket) -> Asked | None:
    received = b""
    while b"\r\n\r\n" not in received:
        chunk = sock.recv(65536)
        if not chunk:
            return None
        received += chunk
    first, *lines = received.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines if ": " in line)
    return Asked(first.split(" ")[1], {name.lower(): value for name, value in headers.items()})
