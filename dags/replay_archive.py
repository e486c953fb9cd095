"""### Rebuild from archived bytes, with no network

By hand, or `airflow backfill create` for a range of days (the run's data interval is then the range). Feeds have no
history: what was archived is the only way back. What is known is left as it is, so a replay into a full database adds
nothing, and a replay into an empty one rebuilds it.

| parameter | meaning | default |
|---|---|---|
| `from_at`, `to_at` | range of fetch times, ISO | the run's data interval, else all |
| `feed` | one feed key | all |
| `file` | one WARC file below the archive, or anywhere | all |
"""

from __future__ import annotations

import pendulum
from _wire import DEFAULT_ARGS, REVISIONS, announce
from airflow.sdk import CronDataIntervalTimetable, Param, dag, get_current_context, task

from pipeline import jobs


@dag(
    schedule=CronDataIntervalTimetable("@daily", timezone="UTC"),
    start_date=pendulum.datetime(2000, 1, 1, tz="UTC"),
    end_date=pendulum.datetime(2000, 1, 1, tz="UTC"),  # never by itself: a backfill gives its own dates
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["wire"],
    params={
        "from_at": Param(None, type=["null", "string"], format="date-time", description="Fetched at or after."),
        "to_at": Param(None, type=["null", "string"], format="date-time", description="Fetched before."),
        "feed": Param(None, type=["null", "string"], description="Feed key."),
        "file": Param(None, type=["null", "string"], description="WARC file."),
    },
)
def replay_archive() -> None:
    @task(outlets=[REVISIONS])
    def replay() -> dict[str, int]:
        """Read archived responses of the range as if they came now."""
        return announce(jobs.replay_archive(**jobs.replay_range(dict(get_current_context()))), "revisions")

    replay()


replay_archive()
