"""Countries, places, organisations and groups of a text."""

from __future__ import annotations

from pipeline.entities.draft import Draft, Notebook
from pipeline.entities.gazetteer import Form
from pipeline.entities.metonyms import decide_is_government
from pipeline.entities.names import slug
from pipeline.entities.vote import Spot
from pipeline.records import EntityKind

_PREFIX: dict[EntityKind, str] = {"organisation": "org", "place": "place", "group": "group"}


def add_known_things(book: Notebook, spots: list[Spot]) -> None:
    """Notes every mention of what the gazetteer knows, one meaning a place."""
    nearby = _countries_named(spots)
    nearby[book.home] = nearby.get(book.home, 0) + 1
    for spot in spots:
        if spot.forms and spot.kind != "person":
            form = _pick_form(book, spot, nearby)
            draft = book.add_known(form.known)
            draft.words = draft.words or tuple(form.known.name.lower().split())
            book.mention(spot.first, spot.last, draft.id, form.how)


def _countries_named(spots: list[Spot]) -> dict[str, int]:
    """How often each country is named in the text by a form that is its own alone, or by a region of it."""
    counts: dict[str, int] = {}
    for spot in spots:
        codes = {f.known.country for f in spot.forms if f.known.kind in ("country", "place")}
        if len(codes) == 1:
            code = codes.pop()
            counts[code] = counts.get(code, 0) + 1
    return counts


def _pick_form(book: Notebook, spot: Spot, nearby: dict[str, int]) -> Form:
    """Government or city for a capital; else the meaning whose country the text names most."""
    if len(spot.forms) == 1:
        return spot.forms[0]
    metonym = [f for f in spot.forms if f.how == "metonym"]
    places = [f for f in spot.forms if f.known.type == "city"]
    if metonym and places:
        metonym.sort(key=lambda f: f.known.kind == "country")  # a body that sits there before the country around it
        is_government = decide_is_government(book.text, spot.first, spot.last, book.gazetteer.lexicon)
        return metonym[0] if is_government else next(
            (f for f in places if f.known.country == metonym[0].known.country), places[0])  # fmt: skip
    return max(spot.forms, key=lambda f: (nearby.get(f.known.country, 0), f.known.kind == "country", f.how == "name"))


def add_named_things(book: Notebook, spots: list[Spot]) -> None:
    """Organisations, places and groups that only the model names."""
    for spot in spots:
        if spot.forms or spot.kind == "person":
            continue
        draft = _find_longer(book, spot) or (_find_thing(book, spot) if spot.kind in _PREFIX else None)
        if draft is None and spot.kind in _PREFIX:
            draft = _new_thing(book, spot)
        if draft is None:
            continue
        book.mention(spot.first, spot.last, draft.id, "name")


def _find_longer(book: Notebook, spot: Spot) -> Draft | None:
    """The one organisation of the text whose name begins with a lone name ("Hoshino" after "Hoshino Securities")."""
    word = book.text.lower[spot.first]
    if spot.last - spot.first > 1 or book.text.words[spot.first] in book.gazetteer.forms or len(word) < 4:
        return None
    longer = [d for d in book.drafts if d.kind == "organisation" and len(d.words) > 1 and d.words[0] == word]
    known = any(d.words == (word,) for d in book.drafts)
    return longer[0] if len(longer) == 1 and not known and longer[0].how == "named in the text" else None


def _name(book: Notebook, spot: Spot) -> str:
    view = book.text
    return view.text[view.start[spot.first] : view.end[spot.last - 1]].replace("\n", " ")


def _new_thing(book: Notebook, spot: Spot) -> Draft:
    name = _name(book, spot)
    draft = book.add(name, spot.kind, key=f"{_PREFIX[spot.kind]}:{slug(name)}")
    draft.words = tuple(book.text.lower[spot.first : spot.last])
    draft.how, draft.score = "named in the text", 0.8
    if spot.kind == "organisation":
        draft.type = book.gazetteer.lexicon["suffix"].get(draft.words[-1], "organisation")
        inner = book.by_token.get(spot.first)
        if inner is None and spot.first > 1 and book.text.words[spot.first - 1] == "'s":
            inner = book.by_token.get(spot.first - 2)  # "Freedonia's National Health Commission"
        if inner is not None and book.drafts[inner].kind == "country":
            draft.country = book.drafts[inner].country
    return draft


def _find_thing(book: Notebook, spot: Spot) -> Draft | None:
    """An organisation named before in a longer form, or whose initials these are."""
    words = tuple(book.text.lower[spot.first : spot.last])
    is_definite = spot.first > 0 and book.text.lower[spot.first - 1] == "the"
    for draft in reversed(book.drafts):
        if draft.kind != spot.kind or not draft.words or len(draft.words) < len(words):
            continue
        if is_definite and len(draft.words) > 1 and draft.words[-len(words) :] == words:
            return draft  # "the Post" after "the New York Post"
        if draft.words == words or (len(words) > 1 and draft.words[: len(words)] == words):
            return draft
        initials = "".join(w[0] for w in draft.words if w not in ("of", "for", "the", "and", "in", "on"))
        if len(words) == 1 and len(initials) > 2 and words[0].replace(".", "") == initials:
            return draft
    return None


def add_groups(book: Notebook) -> None:
    """As in "Freedonia's Western allies", "Gulf states": a plural of states with what marks them out."""
    view, lexicon = book.text, book.gazetteer.lexicon
    for first, _, root in view.chunks:
        if view.lemma[root] not in lexicon["group"] or view.tag[root] not in ("NNS", "NNPS"):
            continue
        while first < root and view.pos[first] in ("DET", "NUM", "ADJ") and view.lower[first] not in lexicon["region"]:
            first += 1
        marked = any(view.lower[i] in lexicon["region"] for i in range(first, root))
        owned = any(i in book.by_token and book.drafts[book.by_token[i]].kind == "country" for i in range(first, root))
        if not marked and not owned and view.lemma[root] not in ("ally", "partner"):
            continue
        name = view.text[view.start[first] : view.end[root]]
        draft = book.add(name, "group", key=f"group:{slug(name)}" if marked or owned else "", type="group",
                         is_plural=True)  # fmt: skip
        book.mention(first, root + 1, draft.id, "name", root)
