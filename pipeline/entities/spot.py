"""Where names stand and of what kind they are: gazetteer, the model's names and a vote over the whole text.

The model's types are weak (61–64 F on news; a bare surname is often an organisation), so every written form gets one
kind for the whole text, by the sum of what its occurrences tell.
"""

from __future__ import annotations

import re

from pipeline.entities.gazetteer import Form, Gazetteer
from pipeline.entities.names import fold_name
from pipeline.entities.text import TextView
from pipeline.entities.vote import LABELS, PLACE_WORDS, Spot, vote_kinds
from pipeline.entities.widen import mend_ends

_CALENDAR = frozenset((
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march",
    "april", "may", "june", "july", "august", "september", "october", "november", "december", "jan.", "feb.", "mar.",
    "apr.", "jun.", "jul.", "aug.", "sept.", "oct.", "nov.", "dec.", "christmas", "easter", "internet", "advent", "ramadan",
    "eid", "lent", "passover", "diwali", "hanukkah", "thanksgiving", "pentecost",
))  # fmt: skip


_VOWELS = re.compile(r"[aeiouy]+", re.IGNORECASE)
_QUOTES = ('"', "“", "”", "''", "``")


def spot_names(view: TextView, gazetteer: Gazetteer) -> list[Spot]:
    """All names of the text with one kind a form, left to right; a larger organisation keeps the country inside it."""
    known = _spot_known(view, gazetteer)
    labelled = [s for s in (_trim(view, gazetteer, *name) for name in view.names) if s is not None]
    spots = _merge(view, known, labelled)
    covered = {i for s in spots for i in range(s.first, s.last)}
    for spot in spots:
        if spot.forms and spot.forms[0].known.units:
            covered.update(_unit_tokens(view, spot.last, covered))
    spots += _spot_runs(view, gazetteer, covered)
    spots = _join_given(view, gazetteer, _join_hyphens(view, _join_nicknames(view, spots)))
    spots = mend_ends(view, gazetteer, _without_titles(view, gazetteer, spots))
    spots.sort(key=lambda s: (s.first, -s.last))
    vote_kinds(view, gazetteer, spots)
    for spot in spots:
        if spot.kind == "place" and not spot.forms:
            spot.forms = _find_place(view, gazetteer, spot)
    return spots


def _without_titles(view: TextView, gazetteer: Gazetteer, spots: list[Spot]) -> list[Spot]:
    """Names without those that are words of a title: "State" in "Secretary of State", "Finance" before "Minister"."""
    inside: set[int] = set()
    for end in range(1, len(view)):
        found = gazetteer.find_title(view.lower, end + 1) if view.is_capital(end) else None
        if found is not None and found[0] < end:
            inside |= set(range(found[0], end + 1))
    return [s for s in spots if not all(i in inside for i in range(s.first, s.last))]


def _join_hyphens(view: TextView, spots: list[Spot]) -> list[Spot]:
    """Names that hyphens make one ("Saale-Elbe-Bahn"), where one part at least is in no table ("Moscow-Beijing")."""
    kept: list[Spot] = []
    for spot in sorted(spots, key=lambda s: s.first):
        before = kept[-1] if kept else None
        is_joined = before is not None and before.last == spot.first - 1 and view.words[before.last] == "-"
        is_close = is_joined and before is not None and view.start[spot.first] == view.end[before.last - 1] + 1
        if before is None or not is_close or (before.forms and spot.forms):
            kept.append(spot)
        else:
            kept[-1] = Spot(before.first, spot.last, before.label if before.label == spot.label else "")
    return kept


def _join_given(view: TextView, gazetteer: Gazetteer, spots: list[Spot]) -> list[Spot]:
    """Hae-won Pirie: a given name of two syllables, the second in small letters, which the model leaves out."""
    for at in range(len(view) - 3):
        if view.words[at + 1] != "-" or not _is_given_pair(view, gazetteer, at):
            continue
        surname = next((s for s in spots if s.first == at + 3), None)
        if surname is None or surname.forms or surname.label not in ("PERSON", ""):
            continue
        spots = [s for s in spots if s.first < at or s.first > at + 3 or (s.last > at + 4 and s is not surname)]
        spots.append(Spot(at, surname.last, "PERSON"))
    return spots


def _is_given_pair(view: TextView, gazetteer: Gazetteer, at: int) -> bool:
    """Whether "Hae-won" stands at a token, not "Oil-rich" or "Then-president"."""
    one, _, two = view.words[at : at + 3]
    is_close = view.end[at] == view.start[at + 1] and view.end[at + 1] == view.start[at + 2]
    is_name = view.tag[at] == "NNP" and view.tag[at + 2] in ("NNP", "JJ", "NN", "VBD") and one.istitle()
    is_short = all(len(w) <= 6 and len(_VOWELS.findall(w)) == 1 for w in (one, two)) and two.isalpha() and two.islower()
    return is_close and is_name and is_short and bool({fold_name(one), fold_name(two)} & gazetteer.given_names.keys())


