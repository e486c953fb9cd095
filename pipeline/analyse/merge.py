"""What the tagger finds and what the rules find, as one list.

The tagger decides what is an attribution; the rules know its shape (who is accused, who is asked, what is withheld), so
where both find one the rules' reading stands unless its content is another. What only the tagger finds is kept where it
is speech or writing and sure enough; what only the rules find, where it is silence, nested, or of a kind that the
tagger's corpus hardly has (docs/decisions/attribution-rules.md has the figures).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc, Span, Token

from pipeline.analyse.attribution import Offsets, RawAttribution, find_asides, quote_kind, set_parents
from pipeline.analyse.lexicon import cue_nouns, cue_verbs, word_set
from pipeline.analyse.quotations import Quotation, find_quotations
from pipeline.analyse.syntax import has_passive, is_negated, is_verb, runs
from pipeline.analyse.tagger import TaggedAttribution
from pipeline.analyse.verbs import find_speaker, means_a_thing, says_something, withheld
from pipeline.records import Act

SPOKEN = frozenset({"speech", "writing"})
SURE = 0.7
SURE_OF_KNOWN = 0.5
SURE_OF_NOUNS = 0.85
AGREED, OWN_KNOWN, OWN_NESTED, OWN_ALONE = 0.95, 0.8, 0.6, 0.5
CERTAIN_PATTERNS = frozenset({"object", "clause", "gerund", "question", "of", "missing", "plead", "phrase", "subject"})
WITHIN_RULES = frozenset({"deny", "confirm", "not_confirm", "decline", "no_response", "accuse"})
CONDITION = re.compile(r"\bto be (?:named|identified|quoted)\b", re.IGNORECASE)
LONGEST_CONDITION = 9
LOOSE_PATTERNS = frozenset({"object", "naming", "gerund"})


def merge(doc: Doc, ruled: Sequence[RawAttribution], tagged: Sequence[TaggedAttribution]) -> list[RawAttribution]:
    """Attributions of one text in the order of their cues, with parents."""
    quotations = find_quotations(doc)
    quoted = frozenset(i for quotation in quotations for i in range(quotation.first, quotation.last))
    tagged = [replace(found, content=said_words(doc, found, quoted)) for found in tagged]
    by_start = sorted((span, place) for place, found in enumerate(tagged) for span in found.cue)
    used: set[int] = set()
    cues = {raw.cue_token for raw in ruled}
    merged: list[RawAttribution] = []
    for raw in ruled:
        place = find_same(raw, by_start)
        if is_unclaimed(doc, raw):
            continue
        if place is not None:
            used.add(place)
            merged.append(joined(doc, raw, tagged[place], quotations, cues - {raw.cue_token}))
        elif (kept := alone(doc, raw)) is not None:
            merged.append(kept)
    for place, found in enumerate(tagged):
        if place not in used and is_wanted(doc, found):
            raw_found = from_tagger(doc, found, quotations)
            if raw_found is not None and not is_unclaimed(doc, raw_found):
                merged.append(raw_found)
    merged.sort(key=lambda raw: raw.cue or (raw.content[0] if raw.content else (0, 0)))
    return set_parents(merged)


def said_words(doc: Doc, found: TaggedAttribution, quoted: frozenset[int]) -> tuple[Offsets, ...]:
    """The content of a tagged attribution without the condition under which somebody spoke ("not to be named") and
    without the wire's own comment (", a sharp rise")."""
    kept = []
    for span in found.content:
        piece = doc.char_span(*span, alignment_mode="expand")
        if piece is not None and not (len(piece) <= LONGEST_CONDITION and CONDITION.search(piece.text)):
            kept.append(span)
    content = tokens_of(doc, kept)
    cue = min(tokens_of(doc, found.cue), default=0)
    asides = find_asides(doc, content, quoted, cue)
    return tuple(runs(doc, sorted(content - asides))) if asides else tuple(kept)


def find_same(raw: RawAttribution, by_start: Sequence[tuple[Offsets, int]]) -> int | None:
    """The place of the tagged attribution whose cue overlaps a ruled one's."""
    if raw.cue is None:
        return None
    at = bisect_left(by_start, ((raw.cue[1], 0), 0))
    for span, place in reversed(by_start[max(0, at - 2) : at]):
        if span[1] > raw.cue[0]:
            return place
    return None


