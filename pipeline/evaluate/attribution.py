"""Attributions against gold, by word: pieces, fillers, whole attributions, and recall by kind of quotation.

A span counts as the set of words it touches, so quotation marks, commas and spaces at an edge do not matter.

- piece: each contiguous piece by itself, right when its words equal a gold piece's (Wang et al., CofeNet, COLING 2022);
- exact: a role's pieces of one attribution together; tokens: words carrying the role; partial: proportional overlap
  (Johansson and Moschitti 2010);
- attributions are aligned one to one so that the content's overlap (Dice) is greatest, then counted at rising demands:
  half of the content (Jaccard), the source too, the cue too ("soft"), all word sets equal ("strict").

With `reporting`, only attributions whose cue holds a word of saying (`reporting_words.txt`) count, on both sides.
"""

from __future__ import annotations

import functools
import json
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.analyse.language import parse_texts
from pipeline.analyse.tagger import get_tagger
from pipeline.evaluate.assignment import assign

WORD = re.compile(r"\w+(?:['’.\-]\w+)*")
LETTERS = re.compile(r"[A-Za-z]+")
ROLES = ("source", "cue", "content")
LEVELS = ("content any", "content>=.5", "+source", "+cue", "content=", "content=&source=", "strict")
KIND_LEVELS = ("content>=.5", "+source", "+cue", "strict")
Attribution = Mapping[str, Any]
Words = frozenset[int]


@dataclass(frozen=True, slots=True)
class Rate:
    """Precision, recall and F1 in per cent, one decimal, with the counts they stand on."""

    precision: float
    recall: float
    f1: float
    predicted: int
    gold: int


@dataclass(frozen=True, slots=True)
class Scores:
    """roles[role][measure], attributions[level], recall_by_kind[kind][level] (with "gold", the number)."""

    roles: dict[str, dict[str, Rate]]
    attributions: dict[str, Rate]
    recall_by_kind: dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class WordTable:
    """Code-point starts and ends of the words of a text, ascending."""

    starts: list[int]
    ends: list[int]


@dataclass(slots=True)
class Tally:
    """Running sums over documents."""

    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    sums: dict[tuple[str, str], float] = field(default_factory=dict)
    levels: Counter[str] = field(default_factory=Counter)
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    predicted: int = 0
    gold: int = 0


@functools.cache
def reporting_words() -> frozenset[str]:
    """The words of saying that make a cue a reporting one."""
    return frozenset(Path(__file__).with_name("reporting_words.txt").read_text(encoding="utf8").split())


def is_reporting(text: str, attribution: Attribution) -> bool:
    """Whether the cue holds a word of saying, or is a bare colon."""
    cues = [text[start:end] for start, end in attribution.get("cue") or ()]
    return any(cue.strip() == ":" or not reporting_words().isdisjoint(LETTERS.findall(cue.lower())) for cue in cues)


def find_words(text: str) -> WordTable:
    """The words of a text."""
    spans = [match.span() for match in WORD.finditer(text)]
    return WordTable([start for start, _ in spans], [end for _, end in spans])


def touched(words: WordTable, spans: Iterable[Sequence[int]]) -> Words:
    """Indices of the words that the spans touch."""
    ranges = (range(bisect_right(words.ends, start), bisect_left(words.starts, end)) for start, end in spans)
    return frozenset(i for part in ranges for i in part)


def quote_kind(text: str, content: Iterable[Sequence[int]]) -> str:
    """direct (quoted from edge to edge), mixed (some marks) or indirect (none)."""
    said = " ".join(text[start:end] for start, end in content).strip()
    if not re.search('[“”"]', said):
        return "indirect"
    whole = re.match("[“\"‘']", said) and re.search("[”\"’'][.,]?$", said)
    return "direct" if whole else "mixed"


def rate(hits_predicted: float, predicted: int, hits_gold: float, gold: int) -> Rate:
    precision = hits_predicted / predicted if predicted else 0.0
    recall = hits_gold / gold if gold else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Rate(round(100 * precision, 1), round(100 * recall, 1), round(100 * f1, 1), predicted, gold)


def score(
    gold: Iterable[Mapping[str, Any]], predicted: Mapping[str, Sequence[Attribution]], reporting: bool = False
) -> Scores:
    """Figures of predictions by doc_id against gold records ({"doc_id", "text", "attributions"})."""
    tally = Tally()
    for record in gold:
        text = record["text"]
        sides = (record["attributions"], predicted.get(record["doc_id"], ()))
        if reporting:
            sides = ([a for a in sides[0] if is_reporting(text, a)], [a for a in sides[1] if is_reporting(text, a)])
        _count_document(tally, text, *sides)
    return _summarise(tally)


def evaluate(shared: Path) -> dict[str, float]:
    """Every figure with a floor: the shipped tagger on the dev set, parsed as the pipeline parses.

    ``shared`` is the folder that holds ``data/polnear``. Raises `FileNotFoundError` where it is missing.
    """
    lines = (shared / "data" / "polnear" / "dev.jsonl").read_text(encoding="utf8").splitlines()
    records: list[dict[str, Any]] = [json.loads(line) for line in lines]
    predicted = predict(records)
    return figures(score(records, predicted), score(records, predicted, reporting=True))


