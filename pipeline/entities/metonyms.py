"""Whether a capital's name means the city or the government that sits there. A pure decision on the parse.

The rule follows the finding for ReLocaR (a subject rule reaches 68.0 %, dependency features 81.6): what the name
depends on tells more than its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.entities.text import TextView

Lexicon = Mapping[str, Mapping[str, str]]


def decide_is_government(view: TextView, first: int, last: int, lexicon: Lexicon, depth: int = 0) -> bool:
    """True where the name in tokens ``[first, last)`` acts, owns or is dealt with, as a government does."""
    index = view.head_of(first, last)
    dep, head = view.dep[index], view.head[index]
    if dep == "pobj":
        return _after_preposition(view, head, lexicon)
    if dep in ("nsubj", "csubj", "agent"):
        return True
    if dep == "nsubjpass":
        return view.lemma[head] not in lexicon["place_verb"]
    if dep in ("dobj", "dative", "obj"):
        return view.lemma[head] not in lexicon["place_verb"]
    if dep in ("compound", "nmod", "amod"):  # "a Moscow clinic", but "the Moscow-Beijing axis", "Moscow officials"
        joined = view.words[last : last + 1] == ["-"] or view.words[max(0, first - 1) : first] == ["-"]
        return joined or view.lemma[head] in lexicon["state_noun"]
    if dep == "poss":
        return view.lemma[head] not in lexicon["place_noun"]
    if dep == "conj" and depth < 3:
        return decide_is_government(view, head, head + 1, lexicon, depth + 1)
    return False


def _after_preposition(view: TextView, preposition: int, lexicon: Lexicon) -> bool:
    word, governor = view.lower[preposition], view.head[preposition]
    if word in lexicon["place_prep"]:
        return False
    if word == "of":
        return view.lemma[governor] not in lexicon["place_noun"]
    if word in lexicon["motion_prep"]:
        if view.lemma[governor] in lexicon["motion_verb"]:
            return False
        return view.pos[governor] == "NOUN" or word == "to"
    return True
