"""Annotations of revisions, loaded in sets: analyses, entities, mentions, threads, claims and what hangs on them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.records import Annotation, Claim, Entity, TimeRange
from pipeline.store.database import Connection
from pipeline.store.queries import get_query
from pipeline.store.staging import stage_rows


@dataclass(frozen=True, slots=True)
class Revision:
    """A stored revision, as the analyser needs it."""

    article_revision_id: int
    article_id: int
    story_id: int
    headline: str
    body: str
    language: str | None
    published_at: datetime
    first_published_at: datetime
    agency_name: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one revision: an annotation, or why there is none."""

    revision: Revision
    annotation: Annotation | None
    status: str = "analysed"
    reason: str | None = None


_SPAN = {"text_part": "text", "span_start": "int4", "span_end": "int4", "words": "text"}
_KEY = {"analysis_id": "int8", "ordinal": "int4"}
_CLAIM = {
    **_KEY, "article_revision_id": "int8", "story_id": "int8", "thread_key": "bytea", "first_published_at": "timestamptz",
    "cue_lemma": "text", "plain_text": "text", "quote": "text", "act": "text", "polarity": "text", "certainty": "text",
    "said_from_at": "timestamptz", "said_to_at": "timestamptz", "said_precision": "text", "said_zone": "text",
    "said_words": "text", "said_unknown_why": "text", "occurs_from_at": "timestamptz", "occurs_to_at": "timestamptz",
    "occasion": "text", "place": "text", "confidence": "float4", "parent_ordinal": "int4", "parent_kind": "text",
    "load_batch_id": "int8",
}  # fmt: skip
_WORD = re.compile(r"\w+")


def list_unread_revisions(connection: Connection) -> list[int]:
    """Ids of revisions that no analyser has read."""
    return [int(row["article_revision_id"]) for row in connection.execute(get_query("list_unread_revisions"))]


def list_revisions_to_reanalyse(
    connection: Connection, from_at: datetime, to_at: datetime, analyser_version: str, limit: int
) -> list[int]:
    """Ids of revisions seen in the range that another analyser version has read, but not this one."""
    values = {"from_at": from_at, "to_at": to_at, "analyser_version": analyser_version, "limit": limit}
    return [
        int(row["article_revision_id"]) for row in connection.execute(get_query("list_revisions_to_reanalyse"), values)
    ]


def get_revisions(connection: Connection, ids: Sequence[int]) -> list[Revision]:
    """Stored revisions by id, in order of id."""
    return [Revision(**row) for row in connection.execute(get_query("get_revisions"), {"ids": list(ids)}).fetchall()]


def add_readings(connection: Connection, readings: Sequence[Reading], version: str, load_batch_id: int) -> int:
    """Store readings inside the caller's transaction; returns the number of claims.

    A revision that this version has read before is left as it is.
    """
    new = _add_analyses(connection, readings, version, load_batch_id)
    kept = [(new[r.revision.article_revision_id], r) for r in readings if r.revision.article_revision_id in new]
    annotated = [(analysis_id, r.revision, r.annotation) for analysis_id, r in kept if r.annotation is not None]
    _add_entities(connection, annotated)
    _add_claims(connection, annotated, load_batch_id)
    connection.execute(get_query("apply_corrections"))
    article_ids = sorted({r.revision.article_id for _, r in kept})
    connection.execute(get_query("list_claims_of_articles"), {"article_ids": article_ids})
    return sum(len(annotation.claims) for _, _, annotation in annotated)


def switch_analyses(connection: Connection, ids: Sequence[int], version: str) -> None:
    """Make this version's readings of revisions the current ones, inside the caller's transaction."""
    values = {"ids": list(ids), "analyser_version": version}
    connection.execute(get_query("switch_analyses"), values)
    connection.execute(get_query("make_analyses_current"), values)
    article_ids = sorted({r.article_id for r in get_revisions(connection, ids)})
    connection.execute(get_query("list_claims_of_articles"), {"article_ids": article_ids})


