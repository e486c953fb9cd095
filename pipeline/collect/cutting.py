"""Cut single entries out of an archived feed, so that a redaction takes one story and leaves the others. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import replace

from pipeline.collect.entrykeys import is_called
from pipeline.collect.feedparse import parse_feed
from pipeline.collect.feedtext import read_text
from pipeline.collect.identity import find_address, fit_key, normalise_url
from pipeline.errors import FeedParseError
from pipeline.records import FeedEntry, FetchResult

_FEED = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(?:rss|rdf|feed|channel)[\s>]|jsonfeed\.org/version/", re.IGNORECASE)
_ENTRY = re.compile(r"<((?:[A-Za-z_][\w.-]*:)?(?:item|entry))(?:\s[^>]*)?>.*?</\1\s*>", re.DOTALL)
_LOOK = 8192


def cut_entries(result: FetchResult, addresses: Collection[str]) -> FetchResult | None:
    """The response without the entries of these articles (normalised addresses); None where it is no feed or holds none
    of them. The other entries read as before; where that cannot be had, the whole body goes: better less than a trace."""
    body = result.body or b""
    if not _FEED.search(body[:_LOOK].replace(b"\x00", b"")):
        return None
    try:
        before = _read(result, body)
    except FeedParseError:
        return None
    gone = {place for place, entry in enumerate(before) if is_named(entry, addresses)}
    if not gone:
        return None
    kept = tuple(entry for place, entry in enumerate(before) if place not in gone)
    rest = _cut(read_text(body, result.header("content-type")).text, gone, len(before))
    if rest is not None:
        try:
            is_same = _read(result, rest) == kept
        except FeedParseError:
            is_same = False
        rest = rest if is_same else None
    return replace(result, body=rest or b"", detail="redacted")


def is_named(entry: FeedEntry, addresses: Collection[str]) -> bool:
    """Whether an entry is one of these articles, by its address, or by the name of its text."""
    url = find_address(entry.url)
    if url is not None and fit_key(normalise_url(url)) in addresses:
        return True
    texts = (known.split(":", 3)[3] for known in addresses if known.startswith("urn:wire:") and known.count(":") > 2)
    return any(is_called(entry, name) for name in texts)


def _read(result: FetchResult, body: bytes) -> tuple[FeedEntry, ...]:
    return parse_feed(body, result.header("content-type"), result.final_url, result.fetched_at).entries


def _cut(text: str, gone: Collection[int], count: int) -> bytes | None:
    """The text without these entries, as UTF-8; None where the entries in it are not those that were read."""
    if text.startswith("{"):
        tree = json.loads(text)
        given = [entry for entry in tree["items"] if isinstance(entry, dict)]
        tree["items"] = [entry for place, entry in enumerate(given) if place not in gone]
        return json.dumps(tree).encode()
    found = list(_ENTRY.finditer(text))
    if len(found) != count:
        return None
    pieces, end = [], 0
    for place, match in enumerate(found):
        if place in gone:
            pieces.append(text[end : match.start()])
            end = match.end()
    return "".join([*pieces, text[end:]]).encode("utf-8", "replace")
