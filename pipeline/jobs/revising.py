"""An extracted or delivered text to a revision: addresses, agency, times, the wire's grammar."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from pipeline.collect.identity import find_address, fit_key, is_front_page, normalise_url
from pipeline.collect.pacing import find_domain
from pipeline.records import ExtractedArticle, TextBasis, WireCopy
from pipeline.store import articles
from pipeline.store.articles import CurrentState, NewRevision, WirePart
from pipeline.store.database import Connection
from pipeline.wire import decide_revision_kind, read_wire


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text came from. ``urls`` are its normalised addresses, the canonical one first; ``canonical_url`` is the
    first of them as given; ``entry_at`` is the feed's time; ``seen_at`` when the bytes came."""

    feed_key: str
    basis: TextBasis
    canonical_url: str
    urls: tuple[str, ...]
    seen_at: datetime
    entry_at: datetime | None
    sha256: bytes
    extractor_version: str
    fetch_id: int | None
    entry_id: int | None


def build_revision(
    connection: Connection,
    feed: Mapping[str, Any],
    article: ExtractedArticle,
    source: Source,
    previous: CurrentState | None,
) -> NewRevision:
    """The revision that this text would be; its number and kind are for the caller to decide. ``feed`` is a row of
    `articles.get_feed_rows`. Writes an agency that is met for the first time."""
    stated_at = article.modified_at or article.published_at or source.entry_at or source.seen_at
    published_at = min(stated_at, source.seen_at)
    headline, body = fold_text(article.title), fold_text(article.body)
    copy = read_wire(body, headline=headline, published_at=published_at)
    return NewRevision(
        canonical_url=previous.canonical_url if previous else source.canonical_url,
        met_urls=source.urls,
        outlet_id=feed["outlet_id"],
        agency_id=_find_agency(connection, article, copy, feed),
        feed_key=source.feed_key,
        first_published_at=min(article.published_at or source.entry_at or source.seen_at, source.seen_at),
        revision_number=previous.revision_number + 1 if previous else 1,
        kind=decide_revision_kind(copy),
        text_basis=source.basis,
        headline=headline,
        body=body,
        authors=article.authors,
        section=article.section,
        keywords=article.keywords,
        language=article.language,
        tags=copy.tags,
        slug=copy.slug,
        changes=_changes(copy),
        embargo_until=copy.embargo_until,
        published_at=published_at,
        modified_at=article.modified_at,
        seen_at=source.seen_at,
        is_trivial=False,
        content_sha256=hashlib.sha256(f"{headline}\n{body}".encode()).digest(),
        source_sha256=source.sha256,
        extractor_version=source.extractor_version,
        fetch_id=source.fetch_id,
        entry_id=source.entry_id,
        wire_parts=_wire_parts(copy),
    )


def build_state(revision: NewRevision, previous: CurrentState | None) -> CurrentState:
    """What is known of an article once this revision stands."""
    return CurrentState(
        article_id=previous.article_id if previous else None,
        canonical_url=revision.canonical_url,
        status="withdrawn" if revision.kind == "withdrawn" else "live",
        revision_number=revision.revision_number,
        headline=revision.headline,
        body=revision.body,
        kind=revision.kind,
        extractor_version=revision.extractor_version,
        text_basis=revision.text_basis,
        published_at=revision.published_at,
    )


def list_addresses(urls: Iterable[str | None]) -> tuple[str, ...]:
    """Normalised addresses, each once, in order."""
    return tuple(dict.fromkeys(fit_key(normalise_url(url)) for given in urls if (url := find_address(given))))


def find_own_address(canonical: str | None, own: Iterable[str | None]) -> str | None:
    """The address that a page calls its own, if it lies on one of these publisher's domains. On another it says from
    whom the text was taken; the page stays an article of its own, and a copy (`link.copies`)."""
    address = find_address(canonical)
    if address is None or find_domain(address) not in {find_domain(url) for url in own if url}:
        return None
    return address


def has_gone(asked: str, final: str) -> bool:
    """Whether a page was led on to a front page: what it told is there no more."""
    return is_front_page(normalise_url(final)) and not is_front_page(normalise_url(asked))


def fold_text(text: str) -> str:
    """As Postgres takes it and as spans count it: NFC, no NUL, no lone surrogates."""
    return unicodedata.normalize("NFC", text).replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _find_agency(
    connection: Connection, article: ExtractedArticle, copy: WireCopy, feed: Mapping[str, Any]
) -> int | None:
    name = article.agency or (copy.dateline.agency if copy.dateline else None)
    if not name:
        agency_id: int | None = feed["agency_id"]
        return agency_id
    key = name.casefold().strip()
    for known_id, known_key, known_name in articles.list_agencies(connection):
        if key in (known_key, known_name.casefold()) or known_name.casefold().startswith(key + " "):
            return known_id
    return articles.add_agency(connection, key.replace(" ", "-"), name)


def _changes(copy: WireCopy) -> tuple[str, ...]:
    notes = tuple(notice.text for notice in copy.notices if notice.kind == "correction")
    return (copy.advisory.changes if copy.advisory else ()) + notes


def _wire_parts(copy: WireCopy) -> tuple[WirePart, ...]:
    pieces: list[tuple[str, Any]] = [
        ("dateline", copy.dateline), ("byline", copy.byline), ("advisory", copy.advisory), ("sign_off", copy.sign_off),
        *(("notice", notice) for notice in copy.notices),
    ]  # fmt: skip
    parts = []
    for kind, piece in pieces:
        if piece is not None:
            detail = {k: _plain(v) for k, v in asdict(piece).items() if k not in ("start", "end", "text")}
            parts.append(WirePart(kind, "body", piece.start, piece.end, piece.text, detail))
    return tuple(sorted(parts, key=lambda p: (p.start, p.end)))


def _plain(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value
