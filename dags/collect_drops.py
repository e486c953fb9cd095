"""### Take the files that agencies deliver into article revisions

Started when somebody touches the flag file beside the drop folder (`WIRE_DROP` + `.ready`; a watcher of the triggerer
sees and removes it), and every fifteen minutes, for who touches none and for embargoes that end. One folder a feed:
`WIRE_DROP/FEED_KEY/`. A delivery: write under a name that ends in `.part`, rename, touch the flag.

Files are archived before they are read and leave the folder when their rows are committed. What cannot be read goes to
quarantine (`wire quarantine`). New revisions start `build_claims`.

No parameters. **Safe to repeat**: what was taken is known by its bytes.
"""

from __future__ import annotations

from _wire import DEFAULT_ARGS, REVISIONS, announce
from airflow.providers.standard.triggers.file import FileDeleteTrigger
from airflow.sdk import Asset, AssetOrTimeSchedule, AssetWatcher, CronTriggerTimetable, dag, get_current_context, task

from pipeline import jobs
from pipeline.settings import get_settings

DELIVERIES = Asset(
    "wire://drop",
    watchers=[AssetWatcher(name="flag", trigger=FileDeleteTrigger(filepath=str(get_settings().drop_flag)))],
)


@dag(
    schedule=AssetOrTimeSchedule(timetable=CronTriggerTimetable("*/15 * * * *", timezone="UTC"), assets=[DELIVERIES]),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["wire"],
)
def collect_drops() -> None:
    @task(outlets=[REVISIONS])
    def take_drops() -> dict[str, int]:
        """Take what was delivered and publish what comes out of its embargo."""
        return announce(jobs.take_drops(airflow_run=get_current_context()["run_id"]), "revisions")

    take_drops()


collect_drops()
