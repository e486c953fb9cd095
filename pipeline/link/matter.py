"""A claim as linking sees it: who speaks for whom, on what, with what stance; the same from the store and from an annotation."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from pipeline.link.speakers import LADDER, Speaker, is_same_role, shared_key
from pipeline.link.words import Wording, read_table, read_wording
from pipeline.records import Annotation, Claim, ClaimSource, Entity

ANSWERS = frozenset({"deny", "confirm", "not_confirm", "decline", "no_response"})
SENTENCE = re.compile(r"(?<=[.!?;])[”\"’]?\s+|\s*[…|]\s*|,?\s+but not\s+")


@functools.cache
def open_phrases() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Acts with the patterns of words that do them, whatever the verb of saying; the first that fits decides."""
    return tuple((row["act"], re.compile(row["pattern"], re.IGNORECASE)) for row in read_table("open_phrases"))


def settle_act(act: str, words: str) -> str:
    """The act of a claim by its words as a whole: none of those that leave a claim open asserts or denies."""
    if act in ("decline", "no_response", "not_confirm", "ask", "request"):
        return act
    return next((found for found, pattern in open_phrases() if pattern.search(words)), act)


@dataclass(frozen=True, slots=True)
class Count:
    """A quantity: ``low`` to ``high`` (None where open) of ``unit``; ``measure`` is what happened to them."""

    low: float | None
    high: float | None
    unit: str | None
    measure: str | None
    is_approximate: bool
    words: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One sentence of a content, and whether its source holds it to be so (1), not so (-1) or leaves it open (0)."""

    wording: Wording
    sign: int


@dataclass(frozen=True)
class Statement:
    """One claim of one revision. ``voice`` is who printed it in copy of its own: agency, else outlet; ``began_at`` is when
    its thread was first published; ``thread_key`` hashes its speakers and words. Ids say nothing of order: a replay gives
    others. What sorts statements is their ``place``."""

    claim_id: int
    thread_id: int
    revision_id: int
    article_id: int
    story_id: int
    position: int
    published_at: datetime
    stated_by_at: datetime
    act: str
    polarity: str
    certainty: str
    cue: str | None
    content: str
    speakers: tuple[Speaker, ...]
    entities: frozenset[str]
    targets: frozenset[str]
    counts: tuple[Count, ...]
    parent_id: int | None = None
    parent_kind: str | None = None
    voice: str = ""
    is_copy: bool = False
    is_listed: bool = True
    plain_text: str = ""
    triggers: str = ""
    revision_kind: str = "original"
    began_at: datetime | None = None
    quote: str = "indirect"
    canonical_url: str = ""
    revision_number: int = 1
    ordinal: int = 0
    thread_key: bytes = b""
    analysis_id: int = 0

    @property
    def place(self) -> tuple[str, int, int, int, int]:
        """Article, revision and place in its text: a natural order of statements; ids last, for texts without an address."""
        return self.canonical_url, self.revision_number, self.position, self.ordinal, self.claim_id

    @cached_property
    def wording(self) -> Wording:
        """What the content is about, without the names of those who speak."""
        return read_wording(self.content)

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The content by sentence: a quotation often says several things."""
        pieces = [piece for piece in SENTENCE.split(self.content) if piece.strip()] or [self.content]
        if len(pieces) == 1:
            return (Segment(self.wording, {"positive": 1, "negative": -1}.get(self.polarity, 0)),)
        denied = -1 if self.act == "deny" else 1
        read = [read_wording(piece) for piece in pieces]
        return tuple(
            Segment(wording, -denied if wording.is_negated else denied) for wording in read if wording.concepts
        )

    @cached_property
    def speaker_ids(self) -> frozenset[str]:
        """All that identifies any of the speakers."""
        return frozenset(identity for speaker in self.speakers for identity in speaker.ids)

    @cached_property
    def parties(self) -> frozenset[str]:
        """For whom they speak."""
        return frozenset(speaker.party_key for speaker in self.speakers)

    @cached_property
    def told(self) -> str:
        """The plain text as the network reads it: with the first speaker's title as it is printed, which tells whether somebody
        says again what their own side said ("union chair Ada Moor")."""
        for speaker in self.speakers[:1]:
            name, words = speaker.entity_name, speaker.words
            if name and words and name in words and self.plain_text.startswith(name):
                return words[0].upper() + words[1:].rstrip(" ,") + self.plain_text[len(name) :]
        return self.plain_text

    @property
    def first_at(self) -> datetime:
        """When it was first said or published, in whatever words."""
        return min(self.stated_by_at, self.began_at or self.published_at)

    @property
    def firmness(self) -> int:
        """The firmest of the sources, as the ladder has them."""
        return max((LADDER[speaker.kind] for speaker in self.speakers), default=0)


