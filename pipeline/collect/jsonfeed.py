"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from pipeline.collect.feeddates import decide_date
from pipeline.errors import FeedParseError
from pipeline.records import FeedEntry, ParsedFeed

_VERSION = "jsonfeed.org/version/"


def parse_json_feed(
    tree: Any, url: str, now: datetime | None, warnings: tuple[str, ...], max_entries: int
) -> ParsedFeed:
    """The feed in a JSON tree; `FeedParseError` ``not_a_feed`` or ``too_many_entries``."""
    if not isinstance(tree, dict) or _VERSION not in str(tree.get("version", "")):
        raise FeedParseError("not_a_feed", "JSON, but no JSON Feed")
    given = tree.get("items")
    given = given if isinstance(given, list) else []
    if len(given) > max_entries:
        raise FeedParseError("too_many_entries", f"more than {max_entries}")
    noted = list(warnings)
    entries = [_read_entry(entry, url, now, noted) for entry in given if isinstance(entry, dict)]
    if len(entries) != len(given):
        noted.append("entry_not_an_object")
    version = str(tree["version"]).rsplit("/", 1)[-1]
    return ParsedFeed(
        format="json" + version.replace(".", "") if version[:1] == "1" else "json",
        title=_read_text(tree, "title"),
        entries=tuple(entries),
        warnings=tuple(dict.fromkeys(noted)),
    )


def _read_entry(given: Mapping[str, Any], url: str, now: datetime | None, warnings: list[str]) -> FeedEntry:
    link = _read_text(given, "url") or _read_text(given, "external_url")
    identifier = given.get("id")
    published, note = decide_date(_read_date(given.get("date_published")), now)
    updated, other = decide_date(_read_date(given.get("date_modified")), now)
    warnings += [code for code in (note, other) if code]
    plain = _read_text(given, "content_text")
    return FeedEntry(
        guid=str(identifier) if isinstance(identifier, str | int) and identifier != "" else None,
        url=_join(url, link) if link else None,
        title=" ".join(_read_text(given, "title").split()),
        summary=html.escape(_read_text(given, "summary"), quote=False),
        content=_read_text(given, "content_html") or _to_html(plain),
        authors=_read_authors(given),
        published_at=published,
        updated_at=updated,
        categories=tuple(tag for tag in _read_list(given, "tags") if isinstance(tag, str) and tag),
    )


def _read_authors(given: Mapping[str, Any]) -> tuple[str, ...]:
    """``authors`` of version 1.1, ``author`` of 1.0."""
    authors = [*_read_list(given, "authors"), given.get("author")]
    names = [_read_text(author, "name").strip() for author in authors if isinstance(author, dict)]
    return tuple(dict.fromkeys(name for name in names if name))


def _read_text(given: Mapping[str, Any], key: str) -> str:
    value = given.get(key)
    return value if isinstance(value, str) else ""


def _read_list(given: Mapping[str, Any], key: str) -> list[Any]:
    value = given.get(key)
    return value if isinstance(value, list) else []


def _read_date(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:
        return None


def _join(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:
        return link


def _to_html(plain: str) -> str:
    """Plain text as HTML paragraphs, because ``content`` is HTML everywhere else."""
    paragraphs = [part.strip() for part in plain.split("\n\n") if part.strip()]
    return "".join(f"<p>{html.escape(part, quote=False)}</p>" for part in paragraphs)
