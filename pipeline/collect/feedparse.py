"""A feed's bytes to a `ParsedFeed`.

::

    bytes ─ feedtext (encoding, entities, page?) ─▶ text ─┬─ JSON ─▶ jsonfeed
                                                          └─ count entries ─▶ feedparser ─▶ entries

feedparser runs without its sanitizer and its resolver of links inside HTML: both only touch embedded markup, which we
hand on as given (extraction treats it as hostile anyway); titles and links do not depend on them once tags are
stripped (`benchmarks/feeds.py` compares both on every captured feed). Where the quick way raises, the full one is tried.
"""

from __future__ import annotations

import html
import io
import json
import re
from datetime import datetime
from typing import Any

import feedparser
import feedparser.mixin

from pipeline.collect.feeddates import decide_date, find_date
from pipeline.collect.feedtext import FeedText, check_document, read_text, repair_references
from pipeline.collect.jsonfeed import parse_json_feed
from pipeline.errors import FeedParseError
from pipeline.records import FeedEntry, ParsedFeed

#: more than any real feed holds; a wire's daily index has some hundreds
MAX_ENTRIES = 5000
#: twenty times what the richest captured feed holds; feedparser takes about 50 µs for each
MAX_MARKS = 300_000
_AUTHOR_LENGTH = 300

_ENTRY = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:item|entry)[\s/>]")
# what is not closed reaches to the end, here and in feedtext: else each opening would search the whole rest again
_TAG = re.compile(r"<!--(?:.*?-->|.*)|</?[A-Za-z][^<>]*>", re.DOTALL)
_HIDDEN = re.compile(r"<(script|style)\b(?:.*?</\1\s*>|.*)", re.DOTALL | re.IGNORECASE)
_TTL = re.compile(r"<ttl>\s*(\d{1,7})\s*</ttl>")
_PERIOD = re.compile(r"<\w+:updatePeriod>\s*(\w+)\s*</")
_FREQUENCY = re.compile(r"<\w+:updateFrequency>\s*(\d{1,4})\s*</")
_SKIP_HOURS = re.compile(r"<skipHours>([^<>]*(?:</?hour>[^<>]*)*)</skipHours>")
_HOUR = re.compile(r"<hour>\s*(\d{1,2})\s*</hour>")
_PERIOD_MINUTES = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}


def _bound_authors() -> None:
    """Cut authors to a length before feedparser 6.0.14 looks for an address in them: its expression takes time by the
    square of their length, so that 200 KB of letters in one ``<author>`` keep it busy for six minutes."""
    mixin = feedparser.mixin._FeedParserMixin
    find_address = mixin._sync_author_detail

    def find_bounded(self: Any, key: str = "author") -> None:
        context = self._get_context()
        if isinstance(context.get(key), str):
            context[key] = context[key][:_AUTHOR_LENGTH]
        find_address(self, key)

    mixin._sync_author_detail = find_bounded


_bound_authors()


def parse_feed(body: bytes, content_type: str | None, url: str, now: datetime | None = None) -> ParsedFeed:
    """Read RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, JSON Feed. ``url`` is what relative links are relative to; ``now``,
    if given, makes dates far in the future None. Raises `FeedParseError` with reason ``empty``, ``html``,
    ``forbidden_entity``, ``too_many_entries``, ``too_many_elements``, ``not_a_feed``."""
    document = read_text(body, content_type)
    if document.text.startswith(("{", "[")):
        return _parse_json(document, url, now)
    check_document(document.text)
    if sum(1 for _ in _ENTRY.finditer(document.text)) > MAX_ENTRIES:
        raise FeedParseError("too_many_entries", f"more than {MAX_ENTRIES}")
    if document.text.count("<") > MAX_MARKS:
        raise FeedParseError("too_many_elements", f"more than {MAX_MARKS}")
    parsed, warnings = _run_feedparser(document, url)
    if not parsed.version and not parsed.entries:
        raise FeedParseError("not_a_feed", "neither RSS, Atom nor JSON Feed")
    entries: list[FeedEntry] = []
    for given in parsed.entries:
        entry, noted = _read_entry(given, is_atom=parsed.version.startswith("atom"), now=now)
        entries.append(entry)
        warnings += noted
    return ParsedFeed(
        format=parsed.version or "unknown",
        title=strip_markup(parsed.feed.get("title", "")),
        entries=tuple(entries),
        warnings=tuple(dict.fromkeys(warnings)),
        **_read_hints(document.text),
    )


