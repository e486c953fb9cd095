"""Feeds captured from the world: each one read as feedparser reads it in full."""

from __future__ import annotations

import gzip
import io
import warnings
from pathlib import Path

import feedparser

from pipeline.collect.feedparse import parse_feed, strip_markup


def test_all_captured_feeds_are_read_as_feedparser_reads_them_in_full(shared_dir: Path) -> None:
    folder = shared_dir / "data" / "feeds"
    urls = dict(line.split("\t")[:2] for line in (folder / "SOURCES.tsv").read_text().splitlines()[1:])
    assert len(urls) == 85
    for name, url in urls.items():
        body = gzip.decompress((folder / name).read_bytes())
        ours = parse_feed(body, None, url)
        headers = {"content-location": url, "content-type": "application/xml"}
        with warnings.catch_warnings(action="ignore"):
            full = feedparser.parse(io.BytesIO(body), response_headers=headers)
        assert [entry.title for entry in ours.entries] == [
            strip_markup(entry.get("title", "")) for entry in full.entries
        ], url
        assert [entry.url for entry in ours.entries] == [entry.get("link") or None for entry in full.entries], url
        assert ours.entries, url
