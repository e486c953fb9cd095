"""### Poll the feeds that are due, fetch the pages that they lead to, read both into article revisions

Every five minutes (`WIRE_COLLECT_SCHEDULE`, a cron line; empty: only by hand); most polls find nothing due and cost
one small task. One mapped task a host (registrable domain), as many at once as the pool `wire_hosts` has slots. Bytes
are archived before they are parsed. New revisions start `build_claims`.

| parameter | meaning | default |
|---|---|---|
| `feeds` | feed keys of `feeds/*.toml`; null for all | null |
| `limit` | pages to fetch a host at most | 200 |
| `force` | poll also what is not due | false |

Example: `airflow dags trigger collect_wire --conf '{"feeds": ["bbc-world"], "force": true}'`

**Safe to repeat**: what is known is not stored twice. **Danger**: `force` in a loop annoys publishers and gets you banned.
"""

from __future__ import annotations

import os
from datetime import timedelta

import pendulum
from _wire import DEFAULT_ARGS, HOSTS_POOL, REVISIONS, announce
from airflow.sdk import Param, dag, get_current_context, task

from pipeline import jobs


@dag(
    schedule=os.environ.get("WIRE_COLLECT_SCHEDULE", "*/5 * * * *") or None,
    start_date=pendulum.datetime(2026, 1, 1, tz="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["wire"],
    params={
        "feeds": Param(None, type=["null", "array"], items={"type": "string"}, description="Feed keys; null for all."),
        "limit": Param(200, type="integer", minimum=1, maximum=10000, description="Pages a host at most."),
        "force": Param(False, type="boolean", description="Poll also what is not due."),
    },
)
def collect_wire() -> None:
    @task
    def list_hosts() -> list[dict[str, object]]:
        """List the hosts that have something due."""
        return jobs.list_due_hosts(**get_current_context()["params"])

    @task(
        pool=HOSTS_POOL, map_index_template="{{ task.op_kwargs['host']['host'] }}", execution_timeout=timedelta(hours=1)
    )
    def collect_host(host: dict[str, object]) -> dict[str, int]:
        """Poll the feeds of one host and fetch the pages they lead to."""
        return jobs.collect_host(host, airflow_run=get_current_context()["run_id"])

    @task(outlets=[REVISIONS], trigger_rule="none_failed")
    def read_pages() -> dict[str, int]:
        """Read what was fetched into article revisions."""
        return announce(jobs.read_pages(airflow_run=get_current_context()["run_id"]), "revisions")

    collect_host.expand(host=list_hosts()) >> read_pages()


collect_wire()
