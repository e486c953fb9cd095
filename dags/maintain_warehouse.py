"""### Daily care: retention by each feed's terms, clearing of old poll noise, data checks

Fails on a data check that does not hold, naming it; each check's runbook stands in `docs/operations.md`.

No parameters. **Safe to repeat.**
"""

from __future__ import annotations

import pendulum
from _wire import DEFAULT_ARGS
from airflow.sdk import dag, task

from pipeline import jobs


@dag(
    schedule="17 3 * * *",
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["wire"],
)
def maintain_warehouse() -> None:
    @task
    def maintain() -> dict[str, int]:
        """Apply retention and clear old poll noise."""
        return jobs.maintain()

    @task
    def check_warehouse() -> dict[str, int]:
        """Run the data checks."""
        return jobs.check_warehouse()

    maintain() >> check_warehouse()


maintain_warehouse()
