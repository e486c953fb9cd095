"""What no publisher should send: nothing of it stops the others, and all of it is accounted for."""

from __future__ import annotations

import json
import os
import random
import string
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import jobs
from pipeline.collect.archive import Archive
from pipeline.jobs import reading
from pipeline.jobs.session import open_store
from pipeline.records import FetchResult
from pipeline.settings import Settings

pytestmark = pytest.mark.postgres

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
FEED = "https://hostile.example/feed"
SERVICE = f"""
key = "hostile"
name = "Hostile"
kind = "outlet"
homepage = "https://hostile.example/"

[[feed]]
key = "hostile-all"
title = "All"
url = "{FEED}"
"""
BODY = "<p>QUILL, Nov 23 (Wire) - The dam held, officials said on Monday. Nobody was hurt in the three villages.</p>"


def noise(length: int, letters: str = string.ascii_letters) -> str:
    """Letters that no compression makes shorter."""
    return "".join(random.Random(length).choices(letters, k=length))


def entries() -> list[dict[str, Any]]:
    """Items of a JSON Feed."""
    page = "https://hostile.example"
    return [
        {"id": "1", "url": f"{page}/{noise(9000)}", "title": "A long address"},
        {"id": noise(9001), "title": "A long identity"},
        {"id": "3", "url": f"{page}/{noise(1500, 'äöüßéèçñ')}", "title": "An address that grows when it is encoded"},
        {
            "id": "4",
            "url": f"{page}/nul",
            "title": "Nul \u0000 and \ud800 half a letter",
            "content_text": "x\u0000y\udfff",
        },
        {"id": "5", "url": f"{page}/old", "title": "Year one", "date_published": "0001-01-01T00:00:00Z"},
        {"id": "6", "url": "javascript:alert(1)", "title": "No address"},
        {"id": "7", "url": f"{page}/good", "title": "A story", "content_html": BODY},
        {
            "id": "8",
            "url": f"{page}/large",
            "title": noise(300_000),
            "content_text": noise(300_000) + " " + "word " * 300_000,
        },
        *({"id": "9", "url": f"{page}/twice", "title": "Twice"} for _ in range(50)),
    ]


def answer(url: str, body: bytes, minutes: int, kind: str = "text/html; charset=utf-8") -> FetchResult:
    return FetchResult(url, url, "ok", 200, (("Content-Type", kind),), body, AT + timedelta(minutes=minutes), 0.1)


PAGES = {
    "good": f"<html><head><title>A story</title></head><body><article><h1>A story</h1>{BODY}</article></body></html>".encode(),
    "nul": b"<html><body><p>\x00\x01" + os.urandom(3000) + b"</p></body></html>",
    "old": f"<html><head><title>Old</title><link rel='canonical' href='https://hostile.example/{noise(9002)}'></head><body><article>{BODY}</article></body></html>".encode(),
    "large": b"<div>" * 20_000 + b"deep" + b"</div>" * 20_000,
    "twice": b"\xff\xfe\x00",
}


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "hostile.toml").write_text(SERVICE)
    return Settings(database_url=database, var=tmp_path, feeds=tmp_path / "feeds")


def test_hostile_feeds_and_pages_are_accounted_for(settings: Settings) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Hostile", "items": entries()}
    with Archive(settings.archive) as archive:
        archive.write(answer(FEED, json.dumps(feed).encode(), 0, "application/feed+json"))
        archive.write(answer(FEED, b"<rss><channel><item><title>torn", 1, "application/rss+xml"))
        for number, (name, body) in enumerate(PAGES.items(), 2):
            archive.write(answer(f"https://hostile.example/{name}", body, number))
    counts = jobs.replay_archive(settings=settings)
    assert counts["unplaced"] == 0
    jobs.analyse_all(settings)
    jobs.link_new(settings=settings)
    with open_store(settings) as connection:
        assert connection.execute("select * from mart.conservation where difference <> 0").fetchall() == []
        ended = {
            row["status"]: row["count"]
            for row in connection.execute(
                "select status, count(*) from ops.outcome where stage = 'entry' group by 1"
            ).fetchall()
        }
        assert ended == {"new": 9, "duplicate": 49, "without_text": 1}, "the torn feed ends in an entry without words"
        (good,) = connection.execute(
            "select headline from core.article_revision where source_sha256 = sha256(%s)", [PAGES["good"]]
        ).fetchall()
        assert good["headline"] == "A story"
        assert connection.execute("select count(*) as it from core.claim").fetchone() != {"it": 0}


def test_a_parser_that_stumbles_over_one_page_stops_no_other(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = reading.extract_article

    def stumble(html: bytes, *given: Any) -> Any:
        if b"STUMBLE" in html:
            raise RecursionError("maximum recursion depth exceeded")
        return real(html, *given)

    monkeypatch.setattr(reading, "extract_article", stumble)
    with Archive(settings.archive) as archive:
        for number, name in enumerate(("one", "two")):
            page = PAGES["good"].replace(b"A story", b"STUMBLE" if name == "one" else b"Another story")
            archive.write(answer(f"https://hostile.example/{name}", page, number))
    jobs.replay_archive(settings=settings)
    with open_store(settings) as connection:
        (waiting,) = connection.execute("select reason, detail from mart.quarantine").fetchall()
        assert waiting["reason"] == "extract_error"
        assert connection.execute("select headline from core.article_revision").fetchall() == [
            {"headline": "Another story"}
        ]
    monkeypatch.undo()
    jobs.retry_quarantine(settings)
    assert jobs.read_pages(settings=settings)["revisions"] == 1
    assert jobs.resolve_recovered(settings) == {"resolved": 1}
