"""What linking reads and writes: sketches and matches of articles, copies, stories. Threads and groups: see ``groups``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.link import copies, stories
from pipeline.link.copies import Overlap, PrintedText
from pipeline.link.stories import StoryDecider, Topic
from pipeline.store.database import Connection
from pipeline.store.queries import get_query
from pipeline.store.staging import stage_rows
from pipeline.store.stories import StoredStories

_SKETCH = {
    "article_revision_id": "int8", "article_id": "int8", "sketch_version": "int4", "published_at": "timestamptz",
    "shingle_count": "int4", "copy_keys": "int8[]", "story_keys": "int8[]", "names": "int8[]", "name_weights": "float4[]",
    "topic_words": "int8[]", "topic_word_weights": "float4[]",
}  # fmt: skip
_SEARCH = {
    "article_revision_id": "int8", "article_id": "int8", "published_at": "timestamptz", "copy_keys": "int8[]",
    "story_keys": "int8[]",
}  # fmt: skip
_MATCH = {
    "article_id": "int8", "other_article_id": "int8", "jaccard": "float4", "containment": "float4", "shingle_count": "int4",
    "story_score": "float4",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ArticleChanges:
    """What linking changed of articles: those with another copy mark, those moved to another story, the stories left."""

    copies: tuple[int, ...]
    moved: tuple[int, ...]
    left_stories: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    """A revision read for sketching."""

    revision_id: int
    article_id: int
    published_at: datetime
    shingles: frozenset[str]
    topic: Topic


def list_unlinked_batches(connection: Connection) -> list[int]:
    """Load batches of revisions and readings that no finished link run has worked in."""
    return [int(row["load_batch_id"]) for row in connection.execute(get_query("list_unlinked_batches"))]


def finish_batches(connection: Connection, batches: Sequence[int], run_id: int) -> None:
    """Mark batches as linked, inside the caller's transaction."""
    connection.execute(get_query("insert_linked_batches"), {"batches": list(batches), "run_id": run_id})


def link_articles(connection: Connection, batches: Sequence[int]) -> ArticleChanges:
    """Find copies and stories of the revisions of these batches, inside the caller's transaction."""
    rows = connection.execute(get_query("list_revisions_of_batches"), {"batches": list(batches)}).fetchall()
    ids = [int(row["article_revision_id"]) for row in rows]
    if not ids:
        return ArticleChanges((), (), ())
    texts = _read_texts(connection, ids)
    _add_sketches(connection, texts)
    touched = {text.article_id for text in texts.values()}
    reached = touched | _add_matches(connection, texts)
    copied, ends = _set_copies(connection, touched)
    moved, left = _set_stories(connection, reached | copied | ends)
    return ArticleChanges(tuple(sorted(copied)), tuple(moved), tuple(left))


def _read_texts(connection: Connection, ids: Sequence[int]) -> dict[int, _Text]:
    found = {}
    for row in connection.execute(get_query("list_revisions_to_sketch"), {"ids": list(ids)}):
        masked = [(int(start), int(end)) for start, end in row["masked"]]
        shingles = copies.find_shingles(row["body"], masked)
        plain = row["headline"] + "\n" + copies.without_spans(row["body"], masked)
        topic = stories.read_topic(row["article_id"], plain, row["language"], row["published_at"], row["canonical_url"])
        found[row["article_revision_id"]] = _Text(
            row["article_revision_id"], row["article_id"], row["published_at"], shingles, topic
        )
    return found


def _add_sketches(connection: Connection, texts: Mapping[int, _Text]) -> None:
    stage_rows(connection, "new_sketch", _SKETCH, (
        [t.revision_id, t.article_id, copies.SKETCH_VERSION, t.published_at, len(t.shingles),
         copies.sketch_keys(t.shingles, t.published_at), stories.topic_keys(t.topic),
         *_columns(t.topic.names), *_columns(t.topic.words)]
        for t in texts.values()
    ))  # fmt: skip
    connection.execute(get_query("upsert_sketches"))
    stage_rows(connection, "new_search", _SEARCH, (
        [t.revision_id, t.article_id, t.published_at, copies.sketch_keys(t.shingles, t.published_at, True),
         stories.topic_keys(t.topic, True)]
        for t in texts.values()
    ))  # fmt: skip


def _columns(weights: Mapping[int, float]) -> tuple[list[int], list[float]]:
    """Keys and weights in the order of the keys: a set's order differs between processes, a row must not."""
    return sorted(weights), [weights[key] for key in sorted(weights)]


def _add_matches(connection: Connection, texts: dict[int, _Text]) -> set[int]:
    """Store what the texts share with others; returns the articles that now share more."""
    overlaps = copies.best_overlaps(_measure_copies(connection, texts))
    scores = _measure_stories(connection, texts)
    none = Overlap(0.0, 0.0, 0)
    pairs = sorted(overlaps.keys() | scores.keys())
    stage_rows(connection, "new_match", _MATCH, (
        [*pair, o.jaccard, o.containment, o.shingles, scores.get(pair, 0.0)]
        for pair in pairs for o in [overlaps.get(pair, none)]
    ))  # fmt: skip
    changed = connection.execute(get_query("upsert_article_matches")).fetchall()
    return {int(end) for row in changed for end in row.values()}


