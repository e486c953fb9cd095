"""Quotations that the parse leaves alone: given to the cue beside them, or made into attributions of their own.

A quotation that a draft's content touches belongs to it whole. The others go to the verb right beside them ("…," X said),
then to the paragraph's own cue; a paragraph that goes on with an open quotation belongs to the one before.
"""

from __future__ import annotations

from spacy.tokens import Doc, Token

from pipeline.analyse.drafts import Draft
from pipeline.analyse.lexicon import cue_verbs
from pipeline.analyse.quotations import Quotation, paragraphs
from pipeline.analyse.syntax import find_child, find_doer, is_verb
from pipeline.analyse.verbs import FIRST_SECOND, cue_tokens, find_speaker

SHORTEST = 3
REACH = 3


def give_quotations(doc: Doc, drafts: list[Draft], quotations: list[Quotation], quoted: frozenset[int]) -> list[Draft]:
    """Drafts with whole quotations as content, and new drafts for quotations that nobody had."""
    owner: dict[int, Draft] = {}
    for place, quotation in enumerate(quotations):
        own = touching(drafts, quotation)
        if own is not None:
            widen(own, quotation)
            owner[place] = own
    lines = paragraphs(doc)
    for place, quotation in enumerate(quotations):
        if place in owner or not stands_alone(doc, quotation):
            continue
        own = find_owner(doc, drafts, quotations, owner, place, lines, quoted)
        if own is not None:
            owner[place] = own
            widen(own, quotation)
            if own not in drafts:
                drafts.append(own)
    return drafts


def touching(drafts: list[Draft], quotation: Quotation) -> Draft | None:
    """The draft outside a quotation whose content reaches into it; the one with the most of it."""
    inside = range(quotation.first, quotation.last)
    best: tuple[int, int] | None = None
    for place, draft in enumerate(drafts):
        if draft.verb.i in inside or not draft.content:
            continue
        share = sum(i in draft.content for i in inside)
        if share and (best is None or share > best[0]):
            best = (share, place)
    return None if best is None else drafts[best[1]]


def widen(draft: Draft, quotation: Quotation) -> None:
    """Give a draft the whole of a quotation, where the quotation does not hold its cue."""
    draft.content |= set(range(quotation.first, quotation.last)) - draft.cue


def stands_alone(doc: Doc, quotation: Quotation) -> bool:
    """A quotation long enough to be somebody's words: no title, no scare quotes."""
    words = [i for i in range(quotation.first, quotation.last) if doc[i].is_alpha]
    return len(words) >= SHORTEST


def find_owner(
    doc: Doc, drafts: list[Draft], quotations: list[Quotation], owner: dict[int, Draft], place: int,
    lines: list[tuple[int, int]], quoted: frozenset[int],
) -> Draft | None:  # fmt: skip
    """Whose words a lone quotation is, by the nearest evidence."""
    quotation = quotations[place]
    if quotation.goes_on and place - 1 in owner:
        return owner[place - 1]
    verb = verb_beside(doc, quotation, lines[quotation.paragraph], quoted)
    if verb is not None:
        known = next((draft for draft in drafts if verb.i in draft.cue), None)
        return known or quote_draft(verb)
    if not is_sentence(doc, quotation):
        return None
    near = [owner[i] for i in (place - 1, place + 1) if i in owner and quotations[i].paragraph == quotation.paragraph]
    return near[0] if near else None


def is_sentence(doc: Doc, quotation: Quotation) -> bool:
    """Whether a quotation begins where a sentence does."""
    first = doc[quotation.first]
    return bool(first.is_sent_start or doc[max(quotation.first - 1, 0)].is_sent_start) and first.text[:1].isupper()


def verb_beside(doc: Doc, quotation: Quotation, line: tuple[int, int], quoted: frozenset[int]) -> Token | None:
    """A verb with its subject right behind or right before a quotation."""
    found: list[tuple[int, int]] = []
    for index in range(max(line[0], quotation.first - 40), min(line[1], quotation.last + 25)):
        token = doc[index]
        if index in quoted or not is_verb(token):
            continue
        known = token.lemma_ in cue_verbs()
        subject = find_child(token, "nsubj")
        if not known and (subject is None or find_child(token, "dobj", "ccomp") is not None):
            continue
        gap = gap_between(doc, token, subject, quotation, known)
        if gap is not None:
            found.append((gap, index))
    return doc[min(found)[1]] if found else None


def gap_between(doc: Doc, verb: Token, subject: Token | None, quotation: Quotation, known: bool) -> int | None:
    """Tokens between a quotation and the verb with its subject; None where they stand too far apart."""
    words = [verb.i] if subject is None else [verb.i, subject.left_edge.i, subject.right_edge.i]
    if min(words) > quotation.last:
        closing = doc[quotation.last - 1].text
        gap = min(words) - quotation.last - 1
        return gap if gap <= 1 and (closing in ",?!…—" or known) else None
    if verb.i < quotation.first:
        between = [doc[i].text for i in range(verb.i + 1, quotation.first)]
        if between[-2:-1] == [":"] or (len(between) <= REACH and "," in between):
            return len(between)
    return None


def quote_draft(verb: Token) -> Draft | None:
    """A draft of a verb that only a quotation makes a cue."""
    doer = find_speaker(verb) or find_doer(verb)
    if doer is None or doer.head.lower_ in FIRST_SECOND:
        return None
    rows = cue_verbs().get(verb.lemma_, ())
    act = next((row.act for row in rows if row.pattern in ("quote", "clause")), "state")
    return Draft(verb, verb.lemma_, act, "quote", cue_tokens(verb), set(), doer, score=0.8)