def is_same_side(one: Statement, other: Statement) -> bool:
    """Whether one party stands behind both, as far as is known: entity or party shared, or in one story the same role."""
    if one.speaker_ids & other.speaker_ids:
        return True
    if one.story_id != other.story_id:
        return False
    return any(is_same_role(a, b) for a in one.speakers for b in other.speakers)


def is_other_office(one: Statement, other: Statement) -> bool:
    """The same office of two places: "the mayor of Brix" and "the mayor of Crowle" each speak of their own."""
    return any(
        a.role is not None and b.role is not None and a.role[0] == b.role[0]
        and bool(a.role[1]) and bool(b.role[1]) and not a.role[1] & b.role[1]
        for a in one.speakers for b in other.speakers
    )  # fmt: skip


def statement_of(
    claim: Claim,
    annotation: Annotation,
    *,
    base: int = 0,
    article_id: int = 1,
    voice: str = "",
    at: datetime | None = None,
) -> Statement:
    """The statement of a claim of an annotated text; ``base`` is added to the ids of its claims."""
    entities = {entity.id: entity for entity in annotation.entities}
    at = at or datetime(2026, 1, 1, tzinfo=UTC)
    about = [(entities[part.entity], part.role) for part in claim.entities]
    return Statement(
        claim_id=base + claim.id, thread_id=base + claim.id, revision_id=article_id, article_id=article_id, story_id=1,
        position=claim.cue.start if claim.cue else claim.content[0].start if claim.content else 0,
        published_at=at, stated_by_at=at, act=settle_act(claim.act, claim.plain_text),
        polarity=claim.polarity, certainty=claim.certainty,
        cue=claim.cue.lemma if claim.cue else None, content=" … ".join(span.text for span in claim.content),
        speakers=tuple(speaker_of(source, entities, article_id) for source in claim.sources),
        entities=frozenset(key_of(entity, article_id) for entity, _ in about),
        targets=frozenset(key_of(entity, article_id) for entity, role in about if role == "target"),
        counts=tuple(Count(q.low, q.high, q.unit, q.measure, q.approximate, q.text) for q in claim.quantities),
        parent_id=None if claim.parent is None else base + claim.parent, parent_kind=claim.parent_kind, voice=voice,
        plain_text=claim.plain_text, triggers=" ".join(span.text for span in claim.triggers), quote=claim.quote,
        ordinal=claim.id,
    )  # fmt: skip


def key_of(entity: Entity, article_id: int) -> str:
    """The key of an entity, as the store makes it."""
    return shared_key(entity.entity_key or f"text:{article_id}:{entity.kind}:{entity.name.casefold()}", entity.name)


def speaker_of(source: ClaimSource, entities: Mapping[int, Entity], article_id: int) -> Speaker:
    """The speaker of a source of an annotated text."""
    who = entities[source.entity] if source.entity is not None else None
    party = entities[source.party] if source.party is not None else None
    return Speaker(
        source.kind,
        (who.entity_key or f"text:{article_id}:{who.kind}:{who.name.casefold()}") if who else None,
        who.name if who else None,
        (party.entity_key or f"text:{article_id}:{party.kind}:{party.name.casefold()}") if party else None,
        party.name if party else None,
        source.text or None,
    )


def statement_of_row(row: Mapping[str, Any]) -> Statement:
    """The statement of a row of ``get_read_claims``."""
    agency, start = row["agency_id"], row["cue_start"]
    return Statement(
        claim_id=row["claim_id"], thread_id=row["claim_thread_id"], revision_id=row["article_revision_id"],
        article_id=row["article_id"], story_id=row["story_id"],
        position=start if start is not None else row["content_start"] or 0,
        published_at=row["published_at"], stated_by_at=row["stated_by_at"],
        act=settle_act(row["act"], row["plain_text"]), polarity=row["polarity"],
        certainty=row["certainty"], cue=row["cue_lemma"], content=row["content"],
        speakers=tuple(Speaker(*source) for source in row["sources"]),
        entities=frozenset(shared_key(key, name) for key, name, _ in row["entities"]),
        targets=frozenset(shared_key(key, name) for key, name, role in row["entities"] if role == "target"),
        counts=tuple(Count(*count) for count in row["quantities"]),
        parent_id=row["parent_claim_id"], parent_kind=row["parent_kind"],
        voice=f"agency {agency}" if agency is not None else f"outlet {row['outlet_id']}",
        is_copy=row["copy_of_article_id"] is not None, is_listed=row["is_listed"], plain_text=row["plain_text"],
        triggers=row["triggers"], revision_kind=row["revision_kind"], began_at=row["began_at"],
        quote=row["quote"], canonical_url=row["canonical_url"], revision_number=row["revision_number"],
        ordinal=row["ordinal"], thread_key=row["thread_key"],
        analysis_id=row["analysis_id"],
    )  # fmt: skip
