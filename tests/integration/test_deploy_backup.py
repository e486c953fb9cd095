"""A backup brings the same ledger back."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from pipeline.errors import PermanentError, SchemaError, UsageError
from pipeline.local.backup import backup, restore
from pipeline.settings import ROOT
from pipeline.store import migrate
from pipeline.store.database import connect, transaction
from pipeline.store.queries import get_query
from pipeline.store.server import Server

pytestmark = pytest.mark.postgres


def make_database(server: Server, name: str) -> str:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f'drop database if exists "{name}" with (force)')
    migrate.ensure_database(server.url("postgres"), name)
    return server.url(name)


def list_checksums(url: str) -> list[dict[str, object]]:
    with connect(url) as connection, transaction(connection, "wire_reader"):
        return connection.execute(get_query("list_checksums")).fetchall()


def test_a_restored_ledger_is_equal_works_and_is_up_to_date(server: Server, demo_database: str, tmp_path: Path) -> None:
    assert backup(demo_database, tmp_path / "ledger.dump") > 10_000
    url = make_database(server, "restored")
    assert restore(url, tmp_path / "ledger.dump") == migrate.newest_migration(ROOT / "sql")
    assert list_checksums(url) == list_checksums(demo_database)
    assert migrate.migrate(url, ROOT / "sql") == []
    with connect(url) as connection:
        with transaction(connection) as loader:
            loader.execute("insert into ops.run (kind) values ('after')")
        with transaction(connection, "wire_reader") as reader:
            rows = reader.execute(
                "select col_description('mart.claim'::regclass, 1) as words from mart.claim"
            ).fetchall()
        assert rows
        assert rows[0]["words"]
        with pytest.raises(psycopg.errors.RestrictViolation):
            connection.execute("update core.article_revision set headline = 'other'")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ledger.dump"]


def test_a_backup_overwrites_nothing(demo_database: str, tmp_path: Path) -> None:
    (tmp_path / "ledger.dump").write_text("mine")
    with pytest.raises(UsageError, match="is there"):
        backup(demo_database, tmp_path / "ledger.dump")
    assert (tmp_path / "ledger.dump").read_text() == "mine"


def test_a_ledger_is_not_restored_over(demo_database: str, tmp_path: Path) -> None:
    backup(demo_database, tmp_path / "ledger.dump")
    with pytest.raises(UsageError, match="holds a ledger"):
        restore(demo_database, tmp_path / "ledger.dump")


def test_an_empty_database_has_no_backup(server: Server, tmp_path: Path) -> None:
    with pytest.raises(SchemaError):
        backup(make_database(server, "nothing"), tmp_path / "ledger.dump")
    assert list(tmp_path.iterdir()) == []


def test_a_torn_backup_leaves_the_database_empty(server: Server, demo_database: str, tmp_path: Path) -> None:
    whole = tmp_path / "whole.dump"
    backup(demo_database, whole)
    torn = tmp_path / "torn.dump"
    torn.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])
    url = make_database(server, "torn")
    with pytest.raises(PermanentError, match="restore"):
        restore(url, torn)
    with connect(url) as connection:
        assert connection.execute("select to_regnamespace('core') as it").fetchone() == {"it": None}
