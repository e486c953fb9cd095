"""Sentences as linking sees them: python -m training.relations.plain FILE [FOLDER]

Writes each sentence of training/relations/*.tsv (or of another folder's) that holds one outer claim beside that claim as the
network will read it. Needs the project's own environment, not that of training.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.annotate import AnnotationRequest, read_annotations
from pipeline.link.matter import statement_of
from training.relations.pairs import HERE, read_pairs

AT_ONCE = 500


def main() -> None:
    pairs = read_pairs(Path(sys.argv[2]) if len(sys.argv) > 2 else HERE)
    sentences = sorted({text for pair in pairs for text in (pair.first, pair.second)})
    with Path(sys.argv[1]).open("w", encoding="utf-8") as out:
        out.write("sentence\tplain\n")
        for begin in range(0, len(sentences), AT_ONCE):
            part = sentences[begin : begin + AT_ONCE]
            for text, read in zip(
                part, read_annotations([AnnotationRequest(text, None) for text in part]), strict=True
            ):
                claims = [statement_of(claim, read).told for claim in read.claims if claim.parent is None]
                if len(claims) == 1:
                    out.write(f"{text}\t{claims[0]}\n")
            print(f"{begin + len(part)} of {len(sentences)} sentences", flush=True)


if __name__ == "__main__":
    main()
