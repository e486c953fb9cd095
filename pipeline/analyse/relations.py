"""How claims of one story stand to each other. Conservative and pure: a link that is not plain is left out.

Two claims are on one matter where they share an actor and a word or theme besides (``lexicon/themes.tsv``), where one
stands inside the other, where one clause contrasts with the other in one sentence, or where "the report" can only mean
the claim before it. Not confirming is never denying, and whoever leaves a claim open supports none of it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from spacy.lang.en.stop_words import STOP_WORDS

from pipeline.analyse.lexicon import cue_nouns, read_table, word_set
from pipeline.records import Claim, Entity, Link, Quantity

ASSERTING = frozenset({"state", "accuse", "confirm", "warn", "assess"})
ANSWERING: Mapping[str, str] = {"not_confirm": "does_not_confirm", "deny": "denies", "confirm": "confirms"}
CONTRAST = re.compile(r"\b(?:although|though|but|however|while|whereas|yet)\b", re.IGNORECASE)
SENTENCE_END = re.compile(r"[.!?][”\"]?\s")
ENDINGS = re.compile(r"(?:’s|'s|ing|ed|es|s|ment|ation|ion)$")
POINTERS = frozenset({"report", "claim", "account", "figure", "number", "accusation", "allegation", "charge", "it", "this",
                      "that", "them", "detail", "information", "video", "footage", "toll"})  # fmt: skip
EMPTY_WORDS = frozenset(
    {"evidence", "information", "confirmation", "report", "indication", "say", "said", "know", "new"}
)


@dataclass(frozen=True, slots=True)
class Matter:
    """What a claim speaks of: its speakers (and whom they speak for), entities, actors, stems and themes."""

    claim: Claim
    speakers: frozenset[int]
    entities: frozenset[int]
    actors: frozenset[int]
    stems: frozenset[str]
    themes: frozenset[str]

    @property
    def at(self) -> int:
        """Where it stands in the text."""
        cue = self.claim.cue
        return cue.start if cue is not None else self.claim.content[0].start if self.claim.content else 0


NEAR = 40
CLOSE = 3


def near(matters: Sequence[Matter], place: int) -> Sequence[Matter]:
    """The matters around a place of the list: only those are compared, so that long texts stay linear."""
    return matters[max(0, place - NEAR) : place + NEAR + 1]


def find_links(claims: Sequence[Claim], entities: Sequence[Entity], text: str) -> tuple[Link, ...]:
    """Links between claims of one text, each pair and relation once."""
    named = frozenset(word for entity in entities for mention in entity.mentions for word in stems_of(mention.text))
    matters = [matter_of(claim, named) for claim in claims]
    found = [*nested_links(claims), *pointing_links(matters), *answering_links(matters, text)]
    opened = {
        (speaker, link.to_claim)
        for link in found
        if link.relation == "does_not_confirm"
        for speaker in matters[link.from_claim].speakers
    }
    found += [*specifying_links(matters), *supporting_links(matters, opened), *repeating_links(matters)]
    first: dict[tuple[int, int, str], Link] = {}
    for link in found:
        first.setdefault((link.from_claim, link.to_claim, link.relation), link)
    return tuple(sorted(first.values(), key=lambda link: (link.from_claim, link.to_claim)))


def matter_of(claim: Claim, named: frozenset[str]) -> Matter:
    """The matter of a claim; ``named`` are stems of names, which are no words."""
    stems = frozenset(stem for span in claim.content for stem in stems_of(span.text)) - named - EMPTY_WORDS
    speakers = {who for source in claim.sources for who in (source.entity, source.party) if who is not None}
    about = frozenset(entity.entity for entity in claim.entities)
    leading = frozenset(e.entity for e in claim.entities if e.role in ("target", "subject"))
    return Matter(claim, frozenset(speakers), about, leading or about, stems, themes_of(stems))


@functools.lru_cache(maxsize=4096)
def stems_of(words: str) -> frozenset[str]:
    """Stems of the words that carry meaning."""
    lowered = (word.strip("’'") for word in re.findall(r"[^\W\d_][\w’']*", words.lower()))
    return frozenset(stem(word) for word in lowered if len(word) > 2 and word not in STOP_WORDS)


def stem(word: str) -> str:
    """A word without its usual endings; never shorter than three letters."""
    short = ENDINGS.sub("", word)
    return short if len(short) >= 3 else word


@functools.cache
def theme_words() -> Mapping[str, str]:
    """Stem to theme."""
    return {stem(word): row["theme"] for row in read_table("themes") for word in row["words"].split()}


def themes_of(stems: Iterable[str]) -> frozenset[str]:
    """Themes that stems speak of."""
    table = theme_words()
    return frozenset(table[found] for found in stems if found in table)


def nested_links(claims: Sequence[Claim]) -> list[Link]:
    """A claim that confirms, denies or leaves open the claim inside it."""
    return [
        Link(claims[claim.parent].id, claim.id, ANSWERING[claims[claim.parent].act], "nesting")
        for claim in claims
        if claim.parent is not None and claim.parent_kind == "presupposed" and claims[claim.parent].act in ANSWERING
    ]


def pointing_links(matters: Sequence[Matter]) -> list[Link]:
    """ "Denied the accusation", "could not verify the report": the last claim before it that somebody else asserts."""
    found = []
    for place, matter in enumerate(matters):
        if matter.claim.act not in ANSWERING or not points_back(matter.claim):
            continue
        before = [
            other
            for other in near(matters, place)
            if other.at < matter.at and asserts(other) and is_other(matter, other)
        ]
        aimed = [other for other in before if matter.speakers & other.actors] if matter.claim.act == "deny" else before
        if matter.claim.act == "deny" and speaks_of_accusation(matter.claim):
            accused = [m for m in matters[:place] if m.claim.act == "accuse" and is_other(matter, m)]
            aimed = [m for m in accused if matter.speakers & m.actors] or accused or aimed
        close = [other for other in before if other.claim.parent is None and place - other.claim.id <= CLOSE]
        if aimed or close:
            other = (aimed or close)[-1]
            found.append(
                Link(matter.claim.id, other.claim.id, ANSWERING[matter.claim.act], "pointer", 0.8 if aimed else 0.6)
            )
    return found


def speaks_of_accusation(claim: Claim) -> bool:
    """ "Denied the accusation", "repeated its denial": not of whatever was said last."""
    return claim.content[-1].text.lower().split()[-1].removesuffix("s") in word_set("words", "accusation")


def points_back(claim: Claim) -> bool:
    """A content of a few words whose noun only points to a claim: "the report", "the allegations", "it"."""
    words = [word for span in claim.content for word in re.findall(r"[\w’']+", span.text.lower())]
    if not words or len(words) > 4:
        return False
    last = words[-1]
    return last in POINTERS or last.removesuffix("s") in POINTERS or last.removesuffix("s") in cue_nouns()


def asserts(matter: Matter) -> bool:
    """Whether a claim puts something forward as so."""
    claim = matter.claim
    return claim.act in ASSERTING and claim.polarity == "positive" and claim.certainty in ("certain", "probable")


def is_other(one: Matter, other: Matter) -> bool:
    """Whether two claims come from different sides."""
    return one.claim.id != other.claim.id and not one.speakers & other.speakers


def answering_links(matters: Sequence[Matter], text: str) -> list[Link]:
    """Not confirmed, denied or confirmed by another side: on one matter, or in one sentence in contrast."""
    found = []
    holders = {other.claim.parent for other in matters if other.claim.parent_kind == "presupposed"}
    for place, matter in enumerate(matters):
        act = matter.claim.act
        if act not in ANSWERING or not matter.claim.content or matter.claim.id in holders:
            continue
        for other in near(matters, place):
            if other.claim.parent is not None or not asserts(other) or not is_other(matter, other):
                continue
            if not matter.entities & other.actors:
                continue
            if in_contrast(matter, other, text) or on_one_matter(matter, other, act):
                found.append(Link(matter.claim.id, other.claim.id, ANSWERING[act], "matter", 0.7))
    return found


def on_one_matter(one: Matter, other: Matter, act: str) -> bool:
    """Words or themes shared besides the actor; a denial needs more than one."""
    shared = len(one.stems & other.stems) + len(one.themes & other.themes)
    return shared >= (2 if act in ("deny", "confirm") else 1)


def in_contrast(one: Matter, other: Matter, text: str) -> bool:
    """Two cues of one sentence with "although" or "but" between them."""
    first, last = sorted((one.at, other.at))
    between = text[first:last]
    return bool(CONTRAST.search(between)) and not SENTENCE_END.search(between)


def specifying_links(matters: Sequence[Matter]) -> list[Link]:
    """One side's exact number for what it, or its claim on the same actor, had left vague."""
    return [
        Link(one.claim.id, other.claim.id, "specifies", "quantity", 0.7)
        for place, one in enumerate(matters)
        for other in near(matters, place)
        if one.at > other.at and one.speakers & other.speakers and one.entities & other.actors
        for exact in one.claim.quantities
        for vague in other.claim.quantities
        if is_narrower(exact, vague)
    ]


