"""``make demo`` and ``make run``: trigger the DAGs in a real scheduler, wait for the whole chain, show what came."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import UsageError
from pipeline.jobs.session import open_store
from pipeline.local.stack import Stack, find_free_port, wait_until_idle
from pipeline.screen import console, print_rows, say
from pipeline.settings import ROOT, Settings
from pipeline.store.database import Connection, transaction
from pipeline.store.queries import get_query

DEMO_TIMEOUT_S = 240
LIVE_TIMEOUT_S = 3600
STAGES = (1, 2, 3)
CHAIN = ("collect_wire", "build_claims", "link_claims")


def run_demo(settings: Settings) -> None:
    """Poll the demo wire at its three times (a second run: at the third only) and print what the ledger holds."""
    from demo.server import DemoWire

    started = time.monotonic()
    with open_store(settings) as connection:
        _refuse_foreign_ledger(connection, settings)
        stages = STAGES[-1:] if _count(connection)["articles"] else STAGES
        with DemoWire(stage=stages[0]) as wire:
            connect_to = dict.fromkeys(wire.hosts, f"127.0.0.1:{wire.port}")
            environment = {
                "WIRE_FEEDS": str(ROOT / "demo" / "feeds"),
                "WIRE_CONNECT_TO": json.dumps(connect_to),
                "WIRE_COLLECT_SCHEDULE": "",
            }
            with Stack(settings, find_free_port(), _timed(started), environment, CHAIN).running() as stack:
                for stage in stages:
                    wire.stage = stage
                    _run_chain(stack, {"force": True}, DEMO_TIMEOUT_S, f"the demo wire at time {stage} of 3", started)
        show_ledger(connection, settings.var / "report.html")
    say(f"done in {time.monotonic() - started:.0f} s")


def run_live(settings: Settings, feeds: Sequence[str] | None, limit: int) -> None:
    """Poll the live feeds of the registry through the DAGs, and print what the ledger holds."""
    from pipeline.jobs.collecting import select_feeds
    from pipeline.registry import load_registry

    select_feeds(load_registry(settings.feeds), feeds)
    started = time.monotonic()
    with open_store(settings) as connection:
        with Stack(
            settings, find_free_port(), _timed(started), {"WIRE_COLLECT_SCHEDULE": ""}, CHAIN
        ).running() as stack:
            conf: dict[str, Any] = {"limit": limit, **({"feeds": list(feeds)} if feeds else {})}
            _run_chain(stack, conf, LIVE_TIMEOUT_S, "the live feeds", started)
        show_unreachable(connection)
        show_ledger(connection, settings.var / "report.html")


def _run_chain(stack: Stack, conf: dict[str, Any], timeout_s: float, what: str, started: float) -> None:
    tell = _timed(started)
    tell(f"polling {what}")
    run_id = stack.api.trigger("collect_wire", conf)
    wait_until_idle(stack, ("collect_wire", run_id), timeout_s, tell)


def show_ledger(connection: Connection, report: Path) -> None:
    """Counts, ten claims, the report's path and what to do next."""
    with transaction(connection, "wire_reader"):
        claims = connection.execute(get_query("list_claims_to_show")).fetchall()
    console.print()
    counts = _count(connection)
    console.print("  ".join(f"[bold]{value}[/bold] {name.replace('_', ' ')}" for name, value in counts.items()))
    console.print()
    print_rows([_claim_row(c) for c in claims], ("who", "said", "how", "when", "about"))
    console.print(f"\n[bold]{report.resolve()}[/bold]  open it in a browser\n")
    for command, meaning in NEXT:
        console.print(f"  {command:<66} [dim]{meaning}[/dim]", soft_wrap=True)


NEXT = (
    ('.venv/bin/wire sql "select * from mart.contested_claim"', "who denies, who has not confirmed"),
    (".venv/bin/wire annotate -", "paste a story, press Ctrl-D"),
    ("make psql", "SQL at a prompt"),
    ("make up", "Airflow's UI on 127.0.0.1:8080, with the live feeds"),
)


def show_unreachable(connection: Connection) -> None:
    """One clear line for each feed that could not be read."""
    with transaction(connection, "wire_reader"):
        rows = connection.execute(get_query("list_feed_health")).fetchall()
    for row in rows:
        if row["health"] == "failing":
            line = f"{row['feed_key']}: {row['last_outcome']}: {row['last_detail'] or ''}"
            console.print(f"[yellow]![/yellow] {line}", soft_wrap=True)


def _claim_row(claim: Mapping[str, Any]) -> dict[str, Any]:
    how = [claim["act"].replace("_", " "), claim["quote"]]
    if claim["certainty"] != "certain" or claim["polarity"] != "positive":
        how.append(f"{claim['polarity']}, {claim['certainty']}")
    return {
        "who": claim["source_names"],
        "said": claim["plain_text"],
        "how": " · ".join(how),
        "when": claim["stated_by_at"],
        "about": claim["about_names"],
    }


def _count(connection: Connection) -> dict[str, int]:
    with transaction(connection):
        row = connection.execute(get_query("count_ledger")).fetchone()
    assert row is not None
    return dict(row)


def _refuse_foreign_ledger(connection: Connection, settings: Settings) -> None:
    """Made-up news must not be mixed into a ledger of real ones in a database of the user's own."""
    if settings.is_embedded:
        return
    with transaction(connection):
        row = connection.execute(get_query("count_real_articles")).fetchone()
    if row and row["count"]:
        raise UsageError("DATABASE_URL holds real articles: the demo's made-up ones do not go there; unset it first")


def _timed(started: float) -> Callable[[str], None]:
    return lambda line: say(f"{time.monotonic() - started:4.0f} s  {line}")
