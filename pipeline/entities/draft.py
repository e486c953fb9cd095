"""Entities under construction. Only this package sees them; what leaves are frozen ``Entity`` records."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from pipeline.entities.gazetteer import Gazetteer, Known, Leader
from pipeline.entities.merge import choose_context, person_key
from pipeline.entities.text import TextView
from pipeline.records import Entity, EntityKind, Mention, MentionHow


@dataclass(frozen=True, slots=True)
class TitleFact:
    """What the text says of someone: "NATO Secretary-General" is rank chief, owner NATO's id. ``word`` is as written;
    ``is_past`` for former, outgoing, late."""

    rank: str
    word: str
    owner: int | None = None
    is_past: bool = False


@dataclass(slots=True)
class Draft:
    """One entity while the text is read."""

    id: int
    name: str
    kind: EntityKind
    type: str = ""
    qid: str | None = None
    key: str = ""
    how: str = "name"
    score: float = 1.0
    country: str = ""
    gender: str = ""
    is_gender_guessed: bool = False
    is_plural: bool = False
    facts: list[TitleFact] = field(default_factory=list)
    words: tuple[str, ...] = ()
    leader: Leader | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """One mention in tokens ``[first, last)`` with its head token; ``entity`` is a draft's id, None for a phrase that
    names nobody ("two officials") but may be what a pronoun stands for."""

    first: int
    last: int
    head: int
    entity: int | None
    how: MentionHow


class Notebook:
    """All that is known of one text while it is read: drafts, mentions, and which token belongs to which entity."""

    def __init__(self, text: TextView, gazetteer: Gazetteer, on: date | None) -> None:
        self.text = text
        self.gazetteer = gazetteer
        self.on = on
        self.drafts: list[Draft] = []
        self.by_key: dict[str, int] = {}
        self.seen: list[Seen] = []
        self.by_token: dict[int, int] = {}
        self.by_span: dict[tuple[int, int], Seen] = {}
        self.loose: list[tuple[int, Mention]] = []
        self.why: dict[tuple[int, int], str] = {}
        self.stands_for: dict[int, Seen] = {}
        self.margin: dict[int, float] = {}
        self.agency = ""
        self.agency_name = ""
        self.home = ""

    def add(self, name: str, kind: EntityKind, *, key: str = "", **more: object) -> Draft:
        """A new draft, or the one that bears ``key`` already."""
        if key and key in self.by_key:
            return self.drafts[self.by_key[key]]
        draft = Draft(len(self.drafts), name, kind, key=key, **more)  # type: ignore[arg-type]
        self.drafts.append(draft)
        if key:
            self.by_key[key] = draft.id
        return draft

    def add_known(self, known: Known) -> Draft:
        """The draft of a gazetteer entry."""
        return self.add(known.name, known.kind, key=known.key, type=known.type, qid=known.qid, country=known.country)

    def mention(self, first: int, last: int, entity: int | None, how: MentionHow, head: int | None = None) -> Seen:
        """Notes a mention; the smallest one that covers a token owns it."""
        seen = Seen(first, last, self.text.head_of(first, last) if head is None else head, entity, how)
        self.by_span[first, last] = seen
        self.seen.append(seen)
        if entity is not None:
            for i in range(first, last):
                self.by_token.setdefault(i, entity)
        return seen

    def is_capital(self, draft: Draft) -> bool:
        """Whether a place is a seat of government."""
        return draft.kind == "place" and any(
            form.how == "metonym" for form in self.gazetteer.forms.get(draft.name.split(" ")[0], ())
            if " ".join(form.words) == draft.name
        )  # fmt: skip

    def owner_country(self, entity: int | None) -> str:
        """The country code that an entity is or belongs to; "" where unknown."""
        return self.drafts[entity].country if entity is not None else ""

    def freeze(self) -> tuple[Entity, ...]:
        """The entities as records, mentions in reading order."""
        mentions: list[list[Mention]] = [[] for _ in self.drafts]
        for entity, mention in self.loose:
            mentions[entity].append(mention)
        view = self.text
        for seen in self.seen:
            if seen.entity is not None:
                start, end = view.start[seen.first], view.end[seen.last - 1]
                mentions[seen.entity].append(Mention(start, end, view.text[start:end], seen.how))
        return tuple(
            Entity(d.id, d.name, d.kind, d.qid, tuple(sorted(set(found), key=lambda m: (m.start, m.end))), self.key_of(d),
                   d.how, d.score, self.describe(d), self.context_of(d))
            for d, found in zip(self.drafts, mentions, strict=True)
        )  # fmt: skip

    def key_of(self, draft: Draft) -> str:
        """The natural key over texts: a person's holds the context too, so that namesakes stay apart."""
        if draft.kind != "person":
            return draft.key
        owners = [self.drafts[f.owner] for f in draft.facts if f.owner is not None]
        own = draft.country or (draft.leader.country if draft.leader is not None else "")
        worldwide = [d.key for d in owners if d.type == "international"]
        bodies = [d.key for d in owners if d.kind == "organisation" and d.key]
        return person_key(draft.key, choose_context(own, worldwide, self.home, self.countries_named(), bodies))

    def home_named(self) -> str:
        """The dateline's country where the text names it at all, by itself or by what belongs to it; "" otherwise."""
        return self.home if self.home and self.countries_named().get(self.home) else ""

    def country_at(self, index: int) -> str:
        """Whose "the foreign ministry" is in a sentence: "In Vale, the ministry said" names the place; else the dateline's
        country, if the text names none more often. "" where neither tells."""
        first = self.text.sentence_start[self.text.sentence[index]]
        if self.text.lower[first] == "in" and (entity := self.by_token.get(first + 1)) is not None:
            return self.drafts[entity].country
        named = self.countries_named()
        most = max(named.values(), default=0)
        return self.home if self.home and named.get(self.home, 0) == most else ""

    def countries_named(self) -> dict[str, int]:
        """How often the text names each country, or what belongs to it."""
        counts: dict[str, int] = {}
        for seen in self.seen:
            country = "" if seen.entity is None or seen.how == "pronoun" else self.drafts[seen.entity].country
            if country and self.drafts[seen.entity or 0].kind != "person":
                counts[country] = counts.get(country, 0) + 1
        return counts

    def context_of(self, draft: Draft) -> tuple[str, ...]:
        """Keys of the countries and organisations that the text ties a person to."""
        if draft.kind != "person":
            return ()
        owners = {self.drafts[f.owner].key for f in draft.facts if f.owner is not None}
        if draft.country:
            owners.add(f"country:{draft.country}")
        return tuple(sorted(owners - {""}))

    def describe(self, draft: Draft) -> str | None:
        """What the text says of it, in a few words: "NATO secretary-general"."""
        parts = [
            " ".join(filter(None, ("former" if f.is_past else "", self._owner_name(f), f.word)))
            for f in draft.facts
            if f.rank != "honorific"
        ]
        return "; ".join(dict.fromkeys(parts)) or None

    def _owner_name(self, fact: TitleFact) -> str:
        return self.drafts[fact.owner].name if fact.owner is not None else ""
