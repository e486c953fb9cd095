"""One kind for every written form of a text, by the sum of what its occurrences tell; surnames follow full names."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.entities.gazetteer import Form, Gazetteer
from pipeline.entities.names import fold_name
from pipeline.entities.text import TextView
from pipeline.records import EntityKind

LABELS: dict[str, tuple[EntityKind, float]] = {
    "PERSON": ("person", 1.0), "ORG": ("organisation", 0.8), "GPE": ("place", 0.9), "LOC": ("place", 0.9),
    "FAC": ("place", 0.6), "NORP": ("group", 0.8),
}  # fmt: skip
PLACE_WORDS = frozenset(("in", "at", "near", "from", "to", "of", "around", "outside", "across", "into", "toward"))
LONGEST_GAP = 6
_OPEN_TAGS = frozenset(("NN", "NNS", "NNP", "NNPS", "VB", "VBP", "VBD", "JJ", "FW"))


@dataclass(slots=True)
class Spot:
    """A name in tokens ``[first, last)``. ``forms`` are what the gazetteer knows by it; ``label`` the model's type."""

    first: int
    last: int
    label: str = ""
    forms: tuple[Form, ...] = ()
    kind: EntityKind = "other"


def spot_key(view: TextView, spot: Spot) -> str:
    """The written form, blind to case."""
    return " ".join(view.lower[spot.first : spot.last])


def vote_kinds(view: TextView, gazetteer: Gazetteer, spots: list[Spot]) -> None:
    """Sets the kind of every spot; adds surnames that nothing spotted, splits headlines at the people they name."""
    votes: dict[str, dict[EntityKind, float]] = {}
    for spot in spots:
        tally = votes.setdefault(spot_key(view, spot), {})
        for kind, weight in _evidence(view, gazetteer, spot):
            tally[kind] = tally.get(kind, 0.0) + weight
    people = [
        s for s in spots if s.last - s.first > 1 and not s.forms and _winner(votes[spot_key(view, s)]) == "person"
    ]
    tails = {
        tuple(fold_name(w) for w in view.words[s.first + i : s.last]) for s in people for i in range(s.last - s.first)
    }
    spots[:] = _split_runs(view, spots, tails)
    spots += _spot_lone(view, spots, tails)
    for spot in spots:
        spot.kind = _winner(votes.get(spot_key(view, spot), {}))
        if spot.kind != "person" and _is_tail(view, spot, tails):
            spot.kind = "person"
    bodies = {view.lower[s.first] for s in spots if s.kind == "organisation" and s.last - s.first > 1}
    for spot in spots:
        is_lone = spot.last - spot.first == 1 and not spot.forms and (fold_name(view.words[spot.first]),) not in tails
        if is_lone and view.lower[spot.first] in bodies:
            spot.kind = "organisation"  # "Hoshino" beside "Hoshino Securities"


def _split_runs(view: TextView, spots: list[Spot], tails: set[tuple[str, ...]]) -> list[Spot]:
    """Headlines in title case are one run of names: where the text knows a person in it, that is the name."""
    kept: list[Spot] = []
    for spot in spots:
        found = _find_people(view, spot, tails) if not spot.label and not spot.forms else []
        kept += found if found and spot.last - spot.first > 2 else [spot]
    return kept


def _find_people(view: TextView, spot: Spot, tails: set[tuple[str, ...]]) -> list[Spot]:
    found: list[Spot] = []
    i = spot.first
    while i < spot.last:
        sizes = (n for n in (4, 3, 2, 1) if i + n <= spot.last)
        size = next((n for n in sizes if tuple(map(fold_name, view.words[i : i + n])) in tails), 0)
        if size:
            found.append(Spot(i, i + size))
        i += size or 1
    return found


def _spot_lone(view: TextView, spots: list[Spot], tails: set[tuple[str, ...]]) -> list[Spot]:
    """Surnames that the tagger took for a common word, as at the start of a sentence."""
    covered = {i for s in spots for i in range(s.first, s.last)}
    return [
        Spot(i, i + 1)
        for i, word in enumerate(view.words)
        if word[:1].isupper() and i not in covered and view.tag[i] in _OPEN_TAGS and (fold_name(word),) in tails
    ]


def _is_tail(view: TextView, spot: Spot, tails: set[tuple[str, ...]]) -> bool:
    """Whether a form is the end of a person's full name in the text; a known country or organisation stays one."""
    if any(f.known.type not in ("city", "region") and f.how != "metonym" for f in spot.forms):
        return False
    if (
        spot.forms
        and view.dep[spot.last - 1] == "pobj"
        and view.lower[view.head[spot.last - 1]] in PLACE_WORDS - {"of", "to", "from"}
    ):
        return False
    before = view.lower[spot.first - 1] if spot.first else ""
    return (before != "the" or view.dep[spot.last - 1] == "compound") and tuple(
        fold_name(w) for w in view.words[spot.first : spot.last]
    ) in tails


def _is_described(view: TextView, gazetteer: Gazetteer, spot: Spot) -> bool:
    """Whether a comma leads to what only people have: an age, a "who", a title with its "of"."""
    at = spot.last
    if at + 3 >= len(view) or view.words[at] != ",":
        return False
    if view.lower[at + 1] == "who" or (view.words[at + 1].isdigit() and view.words[at + 2] == ","):
        return True
    for end in range(at + 2, min(at + 6, len(view) - 1)):
        if view.pos[end - 1] in ("VERB", "AUX", "PUNCT"):
            return False
        if view.lower[end] in ("of", "at", "for") and gazetteer.find_title(view.lower, end) is not None:
            return True
    return False


