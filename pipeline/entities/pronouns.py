"""Pronouns: he, she, they and it to what was named before. Scores, not a model; every part has its reason."""

from __future__ import annotations

from itertools import product

from pipeline.entities.draft import Draft, Notebook, Seen
from pipeline.entities.salience import SUBJECTS, is_barred, salience

_PRONOUNS = {
    "he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f",
    "they": "p", "them": "p", "their": "p", "theirs": "p", "themselves": "p", "it": "n", "its": "n", "itself": "n",
}  # fmt: skip
_REACH = {"m": 8, "f": 8, "p": 3, "n": 2}


def resolve_pronouns(book: Notebook) -> None:
    """Every third-person pronoun, left to right, as each answer is a candidate for the next."""
    candidates = sorted([*book.seen, *_unnamed_phrases(book)], key=lambda s: s.head)
    pronouns = find_pronouns(book)
    for draft, gender in _settle_genders(book, candidates, pronouns).items():
        book.drafts[draft].gender, book.drafts[draft].is_gender_guessed = gender, True
    walk = Walk(book, candidates, pronouns)
    walk.run()
    for i, best in walk.answers.items():
        if best is None:
            book.why[i, i + 1] = "nothing before it fits"
            continue
        book.stands_for[i] = best
        book.margin[i] = walk.margins.get(i, 0.0)
        if best.entity is not None:
            book.mention(i, i + 1, best.entity, "pronoun", i)
        else:
            book.why[i, i + 1] = "stands for someone without a name"
    for draft, gender in walk.genders.items():
        book.drafts[draft].gender = book.drafts[draft].gender or gender


def find_pronouns(book: Notebook) -> list[tuple[int, str]]:
    """Token and gender of every pronoun that stands for someone."""
    view = book.text
    found = []
    for i, word in enumerate(view.lower):
        gender = _PRONOUNS.get(word)
        is_part = view.lower[max(0, i - 1) : i + 1] == ["of", "them"]  # as often of things as of people
        if gender and not is_part and view.pos[i] in ("PRON", "DET") and (gender != "n" or _is_actor(book, i)):
            found.append((i, gender))
    return found


def _settle_genders(book: Notebook, candidates: list[Seen], pronouns: list[tuple[int, str]]) -> dict[int, str]:
    """He or she for people whose names do not tell: the assignment under which the text's pronouns fit best.

    Only where a text has both pronouns, and for the three such people named most: eight walks.
    """
    counts: dict[int, int] = {}
    for seen in candidates:
        if seen.entity is not None and book.drafts[seen.entity].kind == "person":
            counts[seen.entity] = counts.get(seen.entity, 0) + 1
    unknown = sorted((e for e in counts if not book.drafts[e].gender), key=lambda e: (-counts[e], e))[:3]
    if not unknown or not {"m", "f"} <= {gender for _, gender in pronouns}:
        return {}
    best: tuple[float, tuple[str, ...]] = (float("-inf"), ())
    for genders in product("mf", repeat=len(unknown)):
        walk = Walk(book, candidates, pronouns, dict(zip(unknown, genders, strict=True)))
        best = max(best, (walk.run(), genders))
    return dict(zip(unknown, best[1], strict=True))


