"""### Read new article revisions into mentions, entities and claims

Started by new revisions. Batches of up to 100 revisions, one transaction each. New claims start `link_claims`.
A revision that cannot be read goes to quarantine (`wire quarantine`) and fails nothing.

No parameters. **Safe to repeat**: what this analyser version has read is left as it is.
"""

from __future__ import annotations

from _wire import CLAIMS, DEFAULT_ARGS, REVISIONS
from airflow.sdk import dag, get_current_context, task

from pipeline import jobs


@dag(schedule=[REVISIONS], catchup=False, max_active_runs=1, default_args=DEFAULT_ARGS, doc_md=__doc__, tags=["wire"])
def build_claims() -> None:
    @task
    def list_batches() -> list[list[int]]:
        """List revisions that nobody has read, in batches."""
        return jobs.list_analysis_batches()

    @task(outlets=[CLAIMS], max_active_tis_per_dag=2)
    def analyse_batch(ids: list[int]) -> dict[str, int]:
        """Read one batch of revisions into claims."""
        return jobs.analyse_batch(ids, airflow_run=get_current_context()["run_id"])

    analyse_batch.expand(ids=list_batches())


build_claims()
