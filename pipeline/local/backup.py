"""The ledger into one file and back: pg_dump and pg_restore of the Postgres found, roles and comments included.

The archive is not in it: it is a folder or a bucket and is copied as such, after the dump, so that every pointer of the
dump finds its record. Airflow's metadata is not in it either: it holds nothing that cannot be made anew.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from pipeline.errors import PermanentError, SchemaError, UsageError
from pipeline.settings import Settings
from pipeline.store import migrate
from pipeline.store.database import connect, embedded_server
from pipeline.store.server import find_binaries

SCHEMAS = ("raw", "core", "ops", "mart", "public")
# Their owner is the administrator who installed the extension, and what they say is not ours.
LEFT_OUT = ("COMMENT - EXTENSION", "EXTENSION - ", "SCHEMA - public", "COMMENT - SCHEMA public", "ACL - SCHEMA public")

NEWER_SETTING = b"SET transaction_timeout = 0;\n"  # Postgres 17 and newer
HEAD_LINES = 50


def backup(url: str, file: Path) -> int:
    """Dump the ledger into ``file`` (custom format, compressed); returns its bytes.

    The file appears whole or not at all. Raises :class:`UsageError` where it is there already, :class:`SchemaError` for a
    database without a ledger, :class:`PermanentError` with pg_dump's last line.
    """
    if file.exists():
        raise UsageError(f"{file} is there: a backup overwrites nothing")
    with connect(url) as connection:
        if migrate.schema_version(connection) is None:
            raise SchemaError("the database holds no ledger")
    fresh = file.with_name(f".{file.name}.new")
    names = [f"--schema={name}" for name in SCHEMAS]
    try:
        _run("pg_dump", url, ["--format=custom", "--extension=pg_trgm", *names, f"--file={fresh}"])
        fresh.rename(file)
    finally:
        fresh.unlink(missing_ok=True)
    return file.stat().st_size


def restore(url: str, file: Path) -> str:
    """Fill an empty database from a dump, in one transaction; returns the schema's version in it.

    What the code has beyond that version, ``wire migrate`` adds. Raises :class:`UsageError` where the file is missing or
    the database holds a ledger already, :class:`PermanentError` with pg_restore's last line.
    """
    if not file.exists():
        raise UsageError(f"no such file: {file}")
    with connect(url) as connection:
        if connection.execute("select to_regnamespace('core') as it").fetchone() != {"it": None}:
            raise UsageError("the database holds a ledger: restore into an empty one")
        _make_roles(connection)
    wanted = file.with_name(f".{file.name}.list")
    try:
        listed = _run("pg_restore", url, ["--list", str(file)]).splitlines()
        wanted.write_text("\n".join(line for line in listed if not any(mark in line for mark in LEFT_OUT)))
        _pour(url, ["--no-owner", f"--use-list={wanted}", "--file=-", str(file)])
    finally:
        wanted.unlink(missing_ok=True)
    with connect(url) as connection:
        connection.execute("analyze")
        return migrate.schema_version(connection) or "empty"


@contextmanager
def serving_unmigrated(settings: Settings) -> Iterator[str]:
    """The owner's URL of a database that may be empty: DATABASE_URL's, or the embedded one, without bringing up its schema."""
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    server = embedded_server(settings)
    with server.running():
        migrate.ensure_database(server.url("postgres"), "wire")
        yield server.url()


def _make_roles(connection: psycopg.Connection[dict[str, object]]) -> None:
    """Working roles and extension, which a dump of one database names but does not hold."""
    connection.execute("create extension if not exists pg_trgm")
    connection.execute("""
        do $$
        declare r text;
        begin
          foreach r in array array['wire_loader', 'wire_reader'] loop
            if not exists (select from pg_roles where rolname = r) then
              execute format('create role %I nologin', r);
            end if;
            if not pg_has_role(current_user, r, 'member') then
              execute format('grant %I to %I', r, current_user);
            end if;
          end loop;
        end $$""")


def _pour(url: str, arguments: list[str]) -> None:
    """pg_restore's SQL through psql, in one transaction: a server older than pg_restore refuses one setting in it."""
    psql = [
        _find("psql"),
        "--no-psqlrc",
        "--quiet",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        "--output=/dev/null",
    ]
    reading = subprocess.Popen([_find("pg_restore"), *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    writing = subprocess.Popen(psql, env=_environment(url), stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    assert reading.stdout
    assert reading.stderr
    assert writing.stdin
    assert writing.stderr
    try:
        for number, line in enumerate(reading.stdout):
            if number > HEAD_LINES or line != NEWER_SETTING:
                writing.stdin.write(line)
        if reading.wait():
            # Unfinished: without this, psql would commit what came so far.
            writing.stdin.write(b"\n\\.\nselect 1 / 0;\n")
        writing.stdin.close()
    except BrokenPipeError:
        reading.kill()
    said = {"psql": writing.stderr.read().decode(), "pg_restore": reading.stderr.read().decode()}
    if writing.wait() or reading.wait():
        name = "pg_restore" if said["pg_restore"] else "psql"
        raise PermanentError(f"restore: {name}: {_find_fault(said[name])}")


def _run(name: str, url: str, arguments: list[str]) -> str:
    """Run a program of Postgres; gives what it prints."""
    done = subprocess.run([_find(name), *arguments], env=_environment(url), capture_output=True, text=True)
    if done.returncode:
        raise PermanentError(f"{name}: {_find_fault(done.stderr)}")
    return done.stdout


def _find(name: str) -> str:
    folder = find_binaries()
    program = str(folder / name) if folder and (folder / name).exists() else shutil.which(name)
    if program is None:
        raise UsageError(f"no {name} found: `make setup`, or install Postgres's client programs")
    return program


def _environment(url: str) -> dict[str, str]:
    """The connection as environment: an argument would show the password in the process list."""
    given = {o.envvar.decode(): o.val.decode() for o in psycopg.pq.Conninfo.parse(url.encode()) if o.val and o.envvar}
    return {**{k: v for k, v in os.environ.items() if not k.startswith("PG")}, **given}


def _find_fault(stderr: str) -> str:
    lines = stderr.strip().splitlines()
    return next((line for line in lines if "error" in line.lower()), lines[0] if lines else "failed")
