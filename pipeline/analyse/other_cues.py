"""Drafts from what is no plain verb of saying: according to, nouns of saying, and silence."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from pipeline.analyse.complement import infinitive_words, is_infinitive, without_opener
from pipeline.analyse.drafts import Draft
from pipeline.analyse.lexicon import cue_nouns, cue_verbs, word_set
from pipeline.analyse.patterns import other_voices
from pipeline.analyse.syntax import Doer, children, find_child, find_doer, has_passive, is_negated, is_verb, subtree
from pipeline.analyse.verbs import can_speak, cue_tokens, find_speaker


def according_drafts(doc: Doc) -> Iterator[Draft]:
    """ "According to X, S": the clause that the phrase hangs on is the content."""
    for token in doc:
        if token.lower_ != "according":
            continue
        hold = next((child for child in token.children if child.lower_ == "to"), token)
        who = find_child(hold, "pobj")
        if who is None or who.lemma_ in word_set("words", "no voice"):
            continue
        host = governing_clause(token)
        if is_closing(token) and host.dep_ == "ccomp" and host.head.i < host.i and host.head.lemma_ in cue_verbs():
            host = host.head  # "The fund warned that …, according to a report": the report tells of the warning
        content = subtree(host, {token.i}) - other_voices(host, token)
        if content:
            yield Draft(token, "according to", "state", "according", {token.i, hold.i}, content, Doer(who, "according"))


def is_closing(token: Token) -> bool:
    """An "according to" behind a comma."""
    return token.i > 0 and token.doc[token.i - 1].text == ","


def governing_clause(token: Token) -> Token:
    """The verb of the clause that a phrase stands in; the head of the sentence where there is none."""
    here = token.head
    while not is_verb(here) and here.tag_ not in ("VBZ", "VBP", "VBD") and here.head.i != here.i:
        here = here.head
    return here


def noun_drafts(doc: Doc) -> Iterator[Draft]:
    """ "X's assertion that S", "a warning by X that S", "X made the claim that S"."""
    nouns = cue_nouns()
    for noun in doc:
        if noun.lemma_ not in nouns or noun.pos_ != "NOUN":
            continue
        content = noun_content(noun)
        who = noun_speaker(noun)
        if content and who is not None:
            yield Draft(noun, noun.lemma_, nouns[noun.lemma_], "noun", {noun.i}, content, who, score=0.85)


def missing_drafts(doc: Doc) -> Iterator[Draft]:
    """ "There was no independent confirmation of the claim (from Kyiv)": in the agency's own voice, or of who keeps it."""
    for noun in doc:
        if noun.lemma_ not in word_set("words", "confirmation noun") or noun.head.lemma_ != "be":
            continue
        refusal = find_child(noun, "det")
        if refusal is None or refusal.lower_ != "no" or find_child(noun.head, "expl") is None:
            continue
        preps = [*children(noun, "prep"), *children(noun.head, "prep")]
        inner = {prep.lower_: find_child(prep, "pobj") for prep in preps}
        about = inner.get("of")
        loose = [] if about is None else [p for p in children(about, "prep") if p.lower_ == "from"]
        inner |= {prep.lower_: find_child(prep, "pobj") for prep in loose}  # "of the report from Tehran"
        who = inner.get("from") or inner.get("by")
        content = noun_content(noun) or (set() if about is None else subtree(about))
        content -= set() if who is None else subtree(who) | {who.head.i}
        if content:
            doer = None if who is None else Doer(who, "from")
            cue = set(range(refusal.i, noun.i + 1))
            yield Draft(noun, noun.lemma_, "confirm", "missing", cue, content, doer, is_negated=True)


def tail_drafts(doc: Doc) -> Iterator[Draft]:
    """ ", a figure the trade ministry disputes": a denial behind a comma or dash, whatever the parse makes of it."""
    for verb in doc:
        rows = cue_verbs().get(verb.lemma_.removesuffix("s") if verb.tag_ == "NNS" else verb.lemma_, ())
        ends = verb.i + 1 >= len(doc) or doc[verb.i + 1].is_punct
        if not rows or rows[0].act != "deny" or not ends or verb.tag_ not in ("VBZ", "VBD", "VBN", "VBP", "NNS"):
            continue
        noun = next((doc[i] for i in range(verb.i - 2, max(verb.i - 10, 1), -1) if is_tail_noun(doc[i])), None)
        who = [t for t in doc[noun.i + 1 : verb.i] if t.pos_ in ("PROPN", "NOUN", "PRON")] if noun is not None else []
        if noun is None or not who or any(t.is_punct or t.pos_ in ("VERB", "ADP") for t in doc[noun.i + 1 : verb.i]):
            continue
        content = {i for i in range(noun.i - 3, noun.i + 1) if doc[i].i >= noun.left_edge.i}
        cue = {verb.i} if verb.tag_ == "NNS" else cue_tokens(verb)
        yield Draft(verb, rows[0].lemma, "deny", "object", cue, content, Doer(who[-1], "subject"))


