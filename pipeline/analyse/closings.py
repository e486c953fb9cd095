"""Who said it, told last, where the parse did not see it: "…, the paper reported in May", "…, chief Otto Lind conceded to fans".

Read by the order of words: a whole clause, a comma, a noun phrase, a verb of saying, and a few words without a verb to the
sentence's end.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from pipeline.analyse.drafts import Draft
from pipeline.analyse.lexicon import cue_verbs, word_set
from pipeline.analyse.syntax import Doer, children
from pipeline.analyse.verbs import can_speak

LONGEST_SPEAKER, LONGEST_REST = 10, 7
SPEAKER = frozenset({"DET", "ADJ", "NOUN", "PROPN", "PART", "NUM", "PRON"})
REST = SPEAKER | {"ADP", "ADV"}
TAGS = frozenset({"VBD", "VBN", "VBZ", "VBP"})
ENDS = (".", "!", "?")


def closing_drafts(doc: Doc, quoted: frozenset[int]) -> Iterator[Draft]:
    """Verbs of saying that close a sentence, outside quotation marks, which hang on something else in the parse."""
    for verb in doc:
        if verb.tag_ not in TAGS or verb.i in quoted or not is_telling(verb) or not ends_after(doc, verb.i):
            continue
        found = speaker_before(doc, verb.i)
        if found is None:
            continue
        comma, who = found
        content = set(range(verb.sent.start, comma))
        if has_clause(doc, content):
            row = next(row for row in cue_verbs()[verb.lemma_] if row.pattern == "clause")
            yield Draft(verb, row.lemma, row.act, "clause", {verb.i}, content, Doer(doc[who], "subject"), score=0.8)


def is_telling(verb: Token) -> bool:
    """A verb of saying that takes a clause, without a clause of its own."""
    is_cue = any(row.pattern == "clause" for row in cue_verbs().get(verb.lemma_, ()))
    told = () if verb.lemma_ == "tell" else ("dobj",)
    return is_cue and not children(verb, "xcomp", "auxpass", "aux", "neg", *told)


def ends_after(doc: Doc, at: int) -> bool:
    """Whether a few words without a verb or comma lead from a verb to the end of its sentence."""
    for i in range(at + 1, min(at + 1 + LONGEST_REST, len(doc))):
        if doc[i].text in ENDS or "\n" in doc[i].text:
            return True
        if doc[i].pos_ not in REST:
            return False
    return at + LONGEST_REST >= len(doc)


def speaker_before(doc: Doc, at: int) -> tuple[int, int] | None:
    """The comma before the speaker, and the speaker's head: the name in ", a survivor, shepherd Idris Haroun, told"."""
    if at < 2 or doc[at - 1].text != ",":
        comma = comma_before(doc, at)
        return None if comma is None else (comma, at - 1)
    inner = comma_before(doc, at - 1)
    outer = None if inner is None else comma_before(doc, inner)
    if inner is None or outer is None:
        return None
    return outer, at - 2 if doc[at - 2].pos_ == "PROPN" else inner - 1


def comma_before(doc: Doc, at: int) -> int | None:
    """The comma before the noun phrase that stands right before a verb; None where somebody else's clause does."""
    who = doc[at - 1] if at else None
    if who is None or who.pos_ not in ("NOUN", "PROPN", "PRON"):
        return None
    if not can_speak(who) and who.lemma_ not in word_set("speakers", "document"):
        return None
    for i in range(at - 1, max(at - 1 - LONGEST_SPEAKER, 0), -1):
        if doc[i].text == ",":
            return i if doc[i + 1].tag_ not in ("WP", "WDT", "WP$", "WRB", "CC", "IN") else None
        if doc[i].pos_ not in SPEAKER and not is_adjective(doc, i):
            return None
    return None


def is_adjective(doc: Doc, i: int) -> bool:
    """ "Organising" of "organising chief", not "representing" of "a union representing miners"."""
    return (
        doc[i].tag_ in ("VBG", "VBN")
        and doc[i + 1].pos_ in ("NOUN", "ADJ")
        and doc[i - 1].pos_ in ("PUNCT", "DET", "ADJ")
    )


def has_clause(doc: Doc, content: set[int]) -> bool:
    """A clause of its own: not "When the talks failed", not a question word's."""
    first = doc[min(content)] if content else None
    if first is None or first.tag_ in ("IN", "WRB", "CC") or first.lower_ in word_set("words", "question"):
        return False
    return any(
        doc[i].pos_ in ("VERB", "AUX")
        and any(c.i in content and c.i < i for c in children(doc[i], "nsubj", "nsubjpass", "expl"))
        and not children(doc[i], "mark")
        for i in content
    )
