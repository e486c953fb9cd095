"""A newer extractor reads the same bytes differently: that is written beside, and is no publication."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from demo.server import DemoWire
from pipeline import jobs
from pipeline.extract import extract_article
from pipeline.jobs import reading
from pipeline.records import ExtractedArticle
from pipeline.settings import Settings
from pipeline.store.database import connect
from pipeline.store.queries import get_query
from tests.integration.conftest import demo_settings, run_all

pytestmark = pytest.mark.postgres

ADDED = "A line that only the newer extractor sees."


@pytest.fixture
def day(database: str, tmp_path: Path) -> Iterator[tuple[Settings, DemoWire]]:
    """The demo's first stage, polled and read with today's extractor."""
    with DemoWire(stage=1) as wire:
        settings = demo_settings(database, tmp_path, wire)
        run_all(settings)
        yield settings, wire


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the extractor adds a line to every body."""

    def extract(*given: Any) -> ExtractedArticle:
        article = extract_article(*given)
        return replace(article, body=f"{article.body}\n{ADDED}" if article.body else "")

    monkeypatch.setattr(reading, "extract_article", extract)
    monkeypatch.setattr(reading, "EXTRACTOR_VERSION", "newer")


def rows(url: str, sql: str) -> list[dict[str, Any]]:
    with connect(url) as connection:
        return connection.execute(sql).fetchall()  # type: ignore[arg-type]


def one(url: str, sql: str) -> Any:
    return next(iter(rows(url, sql)[0].values()))


def test_a_page_that_comes_again_is_compared_within_one_extractor(
    day: tuple[Settings, DemoWire], database: str, newer: None
) -> None:
    settings, wire = day
    before = one(database, "select count(*) from mart.revision")
    wire.stage = 2
    run_all(settings)
    beside = rows(
        database,
        """
        select r.article_id, r.revision_number, count(distinct r.extractor_version) as versions,
          count(distinct r.source_sha256) as sources, count(distinct r.kind || r.published_at || r.seen_at) as states
        from core.article_revision as r group by 1, 2 having count(*) > 1
        """,
    )
    assert beside, "a page of stage 1 came again"
    assert all((row["versions"], row["sources"], row["states"]) == (2, 1, 1) for row in beside)
    published = one(database, "select count(*) from mart.revision")
    second = rows(
        database, "select body from core.article_revision where extractor_version = 'newer' and text_basis = 'page'"
    )
    assert all(row["body"].endswith(ADDED) for row in second)
    decided = """
        select count(*) from ops.outcome where stage = 'revise' and status in ('new', 'revised')
          and run_id = (select max(run_id) from ops.run where kind = 'read')
    """
    assert published - before == one(database, decided) > 0
    assert one(database, "select count(*) from ops.outcome where reason = 'other_extractor'") == 0
    assert one(database, "select sum(broken_count) from mart.data_check") == 0


def test_all_can_be_extracted_anew_and_nothing_is_published(
    day: tuple[Settings, DemoWire], database: str, newer: None
) -> None:
    settings, _ = day
    published = rows(
        database, "select article_id, revision_number, kind, published_at, seen_at from mart.revision order by 1, 2"
    )
    # Counts of claims may move by one or two: what is read beside a further line is read in another light.
    twice = "select count(*) - count(distinct (claim_thread_id, plain_text)) from mart.claim"
    listed, doubled = one(database, "select count(*) from mart.claim"), one(database, twice)
    counts = jobs.extract_anew(settings=settings)
    assert counts["reextracted"] == one(database, "select count(*) from core.article") > 20
    assert counts["failed"] == 0
    jobs.analyse_all(settings)
    jobs.link_new(settings=settings)
    assert (
        rows(
            database, "select article_id, revision_number, kind, published_at, seen_at from mart.revision order by 1, 2"
        )
        == published
    )
    assert one(database, twice) == doubled
    assert abs(one(database, "select count(*) from mart.claim") - listed) <= 2
    assert (
        one(
            database,
            "select count(*) from mart.claim as c join core.article_revision as r using (article_revision_id) where r.extractor_version <> 'newer'",
        )
        == 0
    )
    assert one(database, "select sum(broken_count) from mart.data_check") == 0
    assert jobs.extract_anew(settings=settings) == {"reextracted": 0, "failed": 0}


def test_where_the_bytes_are_gone_the_state_before_stays(
    day: tuple[Settings, DemoWire], database: str, newer: None, tmp_path: Path
) -> None:
    settings, _ = day
    for file in (tmp_path / "archive").rglob("*.warc.gz"):
        file.unlink()
    counts = jobs.extract_anew(settings=settings)
    assert counts["failed"] > 0
    assert (
        one(database, "select count(*) from ops.outcome where stage = 'reextract' and reason = 'no_bytes'")
        == counts["failed"]
    )
    assert one(database, "select sum(broken_count) from mart.data_check") == 0


def test_what_another_extractor_reads_is_no_change_of_the_publisher_s(
    day: tuple[Settings, DemoWire], database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, wire = day
    for wire.stage in (2, 3):
        run_all(settings)
    changes = """
        select canonical_url, revision_number, kind, what, from_text, to_text, changed_at from mart.claim_change
        where method <> 'url' order by 1, 2, 3, 5, 6
    """
    timeline = "select claim_thread_id, change_kind, said_before from mart.speaker_timeline where change_kind is not null order by 1"
    before, said = rows(database, changes), rows(database, timeline)
    revisions = build_revision_count(database)
    assert {row["kind"] for row in before} >= {"kept", "added", "dropped"} and said

    def extract(*given: Any) -> ExtractedArticle:
        article = extract_article(*given)
        return replace(article, body="\n".join(article.body.split("\n")[:2]))

    monkeypatch.setattr(reading, "extract_article", extract)
    monkeypatch.setattr(reading, "EXTRACTOR_VERSION", "shorter")
    assert jobs.extract_anew(settings=settings)["reextracted"] > 20
    jobs.analyse_all(settings)
    jobs.link_new(settings=settings)
    assert rows(database, changes) == before
    mixed = """
        select 1 from core.claim_change as h
        join core.article_revision as f on f.article_revision_id = h.from_revision_id
        join core.article_revision as t on t.article_revision_id = h.to_revision_id
        where f.extractor_version <> t.extractor_version
    """
    assert rows(database, mixed) == []
    assert [row for row in rows(database, timeline) if row not in said] == []
    assert build_revision_count(database) == revisions == one(database, "select count(*) from mart.revision")
    assert one(database, "select sum(broken_count) from mart.data_check") == 0


def build_revision_count(url: str) -> int:
    """As the report's head counts them."""
    with connect(url) as connection:
        row = connection.execute(get_query("get_report_totals")).fetchone()
    assert row is not None
    return int(row["revision_count"])