class Walk:
    """One reading of all pronouns. Changes nothing in the notebook; ``genders`` gathers what the pronouns tell."""

    def __init__(
        self, book: Notebook, candidates: list[Seen], pronouns: list[tuple[int, str]],
        genders: dict[int, str] | None = None,
    ) -> None:  # fmt: skip
        self.book = book
        self.pronouns = pronouns
        self.candidates = candidates
        self.genders = dict(genders or {})
        self.answers: dict[int, Seen | None] = {}
        self.margins: dict[int, float] = {}
        self.live: list[Seen] = []
        self.counts: dict[int, int] = {}

    def run(self) -> float:
        """Fills ``answers`` by token; the sum of their scores, less for each without one."""
        total, queue = 0.0, 0
        for i, gender in self.pronouns:
            while queue < len(self.candidates) and self.candidates[queue].head < i:
                self._pass(self.candidates[queue])
                queue += 1
            best, score = self._pick(i, gender)
            if best is None and gender in "mf":
                best, score = self._pick_ahead(i, gender, queue), 1.0
            self.answers[i] = best
            total += score if best is not None else -1.0
            if best is not None:
                self._learn(best, gender)
                self.live.append(Seen(i, i + 1, i, best.entity, "pronoun"))
        return total

    def _pass(self, seen: Seen) -> None:
        self.live.append(seen)
        if seen.entity is not None:
            self.counts[seen.entity] = self.counts.get(seen.entity, 0) + 1

    def _learn(self, best: Seen, gender: str) -> None:
        if best.entity is not None and gender in "mf" and self.book.drafts[best.entity].kind == "person":
            self.genders.setdefault(best.entity, gender)

    def _pick(self, i: int, gender: str) -> tuple[Seen | None, float]:
        """The best of what was named before within reach, with its score."""
        view = self.book.text
        best, best_score, others = None, 0.0, 0.0
        for seen in reversed(self.live):
            distance = view.sentence[i] - view.sentence[seen.head]
            if distance > _REACH[gender]:
                break
            fit = self._fit(seen, gender)
            if fit <= 0.0 or is_barred(self.book, i, seen):
                continue
            named = self.counts.get(seen.entity, 0) if seen.entity is not None else 0
            often = (0.15 if gender in "mf" else 0.05) * min(named, 6)
            score = fit + salience(self.book, i, seen, distance) + often
            if best is None or score > best_score + 1e-9:
                others = others if best is None or _is_same(best, seen) else max(others, best_score)
                best, best_score = seen, score
            elif not _is_same(best, seen):
                others = max(others, score)
        self.margins[i] = best_score - others
        return best, best_score

    def _pick_ahead(self, i: int, gender: str, queue: int) -> Seen | None:
        """As in "When she left, Ada Moor said": nobody before it fits, but the subject of its own sentence does."""
        view = self.book.text
        for seen in self.candidates[queue:]:
            if view.sentence[seen.head] != view.sentence[i]:
                return None
            if view.dep[seen.head] in SUBJECTS and seen.entity is not None and self._fit(seen, gender) > 1.0:
                return seen
        return None

    def _fit(self, seen: Seen, gender: str) -> float:
        """How well a mention's number and gender suit; 0 for not at all."""
        plural = self.book.text.tag[seen.head] in ("NNS", "NNPS")
        if seen.entity is None:
            return _phrase_fit(self.book, seen, gender, plural)
        draft = self.book.drafts[seen.entity]
        if gender in "mf":
            return self._person_fit(draft, gender)
        is_adjective = seen.how == "demonym" and self.book.text.dep[seen.head] in ("amod", "compound", "npadvmod")
        if is_adjective or draft.name.casefold() == self.book.agency_name:
            return 0.0  # "Swiss-based Acme … it"; the agency's own "we could not verify" speaks of others
        if gender == "n":
            return 0.0 if draft.is_plural else {"country": 1.6, "organisation": 1.6, "place": 0.6}.get(draft.kind, 0.0)
        if draft.is_plural or draft.kind == "group":
            return 2.0
        return {"organisation": 0.9, "country": 0.5}.get(draft.kind, 0.0) if seen.how != "demonym" or plural else 0.0

    def _person_fit(self, draft: Draft, gender: str) -> float:
        if draft.kind != "person":
            return 0.0
        sure = "" if draft.is_gender_guessed else draft.gender
        known = sure or self.genders.get(draft.id, "") or draft.gender
        if known in ("", gender):
            return 2.4 if known else 1.7
        return 0.4 if not sure and draft.id not in self.genders else 0.0


