"""The seed story against its gold, point by point: what ``make evaluate`` prints of it.

The gold names entities by canonical name and accepts several labels for some points; ``notes`` in it say which. A point is
(claim, what): missed claims miss all their points, so the share of points cannot rise by finding less.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.annotate import annotate

Json = Mapping[str, Any]
WORD = re.compile(r"\w+(?:['’.\-]\w+)*")


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that the gold asks for: where, what, whether it was right, and what was there instead."""

    where: str
    what: str
    is_right: bool
    found: str = ""


@dataclass(slots=True)
class Match:
    """The claim found for each gold claim, by index, and the names of the entities found."""

    pairs: dict[int, Json]
    names: dict[int, str] = field(default_factory=dict)


def evaluate(shared: Path) -> dict[str, Any]:
    """Figures of the seed, with and without a publication time, and each point that is wrong.

    ``shared`` is the folder that holds ``seed/``. Raises `FileNotFoundError` where it is missing.
    """
    text, gold = read_seed(shared)
    dated = annotate(text, gold["published_at"])
    points = list(compare(text, gold, dated))
    undated = list(compare_undated(annotate(text)))
    return {
        "claims_found": sum(p.is_right for p in points if p.what == "found"),
        "claims_gold": len(gold["claims"]),
        "claims_in_all": len(dated["claims"]),
        "points_right": sum(p.is_right for p in points),
        "points": len(points),
        "undated_right": sum(p.is_right for p in undated),
        "undated": len(undated),
        "wrong": [f"{p.where}: {p.what} ({p.found})" for p in [*points, *undated] if not p.is_right],
    }


def read_seed(shared: Path) -> tuple[str, Json]:
    """The seed's text and its gold."""
    folder = shared / "seed"
    text = next(iter(sorted(folder.glob("*.txt")))).read_text(encoding="utf-8")
    return text, json.loads((folder / "gold.json").read_text(encoding="utf-8"))


def compare(text: str, gold: Json, found: Json) -> Iterator[Point]:
    """Every point of the gold."""
    match = Match(match_claims(gold, found), {e["id"]: e["name"] for e in found["entities"]})
    yield from compare_wire(gold, found)
    yield from compare_entities(gold, found)
    for number, claim in enumerate(gold["claims"]):
        other = match.pairs.get(number)
        yield Point(f"claim {number}", "found", other is not None, claim["cue"]["text"])
        yield from compare_claim(number, claim, other, gold, match)
    yield from compare_silence(gold, found)
    yield from compare_links(gold, found, match)
    yield Point("story", "spans true", not list(false_spans(text, found)), str(list(false_spans(text, found))[:3]))


def match_claims(gold: Json, found: Json) -> dict[int, Json]:
    """Gold claim to the found one whose cue overlaps and which holds half or more of the content's words, best first."""
    scored = sorted(
        ((covered(claim["content"], other["content"]), number, place)
         for number, claim in enumerate(gold["claims"]) for place, other in enumerate(found["claims"])
         if overlaps(claim["cue"], other["cue"])),
        reverse=True,
    )  # fmt: skip
    pairs: dict[int, Json] = {}
    taken: set[int] = set()
    for share, number, place in scored:
        if share >= 0.5 and number not in pairs and place not in taken:
            pairs[number] = found["claims"][place]
            taken.add(place)
    return pairs


def overlaps(one: Json | None, other: Json | None) -> bool:
    """Whether two spans share a character."""
    return bool(one and other and one["start"] < other["end"] and other["start"] < one["end"])


def word_places(spans: Sequence[Json]) -> set[int]:
    """Offsets of the words in spans."""
    return {span["start"] + word.start() for span in spans for word in WORD.finditer(span["text"])}


def covered(gold: Sequence[Json], found: Sequence[Json]) -> float:
    """The share of the gold's words that were found."""
    wanted = word_places(gold)
    return len(wanted & word_places(found)) / len(wanted) if wanted else 1.0


def exactness(gold: Sequence[Json], found: Sequence[Json]) -> float:
    """Jaccard of the words of two contents."""
    one, other = word_places(gold), word_places(found)
    return len(one & other) / len(one | other) if one | other else 1.0


def compare_claim(number: int, claim: Json, found: Json | None, gold: Json, match: Match) -> Iterator[Point]:
    """The points of one claim; all wrong where it was not found."""
    where = f"claim {number}"
    for what, is_right, text in claim_points(claim, found or {}, gold, match):
        yield Point(where, what, found is not None and is_right, text)


def claim_points(claim: Json, found: Json, gold: Json, match: Match) -> Iterator[tuple[str, bool, str]]:
    """(what, right, found) of one claim; ``found`` is empty where nothing was found."""
    wanted = [source["entity"] for source in claim["sources"]]
    names = [match.names.get(source["entity"], "") for source in found.get("sources", [])]
    parties = [match.names.get(source["party"], "") for source in found.get("sources", [])]
    yield "content exact", exactness(claim["content"], found.get("content", [])) == 1.0, str(found.get("content"))
    spans = [(s["start"], s["end"]) for s in found.get("sources", [])]
    yield "source spans", spans == [(s["start"], s["end"]) for s in claim["sources"]], str(spans)
    yield "sources", same_names(wanted, names, parties), str(names)
    yield "parties", all(party_fits(w, n, gold) for w, n in zip(wanted, parties, strict=False)), str(parties)
    yield "cue lemma", found.get("cue", {}).get("lemma") == claim["cue"]["lemma"], str(found.get("cue"))
    yield "quote", found.get("quote") in claim["quotes"], str(found.get("quote"))
    yield "act", found.get("act") in claim["acts"], str(found.get("act"))
    for key in ("polarity", "certainty"):
        if key in claim:
            yield key, found.get(key) in claim[key], str(found.get(key))
    if "trigger" in claim:
        triggers = [trigger["text"] for trigger in found.get("triggers", [])]
        yield "trigger", claim["trigger"] in triggers, str(triggers)
    yield from time_points(claim, found)
    yield from role_points(claim, found, match)
    yield from quantity_points(claim, found)
    if "parent" in claim:
        above = match.pairs.get(claim["parent"])
        yield "parent", above is not None and found.get("parent") == above["id"], str(found.get("parent"))