def _find_place(view: TextView, gazetteer: Gazetteer, spot: Spot) -> tuple[Form, ...]:
    """The known places of a name that the vote made one, also where it stands in capitals."""
    words = [w.title() if w.isupper() and len(w) > 3 else w for w in view.words[spot.first : spot.last]]
    return tuple(f for f in gazetteer.find_forms(words, 0) if len(f.words) == len(words) and f.known.kind != "group")


def _join_nicknames(view: TextView, spots: list[Spot]) -> list[Spot]:
    """Otto "Bud" Lind: a nickname in quotation marks inside a name."""
    for at in range(1, len(view) - 3):
        if view.words[at] not in _QUOTES or view.words[at + 2] not in _QUOTES:
            continue
        if view.pos[at - 1] != "PROPN" or not view.is_capital(at + 1) or not view.is_capital(at + 3):
            continue
        around = [s for s in spots if s.first < at + 4 and s.last > at - 1 and not s.forms]
        first = min([s.first for s in around if s.last >= at and s.first < at] or [at - 1])
        last = max([s.last for s in around if s.first == at + 3] or [at + 4])
        spots = [s for s in spots if s not in around]
        spots.append(Spot(first, last, "PERSON"))
    return spots


def _spot_known(view: TextView, gazetteer: Gazetteer) -> list[Spot]:
    labels = {i: label for first, last, label in view.names for i in range(first, last)}
    alone = {first for first, last, _ in view.names if last - first == 1}
    spots: list[Spot] = []
    i = 0
    while i < len(view):
        forms = gazetteer.find_forms(view.words, i) if view.words[i] in gazetteer.forms else ()
        last = i + len(forms[0].words) if forms else i + 1
        label = "" if i in alone and labels[i] == "PERSON" else labels.get(i, "")
        is_state = any(f.known.type == "country" for f in forms)  # then city or region of that name may be meant too
        forms = tuple(f for f in forms if is_state or _is_meant(view, f, i, last, label))
        before = spots[-1] if spots and spots[-1].last == i else None
        if forms and before and before.forms[0].known.units and forms[0].known.kind == "organisation":
            i = last
        elif forms:
            spots.append(Spot(i, last, "", forms))
            i = last
        else:
            i += 1
    return spots


def _is_meant(view: TextView, form: Form, first: int, last: int, label: str) -> bool:
    """Whether a known form stands here as a name: words that are also common need the model's word for it."""
    kind, word = form.known.type, view.words[first]
    if form.how == "demonym":
        return True
    if kind in ("country", "group") or len(form.words) > 1:
        return True
    if kind in ("city", "region"):
        if label in ("GPE", "LOC"):
            return view.pos[first] == "PROPN" or label == "GPE"
        before = view.lower[first - 1] if first else ""
        after = view.lower[last] if last < len(view) else ""
        return not label and view.pos[first] == "PROPN" and before in PLACE_WORDS and after not in ("'s",)
    if word.isupper() or "." in word:
        return len(word) > 2 or view.pos[first] == "PROPN"
    return view.pos[first] == "PROPN" and label != "PERSON"


def _trim(view: TextView, gazetteer: Gazetteer, first: int, last: int, label: str) -> Spot | None:
    """A name of the model without article, titles, possessive marks; None for dates, numbers and the like."""
    if label not in LABELS:
        return None
    titles = gazetteer.titles
    while first < last and (
        view.lower[first] in ("the", "a", "an") or not view.words[first][0].isalnum() or view.pos[first] == "SPACE"
        or ((view.lower[first],) in titles and (label == "PERSON" or _is_given(view, gazetteer, first + 1, last)))
    ):  # fmt: skip
        first += 1
    while last > first and (view.words[last - 1] in ("'s", "'", ",", ".", "-", "–") or view.pos[last - 1] == "SPACE"):
        last -= 1
    if last > first and view.lower[last - 1] in ("of", "for"):  # "Survey of" [India], cut by the model
        while last < len(view) and view.pos[last] == "PROPN" and view.is_capital(last):
            last += 1
        last -= view.lower[last - 1] in ("of", "for")
    colon = [
        i for i in range(first, last)
        if view.words[i] == ":" or "\n" in view.words[i] or _starts_name(view, gazetteer, i, last)
    ]  # fmt: skip
    last = colon[0] if colon else last
    if label == "PERSON":
        inner = [
            i for i in range(first, last) if view.words[i] in ("'s", ",", "(", ":", "\n", "'") or "\n" in view.words[i]
        ]
        last = inner[0] if inner else last
    if not any(view.words[i][0].isupper() and view.tag[i] not in ("NN", "NNS") for i in range(first, last)):
        return None
    if label == "NORP" and view.words[first][0].islower():
        return None  # "anti-Freedonian"
    if _is_common(view, gazetteer, first, last) or all(_is_nobody(view, gazetteer, i) for i in range(first, last)):
        return None
    return Spot(first, last, label)


