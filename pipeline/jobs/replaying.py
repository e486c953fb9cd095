"""The archive to the database, with no network: every archived response in order of its fetch, as if it came now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipeline.collect.archive import Archive
from pipeline.collect.dropfolder import find_feed_key
from pipeline.collect.identity import normalise_url
from pipeline.collect.pacing import find_domain
from pipeline.errors import UsageError
from pipeline.jobs.delivering import Taker
from pipeline.jobs.reading import read_fetched
from pipeline.jobs.session import open_store, utc_now
from pipeline.jobs.storing import poll_archived, store_page
from pipeline.records import ArchivePointer, FeedSpec, FetchResult
from pipeline.registry import load_registry
from pipeline.settings import Settings, get_settings
from pipeline.store import feeds as feed_store
from pipeline.store import fetches, runs
from pipeline.store.database import Connection, transaction

BEGIN = datetime.fromisoformat("0001-01-01T00:00:00+00:00")
END = datetime.fromisoformat("9999-01-01T00:00:00+00:00")


def replay_range(context: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters of a replay: the run's own, else the data interval of a backfill's run."""
    given = dict(context["params"])
    if given.get("from_at") is None and context.get("data_interval_start"):
        given["from_at"] = context["data_interval_start"].isoformat()
        given["to_at"] = context["data_interval_end"].isoformat()
    return {k: given.get(k) for k in ("from_at", "to_at", "feed", "file")}


def replay_archive(
    from_at: str | datetime | None = None,
    to_at: str | datetime | None = None,
    feed: str | None = None,
    file: str | None = None,
    settings: Settings | None = None,
) -> dict[str, int]:
    """Replay responses fetched in ``[from_at, to_at)`` and read them into revisions; returns counts.

    A response that the database knows is left as it is. Raises :class:`UsageError` for a wrong time, feed or file.
    """
    settings = settings or get_settings()
    begin, end = parse_time(from_at, BEGIN), parse_time(to_at, END)
    specs = load_registry(settings.feeds)
    if feed is not None and feed not in {s.feed_key for s in specs}:
        raise UsageError(f"no such feed: {feed} (`wire feeds` lists them)")
    counts = {"responses": 0, "known": 0, "unplaced": 0, "revisions": 0}
    parameters = {"from_at": str(from_at), "to_at": str(to_at), "feed": feed, "file": file}
    with open_store(settings) as connection, Archive(settings.archive) as archive:
        with transaction(connection):
            feed_store.save_registry(connection, specs)
        with runs.recorded_run(connection, "replay", parameters) as run_id:
            replayer = _Replayer(connection, archive, run_id, specs, feed, counts)
            for pointer in _in_order(archive, file, begin, end):
                if replayer.is_known(pointer):
                    counts["known"] += 1
                    continue
                if not replayer.place(pointer, archive.read(pointer)):
                    continue
                # Read as the live run would have: a page's revision must be there before the next state of it comes.
                counts["revisions"] += read_fetched(connection, run_id, settings, 50)
            replayer.taker.release(utc_now())
            counts["revisions"] += replayer.taker.counts["revisions"]
    return counts


def parse_time(value: str | datetime | None, default: datetime) -> datetime:
    """An aware time from ISO text; raises :class:`UsageError`."""
    if value is None:
        return default
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise UsageError(f"not an ISO time: {value}") from None
    if at.tzinfo is None:
        raise UsageError(f"a time needs its zone: {value}")
    return at


def _in_order(archive: Archive, file: str | None, begin: datetime, end: datetime) -> Iterator[ArchivePointer]:
    files = [file] if file else archive.files(is_latest=True)
    if file is not None and not Path(file).exists() and file not in archive.files():
        raise UsageError(f"no such WARC file: {file}")
    found = [
        (result.fetched_at, pointer.file, pointer.offset, pointer)
        for name in files
        for pointer, result in archive.iterate(name)
        if begin <= result.fetched_at < end
    ]
    for _, _, _, pointer in sorted(found, key=lambda row: row[:3]):
        yield pointer


class _Replayer:
    def __init__(
        self,
        connection: Connection,
        archive: Archive,
        run_id: int,
        specs: tuple[FeedSpec, ...],
        feed: str | None,
        counts: dict[str, int],
    ) -> None:
        self._connection = connection
        self._run_id = run_id
        self.taker = Taker(connection, archive, run_id)
        self._counts = counts
        self._feed = feed
        self._by_url = {normalise_url(s.url): s for s in specs}
        self._by_domain: dict[str | None, FeedSpec] = {}
        self._delivered = {s.feed_key: s for s in specs if s.is_delivered}
        for spec in specs:
            if not spec.is_delivered:
                self._by_domain.setdefault(find_domain(spec.url), spec)

    def is_known(self, pointer: ArchivePointer) -> bool:
        """Whether the database holds this response."""
        row = self._connection.execute(
            "select 1 as it from raw.fetch where archive_file = %s and archive_offset = %s",
            [pointer.file, pointer.offset],
        ).fetchone()
        return row is not None

    def place(self, pointer: ArchivePointer, result: FetchResult) -> bool:
        """Store one response as the poll or the page that it was; whether it was one of ours. robots.txt says nothing
        about news."""
        before = self._counts["responses"]
        self._place(pointer, result)
        return self._counts["responses"] > before

    def _place(self, pointer: ArchivePointer, result: FetchResult) -> None:
        if urlsplit(result.request_url).path == "/robots.txt":
            return
        if (key := find_feed_key(result.request_url)) is not None:
            self._place_delivery(key, pointer, result)
            return
        spec = self._by_url.get(normalise_url(result.request_url))
        with transaction(self._connection):
            if spec is not None:
                if self._feed in (None, spec.feed_key):
                    poll_archived(self._connection, self._run_id, spec, result, pointer)
                    self._counts["responses"] += 1
                return
            visit = self._find_visit(result)
            if visit is None or self._feed not in (None, visit.feed_key):
                self._counts["unplaced"] += visit is None
                return
            store_page(self._connection, self._run_id, visit, result, pointer)
            self._counts["responses"] += 1

    def _place_delivery(self, key: str, pointer: ArchivePointer, result: FetchResult) -> None:
        spec = self._delivered.get(key)
        if spec is None or self._feed not in (None, key):
            self._counts["unplaced"] += spec is None
            return
        self.taker.release(result.fetched_at)
        self.taker.store(spec, result, pointer)
        self._counts["responses"] += 1

    def _find_visit(self, result: FetchResult) -> fetches.Visit | None:
        visit = fetches.find_open_visit(self._connection, result.request_url, result.fetched_at)
        if visit is not None:
            return visit
        # A page that no feed of ours led to: the history of somebody else's crawl.
        spec = self._by_domain.get(find_domain(result.request_url))
        if spec is None:
            return None
        return fetches.add_manual_visit(self._connection, result.request_url, spec.feed_key, result.fetched_at)
