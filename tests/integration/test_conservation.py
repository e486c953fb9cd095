"""The account of each run: what was taken up and what it became. What is lost without a row is found and fails the check."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import jobs
from pipeline.errors import PermanentError
from pipeline.jobs.session import open_store, utc_now
from pipeline.settings import Settings
from pipeline.store.database import Connection, connect
from pipeline.store.queries import get_query

pytestmark = pytest.mark.postgres

DIFFERENCES = "select run_kind, step, difference from mart.conservation where difference <> 0 order by run_id, step"


def test_the_account_of_every_run_comes_out(demo: Connection) -> None:
    rows = demo.execute("select distinct step from mart.conservation where taken_count > 0").fetchall()
    assert {row["step"] for row in rows} >= {
        "poll", "entry", "page", "robots", "revise", "analyse", "bytes in the archive", "responses with an outcome",
        "entry states stored", "entry states to be read", "articles stored", "revisions stored", "claims stored",
    }  # fmt: skip
    assert demo.execute(DIFFERENCES).fetchall() == []


def test_entries_seen_are_the_sum_over_statuses(demo: Connection) -> None:
    seen = demo.execute("select sum(taken_count) as it from ops.intake where stage = 'entry'").fetchone()
    ended = demo.execute("select status, count(*) as it from ops.outcome where stage = 'entry' group by 1").fetchall()
    assert seen is not None
    assert seen["it"] == sum(row["it"] for row in ended)
    assert {row["status"] for row in ended} >= {"new", "changed", "known"}


@pytest.mark.parametrize(
    ("loss", "step"),
    [
        ("delete from ops.outcome where outcome_id = (select min(outcome_id) from ops.outcome where stage = 'entry')", "entry"),
        ("delete from ops.outcome where outcome_id = (select min(outcome_id) from ops.outcome where stage = 'revise' and status = 'new')", "revise"),
        ("update raw.fetch set archive_file = null where fetch_id = (select min(fetch_id) from raw.fetch where kind = 'page')", "bytes in the archive"),
        ("update core.analysis set claim_count = claim_count + 1 where analysis_id = (select min(analysis_id) from core.analysis)", "claims stored"),
        ("delete from ops.page_visit where page_visit_id = (select min(page_visit_id) from ops.page_visit where reason = 'entry')", "entry states to be read"),
    ],
)  # fmt: skip
def test_a_loss_without_a_row_is_shown_and_fails_the_check(
    demo_database: str, tmp_path: Path, loss: str, step: str
) -> None:
    settings = Settings(database_url=demo_database, var=tmp_path)
    assert jobs.check_warehouse(settings) == {"broken": 0}
    with connect(demo_database) as connection:
        connection.execute(loss)  # type: ignore[arg-type]
        found = {row["step"]: row["difference"] for row in connection.execute(DIFFERENCES).fetchall()}
    assert abs(found[step]) == 1
    with pytest.raises(PermanentError, match="conservation"):
        jobs.check_warehouse(settings)


def test_clearing_old_noise_keeps_the_account(demo_database: str) -> None:
    with connect(demo_database) as connection:
        connection.execute("update ops.outcome set noted_at = now() - interval '40 days'")
        done = connection.execute(
            get_query("clear_old_outcomes"), {"before": utc_now() - timedelta(days=30)}
        ).fetchone()
        assert done is not None and done["count"] > 0
        assert connection.execute(DIFFERENCES).fetchall() == []


def test_a_replay_keeps_its_account_though_it_reads_many_polls_of_a_feed(
    database: str, loaded_demo: Settings, tmp_path: Path
) -> None:
    again = Settings(database_url=database, var=tmp_path, feeds=loaded_demo.feeds, archive_url=loaded_demo.archive)
    counts = jobs.replay_archive(settings=again)
    assert counts["responses"] > counts["known"] == 0
    with open_store(again) as connection:
        polls = connection.execute("select taken_count from mart.conservation where step = 'poll'").fetchone()
        assert polls is not None and polls["taken_count"] > 8
        assert connection.execute(DIFFERENCES).fetchall() == []
