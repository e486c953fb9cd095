"""Every frozen record that crosses a border between the rooms of this house.

All offsets are code points into the text that the record names, ``start`` inclusive, ``end`` exclusive. All times are
aware ``datetime`` in UTC unless a field says otherwise; all days are ``date``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

TextPart = Literal["headline", "body"]
Quote = Literal["direct", "indirect", "mixed"]
Act = Literal[
    "state", "accuse", "deny", "confirm", "not_confirm", "decline", "no_response",
    "request", "promise", "warn", "ask", "assess",
]  # fmt: skip
Polarity = Literal["positive", "negative", "unknown"]
Certainty = Literal["certain", "probable", "possible", "unknown"]
SourceKind = Literal["named", "role", "pronoun", "group", "institution", "document", "unnamed", "agency"]
EntityKind = Literal["person", "organisation", "country", "place", "group", "other"]
MentionHow = Literal["name", "alias", "role", "pronoun", "demonym", "metonym"]
EntityRole = Literal["subject", "target", "addressee", "mentioned"]
ParentKind = Literal["reported", "presupposed"]
RevisionKind = Literal["original", "update", "correction", "refile", "repeat", "withdrawn"]
TextBasis = Literal["page", "feed content", "feed summary", "delivered"]


@dataclass(frozen=True, slots=True)
class Span:
    """Where words stand: ``text == whole[start:end]``."""

    start: int
    end: int
    text: str


# ── registry ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class ExtractionRule:
    """What to cut from a service's pages, valid for pages fetched in ``[valid_from, valid_to)``."""

    valid_from: date
    valid_to: date | None
    drop_xpath: tuple[str, ...] = ()
    body_xpath: str | None = None


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """One feed of one service, as its TOML file states it; ``may_store_text`` is None where nobody has read the terms,
    ``retention_days`` what follows from them (`registry.decide_retention`). ``is_delivered``: a drop folder."""

    feed_key: str
    service_key: str
    service_name: str
    service_kind: Literal["agency", "outlet"]
    url: str
    homepage: str
    title: str
    language: str = "en"
    agency_key: str | None = None
    last_seen_on: date | None = None
    terms_url: str | None = None
    checked_on: date | None = None
    may_store_text: bool | None = None
    retention_days: int | None = None
    follow_links: bool = True
    poll_minutes: int | None = None
    allow_loopback: bool = False
    is_delivered: bool = False
    extraction_rules: tuple[ExtractionRule, ...] = ()


# ── collect ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """One polite GET. ``etag`` and ``last_modified`` are sent back exactly as the server gave them."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    accept: str = "*/*"
    allow_loopback: bool = False
    max_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What came of a request. ``outcome`` is one of ``collect.OUTCOMES`` (ok, not_modified, gone, not_found, forbidden,
    busy, server_error, client_error, timeout, connection_failed, dns_failed, tls_failed, too_large, redirect_loop,
    forbidden_address, truncated, bad_encoding); ``body`` is decoded content, None where none came."""

    request_url: str
    final_url: str
    outcome: str
    status: int | None
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    fetched_at: datetime
    elapsed_s: float
    detail: str = ""
    permanent_url: str | None = None
    retry_after_s: float | None = None

    def header(self, name: str) -> str | None:
        """The first value of a header, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One RSS item, Atom entry or JSON Feed item. ``content`` and ``summary`` are HTML as given."""

    guid: str | None
    url: str | None
    title: str
    summary: str
    content: str
    authors: tuple[str, ...]
    published_at: datetime | None
    updated_at: datetime | None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed as read. ``format`` e.g. ``rss20``, ``atom10``, ``rss10``, ``json11``; ``warnings`` are short codes."""

    format: str
    title: str
    entries: tuple[FeedEntry, ...]
    ttl_minutes: int | None = None
    update_period_minutes: int | None = None
    skip_hours: frozenset[int] = frozenset()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArchivePointer:
    """Where a response lies: WARC file (relative to ``ARCHIVE_URL``), byte offset and length of its record."""

    file: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is remembered of a feed between polls."""

    feed_key: str
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    polled_at: datetime | None = None
    next_poll_at: datetime | None = None
    poll_count: int = 0
    failure_weight: float = 0.0
    failure_streak: int = 0
    newest_entry_at: datetime | None = None
    usual_gap_s: float | None = None
    known_share: float | None = None
    permanent_url: str | None = None


@dataclass(frozen=True, slots=True)
class PollDecision:
    """When to ask again and how the failure account stands; ``reason`` says which rule decided."""

    next_poll_at: datetime
    failure_weight: float
    failure_streak: int
    reason: str
    alarms: tuple[str, ...] = ()


# ── extract ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class ExtractedArticle:
    """What a page says. ``body`` is NFC, paragraphs separated by one newline; ``agency`` is who wrote a reprint;
    ``page_kind`` is story, live_blog, index, consent or empty."""

    title: str
    body: str
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    language: str | None = None
    canonical_url: str | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    agency: str | None = None
    page_kind: str = "story"


# ── wire ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Dateline:
    """``BRUSSELS, Oct 17 (Reuters) - ``: the span includes its separator; ``place`` in title case; ``on`` a month-day
    string as ISO date where the year is known (from ``published``), else None."""

    start: int
    end: int
    text: str
    place: str
    agency: str | None
    on: date | None
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Credit:
    """One name of a sign-off, with the place it reported from."""

    name: str
    place: str | None = None


@dataclass(frozen=True, slots=True)
class SignOff:
    """Who worked on the story; never a source."""

    start: int
    end: int
    text: str
    reporting: tuple[Credit, ...] = ()
    writing: tuple[Credit, ...] = ()
    editing: tuple[Credit, ...] = ()
    additional_reporting: tuple[Credit, ...] = ()
    compiling: tuple[Credit, ...] = ()


@dataclass(frozen=True, slots=True)
class Byline:
    """``By Jane Doe`` within the body."""

    start: int
    end: int
    text: str
    authors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Advisory:
    """``(Adds …, updates …)``: what changed, one string a change."""

    start: int
    end: int
    text: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A line that is no copy: trust, copyright, read_more, newsletter, contact, correction, withdrawal, editors,
    contribution, rate, end_mark."""

    start: int
    end: int
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class WireCopy:
    """The wire's own grammar in one text. ``body`` is the span of the copy proper; ``tags`` are head-line tags
    (``UPDATE 2``). Everything outside ``body``, and every notice, is masked for the analysis, never cut."""

    dateline: Dateline | None
    sign_off: SignOff | None
    byline: Byline | None
    advisory: Advisory | None
    tags: tuple[str, ...]
    slug: str | None
    embargo_until: datetime | None
    notices: tuple[Notice, ...]
    body: tuple[int, int]


