"""The jobs without Airflow: run, replay, migrate, doctor."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline import jobs
from pipeline.jobs.session import open_store
from pipeline.local.demo import show_unreachable
from pipeline.screen import console, errors, print_rows, say
from pipeline.settings import get_settings


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(run)
    app.command()(drop)
    app.command()(replay)
    app.command()(reextract)
    app.command()(migrate)
    app.command()(doctor)


def run(
    feed: Annotated[
        list[str] | None, typer.Option(help="Feed key; may be given more than once. All where left out.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10000, help="Pages to fetch a host at most.")] = 200,
    force: Annotated[bool, typer.Option("--force", help="Poll also what is not due.")] = False,
) -> None:
    """Poll the feeds that are due and carry what is new all the way to claims, without Airflow."""
    with open_store() as connection:  # held for the whole run: the embedded server starts once
        hosts = jobs.list_due_hosts(feed, limit, force)
        if not hosts:
            say("no feed is due (--force polls all the same)")
        for number, (host, counts, error) in enumerate(jobs.collect_hosts(hosts), 1):
            if error is None:
                say(f"{number}/{len(hosts)} {host['host']}: {_show(counts)}")
            else:
                errors.print(f"[yellow]![/yellow] {host['host']}: {error}")
        say(f"delivered files: {_show(jobs.take_drops())}")
        finish()
        show_unreachable(connection)


def drop() -> None:
    """Take the files that agencies have delivered (WIRE_DROP) and carry them to claims, without Airflow."""
    with open_store():
        say(f"{get_settings().drop_folder}: {_show(jobs.take_drops())}")
        finish()


def finish() -> None:
    """Carry what was fetched to claims and links, saying how far it is."""
    say(f"read: {_show(jobs.read_pages(limit=1_000_000))}")
    batches = jobs.list_analysis_batches()
    for number, batch in enumerate(batches, 1):
        say(f"analysed {number}/{len(batches)}: {_show(jobs.analyse_batch(batch))}")
    say(f"linked: {_show(jobs.link_new())}")
    say(f"report: {get_settings().var / 'report.html'}")


def replay(
    from_at: Annotated[str | None, typer.Option("--from", help="Fetched at or after, ISO time with zone.")] = None,
    to_at: Annotated[str | None, typer.Option("--to", help="Fetched before, ISO time with zone.")] = None,
    feed: Annotated[str | None, typer.Option(help="One feed key.")] = None,
    file: Annotated[str | None, typer.Option(help="One WARC file, ours or another crawler's.")] = None,
) -> None:
    """Rebuild from the archive, with no network. What is known is left as it is."""
    with open_store():
        say(f"replayed: {_show(jobs.replay_archive(from_at, to_at, feed, file))}")
        finish()


def reextract(
    limit: Annotated[int, typer.Option(min=1, help="Articles at most.")] = 1000,
) -> None:
    """Read archived pages again with a newer extractor, beside what stands; publishes nothing."""
    with open_store():
        say(f"extracted anew: {_show(jobs.extract_anew(limit))}")
        finish()


def migrate() -> None:
    """Bring the database's schema to this version. Embedded, this happens by itself."""
    from pipeline.store.database import serving
    from pipeline.store.migrate import migrate as migrate_schema

    with serving() as url:
        applied = migrate_schema(url, get_settings().sql)
    say(f"applied: {', '.join(applied) or 'nothing was missing'}")


def doctor() -> None:
    """Check the installation, and name the command that repairs each fault."""
    from pipeline.local.doctor import examine

    findings = examine(get_settings())
    rows = [
        {"check": f.check, "state": "well" if f.is_well else "FAULT", "found": f.found, "repair": f.repair}
        for f in findings
    ]
    print_rows(rows, ("check", "state", "found", "repair"))
    if any(not f.is_well for f in findings):
        raise typer.Exit(1)
    console.print("All is well.")


def _show(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "nothing new"
