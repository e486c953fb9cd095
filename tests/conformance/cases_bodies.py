"""Lengths, encodings, bombs, stalls, broken connections."""

from __future__ import annotations

import contextlib
import gzip
import resource
import socket
import time
import tracemalloc
import zlib
from functools import cache

import brotli
from backports import zstd

from . import feeds
from .server import Exchange, Step, answer
from .world import World, case, expect

FEED = feeds.rss("Dam holds", "Ferry sinks")
MIB = 2**20


def _encoded(coding: str, body: bytes, **headers: str) -> Step:
    return answer(200, body, Content_Encoding=coding, **headers)


def _raw_deflate(body: bytes) -> bytes:
    return zlib.compress(body)[2:-4]


@case("lengths", "chunked, with extensions and trailers")
def _chunked(world: World) -> None:
    def step(exchange: Exchange) -> None:
        exchange.head(200, [("Transfer-Encoding", "chunked")])
        for start in range(0, len(FEED), 100):
            piece = FEED[start : start + 100]
            exchange.send(b"%x;odd=1\r\n%s\r\n" % (len(piece), piece))
        exchange.send(b"0\r\nX-Trailer: 1\r\n\r\n")

    result = world.fetch(step)
    expect(result, "ok")
    assert result.body == FEED


@case("lengths", "no length at all: the end is where the connection closes")
def _until_close(world: World) -> None:
    def step(exchange: Exchange) -> None:
        exchange.head(200)
        exchange.send(FEED)
        exchange.close()

    result = world.fetch(step)
    expect(result, "ok")
    assert result.body == FEED


@case("lengths", "a body cut short of its Content-Length")
def _cut(world: World) -> None:
    def step(exchange: Exchange) -> None:
        exchange.head(200, [("Content-Length", str(len(FEED)))])
        exchange.send(FEED[:100])
        exchange.close()

    result = world.fetch(step)
    expect(result, "truncated")
    assert result.body == FEED[:100]


@case("lengths", "a chunked body without its last chunk")
def _cut_chunked(world: World) -> None:
    def step(exchange: Exchange) -> None:
        exchange.head(200, [("Transfer-Encoding", "chunked")])
        exchange.send(b"%x\r\n%s\r\n" % (len(FEED), FEED))
        exchange.close()

    expect(world.fetch(step), "truncated")


@case("lengths", "a body longer than its Content-Length, and what is left answers nobody")
def _too_short_length(world: World) -> None:
    result = world.fetch(answer(200, FEED, Content_Length="50"))
    expect(result, "truncated", "longer than its Content-Length")
    expect(world.fetch(answer(200, FEED), path="/next"), "ok")


@case("lengths", "two Content-Lengths that differ")
def _two_lengths(world: World) -> None:
    def step(exchange: Exchange) -> None:
        exchange.head(200, [("Content-Length", "5"), ("Content-Length", "500")])
        exchange.send(FEED)
        exchange.close()

    expect(world.fetch(step), "connection_failed")


@case("lengths", "a Content-Length that is no number")
def _odd_length(world: World) -> None:
    expect(world.fetch(answer(200, FEED, Content_Length="many")), "connection_failed")


@case("lengths", "a cut feed is archived, not parsed, and asked for again")
def _cut_feed(world: World) -> None:
    def step(exchange: Exchange) -> None:
        exchange.head(200, [("Content-Length", str(len(FEED))), ("ETag", '"v1"')])
        exchange.send(FEED[:200])
        exchange.close()

    poller = world.poller(step, answer(200, FEED))
    report = poller.poll()
    assert report.feed is None
    assert report.decision.reason == "back_off_soft"
    poller.poll()
    assert "if-none-match" not in world.server.asked[-1].headers


@case("lengths", "Content-Length of the plain body on a compressed one")
def _length_of_plain(world: World) -> None:
    def step(exchange: Exchange) -> None:
        exchange.head(200, [("Content-Encoding", "gzip"), ("Content-Length", str(len(FEED)))])
        exchange.send(gzip.compress(FEED))
        exchange.close()

    result = world.fetch(step)
    expect(result, "ok")
    assert result.body == FEED


def _enter_coding(name: str, coding: str, encode: object) -> None:
    @case("encodings", name)
    def check(world: World) -> None:
        result = world.fetch(_encoded(coding, encode(FEED)))  # type: ignore[operator]
        expect(result, "ok")
        assert result.body == FEED

    check.__module__ = __name__