def predict(records: Sequence[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The shipped tagger's attributions by doc_id, in the shape of the gold."""
    texts = [record["text"] for record in records]
    found = get_tagger().tag_batch(texts, list(parse_texts(texts)))
    return {
        record["doc_id"]: [{role: getattr(a, role) for role in ROLES} for a in own]
        for record, own in zip(records, found, strict=True)
    }


def figures(every: Scores, saying: Scores) -> dict[str, float]:
    """The ten figures that have floors: F1 of pieces, soft and strict attributions, soft recall by kind of quotation."""
    table = {f"piece_{role}": every.roles[role]["piece"].f1 for role in ROLES}
    for name, scores in (("all", every), ("reporting", saying)):
        table[f"{name}_soft"] = scores.attributions["+cue"].f1
        table[f"{name}_strict"] = scores.attributions["strict"].f1
    return table | {f"recall_{kind}": own["+cue"] for kind, own in saying.recall_by_kind.items()}


def _count_document(tally: Tally, text: str, gold: Sequence[Attribution], mine: Sequence[Attribution]) -> None:
    words = find_words(text)
    for role in ROLES:
        truth, found = (
            {touched(words, [s]) for a in side for s in a.get(role) or ()} - {frozenset()} for side in (gold, mine)
        )
        tally.counts.update(
            {
                (role, "piece", "hit"): len(truth & found),
                (role, "piece", "mine"): len(found),
                (role, "piece", "gold"): len(truth),
            }
        )
    kinds = [quote_kind(text, a["content"]) for a in gold if touched(words, a["content"])]
    full_gold, full_mine = (
        [f for f in ({r: touched(words, a.get(r) or ()) for r in ROLES} for a in side) if f["content"]]
        for side in (gold, mine)
    )
    for role in ROLES:
        _count_role(tally, role, [a[role] for a in full_gold], [a[role] for a in full_mine])
    tally.gold += len(full_gold)
    tally.predicted += len(full_mine)
    tally.kinds.update((kind, "gold") for kind in kinds)
    for i, j in assign([[_likeness(a, b) for b in full_gold] for a in full_mine]):
        reached = _levels(full_mine[i], full_gold[j])
        tally.levels.update(reached)
        tally.kinds.update((kinds[j], level) for level in reached)


def _count_role(tally: Tally, role: str, gold: Sequence[Words], mine: Sequence[Words]) -> None:
    truth, found = set(gold) - {frozenset()}, set(mine) - {frozenset()}
    all_gold, all_mine = frozenset().union(*truth), frozenset().union(*found)
    tally.counts.update({
        (role, "tokens", "hit"): len(all_gold & all_mine), (role, "tokens", "mine"): len(all_mine),
        (role, "tokens", "gold"): len(all_gold), (role, "exact", "hit"): len(truth & found),
        (role, "exact", "mine"): len(found), (role, "exact", "gold"): len(truth),
    })  # fmt: skip
    for name, own, other in (("mine", found, truth), ("gold", truth, found)):
        part = sum(max((len(x & y) for y in other), default=0) / len(x) for x in own)
        tally.sums[role, name] = tally.sums.get((role, name), 0.0) + part


def _likeness(mine: Mapping[str, Words], gold: Mapping[str, Words]) -> float:
    """Dice of the contents; a shared source or cue breaks ties."""
    shared = len(mine["content"] & gold["content"])
    if not shared:
        return 0.0
    tie = sum(1e-3 for role in ("source", "cue") if mine[role] & gold[role])
    return 2 * shared / (len(mine["content"]) + len(gold["content"])) + tie


def _levels(mine: Mapping[str, Words], gold: Mapping[str, Words]) -> list[str]:
    """Names of the demands that an aligned pair meets."""
    jaccard = len(mine["content"] & gold["content"]) / len(mine["content"] | gold["content"])
    half, equal = jaccard >= 0.5, mine["content"] == gold["content"]
    source, cue = (bool(mine[r] & gold[r]) or not (mine[r] or gold[r]) for r in ("source", "cue"))
    same_source, same_cue = (mine[r] == gold[r] for r in ("source", "cue"))
    met = (
        True,
        half,
        half and source,
        half and source and cue,
        equal,
        equal and same_source,
        equal and same_source and same_cue,
    )
    return [level for level, is_met in zip(LEVELS, met, strict=True) if is_met]


def _summarise(tally: Tally) -> Scores:
    roles: dict[str, dict[str, Rate]] = {}
    for role in ROLES:
        own = {
            measure: tuple(tally.counts[role, measure, name] for name in ("hit", "mine", "gold"))
            for measure in ("tokens", "exact", "piece")
        }
        roles[role] = {measure: rate(hit, mine, hit, gold) for measure, (hit, mine, gold) in own.items()}
        parts = tally.sums.get((role, "mine"), 0.0), tally.sums.get((role, "gold"), 0.0)
        roles[role]["partial"] = rate(parts[0], own["exact"][1], parts[1], own["exact"][2])
    levels = {name: rate(tally.levels[name], tally.predicted, tally.levels[name], tally.gold) for name in LEVELS}
    kinds: dict[str, dict[str, float]] = {}
    for kind in sorted({kind for kind, _ in tally.kinds}):
        count = tally.kinds[kind, "gold"]
        kinds[kind] = {"gold": count} | {n: round(100 * tally.kinds[kind, n] / count, 1) for n in KIND_LEVELS}
    return Scores(roles, levels, kinds)


def show(scores: Scores) -> str:
    """The figures as lines for a person."""
    lines = []
    for role, measures in scores.roles.items():
        cells = (f"{m} P {v.precision:5.1f} R {v.recall:5.1f} F {v.f1:5.1f}" for m, v in measures.items())
        lines.append(f"{role:8s}" + "   ".join(cells))
    for name, v in scores.attributions.items():
        counts = f"({v.predicted} predicted, {v.gold} gold)"
        lines.append(f"{name:18s} P {v.precision:5.1f} R {v.recall:5.1f} F {v.f1:5.1f}   {counts}")
    for kind, figures in scores.recall_by_kind.items():
        lines.append(f"recall of {kind:8s} " + "  ".join(f"{name} {value:g}" for name, value in figures.items()))
    return "\n".join(lines)