def _measure_copies(connection: Connection, texts: Mapping[int, _Text]) -> list[tuple[int, int, Overlap]]:
    pairs = [
        (row["article_revision_id"], row["other_revision_id"])
        for row in connection.execute(get_query("list_copy_candidates"))
    ]
    known = {**_read_texts(connection, sorted({b for _, b in pairs} - texts.keys())), **texts}
    measured = [
        (known[a].article_id, known[b].article_id, copies.measure_overlap(known[a].shingles, known[b].shingles))
        for a, b in pairs
    ]
    return [found for found in measured if found[2].containment >= copies.SAME_AGENCY]


def _measure_stories(connection: Connection, texts: Mapping[int, _Text]) -> dict[tuple[int, int], float]:
    pairs = [
        (row["article_revision_id"], row["other_revision_id"])
        for row in connection.execute(get_query("list_story_candidates"))
    ]
    topics = _get_topics(connection, {revision for pair in pairs for revision in pair})
    scores: dict[tuple[int, int], float] = {}
    for a, b in pairs:
        one, other = topics[a], topics[b]
        key = (min(one.article_id, other.article_id), max(one.article_id, other.article_id))
        score = stories.measure_story(one, other)
        if score > scores.get(key, 0.0):
            scores[key] = score
    return scores


def _get_topics(connection: Connection, revisions: Collection[int]) -> dict[int, Topic]:
    return {
        row["article_revision_id"]: Topic(
            row["article_id"], dict(zip(row["names"], row["name_weights"], strict=True)),
            dict(zip(row["topic_words"], row["topic_word_weights"], strict=True)), row["language"], row["published_at"],
            row["canonical_url"],
        )
        for row in connection.execute(get_query("get_sketches"), {"ids": sorted(revisions)})
    }  # fmt: skip


def _set_copies(connection: Connection, touched: Collection[int]) -> tuple[set[int], set[int]]:
    """Decide anew whose text the touched articles and those that share text with them repeat.

    Returns the articles whose mark changed, and the originals that they had or have.
    """
    near = _ids(connection, "list_neighbours", touched)
    found = connection.execute(get_query("list_overlaps"), {"ids": sorted(near)}).fetchall()
    overlaps = {
        (m["article_id"], m["other_article_id"]): Overlap(m["jaccard"], m["containment"], m["shingle_count"])
        for m in found
    }
    ends = {end for pair in overlaps for end in pair}
    rows = connection.execute(get_query("get_printed_texts"), {"ids": sorted(near | ends)}).fetchall()
    parents = copies.decide_parents({row["article_id"]: PrintedText(**row) for row in rows}, overlaps, near)
    columns = {"article_id": "int8", "copy_parent_article_id": "int8", "copy_method": "text", "copy_score": "float4"}
    stage_rows(connection, "new_copy", columns, (
        [a, p.original_id if p else None, p.method if p else None, p.score if p else None] for a, p in parents.items()
    ))  # fmt: skip
    changed = {int(row["article_id"]) for row in connection.execute(get_query("set_copy_parents"))}
    rows = connection.execute(get_query("set_originals"), {"ids": sorted(near)}).fetchall()
    originals = {int(row[end]) for row in rows for end in ("left_id", "original_id") if row[end] is not None}
    return changed | {int(row["article_id"]) for row in rows}, originals


def _set_stories(connection: Connection, changed: Collection[int]) -> tuple[list[int], list[int]]:
    """Decide the stories of what changed and of what follows from it; returns the articles that moved, the stories left."""
    founders = StoryDecider(StoredStories(connection)).settle(changed)
    stage_rows(connection, "new_story", {"article_id": "int8", "founder_id": "int8"}, founders.items())
    rows = connection.execute(get_query("set_stories")).fetchall()
    return sorted(int(r["article_id"]) for r in rows), sorted({int(r["left_story_id"]) for r in rows})


def _ids(connection: Connection, query: str, ids: Collection[int]) -> set[int]:
    rows = connection.execute(get_query(query), {"ids": sorted(ids)})
    return {int(row["article_id"]) for row in rows}


def list_claims_again(connection: Connection, article_ids: Sequence[int]) -> int:
    """Set ``is_listed`` of the claims of articles; returns how many changed."""
    row: dict[str, Any] | None = connection.execute(
        get_query("list_claims_of_articles_again"), {"ids": list(article_ids)}
    ).fetchone()
    assert row is not None
    return int(row["list_claims"])


def lock(connection: Connection) -> None:
    """Wait for any other linker, inside the caller's transaction."""
    connection.execute(get_query("lock_linking"))