def _is_given(view: TextView, gazetteer: Gazetteer, first: int, last: int) -> bool:
    """Whether what follows a title is a person's name ("Runner Ada Moor", taken for an organisation)."""
    title = gazetteer.titles.get((view.lower[first - 1],)) if first else None
    is_private = title is not None and title.rank in gazetteer.lexicon["common"]
    is_body = view.lower[last - 1] in gazetteer.lexicon["suffix"]
    return last - first > 1 and not is_body and (is_private or fold_name(view.words[first]) in gazetteer.given_names)


def _starts_name(view: TextView, gazetteer: Gazetteer, comma: int, last: int) -> bool:
    """Whether a comma inside what the model took for one name leads to a person's ("Vale, Ada Moor")."""
    return view.words[comma] == "," and comma + 3 == last and fold_name(view.words[comma + 1]) in gazetteer.given_names


def _merge(view: TextView, known: list[Spot], labelled: list[Spot]) -> list[Spot]:
    """Known and labelled names together: a person's name beats a place inside it, a unit's institution stands."""
    kept, labelled_kept = list(known), []
    for spot in labelled:
        inside = [k for k in kept if k.first < spot.last and spot.first < k.last]
        if not inside:
            labelled_kept.append(spot)
        elif any(k.first <= spot.first and spot.last <= k.last for k in inside):
            continue
        elif any(k.forms[0].known.units for k in inside):  # "White House Press Office": its unit
            kept = [k for k in kept if k not in inside or k.forms[0].known.units]
        elif spot.label == "PERSON" and spot.last - spot.first > 1:
            adjective = [k for k in inside if k.first == spot.first and k.forms[0].how == "demonym"]
            first = max((k.last for k in adjective), default=spot.first)
            kept = [k for k in kept if k not in inside or k in adjective]
            if first < spot.last:
                labelled_kept.append(Spot(first, spot.last, spot.label))
        elif spot.label == "ORG":
            places = [k for k in inside if k.forms[0].known.kind in ("country", "place")]
            kept = [k for k in kept if k not in inside or k in places]
            labelled_kept.append(spot)
    return kept + labelled_kept


def _unit_tokens(view: TextView, first: int, covered: set[int]) -> list[int]:
    """The proper nouns behind an institution: "White House Press Office" is spoken of as the White House."""
    tokens = []
    for i in range(first, len(view)):
        if i in covered or view.pos[i] != "PROPN" or not view.is_capital(i):
            break
        tokens.append(i)
    return tokens


def _spot_runs(view: TextView, gazetteer: Gazetteer, covered: set[int]) -> list[Spot]:
    """Runs of proper nouns that neither source knows."""
    spots: list[Spot] = []
    i = 0
    while i < len(view):
        if i in covered or not _is_name_word(view, gazetteer, i):
            i += 1
            continue
        last = i + 1
        while last < len(view) and last not in covered and (
            _is_name_word(view, gazetteer, last)
            or (view.words[last] in ("-", "de", "van", "der", "bin", "al", "von", "&") and last + 1 < len(view)
                and last + 1 not in covered and _is_name_word(view, gazetteer, last + 1))
        ):  # fmt: skip
            last += 1
        if not _is_common(view, gazetteer, i, last):
            spots.append(Spot(i, last))
        i = last
    return spots


def _is_name_word(view: TextView, gazetteer: Gazetteer, i: int) -> bool:
    word = view.words[i]
    return (
        view.pos[i] == "PROPN"
        and word[0].isupper()
        and len(word) > 1
        and (view.lower[i],) not in gazetteer.titles
        and not _is_nobody(view, gazetteer, i)
    )


def _is_nobody(view: TextView, gazetteer: Gazetteer, i: int) -> bool:
    """A day, a month, or an abbreviation that names nobody ("GDP")."""
    return view.lower[i] in _CALENDAR or view.lower[i] in gazetteer.lexicon["no_name"]


def _is_common(view: TextView, gazetteer: Gazetteer, first: int, last: int) -> bool:
    """Whether a lone capital is a common word at the start of a sentence ("Council said", "Reports said")."""
    lexicon = gazetteer.lexicon
    words = (view.lower[first], view.lemma[first].lower())
    begins = max(view.sentence_start[view.sentence[first]], 0)
    if any(view.words[i].isalnum() for i in range(begins, first)):
        return False
    return last - first == 1 and any(w in lexicon["institution"] or w in lexicon["document"] for w in words)
