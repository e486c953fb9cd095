"""Act, polarity and certainty against our own gold: what ``make evaluate`` prints of them.

``tests/golden/stance.tsv`` holds sentences of ours in wire style, each with one cue and its labels; rows with act ``none``
hold a word that looks like a cue and reports nothing. A claim that is missed counts as ``none``, so that silence costs.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.annotate import AnnotationRequest, read_annotations
from pipeline.records import Annotation, Claim

NONE = "none"
GOLD = Path("golden") / "stance.tsv"


@dataclass(frozen=True, slots=True)
class StanceRow:
    """One labelled sentence; ``cue`` is a word of it."""

    key: str
    split: str
    act: str
    polarity: str
    certainty: str
    cue: str
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was read for one row, ``none`` where no claim has its cue."""

    row: StanceRow
    act: str
    degree: str

    @property
    def gold_degree(self) -> str:
        """Polarity and certainty of the gold as one label."""
        return NONE if self.row.act == NONE else f"{self.row.polarity}/{self.row.certainty}"


def read_gold(tests: Path) -> list[StanceRow]:
    """The rows of the gold below the folder of tests."""
    with (tests / GOLD).open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            StanceRow(r["id"], r["split"], r["act"], r["polarity"], r["certainty"], r["cue"], r["text"]) for r in rows
        ]


def evaluate(tests: Path, split: str | None = None) -> dict[str, Any]:
    """Figures of one split ("dev", "test") or of both."""
    return figures(read_outcomes([row for row in read_gold(tests) if split in (None, row.split)]))


def read_outcomes(rows: Sequence[StanceRow]) -> list[Outcome]:
    """The claims of each row's cue."""
    found = read_annotations([AnnotationRequest(row.text) for row in rows])
    return [outcome_of(row, annotation) for row, annotation in zip(rows, found, strict=True)]


def outcome_of(row: StanceRow, annotation: Annotation) -> Outcome:
    """What an annotation says of a row's cue."""
    claim = find_claim(row, annotation)
    if claim is None:
        return Outcome(row, NONE, NONE)
    return Outcome(row, claim.act, f"{claim.polarity}/{claim.certainty}")


def find_claim(row: StanceRow, annotation: Annotation) -> Claim | None:
    """The claim whose cue overlaps the row's cue word, the shortest cue first."""
    places = [i for i in range(len(row.text)) if row.text.startswith(row.cue, i)]
    hits = [
        claim for claim in annotation.claims
        if claim.cue is not None and any(claim.cue.start < at + len(row.cue) and at < claim.cue.end for at in places)
    ]  # fmt: skip
    return min(hits, key=lambda claim: len(claim.cue.text) if claim.cue else 0, default=None)


def figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Macro F1 of act, macro and micro F1 of polarity × certainty, false denials, and what was wrong."""
    acts = [(outcome.row.act, outcome.act) for outcome in outcomes]
    degrees = [(outcome.gold_degree, outcome.degree) for outcome in outcomes]
    others = [outcome for outcome in outcomes if outcome.row.act != "deny"]
    return {
        "rows": len(outcomes),
        "act_f1": by_label(acts),
        "act_macro_f1": macro(acts),
        "degree_f1": by_label(degrees),
        "degree_macro_f1": macro(degrees),
        "degree_micro_f1": round(sum(gold == found for gold, found in degrees) / max(len(degrees), 1), 3),
        "false_denials": round(sum(outcome.act == "deny" for outcome in others) / max(len(others), 1), 4),
        "wrong": [
            f"{o.row.key} {o.row.act} {o.gold_degree} [{o.row.cue}] -> {o.act} {o.degree}: {o.row.text}"
            for o in outcomes
            if (o.row.act, o.gold_degree) != (o.act, o.degree)
        ],
    }


def by_label(pairs: Iterable[tuple[str, str]]) -> dict[str, float]:
    """F1 of each gold label but ``none``."""
    pairs = list(pairs)
    gold, found = Counter(g for g, _ in pairs), Counter(f for _, f in pairs)
    right = Counter(g for g, f in pairs if g == f)
    return {label: round(2 * right[label] / (gold[label] + found[label]), 3) for label in sorted(gold) if label != NONE}


def macro(pairs: Iterable[tuple[str, str]]) -> float:
    """The mean F1 over gold labels."""
    scores = by_label(pairs)
    return round(sum(scores.values()) / len(scores), 3) if scores else 0.0
