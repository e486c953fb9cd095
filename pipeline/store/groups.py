"""Groups and links over stories, as stored: what statements are about, who matches whom, groups with their sums."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Literal

from psycopg.types.json import Jsonb

from pipeline.link import groups
from pipeline.link.groups import Apart, Place
from pipeline.link.matter import Statement
from pipeline.link.own_words import elaborate
from pipeline.link.pointing import is_bare, point_answers, points_past
from pipeline.link.reading import Reader, get_reader
from pipeline.link.stances import OPEN_STANCES, ThreadMatch
from pipeline.link.weighing import judge_relation
from pipeline.store.database import Connection
from pipeline.store.queries import get_query
from pipeline.store.staging import stage_rows
from pipeline.store.threads import get_statements

# Links of one text that say what a statement does to a proposition; the rest only say that two are near each other.
ANSWERING = frozenset({"denies", "confirms", "does_not_confirm"})
_MATTER = {"claim_thread_id": "int8", "claim_id": "int8", "keys": "int8[]", "search_keys": "int8[]"}
_MATCH = {
    "from_thread_id": "int8", "to_thread_id": "int8", "kind": "text", "relation": "text", "is_opposed": "boolean",
    "method": "text", "score": "float4", "reason": "text", "load_batch_id": "int8",
}  # fmt: skip
_GROUP = {
    "founder_thread_id": "int8", "title": "text", "first_stated_at": "timestamptz", "last_stated_at": "timestamptz",
    "member_count": "int4", "story_count": "int4", "agency_count": "int4", "asserting": "int4", "denying": "int4",
    "confirming": "int4", "unconfirming": "int4", "is_unnamed_only": "boolean", "is_contested": "boolean",
}  # fmt: skip
_MEMBER = {
    "founder_thread_id": "int8", "claim_thread_id": "int8", "stance": "text", "method": "text", "score": "float4",
    "load_batch_id": "int8",
}  # fmt: skip
_LINK = {
    "from_claim_id": "int8", "to_claim_id": "int8", "relation": "text", "method": "text", "score": "float4",
    "reason": "text", "load_batch_id": "int8",
}  # fmt: skip


def list_threads(connection: Connection, article_ids: Sequence[int]) -> set[int]:
    """Threads with claims in these articles."""
    rows = connection.execute(get_query("list_threads_of_articles"), {"ids": list(article_ids)})
    return {int(row["claim_thread_id"]) for row in rows}


def link_groups(connection: Connection, touched: Collection[int], load_batch_id: int) -> int:
    """Match the touched threads with all others, regroup what they reach, draw links; returns how many links stand there.

    Inside the caller's transaction. What is stored for these threads before is replaced.
    """
    if not touched:
        return 0
    said = get_statements(connection, "threads", touched)
    standing = stand_for(said)
    gone = sorted(set(touched) - standing.keys())
    pairs = _find_candidates(connection, standing, gone)
    standing |= stand_for(get_statements(connection, "threads", {t for pair in pairs for t in pair} - standing.keys()))
    articles = {statement.article_id for statement in said if not statement.is_copy}
    matches = [*_match_texts(connection, touched, articles, standing), *match_pairs(standing, pairs, get_reader().read)]
    _set_matches(connection, touched, matches, load_batch_id)
    count = _set_links(connection, touched, matches, standing, load_batch_id)
    _regroup(connection, sorted(touched), load_batch_id)
    return count


def stand_for(statements: Iterable[Statement]) -> dict[int, Statement]:
    """The statement that stands for each thread: listed first, then the newest; copies stand for none."""
    best: dict[int, Statement] = {}
    for statement in statements:
        known = best.get(statement.thread_id)
        if not statement.is_copy and (known is None or _rank(statement) > _rank(known)):
            best[statement.thread_id] = statement
    return best


def _rank(statement: Statement) -> tuple[object, ...]:
    url, revision, position, ordinal, claim = statement.place
    return statement.is_listed, statement.published_at, url, revision, -position, -ordinal, -claim


def _find_candidates(
    connection: Connection, standing: Mapping[int, Statement], gone: Sequence[int]
) -> list[tuple[int, int]]:
    connection.execute(get_query("delete_thread_matters"), {"ids": list(gone)})
    stage_rows(connection, "new_matter", _MATTER, (
        [thread, s.claim_id, groups.matter_keys(s), groups.matter_keys(s, True)] for thread, s in standing.items()
    ))  # fmt: skip
    connection.execute(get_query("upsert_thread_matters"))
    rows = connection.execute(get_query("list_matter_candidates")).fetchall()
    return sorted({groups.pair_of(row["claim_thread_id"], row["other_thread_id"]) for row in rows})


def match_pairs(
    standing: Mapping[int, Statement], pairs: Iterable[tuple[int, int]], read: Reader | None = None
) -> list[ThreadMatch]:
    """Matches of candidate pairs, each from the later statement to the earlier one."""
    found = []
    for pair in pairs:
        if not all(thread in standing for thread in pair):
            continue
        earlier, later = sorted((standing[thread] for thread in pair), key=groups.statement_order)
        is_nested = OPEN_STANCES.keys() & {later.act, earlier.act} and (
            later.parent_id == earlier.claim_id or earlier.parent_id == later.claim_id
        )
        decided = None if is_nested or points_past(later, earlier) else judge_relation(later, earlier, read)
        if decided is not None:
            kind: Literal["same", "answers"] = "answers" if later.act in OPEN_STANCES else "same"
            found.append(
                ThreadMatch(
                    later.thread_id, earlier.thread_id, kind, decided.relation, decided.is_opposed, decided.method,
                    decided.score, decided.reason,
                )
            )  # fmt: skip
    return found


def _match_texts(
    connection: Connection, touched: Collection[int], articles: Collection[int], standing: dict[int, Statement]
) -> list[ThreadMatch]:
    """Matches by the links of single texts, and by pointing where a text has none; fills ``standing`` as it goes.

    ``articles`` are all that hold a touched thread: an answer in any of them may be one to it.
    """
    statements = get_statements(connection, "articles", articles)
    threads = sorted({s.thread_id for s in statements if not s.is_copy})
    rows = connection.execute(get_query("list_text_links"), {"ids": threads}).fetchall()
    rows = [row for row in rows if row["relation"] in ANSWERING and row["from_thread"] != row["to_thread"]]
    rows = [row for row in rows if not row["is_child_of_unknown"] and not is_bare(row["content"])]
    rows.sort(key=lambda r: (-r["score"], r["relation"], r["method"], r["from_claim"], r["to_claim"]))
    found: dict[tuple[int, int], ThreadMatch] = {}
    linked: dict[int, int] = {}
    for row in rows:
        linked.setdefault(row["from_claim"], row["to_thread"])
        found.setdefault((row["from_thread"], row["to_thread"]), _text_match(row))
    for match in _point(statements, linked):
        found.setdefault((match.from_thread, match.to_thread), match)
    kept = [m for m in found.values() if m.from_thread in touched or m.to_thread in touched]
    others = {end for m in kept for end in (m.from_thread, m.to_thread)} - standing.keys()
    standing |= stand_for(get_statements(connection, "threads", others))
    return [m for m in kept if m.from_thread in standing and m.to_thread in standing]


def _text_match(row: Mapping[str, Any]) -> ThreadMatch:
    return ThreadMatch(
        row["from_thread"], row["to_thread"], "answers", row["relation"], row["relation"] == "denies",
        f"text: {row['method']}", float(row["score"]), "linked in one text",
    )  # fmt: skip


def _point(statements: Sequence[Statement], linked: Mapping[int, int]) -> list[ThreadMatch]:
    by_revision: dict[int, list[Statement]] = {}
    for statement in statements:
        if not statement.is_copy:
            by_revision.setdefault(statement.revision_id, []).append(statement)
    read = get_reader().read
    return [
        match
        for revision in by_revision.values()
        for match in (*point_answers(revision, linked, read), *elaborate(revision, read))
    ]


def _set_matches(
    connection: Connection, touched: Collection[int], matches: Sequence[ThreadMatch], load_batch_id: int
) -> None:
    connection.execute(get_query("delete_thread_matches"), {"ids": sorted(touched)})
    stage_rows(connection, "new_thread_match", _MATCH, (
        [m.from_thread, m.to_thread, m.kind, m.relation, m.is_opposed, m.method, m.score, m.reason, load_batch_id]
        for m in matches
    ))  # fmt: skip
    connection.execute(get_query("insert_thread_matches"))


def _set_links(
    connection: Connection,
    touched: Collection[int],
    matches: Sequence[ThreadMatch],
    standing: Mapping[int, Statement],
    load_batch_id: int,
) -> int:
    """Links between the claims that stand for matched threads of different revisions."""
    connection.execute(get_query("delete_cross_links"), {"ids": sorted(touched)})
    rows = []
    for m in matches:
        one, other = standing[m.from_thread], standing[m.to_thread]
        if (
            m.relation is not None
            and one.revision_id != other.revision_id
            and not m.method.startswith(("text", "pointer"))
        ):
            rows.append(
                [one.claim_id, other.claim_id, m.relation, f"across {m.method}", m.score, m.reason, load_batch_id]
            )
    stage_rows(connection, "new_cross_link", _LINK, rows)
    connection.execute(get_query("insert_cross_links"))
    return len(rows)


def _regroup(connection: Connection, touched: Sequence[int], load_batch_id: int) -> None:
    """Decide the groups of all threads that the touched ones reach, now or before."""
    rows = connection.execute(get_query("list_members_of_threads"), {"ids": list(touched)}).fetchall()
    old_groups = {int(row["claim_group_id"]) for row in rows}
    seeds = sorted({int(row["claim_thread_id"]) for row in rows} | set(touched))
    reached = [
        int(row["claim_thread_id"]) for row in connection.execute(get_query("list_connected_threads"), {"ids": seeds})
    ]
    rows = connection.execute(get_query("list_members_of_threads"), {"ids": reached}).fetchall()
    old_groups |= {int(row["claim_group_id"]) for row in rows}
    statements = get_statements(connection, "threads", reached)
    standing = stand_for(statements)
    found = connection.execute(get_query("list_thread_matches"), {"ids": sorted(standing)}).fetchall()
    matches = [ThreadMatch(**row) for row in found if row["to_thread"] in standing]
    decided = get_decisions(connection, sorted(standing))
    places = groups.decide_groups(standing, [*matches, *_hand_matches(decided, standing)], decided)
    connection.execute(get_query("forget_founders"), {"ids": reached})
    _set_groups(connection, places, standing, statements, load_batch_id)
    connection.execute(get_query("delete_group_members"), {"ids": sorted(set(reached) - standing.keys())})
    connection.execute(get_query("delete_empty_groups"), {"ids": sorted(old_groups)})


def _set_groups(
    connection: Connection,
    places: Sequence[Place],
    standing: Mapping[int, Statement],
    statements: Sequence[Statement],
    load_batch_id: int,
) -> None:
    listed: dict[int, list[Statement]] = {}
    for statement in statements:
        if statement.is_listed:
            listed.setdefault(statement.thread_id, []).append(statement)
    by_founder: dict[int, list[Place]] = {}
    for place in places:
        by_founder.setdefault(place.founder_id, []).append(place)
    stage_rows(connection, "new_group", _GROUP, (
        [founder, groups.find_title(members, standing), *_sums(groups.sum_group(members, listed))]
        for founder, members in by_founder.items()
    ))  # fmt: skip
    connection.execute(get_query("upsert_groups"))
    stage_rows(connection, "new_member", _MEMBER, (
        [p.founder_id, p.thread_id, p.stance, p.method, p.score, load_batch_id] for p in places
    ))  # fmt: skip
    connection.execute(get_query("upsert_group_members"))


def _sums(sums: groups.GroupSums) -> list[Any]:
    return [getattr(sums, name) for name in sums.__dataclass_fields__]


def get_decisions(connection: Connection, threads: Sequence[int]) -> Apart:
    """What people have decided on these threads, by the threads that stand now."""
    rows = connection.execute(get_query("list_group_decisions"), {"ids": list(threads)}).fetchall()
    pairs = [
        (kind, int(row["claim_thread_id"]), int(row["value"][kind]))
        for row in rows for kind in ("with", "apart_from") if kind in row["value"]
    ]  # fmt: skip
    ids = sorted({thread for _, *pair in pairs for thread in pair})
    now = {
        row["old_thread_id"]: row["new_thread_id"]
        for row in connection.execute(get_query("get_standing_threads"), {"ids": ids})
    }
    last = {groups.pair_of(now[a], now[b]): kind for kind, a, b in pairs}
    return Apart(
        frozenset(pair for pair, kind in last.items() if kind == "with"),
        frozenset(pair for pair, kind in last.items() if kind == "apart_from"),
    )


def _hand_matches(decided: Apart, standing: Mapping[int, Statement]) -> list[ThreadMatch]:
    return [
        ThreadMatch(a, b, "same", None, False, "hand", 1.0, "decided by hand")
        for a, b in sorted(decided.together) if a in standing and b in standing
    ]  # fmt: skip


def add_decision(connection: Connection, thread_id: int, value: Mapping[str, int], made_by: str, reason: str) -> int:
    """Keep a decision by hand on a thread's group: ``{"with": thread}`` or ``{"apart_from": thread}``; returns its id."""
    values = {"claim_thread_id": thread_id, "value": Jsonb(dict(value)), "made_by": made_by, "reason": reason}
    row = connection.execute(get_query("insert_group_decision"), values).fetchone()
    assert row is not None
    return int(row["correction_id"])


def find_thread(connection: Connection, claim_id: int) -> int | None:
    """The thread of a claim."""
    row = connection.execute(get_query("find_thread_of_claim"), {"claim_id": claim_id}).fetchone()
    return int(row["claim_thread_id"]) if row else None


def find_group(connection: Connection, thread_id: int) -> dict[str, Any] | None:
    """Group, founding thread and stance of a thread."""
    return connection.execute(get_query("find_group_of_thread"), {"claim_thread_id": thread_id}).fetchone()
