"""Daily care: clear old noise, run the data checks."""

from __future__ import annotations

from datetime import timedelta

from pipeline.errors import PermanentError
from pipeline.jobs.delivering import retry_deliveries
from pipeline.jobs.redacting import redact_expired
from pipeline.jobs.session import open_store, utc_now
from pipeline.registry import load_registry
from pipeline.settings import Settings, get_settings
from pipeline.store.database import transaction
from pipeline.store.queries import get_query

KEEP_NOISE = timedelta(days=30)


def maintain(settings: Settings | None = None) -> dict[str, int]:
    """Redact what is past its retention, clear outcomes that say "nothing new" after thirty days; returns counts."""
    redacted = redact_expired(settings)
    with open_store(settings) as connection, connection.transaction():
        row = connection.execute(get_query("clear_old_outcomes"), {"before": utc_now() - KEEP_NOISE}).fetchone()
    return {**redacted, "outcomes_cleared": int(row["count"]) if row else 0}


def check_warehouse(settings: Settings | None = None) -> dict[str, int]:
    """Run every check of ``mart.data_check``; raises :class:`PermanentError` naming those that do not hold."""
    with open_store(settings) as connection, transaction(connection, "wire_reader"):
        rows = connection.execute(get_query("list_broken_checks")).fetchall()
    if rows:
        faults = "; ".join(f"{row['check_name']}: {row['broken_count']} ({row['detail']})" for row in rows)
        raise PermanentError(f"data checks do not hold: {faults}")
    return {"broken": 0}


def retry_quarantine(settings: Settings | None = None) -> dict[str, int]:
    """Try again, after a fix, what could not be read; returns how many were put back. `read_pages` and `analyse_all`
    then do the work, and `resolve_recovered` closes what went well. Feeds are polled again in their own time."""
    with open_store(settings) as connection, connection.transaction():
        analyses = connection.execute(get_query("forget_failed_analyses")).rowcount
        visits = connection.execute(get_query("reopen_failed_visits")).rowcount
    with open_store(settings) as connection:
        files = retry_deliveries(
            connection, settings or get_settings(), load_registry((settings or get_settings()).feeds)
        )
    return {"revisions": analyses, "pages": visits, "delivered files": files}


def resolve_recovered(settings: Settings | None = None) -> dict[str, int]:
    """Close quarantine rows whose subject has been read since; returns how many."""
    with open_store(settings) as connection, connection.transaction():
        return {"resolved": connection.execute(get_query("resolve_recovered")).rowcount}
