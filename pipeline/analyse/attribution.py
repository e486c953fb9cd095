"""Who is said to have said what: raw attributions of one parsed text.

The way: drafts from verbs, nouns, "according to" and silence ─ quotations given to the cue beside them ─ spans cut ─
one draft a cue ─ parents by nesting. Rules see a parse and the tables of ``lexicon/``; entities, stance and times come
later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from pipeline.analyse.closings import closing_drafts
from pipeline.analyse.drafts import Draft
from pipeline.analyse.floating import give_quotations
from pipeline.analyse.lexicon import word_set
from pipeline.analyse.open_cues import open_drafts
from pipeline.analyse.other_cues import (
    according_drafts,
    is_closing,
    missing_drafts,
    noun_drafts,
    tail_drafts,
)
from pipeline.analyse.quotations import Quotation, find_quotations
from pipeline.analyse.silences import silence_drafts
from pipeline.analyse.syntax import find_child, is_verb, phrase, runs, span_of, subtree
from pipeline.analyse.verbs import speaks_for_itself, verb_drafts
from pipeline.records import Act, Quote

Offsets = tuple[int, int]
ASIDE_MARKS = (",", "-", "–", "—", "--")


@dataclass(frozen=True, slots=True)
class RawAttribution:
    """Source, cue and content as character spans, with what the parse knows of the speech.

    ``source`` and ``target`` are None where nobody is named; ``cue_token`` is the index of the cue's head in the
    ``Doc``; ``parent`` the place of the attribution around this one in the same list.
    """

    source: Offsets | None
    cue: Offsets | None
    lemma: str
    content: tuple[Offsets, ...]
    quote: Quote
    act: Act
    pattern: str
    cue_token: int
    is_negated: bool
    score: float
    source_head: int | None = None
    target: Offsets | None = None
    addressee: Offsets | None = None
    parent: int | None = None


def find_attributions(doc: Doc) -> list[RawAttribution]:
    """All attributions of a text in the order of their cues, nested ones after what holds them."""
    quotations = find_quotations(doc)
    quoted = frozenset(i for quotation in quotations for i in range(quotation.first, quotation.last))
    silences = [draft for draft in silence_drafts(doc) if not (draft.verb.i in quoted and speaks_for_itself(draft))]
    drafts = [
        *silences,
        *tail_drafts(doc),
        *verb_drafts(doc, quoted),
        *according_drafts(doc),
        *missing_drafts(doc),
        *noun_drafts(doc),
        *closing_drafts(doc, quoted),
    ]
    drafts = one_each([*drafts, *untold(open_drafts(doc, quoted), one_each(drafts))])
    drafts = give_quotations(doc, drafts, quotations, quoted)
    for draft in drafts:
        apart = behind_semicolon(doc, draft, drafts, quoted) | before_colon(doc, draft, drafts, quoted)
        draft.content = without_asides(doc, draft, quoted) - apart
    found = [cut(doc, draft, quotations) for draft in sorted(drafts, key=lambda draft: draft.verb.i)]
    return set_parents([raw for raw in found if raw.content or raw.pattern == "silence"])


def untold(drafts: Iterable[Draft], others: Sequence[Draft]) -> Iterator[Draft]:
    """Drafts that stand in nobody's words."""
    said = {i for other in others for i in other.content}
    return (draft for draft in drafts if draft.verb.i not in said)


def one_each(drafts: Iterable[Draft]) -> list[Draft]:
    """The first draft of each cue; none whose cue lies inside another's cue ("declined" of "declined to comment")."""
    kept: list[Draft] = []
    taken: set[int] = set()
    for draft in drafts:
        if not draft.cue & taken:
            kept.append(draft)
            taken |= draft.cue
    return kept


def without_asides(doc: Doc, draft: Draft, quoted: frozenset[int]) -> set[int]:
    """Content without the wire's own voice: contrasts behind a comma, later appositions of events."""
    content = draft.content - said_time(doc, draft) - told_by_others(doc, draft)
    if draft.pattern not in ("clause", "infinitive", "order", "of"):
        return content
    content -= find_asides(doc, draft.content, quoted, draft.verb.i)
    return content - lone_adverb(doc, content)