def _is_large_city(view: TextView, gazetteer: Gazetteer, spot: Spot) -> bool:
    """Whether a name, also one in capitals, is that of a city of half a million people."""
    words = [w.title() if w.isupper() and len(w) > 3 else w for w in view.words[spot.first : spot.last]]
    found = gazetteer.find_forms(words, 0)
    return any(len(f.words) == len(words) and f.known.population > 500_000 for f in found)


def _winner(tally: dict[EntityKind, float]) -> EntityKind:
    best = max(tally.items(), key=lambda pair: pair[1], default=("other", 0.0))
    return best[0] if best[1] >= 0.5 else "other"


def _kind_beside(view: TextView, gazetteer: Gazetteer, spot: Spot) -> EntityKind | None:
    """What a name in apposition is: "the operator, Acme Gas," a body, "the head of the bank, Ada Moor," a person."""
    last = spot.last - 1
    head = view.head[last]
    if view.dep[last] != "appos" or head >= spot.first or spot.first - head > LONGEST_GAP:
        return None
    is_body = view.lemma[head] in gazetteer.lexicon["institution"]
    if is_body and fold_name(view.words[spot.first]) not in gazetteer.given_names:
        return "organisation"  # "a spokesperson for the operator, Norland Petrol,"
    if gazetteer.find_title(view.lower, head + 1) is not None and view.lemma[head] not in gazetteer.lexicon["either"]:
        return "person"  # "his spokesman, Bayo Onanuga,"
    at = head
    while view.dep[at] == "pobj" and view.head[view.head[at]] != at:
        at = view.head[view.head[at]]
        if gazetteer.find_title(view.lower, at + 1) is not None:
            return "person"
    return "organisation" if is_body else None


def _is_where(view: TextView, gazetteer: Gazetteer, at: int) -> bool:
    """Whether a lone name stands where only places stand: "in Vale", "left Vale"."""
    head = view.head[at]
    if view.dep[at] == "pobj":
        return view.lower[head] in ("in", "at", "near", "around", "outside", "across", "into")
    return view.dep[at] == "dobj" and view.lemma[head] in gazetteer.lexicon["place_verb"]


def _evidence(view: TextView, gazetteer: Gazetteer, spot: Spot) -> list[tuple[EntityKind, float]]:
    """What one occurrence tells of its form's kind."""
    found: list[tuple[EntityKind, float]] = []
    if spot.label:
        found.append(LABELS[spot.label])
    if spot.forms:
        is_place = all(f.known.type in ("city", "region") for f in spot.forms)
        weight = (2.0 if max(f.known.population for f in spot.forms) > 100_000 else 1.0) if is_place else 8.0
        found.append((spot.forms[0].known.kind, weight))
    elif spot.label in ("NORP", "ORG", "FAC", "GPE") and _is_large_city(view, gazetteer, spot):
        found.append(("place", 1.5))
    suffix = view.lower[spot.last - 1].rstrip(".")
    if spot.last - spot.first > 1 and suffix in gazetteer.lexicon["suffix"]:
        found.append(("organisation", 4.0))
    elif spot.last - spot.first > 1 and suffix in gazetteer.lexicon["thing"]:
        found.append(("other", 4.0))
    elif 1 < spot.last - spot.first < 5 and fold_name(view.words[spot.first]) in gazetteer.given_names:
        found.append(("person", 1.0 if spot.label else 0.4))
    if view.words[spot.first].isupper() and 1 < len(view.words[spot.first]) < 6 and spot.last - spot.first == 1:
        found.append(("organisation", 0.6))
    if (beside := _kind_beside(view, gazetteer, spot)) is not None:
        found.append((beside, 3.0))
    if any(
        view.dep[c] == "appos" and gazetteer.find_title(view.lower, c + 1) is not None
        for c in view.children[spot.last - 1]
    ):
        found.append(("person", 2.0))
    if _is_described(view, gazetteer, spot):
        found.append(("person", 2.0))
    before = view.lower[spot.first - 1] if spot.first else ""
    if gazetteer.lexicon["institution"].get(before) == "outlet":
        found.append(("organisation", 5.0))  # "the daily La Tercera"
    if before in ("the", "a"):
        found.append(("person", -1.0))
    elif (title := gazetteer.find_title(view.lower, spot.first)) is not None:
        strong = title[1].rank == "honorific" or before.endswith(".") or view.words[spot.first - 1][0].isupper()
        found.append(("person", 3.0 if strong else 1.5))
    if spot.label == "PERSON" and spot.last - spot.first == 1 and _is_where(view, gazetteer, spot.last - 1):
        found.append(("place", 1.2))
    if view.dep[spot.last - 1] == "nsubj" and before not in ("the", "a"):
        speaks = view.lemma[view.head[spot.last - 1]] in gazetteer.lexicon["speech"]
        several = 1 < spot.last - spot.first < 4
        found.append(("person", 0.5 if several else 0.4 if speaks else 0.2))
    if before == "the" and not spot.label and 1 < spot.last - spot.first < 7:
        found.append(("organisation", 0.6))
    return found
