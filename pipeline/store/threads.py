"""Threads over revisions, as stored: changes from one revision to the next, and threads that became one."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pipeline.link.matter import Statement, statement_of_row
from pipeline.link.threads import Change, align_articles, align_revisions, decide_threads
from pipeline.store.database import Connection
from pipeline.store.queries import get_query
from pipeline.store.staging import stage_rows

_THREAD = {
    "story_id": "int8", "thread_key": "bytea", "standing_key": "bytea", "first_published_at": "timestamptz",
}  # fmt: skip
_CHANGE = {
    "kind": "text", "what": "text", "from_claim_id": "int8", "to_claim_id": "int8", "from_revision_id": "int8",
    "to_revision_id": "int8", "method": "text", "score": "float4", "load_batch_id": "int8",
}  # fmt: skip


def list_read_articles(connection: Connection, batches: Sequence[int]) -> list[int]:
    """Articles with readings in these batches."""
    rows = connection.execute(get_query("list_articles_of_analyses"), {"batches": list(batches)})
    return [int(row["article_id"]) for row in rows]


def get_statements(connection: Connection, where: str, ids: Iterable[int], is_current: bool = True) -> list[Statement]:
    """Statements of current readings (or of all others) by ``articles``, ``revisions``, ``threads`` or ``claims``, in order
    of publication and text."""
    narrow = {
        "articles": " and r.article_id = any (%(ids)s)",
        "revisions": " and c.article_revision_id = any (%(ids)s)",
        "threads": " and c.claim_thread_id = any (%(ids)s)",
        "claims": " and c.claim_id = any (%(ids)s)",
    }[where]
    values = {"ids": sorted(ids), "is_current": is_current}
    rows = connection.execute(get_query("get_read_claims") + narrow, values).fetchall()
    return sorted(map(statement_of_row, rows), key=lambda s: (s.published_at, *s.place))


def link_threads(
    connection: Connection, article_ids: Sequence[int], left_stories: Collection[int], load_batch_id: int
) -> set[int]:
    """Decide the threads of the stories of these articles, and of stories left, anew; store changes.

    Returns the threads that gained, lost or stand otherwise. Inside the caller's transaction. Revisions of an article are
    aligned in a row, updates at other URLs with what the same agency wrote before, readings of one revision with each other.
    """
    stories = sorted({*_list_stories(connection, article_ids), *left_stories})
    if not stories:
        return set()
    values = {"ids": stories}
    connection.execute(get_query("fill_thread_keys"), values)
    rows = connection.execute(get_query("list_articles_of_stories"), values).fetchall()
    statements = get_statements(connection, "articles", [row["article_id"] for row in rows])
    extractions = _list_extractions(connection, stories)
    retired = _get_retired(connection, extractions)
    changes: dict[int, list[Change]] = {}
    for story in stories:
        own = [row for row in rows if row["story_id"] == story]
        in_story = [s for s in (*statements, *retired) if s.story_id == story]
        changes[story] = [*_revision_changes(in_story, own, extractions), *_chain_changes(statements, own)]
    rereadings = _align_readings(connection, stories, statements, extractions)
    published = _list_keys(connection, stories)
    stage_rows(connection, "new_thread", _THREAD, (
        [story, key, standing, published[story][key]]
        for story in published
        for key, standing in decide_threads(
            published[story], [*changes[story], *rereadings.get(story, ())]
        ).items()
    ))  # fmt: skip
    touched = _set_threads(connection, values)
    # What two extractors make of the same bytes is no change of the publisher's: it joins threads, and is not stored.
    alike = [
        c
        for own in changes.values()
        for c in own
        if len({extractions[r]["extractor_version"] for r in c.revisions}) == 1
    ]
    _add_changes(connection, alike, stories, load_batch_id)
    # What was decided by hand holds for all that a thread stands for now.
    connection.execute(get_query("apply_corrections"))
    connection.execute(get_query("list_claims_of_articles"), {"article_ids": [row["article_id"] for row in rows]})
    return touched


def _list_stories(connection: Connection, article_ids: Sequence[int]) -> list[int]:
    rows = connection.execute(get_query("list_stories_of_articles"), {"ids": list(article_ids)})
    return [int(row["story_id"]) for row in rows]


def _list_keys(connection: Connection, stories: Sequence[int]) -> dict[int, dict[bytes, datetime]]:
    """First publication of each key of each story."""
    found: dict[int, dict[bytes, datetime]] = {}
    for row in connection.execute(get_query("list_thread_keys"), {"ids": list(stories)}):
        found.setdefault(int(row["story_id"]), {})[row["thread_key"]] = row["first_published_at"]
    return found


def _set_threads(connection: Connection, values: Mapping[str, Any]) -> set[int]:
    """Make the threads of the stories what ``new_thread`` says; returns those that changed."""
    touched: set[int] = set()
    for name in ("set_threads", "point_threads", "move_claims", "restate_claims"):
        rows = connection.execute(get_query(name), values).fetchall()
        touched |= {int(thread) for row in rows for thread in row.values()}
    connection.execute(get_query("point_left_threads"), values)
    connection.execute(get_query("follow_left_threads"), values)
    return touched


def forget_threads(connection: Connection, article_ids: Sequence[int], left_stories: Collection[int]) -> None:
    """Delete the threads of these stories that nothing stands in any more, once no group holds them."""
    stories = sorted({*_list_stories(connection, article_ids), *left_stories})
    if stories:
        connection.execute(get_query("delete_left_threads"), {"ids": stories})


def _revisions(statements: Iterable[Statement]) -> dict[int, list[Statement]]:
    """Statements by revision, in order of publication."""
    found: dict[int, list[Statement]] = {}
    for statement in statements:
        found.setdefault(statement.revision_id, []).append(statement)
    return found


def _list_extractions(connection: Connection, stories: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    """Who extracted each revision, by its id."""
    rows = connection.execute(get_query("list_extractions"), {"ids": list(stories)}).fetchall()
    return {int(row["article_revision_id"]): row for row in rows}


def _get_retired(connection: Connection, extractions: Mapping[int, Mapping[str, Any]]) -> list[Statement]:
    """What stood read in revisions before a newer extractor read them anew."""
    retired = {
        k: row["retired_analysis_id"] for k, row in extractions.items() if row["retired_analysis_id"] is not None
    }
    if not retired:
        return []
    found = get_statements(connection, "revisions", retired, is_current=False)
    return [statement for statement in found if statement.analysis_id == retired[statement.revision_id]]


def _revision_changes(
    statements: Sequence[Statement],
    articles: Sequence[Mapping[str, Any]],
    extractions: Mapping[int, Mapping[str, Any]],
) -> list[Change]:
    """Of each article, from one revision to the next, as one extractor read them."""
    changes: list[Change] = []
    for article in articles:
        read: dict[str, list[list[Statement]]] = {}
        for revision_id, own in _revisions(s for s in statements if s.article_id == article["article_id"]).items():
            read.setdefault(extractions[revision_id]["extractor_version"], []).append(own)
        for revisions in read.values():
            for before, after in itertools.pairwise(sorted(revisions, key=lambda own: own[0].revision_number)):
                changes += align_revisions(before, after)
    return changes


def _chain_changes(statements: Sequence[Statement], articles: Sequence[Mapping[str, Any]]) -> list[Change]:
    """Between articles of one voice that are no copies: the first revision of each against the newest before it of the others."""
    voices: dict[str, set[int]] = {}
    for article in articles:
        if article["copy_of_article_id"] is None:
            voices.setdefault(article["voice"], set()).add(article["article_id"])
    changes: list[Change] = []
    for own in voices.values():
        newest: dict[int, list[Statement]] = {}
        for revision in _revisions(s for s in statements if s.article_id in own).values():
            article_id = revision[0].article_id
            if article_id not in newest:
                changes += align_articles([s for known in newest.values() for s in known], revision)
            newest[article_id] = revision
    return changes


def _align_readings(
    connection: Connection,
    stories: Sequence[int],
    statements: Sequence[Statement],
    extractions: Mapping[int, Mapping[str, Any]],
) -> dict[int, list[Change]]:
    """What earlier readings of a published state and the current one both say, by story: a thread survives a re-analysis
    and a re-extraction."""
    rows = connection.execute(get_query("list_reread_revisions"), {"ids": list(stories)}).fetchall()
    if not rows:
        return {}
    earlier = get_statements(connection, "revisions", {row["article_revision_id"] for row in rows}, is_current=False)
    current = _revisions(statements)
    found: dict[int, list[Change]] = {}
    for statement_group in _by_reading(earlier).values():
        revision_id = statement_group[0].revision_id
        after = current.get(extractions[revision_id]["newest_id"])
        if after:
            found.setdefault(after[0].story_id, []).extend(align_revisions(statement_group, after))
    return found


def _by_reading(statements: Iterable[Statement]) -> dict[tuple[int, int], list[Statement]]:
    found: dict[tuple[int, int], list[Statement]] = {}
    for statement in statements:
        found.setdefault((statement.revision_id, statement.analysis_id), []).append(statement)
    return found


def _add_changes(connection: Connection, changes: Sequence[Change], stories: Sequence[int], load_batch_id: int) -> None:
    stage_rows(connection, "new_change", _CHANGE, (
        [c.kind, c.what, c.before.claim_id if c.before else None, c.after.claim_id if c.after else None, *c.revisions,
         c.method, c.score, load_batch_id]
        for c in changes
    ))  # fmt: skip
    connection.execute(get_query("delete_claim_changes"), {"ids": list(stories)})
    connection.execute(get_query("insert_claim_changes"))