def behind_semicolon(doc: Doc, draft: Draft, drafts: Iterable[Draft], quoted: frozenset[int]) -> set[int]:
    """ "Said it was a sham; the board rejected that": what stands behind is another's claim."""
    marks = [i for i in draft.content if doc[i].text == ";" and i > draft.verb.i and i not in quoted]
    for mark in sorted(marks):
        last = doc[mark].sent.end
        others = (d.verb.i for d in drafts if d.doer is not None and d.doer.head.i > mark and d.verb.i in draft.content)
        if any(mark < other < last for other in others):
            return {i for i in draft.content if i >= mark}
    return set()


def before_colon(doc: Doc, draft: Draft, drafts: Iterable[Draft], quoted: frozenset[int]) -> set[int]:
    """ "The mayor denied it: nobody had been paid, she said": the denial is told by the wire, not by her."""
    marks = [i for i in draft.content if doc[i].text in (":", ";") and i < draft.verb.i and i not in quoted]
    others = [d.verb.i for d in drafts if d is not draft and d.doer is not None and d.verb.i in draft.content]
    last = max((mark for mark in marks if any(other < mark for other in others)), default=-1)
    return {i for i in draft.content if i <= last}


def find_asides(doc: Doc, content: set[int], quoted: frozenset[int], cue: int) -> set[int]:
    """The words behind the cue with which the wire itself comments on an unquoted content."""
    asides: set[int] = set()
    for token in (doc[i] for i in content if i >= cue and i not in quoted):
        is_within = (
            token.head.i in content or token.dep_ == "appos"
        )  # an apposition may be of what stands before the cue
        if is_within and (is_contrast(token) or is_late_comment(token, content)):
            asides |= subtree(token)
    return asides


def told_by_others(doc: Doc, draft: Draft) -> set[int]:
    """ "Warned that it might fail, according to a report": who tells of the warning is no part of it."""
    heads = [i for i in draft.content if doc[i].lower_ == "according" and i > draft.verb.i and is_closing(doc[i])]
    return set() if draft.pattern == "according" or not heads else subtree(doc[heads[0]])


def said_time(doc: Doc, draft: Draft) -> set[int]:
    """ "Said on Tuesday it had paid": a time right behind the cue tells when it was said, wherever the parse hung it."""
    first = max(draft.cue) + 1
    if first not in draft.content or first + 1 >= len(doc):
        return set()
    last = first + 1 if doc[first].lower_ in ("on", "late", "early") else first
    while last < len(doc) and doc[last].ent_type_ == "DATE" and last in draft.content:
        last += 1
    is_time = last > first and doc[last - 1].ent_type_ == "DATE"
    if is_time and doc[last - 1].dep_ == "compound" and doc[last - 1].pos_ == "NOUN":
        return set()  # "said third-quarter profit fell"
    follows = last < len(doc) and last in draft.content and not doc[last].is_punct and doc[last].pos_ != "AUX"
    return set(range(first, last)) if is_time and follows and not is_verb(doc[last]) else set()


def lone_adverb(doc: Doc, content: set[int]) -> set[int]:
    """ "Said only that …": an adverb that stands alone before the rest."""
    ordered = sorted(content)
    is_alone = len(ordered) > 2 and ordered[1] > ordered[0] + 1 and doc[ordered[0]].pos_ == "ADV"
    return {ordered[0]} if is_alone else set()


def is_contrast(token: Token) -> bool:
    """ ", while the road is quiet": a clause of the wire's own behind a comma."""
    if token.dep_ != "advcl":
        return False
    marks = [c for c in token.children if c.dep_ == "mark" and c.lower_ in word_set("words", "contrast")]
    return bool(marks) and marks[0].i > 0 and token.doc[marks[0].i - 1].text == ","


def is_late_comment(token: Token, content: set[int]) -> bool:
    """ ", a sharp rise", ", the latest in a string": an indefinite apposition that closes the content and sums up the clause."""
    is_tail = token.dep_ == "appos" or (
        token.dep_ in ("dobj", "npadvmod", "attr") and find_child(token, "relcl", "acl")
    )
    is_summed_up = any(c.lower_ in ("a", "an") or c.tag_ == "JJS" or c.lower_ == "latest" for c in token.children)
    if not is_tail or token.ent_type_ or not (is_summed_up or token.lower_ == "latest"):
        return False
    inside = subtree(token)
    first = min(inside)
    is_last = max(inside) >= max(i for i in content if not token.doc[i].is_punct)
    return is_last and token.doc[first - 1].text in ASIDE_MARKS


