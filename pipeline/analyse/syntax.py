"""Walks over a dependency parse: subtrees, phrases, who does what a verb says.

All functions take spaCy tokens and give token indices into the same ``Doc``; none looks at a word list.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from pipeline.analyse.lexicon import confirming_verbs

OPENING = "“„«‟"
CLOSING = "”»"
STRAIGHT = '"＂'
QUOTE_MARKS = OPENING + CLOSING + STRAIGHT
MAX_CLIMB = 4


def is_verb(token: Token) -> bool:
    """A verb that stands for itself: no auxiliary, no modal."""
    return token.tag_.startswith("VB") and token.dep_ not in ("aux", "auxpass")


def is_predicate(token: Token) -> bool:
    """A verb, or a form of be that stands for one."""
    return is_verb(token) or token.pos_ == "AUX"


def is_finite(verb: Token) -> bool:
    """A verb that tells by itself: not "to have", not "having", not "may have"."""
    is_bare = verb.tag_ in ("VB", "VBG") or any(child.tag_ in ("MD", "TO") for child in children(verb, "aux"))
    return not is_bare and verb.dep_ not in ("advcl", "acl", "relcl", "csubj")


def children(token: Token, *relations: str) -> list[Token]:
    """The children of a token in one of the relations, in the order of the text."""
    return [child for child in token.children if child.dep_ in relations]


def find_child(token: Token, *relations: str) -> Token | None:
    """The first child in one of the relations."""
    return next((child for child in token.children if child.dep_ in relations), None)


def has_mark(clause: Token, words: Collection[str]) -> bool:
    """Whether a clause is opened by one of the words ("that", "as", "if")."""
    return any(child.lower_ in words for child in clause.children if child.dep_ in ("mark", "advmod", "aux", "prep"))


def subtree(token: Token, stop: Collection[int] = ()) -> set[int]:
    """Indices of a token and all below it, without the branches that start in ``stop``."""
    found, todo = set(), [token]
    while todo:
        here = todo.pop()
        if here.i in stop or here.i in found:
            continue
        found.add(here.i)
        todo.extend(here.children)
    return found


def is_edge(token: Token) -> bool:
    """A token that no span begins or ends with: space, comma, stop, quotation mark; not brackets or percent signs."""
    return bool(token.is_space or token.text in QUOTE_MARKS or (token.is_punct and token.text not in "()%$£€[]"))


def trim(doc: Doc, indices: Iterable[int]) -> list[int]:
    """Indices in order, without the marks at both ends."""
    kept = sorted(indices)
    while kept and is_edge(doc[kept[0]]):
        kept.pop(0)
    while kept and is_edge(doc[kept[-1]]):
        kept.pop()
    return kept


def runs(doc: Doc, indices: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Character spans of runs of tokens, trimmed at each end; a run goes on over marks and spaces alone, not
    over a paragraph's end."""
    group: list[int] = []
    for index in sorted(indices):
        if group and not all(is_edge(doc[i]) and "\n" not in doc[i].text for i in range(group[-1] + 1, index)):
            yield from span_of(doc, group)
            group = []
        group.append(index)
    yield from span_of(doc, group)


