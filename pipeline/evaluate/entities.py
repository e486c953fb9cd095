"""Source entities against labels of our own: ``tests/golden/entities_polnear.tsv``, 34 articles of the dev split.

Given are the source spans; asked is who speaks. A label is natural keys joined with "+" for joint sources, "-" for a
source that the text does not name, and "|" between answers that are all right. Figures are of the half that was not
tuned on (``test``), with the other half as ``dev_…``.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path

from pipeline.analyse.language import parse_texts
from pipeline.entities.names import fold_name, same_given_name, slug, split_person_name
from pipeline.entities.resolve import ResolvedSource, read_entities, resolve_source
from pipeline.records import Entity

GOLDEN = Path(__file__).resolve().parents[2] / "tests" / "golden" / "entities_polnear.tsv"
_SMALL = frozenset(("the", "of", "for", "and", "u", "s", "us", "at"))


@dataclass(frozen=True, slots=True)
class Judged:
    """One labelled source with what was found for it."""

    half: str
    doc_id: str
    start: int
    end: int
    label: str
    found: tuple[ResolvedSource, ...]
    entities: tuple[Entity | None, ...]
    is_right: bool

    @property
    def named(self) -> tuple[Entity, ...]:
        """The entities found that are more than a word of this text ("police")."""
        return tuple(e for e in self.entities if e is not None and not is_local(e))


def evaluate(shared: Path) -> dict[str, float]:
    """``source_entity_right``, ``wrong_merges`` and their parts, as shares of the labelled sources.

    ``shared`` holds ``data/polnear/dev.jsonl``. A wrong merge is a source that is named (no pronoun) and shares its
    entity with sources of another label, in one text. Raises ``FileNotFoundError`` where the corpus is missing.
    """
    judged = list(judge(shared))
    figures: dict[str, float] = {}
    for half, prefix in (("test", ""), ("dev", "dev_")):
        for name, value in measure([j for j in judged if j.half == half]).items():
            figures[prefix + name] = round(value, 4)
    return figures


def judge(shared: Path) -> Iterator[Judged]:
    """Every labelled source with its answer and whether it is right."""
    labels: dict[str, list[dict[str, str]]] = {}
    with GOLDEN.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
            labels.setdefault(row["doc_id"], []).append(row)
    with (shared / "data" / "polnear" / "dev.jsonl").open(encoding="utf-8") as stream:
        articles = [a for a in map(json.loads, stream) if a["doc_id"] in labels]
    docs = parse_texts([a["text"] for a in articles])
    for article, doc in zip(articles, docs, strict=True):
        published_at = datetime.fromisoformat(article["date"]).replace(tzinfo=UTC)
        reading = read_entities(doc, published_at=published_at)
        for row in labels[article["doc_id"]]:
            start, end = _longest(row["spans"])
            found = resolve_source(doc, start, end, reading, published_at=published_at)
            entities = tuple(None if f.entity is None else reading.entities[f.entity] for f in found)
            right = any(fits(answer, entities) for answer in row["key"].split("|"))
            yield Judged(row["split"], row["doc_id"], start, end, row["key"], found, entities, right)


def _longest(spans: str) -> tuple[int, int]:
    pieces = [tuple(map(int, piece.split("-"))) for piece in spans.split(",")]
    start, end = max(pieces, key=lambda p: p[1] - p[0])
    return start, end


def is_local(entity: Entity) -> bool:
    """Whether an entity is a description that this text alone knows ("police")."""
    return not entity.entity_key and entity.kind != "person"


def fits(answer: str, entities: tuple[Entity | None, ...]) -> bool:
    """Whether the entities found are those of one labelled answer, in any order."""
    wanted = [key for key in answer.split("+") if key != "-"]
    found = [e for e in entities if e is not None and not (is_local(e) and not wanted)]
    if len(wanted) != len(found):
        return False
    return any(all(same(k, e) for k, e in zip(wanted, order, strict=True)) for order in permutations(found))


def same(key: str, entity: Entity) -> bool:
    """Whether a label and an entity are one: people by given and family name, others by their words or initials."""
    kind, _, name = key.partition(":")
    if kind == "person":
        if entity.kind != "person":
            return False
        gold, ours = name.split("-"), split_person_name(tuple(entity.name.replace("-", " ").split()))
        last = fold_name(gold[-1]) == fold_name(ours[-1])
        return last and (len(ours) == 1 or same_given_name(gold[0], ours[0]) or _is_nickname(gold[0], entity))
    bare = slug(re.sub(r"[’']s\b", "", entity.name))  # "Moor’s office" is labelled moor-office
    words, ours_words = set(name.split("-")) - _SMALL, set(bare.split("-")) - _SMALL
    initials = "".join(w[0] for w in name.split("-") if w not in _SMALL)
    return words <= ours_words or (bool(ours_words) and ours_words <= words) or bare == initials


def _is_nickname(given: str, entity: Entity) -> bool:
    """Whether a mention bears the labelled given name beside another one (Robert C. "Bobby" Scott)."""
    return any(slug(m.text).startswith(given) for m in entity.mentions)


def measure(judged: list[Judged]) -> dict[str, float]:
    """Shares over a set of sources."""
    total = max(1, len(judged))
    named = [j for j in judged if "-" not in j.label.split("|")]
    unnamed = [j for j in judged if j.label == "-"]
    pronouns = [j for j in judged if j.found and j.found[0].kind == "pronoun"]
    return {
        "sources": float(len(judged)),
        "source_entity_right": sum(j.is_right for j in judged) / total,
        "named_right": _share(named),
        "unnamed_right": _share(unnamed),
        "pronouns_right": _share(pronouns),
        "wrong_entity": sum(not j.is_right and bool(j.named) for j in judged) / total,
        "wrong_merges": len(list(find_wrong_merges(judged))) / total,
    }


def _share(judged: list[Judged]) -> float:
    return sum(j.is_right for j in judged) / max(1, len(judged))


def find_wrong_merges(judged: Iterable[Judged]) -> Iterator[Judged]:
    """Named sources whose entity is, for the most of its sources, somebody else's."""
    clusters: dict[tuple[str, int], list[Judged]] = {}
    for j in judged:
        if len(j.found) == 1 and j.found[0].kind != "pronoun" and j.found[0].entity is not None and "+" not in j.label:
            clusters.setdefault((j.doc_id, j.found[0].entity), []).append(j)
    for members in clusters.values():
        most = Counter(m.label.split("|")[0] for m in members if m.label != "-").most_common(1)
        for m in members:
            answers = m.label.split("|")
            if most and "-" not in answers and most[0][0] not in answers:
                yield m