def cut(doc: Doc, draft: Draft, quotations: list[Quotation]) -> RawAttribution:
    """Spans of a draft."""
    source = [] if draft.doer is None else phrase(draft.doer.head, draft.cue | outside_phrase(draft))
    source = without_day(doc, source)
    content = without_loose_ends(doc, sorted(draft.content - draft.cue - set(source)))
    spans = tuple(runs(doc, content))
    return RawAttribution(
        source=next(span_of(doc, source), None), cue=next(span_of(doc, draft.cue), None), lemma=draft.lemma,
        content=spans, quote=quote_kind(doc, content, quotations), act=draft.act, pattern=draft.pattern,
        cue_token=draft.verb.i, is_negated=draft.is_negated, score=draft.score,
        source_head=None if draft.doer is None else draft.doer.head.i,
        target=phrase_span(doc, draft.target), addressee=phrase_span(doc, draft.addressee),
    )  # fmt: skip


def without_day(doc: Doc, source: list[int]) -> list[int]:
    """A source without what does not belong to it: "the mayor on Monday", "by the office [of] hiding"."""
    last = len(source)
    while last and (doc[source[last - 1]].ent_type_ in ("DATE", "TIME") or doc[source[last - 1]].pos_ == "ADP"):
        last -= 1
    return source[:last] or source


def without_loose_ends(doc: Doc, content: list[int]) -> list[int]:
    """Content without an "and" or "but" that joins nothing of it."""
    while content and (doc[content[-1]].dep_ == "cc" or doc[content[-1]].is_space or doc[content[-1]].text == ","):
        if doc[content[-1]].dep_ != "cc" and not any(doc[i].dep_ == "cc" for i in content[-3:]):
            break
        content = content[:-1]
    if [doc[i].lower_ for i in content[:2]] == ["that", ":"]:
        content = content[2:]  # "denied that: 40 were sold, it said"
    after = content[-1] + 1 if content else len(doc)
    if after < len(doc) and doc[after].lower_ in ("’s", "'s") and not doc[after - 1].whitespace_:
        content = [*content, after]  # "that the stamps were the company’s", which the parse takes for a mark
    return content


def outside_phrase(draft: Draft) -> set[int]:
    """Content tokens are no part of the source phrase, unless the source stands inside the content."""
    head = None if draft.doer is None else draft.doer.head.i
    return set() if head in draft.content else set(draft.content)


def phrase_span(doc: Doc, head: Token | None) -> Offsets | None:
    """The character span of a noun phrase."""
    return None if head is None else next(span_of(doc, phrase(head)), None)


def quote_kind(doc: Doc, content: list[int], quotations: list[Quotation]) -> Quote:
    """Direct where all words stand in quotation marks, mixed where some do."""
    words = [i for i in content if not doc[i].is_punct and not doc[i].is_space]
    inside = {i for quotation in quotations for i in range(quotation.first, quotation.last)}
    count = sum(i in inside for i in words)
    if count == 0:
        return "indirect"
    return "direct" if count == len(words) else "mixed"


def set_parents(found: list[RawAttribution]) -> list[RawAttribution]:
    """Each attribution with the smallest other one whose content holds its cue; linear but for the depth of nesting."""
    spans = sorted(
        ((start, end, sum(b - a for a, b in raw.content), place)
         for place, raw in enumerate(found) for start, end in raw.content)
    )  # fmt: skip
    cues = sorted((raw.cue, place) for place, raw in enumerate(found) if raw.cue is not None)
    parents: dict[int, int] = {}
    open_spans: list[tuple[int, int, int, int]] = []
    at = 0
    for (start, end), place in cues:
        while at < len(spans) and spans[at][0] <= start:
            open_spans.append(spans[at])
            at += 1
        open_spans = [span for span in open_spans if span[1] >= end]
        around = [(size, other) for _, _, size, other in open_spans if other != place]
        if around:
            parents[place] = min(around)[1]
    return [replace(raw, parent=parents.get(place)) for place, raw in enumerate(found)]
