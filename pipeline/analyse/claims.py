"""Raw attributions to claims: entities, stance, times, quantities and the sentence that reads alone."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from spacy.tokens import Doc

from pipeline.analyse.attribution import Offsets, RawAttribution, set_parents
from pipeline.analyse.lexicon import read_table
from pipeline.analyse.plain import plain_text
from pipeline.analyse.plain_names import Names
from pipeline.analyse.quantities import read_quantities
from pipeline.analyse.setting import read_occurs, read_said, read_setting
from pipeline.analyse.stance import content_tokens, main_heads, read_stance
from pipeline.analyse.syntax import find_child
from pipeline.analyse.times import Anchor, TimeWords
from pipeline.entities.resolve import EntityReading, ResolvedSource, resolve_source
from pipeline.records import Claim, ClaimEntity, ClaimSource, Cue, EntityRole, ParentKind, Span

RANK: dict[EntityRole, int] = {"target": 0, "addressee": 1, "subject": 2, "mentioned": 3}
OWN_SIDE = frozenset({"we", "us", "our", "ours"})
PRESUPPOSING = frozenset({"confirm", "not_confirm", "deny"})


@dataclass(frozen=True, slots=True)
class Reading:
    """One text with all that claims are made from; ``text`` as given, ``doc`` of the masked text of the same length."""

    text: str
    doc: Doc
    entities: EntityReading
    times: Sequence[TimeWords]
    anchor: Anchor
    published_at: datetime | None


def build_claims(reading: Reading, found: Sequence[RawAttribution]) -> tuple[Claim, ...]:
    """One claim an attribution, ``claims[i].id == i``."""
    read = [(raw, read_sources(reading, raw)) for raw in found]
    kept = [pair for pair in read if not is_own_report(reading, pair, read)]
    sources = [speakers for _, speakers in kept]
    found = set_parents([raw for raw, _ in kept])
    names = Names.of(reading.entities.entities, reading.doc)
    return tuple(build_claim(reading, found, number, sources[number], names) for number in range(len(found)))


Read = tuple[RawAttribution, tuple[ResolvedSource, ...]]


def is_own_report(reading: Reading, pair: Read, read: Sequence[Read]) -> bool:
    """ "She said she denied it": what a speaker says of the speaker's own saying is one claim, the outer one."""
    raw, sources = pair
    if raw.parent is None or raw.pattern == "noun":
        return False
    outer, speakers = read[raw.parent]
    verb = reading.doc[raw.cue_token]
    while verb.dep_ == "conj":
        verb = verb.head
    is_main = raw.cue_token != outer.cue_token and verb.head.i == outer.cue_token
    same = {source.entity for source in sources} & {source.entity for source in speakers} - {None}
    if not (is_main and (same or stands_for(reading, raw, outer))):
        return False
    # "said it was ready and denied that …": a second verb is told by the outer claim only where that has its act
    is_first = verb.i == raw.cue_token
    return is_first or read_stance(reading.doc, raw).act == read_stance(reading.doc, outer).act


def stands_for(reading: Reading, raw: RawAttribution, outer: RawAttribution) -> bool:
    """Whether the inner speaker is a pronoun for the outer one, named or not ("officials said they could not verify")."""
    if raw.source is None or outer.source is None:
        return False
    view = reading.entities.book.text
    first, last = view.tokens_at(*raw.source)
    seen = reading.entities.book.stands_for.get(first) if last - first == 1 else None
    return seen is not None and outer.source[0] <= view.start[seen.head] < outer.source[1]


def read_sources(reading: Reading, raw: RawAttribution) -> tuple[ResolvedSource, ...]:
    """The speakers of an attribution, joint ones apart."""
    if raw.source is None:
        return own_voice(reading, raw)
    cue_start = None if raw.cue is None else raw.cue[0]
    return resolve_source(
        reading.doc, *raw.source, reading.entities, published_at=reading.published_at, cue_start=cue_start
    )


def own_voice(reading: Reading, raw: RawAttribution) -> tuple[ResolvedSource, ...]:
    """The agency itself, where nobody else can be meant: "the figures could not be verified"; a source without words."""
    if raw.act != "confirm" or not raw.is_negated or raw.cue is None or raw.pattern == "silence":
        return ()
    agency = reading.entities.add_agency()
    why = None if agency is not None else "the text names no agency"
    return (ResolvedSource(raw.cue[0], raw.cue[0], "", "agency", agency, agency, "own voice", why, 0.8),)


def build_claim(
    reading: Reading, found: Sequence[RawAttribution], number: int, sources: Sequence[ResolvedSource], names: Names
) -> Claim:
    """The claim of one attribution."""
    raw, text, doc = found[number], reading.text, reading.doc
    stance = read_stance(doc, raw)
    who = [speaker_name(reading, source, names) for source in sources if source.text]
    return Claim(
        id=number,
        sources=tuple(claim_source(source) for source in sources),
        cue=None if raw.cue is None else Cue(*raw.cue, text[slice(*raw.cue)], raw.lemma),
        content=spans(text, raw.content),
        plain_text=plain_text(doc, text, raw, who, names, [s.entity for s in sources if s.entity is not None]),
        quote=raw.quote,
        act=stance.act,
        polarity=stance.polarity,
        certainty=stance.certainty,
        triggers=spans(text, stance.triggers),
        said=read_said(doc, raw, reading.times, reading.anchor),
        setting=read_setting(doc, raw),
        entities=claim_entities(reading, raw, sources, names),
        quantities=read_quantities(doc, raw.content),
        parent=raw.parent,
        parent_kind=parent_kind(reading, found, raw),
        confidence=confidence(raw, sources),
        occurs=read_occurs(reading.doc, raw, reading.times, reading.anchor),
    )


