"""What is left open, found in sentences of many hands: ``python -m pipeline.evaluate.left_open``.

The sentences are those that ``training/relations/*.tsv`` call ``does_not_confirm``; none was written for the rules. These were made
while reading what they missed in `READ` and, once, in the others that were there, so ``found`` guards and proves little;
``found_unread`` is over files that nobody read for them.
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
#: files that were read for a later round, and those that never were
READ_LATE = frozenset({"health", "money"})
UNREAD = frozenset({"conflict", "science", "works"})


def evaluate(shared: Path) -> dict[str, float]:
    """``found``: the share whose outer claims hold one that leaves open, over the files of which some were read early;
    ``found_others``: over those of them not in `READ`; ``found_unread``: over `UNREAD`. ``shared`` is not needed."""
    del shared
    rows = [
        (path.stem, text) for path in sorted((ROOT / "training" / "relations").glob("*.tsv")) for text in read(path)
    ]
    found = [is_open(one) for one in read_annotations([AnnotationRequest(text) for _, text in rows])]
    hits = [(name, hit) for (name, _), hit in zip(rows, found, strict=True)]
    return {
        "found": share(hit for name, hit in hits if name not in UNREAD | READ_LATE),
        "found_others": share(hit for name, hit in hits if name not in UNREAD | READ_LATE | READ),
        "found_unread": share(hit for name, hit in hits if name in UNREAD),
        "count": len(found),
    }


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