def joined(
    doc: Doc, raw: RawAttribution, found: TaggedAttribution, quotations: list[Quotation], cues: set[int]
) -> RawAttribution:
    """A ruled attribution that the tagger found too: its content is the tagger's where the two hardly overlap, unless
    the tagger took in what others say (their cues are ``cues``), or what is denied stands before the cue."""
    if raw.pattern == "silence" or not found.content:
        return replace(raw, score=max(raw.score, found.confidence))
    mine, other = words_of(doc, raw.content), words_of(doc, found.content)
    share = len(mine & other) / len(mine | other) if mine | other else 1.0
    if share >= 0.5 or raw.pattern not in ("clause", "quote", "according", "object", "question"):
        return replace(raw, score=AGREED if share >= 0.8 else max(0.75, found.confidence * 0.9))
    if other < mine and lacks_subject(doc, mine, other):
        return replace(raw, score=max(0.75, found.confidence * 0.9))
    took_in = bool(mine & other) and bool(cues & (other - mine))
    if (
        took_in
        or (mine and mine < other and is_cut_off(doc, mine, other))
        or is_denied_before(raw)
        or is_beyond(doc, mine, other)
    ):
        return replace(raw, score=max(0.75, found.confidence * 0.9))
    own = set() if raw.source is None else tokens_of(doc, [raw.source])
    content = sorted(tokens_of(doc, found.content) - own)
    spans = tuple(runs(doc, without_opener(doc, content)))
    if not spans:
        return raw
    return replace(raw, content=spans, quote=quote_kind(doc, content, quotations), score=0.8 * found.confidence)


def lacks_subject(doc: Doc, mine: set[int], other: set[int]) -> bool:
    """Whether the tagger's content begins at a verb whose subject only the rules' one has."""
    return any(doc[i].dep_ in ("nsubj", "nsubjpass") and doc[i].head.i in other for i in mine - other)


def is_beyond(doc: Doc, mine: set[int], other: set[int]) -> bool:
    """Whether only the tagger's content stands in another paragraph than the rules' one, and shares nothing with it."""
    if not mine or mine & other:
        return False
    before, behind = sorted((mine, other), key=min)
    return any("\n" in doc[i].text for i in range(max(before), min(behind)))


def is_cut_off(doc: Doc, mine: set[int], other: set[int]) -> bool:
    """Whether a semicolon parts what only the tagger has from what both have."""
    last, first = max(other - mine), min(mine)
    return last < first and any(doc[i].text == ";" for i in range(last, first))


def is_denied_before(raw: RawAttribution) -> bool:
    """ "A charge that she denied": the noun before the cue."""
    return raw.pattern == "object" and raw.cue is not None and bool(raw.content) and raw.content[-1][1] <= raw.cue[0]


def is_claimed(doc: Doc, raw: RawAttribution) -> bool:
    """ "Claimed victory", "claimed responsibility": a statement in two words."""
    words = {doc[i].lemma_ for i in tokens_of(doc, raw.content)}
    return raw.lemma == "claim" and bool(words & word_set("words", "claimed"))


def is_unclaimed(doc: Doc, raw: RawAttribution) -> bool:
    """ "Nobody has claimed responsibility": no statement."""
    return raw.is_negated and is_claimed(doc, raw)


def alone(doc: Doc, raw: RawAttribution) -> RawAttribution | None:
    """A ruled attribution that the tagger did not find; None where such ones are mostly wrong."""
    if raw.pattern == "silence":
        return raw
    if raw.parent is not None or raw.pattern == "noun":
        return replace(raw, score=OWN_NESTED)
    if raw.act in WITHIN_RULES and raw.pattern in CERTAIN_PATTERNS:
        return replace(raw, score=OWN_KNOWN)
    if raw.pattern in LOOSE_PATTERNS and raw.act not in WITHIN_RULES and not is_claimed(doc, raw):
        return None
    return replace(raw, score=OWN_ALONE)


def is_wanted(doc: Doc, found: TaggedAttribution) -> bool:
    """Speech or writing that is sure enough; a cue of the lexicon needs less."""
    if found.kind not in SPOKEN or not found.content or not found.cue:
        return False
    head = head_of(doc, found.cue)
    if head is not None and head.lower_ in ("according", "to") and not has_voice(doc, found):
        return False
    if head is not None and is_verb(head):
        teller = source_of(doc, found, head) if found.source else None
        if means_a_thing(head, None if teller is None else teller.root) or not says_something(head):
            return False
    if (
        head is not None
        and head.lemma_ == "report"
        and has_passive(head)
        and not found.source
        and not has_clause(doc, found)
    ):
        return False  # "three accidents have been reported": the wire's own voice
    is_known = head is not None and (head.lemma_ in cue_verbs() or head.lemma_ in cue_nouns())
    if is_known:
        return found.confidence >= SURE_OF_KNOWN
    return found.confidence >= (SURE if has_clause(doc, found) else SURE_OF_NOUNS)


