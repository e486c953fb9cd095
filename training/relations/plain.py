"""Pairs of sentences as linking sees them: python -m training.relations.plain FILE

Writes every pair of training/relations/*.tsv whose two sentences hold one outer claim each, in the plain text of those
claims. Needs the project's own environment, not that of training.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from pipeline.annotate import AnnotationRequest, read_annotations

HERE = Path(__file__).parent


def read_claims(texts: list[str]) -> dict[str, list[str]]:
    """Plain text of the outer claims of each text."""
    read = read_annotations([AnnotationRequest(text, None) for text in texts])
    return {
        text: [claim.plain_text for claim in one.claims if claim.parent is None]
        for text, one in zip(texts, read, strict=True)
    }


def main() -> None:
    rows = []
    for path in sorted(HERE.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as lines:
            rows += list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    claims = read_claims(sorted({row[name] for row in rows for name in ("first", "second")}))
    with Path(sys.argv[1]).open("w", encoding="utf-8") as out:
        out.write("first\tsecond\trelation\n")
        for row in rows:
            first, second = claims[row["first"]], claims[row["second"]]
            if len(first) == len(second) == 1:
                out.write(f"{first[0]}\t{second[0]}\t{row['relation']}\n")


if __name__ == "__main__":
    main()