# ── analyse, entities ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where an entity is named in some form."""

    start: int
    end: int
    text: str
    how: MentionHow
    text_part: TextPart = "body"


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity of one text. ``entity_key`` is the natural key over texts (``country:ua``, ``person:ada-moor~country:no``);
    ``how`` says how it was resolved, ``why`` why not; ``about`` is what the text says of it (role, organisation);
    ``context`` the natural keys of countries and organisations that titles tie a person to (``entities.merge`` says
    which of them the key holds)."""

    id: int
    name: str
    kind: EntityKind
    qid: str | None
    mentions: tuple[Mention, ...]
    entity_key: str = ""
    how: str = ""
    score: float = 1.0
    about: str | None = None
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimSource:
    """One speaker of a claim. ``entity`` and ``party`` are ids of ``Annotation.entities``; ``why`` tells why an entity
    is None; ``how`` how it was resolved (name, role, pronoun, …)."""

    start: int
    end: int
    text: str
    kind: SourceKind
    entity: int | None
    party: int | None
    why: str | None = None
    how: str = ""
    number_low: int | None = None
    number_high: int | None = None


@dataclass(frozen=True, slots=True)
class Cue:
    """The words that attribute; ``lemma`` in lower case."""

    start: int
    end: int
    text: str
    lemma: str


@dataclass(frozen=True, slots=True)
class TimeRange:
    """When, in days of ``zone`` (inclusive). Either both ends, or None and ``why``. ``text`` is "on Thursday"."""

    from_on: date | None
    to_on: date | None
    text: str | None = None
    precision: str | None = None
    zone: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """Occasion (press conference) and place of a statement."""

    occasion: str | None
    place: str | None


@dataclass(frozen=True, slots=True)
class ClaimEntity:
    """An entity's part in a claim."""

    entity: int
    role: EntityRole


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is counted: ``low``/``high`` in ``unit`` (singular lemma, or ISO currency), None where open."""

    start: int
    end: int
    text: str
    low: float | None
    high: float | None
    unit: str | None
    measure: str | None
    approximate: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """One attributed statement in one text; the columns of ``core.claim``. ``parent`` is another claim's id."""

    id: int
    sources: tuple[ClaimSource, ...]
    cue: Cue | None
    content: tuple[Span, ...]
    plain_text: str
    quote: Quote
    act: Act
    polarity: Polarity
    certainty: Certainty
    triggers: tuple[Span, ...]
    said: TimeRange
    setting: Setting | None
    entities: tuple[ClaimEntity, ...]
    quantities: tuple[Quantity, ...]
    parent: int | None
    parent_kind: ParentKind | None
    confidence: float
    occurs: TimeRange | None = None
    text_part: TextPart = "body"


@dataclass(frozen=True, slots=True)
class Link:
    """A relation between two claims of one text."""

    from_claim: int
    to_claim: int
    relation: str
    method: str = "rule"
    score: float = 1.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Annotation:
    """All that was read in one text. ``version`` is the analyser's (code, model hash, data)."""

    wire: WireCopy
    entities: tuple[Entity, ...]
    claims: tuple[Claim, ...]
    links: tuple[Link, ...] = ()
    version: str = ""
    warnings: tuple[str, ...] = field(default=())
