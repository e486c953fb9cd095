"""An annotation as the JSON that ``wire annotate --json`` prints; the shape is a contract (see the architecture)."""

from __future__ import annotations

from typing import Any

from pipeline.records import Annotation, Claim, ClaimSource, Credit, Entity, SignOff, Span, TimeRange, WireCopy


def to_contract(annotation: Annotation) -> dict[str, Any]:
    """Plain lists, dicts, numbers and strings."""
    return {
        **wire_part(annotation.wire),
        "entities": [entity_part(entity) for entity in annotation.entities],
        "claims": [claim_part(claim) for claim in annotation.claims],
        "links": [
            {"from": link.from_claim, "to": link.to_claim, "relation": link.relation} for link in annotation.links
        ],
    }


def wire_part(copy: WireCopy) -> dict[str, Any]:
    """Dateline, sign-off, byline, advisory, tags, slug, embargo, notices, body."""
    line, by, advisory = copy.dateline, copy.byline, copy.advisory
    return {
        "dateline": None if line is None else place_of(line) | {
            "place": line.place, "agency": line.agency, "on": None if line.on is None else line.on.isoformat()},
        "sign_off": None if copy.sign_off is None else sign_off_part(copy.sign_off),
        "byline": None if by is None else place_of(by) | {"authors": list(by.authors)},
        "advisory": None if advisory is None else place_of(advisory) | {"changes": list(advisory.changes)},
        "tags": list(copy.tags),
        "slug": copy.slug,
        "embargo_until": None if copy.embargo_until is None else copy.embargo_until.isoformat(),
        "notices": [place_of(notice) | {"kind": notice.kind} for notice in copy.notices],
        "body": {"start": copy.body[0], "end": copy.body[1]},
    }  # fmt: skip


def sign_off_part(found: SignOff) -> dict[str, Any]:
    """Who worked on the story, by task."""
    return place_of(found) | {
        "reporting": credits(found.reporting),
        "writing": credits(found.writing),
        "editing": credits(found.editing),
        "additional_reporting": credits(found.additional_reporting),
    }


def credits(found: tuple[Credit, ...]) -> list[dict[str, Any]]:
    """Names with places."""
    return [{"name": credit.name, "place": credit.place} for credit in found]


def place_of(part: Any) -> dict[str, Any]:
    """Start, end and words of anything that has a place."""
    return {"start": part.start, "end": part.end, "text": part.text}


def entity_part(entity: Entity) -> dict[str, Any]:
    """One entity with its mentions."""
    return {
        "id": entity.id, "name": entity.name, "kind": entity.kind, "qid": entity.qid,
        "mentions": [place_of(mention) | {"how": mention.how} for mention in entity.mentions],
    }  # fmt: skip


def claim_part(claim: Claim) -> dict[str, Any]:
    """One claim."""
    return {
        "id": claim.id,
        "sources": [source_part(source) for source in claim.sources],
        "cue": None if claim.cue is None else place_of(claim.cue) | {"lemma": claim.cue.lemma},
        "content": [place_of(span) for span in claim.content],
        "plain_text": claim.plain_text,
        "quote": claim.quote,
        "act": claim.act,
        "polarity": claim.polarity,
        "certainty": claim.certainty,
        "triggers": [trigger_part(span) for span in claim.triggers],
        "said": time_part(claim.said),
        "occurs": None if claim.occurs is None else time_part(claim.occurs),
        "setting": None if claim.setting is None else {
            "occasion": claim.setting.occasion, "place": claim.setting.place},
        "entities": [{"entity": entity.entity, "role": entity.role} for entity in claim.entities],
        "quantities": [
            place_of(q) | {"low": q.low, "high": q.high, "unit": q.unit, "measure": q.measure,
                           "approximate": q.approximate} for q in claim.quantities],
        "parent": claim.parent,
        "parent_kind": claim.parent_kind,
        "confidence": claim.confidence,
    }  # fmt: skip


def trigger_part(span: Span) -> dict[str, Any]:
    """A trigger's place."""
    return place_of(span)


def source_part(source: ClaimSource) -> dict[str, Any]:
    """One speaker."""
    return place_of(source) | {
        "kind": source.kind, "entity": source.entity, "party": source.party, "why": source.why,
    }  # fmt: skip


def time_part(found: TimeRange) -> dict[str, Any]:
    """Days and words, or why there are none."""
    if found.from_on is None or found.to_on is None:
        return {"from": None, "to": None, "text": found.text, "why": found.why}
    return {"from": found.from_on.isoformat(), "to": found.to_on.isoformat(), "text": found.text}
