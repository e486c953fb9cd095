"""How long an upgrade holds up a reader and a loader: migrates a filled database while both work, and prints their longest wait.

python benchmarks/upgrade.py --folder DIR      (a database of `benchmarks/claims.py --folder DIR`, made by older code)
"""

from __future__ import annotations

import argparse
import threading
import time
from pathlib import Path

import psycopg

from benchmarks.claims import DATABASE
from pipeline.settings import ROOT
from pipeline.store import migrate
from pipeline.store.server import Server

READ = "select claim_id from core.claim where is_listed order by stated_by_at desc, claim_id desc limit 50"
WRITES = (
    "insert into ops.run (kind) values ('bench')",
    "insert into ops.outcome (run_id, stage, subject, status)"
    " select max(run_id), 'bench', clock_timestamp()::text, 'done' from ops.run",
    "update core.article set status = status where article_id = 1",
    "update core.claim set is_listed = is_listed where claim_id = 10",
)


class Worker(threading.Thread):
    """Runs its statements in one transaction again and again, and keeps the longest time."""

    def __init__(self, url: str, role: str, statements: tuple[str, ...], is_over: threading.Event) -> None:
        super().__init__()
        self.url, self.role, self.statements, self.is_over = url, role, statements, is_over
        self.count, self.longest_s = 0, 0.0

    def run(self) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            while not self.is_over.is_set():
                begin = time.perf_counter()
                with connection.transaction():
                    connection.execute(f"set local role {self.role}".encode())
                    for statement in self.statements:
                        connection.execute(statement.encode())
                self.longest_s = max(self.longest_s, time.perf_counter() - begin)
                self.count += 1
                time.sleep(0.02)


def main() -> None:
    """Migrate, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    server = Server(parser.parse_args().folder.resolve())
    with server.running():
        url, is_over = server.url(DATABASE), threading.Event()
        workers = [Worker(url, "wire_reader", (READ,), is_over), Worker(url, "wire_loader", WRITES, is_over)]
        for worker in workers:
            worker.start()
        begin = time.perf_counter()
        try:
            applied = migrate.migrate(url, ROOT / "sql")
        finally:
            is_over.set()
            for worker in workers:
                worker.join()
        print(f"{len(applied)} migrations in {time.perf_counter() - begin:.1f} s: {', '.join(applied)}")
        for worker in workers:
            print(f"{worker.role}: {worker.count} transactions meanwhile, the longest {worker.longest_s:.2f} s")


if __name__ == "__main__":
    main()
