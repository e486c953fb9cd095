"""The report's page: safe against the wires' text, whole without a server, kind when there is nothing to show."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import lxml.html
import pytest

from pipeline.report import records as r
from pipeline.report import write_report
from pipeline.report.charts import draw_claims_over_time
from pipeline.report.render import find_safe_url, render_report

NOON = datetime(2031, 3, 4, 12, tzinfo=UTC)
TOTALS = {"article_count": 0, "revision_count": 0, "claim_count": 0, "copy_count": 0, "feed_count": 0}
EMPTY = r.Ledger(NOON, None, None, TOTALS)
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7 * 7 }}&amp;\"'"


def make_hostile_ledger() -> r.Ledger:
    place = r.Place(HOSTILE, "javascript:alert(3)", HOSTILE)
    one = r.Statement(
        1, "state", "positive", "certain", (HOSTILE,), (HOSTILE,), ("named",), HOSTILE, HOSTILE, NOON, NOON, HOSTILE, place,
        1, 1, 1, 1, sentence=(r.Piece(HOSTILE, "content"),), copies=(place,),
    )  # fmt: skip
    two = replace(one, claim_id=2, act="deny", speakers=(f"Other {HOSTILE}",))
    lone = replace(one, claim_id=3, act="no_response")
    revision = r.Revision("correction", 2, place, HOSTILE, NOON, (HOSTILE,), 1, 1, False, (place,))
    change = r.ClaimChange("softened", "certainty", HOSTILE, HOSTILE, HOSTILE, NOON, place)
    feed = r.FeedLine(HOSTILE, HOSTILE, "failing", HOSTILE, HOSTILE, (HOSTILE,), NOON, NOON, NOON, 1, 1)
    return replace(
        EMPTY,
        from_at=NOON,
        to_at=NOON,
        totals={**TOTALS, "claim_count": 3, "article_count": 1},
        statements=(one, two, lone),
        links=(r.Link(2, 1, "denies"),),
        changes=r.Changes(NOON, NOON, (revision,), (revision,), (revision,), (revision,), (change,)),
        feeds=(feed, replace(feed, health="alarm")),
        speakers=(r.SpeakerLine(HOSTILE, (HOSTILE,), 3, 1, 0, 1, 1, NOON),),
        bars=(r.Bar(NOON, "asserts", 2), r.Bar(NOON, "denies", 1)),
    )


def test_text_from_the_wires_stays_text() -> None:
    page = lxml.html.fromstring(render_report(make_hostile_ledger()))
    assert len(page.findall(".//script")) == 1
    assert page.findall(".//img") == []
    assert [a for e in page.iter(lxml.etree.Element) for a in e.attrib if a.startswith("on")] == []
    assert HOSTILE in page.text_content()
    assert {a.get("href")[0] for a in page.findall(".//a")} == {"#"}


def test_nothing_is_fetched_and_only_our_script_may_run() -> None:
    text = render_report(make_hostile_ledger())
    page = lxml.html.fromstring(text)
    assert page.xpath("//*[self::link or self::iframe or self::object or self::embed or @src or @srcset]") == []
    assert not re.search(r"url\(|@import", text)
    script = page.find(".//script").text
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert "default-src 'none'" in policy
    assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in policy


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("https://weir.example/a", True),
        ("http://weir.example", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//weir.example/a", False),
        ("https:", False),
        ("http://[bad", False),
        ("", False),
    ],
)
def test_only_web_addresses_become_links(url: str, is_safe: bool) -> None:
    assert (find_safe_url(url) == url) is is_safe


def test_an_empty_ledger_says_so_and_names_the_next_command() -> None:
    page = lxml.html.fromstring(render_report(EMPTY))
    text = " ".join(page.text_content().split())
    assert "No claims yet." in text
    assert "make demo" in text
    assert len(page.xpath("//main/section")) == 5


def test_tables_have_headers_and_sections_have_names() -> None:
    page = lxml.html.fromstring(render_report(make_hostile_ledger()))
    for table in page.findall(".//table"):
        assert table.xpath(".//thead//th[@scope='col']")
    for section in page.xpath("//main/section"):
        assert page.get_element_by_id(section.get("aria-labelledby")).tag == "h2"
    assert len(page.xpath("//header[@class='top'] | //nav | //main | //footer")) == 4


def test_the_chart_takes_its_colours_from_the_page() -> None:
    svg = draw_claims_over_time((r.Bar(NOON, "asserts", 2), r.Bar(NOON, "denies", 1)), 300)
    assert "var(--denies)" in svg
    assert "#a1000" not in svg
    assert draw_claims_over_time((), 300) == ""


def test_the_old_report_stands_where_the_new_one_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.html"
    path.write_text("old")

    def fail(*_: object) -> int:
        raise OSError("disk full")

    monkeypatch.setattr("pipeline.report.read_ledger", lambda *_: EMPTY)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        with pytest.raises(OSError, match="disk full"):
            write_report(None, path, NOON)  # type: ignore[arg-type]
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]
    write_report(None, path, NOON)  # type: ignore[arg-type]
    assert path.read_text().lstrip().startswith("<!doctype html>")
