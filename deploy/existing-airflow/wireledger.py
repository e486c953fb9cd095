"""### Wireledger's DAGs for an Airflow that is there, with nothing of Wireledger in its environment

Put this file into its DAGs folder. Its tasks run by external Python, in the product's own environment:

| needed | how |
|---|---|
| environment | `make setup` in a checkout on every worker; its `.venv/bin/python` in `WIRE_PYTHON` of the workers' environment |
| warehouse | a Connection `wireledger` (Postgres; `deploy/roles.sql` makes the role), or `AIRFLOW_CONN_WIRELEDGER` |
| archive | `ARCHIVE_URL` in the workers' environment: a bucket, or a folder that they share |
| pool | `airflow pools set wire_hosts 4 "Hosts polled at once."` |

Airflow 3 with its standard provider. `wire migrate` with the same database comes first.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pendulum
from airflow.sdk import Asset, dag, task

PYTHON = os.environ.get("WIRE_PYTHON", "/opt/wireledger/bin/python")
REVISIONS = Asset("wire://existing/article_revision")
CLAIMS = Asset("wire://existing/claim")
ARGUMENTS: dict[str, Any] = {"owner": "wireledger", "retries": 3, "retry_delay": timedelta(seconds=30)}
EXTERNAL: dict[str, Any] = {"python": PYTHON, "expect_airflow": False}
# Rendered on the worker; Airflow masks a connection's password wherever it would be shown.
GIVEN: dict[str, Any] = {"database_url": "{{ conn.wireledger.get_uri() }}", "airflow_run": "{{ run_id }}"}
COMMON: dict[str, Any] = {
    "catchup": False,
    "max_active_runs": 1,
    "default_args": ARGUMENTS,
    "doc_md": __doc__,
    "tags": ["wire"],
}


@dag(schedule="*/5 * * * *", start_date=pendulum.datetime(2026, 1, 1, tz="UTC"), dag_id="wire_collect", **COMMON)
def collect() -> None:
    @task.external_python(**EXTERNAL)
    def list_hosts(database_url: str, airflow_run: str) -> list[dict[str, object]]:
        """List the hosts that have something due."""
        import os

        os.environ["DATABASE_URL"] = database_url.replace("postgres://", "postgresql://", 1)
        from pipeline import jobs

        return jobs.list_due_hosts()

    @task.external_python(pool="wire_hosts", execution_timeout=timedelta(hours=1), **EXTERNAL)
    def collect_host(host: dict[str, object], database_url: str, airflow_run: str) -> dict[str, int]:
        """Poll the feeds of one host and fetch the pages they lead to."""
        import os

        os.environ["DATABASE_URL"] = database_url.replace("postgres://", "postgresql://", 1)
        from pipeline import jobs

        return jobs.collect_host(host, airflow_run=airflow_run)

    @task.external_python(outlets=[REVISIONS], trigger_rule="none_failed", **EXTERNAL)
    def read_pages(database_url: str, airflow_run: str) -> dict[str, int]:
        """Read what was fetched into article revisions."""
        import os

        os.environ["DATABASE_URL"] = database_url.replace("postgres://", "postgresql://", 1)
        from pipeline import jobs

        return jobs.read_pages(airflow_run=airflow_run)

    collect_host.partial(**GIVEN).expand(host=list_hosts(**GIVEN)) >> read_pages(**GIVEN)


@dag(schedule=[REVISIONS], dag_id="wire_build", **COMMON)
def build() -> None:
    @task.external_python(**EXTERNAL)
    def list_batches(database_url: str, airflow_run: str) -> list[list[int]]:
        """List revisions that nobody has read, in batches."""
        import os

        os.environ["DATABASE_URL"] = database_url.replace("postgres://", "postgresql://", 1)
        from pipeline import jobs

        return jobs.list_analysis_batches()

    @task.external_python(outlets=[CLAIMS], max_active_tis_per_dag=2, **EXTERNAL)
    def analyse_batch(ids: list[int], database_url: str, airflow_run: str) -> dict[str, int]:
        """Read one batch of revisions into claims."""
        import os

        os.environ["DATABASE_URL"] = database_url.replace("postgres://", "postgresql://", 1)
        from pipeline import jobs

        return jobs.analyse_batch(ids, airflow_run=airflow_run)

    analyse_batch.partial(**GIVEN).expand(ids=list_batches(**GIVEN))


@dag(schedule=[CLAIMS], dag_id="wire_link", **COMMON)
def link() -> None:
    @task.external_python(**EXTERNAL)
    def link_new(database_url: str, airflow_run: str) -> dict[str, int]:
        """Link what was loaded since the last run."""
        import os

        os.environ["DATABASE_URL"] = database_url.replace("postgres://", "postgresql://", 1)
        from pipeline import jobs

        return jobs.link_new(airflow_run=airflow_run)

    link_new(**GIVEN)


collect()
build()
link()
