"""Airflow on this machine: demo, up, down, psql."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from pipeline.errors import UsageError
from pipeline.settings import get_settings


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(demo)
    app.command(name="run-dags")(run_dags)
    app.command()(up)
    app.command()(down)
    app.command()(psql)


def demo() -> None:
    """The whole way on a made-up day of wire copy: real scheduler, real HTTP, real Postgres."""
    from pipeline.local.demo import run_demo

    run_demo(get_settings())


def run_dags(
    feed: Annotated[list[str] | None, typer.Option(help="Feed key; may be given more than once.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Pages to fetch a host at most.")] = 200,
) -> None:
    """Trigger `collect_wire` on the live feeds in a real scheduler, wait for the chain of DAGs, stop (`make run`)."""
    from pipeline.local.demo import run_live

    run_live(get_settings(), feed, limit)


def up(port: Annotated[int, typer.Option(min=1024, max=65535, help="Port of the UI on 127.0.0.1.")] = 8080) -> None:
    """Start Postgres, Airflow's scheduler and UI; they run until `wire down`."""
    from pipeline.local.supervise import start_detached

    start_detached(get_settings(), port)


def down() -> None:
    """Stop what `wire up` started; nothing is left running."""
    from pipeline.local.supervise import stop_detached

    stop_detached(get_settings())


def psql(
    arguments: Annotated[list[str] | None, typer.Argument(help="Passed on to psql.")] = None,
) -> None:
    """Open psql on the ledger; the embedded server runs for as long."""
    import subprocess

    from pipeline.store.database import serving
    from pipeline.store.server import find_binaries

    folder = find_binaries()
    program = folder / "psql" if folder and (folder / "psql").exists() else None
    if program is None:
        raise UsageError("no psql found: `make setup`")
    with serving() as url:
        done = subprocess.run([str(program), url, *(arguments or [])], env={**os.environ, "PGAPPNAME": "wire psql"})
    raise typer.Exit(done.returncode)