def _is_actor(book: Notebook, i: int) -> bool:
    """Whether an "it" does something: "it is clear that" and objects stand for no one."""
    view = book.text
    if _is_of_thing(book, i):
        return False
    if view.lower[i] == "its":
        return True
    if view.dep[i] not in SUBJECTS:
        return False
    states = {view.lemma[c] for c in view.children[view.head[i]] if view.dep[c] in ("acomp", "oprd")}
    is_empty = view.lemma[view.head[i]] in ("be", "seem", "appear", "take", "become")
    return not is_empty or not states.isdisjoint(book.gazetteer.lexicon["actor_state"])


def _is_of_thing(book: Notebook, i: int) -> bool:
    """As in "the drug loses its effect", "the storm grew when it reached land": the subject of the clause around is a
    thing without a name."""
    view = book.text
    at = view.head[i]
    while view.pos[at] not in ("VERB", "AUX") and view.head[at] != at:
        at = view.head[at]
    if view.lower[i] != "its":
        if view.dep[i] not in SUBJECTS or view.dep[at] != "advcl":
            return False
        at = view.head[at]
    if view.lower[i] == "its" and (at > i or view.dep[view.head[i]] not in ("dobj", "pobj", "attr", "oprd")):
        return False
    subject = next((c for c in view.children[at] if view.dep[c] in SUBJECTS and c < i), None)
    if subject is None or view.pos[subject] != "NOUN" or view.tag[subject] != "NN" or subject in book.by_token:
        return False
    lexicon = book.gazetteer.lexicon
    is_body = view.lemma[subject] in lexicon["institution"] or view.lemma[subject] in lexicon["document"]
    return not is_body and book.gazetteer.find_title(view.lower, subject + 1) is None


def _unnamed_phrases(book: Notebook) -> list[Seen]:
    """Noun phrases that name no one yet may be what a pronoun stands for."""
    view = book.text
    phrases = []
    for first, last, root in view.chunks:
        is_noun = view.pos[root] == "NOUN" or (view.pos[root] == "PROPN" and view.words[root].islower())
        if root in book.by_token or not is_noun or (first, last) in book.by_span:
            continue
        plural = view.tag[root] == "NNS"
        person = book.gazetteer.find_title(view.lower, root + 1) is not None
        document = view.lemma[root] in book.gazetteer.lexicon["document"]
        document = document or view.lemma[root] in book.gazetteer.lexicon["institution"]
        if plural or person or document or view.lemma[root] in _PERSON_NOUNS:
            phrases.append(Seen(first, last, root, None, "role"))
    return phrases


_PERSON_NOUNS = frozenset(("man", "woman", "person", "official", "source", "witness", "victim", "officer", "resident",
                           "mother", "father", "wife", "husband", "son", "daughter", "student", "teacher", "diplomat",
                           "expert", "voter", "suspect", "boy", "girl", "police", "driver", "worker"))  # fmt: skip


def _phrase_fit(book: Notebook, seen: Seen, gender: str, plural: bool) -> float:
    """The same for a phrase that names nobody: a document for it, people for they, one person for he and she."""
    pronoun = _PRONOUNS.get(book.text.lower[seen.head])
    if pronoun is not None:
        return 1.5 if pronoun == gender else 0.0
    document = book.text.lemma[seen.head] in book.gazetteer.lexicon["document"]
    institution = book.text.lemma[seen.head] in book.gazetteer.lexicon["institution"]
    if gender == "n":
        return 0.0 if plural else 1.6 if institution else 1.4 if document else 0.0
    if gender == "p":
        return 1.5 if plural else 1.2 if institution else 0.0
    return 0.0 if plural or document or institution else _noun_fit(book, seen, gender)


def _noun_fit(book: Notebook, seen: Seen, gender: str) -> float:
    found = book.gazetteer.find_title(book.text.lower, seen.head + 1)
    known = found[1].gender if found else {"man": "m", "father": "m", "husband": "m", "son": "m", "boy": "m",
                                           "woman": "f", "mother": "f", "wife": "f", "daughter": "f", "girl": "f",
                                           }.get(book.text.lemma[seen.head], "")  # fmt: skip
    return 1.2 if known in ("", gender) else 0.0


def _is_same(one: Seen, other: Seen) -> bool:
    return one.entity == other.entity if one.entity is not None else one.head == other.head
