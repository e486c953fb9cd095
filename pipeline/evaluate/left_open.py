"""What is left open, found in sentences of many hands: ``python -m pipeline.evaluate.left_open``.

The sentences are those that ``training/relations/*.tsv`` call ``does_not_confirm``. Most were written before the rules; none for
them. The rules were made while reading what they missed in `READ` and, once, in the others, so this guards and proves little.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from pipeline.annotate import AnnotationRequest, read_annotations
from pipeline.evaluate.pairs import share
from pipeline.records import Annotation
from pipeline.settings import ROOT

OPEN = frozenset({"not_confirm", "decline", "no_response"})
#: files that were read while the rules were made
READ = frozenset({"borders", "courts", "nature"})


def evaluate(shared: Path) -> dict[str, float]:
    """``found``: the share whose outer claims hold one that leaves open; ``found_others``: over the files not in `READ`.
    ``shared`` is not needed."""
    del shared
    rows = [
        (path.stem, text) for path in sorted((ROOT / "training" / "relations").glob("*.tsv")) for text in read(path)
    ]
    found = [is_open(one) for one in read_annotations([AnnotationRequest(text) for _, text in rows])]
    others = [hit for (name, _), hit in zip(rows, found, strict=True) if name not in READ]
    return {"found": share(found), "found_others": share(others), "count": len(found)}


def read(path: Path) -> Iterable[str]:
    """Second sentences of a table that leave the first one open."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row["second"] for row in rows if row["relation"] == "does_not_confirm"]


def is_open(annotation: Annotation) -> bool:
    """Whether an outer claim leaves something open."""
    return any(claim.parent is None and claim.act in OPEN for claim in annotation.claims)


if __name__ == "__main__":
    for name, value in evaluate(Path()).items():
        print(name, value)  # noqa: T201