for _row in (
    ("gzip", "gzip", gzip.compress),
    ("x-gzip in capitals", "X-GZIP", gzip.compress),
    ("gzip of two members", "gzip", lambda body: gzip.compress(body[:99]) + gzip.compress(body[99:])),
    ("gzip with rubbish after its end", "gzip", lambda body: gzip.compress(body) + b"\0\0rubbish"),
    ("deflate with zlib's header", "deflate", zlib.compress),
    ("deflate without it", "deflate", _raw_deflate),
    ("br", "br", brotli.compress),
    ("zstd", "zstd", zstd.compress),
    ("zstd of two frames", "zstd", lambda body: zstd.compress(body[:99]) + zstd.compress(body[99:])),
    ("gzip inside br", "gzip, br", lambda body: brotli.compress(gzip.compress(body))),
    ("a coding that nobody knows is none", "utf-8", bytes),
):
    _enter_coding(*_row)


def _enter_cut(coding: str, encode: object) -> None:
    @case("encodings", f"{coding} cut in the middle")
    def check(world: World) -> None:
        encoded = encode(FEED)  # type: ignore[operator]
        expect(world.fetch(_encoded(coding, encoded[: len(encoded) // 2])), "truncated", "compressed stream is cut")

    check.__module__ = __name__


for _row in (("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress), ("zstd", zstd.compress)):
    _enter_cut(*_row)


def _enter_wrong(coding: str) -> None:
    @case("encodings", f"what is called {coding} and is not")
    def check(world: World) -> None:
        expect(world.fetch(_encoded(coding, b"\xff\xfe\xfd plainly not compressed")), "bad_encoding")

    check.__module__ = __name__


for _coding in ("gzip", "deflate", "br", "zstd"):
    _enter_wrong(_coding)


@cache
def _bomb(coding: str) -> bytes:
    """200 MB of spaces."""
    block = b" " * MIB
    if coding in ("gzip", "deflate"):
        packer = zlib.compressobj(9, zlib.DEFLATED, 31 if coding == "gzip" else 15)
        return b"".join(packer.compress(block) for _ in range(200)) + packer.flush()
    if coding == "br":
        packing = brotli.Compressor(quality=5)
        return b"".join(packing.process(block) for _ in range(200)) + packing.finish()
    compressor = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 20})
    return b"".join(compressor.compress(block) for _ in range(200)) + compressor.flush()


def _enter_bomb(coding: str) -> None:
    @case("bombs", f"200 MB of {coding} in under 250 KB, with 4 MiB allowed")
    def check(world: World) -> None:
        bomb = _bomb(coding)
        assert len(bomb) < 250_000
        tracemalloc.start()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        result = world.fetch(_encoded(coding, bomb), max_bytes=4 * MIB)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        expect(result, "too_large")
        assert result.body is None
        assert peak < 16 * MIB
        assert grown_kib < 48 * 1024

    check.__module__ = __name__


for _coding in ("gzip", "deflate", "br", "zstd"):
    _enter_bomb(_coding)


@case("bombs", "a bomb inside a bomb")
def _nested_bomb(world: World) -> None:
    expect(world.fetch(_encoded("gzip, gzip", gzip.compress(_bomb("gzip")))), "too_large")


@case("bombs", "plain bytes without end")
def _endless(world: World) -> None:
    def step(exchange: Exchange) -> None:
        exchange.head(200)
        with contextlib.suppress(OSError):
            for _ in range(64):
                exchange.send(b"x" * MIB)
        exchange.close()

    result = world.fetch(step, max_bytes=MIB)
    expect(result, "too_large")
    assert result.body is None


@case("bombs", "a Content-Length of 5 GB is believed by nobody")
def _huge_length(world: World) -> None:
    def step(exchange: Exchange) -> None:
        exchange.head(200, [("Content-Length", str(5 * 2**30))])
        exchange.send(b"x" * 1000)
        exchange.close()

    expect(world.fetch(step), "truncated")


@case("bombs", "headers without end")
def _endless_headers(world: World) -> None:
    def step(exchange: Exchange) -> None:
        exchange.send(b"HTTP/1.1 200 OK\r\n")
        with contextlib.suppress(OSError):
            for number in range(20_000):
                exchange.send(b"X-%d: %s\r\n" % (number, b"y" * 100))
        exchange.close()

    expect(world.fetch(step), "connection_failed")


def _drip(exchange: Exchange, content: bytes) -> None:
    """One byte at a time, as fast as the other side reads: a slow server without sleeping. Each byte waits for a
    reading that cannot come, so the pace is that of the timeouts here."""
    exchange.sock.settimeout(0.05)
    with contextlib.suppress(OSError):
        for byte in content:
            exchange.send(bytes([byte]))
            with contextlib.suppress(TimeoutError):
                if not exchange.sock.recv(1):
                    break
    exchange.close()


def _within(world: World, step: Step, outcome: str, most_s: float = 3.0) -> None:
    started = time.monotonic()
    result = world.fetch(step, is_hurried=True)
    elapsed = time.monotonic() - started
    expect(result, outcome)
    assert elapsed < most_s, f"took {elapsed:.2f} s"


@case("stalls", "headers that drip a byte at a time end at the deadline")
def _slow_headers(world: World) -> None:
    _within(world, lambda exchange: _drip(exchange, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"), "timeout")


@case("stalls", "a body that drips a byte at a time ends at the deadline")
def _slow_body(world: World) -> None:
    def step(exchange: Exchange) -> None:
        exchange.head(200, [("Content-Length", "500")])
        _drip(exchange, b"x" * 500)

    _within(world, step, "timeout")


@case("stalls", "a server that takes the request and says nothing")
def _hang(world: World) -> None:
    _within(world, Exchange.stall, "timeout")


@case("stalls", "a body that stops halfway")
def _half_body(world: World) -> None:
    def step(exchange: Exchange) -> None:
        exchange.head(200, [("Content-Length", "500")])
        exchange.send(b"x" * 250)
        exchange.stall()

    _within(world, step, "timeout")


@case("stalls", "a thousand interim answers do not outlast the deadline")
def _interim(world: World) -> None:
    def step(exchange: Exchange) -> None:
        exchange.sock.settimeout(0.01)
        with contextlib.suppress(OSError):
            for _ in range(1000):
                exchange.send(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
                with contextlib.suppress(TimeoutError):
                    exchange.sock.recv(1)
        exchange.close()

    _within(world, step, "timeout")


@case("stalls", "an interim answer before the real one is passed over")
def _early_hints(world: World) -> None:
    def step(exchange: Exchange) -> None:
        exchange.send(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
        answer(200, FEED)(exchange)

    result = world.fetch(step)
    expect(result, "ok")
    assert result.body == FEED


@case("stalls", "a port that nobody listens on")
def _refused(world: World) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    expect(world.fetch(path="/", url=f"http://127.0.0.1:{port}/"), "connection_failed")


@case("stalls", "a full backlog: the connection itself hangs")
def _unaccepted(world: World) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        waiting = [socket.socket() for _ in range(8)]
        for sock in waiting:
            sock.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                sock.connect(deaf.getsockname())
        started = time.monotonic()
        result = world.fetch(path="/", url=f"http://127.0.0.1:{deaf.getsockname()[1]}/", is_hurried=True)
        for sock in waiting:
            sock.close()
    expect(result, "timeout")
    assert time.monotonic() - started < 3.0


@case("stalls", "reset halfway through the body")
def _reset(world: World) -> None:
    def step(exchange: Exchange) -> None:
        exchange.head(200, [("Content-Length", "500")])
        exchange.send(b"x" * 250)
        exchange.reset()

    expect(world.fetch(step), "truncated")


@case("stalls", "closed before a word")
def _closed(world: World) -> None:
    expect(world.fetch(Exchange.close), "connection_failed")


@case("stalls", "what answers is no HTTP server")
def _not_http(world: World) -> None:
    def step(exchange: Exchange) -> None:
        exchange.send(b"220 mail.wire.example ESMTP\r\n\r\n")
        exchange.close()

    expect(world.fetch(step), "connection_failed")


@case("stalls", "a kept connection that the server closed is opened anew")
def _stale(world: World) -> None:
    def step(exchange: Exchange) -> None:
        answer(200, FEED)(exchange)
        exchange.close()

    expect(world.fetch(step), "ok")
    expect(world.fetch(), "ok")
    assert world.server.connection_count == 2


@case("stalls", "a kept connection serves the next request")
def _kept(world: World) -> None:
    expect(world.fetch(answer(200, FEED)), "ok")
    expect(world.fetch(), "ok")
    assert world.server.connection_count == 1
