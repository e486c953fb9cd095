"""What a pattern of a verb of saying finds, and the small questions that several patterns ask of the parse."""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.tokens import Token

from pipeline.analyse.lexicon import confirming_verbs, word_set
from pipeline.analyse.syntax import (
    QUOTE_MARKS,
    children,
    find_child,
    has_mark,
    has_passive,
    is_negated,
    is_verb,
    subtree,
)


@dataclass(frozen=True, slots=True)
class Complement:
    """Content as token indices, and the parts played outside it. ``cue_extra``: particles that belong to the cue."""

    content: set[int]
    target: Token | None = None
    addressee: Token | None = None
    cue_extra: frozenset[int] = field(default_factory=frozenset)


def without_opener(clause: Token, content: set[int]) -> set[int]:
    """Content without its leading "that" and what punctuation joins it."""
    words = word_set("words", "complementiser")
    return content - {child.i for child in clause.children if child.dep_ == "mark" and child.lower_ in words}


def accused(verb: Token) -> Token | None:
    """The object of an active verb, the subject of a passive one."""
    return find_child(verb, "nsubjpass") if has_passive(verb) else find_child(verb, "dobj", "dative")


def asked(verb: Token) -> Token | None:
    """The one spoken to: an indirect object, a "to" phrase, the subject of a passive or of the infinitive."""
    found = accused(verb)
    if found is not None:
        return found
    inner = find_child(verb, "ccomp", "xcomp")
    return None if inner is None or not has_mark(inner, ("to",)) else find_child(inner, "nsubj")


TOLD = frozenset({"tell", "inform", "remind", "warn", "promise", "assure", "notify"})


def spoken_to(verb: Token) -> Token | None:
    """Whom a verb of telling is said to: its object before the clause."""
    inner = find_child(verb, "dobj", "dative")
    return inner if inner is not None and inner.i > verb.i and verb.lemma_ in TOLD else None


def is_infinitive(child: Token) -> bool:
    """A "to" clause."""
    return any(g.dep_ == "aux" and g.tag_ == "TO" for g in child.children) and child.tag_ in ("VB", "VBN")


def infinitive_words(child: Token) -> set[int]:
    """The words of a "to" clause, without "to"."""
    return subtree(child) - {g.i for g in child.children if g.tag_ == "TO" and g.dep_ == "aux"}


def quoted_part(head: Token) -> set[int]:
    """The stretch in quotation marks below a head, where there is one."""
    inside = sorted(subtree(head))
    marks = [i for i in inside if head.doc[i].text in QUOTE_MARKS]
    if not marks:
        return set()
    first = marks[0] + 1
    last = marks[-1] if len(marks) > 1 else inside[-1] + 1
    return set(range(first, max(last, first)))


def stands_apart(verb: Token, child: Token) -> bool:
    """ "The army says it won; rebels deny it": a sentence of its own before a semicolon, hung on the verb behind."""
    between = verb.doc[child.i : verb.i]
    return child.i < verb.i and any(token.text == ";" for token in between)


def is_denied_half(verb: Token, joined: Token) -> bool:
    """ "Neither confirmed nor denied that …": the clause hangs on the second verb."""
    return is_verb(joined) and 0 < joined.i - verb.i <= 3 and verb.lemma_ in confirming_verbs() and is_negated(verb)


def own_source(clause: Token, content: set[int]) -> set[int]:
    """ "Reported, citing a survivor, that smoke was seen": whom the speech cites, hung on the clause."""
    first = min(content)
    for child in children(clause, "advcl"):
        inside = subtree(child)
        if child.lemma_ in ("cite", "quote") and child.tag_ == "VBG" and min(inside) == first:
            that = {i for i in range(max(inside) + 1, max(inside) + 4) if clause.doc[i].lower_ == "that"}
            return inside | that
    return set()


def following_participle(verb: Token, last: int) -> set[int]:
    """ "Sailing with its sprinklers [switched off]": a participle right behind, hung on the verb of saying."""
    beside = children(verb.head, "conj") if verb.dep_ == "conj" else []
    behind = [
        c
        for c in children(verb, "advcl") + beside
        if c.tag_ in ("VBN", "VBG", "VBD") and find_child(c, "nsubj") is None
    ]
    return next((words for child in behind if min(words := subtree(child)) == last + 1), set())


def lost_subject(verb: Token, inner: Token) -> set[int]:
    """A subject that the parser took for the object ("said any delay, if true, would hurt"): given back."""
    if find_child(inner, "nsubj", "nsubjpass", "expl", "csubj") is not None or inner.tag_ in ("VBG", "VBN"):
        return set()
    taken = [child for child in children(verb, "dobj") if verb.i < child.i < inner.i]
    return subtree(taken[-1]) if taken and taken[-1].tag_ != "PRP" else set()


def object_of_adjective(verb: Token) -> Token | None:
    """ "Rejected as baseless a report": the object that the parser hung on the adjective."""
    adjective = next((c for c in children(verb, "advcl", "acomp", "oprd") if c.pos_ == "ADJ" and c.i > verb.i), None)
    return None if adjective is None else find_child(adjective, "dobj")
