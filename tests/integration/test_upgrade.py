"""A database with data, at an older schema, comes to the newest one with every row, while a loader goes on writing."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import psycopg
import pytest

from benchmarks import claims
from pipeline.settings import ROOT
from pipeline.store import migrate
from pipeline.store.server import Server

pytestmark = pytest.mark.postgres
LAST_OLD = "0008"  # before the order of arrival, deliveries, conservation
CLAIMS = 4_000


@pytest.fixture
def old(server: Server, tmp_path: Path) -> str:
    """A database of an earlier version that holds made-up claims, links and groups."""
    (tmp_path / "migrations").mkdir()
    (tmp_path / "views").mkdir()
    for file in (ROOT / "sql" / "migrations").glob("*.sql"):
        if file.name[:4] <= LAST_OLD:
            shutil.copy(file, tmp_path / "migrations")
    migrate.ensure_database(server.url("postgres"), "upgraded")
    url = server.url("upgraded")
    migrate.migrate(url, tmp_path)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(claims.SETUP)
        claims.fill(connection, 0, CLAIMS, "2026-01-01T00:00:00Z")
        connection.execute("update core.article set copy_of_article_id = article_id - 1 where article_id % 5 = 3")
    return url


def count_rows(url: str) -> dict[str, int]:
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname in ('raw', 'core', 'ops')"
        ).fetchall()
        return {name: connection.execute(f"select count(*) from {name}").fetchone()[0] for (name,) in tables}  # type: ignore[index]


def test_an_upgrade_loses_nothing_while_a_loader_writes(old: str) -> None:
    before = count_rows(old)
    assert min(before[t] for t in ("core.claim", "core.claim_group", "core.claim_link", "core.claim_change")) > 0
    is_over, written = threading.Event(), []

    def write() -> None:
        with psycopg.connect(old, autocommit=True) as connection:
            while not is_over.is_set():
                with connection.transaction():
                    connection.execute("set local role wire_loader")
                    connection.execute("update core.article set status = status where article_id = 1")
                    row = connection.execute(
                        "insert into ops.run (kind) values ('meanwhile') returning run_id"
                    ).fetchone()
                written.append(row)

    loader = threading.Thread(target=write)
    loader.start()
    try:
        applied = migrate.migrate(old, ROOT / "sql")
    finally:
        is_over.set()
        loader.join()
    assert applied
    assert applied[-1] == migrate.newest_migration(ROOT / "sql")
    after = count_rows(old)
    assert {t: after[t] for t in before} == {**before, "ops.run": before["ops.run"] + len(written)}
    assert written
    with psycopg.connect(old) as connection:
        connection.execute("set role wire_reader")
        assert connection.execute("select count(*) > 0 from mart.claim").fetchone() == (True,)
        parents = "select count(*) from core.article where copy_parent_article_id is distinct from copy_of_article_id"
        assert connection.execute(parents).fetchone() == (0,)
    assert migrate.migrate(old, ROOT / "sql") == []
