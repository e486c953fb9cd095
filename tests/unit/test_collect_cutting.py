"""Entries cut out of archived feeds: one goes without a trace, the others read as before."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.collect.cutting import cut_entries
from pipeline.collect.feedparse import parse_feed
from pipeline.collect.identity import normalise_url
from pipeline.records import FetchResult

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
RSS = """<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>Wire</title>
<item><title>Dam holds</title><link>https://wire.example/dam?utm_source=rss</link><description>Words of the dam: é</description></item>
<item><title>Ferry sinks</title><link>https://wire.example/ferry</link><description><![CDATA[<p>Words of the ferry</p>]]></description></item>
<item><title>Mill burns</title><link>https://wire.example/mill</link><guid>7</guid></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title>
<entry xml:lang="en"><title>Dam holds</title><id>1</id><link href="https://wire.example/dam"/><summary>Words of the dam</summary></entry>
<entry><title>Mill burns</title><id>2</id><link href="https://wire.example/mill"/></entry></feed>"""
JSON = {
    "version": "https://jsonfeed.org/version/1.1", "title": "Wire",
    "items": [{"id": "1", "url": "https://wire.example/dam", "title": "Dam holds", "content_text": "Words of the dam"},
              {"id": "2", "url": "https://wire.example/mill", "title": "Mill burns"}],
}  # fmt: skip
DAM = {normalise_url("https://wire.example/dam")}


def answer(body: bytes) -> FetchResult:
    return FetchResult("https://wire.example/feed", "https://wire.example/feed", "ok", 200, (), body, AT, 0.1)


@pytest.mark.parametrize(
    "body",
    [
        RSS.format(encoding="utf-8").encode(),
        RSS.format(encoding="iso-8859-1").encode("latin-1"),
        RSS.format(encoding="utf-16").encode("utf-16"),
        ATOM.encode(),
        json.dumps(JSON).encode(),
    ],
)
def test_one_entry_goes_and_the_others_read_as_before(body: bytes) -> None:
    before = parse_feed(body, None, "https://wire.example/feed", AT).entries
    cut = cut_entries(answer(body), DAM)
    assert cut is not None and cut.body
    assert b"Words of the dam" not in cut.body.replace(b"\x00", b"")
    assert parse_feed(cut.body, None, "https://wire.example/feed", AT).entries == before[1:]
    assert cut_entries(cut, DAM) is None, "nothing is left to cut"


def test_a_feed_that_cannot_be_cut_cleanly_goes_whole() -> None:
    torn = RSS.format(encoding="utf-8").replace("</description></item>", "</description>", 1).encode()
    cut = cut_entries(answer(torn), DAM)
    assert cut is None or b"Words of the dam" not in (cut.body or b"")


def test_pages_and_other_feeds_are_left_alone() -> None:
    assert cut_entries(answer(b"<html><body><a href='https://wire.example/dam'>x</a></body></html>"), DAM) is None
    assert cut_entries(answer(RSS.format(encoding="utf-8").encode()), {"https://wire.example/else"}) is None
    assert cut_entries(answer(b"<rss"), DAM) is None


def test_all_captured_feeds_can_be_cut(shared_dir: Path) -> None:
    from tests.dags.test_captured import read_captured

    feeds, _ = read_captured(shared_dir)
    whole = 0
    for url, body in feeds.items():
        result = FetchResult(url, url, "ok", 200, (), body, AT, 0.1)
        entries = parse_feed(body, None, url, AT).entries
        named = next((entry for entry in entries if entry.url), None)
        if named is None or named.url is None:
            continue
        cut = cut_entries(result, {normalise_url(named.url)})
        assert cut is not None
        whole += not cut.body
        if named.title and cut.body:
            rest = parse_feed(cut.body, None, url, AT).entries
            assert all(entry.url is None or normalise_url(entry.url) != normalise_url(named.url) for entry in rest)
    assert whole <= 5
