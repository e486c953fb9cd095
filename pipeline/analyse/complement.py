"""What a pattern of a verb of saying finds, and the small questions that several patterns ask of the parse."""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.tokens import Token

from pipeline.analyse.lexicon import word_set
from pipeline.analyse.syntax import QUOTE_MARKS, find_child, has_mark, has_passive, subtree


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