def has_clause(doc: Doc, found: TaggedAttribution) -> bool:
    """Whether a content holds a verb."""
    return any(is_verb(doc[i]) or doc[i].pos_ == "AUX" for i in tokens_of(doc, found.content))


def has_voice(doc: Doc, found: TaggedAttribution) -> bool:
    """ "According to plan" has none."""
    heads = [
        piece.root for span in found.source if (piece := doc.char_span(*span, alignment_mode="expand")) is not None
    ]
    return not any(head.lemma_ in word_set("words", "no voice") for head in heads)


def head_of(doc: Doc, spans: Sequence[Offsets]) -> Token | None:
    """The verb or noun of saying in a cue: its head, or the verb below an auxiliary head."""
    pieces = [piece for span in spans if (piece := doc.char_span(*span, alignment_mode="expand")) is not None]
    verbs = [token for piece in pieces for token in piece if is_verb(token)]
    known = [token for token in verbs if token.lemma_ in cue_verbs()]
    if known:
        return known[-1]
    return next(iter(verbs or [piece.root for piece in pieces]), None)


def from_tagger(doc: Doc, found: TaggedAttribution, quotations: list[Quotation]) -> RawAttribution | None:
    """An attribution that only the tagger found, in the rules' terms."""
    head = head_of(doc, found.cue)
    if head is None:
        return None
    source = source_of(doc, found, head)
    own = set() if source is None else {token.i for token in source}  # ", a senior official was quoted as saying"
    content = without_opener(doc, sorted(tokens_of(doc, found.content) - own))
    spans = tuple(runs(doc, content))
    if not spans:
        return None
    if source is None and head.pos_ == "NOUN":
        return None  # "the recommendation to cut": nobody's
    verb_like = any(is_verb(doc[i]) or doc[i].pos_ == "AUX" for i in content)
    return RawAttribution(
        source=None if source is None else offsets(source),
        cue=max(found.cue, key=lambda span: span[1] - span[0]),
        lemma=head.lemma_.lower(),
        content=spans,
        quote=quote_kind(doc, content, quotations),
        act=act_of(head, verb_like),
        pattern="clause" if verb_like else "object",
        cue_token=head.i,
        is_negated=is_refused(head),
        score=found.confidence * 0.9,
        source_head=None if source is None else source.root.i,
    )


def is_refused(head: Token) -> bool:
    """Whether what a cue says is not done; also one that the parse took for no verb ("could not yet vouch")."""
    if not is_verb(head):
        return any(child.dep_ == "neg" for child in head.children)
    return is_negated(head) or withheld(head) is not None


CLAUSAL = ("clause", "quote", "question")


def act_of(head: Token, is_clause: bool) -> Act:
    """The act of a cue by the lexicon's row for such a content; a statement where it does not know the word."""
    rows = cue_verbs().get(head.lemma_, ())
    fitting = [row for row in rows if (row.pattern in CLAUSAL) == is_clause] or rows
    return fitting[0].act if fitting else cue_nouns().get(head.lemma_, "state")


def source_of(doc: Doc, found: TaggedAttribution, head: Token) -> Span | None:
    """The tagged source without a possessive mark; the verb's own subject where none is tagged."""
    if found.source:
        span = doc.char_span(*max(found.source, key=lambda s: s[1] - s[0]), alignment_mode="contract")
        if span is not None and len(span) > 1 and span[-1].tag_ == "POS":
            span = span[:-1]
        return span
    doer = find_speaker(head) if is_verb(head) else None
    return None if doer is None else doc[doer.head.left_edge.i : doer.head.i + 1]


def offsets(span: Span) -> Offsets:
    """Character offsets of a span."""
    return int(span.start_char), int(span.end_char)


def without_opener(doc: Doc, content: list[int]) -> list[int]:
    """Content without a leading "that"."""
    kept = list(content)
    while kept and (doc[kept[0]].is_punct or doc[kept[0]].is_space):
        kept.pop(0)
    if len(kept) > 1 and doc[kept[0]].lower_ in word_set("words", "complementiser") and doc[kept[0]].dep_ == "mark":
        kept.pop(0)
    return kept


def tokens_of(doc: Doc, spans: Sequence[Offsets]) -> set[int]:
    """Token indices of character spans."""
    found: set[int] = set()
    for span in spans:
        piece = doc.char_span(*span, alignment_mode="expand")
        found |= set() if piece is None else set(range(piece.start, piece.end))
    return found


def words_of(doc: Doc, spans: Sequence[Offsets]) -> set[int]:
    """Token indices of the words in character spans, without "that" and marks."""
    return {i for i in tokens_of(doc, spans) if doc[i].is_alpha and doc[i].dep_ != "mark"}
