"""Polling over loopback: a thousand feeds on a thousand hosts, of which 95 % answer 304.

    python benchmarks/poll.py [--feeds 1000] [--threads 8] [--changed 0.05]

The server is a process of its own; time and memory are those of the poller: client, conditional requests, archive with
an fsync for each changed feed, parser, decisions. Two rounds: the first reads every feed, the second is the measured one.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import resource
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection

from pipeline.collect.archive import Archive
from pipeline.collect.client import Client, Timeouts
from pipeline.collect.poll import PollReport, poll_feed
from pipeline.records import FeedSpec, FeedState

ENTRIES = 30


def build_body(number: int, generation: int) -> bytes:
    """An invented feed of about 20 KB."""
    entries = "".join(
        f"<item><title>Story {index} of feed {number}</title><link>https://f{number}.wire.example/{index}</link>"
        f"<pubDate>Mon, 23 Nov 2026 {index % 24:02d}:00:00 GMT</pubDate>"
        f"<description>{'An invented sentence about an invented dam. ' * 12}</description></item>"
        for index in range(generation, generation + ENTRIES)
    )
    return f'<rss version="2.0"><channel><title>Feed {number}</title>{entries}</channel></rss>'.encode()


async def serve(pipe: Connection, feeds: int, changed: float) -> None:
    """304 to a validator that is still right; the first ``changed`` share of the feeds changes for the second round."""
    asked: Counter[int] = Counter()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n") if not reader.at_eof() else b"":
            number = int(head.split(b" ")[1].rpartition(b"/")[2])
            generation = int(asked[number] > 0 and number < feeds * changed)
            asked[number] += 1
            etag = f'"{generation}"'.encode()
            if b"If-None-Match: " + etag in head:
                writer.write(b"HTTP/1.1 304 Not Modified\r\nETag: %s\r\n\r\n" % etag)
            else:
                body = build_body(number, generation)
                writer.write(b"HTTP/1.1 200 OK\r\nETag: %s\r\nContent-Length: %d\r\n\r\n" % (etag, len(body)) + body)
            try:
                await writer.drain()
                if reader.at_eof():
                    break
            except ConnectionError:
                break
        writer.close()

    def swallow(loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        """Clients hang up when their pool is full; that is no news."""

    asyncio.get_running_loop().set_exception_handler(swallow)
    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=2048)
    pipe.send(server.sockets[0].getsockname()[1])
    async with server:
        await server.serve_forever()


def run_server(pipe: Connection, feeds: int, changed: float) -> None:
    """The server's process."""
    asyncio.run(serve(pipe, feeds, changed))


@dataclass
class Round:
    """What one round took and gave."""

    seconds: float
    cpu_s: float
    outcomes: Counter[str]
    states: list[FeedState]


def run_round(
    client: Client, archive: Archive, specs: list[FeedSpec], states: list[FeedState], now: datetime, threads: int
) -> Round:
    """Poll every feed once."""

    def poll(pair: tuple[FeedSpec, FeedState]) -> PollReport:
        return poll_feed(client.fetch, pair[0], pair[1], lambda names: (), now, 0.5, archive.write)

    started, cpu = time.perf_counter(), time.process_time()
    outcomes: Counter[str] = Counter()
    after = []
    with ThreadPoolExecutor(threads) as pool:
        for report in pool.map(poll, zip(specs, states, strict=True)):
            outcomes[report.result.outcome] += 1
            after.append(report.state)
    return Round(time.perf_counter() - started, time.process_time() - cpu, outcomes, after)


def main() -> None:
    """Print both rounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--changed", type=float, default=0.05)
    options = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    serving = multiprocessing.get_context("spawn").Process(
        target=run_server, args=(theirs, options.feeds, options.changed), daemon=True
    )
    serving.start()
    port = ours.recv()
    specs = [
        FeedSpec(f"f{number}", "bench", "Bench", "outlet", f"http://f{number}.wire.example/{number}", "", "Bench",
                 allow_loopback=True)
        for number in range(options.feeds)
    ]  # fmt: skip
    connect_to = {f"f{number}.wire.example": f"127.0.0.1:{port}" for number in range(options.feeds)}
    states = [FeedState(spec.feed_key) for spec in specs]
    now = datetime.now(UTC)
    with (
        tempfile.TemporaryDirectory() as folder,
        Client("Wireledger/benchmark", Timeouts(), connect_to=connect_to) as client,
        Archive(folder) as archive,
    ):
        before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for name in ("first round, all new", "second round"):
            done = run_round(client, archive, specs, states, now, options.threads)
            states, now = done.states, now + timedelta(hours=1)
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib) / 1024
            print(
                f"{name:<22} {options.feeds} feeds {done.seconds:6.1f} s ({done.cpu_s:.1f} s of CPU), "
                f"{dict(done.outcomes)}, peak memory {before_kib / 1024 + grown:.0f} MiB (+{grown:.0f})"
            )
    serving.terminate()
    serving.join()


if __name__ == "__main__":
    main()
