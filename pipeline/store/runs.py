"""Runs, load batches, outcomes, quarantine."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb

from pipeline import logs
from pipeline.store.database import Connection, transaction
from pipeline.store.queries import get_query
from pipeline.store.staging import stage_rows

#: outcomes that say "nothing new": most of every poll
QUIET = {"known", "unchanged", "duplicate", "not_modified"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One terminal status of one thing in one run; ``subject`` names it within its stage."""

    stage: str
    subject: str
    status: str
    feed_key: str | None = None
    reason: str | None = None
    detail: str | None = None
    article_id: int | None = None  # for the log


def start_run(
    connection: Connection, kind: str, parameters: Mapping[str, object], airflow_run: str | None = None
) -> int:
    """Begin a run; returns its id."""
    with transaction(connection):
        row = connection.execute(
            get_query("start_run"), {"kind": kind, "airflow_run": airflow_run, "parameters": Jsonb(dict(parameters))}
        ).fetchone()
    assert row is not None
    return int(row["run_id"])


def finish_run(connection: Connection, run_id: int, status: str) -> None:
    """End a run as ``done`` or ``failed``."""
    with transaction(connection):
        connection.execute(get_query("finish_run"), {"run_id": run_id, "status": status})


@contextmanager
def recorded_run(
    connection: Connection, kind: str, parameters: Mapping[str, object], airflow_run: str | None = None
) -> Iterator[int]:
    """A run around a block: ``done`` at its end, ``failed`` where it raised; a killed one stays ``running``."""
    run_id = start_run(connection, kind, parameters, airflow_run)
    with logs.bound(run=run_id, kind=kind):
        logs.note("run started", airflow_run=airflow_run)
        try:
            yield run_id
        except BaseException as error:
            logs.note("run failed", logging.ERROR, error=type(error).__name__)
            finish_run(connection, run_id, "failed")
            raise
        finish_run(connection, run_id, "done")
        logs.note("run done")


def start_batch(connection: Connection, run_id: int, stage: str) -> int:
    """A new load batch, inside the caller's transaction."""
    row = connection.execute(get_query("start_load_batch"), {"run_id": run_id, "stage": stage}).fetchone()
    assert row is not None
    return int(row["load_batch_id"])


def note_intake(connection: Connection, load_batch_id: int, stage: str, taken_count: int) -> None:
    """Say how many things a batch takes up at a stage, inside the caller's transaction: counted where they come in, so
    that `mart.conservation` finds what ended without an outcome."""
    values = {"load_batch_id": load_batch_id, "stage": stage, "taken_count": taken_count}
    connection.execute(get_query("insert_intake"), values)


def add_outcomes(connection: Connection, load_batch_id: int, outcomes: Iterable[Outcome]) -> int:
    """Write the outcomes of a batch inside the caller's transaction, and log them; a subject stands once in a batch and
    stage."""
    outcomes = list(outcomes)
    for outcome in outcomes:
        _log(outcome)
    columns = dict.fromkeys(("stage", "feed_key", "subject", "status", "reason", "detail"), "text")
    rows = (
        (load_batch_id, o.stage, o.feed_key, (_line(o.subject) or "")[:500], o.status, o.reason, _line(o.detail))
        for o in outcomes
    )
    count = stage_rows(connection, "new_outcome", {"load_batch_id": "bigint", **columns}, rows)
    connection.execute(get_query("insert_outcomes"))
    return count


def _log(outcome: Outcome) -> None:
    level = logging.DEBUG if outcome.status in QUIET else logging.INFO
    ids = {"feed": outcome.feed_key, "article": outcome.article_id, "subject": outcome.subject}
    said = {"status": outcome.status, "reason": outcome.reason, "detail": _line(outcome.detail)}
    logs.note(outcome.stage, level, **{k: v for k, v in {**ids, **said}.items() if v is not None})


def add_quarantine(
    connection: Connection,
    stage: str,
    subject: str,
    reason: str,
    detail: str | None,
    fetch_id: int | None = None,
    article_revision_id: int | None = None,
) -> None:
    """Put what could not be processed aside, inside the caller's transaction; a repeat counts a try."""
    values = {
        "stage": stage, "subject": subject[:500], "reason": reason, "detail": _line(detail), "fetch_id": fetch_id,
        "article_revision_id": article_revision_id,
    }  # fmt: skip
    connection.execute(get_query("insert_quarantine"), values)


def list_checksums(connection: Connection, is_timeless: bool = False) -> list[dict[str, Any]]:
    """A digest of each table of ``core``, inside the caller's transaction; ``is_timeless``: without when things were seen."""
    connection.execute("set local timezone = 'UTC'")
    connection.execute(f"set local wire.timeless = '{'on' if is_timeless else 'off'}'")
    return connection.execute(get_query("list_checksums")).fetchall()


def _line(text: str | None) -> str | None:
    return " ".join(text.replace("\x00", "").split())[:500] if text else None
