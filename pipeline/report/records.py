"""What the report shows, as frozen records: read by :mod:`pipeline.report.read`, decided by pure functions, rendered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Stance = Literal["asserts", "confirms", "denies", "does_not_confirm", "declines", "no_response"]
Column = Literal["asserts", "denies", "does_not_confirm", "silent"]
Standing = Literal["contested", "unconfirmed", "denied", "not_confirmed", "unanswered", "confirmed", "one_party"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters of a sentence; ``mark`` is ``source``, ``cue``, ``content`` or empty."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text is printed; ``url`` is as stored and not yet trusted."""

    outlet: str
    url: str
    headline: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One listed claim."""

    claim_id: int
    act: str
    polarity: str
    certainty: str
    speakers: tuple[str, ...]
    parties: tuple[str, ...]
    kinds: tuple[str, ...]
    plain_text: str
    content_words: str
    stated_by_at: datetime
    first_published_at: datetime
    agency: str | None
    place: Place
    story_id: int
    article_id: int
    revision_id: int
    thread_id: int
    parent_id: int | None = None
    parent_kind: str | None = None
    sentence: tuple[Piece, ...] = ()
    copies: tuple[Place, ...] = ()

    @property
    def origin(self) -> str:
        """Whose word it rests on: the agency, else the outlet."""
        return self.agency or self.place.outlet


@dataclass(frozen=True, slots=True)
class Link:
    """What one claim does to another."""

    from_id: int
    to_id: int
    relation: str


@dataclass(frozen=True, slots=True)
class Membership:
    """A claim's place in a group of claims on one proposition."""

    group_id: int
    title: str
    is_contested: bool
    stance: Stance
    claim_id: int


@dataclass(frozen=True, slots=True)
class Voice:
    """One speaker's stance in a card: the first statement in full, later ones beneath."""

    speaker: str
    parties: tuple[str, ...]
    stance: Stance
    kinds: tuple[str, ...]
    first: Statement
    later: tuple[Statement, ...] = ()

    @property
    def is_unnamed(self) -> bool:
        """Whether nobody is named: every source is unnamed and its words hold no name."""
        return set(self.kinds) == {"unnamed"} and self.speaker[1:] == self.speaker[1:].lower()

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know of the voice."""
        certainty = self.first.certainty
        hedge = {"possible": "as a possibility", "probable": "as a probability"}.get(certainty)
        return tuple(note for note in ("unnamed" if self.is_unnamed else None, hedge) if note)


@dataclass(frozen=True, slots=True)
class Side:
    """A column of a card."""

    column: Column
    voices: tuple[Voice, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One proposition and who stands where on it."""

    proposition: str
    standing: Standing
    sides: tuple[Side, ...]
    first_at: datetime
    last_at: datetime
    origins: tuple[str, ...]
    headline: str
    copies: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of an article that the last run brought."""

    kind: str
    number: int
    place: Place
    agency: str | None
    published_at: datetime
    notes: tuple[str, ...]
    claim_count: int
    doubt_count: int
    is_copy: bool
    carried_by: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimChange:
    """One statement that reads otherwise than in the state before."""

    kind: str
    what: str
    speaker: str
    before: str
    after: str
    changed_at: datetime
    place: Place


@dataclass(frozen=True, slots=True)
class Changes:
    """What the last run brought, by kind; ``since_at`` is None on the first run."""

    since_at: datetime | None
    loaded_at: datetime | None
    fresh: tuple[Revision, ...] = ()
    updated: tuple[Revision, ...] = ()
    corrected: tuple[Revision, ...] = ()
    withdrawn: tuple[Revision, ...] = ()
    claims: tuple[ClaimChange, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedLine:
    """Health of one feed."""

    key: str
    outlet: str
    health: str
    outcome: str
    detail: str
    alarms: tuple[str, ...]
    polled_at: datetime | None
    last_ok_at: datetime | None
    newest_entry_at: datetime | None
    entry_count: int
    article_count: int


@dataclass(frozen=True, slots=True)
class SpeakerLine:
    """One speaker's claims, counted."""

    name: str
    parties: tuple[str, ...]
    claims: int
    denials: int
    not_confirmed: int
    silent: int
    articles: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Bar:
    """Claims of one stance in one stretch of time, which begins at ``at``."""

    at: datetime
    column: Column
    count: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything the report is made from."""

    now: datetime
    from_at: datetime | None
    to_at: datetime | None
    totals: dict[str, int]
    statements: tuple[Statement, ...] = ()
    links: tuple[Link, ...] = ()
    memberships: tuple[Membership, ...] = ()
    changes: Changes = field(default_factory=lambda: Changes(None, None))
    feeds: tuple[FeedLine, ...] = ()
    speakers: tuple[SpeakerLine, ...] = ()
    bars: tuple[Bar, ...] = ()
    grain: str = "hour"
    quarantined: int = 0
