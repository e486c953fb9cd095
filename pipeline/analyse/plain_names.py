"""What those named in a claim are called in a sentence that reads alone."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from spacy.tokens import Doc

from pipeline.analyse.attribution import Offsets
from pipeline.analyse.lexicon import word_set
from pipeline.records import Entity, Mention

OWNED = re.compile(r"s?[’']s? ")
FIRST_PERSON = frozenset({"i", "we", "me", "us", "my", "our", "ours", "mine", "myself", "ourselves"})
REPLACED = frozenset({"pronoun", "metonym", "role", "alias", "name"})


@dataclass(frozen=True, slots=True)
class Names:
    """What each mention is called in a sentence that reads alone: spans of mentions to canonical names."""

    mentions: tuple[tuple[Mention, Entity], ...]
    starts: tuple[int, ...]
    owners: frozenset[int]
    modifiers: frozenset[int]
    articles: frozenset[int]

    @classmethod
    def of(cls, entities: Iterable[Entity], doc: Doc) -> Names:
        """All mentions of a text, in order, the longest first where two begin together."""
        owners = frozenset(token.idx for token in doc if token.tag_ == "PRP$")
        found = [(mention, entity) for entity in entities for mention in entity.mentions]
        found.sort(key=lambda pair: (pair[0].start, -pair[0].end))
        starts = {token.idx: token for token in doc}
        modifiers = frozenset(m.start for m, _ in found if is_modifier(doc, m))
        articles = frozenset(
            entity.id for mention, entity in found
            if mention.text == entity.name and entity.kind != "person" and mention.start not in modifiers
            and mention.start in starts and starts[mention.start].i and doc[starts[mention.start].i - 1].lower_ == "the"
        )  # fmt: skip
        return cls(tuple(found), tuple(mention.start for mention, _ in found), owners, modifiers, articles)

    def in_sentence(self, entity: Entity) -> str:
        """A name as it stands in a sentence: "the Red Cross", "the company", "police"."""
        first, is_local = entity.name.split(" ")[0], entity.name[:1].islower() and not entity.entity_key
        if entity.kind == "person" or first.lower() in ("the", "a", "an"):
            return entity.name
        takes = (
            entity.id in self.articles
            or entity.name.endswith(" Party")
            or entity.name in word_set("words", "takes the")
            or first == "United"
        )
        is_kind = (
            entity.kind == "organisation" and entity.name.split(" ")[-1].islower() and not OWNED.search(entity.name)
        )
        if takes or ((is_local or is_kind) and entity.name not in word_set("words", "no article")):
            return f"the {entity.name}"
        return entity.name

    def inside(self, start: int, end: int) -> list[tuple[Mention, Entity]]:
        """Mentions within a span, none inside another."""
        kept: list[tuple[Mention, Entity]] = []
        for mention, entity in self.all_inside(start, end):
            if not kept or mention.start >= kept[-1][0].end:
                kept.append((mention, entity))
        return kept

    def all_inside(self, start: int, end: int) -> list[tuple[Mention, Entity]]:
        """Mentions within a span, nested ones too."""
        part = self.mentions[bisect_left(self.starts, start) : bisect_left(self.starts, end)]
        return [(mention, entity) for mention, entity in part if mention.end <= end]


COURTESY = re.compile(r"\b(?:Mr|Mrs|Ms|Miss)\.?\s$")


def courtesy(text: str, at: int) -> str:
    """ "Mr. " before a surname, which the full name goes without."""
    found = COURTESY.search(text[max(0, at - 6) : at])
    return "" if found is None else found.group()


def is_modifier(doc: Doc, mention: Mention) -> bool:
    """Whether a mention only narrows the noun behind it ("Hoshino shares"), which then has the article."""
    span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
    return span is not None and span.root.dep_ in ("compound", "amod", "nmod")


def named(text: str, span: Offsets, names: Names, known: Iterable[int] = ()) -> str:
    """The words of a span with names in place of what only stands for them; quoted words as they are.

    ``known`` are entities that the sentence has named before, whose pronouns read well as they are.
    """
    out, at, used = [], span[0], set(known)
    for mention, entity in names.inside(*span):
        if is_quoted(text, span, mention.start) or not is_replaced(mention, entity, used):
            used.add(entity.id)
            continue
        used.add(entity.id)
        begins = (
            max(at, mention.start - len(courtesy(text, mention.start))) if entity.kind == "person" else mention.start
        )
        owner = "’s" if mention.start in names.owners else ""
        is_bare = mention.start in names.modifiers or text[: mention.start].lower().endswith(("the ", "the\n"))
        out += [text[at:begins], entity.name if is_bare else names.in_sentence(entity), owner]
        at = mention.end
    return "".join([*out, text[at : span[1]]])


def is_replaced(mention: Mention, entity: Entity, used: set[int]) -> bool:
    """Whether a mention is replaced: pronouns at their first stand, metonyms always, surnames once."""
    if mention.text.lower() in FIRST_PERSON or mention.how not in REPLACED or mention.text == entity.name:
        return False
    if mention.how in ("pronoun", "name", "alias"):
        is_part = mention.how == "pronoun" or (entity.kind == "person" and mention.text in entity.name)
        return is_part and entity.id not in used
    return mention.how == "metonym"


def is_quoted(text: str, span: Offsets, at: int) -> bool:
    """Whether a place inside a span stands behind an opening quotation mark of the same span."""
    before = text[span[0] : at]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1
