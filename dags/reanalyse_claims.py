"""### Read old revisions again with a better analyser

By hand. The new reading stands beside the old one, then the current one is switched; claims keep their threads, and
corrections by hand stay. Never delays fresh news: it runs in its own DAG, two batches at a time, on a budget.

| parameter | meaning | default |
|---|---|---|
| `from_at`, `to_at` | range of first sight, ISO times | the last day |
| `limit` | revisions at most (the budget) | 2000 |
| `dry_run` | only count what would be read | true |

Example: `airflow dags trigger reanalyse_claims --conf '{"from_at": "2026-11-01T00:00:00Z", "dry_run": false}'`
"""

from __future__ import annotations

from _wire import CLAIMS, DEFAULT_ARGS
from airflow.sdk import Param, dag, get_current_context, task

from pipeline import jobs


@dag(
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["wire"],
    params={
        "from_at": Param(None, type=["null", "string"], format="date-time", description="Seen at or after."),
        "to_at": Param(None, type=["null", "string"], format="date-time", description="Seen before."),
        "limit": Param(2000, type="integer", minimum=1, description="Revisions at most."),
        "dry_run": Param(True, type="boolean", description="Only count."),
    },
)
def reanalyse_claims() -> None:
    @task
    def list_batches() -> list[list[int]]:
        """List revisions that the current analyser has not read, in batches."""
        return jobs.list_reanalysis_batches(**get_current_context()["params"])

    @task(outlets=[CLAIMS], max_active_tis_per_dag=2)
    def reanalyse_batch(ids: list[int]) -> dict[str, int]:
        """Read one batch anew and switch to the new reading."""
        return jobs.analyse_batch(ids, airflow_run=get_current_context()["run_id"], is_switching=True)

    reanalyse_batch.expand(ids=list_batches())


reanalyse_claims()