def _add_analyses(
    connection: Connection, readings: Sequence[Reading], version: str, load_batch_id: int
) -> dict[int, int]:
    columns = {
        "article_revision_id": "int8", "analyser_version": "text", "status": "text", "reason": "text",
        "claim_count": "int4", "mention_count": "int4", "load_batch_id": "int8",
    }  # fmt: skip
    rows = (
        [r.revision.article_revision_id, version, r.status, r.reason, len(a.claims) if a else 0,
         sum(len(e.mentions) for e in a.entities) if a else 0, load_batch_id]
        for r in readings for a in [r.annotation]
    )  # fmt: skip
    stage_rows(connection, "new_analysis", columns, rows)
    made = connection.execute(get_query("insert_analyses")).fetchall()
    return {int(row["article_revision_id"]): int(row["analysis_id"]) for row in made}


_Annotated = Sequence[tuple[int, Revision, Annotation]]


def _add_entities(connection: Connection, annotated: _Annotated) -> None:
    entity = {"entity_key": "text", "name": "text", "kind": "text", "qid": "text", "description": "text"}
    stage_rows(connection, "new_entity", entity, (
        [_entity_key(e, r), e.name, e.kind, e.qid, e.about] for _, r, a in annotated for e in a.entities
    ))  # fmt: skip
    connection.execute(get_query("upsert_entities"))
    mention = {
        "analysis_id": "int8", "article_revision_id": "int8", "entity_key": "text", "how": "text", "resolution": "text",
        "score": "float4", **_SPAN,
    }  # fmt: skip
    stage_rows(connection, "new_mention", mention, (
        [analysis_id, r.article_revision_id, _entity_key(e, r), m.how, e.how, e.score, m.text_part, m.start, m.end, m.text]
        for analysis_id, r, a in annotated for e in a.entities for m in e.mentions
    ))  # fmt: skip
    connection.execute(get_query("insert_mentions"))


def _add_claims(connection: Connection, annotated: _Annotated, load_batch_id: int) -> None:
    pairs = [(i, r, a, c) for i, r, a in annotated for c in a.claims]
    stage_rows(connection, "new_claim", _CLAIM, (_claim_row(i, r, a, c, load_batch_id) for i, r, a, c in pairs))
    connection.execute(get_query("upsert_threads"))
    connection.execute(get_query("insert_claims"))
    connection.execute(get_query("set_parents"))
    stage_rows(connection, "new_claim_span", {**_KEY, "part": "text", "position": "int2", **_SPAN}, (
        row for i, _, _, c in pairs for row in _span_rows(i, c)
    ))  # fmt: skip
    connection.execute(get_query("insert_claim_spans"))
    source = {
        **_KEY, "position": "int2", **_SPAN, "kind": "text", "entity_key": "text", "party_key": "text",
        "resolution": "text", "unknown_why": "text", "number_low": "int4", "number_high": "int4",
    }  # fmt: skip
    stage_rows(
        connection, "new_claim_source", source, (row for i, r, a, c in pairs for row in _source_rows(i, r, a, c))
    )
    connection.execute(get_query("insert_claim_sources"))
    stage_rows(connection, "new_claim_entity", {**_KEY, "entity_key": "text", "role": "text"}, (
        [i, c.id, _entity_key(_entities(a)[e.entity], r), e.role] for i, r, a, c in pairs for e in c.entities
    ))  # fmt: skip
    connection.execute(get_query("insert_claim_entities"))
    quantity = {
        **_KEY, "position": "int2", **_SPAN, "low": "float8", "high": "float8", "unit": "text", "measure": "text",
        "is_approximate": "boolean",
    }  # fmt: skip
    stage_rows(connection, "new_claim_quantity", quantity, (
        [i, c.id, n, c.text_part, q.start, q.end, q.text, q.low, q.high, q.unit, q.measure, q.approximate]
        for i, _, _, c in pairs for n, q in enumerate(c.quantities)
    ))  # fmt: skip
    connection.execute(get_query("insert_claim_quantities"))
    _add_links(connection, annotated, load_batch_id)


