"""Rechecks at +1 h, +24 h and +7 d: queued with the article, run on a budget of their own, and found when no feed is due."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from demo.server import DemoWire
from pipeline import jobs
from pipeline.errors import SettingsError
from pipeline.jobs.session import open_store, utc_now
from pipeline.records import ArchivePointer, FetchResult
from pipeline.settings import Settings
from pipeline.store import runs
from pipeline.store.database import Connection
from pipeline.store.fetches import add_fetch
from tests.integration.conftest import demo_settings

pytestmark = pytest.mark.postgres


def test_every_page_is_queued_three_times_and_no_text_of_a_feed_is(demo: Connection) -> None:
    rows = demo.execute(
        """
        select a.article_id, array_agg(v.due_at - a.first_seen_at order by v.due_at) as after
        from core.article as a
        join ops.page_visit as v on v.article_id = a.article_id and v.reason = 'recheck'
        group by 1
        """
    ).fetchall()
    assert rows
    assert {tuple(row["after"]) for row in rows} == {(timedelta(hours=1), timedelta(days=1), timedelta(days=7))}
    found = demo.execute(
        """
        select 1 from ops.page_visit as v
        join core.article_revision as r using (article_id)
        where v.reason = 'recheck' and r.revision_number = 1 and r.text_basis <> 'page'
        """
    ).fetchall()
    assert found == []


def test_due_rechecks_run_on_a_quarter_of_the_limit_and_find_nothing_new(
    demo_database: str, demo_wire: DemoWire, loaded_demo: Settings, tmp_path: Path
) -> None:
    demo_wire.stage = 3
    shutil.copytree(loaded_demo.archive, tmp_path / "archive")
    settings = demo_settings(demo_database, tmp_path, demo_wire)
    with open_store(settings) as connection:
        connection.execute("update ops.feed_state set next_poll_at = now() + interval '1 day'")
        connection.execute("update ops.page_visit set due_at = due_at - interval '1 hour' where reason = 'recheck'")
        hosts = jobs.list_due_hosts(limit=8, settings=settings)
        assert hosts and all(host["poll"] == [] for host in hosts)
        counts = jobs.collect_host(max(hosts, key=lambda host: str(host["host"])), settings=settings)
        assert counts == {"pages fetched": 2}
        assert jobs.read_pages(settings=settings) == {"revisions": 0, "unchanged": 2}
        assert connection.execute("select * from mart.conservation where difference <> 0").fetchall() == []


def test_bytes_of_another_archive_are_not_taken_for_those_that_the_database_knows(
    demo_database: str, demo_wire: DemoWire, tmp_path: Path
) -> None:
    settings = demo_settings(demo_database, tmp_path, demo_wire)
    with open_store(settings) as connection:
        known = connection.execute(
            "select archive_file, archive_offset, archive_length, fetched_at from raw.fetch where kind = 'page' limit 1"
        ).fetchone()
        assert known is not None
        pointer = ArchivePointer(known["archive_file"], known["archive_offset"], known["archive_length"])
        result = FetchResult("http://a.example/", "http://a.example/", "ok", 200, (), b"x", known["fetched_at"], 0.1)
        batch = runs.start_batch(connection, runs.start_run(connection, "collect", {}), "page")
        fetch_id = add_fetch(connection, "page", None, result, pointer, batch)
        assert fetch_id == add_fetch(connection, "page", None, result, pointer, batch)
        with pytest.raises(SettingsError, match="not the one that this database was filled from"):
            add_fetch(connection, "page", None, replace(result, fetched_at=utc_now()), pointer, batch)
