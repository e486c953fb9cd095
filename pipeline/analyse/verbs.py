"""Drafts from verbs of saying, and which uses of such a verb say nothing."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from pipeline.analyse.drafts import Draft
from pipeline.analyse.lexicon import CueVerb, cue_verbs, word_set
from pipeline.analyse.patterns import ORDER, PATTERNS, Complement
from pipeline.analyse.syntax import Doer, children, find_child, find_doer, has_mark, has_passive, is_negated, is_verb

FIRST_SECOND = frozenset({"i", "we", "you", "us", "me", "let"})


def verb_drafts(doc: Doc, quoted: frozenset[int]) -> Iterator[Draft]:
    """One draft for each verb of saying with a complement; ``quoted`` are the tokens inside quotation marks."""
    table = cue_verbs()
    for verb in doc:
        rows = table.get(verb.lemma_) if is_verb(verb) or verb.tag_ == "NN" else None
        if rows is None or not verb.tag_.startswith("VB") or not says_something(verb):
            continue
        draft = draft_of(verb, rows)
        if draft is not None and not (verb.i in quoted and speaks_for_itself(draft)):
            yield draft


def speaks_for_itself(draft: Draft) -> bool:
    """A verb inside a quotation whose doer is the speaker or nobody ("we call on", "I told you")."""
    return draft.doer is None or draft.doer.head.lower_ in FIRST_SECOND


def draft_of(verb: Token, rows: tuple[CueVerb, ...]) -> Draft | None:
    """The first row of the lexicon whose pattern fits."""
    for row in sorted((row for row in rows if row.pattern in PATTERNS), key=lambda row: ORDER[row.pattern]):
        found = PATTERNS[row.pattern](verb)
        if found is not None and found.content - {verb.i}:
            return fill(verb, row, found)
    return None


def fill(verb: Token, row: CueVerb, found: Complement) -> Draft | None:
    """A draft of a verb and its complement; None where nobody can be the speaker."""
    doer = find_speaker(verb)
    if doer is not None and doer.head.i in found.content and doer.way != "relative":
        doer = None
    if doer is None and not (has_passive(verb) and row.pattern in ("of", "with", "for")):
        return None
    cue = cue_tokens(verb) | set(found.cue_extra)
    speaker_words = set() if doer is None else {doer.head.i}
    return Draft(
        verb, row.lemma, row.act, row.pattern, cue, found.content - cue - speaker_words, doer, found.target,
        found.addressee, is_negated(verb) or withheld(verb) is not None,
    )  # fmt: skip


def find_speaker(verb: Token) -> Doer | None:
    """The doer of a verb of saying; "was quoted as saying" has its subject."""
    above = verb.head.head if verb.dep_ == "pcomp" and verb.head.lower_ == "as" else verb.head
    if verb.tag_ == "VBG" and above.lemma_ in ("quote", "cite") and above.i < verb.i:
        who = find_child(above, "nsubjpass") or (find_child(above, "dobj") if not has_passive(above) else None)
        return None if who is None else Doer(who, "quoted")
    found = find_doer(verb)
    if found is None or found.head.tag_ in ("EX", "WDT") or found.head.lower_ in ("that", "this", "what", "which"):
        return None
    return found


def cue_tokens(verb: Token) -> set[int]:
    """The verb, its negation with what lies between, a particle, and the words that withhold ("have yet to")."""
    cue = {verb.i}
    for child in verb.children:
        if child.dep_ == "neg" and child.i < verb.i:
            cue |= set(range(child.i, verb.i + 1)) | {c.i for c in children(verb, "aux", "auxpass") if c.i < child.i}
        if child.dep_ == "prt" and 0 < child.i - verb.i <= 2:
            cue.add(child.i)
    holder = withheld(verb)
    if holder is not None and 0 < verb.i - holder.i <= 6:
        cue |= set(range(holder.i, verb.i + 1))
        cue |= {c.i for c in holder.children if c.dep_ in ("aux", "neg", "auxpass") and c.i < holder.i}
    if any(verb.doc[i].dep_ in ("nsubj", "nsubjpass") for i in range(min(cue), max(cue))):
        return {verb.i}
    return cue


def withheld(verb: Token) -> Token | None:
    """The word above that keeps the saying from being done: refused to, has yet to, was unable to."""
    above = verb.head
    is_infinitive = any(child.tag_ == "TO" and child.dep_ == "aux" for child in verb.children)
    if verb.dep_ not in ("xcomp", "ccomp", "acomp", "advcl") or above.i >= verb.i or not is_infinitive:
        return None
    words = word_set("words", "withhold")
    if above.lemma_ in words or any(c.lower_ in words for c in above.children if above.i < c.i < verb.i):
        return above
    return None


def says_something(verb: Token) -> bool:
    """Whether a verb of saying is used to report: not a plan, a condition, a wish or a possibility."""
    if under_condition(verb):
        return False
    negated = is_negated(verb)
    modals = [child.lower_ for child in verb.children if child.tag_ == "MD" and child.i < verb.i]
    if modals:
        return negated and modals[0] in ("would", "could", "can", "ca", "wo")
    if any(child.tag_ == "TO" and child.dep_ == "aux" for child in verb.children):
        return reports_through(verb)
    return not (verb.tag_ == "VB" and verb.dep_ == "ROOT" and find_child(verb, "nsubj") is None)


def reports_through(verb: Token) -> bool:
    """An infinitive that is done all the same ("went on to say") or withheld ("declined to confirm")."""
    if withheld(verb) is not None:
        return True
    return verb.dep_ == "xcomp" and verb.head.lemma_ in word_set("words", "aspect") and says_something(verb.head)


def under_condition(verb: Token) -> bool:
    """A verb in an if-clause."""
    return verb.dep_ == "advcl" and has_mark(verb, ("if", "unless", "whether", "before", "until"))
