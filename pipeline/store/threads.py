"""Threads over revisions, as stored: changes from one revision to the next, and threads that became one."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

from pipeline.link import copies
from pipeline.link.matter import Statement, statement_of_row
from pipeline.link.threads import Change, align_articles, align_revisions, merge_pairs
from pipeline.store.database import Connection
from pipeline.store.links import stage_moves
from pipeline.store.queries import get_query
from pipeline.store.staging import stage_rows

_CHANGE = {
    "kind": "text", "what": "text", "from_claim_id": "int8", "to_claim_id": "int8", "from_revision_id": "int8",
    "to_revision_id": "int8", "method": "text", "score": "float4", "load_batch_id": "int8",
}  # fmt: skip


def list_read_articles(connection: Connection, batches: Sequence[int]) -> list[int]:
    """Articles with readings in these batches."""
    rows = connection.execute(get_query("list_articles_of_analyses"), {"batches": list(batches)})
    return [int(row["article_id"]) for row in rows]


def get_statements(connection: Connection, where: str, ids: Iterable[int]) -> list[Statement]:
    """Statements of current readings by ``articles``, ``threads`` or ``claims``, in order of publication and text."""
    narrow = {
        "articles": " and r.article_id = any (%(ids)s)",
        "threads": " and c.claim_thread_id = any (%(ids)s)",
        "claims": " and c.claim_id = any (%(ids)s)",
    }[where]
    rows = connection.execute(get_query("get_read_claims") + narrow, {"ids": sorted(ids)})
    found = [statement_of_row(row) for row in rows.fetchall()]
    return sorted(found, key=lambda s: (s.published_at, s.article_id, s.revision_id, s.position, s.claim_id))


def link_threads(connection: Connection, article_ids: Sequence[int], load_batch_id: int) -> set[int]:
    """Align the revisions of articles, store changes, merge threads; returns the threads that merged into others.

    Inside the caller's transaction. Updates of a story at other URLs are aligned with what the same agency wrote before.
    """
    if not article_ids:
        return set()
    rows = connection.execute(get_query("list_articles_of_stories"), {"ids": list(article_ids)}).fetchall()
    wanted = set(article_ids)
    touched = {(r["story_id"], r["voice"]) for r in rows if r["article_id"] in wanted}
    chains: dict[tuple[int, str], list[int]] = {}
    for row in rows:
        if (row["story_id"], row["voice"]) in touched and row["copy_of_article_id"] is None:
            chains.setdefault((row["story_id"], row["voice"]), []).append(row["article_id"])
    members = sorted({a for chain in chains.values() for a in chain} | wanted)
    connection.execute(get_query("follow_merged_threads"), {"ids": members})
    statements = get_statements(connection, "articles", members)
    changes = [c for article in members for c in _article_changes(statements, article)]
    merged = _merge(connection, merge_pairs(changes))
    if merged:
        statements = get_statements(connection, "articles", members)
    across = [c for chain in chains.values() for c in _chain_changes([s for s in statements if s.article_id in chain])]
    merged |= _merge(connection, merge_pairs(across))
    connection.execute(
        get_query("restate_claims"), {"ids": sorted({s.thread_id for s in statements} | merged_into(across))}
    )
    _add_changes(connection, [*changes, *across], {s.revision_id for s in statements}, load_batch_id)
    return merged


def merged_into(changes: Sequence[Change]) -> set[int]:
    """Threads that changes may have made one."""
    return {thread for pair in merge_pairs(changes) for thread in pair}


def _revisions(statements: Sequence[Statement]) -> dict[int, list[Statement]]:
    """Statements by revision, in order of publication."""
    found: dict[int, list[Statement]] = {}
    for statement in statements:
        found.setdefault(statement.revision_id, []).append(statement)
    return found


def _article_changes(statements: Sequence[Statement], article_id: int) -> list[Change]:
    revisions = list(_revisions([s for s in statements if s.article_id == article_id]).values())
    return [change for before, after in itertools.pairwise(revisions) for change in align_revisions(before, after)]


def _chain_changes(statements: Sequence[Statement]) -> list[Change]:
    """Between articles of one voice in one story: the first revision of each against the newest before it of the others."""
    seen: set[int] = set()
    newest: dict[int, list[Statement]] = {}
    changes: list[Change] = []
    for revision in _revisions(statements).values():
        article = revision[0].article_id
        if article not in seen:
            earlier = [s for other, known in newest.items() if other != article for s in known]
            changes += align_articles(earlier, revision)
        seen.add(article)
        newest[article] = revision
    return changes


def _merge(connection: Connection, pairs: Sequence[tuple[int, int]]) -> set[int]:
    """Make the threads of pairs one: the earliest of each component stands for it."""
    if not pairs:
        return set()
    ids = sorted({thread for pair in pairs for thread in pair})
    rows = connection.execute(get_query("list_threads_to_merge"), {"ids": ids}).fetchall()
    order: Mapping[int, tuple[object, ...]] = {
        row["claim_thread_id"]: (row["first_published_at"], row["thread_key"]) for row in rows
    }
    moves = []
    for component in copies.components(ids, pairs):
        first = min(component, key=lambda thread: order[thread])
        moves += [(thread, first) for thread in component if thread != first]
    stage_moves(connection, "new_merge", moves)
    connection.execute(get_query("merge_threads"))
    return {old for old, _ in moves}


def _add_changes(
    connection: Connection, changes: Sequence[Change], revisions: Iterable[int], load_batch_id: int
) -> None:
    stage_rows(connection, "new_change", _CHANGE, (
        [c.kind, c.what, c.before.claim_id if c.before else None, c.after.claim_id if c.after else None, *c.revisions,
         c.method, c.score, load_batch_id]
        for c in changes
    ))  # fmt: skip
    connection.execute(get_query("delete_claim_changes"), {"revisions": sorted(revisions)})
    connection.execute(get_query("insert_claim_changes"))
