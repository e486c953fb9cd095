"""The report on the demo's three polls: what an editor sees is what the ledger holds."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import lxml.html
import psycopg
import pytest
from psycopg.rows import dict_row

from pipeline.report import write_report
from pipeline.report.read import read_ledger
from pipeline.store.database import connect

pytestmark = pytest.mark.postgres
NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)


def squeeze(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def page(demo_database: str, tmp_path: Path) -> lxml.html.HtmlElement:
    with connect(demo_database) as connection:
        write_report(connection, tmp_path / "report.html", NOW)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert len(text) < 3_000_000
    return lxml.html.fromstring(text)


def test_the_page_shows_contested_claims_changes_feeds_and_speakers(page: lxml.html.HtmlElement) -> None:
    assert page.xpath("//article[contains(@class, 'card')]")
    changed = squeeze(page.get_element_by_id("changed").text_content())
    assert "1 withdrawn" in changed
    assert "Withdrawn 1" in changed
    feeds = squeeze(page.get_element_by_id("feeds").text_content())
    assert "tollgate-gone" in feeds
    assert "failing" in feeds
    assert page.xpath("//section[@id='time']//*[name()='svg']")
    assert len(page.xpath("//section[@id='speakers']//tbody/tr")) == 15


def test_the_count_of_contested_claims_is_that_of_the_mart(page: lxml.html.HtmlElement, demo_database: str) -> None:
    with psycopg.connect(demo_database) as connection:
        (titles,) = connection.execute("select count(*) from mart.contested_claim").fetchall()[0]
    assert titles > 5
    assert len(page.xpath("//article[contains(@class, 'card contested')]")) == titles


def test_every_link_leads_out_to_an_article_of_the_base(page: lxml.html.HtmlElement, demo_database: str) -> None:
    with psycopg.connect(demo_database) as connection:
        known = {url for (url,) in connection.execute("select canonical_url from core.article")}
    addresses = {a.get("href") for a in page.findall(".//a") if not a.get("href").startswith("#")}
    assert addresses
    assert addresses <= known


def test_every_sentence_stands_in_its_article(demo_database: str) -> None:
    with connect(demo_database) as connection:
        ledger = read_ledger(connection, NOW)
        texts = {
            row["article_revision_id"]: f"{row['headline']}\n{row['body']}"
            for row in connection.execute("select article_revision_id, headline, body from core.article_revision")
        }
    assert len(ledger.statements) > 20
    for statement in ledger.statements:
        shown = "".join(piece.text for piece in statement.sentence).removeprefix("… ").removesuffix(" …")
        assert shown in texts[statement.revision_id]


def test_no_doubt_of_the_window_is_left_out(page: lxml.html.HtmlElement, demo_database: str) -> None:
    with psycopg.connect(demo_database, row_factory=dict_row) as connection:
        rows = connection.execute(
            "select distinct canonical_url from mart.claim where act in ('deny', 'not_confirm', 'decline', 'no_response')"
        ).fetchall()
    linked = {a.get("href") for a in page.xpath("//section[@id='contested']//a")}
    assert {row["canonical_url"] for row in rows} <= linked


def test_a_second_run_that_brings_nothing_keeps_the_last_changes(demo_database: str) -> None:
    with connect(demo_database) as connection:
        before = read_ledger(connection, NOW).changes
        connection.execute(
            "insert into ops.run (kind, started_at, finished_at, status) values ('link', now(), now(), 'done')"
        )
        assert read_ledger(connection, NOW).changes == before


def test_the_report_reads_as_the_reader_alone(demo_database: str) -> None:
    with connect(demo_database) as connection:
        connection.execute("revoke all on all tables in schema raw, ops from wire_reader")
        assert read_ledger(connection, NOW).feeds


def test_an_empty_database_gives_a_kind_page(database: str, tmp_path: Path) -> None:
    with connect(database) as connection:
        write_report(connection, tmp_path / "report.html", NOW)
    page = lxml.html.fromstring((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert "No claims yet." in squeeze(page.text_content())
