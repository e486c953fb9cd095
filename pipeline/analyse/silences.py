"""Silence as a statement: declined to comment, did not respond, could not be reached, had no comment, kept quiet."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from pipeline.analyse.drafts import Draft
from pipeline.analyse.lexicon import word_set
from pipeline.analyse.syntax import (
    Doer,
    children,
    find_child,
    find_doer,
    find_shared_doer,
    has_passive,
    is_finite,
    is_negated,
    is_verb,
    subtree,
)
from pipeline.analyse.verbs import can_speak, cue_tokens, find_speaker


def silence_drafts(doc: Doc) -> Iterator[Draft]:
    """Declined to comment, did not respond, could not be reached, had no comment, no comment from X."""
    for token in doc:
        found = next((draft for rule in SILENCES if (draft := rule(token)) is not None), None)
        if found is not None:
            yield found


def silent_verb(verb: Token) -> Draft | None:
    """ "Declined to comment", "refused to discuss", "would not comment"."""
    if not is_verb(verb) or (verb.lemma_ not in word_set("words", "silent") and not is_drawn(verb)):
        return None
    above = verb.head
    would_not = is_negated(verb) and any(c.lower_ in ("would", "wo") for c in children(verb, "aux"))
    no_more = is_negated(verb) and verb.lemma_ == "elaborate"
    is_inner = verb.dep_ == "xcomp"
    declined = is_inner and above.lemma_ in ("decline", "refuse")
    unwilling = is_inner and above.lemma_ in ("want", "wish", "care") and is_negated(above)
    if not (would_not or no_more or declined or unwilling):
        return None
    cue = cue_tokens(verb) | (set(range(above.i, verb.i + 1)) if declined or unwilling else set())
    cue |= {c.i for c in above.children if unwilling and c.dep_ in ("aux", "neg") and c.i < above.i}
    return silent(verb, "decline", "decline", cue, drawn_one(verb) if is_drawn(verb) else find_speaker(verb))


def drawn_one(verb: Token) -> Doer | None:
    """Who would not be drawn: the subject of the passive, or of the verb that it is joined to."""
    own = find_child(verb, "nsubjpass")
    return find_shared_doer(verb, 0) if own is None else Doer(own, "subject")


def quiet(verb: Token) -> Draft | None:
    """ "Was silent on the report", "kept quiet", "has remained tight-lipped"."""
    state = find_child(verb, "acomp", "oprd")
    if verb.lemma_ not in ("be", "keep", "stay", "remain") or state is None or is_negated(verb) or not is_told(verb):
        return None
    who = find_speaker(verb)
    words = verb.doc[state.left_edge.i : state.i + 1].text.lower()
    if words not in word_set("words", "quiet") or who is None or not can_speak(who.head):
        return None
    return silent(verb, "decline", "decline", cue_tokens(verb) | set(range(verb.i, state.i + 1)), who)


def is_told(verb: Token) -> bool:
    """A finite verb of the wire's own: not of what somebody says or is accused of."""
    return is_finite(verb) and verb.dep_ not in ("ccomp", "pcomp", "xcomp")


def is_drawn(verb: Token) -> bool:
    """ "Would not be drawn on the matter"."""
    return verb.lemma_ in ("draw", "pin") and any(
        child.dep_ in ("auxpass", "aux") and child.lemma_ == "be" for child in verb.children
    )


def missing_answer(verb: Token) -> Draft | None:
    """ "Did not immediately respond", "has yet to respond", "failed to reply"."""
    if verb.lemma_ not in word_set("words", "missing") or not is_verb(verb):
        return None
    above = verb.head
    holds = verb.dep_ == "xcomp" and (
        above.lemma_ == "fail" or any(c.lower_ == "yet" for c in above.children if c.i < verb.i)
    )
    plain_no = is_negated(verb) and not any(c.lower_ in ("would", "wo") for c in children(verb, "aux"))
    who = find_speaker(verb)
    if verb.lemma_ == "acknowledge" and not takes_message(verb):
        return None
    if (not holds and not plain_no) or who is None or not (can_speak(who.head) or is_asked(verb)):
        return None
    return silent(verb, verb.lemma_, "no_response", cue_tokens(verb), who)


def takes_message(verb: Token) -> bool:
    """ "Did not acknowledge receipt of the questions", not "the deployment"."""
    thing = find_child(verb, "dobj")
    return thing is None or thing.lemma_ in word_set("words", "message") | {"receipt"}


def is_asked(verb: Token) -> bool:
    """Whether the clause speaks of what was asked ("to a request for comment") or of haste ("immediately")."""
    words = word_set("words", "question noun")
    return any(verb.doc[i].lemma_ in words or verb.doc[i].lower_ == "immediately" for i in subtree(verb))


