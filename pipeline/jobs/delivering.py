"""Delivered files to article revisions.

::

    WIRE_DROP/FEED_KEY/file ─▶ archive ─▶ read_drop ─▶ decide_drop ┬▶ core.article_revision
                                                                  └▶ held until the embargo ends (raw.delivery)

The file is in the archive before it is read, and gone from the folder only after its rows are committed. A replay takes
the archived bytes the same way.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.collect.archive import Archive
from pipeline.collect.drop import DropDecision, DropStory, decide_drop
from pipeline.collect.dropfolder import build_address, claim_file, find_wait, list_files, read_file, refuse_file
from pipeline.collect.dropread import MAX_FILE_BYTES, read_drop
from pipeline.collect.revision import ArticleText, decide_revision
from pipeline.errors import FeedParseError
from pipeline.extract.authors import clean_authors
from pipeline.jobs.revising import Source, build_revision, fold_text
from pipeline.jobs.session import open_store, utc_now
from pipeline.records import ArchivePointer, ExtractedArticle, FeedSpec, FeedState, FetchResult
from pipeline.registry import load_registry
from pipeline.settings import Settings, get_settings
from pipeline.store import articles, deliveries, fetches, runs
from pipeline.store import feeds as feed_store
from pipeline.store.database import Connection, holding_lock, transaction
from pipeline.store.queries import get_query

READER_VERSION = "delivered.1"


def take_drops(airflow_run: str | None = None, settings: Settings | None = None) -> dict[str, int]:
    """Take every whole file of the drop folder and publish what comes out of its embargo; returns counts.

    One folder a feed: ``WIRE_DROP/FEED_KEY``. A file that cannot be read goes to quarantine and stops no other.
    """
    settings = settings or get_settings()
    specs = [spec for spec in load_registry(settings.feeds) if spec.is_delivered]
    with (
        open_store(settings) as connection,
        open_store(settings) as guard,
        holding_lock(guard, "drop folder"),
        Archive(settings.archive) as archive,
        runs.recorded_run(connection, "drop", {"folder": str(settings.drop_folder)}, airflow_run) as run_id,
    ):
        with transaction(connection):
            feed_store.save_registry(connection, specs)
        taker = Taker(connection, archive, run_id)
        taker.release(utc_now())
        for spec in specs:
            for path in list_files(settings.drop_folder / spec.feed_key):
                time.sleep(find_wait(path, utc_now()))
                taker.take(spec, path)
    return taker.counts


@dataclass(slots=True)
class Taker:
    """Takes files, from a folder or from the archive."""

    connection: Connection
    archive: Archive
    run_id: int
    counts: dict[str, int] = field(default_factory=lambda: {"revisions": 0})

    def take(self, spec: FeedSpec, path: Path) -> None:
        """Archive one file, store what is in it, and remove it."""
        try:
            path = claim_file(path)
            body = read_file(path)
            if len(body) > MAX_FILE_BYTES:
                self._refuse(spec, path, "too_large", f"{path.stat().st_size} bytes; set aside as {refuse_file(path)}")
                return
        except OSError as error:
            self._refuse(spec, path, "unreadable_file", f"{error.strerror}: {path}")
            return
        url = build_address(spec.feed_key, path.name, body)
        if deliveries.is_delivered(self.connection, url):
            self._note_file(spec, url, "known")
        else:
            result = FetchResult(url, url, "ok", 200, (), body, utc_now(), 0.0)
            self.store(spec, result, self.archive.write(result))
        path.unlink(missing_ok=True)

    def store(self, spec: FeedSpec, result: FetchResult, pointer: ArchivePointer) -> None:
        """Store what is in an archived file, in one transaction."""
        with transaction(self.connection):
            batch = runs.start_batch(self.connection, self.run_id, "drop")
            runs.note_intake(self.connection, batch, "file", 1)
            fetch_id = fetches.add_fetch(self.connection, "drop", spec.feed_key, result, pointer, batch)
            failure = self._store_stories(spec, result, fetch_id, batch)
            status = "failed" if failure else "taken"
            outcome = runs.Outcome(
                "file", result.request_url, status, spec.feed_key, failure.reason if failure else None
            )
            runs.add_outcomes(self.connection, batch, [outcome])
            self._save_state(spec, result, failure)
        self._count(f"files {status}")

    def retry(self, spec: FeedSpec, subject: str, fetch_id: int, pointer: ArchivePointer) -> bool:
        """Read a file of the quarantine again; whether it could be read."""
        with transaction(self.connection):
            batch = runs.start_batch(self.connection, self.run_id, "drop")
            failure = self._store_stories(spec, self.archive.read(pointer), fetch_id, batch)
            if failure is None:
                self.connection.execute(get_query("resolve_quarantine"), {"stage": "drop", "subject": subject})
        return failure is None

    def release(self, until: datetime) -> None:
        """Publish what was held until then or earlier, each at the end of its own embargo."""
        with transaction(self.connection):
            held = deliveries.list_ended_holds(self.connection, until)
            if not held:
                return
            batch = runs.start_batch(self.connection, self.run_id, "drop")
            runs.note_intake(self.connection, batch, "drop", len(held))
            outcomes = []
            for row in held:
                decision, status = DropDecision("ignore", None, "superseded"), "ignored"
                if row["is_newest"]:
                    decision, status = self._release(row, batch)
                deliveries.end_hold(self.connection, row["delivery_id"], decision)
                subject = f"delivery {row['delivery_id']}: {row['guid']}"
                outcomes.append(runs.Outcome("drop", subject, status, row["feed_key"], decision.reason))
                self._count_story(status)
            runs.add_outcomes(self.connection, batch, outcomes)

    def _release(self, row: Mapping[str, Any], batch: int) -> tuple[DropDecision, str]:
        feed_key, at = row["feed_key"], row["hold_until"]
        try:
            body = self.archive.read(_find_pointer(row)).body or b""
            story = _folded(read_drop(body)[row["position"]])
        except (FeedParseError, FileNotFoundError, ValueError, IndexError) as error:
            runs.add_quarantine(self.connection, "drop", row["request_url"], "no_bytes", str(error), row["fetch_id"])
            return DropDecision("ignore", None, "no_bytes"), "failed"
        previous = deliveries.find_published(self.connection, feed_key, story.guid, build_name(feed_key, story.guid))
        decision = decide_drop(previous, story, at)
        sha256 = hashlib.sha256(body).digest()
        return decision, self._publish(feed_key, story, decision, row["fetch_id"], sha256, at, batch)

    def _store_stories(self, spec: FeedSpec, result: FetchResult, fetch_id: int, batch: int) -> FeedParseError | None:
        try:
            stories = read_drop(result.body or b"")
        except FeedParseError as error:
            url = result.request_url
            runs.add_quarantine(self.connection, "drop", url, error.reason, error.detail, fetch_id)
            return error
        runs.note_intake(self.connection, batch, "drop", len(stories))
        sha256 = hashlib.sha256(result.body or b"").digest()
        outcomes = []
        for position, story in enumerate(map(_folded, stories)):
            key, at = spec.feed_key, result.fetched_at
            previous = deliveries.find_published(self.connection, key, story.guid, build_name(key, story.guid))
            decision = decide_drop(previous, story, at, deliveries.find_newest(self.connection, key, story.guid))
            deliveries.add_delivery(self.connection, key, story, decision, (fetch_id, position), at, batch)
            status = self._publish(key, story, decision, fetch_id, sha256, at, batch)
            outcomes.append(runs.Outcome("drop", f"{position}: {story.guid}", status, key, decision.reason))
            self._count_story(status)
        runs.add_outcomes(self.connection, batch, outcomes)
        return None

    def _publish(
        self,
        feed_key: str,
        story: DropStory,
        decision: DropDecision,
        fetch_id: int,
        sha256: bytes,
        at: datetime,
        batch: int,
    ) -> str:
        """Store a story as a revision where the decision says so; returns its outcome."""
        if decision.action != "publish" or decision.kind is None:
            return "held" if decision.action == "hold" else "ignored"
        name = build_name(feed_key, story.guid)
        if articles.are_redacted(self.connection, [name]):
            return "redacted"
        current = articles.list_current_states(self.connection, [name]).get(name)
        source = Source(feed_key, "delivered", name, (name,), at, None, sha256, READER_VERSION, fetch_id, None)
        feed = articles.get_feed_rows(self.connection, [feed_key])[feed_key]
        article = replace(_article(story), agency=None if feed["agency_id"] else (story.provider or "")[:200] or None)
        revision = build_revision(self.connection, feed, article, source, current)
        kind, is_trivial = decision.kind, False
        if kind in ("original", "update") and revision.kind not in ("original", "update"):
            kind = revision.kind  # what the text says of itself: CORRECTED, REFILE, STORY WITHDRAWN
        elif kind == "update" and current is not None:
            before, after = ArticleText(current.headline, current.body), ArticleText(revision.headline, revision.body)
            is_trivial = decide_revision(before, after).is_trivial
        articles.add_revisions(self.connection, [replace(revision, kind=kind, is_trivial=is_trivial)], batch)
        return "revised" if current else "new"

    def _save_state(self, spec: FeedSpec, result: FetchResult, failure: FeedParseError | None) -> None:
        state = feed_store.list_states(self.connection, [spec.feed_key])[spec.feed_key]
        at = result.fetched_at
        streak = state.failure_streak + 1 if failure else 0
        after: FeedState = replace(
            state, polled_at=at, poll_count=state.poll_count + 1, failure_streak=streak, newest_entry_at=at
        )
        detail = str(failure) if failure else None
        outcome, ok_at = ("unreadable", None) if failure else ("ok", at)
        feed_store.save_state(self.connection, after, outcome, detail, ok_at)

    def _refuse(self, spec: FeedSpec, path: Path, reason: str, detail: str) -> None:
        url = build_address(spec.feed_key, path.name, b"")
        self._note_file(spec, url, "refused", reason, detail)

    def _note_file(
        self, spec: FeedSpec, url: str, status: str, reason: str | None = None, detail: str | None = None
    ) -> None:
        with transaction(self.connection):
            batch = runs.start_batch(self.connection, self.run_id, "drop")
            runs.note_intake(self.connection, batch, "file", 1)
            outcome = runs.Outcome("file", url, status, spec.feed_key, reason, detail)
            runs.add_outcomes(self.connection, batch, [outcome])
            if reason is not None:
                runs.add_quarantine(self.connection, "drop", url, reason, detail)
        self._count(f"files {status}")

    def _count_story(self, status: str) -> None:
        self._count(f"stories {status}")
        self.counts["revisions"] += status in ("new", "revised")

    def _count(self, name: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + 1


def retry_deliveries(connection: Connection, settings: Settings, specs: Sequence[FeedSpec]) -> int:
    """Read delivered files of the quarantine again; returns how many could be read."""
    by_key = {spec.feed_key: spec for spec in specs if spec.is_delivered}
    rows = [row for row in deliveries.list_failed(connection) if row["feed_key"] in by_key]
    if not rows:
        return 0
    with Archive(settings.archive) as archive, runs.recorded_run(connection, "drop", {"retry": len(rows)}) as run_id:
        taker = Taker(connection, archive, run_id)
        return sum(
            taker.retry(by_key[row["feed_key"]], row["subject"], row["fetch_id"], _find_pointer(row)) for row in rows
        )


def build_name(feed_key: str, guid: str) -> str:
    """The canonical address of a delivered story: its agency's own identity for it."""
    return f"urn:wire:{feed_key}:{guid}"


def _folded(story: DropStory) -> DropStory:
    """As it would be stored, so that it can be compared with what is."""
    return replace(story, headline=fold_text(story.headline), body=fold_text(story.body), guid=fold_text(story.guid))


def _article(story: DropStory) -> ExtractedArticle:
    """A story under embargo is published when that ends, whenever it was written."""
    times = [at for at in (story.created_at, story.embargo_until) if at is not None]
    changed = [at for at in (story.versioned_at, story.embargo_until) if at is not None]
    return ExtractedArticle(
        title=story.headline,
        body=story.body,
        authors=clean_authors([story.byline or ""]),
        published_at=max(times, default=None),
        modified_at=max(changed, default=None),
        language=story.language.split("-")[0].lower() if story.language else None,
        keywords=story.subjects,
    )


def _find_pointer(row: Mapping[str, Any]) -> ArchivePointer:
    return ArchivePointer(row["archive_file"], row["archive_offset"], row["archive_length"])
