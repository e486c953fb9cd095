"""How far a mention stands out where a pronoun is read, and which mentions it cannot stand for."""

from __future__ import annotations

from pipeline.entities.draft import Notebook, Seen

SUBJECTS = ("nsubj", "nsubjpass", "csubj")


def salience(book: Notebook, i: int, seen: Seen, distance: int) -> float:
    """Near, subject, speaker, outside quotations: what a reader takes a pronoun for."""
    view = book.text
    head, dep = seen.head, view.dep[seen.head]
    score = -0.8 * distance
    while dep in ("conj", "appos") and view.head[head] != head:
        head = view.head[head]
        dep = view.dep[head]
    if dep in SUBJECTS or _speaks_behind(book, seen):
        score += 1.6
        speech = book.gazetteer.lexicon["speech"]
        verb = view.head[head]
        verbs = [verb, *(c for c in view.children[verb] if view.dep[c] == "xcomp")]  # "continues to speak of"
        if dep not in SUBJECTS or any(view.lemma[v] in speech for v in verbs):  # who spoke last speaks on
            score += 1.1 if view.dep[i] in SUBJECTS and view.lemma[view.head[i]] in speech else 0.6
        score += 0.3 if view.dep[view.head[head]] == "ROOT" else 0.0
    elif dep == "pobj" and view.dep[view.head[head]] == "agent":
        score += 1.2
    elif dep in ("dobj", "attr", "oprd"):
        score += 0.5
    elif dep in ("poss", "compound", "nmod"):
        score -= 0.3
    if view.quoted[seen.head] != view.quoted[i]:
        score -= 1.2
    if _speaks_of_self(book, i, head) or (view.lower[i] == "it" and _speaks_of_self(book, i, _holder(book, head))):
        score += 1.2
    return score


def _speaks_behind(book: Notebook, seen: Seen) -> bool:
    """As in "…, its spokesperson Ada Moor said.": a verb of speech right behind a name, whatever the parse hung it on."""
    view, at = book.text, seen.last
    if at + 1 >= len(view) or seen.entity is None or book.drafts[seen.entity].kind != "person":
        return False
    is_said = view.lemma[at] in book.gazetteer.lexicon["speech"] and view.tag[at] in ("VBD", "VBZ")
    return is_said and view.words[at + 1] in (".", ",", "on", "in", "at")


def _holder(book: Notebook, at: int) -> int:
    """As in "a Commission spokesperson said it was confident": the noun that a name before or behind it narrows."""
    view = book.text
    while view.dep[at] in ("compound", "poss", "nmod", "amod", "pobj", "prep") and view.head[at] != at:
        at = view.head[at]
    return at


def _speaks_of_self(book: Notebook, i: int, subject: int) -> bool:
    """As in "Moor said that she would go", "Oslo signalled it would pay": the subject of what is said is who says it."""
    view = book.text
    clause = view.head[i]
    above = view.head[clause]
    is_subject = view.dep[i] in SUBJECTS and view.dep[clause] == "ccomp" and view.dep[subject] in SUBJECTS
    return is_subject and view.head[subject] == above and view.quoted[i] == view.quoted[subject]


def is_barred(book: Notebook, i: int, seen: Seen) -> bool:
    """As in "He told him": two arguments of one verb are two people; "her mother" is not her own mother."""
    view = book.text
    if seen.first <= i < seen.last or view.head[i] == seen.head:
        return True
    is_reflexive = view.lower[i].endswith(("self", "selves"))
    governor = view.head[i]
    if view.dep[i] == "pobj":
        governor = view.head[governor]
    if is_reflexive or view.dep[i] not in ("dobj", "pobj", "dative"):
        return False
    while view.head[governor] != governor and view.dep[governor] in ("xcomp", "advcl", "conj", "pcomp", "prep"):
        if view.head[seen.head] == governor:
            return True
        governor = view.head[governor]
    return view.head[seen.head] == governor
