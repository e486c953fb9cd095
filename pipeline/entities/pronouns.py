"""Pronouns: he, she, they and it to what was named before. Scores, not a model; every part has its reason."""

from __future__ import annotations

from pipeline.entities.draft import Draft, Notebook, Seen

_PRONOUNS = {
    "he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f",
    "they": "p", "them": "p", "their": "p", "theirs": "p", "themselves": "p", "it": "n", "its": "n", "itself": "n",
}  # fmt: skip
_SUBJECTS = ("nsubj", "nsubjpass", "csubj")
_REACH = {"m": 8, "f": 8, "p": 3, "n": 2}


def resolve_pronouns(book: Notebook) -> None:
    """Every third-person pronoun, left to right, as each answer is a candidate for the next."""
    view = book.text
    candidates = sorted([*book.seen, *_unnamed_phrases(book)], key=lambda s: s.head)
    counts: dict[int, int] = {}
    queue = 0
    live: list[Seen] = []
    for i, word in enumerate(view.lower):
        while queue < len(candidates) and candidates[queue].head < i:
            seen = candidates[queue]
            live.append(seen)
            if seen.entity is not None:
                counts[seen.entity] = counts.get(seen.entity, 0) + 1
            queue += 1
        gender = _PRONOUNS.get(word)
        if gender is None or view.pos[i] not in ("PRON", "DET") or (gender == "n" and not _is_actor(book, i)):
            continue
        best = _pick(book, i, gender, live, counts)
        if best is None and gender in "mf":
            best = _pick_ahead(book, i, gender, candidates[queue:])
        if best is None:
            book.why[i, i + 1] = "nothing before it fits"
            continue
        book.stands_for[i] = best
        seen = Seen(i, i + 1, i, best.entity, "pronoun")
        if best.entity is not None:
            seen = book.mention(i, i + 1, best.entity, "pronoun", i)
            draft = book.drafts[best.entity]
            if draft.kind == "person" and gender in "mf" and (not draft.gender or draft.is_gender_guessed):
                draft.gender, draft.is_gender_guessed = gender, False
        else:
            book.why[i, i + 1] = "stands for someone without a name"
        live.append(seen)


def _is_actor(book: Notebook, i: int) -> bool:
    """Whether an "it" does something: "it is clear that" and objects stand for no one."""
    view = book.text
    if view.lower[i] == "its":
        return True
    return view.dep[i] in _SUBJECTS and view.lemma[view.head[i]] not in ("be", "seem", "appear", "take", "become")


def _unnamed_phrases(book: Notebook) -> list[Seen]:
    """Noun phrases that name no one yet may be what a pronoun stands for."""
    view = book.text
    phrases = []
    for first, last, root in view.chunks:
        if root in book.by_token or view.pos[root] != "NOUN" or (first, last) in book.by_span:
            continue
        plural = view.tag[root] == "NNS"
        person = book.gazetteer.find_title(view.lower, root + 1) is not None
        document = view.lemma[root] in book.gazetteer.lexicon["document"]
        if plural or person or document or view.lemma[root] in _PERSON_NOUNS:
            phrases.append(Seen(first, last, root, None, "role"))
    return phrases


_PERSON_NOUNS = frozenset(("man", "woman", "person", "official", "source", "witness", "victim", "officer", "resident",
                           "mother", "father", "wife", "husband", "son", "daughter", "student", "teacher", "diplomat",
                           "expert", "voter", "suspect", "boy", "girl", "police", "driver", "worker"))  # fmt: skip


def _pick(book: Notebook, i: int, gender: str, live: list[Seen], counts: dict[int, int]) -> Seen | None:
    view = book.text
    here = view.sentence[i]
    best, best_score = None, 0.0
    for seen in reversed(live):
        distance = here - view.sentence[seen.head]
        if distance > _REACH[gender]:
            break
        fit = _fit(book, seen, gender)
        if fit <= 0.0 or _is_barred(book, i, seen):
            continue
        score = fit + _salience(book, i, seen, distance) + 0.15 * min(counts.get(seen.entity or -1, 0), 6)
        if best is None or score > best_score + 1e-9:
            best, best_score = seen, score
    return best


def _pick_ahead(book: Notebook, i: int, gender: str, coming: list[Seen]) -> Seen | None:
    """As in "When she left, Ada Moor said": nobody before it fits, but the subject of its own sentence does."""
    view = book.text
    for seen in coming:
        if view.sentence[seen.head] != view.sentence[i]:
            return None
        if view.dep[seen.head] in _SUBJECTS and seen.entity is not None and _fit(book, seen, gender) > 1.0:
            return seen
    return None


def _fit(book: Notebook, seen: Seen, gender: str) -> float:
    """How well a mention's number and gender suit; 0 for not at all."""
    plural = book.text.tag[seen.head] in ("NNS", "NNPS")
    if seen.entity is None:
        document = book.text.lemma[seen.head] in book.gazetteer.lexicon["document"]
        if gender == "n":
            return 1.4 if document and not plural else 0.0
        if gender in "mf":
            return 0.0 if plural or document else _noun_fit(book, seen, gender)
        return 1.5 if plural and gender == "p" else 0.0
    draft = book.drafts[seen.entity]
    if gender in "mf":
        return _person_fit(draft, gender)
    if gender == "n":
        return {"country": 1.6, "organisation": 1.6, "place": 0.6}.get(draft.kind, 0.0) if not draft.is_plural else 0.0
    if draft.is_plural or draft.kind == "group":
        return 2.0
    return {"organisation": 0.9, "country": 0.5}.get(draft.kind, 0.0) if seen.how != "demonym" or plural else 0.0


def _person_fit(draft: Draft, gender: str) -> float:
    if draft.kind != "person":
        return 0.0
    if draft.gender not in ("", gender):
        return 0.4 if draft.is_gender_guessed else 0.0
    return 2.4 if draft.gender == gender else 1.7


def _noun_fit(book: Notebook, seen: Seen, gender: str) -> float:
    found = book.gazetteer.find_title(book.text.lower, seen.head + 1)
    known = found[1].gender if found else {"man": "m", "father": "m", "husband": "m", "son": "m", "boy": "m",
                                           "woman": "f", "mother": "f", "wife": "f", "daughter": "f", "girl": "f",
                                           }.get(book.text.lemma[seen.head], "")  # fmt: skip
    return 1.2 if known in ("", gender) else 0.0


def _salience(book: Notebook, i: int, seen: Seen, distance: int) -> float:
    """Near, subject, speaker, outside quotations: what a reader takes a pronoun for."""
    view = book.text
    head, dep = seen.head, view.dep[seen.head]
    score = -0.8 * distance
    while dep == "conj" and view.head[head] != head:
        head = view.head[head]
        dep = view.dep[head]
    if dep in _SUBJECTS:
        score += 1.6
        score += 0.6 if view.lemma[view.head[head]] in book.gazetteer.lexicon["speech"] else 0.0
        score += 0.3 if view.dep[view.head[head]] == "ROOT" else 0.0
    elif dep in ("dobj", "attr", "oprd"):
        score += 0.5
    elif dep in ("poss", "compound", "nmod"):
        score -= 0.3
    if view.quoted[seen.head] != view.quoted[i]:
        score -= 1.2
    return score


def _is_barred(book: Notebook, i: int, seen: Seen) -> bool:
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