def unreached(verb: Token) -> Draft | None:
    """ "Could not be reached (for comment)", "was not available for comment"."""
    if verb.lemma_ in ("reach", "contact") and has_passive(verb) and is_negated(verb):
        who = find_child(verb, "nsubjpass")
        return silent(verb, "reach", "no_response", cue_tokens(verb), None if who is None else Doer(who, "subject"))
    if verb.lemma_ == "be":
        state = find_child(verb, "acomp")
        who = find_child(verb, "nsubj")
        wanted = state is not None and who is not None and state.lower_ in ("available", "unavailable", "reachable")
        if state is not None and wanted and (state.lower_ == "unavailable" or is_negated(verb)) and is_free(who, state):
            cue = set(range(verb.i, state.i + 1))
            return silent(verb, "available", "no_response", cue, None if who is None else Doer(who, "subject"))
    return None


def is_free(who: Token | None, state: Token) -> bool:
    """Somebody who could speak is the one that is not available: no ticket, no seat."""
    if who is None:
        return False
    asked = any(state.doc[i].lemma_ in word_set("words", "question noun") for i in subtree(state))
    return asked or can_speak(who) or who.lower_ in ("nobody", "one")


def unanswered(noun: Token) -> Draft | None:
    """ "Calls to X were not answered", "a message left at X was not returned", "attempts to contact X failed"."""
    verb = noun.head
    if noun.lemma_ not in word_set("words", "message") or noun.dep_ not in ("nsubj", "nsubjpass") or not is_lost(verb):
        return None
    for token in sorted(subtree(noun) - {noun.i}):
        here = noun.doc[token]
        if here.dep_ in ("pobj", "dobj") and here.head.lower_ in ("to", "for", "at", "with", "contact", "reach"):
            cue = cue_tokens(verb) | {c.i for c in children(verb, "acomp", "oprd")}
            return silent(verb, verb.lemma_, "no_response", cue, Doer(here, "asked"))
    return None


def is_lost(verb: Token) -> bool:
    """A message that came to nothing."""
    words = word_set("words", "lost")
    if (
        any(child.lower_ in words for child in children(verb, "acomp", "oprd", "advmod", "prep"))
        or verb.lower_ in words
    ):
        return True
    return is_negated(verb) and verb.lemma_ in ("answer", "return", "acknowledge", "succeed")


def withheld_comment(verb: Token) -> Draft | None:
    """ "Did not provide a comment", "did not get back to", "ignored a request for comment", "issued no statement"."""
    if not is_verb(verb):
        return None
    thing = find_child(verb, "dobj")
    is_comment = thing is not None and thing.lemma_ in word_set("words", "silence noun")
    gives = verb.lemma_ in ("provide", "offer", "issue", "make", "give", "send")
    back = verb.lemma_ == "get" and any(child.lower_ == "back" for child in verb.children)
    ignored = verb.lemma_ == "ignore" and thing is not None and thing.lemma_ in word_set("words", "message")
    if ignored or (is_negated(verb) and ((gives and is_comment) or back)):
        return silent(verb, verb.lemma_, "no_response", cue_tokens(verb), find_speaker(verb))
    return None


def held_back(verb: Token) -> Draft | None:
    """ "Gave no details", "would take no position on who had won", "would not venture a guess"."""
    thing = find_child(verb, "dobj")
    if (
        thing is None
        or verb.lemma_ not in word_set("words", "give")
        or thing.lemma_ not in word_set("words", "held back")
    ):
        return None
    refused = is_negated(verb) or any(c.lower_ == "no" for c in children(thing, "det"))
    would = any(c.lower_ in ("would", "could", "wo") for c in children(verb, "aux")) and verb.dep_ != "ccomp"
    if not refused or not (is_told(verb) or would):
        return None
    helped = {c.i for c in children(verb, "aux", "neg") if c.i < verb.i}
    cue = cue_tokens(verb) | helped | set(range(verb.i, thing.i + 1))
    return silent(verb, verb.lemma_, "decline", cue, find_speaker(verb))


def no_comment(noun: Token) -> Draft | None:
    """ "Had no comment", "there was no immediate comment from X", "no comment was available from X"."""
    refused = any(c.lower_ == "no" for c in children(noun, "det"))
    if noun.lemma_ not in word_set("words", "silence noun") or not refused:
        return None
    verb = noun.head
    cue = set(range(min(subtree(noun) & set(range(noun.i + 1))), noun.i + 1))
    for prep in children(noun, "prep") + children(verb, "prep"):
        inner = find_child(prep, "pobj")
        if prep.lower_ == "from" and inner is not None:
            return silent(noun, noun.lemma_, "no_response", cue, Doer(inner, "from"))
    has_no_word = verb.lemma_ == "have" and noun.lemma_ == "word"  # knows nothing, rather than says nothing
    if noun.dep_ == "dobj" and verb.lemma_ in ("have", "make", "offer", "give", "issue") and not has_no_word:
        act = "decline" if verb.lemma_ == "have" else "no_response"
        return silent(noun, noun.lemma_, act, cue | {verb.i}, find_doer(verb))
    return None


def silent(token: Token, lemma: str, act: str, cue: set[int], who: Doer | None) -> Draft | None:
    """A draft without content; None where nobody is silent."""
    if who is None:
        return None
    return Draft(token, lemma, act, "silence", cue, set(), who, is_negated=True, score=0.95)  # type: ignore[arg-type]


SILENCES = (silent_verb, quiet, missing_answer, unreached, unanswered, held_back, withheld_comment, no_comment)
