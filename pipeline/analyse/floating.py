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
from pipeline.analyse.verbs import FIRST_SECOND, can_speak, cue_tokens, find_speaker
from pipeline.records import Act

SHORTEST = 3
REACH = 3


def give_quotations(doc: Doc, drafts: list[Draft], quotations: list[Quotation], quoted: frozenset[int]) -> list[Draft]:
    """Drafts with whole quotations as content, and new drafts for quotations that nobody had."""
    giver = Giver(doc, drafts, quotations, quoted)
    giver.give_touched()
    giver.give_alone()
    return giver.drafts


class Giver:
    """Gives each quotation of a text to one draft."""

    def __init__(self, doc: Doc, drafts: list[Draft], quotations: list[Quotation], quoted: frozenset[int]) -> None:
        self.doc, self.drafts, self.quotations, self.quoted = doc, list(drafts), quotations, quoted
        self.lines = paragraphs(doc)
        self.owner: dict[int, Draft] = {}
        self.by_cue = {index: draft for draft in drafts for index in draft.cue}

    def give_touched(self) -> None:
        """Quotations into which the content of a draft outside them reaches: to the one with the most of it."""
        holders: dict[int, list[Draft]] = {}
        for draft in self.drafts:
            for index in draft.content & self.quoted:
                holders.setdefault(index, []).append(draft)
        for place, quotation in enumerate(self.quotations):
            inside = range(quotation.first, quotation.last)
            found = [draft for index in inside for draft in holders.get(index, ()) if draft.verb.i not in inside]
            if found:
                self.give(place, max(found, key=lambda draft: sum(other is draft for other in found)))

    def give_alone(self) -> None:
        """The other quotations that are long enough to be somebody's words."""
        for place, quotation in enumerate(self.quotations):
            if place not in self.owner and stands_alone(self.doc, quotation):
                draft = self.find_owner(place)
                if draft is not None:
                    self.give(place, draft)

    def give(self, place: int, draft: Draft) -> None:
        """Give a draft the whole of a quotation, without its own cue."""
        quotation = self.quotations[place]
        draft.content |= set(range(quotation.first, quotation.last)) - draft.cue
        self.owner[place] = draft

    def find_owner(self, place: int) -> Draft | None:
        """Whose words a lone quotation is, by the nearest evidence; makes a draft where a verb stands beside it."""
        quotation = self.quotations[place]
        if quotation.goes_on and place - 1 in self.owner:
            return self.owner[place - 1]
        verb = verb_beside(self.doc, quotation, self.lines[quotation.paragraph], self.quoted)
        if verb is not None:
            return self.by_cue.get(verb.i) or self.add(quote_draft(verb))
        if not is_sentence(self.doc, quotation):
            return None
        for near in (place - 1, place + 1):
            if near in self.owner and self.quotations[near].paragraph == quotation.paragraph:
                return self.owner[near]
        return None

    def add(self, draft: Draft | None) -> Draft | None:
        """A new draft among the others."""
        if draft is not None:
            self.drafts.append(draft)
            self.by_cue |= dict.fromkeys(draft.cue, draft)
        return draft


def stands_alone(doc: Doc, quotation: Quotation) -> bool:
    """A quotation long enough to be somebody's words: no title, no scare quotes."""
    words = [i for i in range(quotation.first, quotation.last) if doc[i].is_alpha]
    return len(words) >= SHORTEST


def is_sentence(doc: Doc, quotation: Quotation) -> bool:
    """Whether a quotation begins where a sentence does."""
    first = doc[quotation.first]
    return bool(first.is_sent_start or doc[max(quotation.first - 1, 0)].is_sent_start) and first.text[:1].isupper()


def verb_beside(doc: Doc, quotation: Quotation, line: tuple[int, int], quoted: frozenset[int]) -> Token | None:
    """A verb with its subject right behind or right before a quotation."""
    found: list[tuple[int, int]] = []
    is_led_to = any(token.text == ":" for token in doc[max(quotation.first - 2, 0) : quotation.first])
    for index in range(max(line[0], quotation.first - 40), min(line[1], quotation.last + 25)):
        token = doc[index]
        if index in quoted or not is_verb(token):
            continue
        known = token.lemma_ in cue_verbs()
        subject = find_child(token, "nsubj")
        can_tell = subject is not None and is_led_to and can_speak(subject)  # "folded her arms: “…”"
        if not known and (subject is None or (find_child(token, "dobj", "ccomp") is not None and not can_tell)):
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
    act: Act = next((row.act for row in rows if row.pattern in ("quote", "clause")), "state")
    return Draft(verb, verb.lemma_, act, "quote", cue_tokens(verb), set(), doer, score=0.8)
