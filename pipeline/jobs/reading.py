"""Fetched bytes to article revisions: extract, read the wire's grammar, decide what has changed, store.

::

    list_unread_visits | archive.read | extract_article | read_wire | decide_revision > core.article_revision

One transaction a batch. What cannot be read goes to quarantine; every visit ends in one counted outcome.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.collect.archive import Archive
from pipeline.collect.identity import find_address
from pipeline.collect.revision import ArticleText, RevisionDecision, decide_revision
from pipeline.errors import ExtractError, ItemError
from pipeline.extract import EXTRACTOR_VERSION, extract_article
from pipeline.extract.content import article_from_feed
from pipeline.jobs.revising import Source, build_revision, build_state, find_own_address, has_gone, list_addresses
from pipeline.jobs.session import open_store
from pipeline.records import ArchivePointer, ExtractedArticle, ExtractionRule, FeedEntry, FeedSpec, FetchResult
from pipeline.registry import load_registry
from pipeline.settings import Settings, get_settings
from pipeline.store import articles, runs
from pipeline.store.articles import CurrentState, NewRevision
from pipeline.store.database import Connection, transaction

NOT_STORIES = {"live_blog": "live_blog", "index": "index", "consent": "consent_page", "empty": "no_text"}


@dataclass(slots=True)
class _Batch:
    """What one batch gathers before it is written."""

    revisions: list[NewRevision] = field(default_factory=list)
    outcomes: list[runs.Outcome] = field(default_factory=list)
    ends: list[tuple[int, str, str | None]] = field(default_factory=list)
    quarantined: list[tuple[str, str, str, int | None]] = field(default_factory=list)
    #: address -> the article's canonical one -> what stands there, this batch included
    canonical: dict[str, str] = field(default_factory=dict)
    states: dict[str, CurrentState] = field(default_factory=dict)
    again_count: int = 0


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


def extract_anew(limit: int = 1000, settings: Settings | None = None) -> dict[str, int]:
    """Extract the current state of up to ``limit`` articles again that an older extractor read, from the archive, 50 a
    transaction; returns counts. Not needed for news: a page that comes again has its state before extracted by itself."""
    settings = settings or get_settings()
    counts = {"reextracted": 0, "failed": 0}
    values = {"extractor_version": EXTRACTOR_VERSION, "after": 0, "limit": 50}
    parameters = {"limit": limit, "extractor_version": EXTRACTOR_VERSION}
    with open_store(settings) as connection, runs.recorded_run(connection, "reextract", parameters) as run_id:
        while sum(counts.values()) < limit:
            values["limit"] = min(50, limit - sum(counts.values()))
            with _reading(connection, settings) as reader:
                rows = articles.list_older_extractions(connection, values)
                states = articles.list_current_states(connection, [row["url"] for row in rows])
                for row in rows:
                    reader.extract_again(states[row["url"]])
                _store(connection, run_id, reader.batch)
            if not rows:
                break
            values["after"] = rows[-1]["article_id"]
            for outcome in reader.batch.outcomes:
                counts[outcome.status] += 1
    return counts


def _read_batch(connection: Connection, run_id: int, settings: Settings, limit: int) -> _Batch:
    with _reading(connection, settings) as reader:
        for visit in articles.list_unread_visits(connection, limit):
            reader.read(visit)
        _store(connection, run_id, reader.batch)
    return reader.batch


@contextmanager
def _reading(connection: Connection, settings: Settings) -> Iterator[_Reader]:
    """A transaction of one who reads: readers take turns, as each decides by what the one before has stored."""
    specs = {spec.feed_key: spec for spec in load_registry(settings.feeds)}
    with transaction(connection):
        connection.execute("select pg_advisory_xact_lock(hashtext('reading'))")
        yield _Reader(connection, _Batch(), Archive(settings.archive), specs)


def _store(connection: Connection, run_id: int, batch: _Batch) -> None:
    if not batch.outcomes:
        return
    load_batch_id = runs.start_batch(connection, run_id, "revise")
    runs.note_intake(connection, load_batch_id, "revise", len(batch.ends))
    runs.note_intake(connection, load_batch_id, "reextract", batch.again_count)
    articles.add_revisions(connection, batch.revisions, load_batch_id)
    articles.finish_visits(connection, batch.ends)
    runs.add_outcomes(connection, load_batch_id, batch.outcomes)
    for subject, reason, detail, fetch_id in batch.quarantined:
        runs.add_quarantine(connection, "extract", subject, reason, detail, fetch_id)


@dataclass(slots=True)
class _Reader:
    connection: Connection
    batch: _Batch
    archive: Archive
    specs: Mapping[str, FeedSpec]
    feeds: dict[str, dict[str, Any]] = field(default_factory=dict)

    def _find_feed(self, feed_key: str) -> Mapping[str, Any]:
        if feed_key not in self.feeds:
            self.feeds.update(articles.get_feed_rows(self.connection, [feed_key]))
        return self.feeds[feed_key]

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
        article = self._extract(visit)
        if article.page_kind != "story" and not (article.page_kind == "empty" and article.title):
            return NOT_STORIES[article.page_kind], None
        if visit["status"] != "from_feed" and has_gone(visit["request_url"], visit["final_url"]):
            return "index", "front_page"
        source = _find_source(visit, article, self._find_sites(visit["feed_key"]))
        if articles.are_redacted(self.connection, source.urls):
            return "redacted", None
        previous = self._extract_again(self._find_state(source.urls), source)
        revision = build_revision(self.connection, self._find_feed(source.feed_key), article, source, previous)
        decision = _decide(previous, revision)
        if decision.kind is None:
            return "unchanged", decision.reason
        revision = replace(revision, kind=decision.kind, is_trivial=decision.is_trivial)
        self._keep(revision, previous, source.urls)
        return ("new" if revision.revision_number == 1 else "revised"), revision.kind

    def _keep(self, revision: NewRevision, previous: CurrentState | None, urls: Iterable[str]) -> None:
        self.batch.revisions.append(revision)
        self._note(build_state(revision, previous), urls)

    def _note(self, state: CurrentState, urls: Iterable[str]) -> None:
        """Remember an article's state; an address that leads to another article goes on leading there."""
        for url in urls:
            self.batch.canonical.setdefault(url, state.canonical_url)
        self.batch.states[state.canonical_url] = state

    def _extract_again(self, previous: CurrentState | None, source: Source) -> CurrentState | None:
        """The state before, as this extractor reads its bytes. What it reads is written beside: the difference between
        two extractors is ours, not the publisher's. Where the bytes are gone, the state comes back as it is."""
        if previous is None or previous.article_id is None or previous.text_basis != source.basis:
            return previous
        if previous.extractor_version in (source.extractor_version, ""):
            return previous
        again = self.extract_again(previous)
        if again is None:
            return previous
        state = build_state(again, previous)
        self._note(state, source.urls)
        return state

    def extract_again(self, current: CurrentState) -> NewRevision | None:
        """Read the bytes of an article's current revision with this extractor and gather the result as the same
        published state; one outcome of stage ``reextract``, whatever comes of it."""
        assert current.article_id is not None
        self.batch.again_count += 1
        row = articles.get_revision_source(self.connection, current.article_id)
        try:
            article = self._extract(row)
            source = _find_source(row, article, self._find_sites(row["feed_key"]))
            # Its number, kind and times are those of the state that was published.
            again = replace(
                build_revision(self.connection, self._find_feed(source.feed_key), article, source, current),
                revision_number=current.revision_number,
                is_publication=False,
                **{name: row[name] for name in ("kind", "is_trivial", "seen_at")},
                published_at=current.published_at,
            )
            self.batch.revisions.append(again)
            status, reason = "reextracted", None
        except ItemError as error:
            again, status, reason = None, "failed", error.reason
        subject = f"article {current.article_id}: {current.canonical_url}"
        self.batch.outcomes.append(runs.Outcome("reextract", subject, status, row["feed_key"], reason))
        return again

    def _extract(self, visit: Mapping[str, Any]) -> ExtractedArticle:
        try:
            return self._extract_from(visit)
        except (ItemError, OSError):
            raise
        except Exception as error:  # a page that a parser stumbles over must not hold up the others
            raise ExtractError("extract_error", f"{type(error).__name__}: {error}") from error

    def _extract_from(self, visit: Mapping[str, Any]) -> ExtractedArticle:
        entry = _entry(visit)
        if visit["status"] == "from_feed":
            assert entry is not None
            return article_from_feed(entry)
        fetched = self._read_archive(visit)
        rules = self._rules(visit["feed_key"])
        article = extract_article(fetched.body or b"", fetched.final_url, rules, visit["fetched_at"].date())
        if not article.title and entry is not None:
            article = replace(article, title=entry.title)
        if article.published_at is None and entry is not None:
            article = replace(article, published_at=entry.published_at)
        return article

    def _read_archive(self, visit: Mapping[str, Any]) -> FetchResult:
        pointer = ArchivePointer(visit["archive_file"], visit["archive_offset"], visit["archive_length"])
        try:
            return self.archive.read(pointer)
        except (FileNotFoundError, ValueError) as error:
            raise ExtractError("no_bytes", f"{pointer.file} at {pointer.offset}: {error}") from error

    def _rules(self, feed_key: str) -> tuple[ExtractionRule, ...]:
        spec = self.specs.get(feed_key)
        return spec.extraction_rules if spec else ()

    def _find_sites(self, feed_key: str) -> tuple[str, ...]:
        spec = self.specs.get(feed_key)
        return (spec.url, spec.homepage) if spec else ()

    def _find_state(self, urls: Iterable[str]) -> CurrentState | None:
        wanted, known = list(urls), self.batch.canonical
        missing = [url for url in wanted if url not in known]
        for url, state in articles.list_current_states(self.connection, missing).items():
            known[url] = state.canonical_url
            self.batch.states.setdefault(state.canonical_url, state)
        return next((self.batch.states[known[url]] for url in wanted if url in known), None)


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


def _find_source(visit: Mapping[str, Any], article: ExtractedArticle, sites: Iterable[str]) -> Source:
    """Where a visit's text came from; its addresses from the canonical one on, then those that its entry had before.
    ``sites``: other addresses of its publisher."""
    is_page = visit["status"] != "from_feed"
    met = [visit["final_url"], visit["request_url"], visit["entry_url"], visit["url"]] if is_page else [visit["url"]]
    canonical = find_own_address(article.canonical_url, [*met, *sites]) if is_page else None
    return Source(
        feed_key=visit["feed_key"],
        basis="page" if is_page else "feed content" if visit["content"] else "feed summary",
        canonical_url=canonical or find_address(visit["final_url"]) or visit["url"],
        urls=list_addresses([canonical, *met, *visit["earlier_urls"]]),
        seen_at=visit["fetched_at"] or visit["entry_seen_at"],
        entry_at=visit["updated_at"] or visit["published_at"],
        sha256=visit["body_sha256"] if is_page else visit["entry_sha256"],
        extractor_version=EXTRACTOR_VERSION,
        fetch_id=visit["fetch_id"] or visit["entry_fetch_id"],
        entry_id=visit["entry_id"],
    )


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
