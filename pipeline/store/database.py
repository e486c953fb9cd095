"""Connections: owner, loader and reader on one URL, the embedded server held while in use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from pipeline.errors import DatabaseUnavailable, SchemaError
from pipeline.settings import Settings, get_settings
from pipeline.store import migrate
from pipeline.store.server import Server

Role = Literal["wire_loader", "wire_reader"]
Connection = psycopg.Connection[dict[str, Any]]


def embedded_server(settings: Settings | None = None) -> Server:
    """The embedded server of these settings."""
    return Server((settings or get_settings()).var.resolve())


@contextmanager
def serving(settings: Settings | None = None) -> Iterator[str]:
    """Hold a Postgres in use and give the owner's URL; an embedded one is created, started and migrated if need be."""
    settings = settings or get_settings()
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    server = embedded_server(settings)
    with server.running():
        migrate.ensure_database(server.url("postgres"), "wire")
        migrate.migrate(server.url(), settings.sql)
        yield server.url()


@contextmanager
def connect(url: str) -> Iterator[Connection]:
    """An owner's connection outside any transaction; raises :class:`DatabaseUnavailable` with one line."""
    try:
        connection = psycopg.connect(
            url, row_factory=dict_row, autocommit=True, connect_timeout=10, prepare_threshold=None
        )
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(f"cannot reach Postgres: {str(error).strip().splitlines()[0]}") from None
    with connection:
        yield connection


@contextmanager
def transaction(connection: Connection, role: Role = "wire_loader") -> Iterator[Connection]:
    """One transaction under a working role: the loader has no DDL, the reader reads only."""
    with connection.transaction():
        try:
            connection.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
        except psycopg.errors.InvalidParameterValue:
            raise SchemaError("the database has no working roles: run `wire migrate`") from None
        if role == "wire_reader":
            connection.execute("set transaction read only")
        yield connection


@contextmanager
def holding_lock(connection: Connection, name: str) -> Iterator[None]:
    """Hold a lock of this name against every other process, waiting for it; ``connection`` serves nothing else.

    The lock belongs to a transaction, not to a session: PgBouncer in transaction mode would hand the session on. A killed
    process lets it go.
    """
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(hashtext(%s))", [name])
        # After it, and without parameters: the portal of a statement with parameters keeps its snapshot, which vacuum and
        # `create index concurrently` would wait for.
        connection.execute("set local idle_in_transaction_session_timeout = 0")
        yield
