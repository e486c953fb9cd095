"""The ledger: SQL as the reader, feed health, quarantine, report."""

from __future__ import annotations

import csv
import sys
from datetime import UTC, datetime
from typing import Annotated

import psycopg
import typer
from psycopg.rows import tuple_row

from pipeline.cli.texts import print_json
from pipeline.errors import UsageError
from pipeline.jobs.session import open_store
from pipeline.screen import console, print_rows, say
from pipeline.settings import get_settings
from pipeline.store.database import transaction
from pipeline.store.queries import get_query
from pipeline.store.runs import list_checksums

STATEMENT_TIMEOUT_MS = 120_000


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(sql)
    app.command()(feeds)
    app.command()(quarantine)
    app.command()(report)
    app.command()(checksum)


def sql(
    statement: Annotated[str, typer.Argument(help='One statement: "select * from mart.claim limit 5".')],
    as_json: Annotated[bool, typer.Option("--json", help="An array of objects.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Comma-separated values with a header.")] = False,
) -> None:
    """Ask the ledger in SQL, as the role that can only read."""
    if as_json and as_csv:
        raise UsageError("--json or --csv, not both")
    with open_store() as connection:
        try:
            with transaction(connection, "wire_reader"):
                connection.execute(f"set local statement_timeout = {STATEMENT_TIMEOUT_MS:d}")
                # In a pipeline psycopg speaks the extended protocol, which takes one statement only: none can leave the role.
                with connection.cursor(row_factory=tuple_row) as cursor:
                    with connection.pipeline():
                        cursor.execute(statement.encode())
                    if cursor.description is None:
                        raise UsageError("the statement gives no rows: `wire sql` reads only")
                    names = _distinct([column.name for column in cursor.description])
                    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        except psycopg.Error as error:
            raise UsageError(f"SQL: {str(error).strip().splitlines()[0]}") from None
    if as_json:
        print_json(rows)
    elif as_csv:
        writer = csv.DictWriter(sys.stdout, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _to_csv(value) for name, value in row.items()} for row in rows)
    else:
        print_rows(rows, names)
        console.print(f"[dim]{len(rows)} row{'' if len(rows) == 1 else 's'}[/dim]")


def _to_csv(value: object) -> object:
    """Lists joined by "; ", times in ISO form; the rest as it is."""
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return value.isoformat() if isinstance(value, datetime) else value


def _distinct(names: list[str]) -> list[str]:
    return [name if names.index(name) == n else f"{name}_{n + 1}" for n, name in enumerate(names)]


def feeds(as_json: Annotated[bool, typer.Option("--json", help="An array of objects.")] = False) -> None:
    """Health of each feed: when it was polled, what came, what is wrong, when it is due."""
    from pipeline.registry import load_registry
    from pipeline.store.feeds import save_registry

    with open_store() as connection:
        with transaction(connection):
            save_registry(connection, load_registry(get_settings().feeds))
        with transaction(connection, "wire_reader"):
            rows = connection.execute(get_query("list_feed_health")).fetchall()
    if as_json:
        print_json(rows)
        return
    wanted = ("feed_key", "health", "last_outcome", "alarms", "last_ok_at", "next_poll_at", "entry_count", "article_count",
              "last_detail")  # fmt: skip
    print_rows(rows, wanted)


def quarantine(
    as_json: Annotated[bool, typer.Option("--json", help="An array of objects.")] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Try everything again, after a fix.")] = False,
) -> None:
    """What could not be processed, and why; with --retry, try it again."""
    if retry:
        _retry()
    with open_store() as connection, transaction(connection):
        rows = connection.execute(get_query("list_quarantine")).fetchall()
    if as_json:
        print_json(rows)
    elif not rows:
        console.print("Nothing is in quarantine.")
    else:
        print_rows(rows, ("quarantine_id", "stage", "subject", "reason", "detail", "try_count", "last_at"))


def _retry() -> None:
    from pipeline import jobs

    say(f"put back: {jobs.retry_quarantine()}")
    say(f"read: {jobs.read_pages(limit=1_000_000)}")
    say(f"analysed: {jobs.analyse_all()}")
    say(f"closed: {jobs.resolve_recovered()}")


def report() -> None:
    """Write var/report.html from what the ledger holds now."""
    from pipeline.report import write_report

    path = get_settings().var / "report.html"
    with open_store() as connection:
        write_report(connection, path, datetime.now(UTC))
    say(f"written: {path}")


def checksum(
    as_json: Annotated[bool, typer.Option("--json", help="An array of objects.")] = False,
    timeless: Annotated[bool, typer.Option(help="Leave out when things were seen: to compare two pollings.")] = False,
) -> None:
    """Digest of each table of `core` by natural keys and content: equal ledgers have equal digests."""
    with open_store() as connection, transaction(connection, "wire_reader"):
        rows = list_checksums(connection, timeless)
    if as_json:
        print_json(rows)
    else:
        print_rows(rows, ("table_name", "row_count", "digest"))
