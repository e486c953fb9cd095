"""Drafts from what is no plain verb of saying: according to, nouns of saying, what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from pipeline.analyse.complement import infinitive_words, is_infinitive, without_opener
from pipeline.analyse.drafts import Draft
from pipeline.analyse.lexicon import cue_nouns, cue_verbs, word_set
from pipeline.analyse.patterns import other_voices
from pipeline.analyse.syntax import Doer, children, find_child, find_doer, is_predicate, is_verb, subtree
from pipeline.analyse.verbs import cue_tokens


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
    closes = token.i > 0 and token.doc[token.i - 1].text == ","
    while closes and here.dep_ == "conj" and is_predicate(here.head):
        here = here.head  # "A fell and B rose, according to X": both
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
