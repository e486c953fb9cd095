"""Act, polarity and certainty against our own gold: what ``make evaluate`` prints of them.

``tests/golden/stance.tsv`` holds sentences of ours in wire style, each with one cue and its labels; rows with act ``none``
hold a word that looks like a cue and reports nothing. A claim that is missed counts as ``none``, so that silence costs.
``stance_second.tsv`` holds the labels of a second annotator who saw guide, cue and text only.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.annotate import AnnotationRequest, read_annotations
from pipeline.records import Annotation, Claim

NONE = "none"
GOLD = Path("golden") / "stance.tsv"
SECOND = Path("golden") / "stance_second.tsv"
ARTICLES = Path("golden") / "stance_articles.tsv"


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
    """Figures of one split ("dev", "test") or of both; of both, also how far two annotators agree."""
    gold = read_gold(tests)
    outcomes = read_outcomes([row for row in gold if split in (None, row.split)])
    if split is not None:
        return figures(outcomes)
    second = read_second(tests)
    against = figures([replace(outcome, row=second[outcome.row.key]) for outcome in outcomes])
    return {
        **figures(outcomes),
        **agreement(gold, second),
        **{f"second.{name}": against[name] for name in ("act_macro_f1", "degree_macro_f1", "degree_micro_f1")},
    }


def read_second(tests: Path) -> dict[str, StanceRow]:
    """The gold's rows with the second annotator's labels, by id."""
    with (tests / SECOND).open(encoding="utf-8", newline="") as lines:
        labels = {row["id"]: row for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)}
    return {
        row.key: replace(row, **{name: labels[row.key][name] for name in ("act", "polarity", "certainty")})
        for row in read_gold(tests)
    }


def agreement(gold: Sequence[StanceRow], second: Mapping[str, StanceRow]) -> dict[str, float]:
    """How often two annotators gave one label, and Cohen's kappa, for act and for polarity × certainty."""
    acts = [(row.act, second[row.key].act) for row in gold]
    degrees = [(Outcome(row, "", "").gold_degree, Outcome(second[row.key], "", "").gold_degree) for row in gold]
    found = {}
    for name, pairs in (("act", acts), ("degree", degrees)):
        found[f"agreement.{name}"], found[f"agreement.{name}_kappa"] = share_and_kappa(pairs)
    return found


def share_and_kappa(pairs: Sequence[tuple[str, str]]) -> tuple[float, float]:
    """The share of equal pairs, and what of it is beyond chance (Cohen's kappa)."""
    one, other = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    count = max(len(pairs), 1)
    same = sum(a == b for a, b in pairs) / count
    chance = sum(one[label] * other[label] for label in one) / count**2
    return round(same, 3), round((same - chance) / (1 - chance), 3) if chance < 1 else 1.0


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


def evaluate_articles(tests: Path, shared: Path) -> dict[str, Any]:
    """Figures on claims of the development articles, labelled by place and without text.

    A claim that is missed counts as wrong; ``found`` is the share that is not. Rows labelled ``none`` (no statement by the
    guide) are left out.
    """
    labels = [row for row in read_labels(tests) if row["act"] != NONE]
    lines = (shared / "data" / "polnear" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    texts = {record["doc_id"]: record["text"] for record in map(json.loads, lines)}
    wanted = sorted({row["article"] for row in labels})
    read = dict(zip(wanted, read_annotations([AnnotationRequest(texts[key]) for key in wanted]), strict=True))
    outcomes = [article_outcome(row, read[row["article"]]) for row in labels]
    found = figures(outcomes)
    found["found"] = round(sum(outcome.act != NONE for outcome in outcomes) / len(outcomes), 3)
    found["act_right_of_found"] = share_right(outcomes, lambda o: o.row.act == o.act)
    found["degree_right_of_found"] = share_right(outcomes, lambda o: o.gold_degree == o.degree)
    return found


def share_right(outcomes: Sequence[Outcome], is_right: Callable[[Outcome], bool]) -> float:
    """The share of right ones among the claims that were found."""
    found = [outcome for outcome in outcomes if outcome.act != NONE]
    return round(sum(map(is_right, found)) / max(len(found), 1), 3)


def read_labels(tests: Path) -> list[dict[str, str]]:
    """Rows of ``golden/stance_articles.tsv``."""
    with (tests / ARTICLES).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def article_outcome(label: dict[str, str], annotation: Annotation) -> Outcome:
    """What was read at a labelled cue."""
    start, end = int(label["cue_start"]), int(label["cue_end"])
    key = f"{label['article']}:{start}"
    row = StanceRow(key, "dev", label["act"], label["polarity"], label["certainty"], "", "")
    hits = [claim for claim in annotation.claims if claim.cue and claim.cue.start < end and start < claim.cue.end]
    if not hits:
        return Outcome(row, NONE, NONE)
    return Outcome(row, hits[0].act, f"{hits[0].polarity}/{hits[0].certainty}")


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


def main(arguments: Sequence[str]) -> None:
    """Print figures of both splits of the gold below TESTS, and with SHARED those of the articles."""
    tests = Path(arguments[0])
    found: dict[str, Any] = {split: evaluate(tests, split) for split in ("dev", "test")}
    if len(arguments) > 1:
        found["articles"] = evaluate_articles(tests, Path(arguments[1]))
    for part in found.values():
        part.pop("wrong")  # the test half stays unread
    sys.stdout.write(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
