"""What may follow a verb of saying as its object: a noun phrase that is what is said, named, put at a number or pleaded to."""

from __future__ import annotations

from collections.abc import Callable

from spacy.tokens import Token

from pipeline.analyse.complement import Complement, object_of_adjective, quoted_part
from pipeline.analyse.lexicon import confirming_verbs, cue_nouns, word_set
from pipeline.analyse.syntax import children, find_child, has_mark, has_passive, is_negated, is_verb, subtree


def gerund(verb: Token) -> Complement | None:
    """V doing, V having done."""
    for child in children(verb, "xcomp", "ccomp", "dobj"):
        opened = child.tag_ == "VBG" or any(g.dep_ == "aux" and g.tag_ == "VBG" for g in child.children)
        if opened and child.i > verb.i:
            return Complement(subtree(child))
    return None


def named_as(verb: Token) -> Complement | None:
    """V X as Y: Y in quotation marks is the content, else X and Y."""
    for prep in children(verb, "prep", "mark") + [g for c in children(verb, "dobj") for g in children(c, "prep")]:
        inner = find_child(prep, "pobj", "pcomp", "amod", "acomp")
        if prep.lower_ == "as" and inner is not None and prep.i > verb.i:
            return Complement(quoted_part(inner) or subtree(inner), target=None)
    return None


def naming(verb: Token) -> Complement | None:
    """V X Y: called the raid a crime."""
    for child in children(verb, "oprd", "ccomp", "xcomp"):
        is_small = not is_verb(child) and not any(g.dep_ == "aux" for g in child.children) and child.tag_ != "MD"
        if child.i > verb.i and is_small and not has_mark(child, ("that", "to")):
            return Complement(quoted_part(child) or subtree(child))
    thing = find_child(verb, "dobj")
    for child in children(verb, "npadvmod"):
        if thing is None:
            break
        if child.i == child.right_edge.i and thing.i < child.i and any(g.lower_ in ("a", "an") for g in child.children):
            return Complement(quoted_part(child) or subtree(child))
    other = find_child(verb, "dative")
    if thing is not None and other is not None and other.i < thing.i:
        return Complement(quoted_part(thing) or subtree(thing) | subtree(other))
    return None


def thing(verb: Token) -> Complement | None:
    """V NP, and the NP is what is said: denied the report, confirmed the deal."""
    if has_passive(verb):
        inner = find_child(verb, "nsubjpass")
        is_said = find_child(verb, "agent") is not None or (is_negated(verb) and verb.lemma_ in confirming_verbs())
        return Complement(subtree(inner)) if inner is not None and is_said else None
    inner = find_child(verb, "dobj") or shared_object(verb) or object_of_adjective(verb)
    if (said := said_before(verb, inner)) is not None:
        return said
    if inner is None or inner.i < verb.i or (inner.tag_ in ("WDT", "WP") and inner.lower_ != "that"):
        return None
    if inner.tag_ == "PRP" and inner.lower_ not in ("it", "this", "that", "them"):
        return None
    at = [
        p for p in children(verb, "prep") if p.lower_ == "at" and verb.lemma_ in ("estimate", "put", "value", "project")
    ]
    return Complement(subtree(inner).union(*(subtree(prep) for prep in at)))


def plead(verb: Token) -> Complement | None:
    """Pleaded (not) guilty to NP or doing."""
    state = find_child(verb, "acomp", "oprd", "advmod")
    if state is None or state.lower_ != "guilty":
        return None
    cue = frozenset({state.i, *(c.i for c in (*children(state, "neg"), *children(verb, "neg")))})
    for prep in children(state, "prep") + children(verb, "prep"):
        inner = find_child(prep, "pobj", "pcomp")
        if prep.lower_ == "to" and inner is not None:
            return Complement(subtree(inner), cue_extra=cue)
    return None


def put_at(verb: Token) -> Complement | None:
    """Put NP at a number: "put the death toll at four"."""
    inner = find_child(verb, "dobj")
    for prep in children(verb, "prep") + ([] if inner is None else children(inner, "prep")):
        number = find_child(prep, "pobj")
        if prep.lower_ == "at" and inner is not None and number is not None and counts(number):
            return Complement(subtree(inner) | subtree(prep))
    return None


def counts(noun: Token) -> bool:
    """A number, or so many of something."""
    return noun.like_num or noun.ent_type_ in ("CARDINAL", "MONEY", "PERCENT") or find_child(noun, "nummod") is not None


def said_before(verb: Token, inner: Token | None) -> Complement | None:
    """ "Allegations (that) she has denied": the noun before the clause is what is denied or confirmed."""
    noun = verb.head
    is_open = inner is None or (inner.i < verb.i and (inner.tag_ in ("WDT", "WP") or inner.lower_ == "that"))
    subject = find_child(verb, "nsubj")
    if verb.dep_ not in ("relcl", "acl") or not is_open or subject is None or subject.tag_ in ("WDT", "WP"):
        return None
    said = cue_nouns().keys() | word_set("words", "refusable") | word_set("words", "statement noun")
    if noun.lemma_ not in said:
        return None
    return Complement(subtree(noun, {verb.i, *(child.i for child in children(noun, "relcl", "acl", "appos", "conj"))}))


def shared_object(verb: Token) -> Token | None:
    """The object of a verb joined to this one: "neither confirmed nor denied the report"."""
    joined = find_child(verb, "conj")
    return None if joined is None or not is_verb(joined) or joined.i - verb.i > 3 else find_child(joined, "dobj")


def particle_thing(word: str) -> Callable[[Token], Complement | None]:
    """Turned down NP, ruled out NP."""

    def read(verb: Token) -> Complement | None:
        particle = next((c for c in children(verb, "prt", "advmod", "prep") if c.lower_ == word), None)
        found = thing(verb) or gerund(verb)
        if particle is None or found is None:
            return None
        return Complement(found.content - {particle.i}, cue_extra=frozenset({particle.i}))

    return read


def put_away(verb: Token) -> Complement | None:
    """Waved aside the report, laughed the charge off: what others say, not "brushed aside the tents"."""
    doc, found = verb.doc, thing(verb)
    inner = find_child(verb, "dobj") or next((c for p in children(verb, "prep") for c in children(p, "pobj")), None)
    near = next((t for t in doc[verb.i + 1 : verb.i + 8] if t.lower_ in ("aside", "away", "off")), None)
    if near is None or inner is None or not is_said_thing(inner):
        return None
    content = found.content if found is not None else subtree(inner)
    return Complement(content - {near.i}, cue_extra=frozenset({near.i} if near.i == verb.i + 1 else ()))


def told_at(verb: Token) -> Complement | None:
    """Scoffed at the charge."""
    inner = next((c for p in children(verb, "prep") if p.lower_ == "at" for c in children(p, "pobj")), None)
    return None if inner is None or not is_said_thing(inner) else Complement(subtree(inner))


def is_said_thing(noun: Token) -> bool:
    """A charge, a report, an assurance: what somebody said."""
    return noun.lemma_ in word_set("words", "statement noun") or noun.lemma_ in cue_nouns()
