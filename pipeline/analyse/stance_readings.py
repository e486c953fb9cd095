"""What the main clause of a content shows of the source's stance, by ``lexicon/stance.tsv`` and the parse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from pipeline.analyse.lexicon import cue_verbs, effects, leaves_open, word_set
from pipeline.analyse.shortfall import shortfalls
from pipeline.analyse.syntax import children, find_child, has_mark, is_verb, subtree


@dataclass(frozen=True, slots=True)
class Shift:
    """One reading of a main clause: an effect of the table, and the tokens that bear it."""

    effect: str
    tokens: tuple[Token, ...]


def readings(head: Token) -> Iterator[Shift]:
    """All that moves the stance of a main clause, acts first."""
    negation = find_negation(head)
    yield from (Shift("not_confirm", found) for found in shortfalls(head))
    yield from predicate_readings(head, negation)
    yield from noun_readings(head)
    yield from position_readings(head, negation)
    yield from neither_nor(head)
    yield from lacking(head)
    yield from nothing_said(head)
    if negation is None and is_denying(head):
        yield Shift("deny", (head,))
    if negation is not None and (left_out(head) or heard_nothing(head)):
        yield Shift("not_confirm", (negation, head))
    if negation is not None:
        found = effects().get(("not verb", head.lemma_))
        if found is None and can_withhold(head):
            found = effects().get(("could not verb", head.lemma_))
        if found is not None:
            yield Shift(found, (negation, head))
    yield from negations(head)
    yield from hedges(head)


def lacking(head: Token) -> Iterator[Shift]:
    """ "Is without foundation": what a claim is said to lack."""
    for prep in children(head, "prep"):
        inner = find_child(prep, "pobj")
        effect = None if inner is None else effects().get(("no noun", inner.lemma_))
        if prep.lower_ == "without" and inner is not None and effect == "deny" and of_statement(head):
            yield Shift(effect, (prep, inner))


def is_denying(head: Token) -> bool:
    """ "Said it rejects the claim", "said she denied it"."""
    rows = cue_verbs().get(head.lemma_, ())
    thing = find_child(head, "dobj")
    refused = thing is not None and thing.lemma_ in word_set("words", "refusable") | word_set("words", "granted")
    doer = find_child(head, "nsubj")
    has_doer = doer is not None and doer.tag_ == "PRP" and doer.lower_ != "you"
    is_done = not any(child.tag_ == "MD" for child in children(head, "aux"))
    return bool(rows) and rows[0].act == "deny" and has_doer and is_done and not refused


def negations(head: Token) -> Iterator[Shift]:
    """The negation of a clause."""
    negation = find_negation(head)
    if negation is not None:
        yield Shift("negative", (negation,))


def position_readings(head: Token, negation: Token | None) -> Iterator[Shift]:
    """ "Was not in a position to confirm", "was unable to comment": by the verb that follows."""
    if head.lemma_ != "be":
        return
    holders = [g for c in children(head, "prep") for g in children(c, "pobj") if g.lemma_ == "position"]
    holders += [child for child in children(head, "acomp") if child.lower_ in ("able", "unable", "free", "ready")]
    for holder in holders:
        inner = find_child(holder, "xcomp", "acl", "relcl") or find_child(head, "xcomp")
        refused = next((g for g in children(holder, "det") if g.lower_ == "no"), negation)
        if inner is not None and (refused is not None or holder.lower_ == "unable"):
            table = effects()
            found = "not_confirm" if left_out(inner) else None
            found = found or table.get(("not verb", inner.lemma_)) or table.get(("could not verb", inner.lemma_))
            if found is not None:
                yield Shift(found, (refused or holder, inner))


def left_out(head: Token) -> bool:
    """ "Could not rule out a strike", "had not been able to find out", "could not make out whether"."""
    near = head.doc[head.i + 1 : head.i + 6]  # "cannot rule anything in or out"
    is_ruled = head.lemma_ == "rule" and any(token.lower_ == "out" for token in near)
    return is_ruled or any((head.lemma_, c.lower_) in LEFT_OUT for c in children(head, "prt", "advmod"))


LEFT_OUT = frozenset({("find", "out"), ("make", "out"), ("bear", "out"), ("back", "up")})


def heard_nothing(head: Token) -> bool:
    """ "Had heard nothing of a refusal"."""
    thing = find_child(head, "dobj")
    return head.lemma_ == "hear" and thing is not None and thing.lower_ == "nothing"


def neither_nor(head: Token) -> Iterator[Shift]:
    """ "Could neither bear out nor discount the account": neither confirmed nor denied."""
    neither = next((c for c in head.children if c.lower_ == "neither" and c.i < head.i), None)
    others = children(head, "conj")
    if neither is None or not others:
        return
    is_backing = leaves_open(head.lemma_) or head.lemma_ in word_set("words", "backs")
    denying = (row.act for other in others for row in cue_verbs().get(other.lemma_, ()))
    if is_backing or "deny" in denying:
        yield Shift("not_confirm", (neither, head))


def can_withhold(head: Token) -> bool:
    """ "Could not say", "would not name the ship": not "did not give up", not "will not release the prisoners"."""
    is_open = any(
        child.lower_ in ("could", "would", "can", "ca", "wo", "will", "cannot") for child in children(head, "aux")
    )
    thing = find_child(head, "dobj")
    if not is_open or find_child(head, "prt") is not None:
        return False
    if head.lemma_ in word_set("words", "handed over"):
        return thing is not None and thing.lemma_ in word_set("words", "withheld")
    return thing is None or not any(child.lower_ in ("a", "an") for child in children(thing, "det"))


def find_negation(head: Token) -> Token | None:
    """The word that negates a clause: not, never, no one, neither; "no" on subject or object."""
    for child in head.children:
        if child.dep_ == "neg" or (child.lower_ == "neither" and child.i < head.i and child.dep_ != "nsubj"):
            return child
        if child.dep_ in ("nsubj", "nsubjpass", "dobj", "attr") and child.lower_ in ("nobody", "nothing", "none"):
            return child
        is_thing = child.lemma_ not in word_set("words", "no other")  # "had no choice but to leave"
        if child.dep_ in ("nsubj", "nsubjpass", "dobj", "attr") and child.i < head.i + 4 and is_thing:
            found = next((g for g in children(child, "det", "preconj") if g.lower_ in ("no", "neither")), None)
            if found is not None:
                return found
    return None


def predicate_readings(head: Token, negation: Token | None) -> Iterator[Shift]:
    """ "Is false", "is not true", "is a lie", "is unlikely to"."""
    if head.pos_ == "NOUN" and any(child.lower_ == "no" for child in children(head, "det")):
        found = effects().get(("no noun", head.lemma_))
        if found is not None:
            yield Shift(found, (head,))
    early = [child for child in children(head, "advmod") if child.lower_ in ("soon", "early")]
    predicates = (
        early + children(head, "acomp", "attr", "oprd") + ([head] if not is_verb(head) or head.tag_ == "VBN" else [])
    )
    for predicate in predicates:
        word = predicate.lower_
        kind = "adjective" if negation is None else "not adjective"
        is_too = any(child.lower_ == "too" for child in children(predicate, "advmod"))
        word = f"too {word}" if is_too else word
        found = effects().get((kind, word))
        if found is None and negation is None and of_statement(head):
            found = effects().get(("adjective of statements", word))
        if found is None and negation is None and predicate.dep_ == "attr":
            found = effects().get(("denial noun", predicate.lemma_))
        if found is not None:
            yield Shift(found, (predicate,) if negation is None else (negation, predicate))


def of_statement(head: Token) -> bool:
    """Whether a clause speaks of what was said: "the report is wrong", "that is absurd"; not "the war is wrong"."""
    subject = find_child(head, "nsubj", "nsubjpass")
    if subject is None:
        return False
    return subject.lower_ in ("it", "that", "this", "they") or subject.lemma_ in word_set("words", "statement noun")


def noun_readings(head: Token) -> Iterator[Shift]:
    """ "There is no evidence", "we have no information", "no trace was found"."""
    for child in children(head, "attr", "dobj", "nsubj", "nsubjpass"):
        refusing = next((g for g in children(child, "det", "neg") if g.lower_ == "no"), None)
        negated = find_child(head, "neg")
        whole = scrap_of(child)
        found = effects().get(("no noun", (whole or child).lemma_))
        refusing = refusing or (None if whole is None else negated)
        if found == "not_confirm" and refusing is None and negated is not None and child.dep_ in ("dobj", "attr"):
            refusing = negated if child.dep_ == "dobj" or speaks_of_it(head) else None  # not "a hunch is not evidence"
        if found is not None and refusing is not None:
            yield Shift(found, (refusing, child))


def scrap_of(noun: Token) -> Token | None:
    """ "Not a word of truth", "no shred of evidence": of what there is not the least."""
    of = find_child(noun, "prep") if noun.lemma_ in word_set("words", "scrap") else None
    return None if of is None or of.lower_ != "of" else find_child(of, "pobj")


def nothing_said(head: Token) -> Iterator[Shift]:
    """ "I have nothing to say": an answer is declined."""
    thing = find_child(head, "dobj", "attr")
    inner = None if thing is None else find_child(thing, "relcl", "acl", "xcomp") or find_child(head, "xcomp")
    if (
        thing is not None
        and inner is not None
        and thing.lower_ == "nothing"
        and inner.lemma_ in ("say", "add", "announce")
    ):
        yield Shift("decline", (thing, inner))


def speaks_of_it(head: Token) -> bool:
    """ "There is not", "it is not", "that was not"."""
    subject = find_child(head, "nsubj", "expl")
    return subject is not None and subject.lower_ in ("there", "it", "that", "this")


def hedges(head: Token) -> Iterator[Shift]:
    """Modals, adverbs, verbs of belief and conditions on a main clause."""
    for child in head.children:
        if child.lower_ == "could" and find_negation(head) is not None:
            continue
        if child.dep_ == "aux" and effects().get(("modal", child.lower_), "request") != "request":
            yield Shift(effects()["modal", child.lower_], (child,))
        if child.dep_ == "advmod" and ("adverb", child.lower_) in effects():
            yield Shift(effects()["adverb", child.lower_], (child,))
        if is_condition(child):
            yield Shift("positive/possible", condition_words(child))
    if ("verb", head.lemma_) in effects() and find_child(head, "xcomp", "ccomp", "acomp", "oprd") is not None:
        yield Shift(effects()["verb", head.lemma_], (head,))


def is_condition(clause: Token) -> bool:
    """An if-clause ("if true", "if confirmed", "unless they leave")."""
    return clause.dep_ in ("advcl", "prep", "mark") and has_mark(clause, ("if", "unless"))


def condition_words(clause: Token) -> tuple[Token, ...]:
    """The words of a short condition, the marker of a long one."""
    words = [clause.doc[i] for i in sorted(subtree(clause)) if not clause.doc[i].is_punct]
    return tuple(words) if len(words) <= 4 else tuple(words[:1])
