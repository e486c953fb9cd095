"""What happened to those who are counted: "two were killed and five wounded"; and the table of number words."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from spacy.tokens import Doc, Token

from pipeline.analyse.lexicon import read_table
from pipeline.analyse.syntax import find_child


@functools.cache
def number_words() -> Mapping[tuple[str, str], str]:
    """(kind, word) to value of ``lexicon/numbers.tsv``."""
    return {(row["kind"], row["word"]): row["value"] for row in read_table("numbers")}


def is_number(token: Token) -> bool:
    """A token that is itself a number word."""
    words = number_words()
    return token.pos_ == "NUM" or any((kind, token.lower_) in words for kind in ("vague", "word", "scale"))


def measures_at(doc: Doc, at: int, last: int) -> str | None:
    """The measures that stand right behind a bare number: "wounded", "killed or wounded"."""
    words = []
    while at < last and ("measure", doc[at].lower_) in number_words():
        words.append(doc[at].lower_)
        at += 2 if at + 1 < last and doc[at + 1].lower_ in ("or", "and") else 1
    return " or ".join(words) or None


def measure_of_bare(token: Token) -> str | None:
    """What happened to people who are only a number: "at least 31 were killed", "17 were dead"."""
    here = token
    while here.dep_ in ("nummod", "quantmod", "compound") and is_number(here.head):
        here = here.head
    verb = here.head
    if here.dep_ not in ("nsubj", "nsubjpass", "dobj"):
        return None
    states = [verb, *(child for child in verb.children if child.dep_ == "acomp")]
    words = [w.lower_ for state in states for w in [state, *doc_conj(state)] if ("measure", w.lower_) in number_words()]
    return " or ".join(words) or None


def measure_of(head: Token, number: Token) -> str | None:
    """What happened to those counted: "killed", "killed or wounded"."""
    if is_whole(head, number):
        return None
    verb = head.head
    top = head
    while (
        verb.i != top.i
        and top.dep_ in ("pobj", "prep", "nummod", "quantmod", "conj", "compound")
        and verb.pos_ != "VERB"
    ):
        top, verb = verb, verb.head
    known = {word for kind, word in number_words() if kind == "measure"}
    verbs = [verb] if verb.pos_ == "VERB" else []
    verbs += [child for child in head.children if child.dep_ == "acl"]
    for candidate in verbs:
        words = [t for t in [candidate, *(doc_conj(candidate))] if t.lower_ in known]
        if candidate.lower_ in known and words:
            return " or ".join(token.lower_ for token in words)
    return None


def is_whole(head: Token, number: Token) -> bool:
    """ "300 of the 900 miners": those of whom some are counted."""
    return head.dep_ == "pobj" and head.head.lower_ == "of" and number.head.i == head.i and is_number(head.head.head)


def doc_conj(token: Token) -> list[Token]:
    """Verbs joined to a verb by "or" or "and"."""
    return [child for child in token.children if child.dep_ == "conj" and not counts_anew(child)]


def counts_anew(verb: Token) -> bool:
    """Whether a joined verb has a subject, object or number of its own: "two were killed and five wounded"."""
    before = verb.doc[verb.i - 1]
    return find_child(verb, "nsubj", "nsubjpass", "dobj") is not None or is_number(before)
