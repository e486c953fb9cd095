"""Polling through the jobs, as `wire run` does: a thousand feeds on a thousand hosts over loopback, 95 % answering 304.

    python benchmarks/poll_jobs.py [--feeds 1000] [--threads 4] [--changed 0.05]

What `poll.py` leaves out is in here: Postgres, the registry, one run a host, the budget's locks, outcomes and states.
The server is a process of its own. Two rounds: the first reads every feed, the second is the measured one.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
from pathlib import Path

from benchmarks.poll import run_server
from pipeline import jobs
from pipeline.jobs.session import open_store
from pipeline.settings import Settings


def write_registry(folder: Path, feeds: int) -> None:
    """One service a hundred feeds."""
    folder.mkdir()
    for first in range(0, feeds, 100):
        lines = [
            f'key = "s{first}"',
            'name = "Bench"',
            'kind = "outlet"',
            'homepage = "http://wire.example/"',
            "allow_loopback = true",
        ]
        for number in range(first, min(first + 100, feeds)):
            lines += [
                "",
                "[[feed]]",
                f'key = "f{number}"',
                'title = "Bench"',
                f'url = "http://www.f{number}.example/{number}"',
                "follow_links = false",
            ]
        (folder / f"s{first}.toml").write_text("\n".join(lines) + "\n")


def main() -> None:
    """Print both rounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--changed", type=float, default=0.05)
    options = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    serving = multiprocessing.get_context("spawn").Process(
        target=run_server, args=(theirs, options.feeds, options.changed), daemon=True
    )
    serving.start()
    port = ours.recv()
    with tempfile.TemporaryDirectory() as name:
        write_registry(Path(name) / "feeds", options.feeds)
        connect_to = {f"www.f{number}.example": f"127.0.0.1:{port}" for number in range(options.feeds)}
        settings = Settings(var=Path(name), feeds=Path(name) / "feeds", connect_to=connect_to)
        with open_store(settings) as connection:
            for title in ("first round, all new", "second round"):
                started, cpu = time.perf_counter(), time.process_time()
                hosts = jobs.list_due_hosts(force=True, settings=settings)
                failures = [f for _, _, f in jobs.collect_hosts(hosts, options.threads, settings=settings) if f]
                seconds, cpu_s = time.perf_counter() - started, time.process_time() - cpu
                rows = connection.execute(
                    "select last_outcome as it, count(*) from ops.feed_state group by 1"
                ).fetchall()
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                print(
                    f"{title:<22} {len(hosts)} hosts {seconds:6.1f} s ({cpu_s:.1f} s of CPU), "
                    f"{ {row['it']: row['count'] for row in rows} }, {len(failures)} failures, peak memory {peak:.0f} MiB"
                )
    serving.terminate()
    serving.join()


if __name__ == "__main__":
    main()
