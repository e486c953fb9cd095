"""Who a text speaks of, and who speaks in it.

::

    Doc ─ view_text ─▶ spot_names ─▶ known things, people, other names ─▶ titles ─▶ institutions, groups, appositions
        ─▶ roles ─▶ pronouns ─▶ EntityReading ─ resolve_source ─▶ one ResolvedSource a speaker

``read_entities`` is called once a text; ``resolve_source`` once a source phrase, and may add an entity that only a
source needs ("police"). The records that leave (``Entity``, ``ResolvedSource``) are frozen.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pipeline.entities.appositions import add_appositions
from pipeline.entities.draft import Notebook
from pipeline.entities.gazetteer import Gazetteer, load_gazetteer
from pipeline.entities.institutions import add_institutions, complete_facts
from pipeline.entities.names import slug
from pipeline.entities.people import add_people
from pipeline.entities.pronouns import resolve_pronouns
from pipeline.entities.roles import collect_facts, resolve_roles
from pipeline.entities.sources import ResolvedSource, resolve_speakers
from pipeline.entities.spot import spot_names
from pipeline.entities.text import view_text
from pipeline.entities.things import add_groups, add_known_things, add_named_things
from pipeline.records import Dateline, Entity, Mention

__all__ = ["EntityReading", "ResolvedSource", "read_entities", "resolve_source"]


class EntityReading:
    """The entities of one text. ``entities`` is a frozen snapshot; ids never change, only are added to."""

    def __init__(self, book: Notebook) -> None:
        self.book = book
        self._frozen: tuple[Entity, ...] = ()
        self._size = -1

    @property
    def entities(self) -> tuple[Entity, ...]:
        """All entities, ``entities[i].id == i``, each with its mentions in reading order."""
        size = len(self.book.seen) + len(self.book.drafts) + len(self.book.loose)
        if size != self._size:
            self._frozen, self._size = self.book.freeze(), size
        return self._frozen

    @property
    def by_token(self) -> Mapping[int, int]:
        """Token index to the id of the innermost entity that covers it."""
        return self.book.by_token

    def entity_at(self, start: int, end: int) -> int | None:
        """The entity that the characters ``[start, end)`` name: by exact span, else by the phrase's head word."""
        first, last = self.book.text.tokens_at(start, end)
        if first == last:
            return None
        exact = self.book.by_span.get((first, last))
        if exact is not None and exact.entity is not None:
            return exact.entity
        return self.book.by_token.get(self.book.text.head_of(first, last))

    def add_agency(self) -> int | None:
        """The agency whose copy this is, by its dateline; None where the text names none."""
        name = self.book.agency
        known = [f.known for f in self.book.gazetteer.forms.get(name.split(" ")[0], ()) if " ".join(f.words) == name]
        if not name:
            return None
        same = next(
            (d for d in self.book.drafts if d.kind == "organisation" and d.name.casefold() == name.casefold()), None
        )
        if same is not None:
            return same.id
        bodies = [k for k in known if k.kind == "organisation"]
        return (self.book.add_known(bodies[0]) if bodies else self.book.add(
            name, "organisation", key=f"org:{slug(name)}", type="agency", how="agency of the dateline")).id  # fmt: skip

    def entities_in(self, start: int, end: int) -> tuple[int, ...]:
        """Ids of all entities with a mention that lies within the characters, in reading order, once each."""
        first, last = self.book.text.tokens_at(start, end)
        found = [s for s in self.book.seen if s.entity is not None and first <= s.first and s.last <= last]
        return tuple(dict.fromkeys(s.entity for s in sorted(found, key=lambda s: s.first) if s.entity is not None))


def read_entities(
    doc: Any, *, published_at: datetime | None = None, dateline: Dateline | None = None,
    gazetteer: Gazetteer | None = None,
) -> EntityReading:  # fmt: skip
    """Every mention of a text in entities. ``doc`` is a spaCy ``Doc`` whose masked parts are blanks; the dateline's
    place is an entity though it is masked. Roles are dated by ``published_at``, without it only the text counts."""
    book = Notebook(view_text(doc), gazetteer or load_gazetteer(), published_at.date() if published_at else None)
    spots = spot_names(book.text, book.gazetteer)
    if dateline is not None:
        _add_dateline(book, dateline)
    add_known_things(book, spots)
    add_people(book, spots)
    add_named_things(book, spots)
    collect_facts(book)
    add_institutions(book)
    add_groups(book)
    add_appositions(book)
    resolve_roles(book)
    resolve_pronouns(book)
    complete_facts(book)
    return EntityReading(book)


def _add_dateline(book: Notebook, dateline: Dateline) -> None:
    """The place before the dash; its country or state behind the comma chooses among places of one name."""
    name, _, wider = dateline.place.partition(", ")
    codes = {f.known.country for f in book.gazetteer.forms.get(wider.split(" ")[0], ()) if " ".join(f.words) == wider}
    known = [f.known for f in book.gazetteer.forms.get(name.split(" ")[0], ())
             if " ".join(f.words) == name and f.known.kind == "place"]  # fmt: skip
    known.sort(key=lambda k: (bool(codes) and k.country not in codes, k.type != "city", -k.population))
    draft = book.add_known(known[0]) if known else book.add(name, "place", key=f"place:{slug(name)}")
    book.home = known[0].country if known else next(iter(codes), "")
    if len(dateline.places) > 1:
        book.home = ""  # filed from two places: neither tells whose the ministers are
    at = dateline.text.casefold().find(name.casefold())
    if at >= 0:
        start = dateline.start + at
        text = dateline.text[at : at + len(name)]
        book.loose.append((draft.id, Mention(start, start + len(text), text, "name")))
    book.agency = dateline.agency or ""
    book.agency_name = book.agency.casefold()


def resolve_source(
    doc: Any, start: int, end: int, reading: EntityReading, *, published_at: datetime | None = None,
    cue_start: int | None = None,
) -> tuple[ResolvedSource, ...]:  # fmt: skip
    """Who speaks in the source phrase ``[start, end)``: one row a joint speaker, in reading order."""
    first, last = reading.book.text.tokens_at(start, end)
    if first == last:
        return ()
    return resolve_speakers(reading.book, first, last, cue_start)
