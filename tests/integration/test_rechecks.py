"""Rechecks at +1 h, +24 h and +7 d: queued with the article, run on a budget of their own, and found when no feed is due."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from demo.server import DemoWire
from pipeline import jobs
from pipeline.jobs.session import open_store
from pipeline.settings import Settings
from pipeline.store.database import Connection
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