def same_names(wanted: Sequence[str], names: Sequence[str], parties: Sequence[str]) -> bool:
    """Exactly the right entities; a party may stand for its entity, a group without its possessive."""
    if len(wanted) != len(names):
        return False
    return all(
        want in (name, party) or (name and want.endswith(name) and "’s " in want)
        for want, name, party in zip(wanted, names, parties, strict=True)
    )


def party_fits(who: str, party: str, gold: Json) -> bool:
    """Whether a speaker's party is one that the gold accepts, where it lists any."""
    return who not in gold["parties"] or party in gold["parties"][who]


def time_points(claim: Json, found: Json) -> Iterator[tuple[str, bool, str]]:
    """Said and setting."""
    if "said" in claim:
        said = found.get("said") or {}
        yield "said", [said.get("from"), said.get("to")] == claim["said"], str(said)
    if "setting" in claim:
        yield "setting", found.get("setting") == claim["setting"], str(found.get("setting"))


def role_points(claim: Json, found: Json, match: Match) -> Iterator[tuple[str, bool, str]]:
    """Target, addressee, and all that the claim is about."""
    roles = [(match.names[e["entity"]], e["role"]) for e in found.get("entities", [])]
    for role in ("target", "addressee"):
        if role in claim:
            yield role, any(name == claim[role] and r == role for name, r in roles), str(roles)
    for name in claim.get("about", []):
        yield f"about {name}", any(name == other for other, _ in roles), str(roles)


def quantity_points(claim: Json, found: Json) -> Iterator[tuple[str, bool, str]]:
    """Each quantity of the gold, in the fields that it gives."""
    for wanted in claim.get("quantities", []):
        others = found.get("quantities", [])
        hit = any(
            wanted["text"] in other["text"] and all(other[k] == v for k, v in wanted.items() if k != "text")
            for other in others
        )
        yield f"quantity {wanted['text']}", hit, str(others)


def compare_wire(gold: Json, found: Json) -> Iterator[Point]:
    """Dateline and sign-off; and that nobody of the sign-off speaks."""
    line = found["dateline"] or {}
    for key, value in gold["dateline"].items():
        yield Point("dateline", key, line.get(key) == value, str(line.get(key)))
    off = found["sign_off"] or {}
    for key, value in gold["sign_off"].items():
        names = [credit["name"] for credit in off.get(key, [])]
        yield Point("sign-off", key, names == value, str(names))
    people = {name for names in gold["sign_off"].values() for name in names}
    entities = {entity["name"] for entity in found["entities"]}
    yield Point("sign-off", "no entity", not people & entities, str(people & entities))


def compare_entities(gold: Json, found: Json) -> Iterator[Point]:
    """Each entity of the gold with kind, Wikidata id and forms."""
    for name, wanted in gold["entities"].items():
        accepted = {name, *wanted.get("also", [])} | ({name.split("’s ", 1)[1]} if "’s " in name else set())
        entity = next((e for e in found["entities"] if e["name"] in accepted), None)
        yield Point(name, "entity", entity is not None)
        if entity is None:
            continue
        yield Point(name, "kind", entity["kind"] == wanted["kind"], entity["kind"])
        if wanted["qid"] is not None:
            yield Point(name, "qid", entity["qid"] == wanted["qid"], str(entity["qid"]))
        forms = {mention["text"] for mention in entity["mentions"]}
        for form in wanted["forms"]:
            is_there = any(form == other or form in other or other in form for other in forms)
            yield Point(name, f"form {form}", is_there, str(forms))


def compare_silence(gold: Json, found: Json) -> Iterator[Point]:
    """The wire's own voice is nobody's claim."""
    for words in gold["unattributed"]:
        hits = [c["id"] for c in found["claims"] for span in c["content"] if words in span["text"]]
        yield Point("story", f"unattributed {words[:30]}", not hits, str(hits))


def compare_links(gold: Json, found: Json, match: Match) -> Iterator[Point]:
    """Links between the claims that were found; no contradiction in a story without denial."""
    links = {(link["from"], link["to"], link["relation"]) for link in found["links"]}
    for link in gold["links"]:
        one, other = match.pairs.get(link["from"]), match.pairs.get(link["to"])
        hit = one is not None and other is not None and (one["id"], other["id"], link["relation"]) in links
        yield Point("links", f"{link['from']} {link['relation']} {link['to']}", hit)
    yield Point("links", "no contradiction", not any(r in ("contradicts", "denies") for _, _, r in links))


def compare_undated(found: Json) -> Iterator[Point]:
    """Without a publication time every day stays open, with the reason."""
    for claim in found["claims"]:
        said = claim["said"]
        yield Point(f"claim {claim['id']}", "open day", said["from"] is None and bool(said.get("why")), str(said))


def false_spans(text: str, found: Any) -> Iterator[str]:
    """Spans anywhere in an annotation whose words are not what stands at their place."""
    if isinstance(found, Mapping):
        if {"start", "end", "text"} <= found.keys() and text[found["start"] : found["end"]] != found["text"]:
            yield str(found["text"])
        for value in found.values():
            yield from false_spans(text, value)
    elif isinstance(found, list):
        for value in found:
            yield from false_spans(text, value)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(evaluate(Path(sys.argv[1])), indent=1, ensure_ascii=False) + "\n")
