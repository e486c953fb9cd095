"""A memory of entries, as the database keeps one, for tests that have none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.collect.entrykeys import SeenEntry, find_place, find_words
from pipeline.records import FeedEntry


def remember(key: str, entry: FeedEntry, before: SeenEntry | None) -> SeenEntry:
    """An entry with one state more."""
    place, guid = find_place(entry), (entry.guid or "").strip()
    return SeenEntry(
        key,
        (before.addresses if before else frozenset()) | ({place} if place else set()),
        (before.guids if before else frozenset()) | ({guid} if guid else set()),
        find_words(entry),
        entry.published_at,
    )


def remember_all(keys: Sequence[str], entries: Iterable[FeedEntry], seen: Iterable[SeenEntry] = ()) -> list[SeenEntry]:
    """What is remembered after a poll; of entries with one key the first counts."""
    known = {s.key: s for s in seen}
    first: dict[str, FeedEntry] = {}
    for key, entry in zip(keys, entries, strict=True):
        first.setdefault(key, entry)
    return list((known | {key: remember(key, entry, known.get(key)) for key, entry in first.items()}).values())