def spans(text: str, offsets: Iterable[Offsets]) -> tuple[Span, ...]:
    """Spans of the text as given."""
    return tuple(Span(start, end, text[start:end]) for start, end in offsets)


def claim_source(source: ResolvedSource) -> ClaimSource:
    """The record of one speaker."""
    return ClaimSource(
        source.start, source.end, source.text, source.kind, source.entity, source.party, source.why, source.how,
        source.number_low, source.number_high,
    )  # fmt: skip


def speaker_name(reading: Reading, source: ResolvedSource, names: Names) -> str:
    """What a speaker is called in a sentence that reads alone."""
    if source.entity is None:
        return phrase_behind(reading, source)
    return names.in_sentence(reading.entities.entities[source.entity])


def phrase_behind(reading: Reading, source: ResolvedSource) -> str:
    """What somebody unnamed is called: for "they" the words that it stands for ("Prosecutors")."""
    view = reading.entities.book.text
    first, last = view.tokens_at(source.start, source.end)
    seen = reading.entities.book.stands_for.get(first) if source.kind == "pronoun" and last - first == 1 else None
    if seen is None or view.pos[seen.head] == "PRON":
        return source.text
    words = view.text[view.start[seen.first] : view.end[seen.last - 1]]
    if words.lower().startswith(("no ", "neither ", "none ")):
        return source.text
    for indefinite, definite in (("a ", "the "), ("an ", "the ")):
        if words.lower().startswith(indefinite):
            return definite + words[len(indefinite) :]
    return words


def claim_entities(
    reading: Reading, raw: RawAttribution, sources: Sequence[ResolvedSource], names: Names
) -> tuple[ClaimEntity, ...]:
    """Whom a claim is about, each once with its weightiest part: accused, asked, subject, mentioned. Nobody accuses or
    asks itself but by "each other"."""
    roles: dict[int, EntityRole] = {}
    speakers = {source.entity for source in sources}
    told = (
        pair
        for pair in entity_roles(reading, raw, names)
        if pair[1] not in ("target", "addressee") or pair[0] not in speakers
    )
    found = [*told, *own_side(reading, raw, sources), *each_other(reading, raw, sources)]
    for entity, role in found:
        if entity not in roles or RANK[role] < RANK[roles[entity]]:
            roles[entity] = role
    return tuple(ClaimEntity(entity, role) for entity, role in roles.items())


def entity_roles(reading: Reading, raw: RawAttribution, names: Names) -> Iterable[tuple[int, EntityRole]]:
    """Entities with the part that each plays, by place."""
    for span, role in ((raw.target, "target"), (raw.addressee, "addressee")):
        entity = None if span is None else reading.entities.entity_at(*span)
        if entity is None and span is not None and role == "target":
            entity = next((s.entity for s in resolve_source(reading.doc, *span, reading.entities)), None)
        if entity is not None:
            yield entity, role  # type: ignore[misc]
    for entity in subjects(reading, raw):
        yield entity, "subject"
    for start, end in raw.content:
        for _, named in names.all_inside(start, end):
            yield named.id, "mentioned"


def each_other(
    reading: Reading, raw: RawAttribution, sources: Sequence[ResolvedSource]
) -> Iterable[tuple[int, EntityRole]]:
    """ "A and B accused each other": each is also the accused."""
    if raw.target is not None and reading.text[slice(*raw.target)].lower() in ("each other", "one another"):
        yield from ((source.entity, "target") for source in sources if source.entity is not None)


def own_side(
    reading: Reading, raw: RawAttribution, sources: Sequence[ResolvedSource]
) -> Iterable[tuple[int, EntityRole]]:
    """ "We", "us" and "our" in quoted words: those for whom the source speaks."""
    words = {reading.doc[i].lower_ for i in content_tokens(reading.doc, raw)}
    if raw.quote != "indirect" and words & OWN_SIDE:
        yield from ((source.party, "mentioned") for source in sources if source.party is not None)


def subjects(reading: Reading, raw: RawAttribution) -> Iterable[int]:
    """Entities that are the subject of a main clause of the content."""
    inside = content_tokens(reading.doc, raw)
    for head in main_heads(reading.doc, raw):
        subject = find_child(head, "nsubj", "nsubjpass")
        if subject is not None and subject.i in inside:
            entity = reading.entities.entity_at(subject.idx, subject.idx + len(subject.text))
            if entity is not None:
                yield entity


def parent_kind(reading: Reading, found: Sequence[RawAttribution], raw: RawAttribution) -> ParentKind | None:
    """Whether the claim around this one reports it or only presupposes it."""
    if raw.parent is None:
        return None
    around = found[raw.parent]
    return "presupposed" if raw.pattern == "noun" or around.act in PRESUPPOSING else "reported"


def confidence(raw: RawAttribution, sources: Sequence[ResolvedSource]) -> float:
    """How far a claim is trusted: what its attribution is worth times the weakest speaker's score."""
    weakest = min((source.score for source in sources), default=0.7)
    return round(calibrated(raw.score) * weakest, 3)


@functools.cache
def calibration() -> tuple[tuple[float, float], ...]:
    """(score, share of right ones) of ``lexicon/confidence.tsv``, rising."""
    return tuple((float(row["score"]), float(row["right"])) for row in read_table("confidence"))


def calibrated(score: float) -> float:
    """What a score is worth, by straight lines between the points of the table."""
    points = calibration()
    for (low, worth), (high, more) in itertools.pairwise(points):
        if low <= score <= high:
            return worth + (more - worth) * (score - low) / (high - low)
    return points[-1][1]
