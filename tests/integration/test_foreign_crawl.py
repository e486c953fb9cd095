"""WARC files of other crawlers are the history that feeds lack: a news crawl's file becomes articles and claims."""

from __future__ import annotations

import gzip
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline import jobs
from pipeline.jobs.session import open_store
from pipeline.settings import Settings

pytestmark = pytest.mark.postgres

SERVICE = """
key = "quill"
name = "Quill Paper"
kind = "outlet"
homepage = "https://www.quill.example/"

[[feed]]
key = "quill-all"
title = "All"
url = "https://feeds.quill.example/rss"
"""
PAGE = """<html><head><title>Dam holds at Quill</title></head><body><article><h1>Dam holds at Quill</h1>
<p>QUILL, Nov 23 (Wire) - The dam held, officials said on Monday. Nobody was hurt in the three villages below it.</p>
<p>"We saw the water fall within the hour," said Ada Quill, the mayor.</p></article></body></html>"""


def write_crawl(path: Path) -> None:
    """As a news crawl writes: request, response and metadata records, compressed bodies, also of other sites."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "StormCrawler"}))
        for number, url in enumerate(("https://www.quill.example/dam", "https://other.example/page")):
            headers = StatusAndHeaders(
                "200 OK",
                [("Content-Type", "text/html"), ("X-Crawl-Content-Encoding", "gzip"), ("Content-Encoding", "gzip")],
                protocol="HTTP/1.1",
            )
            at = {"WARC-Date": datetime(2026, 11, 23, 10, number, tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
            body = io.BytesIO(gzip.compress(PAGE.encode()))
            writer.write_record(
                writer.create_warc_record(url, "response", body, http_headers=headers, warc_headers_dict=at)
            )
            writer.write_record(writer.create_warc_record(url, "metadata", io.BytesIO(b"x: y"), warc_headers_dict=at))


def test_a_crawl_of_others_becomes_articles_and_is_known_afterwards(database: str, tmp_path: Path) -> None:
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "quill.toml").write_text(SERVICE)
    write_crawl(tmp_path / "CC-NEWS-20261123.warc.gz")
    settings = Settings(database_url=database, var=tmp_path, feeds=tmp_path / "feeds")
    counts = jobs.replay_archive(file=str(tmp_path / "CC-NEWS-20261123.warc.gz"), settings=settings)
    assert counts == {"responses": 1, "known": 0, "unplaced": 1, "revisions": 1}
    assert jobs.analyse_all(settings)["claims"] >= 2
    with open_store(settings) as connection:
        (article,) = connection.execute(
            "select canonical_url, first_seen_at, outlet_name from mart.article join core.article using (article_id, canonical_url)"
        ).fetchall()
        assert article["first_seen_at"] == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
        assert article["outlet_name"] == "Quill Paper"
        assert connection.execute("select * from mart.conservation where difference <> 0").fetchall() == []
    again = jobs.replay_archive(file=str(tmp_path / "CC-NEWS-20261123.warc.gz"), settings=settings)
    assert again == {"responses": 0, "known": 1, "unplaced": 1, "revisions": 0}
