"""Joins wire, analyse, entities and link for one text or a batch; no database.

::

    text ─ read_wire, mask ─▶ parse ─▶ tagger, rules ─▶ merge ─▶ read_entities ─▶ build_claims ─▶ find_links ─▶ Annotation

``annotate`` gives what ``wire annotate --json`` prints; ``read_annotation`` the record; the plural forms parse in batches.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import resources
from typing import Any

from spacy.tokens import Doc

from pipeline import __version__
from pipeline.analyse.attribution import find_attributions
from pipeline.analyse.claims import Reading, build_claims
from pipeline.analyse.contract import to_contract
from pipeline.analyse.language import MODEL, parse_texts
from pipeline.analyse.merge import merge
from pipeline.analyse.relations import find_links
from pipeline.analyse.render import render_annotation
from pipeline.analyse.tagger import AttributionTagger, TaggedAttribution
from pipeline.analyse.times import decide_anchor, find_times
from pipeline.analyse.zones import find_zone
from pipeline.entities.extra import find_files
from pipeline.entities.gazetteer import load_gazetteer
from pipeline.entities.resolve import read_entities
from pipeline.errors import AnalyseError, UsageError, WireError
from pipeline.records import Annotation, Mention, WireCopy
from pipeline.settings import get_settings
from pipeline.wire.read import mask, read_wire

__all__ = [
    "AnnotationRequest", "analyser_version", "annotate", "annotate_batch", "read_annotation", "read_annotations",
    "read_revisions", "render_annotation",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class AnnotationRequest:
    """One text to read. ``headline`` is read for claims only where the text is empty, as alerts are."""

    text: str
    published_at: datetime | None = None
    agency: str | None = None
    headline: str | None = None

    @property
    def is_alert(self) -> bool:
        """Whether the headline is all there is."""
        return not self.text.strip() and bool(self.headline and self.headline.strip())


def annotate(
    text: str, published_at: datetime | str | None = None, agency: str | None = None, *, headline: str | None = None
) -> dict[str, Any]:
    """One text as the contract of ``wire annotate --json`` has it; offsets are code points into ``text``.

    ``published_at`` is a time or its ISO form (UTC where it names no zone); raises `UsageError` where it is neither.
    """
    return to_contract(read_annotation(text, published_at, agency, headline=headline))


def annotate_batch(texts: Iterable[str], published_at: datetime | str | None = None) -> list[dict[str, Any]]:
    """`annotate` of many texts, parsed together."""
    at = read_time(published_at)
    return [to_contract(found) for found in read_annotations([AnnotationRequest(text, at) for text in texts])]


def read_annotation(
    text: str, published_at: datetime | str | None = None, agency: str | None = None, *, headline: str | None = None
) -> Annotation:
    """One text as a record. Raises `AnalyseError` where it cannot be read."""
    return read_annotations([AnnotationRequest(text, read_time(published_at), agency, headline)])[0]


def read_annotations(requests: Sequence[AnnotationRequest]) -> list[Annotation]:
    """Many texts as records, in order. Raises `AnalyseError` for the first that cannot be read."""
    prepared = [prepare(request) for request in requests]
    masked = [text for _, text in prepared]
    docs = list(parse_texts(masked))
    tagged = load_tagger().tag_batch(masked, docs)
    rows = zip(requests, prepared, docs, tagged, strict=True)
    return [read_one(request, copy, doc, found) for request, (copy, _), doc, found in rows]


@functools.cache
def load_tagger() -> AttributionTagger:
    """The learned tagger, once a process."""
    return AttributionTagger.load()


def read_revisions(
    revisions: Sequence[tuple[str, str, datetime | None, str | None]],
) -> list[Annotation | Exception]:
    """Stored revisions (headline, body, published_at, agency): a record each, or why that one cannot be read."""
    requests = [AnnotationRequest(body, at, agency, headline) for headline, body, at, agency in revisions]
    try:
        return list(read_annotations(requests))
    except Exception:  # one text is at fault: read each by itself, and name it there
        return [read_or_fail(request) for request in requests]


def read_or_fail(request: AnnotationRequest) -> Annotation | Exception:
    """One text by itself, so that one that fails stops no other."""
    try:
        return read_annotations([request])[0]
    except WireError as error:
        return error
    except Exception as error:  # a fault of ours in one text is that text's, and is told as such
        return AnalyseError("fault", f"{type(error).__name__}: {error}")


def read_time(value: datetime | str | None) -> datetime | None:
    """A time with zone from a time or its ISO form."""
    if value is None or isinstance(value, datetime):
        found = value
    else:
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            raise UsageError(f"not an ISO time: {value!r} (as in 2024-10-17T18:00:00Z)") from None
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found


def prepare(request: AnnotationRequest) -> tuple[WireCopy, str]:
    """The wire's grammar of a text, and the text with all that is no copy blanked."""
    text = request.headline or "" if request.is_alert else request.text
    headline = None if request.is_alert else request.headline
    copy = read_wire(text, headline=headline, published_at=request.published_at, agency=request.agency)
    return copy, mask(text, copy)


def read_one(request: AnnotationRequest, copy: WireCopy, doc: Doc, tagged: Sequence[TaggedAttribution]) -> Annotation:
    """The annotation of one parsed and tagged text."""
    text = (request.headline or "") if request.is_alert else request.text
    gazetteer = load_gazetteer(get_settings().gazetteer)
    entities = read_entities(doc, published_at=request.published_at, dateline=copy.dateline, gazetteer=gazetteer)
    place = None if copy.dateline is None else copy.dateline.place
    anchor = decide_anchor(request.published_at, copy.dateline, find_zone(place))
    found = merge(doc, find_attributions(doc), tagged)
    reading = Reading(text, doc, entities, find_times(doc.text), anchor, request.published_at)
    claims = build_claims(reading, found)
    links = find_links(claims, entities.entities, text)
    whole = Annotation(copy, entities.entities, claims, links, analyser_version())
    return in_headline(whole) if request.is_alert else whole


def in_headline(whole: Annotation) -> Annotation:
    """An annotation whose spans stand in the headline."""
    entities = tuple(
        replace(entity, mentions=tuple(replace_part(mention) for mention in entity.mentions))
        for entity in whole.entities
    )
    return replace(
        whole, entities=entities, claims=tuple(replace(claim, text_part="headline") for claim in whole.claims)
    )


def replace_part(mention: Mention) -> Mention:
    """A mention in the headline."""
    return replace(mention, text_part="headline")


@functools.cache
def analyser_version() -> str:
    """Code version, language model, and a hash of the rules and tables that decide what is read, a user's rows too."""
    digest = hashlib.sha256()
    for path in find_files(get_settings().gazetteer):
        digest.update(path.read_bytes())
    for package in ("pipeline.analyse", "pipeline.entities", "pipeline.wire"):
        add_files(digest, resources.files(package))
    return f"{__version__}+{MODEL}.{digest.hexdigest()[:12]}"


def add_files(digest: Any, folder: Any) -> None:
    """Feed the names and bytes of code and tables below a folder to a hash."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir() and entry.name != "__pycache__":
            add_files(digest, entry)
        elif entry.name.endswith((".py", ".tsv", ".toml", ".onnx", ".json")):
            digest.update(entry.name.encode())
            digest.update(entry.read_bytes())
