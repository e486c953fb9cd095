"""Fetched bytes to article revisions: extract, read the wire's grammar, decide what has changed, store.

::

    list_unread_visits | archive.read | extract_article | read_wire | decide_revision > core.article_revision

One transaction a batch. What cannot be read goes to quarantine; every visit ends in one counted outcome.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from pipeline.collect.archive import Archive
from pipeline.collect.identity import normalise_url
from pipeline.collect.revision import ArticleText, RevisionDecision, decide_revision
from pipeline.errors import ItemError
from pipeline.extract import EXTRACTOR_VERSION, extract_article
from pipeline.extract.content import article_from_feed
from pipeline.jobs.session import open_store
from pipeline.records import ArchivePointer, ExtractedArticle, ExtractionRule, FeedEntry, FeedSpec, TextBasis, WireCopy
from pipeline.registry import load_registry
from pipeline.settings import Settings, get_settings
from pipeline.store import articles, runs
from pipeline.store.articles import CurrentState, NewRevision, WirePart
from pipeline.store.database import Connection, transaction
from pipeline.wire import decide_revision_kind, read_wire

NOT_STORIES = {"live_blog": "live_blog", "index": "index", "consent": "consent_page", "empty": "no_text"}


@dataclass(slots=True)
class _Batch:
    """What one batch gathers before it is written."""

    revisions: list[NewRevision] = field(default_factory=list)
    outcomes: list[runs.Outcome] = field(default_factory=list)
    ends: list[tuple[int, str, str | None]] = field(default_factory=list)
    quarantined: list[tuple[str, str, str, int | None]] = field(default_factory=list)
    states: dict[str, CurrentState] = field(default_factory=dict)


def read_pages(limit: int = 500, airflow_run: str | None = None, settings: Settings | None = None) -> dict[str, int]:
    """Read up to ``limit`` fetched pages into revisions, 50 a transaction; returns counts by outcome."""
    settings = settings or get_settings()
    counts: dict[str, int] = {"revisions": 0}
    with (
        open_store(settings) as connection,
        runs.recorded_run(connection, "read", {"limit": limit}, airflow_run) as run_id,
    ):
        read = 0
        while read < limit:
            batch = _read_batch(connection, run_id, settings, min(50, limit - read))
            if not batch.ends:
                break
            read += len(batch.ends)
            counts["revisions"] += len(batch.revisions)
            for outcome in batch.outcomes:
                counts[outcome.status] = counts.get(outcome.status, 0) + 1
    return counts


def read_fetched(connection: Connection, run_id: int, settings: Settings, limit: int) -> int:
    """Read one batch within a run that is under way; returns the number of new revisions."""
    return len(_read_batch(connection, run_id, settings, limit).revisions)


def _read_batch(connection: Connection, run_id: int, settings: Settings, limit: int) -> _Batch:
    batch = _Batch()
    archive = Archive(settings.archive)
    specs = {spec.feed_key: spec for spec in load_registry(settings.feeds)}
    with transaction(connection):
        visits = articles.list_unread_visits(connection, limit)
        if not visits:
            return batch
        load_batch_id = runs.start_batch(connection, run_id, "revise")
        runs.note_intake(connection, load_batch_id, "revise", len(visits))
        feeds = articles.get_feed_rows(connection, {v["feed_key"] for v in visits})
        reader = _Reader(connection, batch, archive, specs, feeds)
        for visit in visits:
            reader.read(visit)
        articles.add_revisions(connection, batch.revisions, load_batch_id)
        articles.finish_visits(connection, batch.ends)
        runs.add_outcomes(connection, load_batch_id, batch.outcomes)
        for subject, reason, detail, fetch_id in batch.quarantined:
            runs.add_quarantine(connection, "extract", subject, reason, detail, fetch_id)
    return batch


@dataclass(slots=True)
class _Reader:
    connection: Connection
    batch: _Batch
    archive: Archive
    specs: Mapping[str, FeedSpec]
    feeds: Mapping[str, Mapping[str, Any]]

    def read(self, visit: Mapping[str, Any]) -> None:
        """Read one visit; whatever comes of it is one outcome."""
        try:
            status, reason = self._revise(visit)
            end = "done"
        except ItemError as error:
            status, reason, end = "failed", error.reason, "failed"
            self.batch.quarantined.append((visit["url"], error.reason, error.detail, visit["fetch_id"]))
        subject = f"visit {visit['page_visit_id']}: {visit['url']}"
        self.batch.ends.append((visit["page_visit_id"], end, reason))
        self.batch.outcomes.append(runs.Outcome("revise", subject, status, visit["feed_key"], reason))

    def _revise(self, visit: Mapping[str, Any]) -> tuple[str, str | None]:
        article, basis, source_sha256 = self._extract(visit)
        if article.page_kind != "story" and not (article.page_kind == "empty" and article.title):
            return NOT_STORIES[article.page_kind], None
        urls = _addresses(visit, article)
        if articles.are_redacted(self.connection, urls):
            return "redacted", None
        previous = self._find_state(urls)
        revision = self._make_revision(visit, article, basis, source_sha256, urls, previous)
        decision = _decide(previous, revision)
        if decision.kind is None:
            return "unchanged", decision.reason
        number = previous.revision_number + 1 if previous else 1
        revision = replace(revision, revision_number=number, kind=decision.kind, is_trivial=decision.is_trivial)
        self.batch.revisions.append(revision)
        state = _state(revision, previous)
        self.batch.states.update(dict.fromkeys(urls, state))
        return ("new" if revision.revision_number == 1 else "revised"), revision.kind

    def _extract(self, visit: Mapping[str, Any]) -> tuple[ExtractedArticle, TextBasis, bytes]:
        entry = _entry(visit)
        if visit["status"] == "from_feed":
            assert entry is not None
            return article_from_feed(entry), "feed content" if entry.content else "feed summary", visit["entry_sha256"]
        pointer = ArchivePointer(visit["archive_file"], visit["archive_offset"], visit["archive_length"])
        fetched = self.archive.read(pointer)
        rules = self._rules(visit["feed_key"])
        article = extract_article(fetched.body or b"", fetched.final_url, rules, visit["fetched_at"].date())
        if not article.title and entry is not None:
            article = replace(article, title=entry.title)
        if article.published_at is None and entry is not None:
            article = replace(article, published_at=entry.published_at)
        return article, "page", visit["body_sha256"]

    def _rules(self, feed_key: str) -> tuple[ExtractionRule, ...]:
        spec = self.specs.get(feed_key)
        return spec.extraction_rules if spec else ()

    def _find_state(self, urls: Iterable[str]) -> CurrentState | None:
        wanted = list(urls)
        missing = [u for u in wanted if u not in self.batch.states]
        self.batch.states.update(articles.list_current_states(self.connection, missing))
        return next((self.batch.states[u] for u in wanted if u in self.batch.states), None)

    def _make_revision(
        self,
        visit: Mapping[str, Any],
        article: ExtractedArticle,
        basis: TextBasis,
        source_sha256: bytes,
        urls: tuple[str, ...],
        previous: CurrentState | None,
    ) -> NewRevision:
        seen_at: datetime = visit["fetched_at"] or visit["entry_seen_at"]
        entry_at = visit["updated_at"] or visit["published_at"]
        published_at = min(article.modified_at or article.published_at or entry_at or seen_at, seen_at)
        headline, body = _nfc(article.title), _nfc(article.body)
        feed = self.feeds[visit["feed_key"]]
        copy = read_wire(body, headline=headline, published_at=published_at)
        return NewRevision(
            canonical_url=previous.canonical_url
            if previous
            else article.canonical_url or visit["final_url"] or visit["url"],
            met_urls=urls,
            outlet_id=feed["outlet_id"],
            agency_id=self._find_agency(article, copy, feed),
            feed_key=visit["feed_key"],
            first_published_at=min(article.published_at or entry_at or seen_at, seen_at),
            revision_number=1,
            kind=decide_revision_kind(copy),
            text_basis=basis,
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
            seen_at=seen_at,
            is_trivial=False,
            content_sha256=hashlib.sha256(f"{headline}\n{body}".encode()).digest(),
            source_sha256=source_sha256,
            extractor_version=EXTRACTOR_VERSION,
            fetch_id=visit["fetch_id"] or visit["entry_fetch_id"],
            entry_id=visit["entry_id"],
            wire_parts=_wire_parts(copy),
        )

    def _find_agency(self, article: ExtractedArticle, copy: WireCopy, feed: Mapping[str, Any]) -> int | None:
        name = article.agency or (copy.dateline.agency if copy.dateline else None)
        if not name:
            agency_id: int | None = feed["agency_id"]
            return agency_id
        key = name.casefold().strip()
        for known_id, known_key, known_name in articles.list_agencies(self.connection):
            if key in (known_key, known_name.casefold()) or known_name.casefold().startswith(key + " "):
                return known_id
        return articles.add_agency(self.connection, key.replace(" ", "-"), name)


def _decide(previous: CurrentState | None, revision: NewRevision) -> RevisionDecision:
    before = None
    if previous is not None:
        before = ArticleText(
            previous.headline, previous.body, extractor=previous.extractor_version, text_basis=previous.text_basis
        )
    current = ArticleText(
        revision.headline, revision.body, extractor=revision.extractor_version, text_basis=revision.text_basis
    )
    return decide_revision(before, current, (revision.kind,))


def _state(revision: NewRevision, previous: CurrentState | None) -> CurrentState:
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


def _addresses(visit: Mapping[str, Any], article: ExtractedArticle) -> tuple[str, ...]:
    """Every normalised address of a page, the canonical one first."""
    given = [article.canonical_url, visit["final_url"], visit["request_url"], visit["entry_url"], visit["url"]]
    return tuple(dict.fromkeys(normalise_url(url) for url in given if url))


def _entry(visit: Mapping[str, Any]) -> FeedEntry | None:
    if visit["entry_id"] is None:
        return None
    return FeedEntry(
        guid=visit["guid"],
        url=visit["entry_url"],
        title=visit["title"],
        summary=visit["summary"],
        content=visit["content"],
        authors=tuple(visit["authors"]),
        published_at=visit["published_at"],
        updated_at=visit["updated_at"],
        categories=tuple(visit["categories"]),
    )


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


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