def span_of(doc: Doc, group: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The character span of a group of tokens from its first to its last word; nothing for marks alone."""
    kept = trim(doc, group)
    if kept:
        last = doc[kept[-1]]
        yield doc[kept[0]].idx, last.idx + len(last.text)


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does what a verb says: the head of the phrase, and by which way it was found."""

    head: Token
    way: str


def find_doer(verb: Token, climb: int = 0) -> Doer | None:
    """The one who says, by the tree: subject, agent, or the subject that the verb shares with a verb above it.

    >>> # "he said, describing it as …": describing -> said -> he ("shared")
    """
    own = find_own_doer(verb)
    if own is not None:
        return own
    if has_passive(verb) or climb >= MAX_CLIMB:
        return None
    return find_shared_doer(verb, climb)


def has_passive(verb: Token) -> bool:
    """Whether a verb is passive by its own children, or a bare participle behind a noun ("sources quoted by")."""
    return any(child.dep_ in ("nsubjpass", "auxpass") for child in verb.children)


def find_own_doer(verb: Token) -> Doer | None:
    """Agent of a passive, subject of an active verb, the noun before a relative clause."""
    subjects = children(verb, "nsubj", "csubj")
    before = [child for child in subjects if child.i < verb.i]  # of two that the parser hung on one verb, the nearer
    before = [child for child in before[1:] if not is_bracketed(child)] or before[:1]
    subject = before[-1] if before else next(iter(subjects), None)
    for agent in children(verb, "agent") if subject is None else []:  # "Moor said by telephone" has its subject
        inner = find_child(agent, "pobj")
        if inner is not None:
            return Doer(inner, "agent")
    if subject is None:
        return None
    if subject.tag_ in ("WP", "WDT") and verb.dep_ == "relcl":
        return Doer(verb.head, "relative")
    if subject.dep_ == "csubj" or subject.dep_ == "expl":
        return None
    named = find_child(subject, "appos") if subject.lower_ == "one" else None  # "One of them, Grace Oduya, said"
    return Doer(subject if named is None or named.pos_ != "PROPN" else named, "subject")


def is_bracketed(noun: Token) -> bool:
    """A phrase between commas: an apposition, whatever the parser called it."""
    first, last = noun.left_edge.i, noun.right_edge.i
    doc = noun.doc
    return first > 0 and last + 1 < len(doc) and doc[first - 1].text == doc[last + 1].text == ","


def find_shared_doer(verb: Token, climb: int) -> Doer | None:
    """The doer of the verb above, where the two share it."""
    above = verb.head
    if verb.dep_ == "relcl" and not any(child.dep_ in ("nsubj", "nsubjpass") for child in verb.children):
        return Doer(above, "relative")
    if verb.dep_ == "acl" and verb.tag_ in ("VBG", "VBD"):
        return Doer(above, "participle")
    if verb.dep_ == "pcomp" and above.dep_ in ("prep", "agent"):
        above = above.head
    elif verb.dep_ not in ("conj", "xcomp", "advcl", "ccomp", "dep", "pcomp"):
        return None
    if above.i == verb.i:
        return None
    if verb.dep_ == "xcomp":
        controller = find_child(above, "dobj")
        if controller is not None and controller.i < verb.i:
            return Doer(controller, "object control")
    if above.pos_ in ("ADJ", "NOUN") and above.dep_ in ("acomp", "attr", "oprd"):
        above = above.head
    if not is_verb(above):
        return None
    doer = find_doer(above, climb + 1)
    return None if doer is None else Doer(doer.head, "shared")


RELATIVE = ("relcl", "acl", "parataxis", "ccomp", "advcl")


def phrase(head: Token, without: Collection[int] = ()) -> list[int]:
    """A noun phrase: all below its head but relative clauses, asides in brackets or dashes and later appositions."""
    stop = set(without)
    for token in head.subtree:
        if token.i != head.i and (token.dep_ in RELATIVE or (token.dep_ == "appos" and token.i > head.i)):
            stop.add(token.i)
    indices = trim(head.doc, subtree(head, stop))
    return contiguous(indices, head)


def contiguous(indices: list[int], head: Token) -> list[int]:
    """The stretch of a phrase around its head, ended by a comma or dash that opens an aside."""
    doc, here = head.doc, set(indices)
    first = last = head.i
    while first - 1 in here:
        first -= 1
    while last + 1 in here:
        last += 1
    kept = [i for i in range(first, last + 1) if not doc[i].is_space]
    commas = [i for i in kept if i < head.i and doc[i].text == ","]
    if commas and all(doc[i].ent_type_ in ("DATE", "TIME") or doc[i].is_punct for i in kept if i <= commas[0]):
        kept = [i for i in kept if i > commas[0]]
    while kept and kept[-1] > head.i and (is_edge(doc[kept[-1]]) or doc[kept[-1]].tag_ == "POS"):
        kept.pop()
    return kept


def _confirms_nothing(verb: Token) -> bool:
    """ "Verified none of the claims", "could confirm no figure", "could confirm neither that …"; not "confirmed no losses"."""
    can = any(child.lower_ in ("could", "can", "would", "able") for child in verb.children)
    after = verb.doc[verb.i + 1].lower_ if verb.i + 1 < len(verb.doc) else ""
    return after in ("none", "nothing") or (can and after in ("no", "neither"))


def is_negated(verb: Token) -> bool:
    """Whether a verb has a negation of its own ("did not confirm", "never confirmed", "nobody confirmed")."""
    above = verb.head  # "could neither back nor rule out the finding"
    if verb.dep_ == "conj" and any(c.lower_ == "nor" and above.i < c.i < verb.i for c in above.children):
        return True
    if verb.lemma_ in confirming_verbs() and _confirms_nothing(verb):
        return True
    for child in verb.children:
        if child.lower_ == "neither" and child.i < verb.i and child.dep_ != "nsubj":
            return True
        if child.dep_ == "neg" or (
            child.dep_ in ("nsubj", "det") and child.lower_ in ("nobody", "none", "neither", "no")
        ):
            return True
        if child.dep_ == "nsubj" and any(g.lower_ in ("no", "neither") for g in children(child, "det", "preconj")):
            return True
    return False
