"""Revisions to claims: read what no analyser has read, in batches; read anew beside, then switch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pipeline.annotate import analyser_version, read_revisions
from pipeline.errors import PermanentError
from pipeline.jobs.session import open_store
from pipeline.settings import Settings, get_settings
from pipeline.store import claims, runs
from pipeline.store.claims import Reading, Revision
from pipeline.store.database import Connection, transaction

ANALYSED_LANGUAGES = (None, "en")


def list_analysis_batches(settings: Settings | None = None) -> list[list[int]]:
    """Ids of revisions that nobody has read, in batches."""
    settings = settings or get_settings()
    with open_store(settings) as connection:
        ids = claims.list_unread_revisions(connection)
    size = settings.batch_size
    return [ids[i : i + size] for i in range(0, len(ids), size)]


def analyse_batch(
    ids: Sequence[int], airflow_run: str | None = None, is_switching: bool = False, settings: Settings | None = None
) -> dict[str, int]:
    """Read revisions into claims, in one transaction; returns counts."""
    with open_store(settings) as connection:
        revisions = claims.get_revisions(connection, ids)
        readings = read_batch(revisions)
        version = analyser_version()
        parameters = {"revisions": len(ids), "analyser_version": version}
        with runs.recorded_run(connection, "analyse", parameters, airflow_run) as run_id, transaction(connection):
            load_batch_id = runs.start_batch(connection, run_id, "analyse")
            runs.note_intake(connection, load_batch_id, "analyse", len(set(ids)))
            claim_count = claims.add_readings(connection, readings, version, load_batch_id)
            if is_switching:
                claims.switch_analyses(connection, ids, version)
            runs.add_outcomes(connection, load_batch_id, map(_outcome, readings))
            for reading in readings:
                if reading.status == "failed":
                    _quarantine(connection, reading)
    failed = sum(r.status == "failed" for r in readings)
    if readings and failed == len(readings):
        raise PermanentError(f"every revision of the batch failed: {readings[0].reason}")
    return {
        "revisions": len(readings),
        "claims": claim_count,
        "failed": failed,
        "skipped": sum(r.status == "skipped" for r in readings),
    }


def analyse_all(settings: Settings | None = None) -> dict[str, int]:
    """Read all that nobody has read; returns counts."""
    totals = {"revisions": 0, "claims": 0, "failed": 0, "skipped": 0}
    for batch in list_analysis_batches(settings):
        for name, count in analyse_batch(batch, settings=settings).items():
            totals[name] += count
    return totals


def list_reanalysis_batches(
    from_at: datetime, to_at: datetime, limit: int, settings: Settings | None = None
) -> list[list[int]]:
    """Ids of revisions in the range that this analyser version has not read, in batches, ``limit`` at most."""
    settings = settings or get_settings()
    with open_store(settings) as connection:
        ids = claims.list_revisions_to_reanalyse(connection, from_at, to_at, analyser_version(), limit)
    size = settings.batch_size
    return [ids[i : i + size] for i in range(0, len(ids), size)]


def read_batch(revisions: Sequence[Revision]) -> list[Reading]:
    """Annotate revisions; one that fails, or is in another language, says so and stops no other."""
    wanted = [r for r in revisions if r.language in ANALYSED_LANGUAGES]
    read = dict(zip((r.article_revision_id for r in wanted), read_revisions([_text(r) for r in wanted]), strict=True))
    readings = []
    for revision in revisions:
        result = read.get(revision.article_revision_id)
        if result is None:
            readings.append(Reading(revision, None, "skipped", f"language {revision.language}"))
        elif isinstance(result, Exception):
            readings.append(Reading(revision, None, "failed", str(result)[:500]))
        else:
            readings.append(Reading(revision, result))
    return readings


def _text(revision: Revision) -> tuple[str, str, datetime, str | None]:
    return revision.headline, revision.body, revision.published_at, revision.agency_name


def _outcome(reading: Reading) -> runs.Outcome:
    revision = reading.revision
    subject = f"revision {revision.article_revision_id}"
    return runs.Outcome("analyse", subject, reading.status, reason=reading.reason, article_id=revision.article_id)


def _quarantine(connection: Connection, reading: Reading) -> None:
    revision_id = reading.revision.article_revision_id
    reason = reading.reason or "analyse_error"
    runs.add_quarantine(
        connection, "analyse", f"revision {revision_id}", "analyse_error", reason, article_revision_id=revision_id
    )
