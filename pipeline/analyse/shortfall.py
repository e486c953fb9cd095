"""What a source says it cannot tell for want of something: "had no figures to show whether S", "too few readings to say if S",
"was in no position to confirm the sale", "has yet to establish who S", "there is no telling how S"."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from pipeline.analyse.lexicon import leaves_open, word_set
from pipeline.analyse.syntax import is_verb

#: steps in the parse from a word to the head of its clause
NEAR = 4


def shortfalls(head: Token) -> Iterator[tuple[Token, Token]]:
    """The word that tells of a want, and the verb that the want keeps from being done, of one main clause."""
    doc = head.doc
    last = min(head.right_edge.i + 1, head.i + 30)
    lacking: Token | None = None
    for token in doc[head.left_edge.i : last]:
        if lacking is None and is_want(token) and belongs(token, head):
            lacking = token
        elif lacking is not None and is_answer(token) and (belongs(token, head) or token.head.i == lacking.i):
            yield lacking, token
            return


def is_want(token: Token) -> bool:
    """ "No" before a noun, "nothing", "too" before an adjective, "impossible", "yet" of "had yet to"."""
    after = token.nbor().lower_ if token.i + 1 < len(token.doc) else ""
    before = token.nbor(-1).lemma_ if token.i else ""
    if token.lower_ == "yet":
        return before == "have" and after == "to"
    if token.lower_ == "too":
        return after not in ("late", "much", "busy", "proud")
    return token.lower_ in ("no", "nothing", "impossible")


def is_answer(token: Token) -> bool:
    """A verb of telling right before a question, of confirming, or of backing what is said."""
    after = token.nbor().lower_ if token.i + 1 < len(token.doc) else ""
    if token.lower_ in ("telling", "saying", "knowing", "tell", "say", "show", "judge", "know", "see", "shows"):
        return after in word_set("words", "question")
    if not is_verb(token):
        return False
    if leaves_open(token.lemma_):
        return True
    said = word_set("words", "statement noun")
    things = [child for child in token.children if child.dep_ in ("dobj", "pobj")]
    return token.lemma_ in word_set("words", "backs") and any(thing.lemma_ in said for thing in things)


def belongs(token: Token, head: Token) -> bool:
    """Whether a token hangs on the head of a clause within a few steps."""
    here = token
    for _ in range(NEAR):
        if here.i == head.i:
            return True
        here = here.head
    return here.i == head.i
