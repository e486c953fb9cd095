"""Linking against gold: relations of 200 pairs of ours, copies and stories by pairs, groups on the demo by B-cubed.

``python -m pipeline.evaluate.link`` prints the figures; ``--wrong`` each pair that is wrong, of the half that may be looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.annotate import AnnotationRequest, read_annotations
from pipeline.evaluate.link_texts import evaluate_texts
from pipeline.evaluate.pairs import half_of, precision_recall, read_table, share
from pipeline.link.matter import Statement, statement_of
from pipeline.link.reading import get_reader
from pipeline.link.weighing import judge_relation
from pipeline.records import Annotation

RELATIONS = (
    "repeats", "supports", "confirms", "specifies", "updates", "does_not_confirm", "denies", "contradicts", "retracts",
)  # fmt: skip
# The first gold keeps many words of the first statement in the second; in the second gold another hand says it anew.
GOLDS = {"relation": "link_pairs", "paraphrase": "link_paraphrases"}
# Pairs by two hands that no model was taught, in free words, three of each twelve of another matter that looks alike. Labelled
# once; the chances from which relations are drawn were looked at on them.
UNSEEN = "link_unseen"
# A Wednesday, so that weekdays of the pairs resolve.
PUBLISHED_AT = datetime(2026, 11, 18, 12, tzinfo=UTC)


def evaluate(shared: Path) -> dict[str, Any]:
    """``relation.*`` and ``paraphrase.*`` over two sets of labelled pairs, ``copies.*`` and ``stories.*`` over pairs of texts;
    ``_test`` over the half that nothing was tuned on. ``shared`` is not needed. Groups are measured on the demo's database:
    ``link_demo``."""
    del shared
    figures: dict[str, Any] = {}
    for prefix, table in GOLDS.items():
        rows = read_table(table)
        predicted = relations_of(rows)
        figures[f"{prefix}.pairs_agreed"] = share(r["relation"] == r["again"] for r in rows)
        for half in ("", "test"):
            wanted = [
                (row, found)
                for row, found in zip(rows, predicted, strict=True)
                if not half or half_of(row["pair"]) == half
            ]
            suffix = f"_{half}" if half else ""
            for name, value in relation_figures(wanted).items():
                figures[f"{prefix}.{name}{suffix}"] = value
    rows = read_table(UNSEEN)
    unseen = relation_figures(list(zip(rows, relations_of(rows), strict=True)))
    return figures | {f"unseen.{name}": value for name, value in unseen.items()} | evaluate_texts()


def relations_of(rows: Sequence[Mapping[str, str]]) -> list[str]:
    """The relation of the second text of each pair to the first, as annotation and linking find it; ``none`` without one."""
    texts = [text for row in rows for text in (row["first"], row["second"])]
    read = read_annotations([AnnotationRequest(text, PUBLISHED_AT) for text in texts])
    return [relation_of(read[i], read[i + 1]) for i in range(0, len(read), 2)]


def relation_of(first: Annotation, second: Annotation) -> str:
    """The surest relation of any outer claim of the second text to any of the first."""
    earlier, later = outer_statements(first, 0, 1), outer_statements(second, 1000, 2)
    read = get_reader().read
    found = [
        (decided.score, decided.relation)
        for a in later for b in earlier
        if (decided := judge_relation(a, b, read)) is not None and decided.relation is not None
    ]  # fmt: skip
    return max(found)[1] if found else "none"


def outer_statements(annotation: Annotation, base: int, article_id: int) -> list[Statement]:
    """Statements of claims that stand inside no other."""
    return [
        statement_of(claim, annotation, base=base, article_id=article_id)
        for claim in annotation.claims
        if claim.parent is None
    ]


def relation_figures(pairs: Sequence[tuple[Mapping[str, str], str]]) -> dict[str, float]:
    """Precision and recall over all relations, and of each; either label is right where the two labellings differ."""
    settled = [(gold_of(row, found), found) for row, found in pairs]
    figures = precision_recall(
        sum(gold == found != "none" for gold, found in settled),
        sum(found != "none" for _, found in settled),
        sum(gold != "none" for gold, _ in settled),
    )
    for relation in RELATIONS:
        counts = precision_recall(
            sum(gold == found == relation for gold, found in settled),
            sum(found == relation for _, found in settled),
            sum(gold == relation for gold, _ in settled),
        )
        figures |= {f"{relation}.{name}": value for name, value in counts.items()}
    return figures


def gold_of(row: Mapping[str, str], found: str) -> str:
    """The label; the second one where that is what was found."""
    return found if found == row.get("again") else row["relation"]


def wrong_pairs() -> list[str]:
    """A line for each wrong pair of the halves that may be looked at."""
    rows = [row for table in GOLDS.values() for row in read_table(table) if half_of(row["pair"]) == "dev"]
    return [
        f"{row['pair']} {gold_of(row, found)} → {found}: {row['first']} | {row['second']}"
        for row, found in zip(rows, relations_of(rows), strict=True)
        if gold_of(row, found) != found
    ]


if __name__ == "__main__":
    import sys

    lines = wrong_pairs() if "--wrong" in sys.argv else [f"{k} {v}" for k, v in evaluate(Path()).items()]
    sys.stdout.write("\n".join(lines) + "\n")
