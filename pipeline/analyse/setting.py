"""Around a cue: when it was said, on what occasion and where.

Only words that hang on the cue and stand outside source and content count: "said in Brussels on Thursday that …" tells
when and where of the speech, "said that troops left on Thursday" does not.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from spacy.tokens import Doc, Token

from pipeline.analyse.attribution import RawAttribution
from pipeline.analyse.lexicon import word_set
from pipeline.analyse.stance import content_tokens
from pipeline.analyse.syntax import children, find_child, is_verb, subtree
from pipeline.analyse.times import NO_TIME, WEEKDAYS, Anchor, TimeWords, resolve_time
from pipeline.records import Setting, TimeRange


def around_cue(doc: Doc, raw: RawAttribution) -> set[int]:
    """Tokens below the cue's head that are neither source, content, nor another clause."""
    verb = doc[raw.cue_token]
    taken = content_tokens(doc, raw)
    if raw.source is not None:
        span = doc.char_span(*raw.source, alignment_mode="expand")
        taken |= set() if span is None else set(range(span.start, span.end))
    stop = taken | {child.i for child in verb.children if child.dep_ in ("conj", "advcl", "parataxis", "relcl")}
    around = subtree(verb, stop - {verb.i})
    for child in speaking(verb):
        around |= subtree(child, taken)
    behind = [i for i in taken if i > verb.i]
    if behind and min(behind) - verb.i <= LONGEST_GAP:
        around |= set(range(verb.i + 1, min(behind))) - taken
    return around


LONGEST_GAP = 8


def speaking(verb: Token) -> list[Token]:
    """ "Speaking in Doha on Tuesday, the envoy said": the clause that tells how it was said."""
    lead = [child for child in children(verb, "advcl") if child.i < verb.i and child.tag_ == "VBG"]
    return [child for child in lead if child.lemma_ in word_set("words", "speaking")]


def read_said(doc: Doc, raw: RawAttribution, times: Sequence[TimeWords], anchor: Anchor) -> TimeRange:
    """When a statement was made."""
    around = around_cue(doc, raw)
    first, last = doc[min(around)], doc[max(around)]
    for words in times_between(times, first.idx, last.idx + len(last.text)):
        span = doc.char_span(words.start, words.end, alignment_mode="expand")
        if span is not None and any(token.i in around for token in span if token.ent_type_ or token.pos_ != "ADP"):
            return resolve_time(words, anchor, is_past=True)
    return TimeRange(None, None, None, None, anchor.zone, NO_TIME)


def times_between(times: Sequence[TimeWords], start: int, end: int) -> Sequence[TimeWords]:
    """Time expressions that begin before ``end`` and end behind ``start``; ``times`` are in order and do not overlap."""
    first = bisect_left(times, start, key=lambda words: words.end)
    return times[first : bisect_left(times, end, key=lambda words: words.start)]


def read_occurs(doc: Doc, raw: RawAttribution, times: Sequence[TimeWords], anchor: Anchor) -> TimeRange | None:
    """When that happens of which a content speaks: its first time expression; "will leave on Friday" is the next one."""
    for start, end in raw.content:
        for words in times_between(times, start, end):
            if start <= words.start and words.end <= end:
                found = resolve_time(words, anchor, is_past=is_over(doc, words))
                return next_week(found, anchor) if is_weekday(words) and is_ahead(doc, words) else found
    return None


def is_weekday(words: TimeWords) -> bool:
    """Whether an expression is a bare weekday, which may be the last or the next."""
    return words.text.split(" ")[-1].lower() in WEEKDAYS and "last" not in words.text.lower()


def next_week(found: TimeRange, anchor: Anchor) -> TimeRange:
    """The weekday after the story's day instead of the one before."""
    if found.from_on is None or found.to_on is None or anchor.day is None or found.to_on >= anchor.day:
        return found
    week = timedelta(7)
    return replace(found, from_on=found.from_on + week, to_on=found.to_on + week)


def clause_of(doc: Doc, words: TimeWords) -> Token | None:
    """The verb of the clause that a time stands in."""
    span = doc.char_span(words.start, words.end, alignment_mode="expand")
    here = None if span is None else span.root
    while here is not None and not is_verb(here) and here.head.i != here.i:
        here = here.head
    return here


def is_over(doc: Doc, words: TimeWords) -> bool:
    """Whether the clause of a time speaks of what is past: "had closed since January", "was sold in May"."""
    verb = clause_of(doc, words)
    if verb is None or is_ahead(doc, words):
        return False
    return verb.tag_ == "VBD" or any(
        child.tag_ == "VBD" or child.lemma_ == "have" for child in children(verb, "aux", "auxpass")
    )


def is_ahead(doc: Doc, words: TimeWords) -> bool:
    """Whether the clause of a time speaks of what is to come: "will", "would", "plans to", not "would have"."""
    verb = clause_of(doc, words)
    if verb is None:
        return False
    helpers = children(verb, "aux", "auxpass")
    if any(child.lemma_ == "have" for child in helpers):
        return False
    is_planned = any(child.tag_ == "TO" for child in helpers) and verb.head.lemma_ in word_set("words", "plan verb")
    return is_planned or any(child.lower_ in word_set("words", "future") for child in helpers)


NOT_THERE = frozenset({"outside", "near", "about", "against", "of", "over", "after", "before"})
SPOKEN_TO = frozenset({"tell", "inform", "address", "brief", "remind", "warn", "ask", "assure"})


def read_setting(doc: Doc, raw: RawAttribution) -> Setting | None:
    """Occasion and place of a statement, None where the words give neither."""
    around = around_cue(doc, raw)
    verb = doc[raw.cue_token]
    holders = [verb, *speaking(verb)]
    preps = [p for holder in holders for p in children(holder, "prep") if p.i in around and p.lower_ not in NOT_THERE]
    heads = [g for prep in preps for g in children(prep, "pobj")]
    heads += children(verb, "dobj", "dative") if verb.lemma_ in SPOKEN_TO else []
    occasion = next((head for head in heads if head.i in around and is_occasion(head)), None)
    place = find_place(holders if occasion is None else [occasion, *holders], around)
    if occasion is None and place is None:
        return None
    return Setting(None if occasion is None else name_of(occasion), place)


def is_occasion(head: Token) -> bool:
    """A noun that names an occasion of speech."""
    return head.pos_ == "NOUN" and (
        head.lemma_ in word_set("words", "occasion") or name_of(head) in word_set("words", "occasion")
    )


def name_of(head: Token) -> str:
    """A noun with its compounds: "press conference"."""
    words = [head.doc[child.i].lower_ for child in children(head, "compound") if not child.ent_type_]
    return " ".join([*words, head.lemma_])


def find_place(holders: Sequence[Token], around: set[int]) -> str | None:
    """ "In Brussels" on the occasion or on the cue."""
    for holder in holders:
        for prep in children(holder, "prep"):
            inner = find_child(prep, "pobj")
            if prep.lower_ not in ("in", "at", "from", "outside") or inner is None or inner.i not in around:
                continue
            if inner.ent_type_ in ("GPE", "LOC", "FAC") and inner.pos_ == "PROPN":
                words = [t for t in inner.doc[inner.left_edge.i : inner.i + 1] if t.pos_ == "PROPN"]
                return " ".join(token.text for token in words)
    return None