def is_tail_noun(noun: Token) -> bool:
    """ "A charge", "an allegation" behind a comma or a dash."""
    first = next((i for i in (noun.i - 1, noun.i - 2) if noun.doc[i].lower_ in ("a", "an")), None)
    opens = first is not None and first > 0 and noun.doc[first - 1].text in (",", "-", "–", "—", "--")
    return opens and noun.lemma_ in word_set("words", "statement noun")


def noun_content(noun: Token) -> set[int]:
    """A that-clause, an infinitive, or an "of doing" behind a noun of saying."""
    for child in noun.children:
        if child.i < noun.i:
            continue
        if child.dep_ in ("acl", "ccomp", "relcl", "appos") and is_infinitive(child):
            return infinitive_words(child)
        opened = any(g.lower_ == "that" and (g.dep_ == "mark" or is_no_object(g, child)) for g in child.children)
        if child.dep_ in ("acl", "ccomp", "relcl") and opened:
            return without_opener(child, subtree(child))
        inner = find_child(child, "pcomp", "pobj")
        if child.dep_ == "prep" and child.lower_ == "of" and inner is not None and inner.tag_ == "VBG":
            return subtree(inner)
        if child.dep_ == "prep" and child.lower_ == "for" and inner is not None and noun.lemma_ in FOR_NOUNS:
            return subtree(inner)
    return set()


def is_no_object(that: Token, clause: Token) -> bool:
    """A "that" which the parser took for the object of a clause that has one, or needs none."""
    has_subject = find_child(clause, "nsubj", "nsubjpass", "expl") is not None
    is_filled = find_child(clause, "acomp", "attr", "prep", "xcomp", "ccomp") is not None or any(
        child.i != that.i for child in children(clause, "dobj")
    )
    return that.dep_ == "dobj" and has_subject and (that.tag_ == "IN" or is_filled)


FOR_NOUNS = frozenset({"call", "appeal", "demand", "request"})


def noun_speaker(noun: Token) -> Doer | None:
    """The possessor, the "by X", or the subject of the verb that puts it out."""
    owner = find_child(noun, "poss")
    if owner is not None and owner.tag_ != "PRP$":
        return Doer(owner, "possessor")
    for prep in children(noun, "prep"):
        inner = find_child(prep, "pobj")
        if prep.lower_ in ("by", "from") and inner is not None:
            return Doer(inner, "by")
    verb = noun.head
    rows = cue_verbs().get(verb.lemma_, ())
    if owner is not None and noun.dep_ == "dobj" and rows and rows[0].act == "deny":
        return Doer(owner, "possessor")  # "the jury rejected his claim": not the jury's
    is_own = owner is not None or verb.lemma_ in word_set("words", "support")  # "the union softened its charge"
    if noun.dep_ == "dobj" and is_verb(verb) and is_own and (doer := find_doer(verb)) is not None:
        return doer
    return None if owner is None else Doer(owner, "possessor")


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
    if not would_not and not no_more and not (verb.dep_ == "xcomp" and above.lemma_ in ("decline", "refuse")):
        return None
    cue = cue_tokens(verb) | (set(range(above.i, verb.i + 1)) if above.lemma_ in ("decline", "refuse") else set())
    return silent(verb, "decline", "decline", cue, find_speaker(verb))


def is_drawn(verb: Token) -> bool:
    """ "Would not be drawn on the matter"."""
    return verb.lemma_ == "draw" and any(
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
    if noun.dep_ == "dobj" and verb.lemma_ in ("have", "make", "offer", "give", "issue"):
        act = "decline" if verb.lemma_ == "have" else "no_response"
        return silent(noun, noun.lemma_, act, cue | {verb.i}, find_doer(verb))
    return None


def silent(token: Token, lemma: str, act: str, cue: set[int], who: Doer | None) -> Draft | None:
    """A draft without content; None where nobody is silent."""
    if who is None:
        return None
    return Draft(token, lemma, act, "silence", cue, set(), who, is_negated=True, score=0.95)  # type: ignore[arg-type]


SILENCES = (silent_verb, missing_answer, unreached, unanswered, withheld_comment, no_comment)
