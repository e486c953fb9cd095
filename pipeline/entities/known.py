"""What the gazetteer holds: known entities, their forms, holders of office, titles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.entities.names import slug
from pipeline.records import EntityKind, MentionHow


@dataclass(frozen=True, slots=True)
class Known:
    """One known entity. ``type`` is country, region, city, group or an organisation's (ministry, agency, …);
    ``adjective`` a country's ("Freedonian")."""

    key: str
    name: str
    kind: EntityKind
    type: str
    qid: str | None = None
    country: str = ""
    population: int = 0
    units: bool = False
    adjective: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A way to write a known entity, in words as the tokenizer cuts them."""

    words: tuple[str, ...]
    known: Known
    how: MentionHow


@dataclass(frozen=True, slots=True)
class Leader:
    """Who held an office from when; ``until`` None says that no end is known, ``post`` chief_of_state or
    head_of_government."""

    country: str
    office: str
    name: str
    surname: str
    since: date | None
    until: date | None = None
    post: str = ""

    @property
    def key(self) -> str:
        return f"person:{slug(self.name)}"

    def holds_on(self, on: date) -> bool:
        """Whether the day lies within the known term."""
        return self.since is not None and self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class Title:
    """A title's class ("chief") and the gender that it tells, if any."""

    word: str
    rank: str
    gender: str