def is_narrower(exact: Quantity, vague: Quantity) -> bool:
    """The same kind of thing counted, closer, and within reach of the vague number."""
    if exact.unit is None or vague.unit is None or exact.low is None or exact.low != exact.high or vague.low is None:
        return False
    themes = themes_of({stem(exact.unit)}) & themes_of({stem(vague.unit)})
    is_open = vague.high is None or vague.high > 2 * vague.low
    is_near = exact.low >= vague.low / 2 and (vague.high is None or exact.low <= 2 * vague.high)
    return (exact.unit == vague.unit or bool(themes)) and is_open and is_near


def supporting_links(matters: Sequence[Matter], opened: set[tuple[int, int]]) -> list[Link]:
    """Another side says what goes the same way: two entities and a word shared, both asserted, neither left open."""
    found = []
    for place, one in enumerate(matters):
        for other in near(matters, place):
            if one.at <= other.at or not (asserts(one) and asserts(other) and is_other(one, other)):
                continue
            if (
                one.claim.parent is not None
                or other.claim.parent is not None
                or any((who, other.claim.id) in opened for who in one.speakers)
            ):
                continue
            if len(one.entities & other.entities) >= 2 and is_close(one, other):
                found.append(Link(one.claim.id, other.claim.id, "supports", "matter", 0.6))
    return found


def is_close(one: Matter, other: Matter) -> bool:
    """A theme shared, or two words: one word alone may be "send" or "take"."""
    return bool(one.themes & other.themes) or len(one.stems & other.stems) >= 2


def repeating_links(matters: Sequence[Matter]) -> list[Link]:
    """One speaker says the same again."""
    found = []
    for place, one in enumerate(matters):
        for other in near(matters, place):
            if one.at <= other.at or not one.speakers & other.speakers or one.claim.act != other.claim.act:
                continue
            union = one.stems | other.stems
            if len(one.stems) >= 3 and len(one.stems & other.stems) / len(union) >= 0.7:
                found.append(Link(one.claim.id, other.claim.id, "repeats", "words", 0.8))
    return found
