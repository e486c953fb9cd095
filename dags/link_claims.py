"""### Link new claims: copies, threads, groups, who confirms and who denies; then write the report

Started by new claims. Works on what was loaded since it last ran. Writes `var/report.html`.

No parameters. **Safe to repeat**: links are found anew and stored once.
"""

from __future__ import annotations

from _wire import CLAIMS, DEFAULT_ARGS
from airflow.sdk import dag, get_current_context, task

from pipeline import jobs


@dag(schedule=[CLAIMS], catchup=False, max_active_runs=1, default_args=DEFAULT_ARGS, doc_md=__doc__, tags=["wire"])
def link_claims() -> None:
    @task
    def link_new() -> dict[str, int]:
        """Link what was loaded since the last run and write the report."""
        return jobs.link_new(airflow_run=get_current_context()["run_id"])

    link_new()


link_claims()
