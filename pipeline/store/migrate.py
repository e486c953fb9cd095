"""Schema: plain SQL migrations through yoyo, then the views of ``sql/views`` where their text has changed."""

from __future__ import annotations

import hashlib
import time
import warnings
from pathlib import Path

import psycopg
from psycopg import sql

from pipeline.errors import DatabaseUnavailable

MIGRATION_LOCK = 7_301_942
WAIT_S = 120


def ensure_database(admin_url: str, name: str) -> None:
    """Create a UTF-8 database where it is missing."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        if connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is None:
            connection.execute(
                sql.SQL("create database {} encoding 'UTF8' locale 'C.UTF-8' template template0").format(
                    sql.Identifier(name)
                )
            )


def migrate(url: str, folder: Path) -> list[str]:
    """Apply what is missing; returns the ids applied. Callers at the same time wait for each other."""
    # The lock belongs to a transaction of a connection of its own: PgBouncer in transaction mode hands sessions on.
    with (
        psycopg.connect(url, autocommit=True) as guard,
        guard.transaction(),
        psycopg.connect(url, autocommit=True, prepare_threshold=None) as connection,
    ):
        # Asked for again and again: who waits in Postgres holds a snapshot, and CREATE INDEX CONCURRENTLY waits for that.
        deadline = time.monotonic() + WAIT_S
        while guard.execute("select pg_try_advisory_xact_lock(%s)", [MIGRATION_LOCK]).fetchone() != (True,):
            if time.monotonic() > deadline:
                raise DatabaseUnavailable(f"another process has been migrating this database for {WAIT_S} s")
            time.sleep(0.1)
        guard.execute("set local idle_in_transaction_session_timeout = 0")  # and lets the lock's snapshot go
        applied = _apply_migrations(connection, url, folder / "migrations")
        _apply_views(connection, folder / "views", bool(applied))
    return applied


def schema_version(connection: psycopg.Connection[dict[str, object]]) -> str | None:
    """Id of the newest migration applied, or None on an empty database."""
    if connection.execute("select to_regclass('public._yoyo_migration') as it").fetchone() == {"it": None}:
        return None
    row = connection.execute("select max(migration_id) as newest from public._yoyo_migration").fetchone()
    return str(row["newest"]) if row and row["newest"] else None


def newest_migration(folder: Path) -> str:
    """Id of the newest migration that this code has."""
    return max(p.stem for p in (folder / "migrations").glob("*.sql"))


def _apply_migrations(connection: psycopg.Connection[tuple[object, ...]], url: str, folder: Path) -> list[str]:
    known = {p.stem for p in folder.glob("*.sql")}
    if connection.execute("select to_regclass('public._yoyo_migration')").fetchone() != (None,):
        rows = connection.execute("select migration_id from public._yoyo_migration").fetchall()
        known -= {str(row[0]) for row in rows}
    if not known:
        return []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # yoyo leaves its connection to the garbage collector
        import yoyo  # heavy, and only needed where something is missing

        backend = yoyo.get_backend(url.replace("postgresql://", "postgresql+psycopg://", 1))
        backend.connection.prepare_threshold = None
        # Our advisory lock is held, so a row in yoyo_lock is what a killed process left.
        backend.break_lock()
        missing = backend.to_apply(yoyo.read_migrations(str(folder)))
        with backend.lock():
            backend.apply_migrations(missing)
        backend.connection.close()
        return [m.id for m in missing]


def _apply_views(connection: psycopg.Connection[tuple[object, ...]], folder: Path, is_forced: bool) -> None:
    files = sorted(folder.glob("*.sql"))
    text = "\n".join(p.read_text(encoding="utf-8") for p in files)
    digest = hashlib.sha256(text.encode()).hexdigest()
    row = connection.execute("select obj_description('mart'::regnamespace, 'pg_namespace')").fetchone()
    if not is_forced and row is not None and str(row[0]).endswith(f"[{digest[:16]}]"):
        return
    with connection.transaction():
        connection.execute("drop schema mart cascade; create schema mart")
        connection.execute("grant usage on schema mart to wire_loader, wire_reader")
        connection.execute(text)
        connection.execute("grant select on all tables in schema mart to wire_loader, wire_reader")
        connection.execute("grant execute on all functions in schema mart to wire_reader")
        comment = (
            "Views: the only interface of dashboards and people. Columns are only ever added within a major version."
        )
        connection.execute(sql.SQL("comment on schema mart is {}").format(sql.Literal(f"{comment} [{digest[:16]}]")))