def strip_markup(text: str) -> str:
    """Plain words: tags and hidden elements out, entities resolved, space made single."""
    if "<" in text:
        text = _TAG.sub("", _HIDDEN.sub("", text))
    return " ".join(html.unescape(text).split())


def _parse_json(document: FeedText, url: str, now: datetime | None) -> ParsedFeed:
    try:
        tree = json.loads(document.text)
    except (ValueError, RecursionError) as error:
        raise FeedParseError("not_a_feed", f"broken JSON: {error}") from error
    return parse_json_feed(tree, url, now, document.warnings, MAX_ENTRIES)


def _run_feedparser(document: FeedText, url: str) -> tuple[Any, list[str]]:
    """feedparser on re-encoded bytes, so that it never guesses an encoding."""
    repaired = repair_references(document.text)
    body = b"<?xml version='1.0' encoding='utf-8'?>\n" + repaired.encode("utf-8")
    headers = {"content-location": url, "content-type": "application/xml; charset=utf-8"}
    warnings = list(document.warnings) + ["bad_references"] * (repaired != document.text)
    for is_full in (False, True):
        try:
            parsed = feedparser.parse(
                io.BytesIO(body), response_headers=headers, sanitize_html=is_full, resolve_relative_uris=is_full
            )
        except Exception as error:  # feedparser lets any error of its sub-parsers out, e.g. AssertionError, KeyError
            if is_full:
                raise FeedParseError("not_a_feed", f"{type(error).__name__}: {error}") from error
            warnings.append("parsed_in_full")
            continue
        break
    if parsed.bozo:
        warnings.append("not_well_formed")
    return parsed, warnings


def _read_entry(given: dict[str, Any], is_atom: bool, now: datetime | None) -> tuple[FeedEntry, list[str]]:
    published, note = decide_date(find_date(_own(given, "published_parsed"), _own(given, "published")), now)
    updated, other = decide_date(find_date(_own(given, "updated_parsed"), _own(given, "updated")), now)
    if published is None and not is_atom:
        # RDF has one date only, dc:date, which feedparser files under "updated" (so DW's)
        published, updated = updated, None
    contents = [str(part.get("value", "")) for part in given.get("content", ())]
    entry = FeedEntry(
        guid=given.get("id") or None,
        url=given.get("link") or None,
        title=strip_markup(given.get("title", "")),
        summary=given.get("summary", ""),
        content=max(contents, key=len, default=""),
        authors=_read_authors(given),
        published_at=published,
        updated_at=updated,
        categories=_read_categories(given),
    )
    return entry, [code for code in (note, other) if code]


def _own(given: dict[str, Any], key: str) -> Any:
    """The value under exactly this key: feedparser's ``get`` passes "published" off as "updated", with a warning."""
    return dict.get(given, key)


def _read_authors(given: dict[str, Any]) -> tuple[str, ...]:
    names = [strip_markup(author.get("name", "")) for author in given.get("authors", ())]
    names = names if any(names) else [strip_markup(given.get("author", ""))]
    return tuple(dict.fromkeys(name for name in names if name))


def _read_categories(given: dict[str, Any]) -> tuple[str, ...]:
    terms = [tag.get("label") or tag.get("term") or "" for tag in given.get("tags", ())]
    return tuple(dict.fromkeys(term for term in map(strip_markup, terms) if term))


def _read_hints(text: str) -> dict[str, Any]:
    """ttl, sy:update… and skipHours from before the first entry. (feedparser keeps only the last hour of several.)"""
    first = _ENTRY.search(text)
    head = text[: min(first.start() if first else len(text), 20_000)]
    ttl, period, frequency = _TTL.search(head), _PERIOD.search(head), _FREQUENCY.search(head)
    minutes = _PERIOD_MINUTES.get(period.group(1).lower()) if period else None
    times = max(1, int(frequency.group(1))) if frequency else 1
    skipped = _SKIP_HOURS.search(head)
    hours = {int(hour) % 24 for hour in _HOUR.findall(skipped.group(1)) if int(hour) <= 24} if skipped else set()
    return {
        "ttl_minutes": int(ttl.group(1)) or None if ttl else None,
        "update_period_minutes": minutes // times or 1 if minutes else None,
        "skip_hours": frozenset(hours),
    }
