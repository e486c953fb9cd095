"""Feeds: every captured one as feedparser reads it in full, and any bytes at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.collect.entrykeys import decide_keys
from pipeline.collect.feedparse import parse_feed, strip_markup
from pipeline.errors import FeedParseError

FRAGMENTS = [
    "<?xml version='1.0' encoding='utf-16'?>", "<!DOCTYPE rss [", "]>", "<rss version='2.0'>", "<channel>", "<item>",
    "</item>", "<title>", "</title>", "<link>", "</link>", "<guid>", "<pubDate>", "</pubDate>", "<entry>", "<feed>",
    "<description>", "<![CDATA[", "]]>", "&amp;", "&", "&eacute;", "&#0;", "&#xD800;", "<content:encoded>", "<rdf:RDF>",
    "https://a.example/", "Mon, 23 Nov 2026 10:00:00 GMT", "23 novembre 2026", "\x00", "é", "<a href='", "'>", "<ttl>",
    "<skipHours><hour>25</hour></skipHours>", "{", '"version": "https://jsonfeed.org/version/1"', "}", "[", "<!--", "-->",
]  # fmt: skip


def _parse_or_refuse(body: bytes, content_type: str | None) -> None:
    reasons = []
    try:
        feed = parse_feed(body, content_type, "https://wire.example/feed")
        assert len(decide_keys(feed.entries)) == len(feed.entries)
        assert all("\n" not in entry.title for entry in feed.entries)
    except FeedParseError as error:
        reasons.append(error.reason)
    assert set(reasons) <= {"empty", "html", "not_a_feed", "forbidden_entity"}


@given(
    st.binary(max_size=300), st.sampled_from([None, "text/xml; charset=utf-16", "application/json", "x; charset=\x00"])
)
def test_any_bytes_are_a_feed_or_refused_with_a_reason(body: bytes, content_type: str | None) -> None:
    _parse_or_refuse(body, content_type)


@settings(deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=25), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
def test_pieces_of_feeds_in_any_order_are_a_feed_or_refused(pieces: list[str], encoding: str) -> None:
    _parse_or_refuse("".join(pieces).encode(encoding, "replace"), None)


@given(st.text())
def test_stripping_gives_one_line_without_tags(text: str) -> None:
    assert "\n" not in strip_markup(text)
    assert strip_markup(f"<p class='x'>{'word'}</p> <script>var a = 1;</script>end") == "word end"


@pytest.mark.parametrize("reason", ["html", "empty", "not_a_feed"])
def test_the_error_is_one_line_with_its_reason(reason: str) -> None:
    body = {"html": b"<html><body>no</body></html>", "empty": b"", "not_a_feed": b"no"}[reason]
    with pytest.raises(FeedParseError, match=f"^{reason}: .+") as caught:
        parse_feed(body, None, "https://wire.example/")
    assert caught.value.reason == reason