def _add_links(connection: Connection, annotated: _Annotated, load_batch_id: int) -> None:
    link = {
        "analysis_id": "int8", "from_ordinal": "int4", "to_ordinal": "int4", "relation": "text", "method": "text",
        "score": "float4", "reason": "text", "load_batch_id": "int8",
    }  # fmt: skip
    stage_rows(connection, "new_claim_link", link, (
        [i, k.from_claim, k.to_claim, k.relation, k.method, k.score, k.reason, load_batch_id]
        for i, _, a in annotated for k in a.links
    ))  # fmt: skip
    connection.execute(get_query("insert_claim_links"))


def _entities(annotation: Annotation) -> Mapping[int, Entity]:
    return {e.id: e for e in annotation.entities}


def _entity_key(entity: Entity, revision: Revision) -> str:
    # Without a natural key an entity is one of its own text only: nothing merges by accident.
    return entity.entity_key or f"text:{revision.article_id}:{entity.kind}:{entity.name.casefold()}"


def _claim_row(analysis_id: int, revision: Revision, annotation: Annotation, claim: Claim, batch: int) -> list[Any]:
    said_from, said_to = _interval(claim.said)
    occurs_from, occurs_to = _interval(claim.occurs) if claim.occurs else (None, None)
    setting = claim.setting
    why = None if said_from else (claim.said.why or "not said")
    return [
        analysis_id, claim.id, revision.article_revision_id, revision.story_id, thread_key(claim, annotation, revision),
        revision.published_at, claim.cue.lemma if claim.cue else None, claim.plain_text, claim.quote, claim.act,
        claim.polarity, claim.certainty, said_from, said_to, claim.said.precision, claim.said.zone, claim.said.text, why,
        occurs_from, occurs_to, setting.occasion if setting else None, setting.place if setting else None,
        claim.confidence, claim.parent, claim.parent_kind, batch,
    ]  # fmt: skip


def thread_key(claim: Claim, annotation: Annotation, revision: Revision) -> bytes:
    """Hash of speakers and content words: the same statement in another revision of a story hashes the same."""
    entities = _entities(annotation)
    # An entity of one text only goes by its name: an update, or a copy, at another URL is another text.
    speakers = sorted(
        (entities[s.entity].entity_key or entities[s.entity].name.casefold())
        if s.entity is not None
        else s.text.casefold()
        for s in claim.sources
    )
    words = _WORD.findall(" ".join(span.text for span in claim.content).casefold())
    cue = claim.cue.lemma if claim.cue and not words else ""
    return hashlib.sha256("\x1f".join([*speakers, cue, *words]).encode()).digest()


def _interval(span: TimeRange) -> tuple[datetime | None, datetime | None]:
    if span.from_on is None or span.to_on is None:
        return None, None
    zone = ZoneInfo(span.zone or "UTC")
    return _midnight(span.from_on, zone), _midnight(span.to_on + timedelta(days=1), zone) - timedelta(seconds=1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), zone)


def _span_rows(analysis_id: int, claim: Claim) -> Iterator[list[Any]]:
    cue = [claim.cue] if claim.cue else []
    parts: Iterable[tuple[str, Sequence[Any]]] = (("cue", cue), ("content", claim.content), ("trigger", claim.triggers))
    for part, spans in parts:
        for n, span in enumerate(s for s in spans if s.end > s.start):
            yield [analysis_id, claim.id, part, n, claim.text_part, span.start, span.end, span.text]


def _source_rows(analysis_id: int, revision: Revision, annotation: Annotation, claim: Claim) -> Iterator[list[Any]]:
    entities = _entities(annotation)
    for n, s in enumerate(claim.sources):
        is_left_out = s.end <= s.start
        span = [None] * 4 if is_left_out else [claim.text_part, s.start, s.end, s.text]
        entity = _entity_key(entities[s.entity], revision) if s.entity is not None else None
        party = _entity_key(entities[s.party], revision) if s.party is not None else None
        why = s.why or ("left out" if is_left_out else "not resolved") if entity is None else s.why
        yield [analysis_id, claim.id, n, *span, s.kind, entity, party, s.how, why, s.number_low, s.number_high]
