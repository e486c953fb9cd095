"""Dependency parses of the corpus, kept in the work folder because they take two minutes to make."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.analyse.language import parse_texts
from pipeline.analyse.tagger_features import Syntax, syntax_of


def read_parses(records: Sequence[dict[str, Any]], path: Path) -> dict[str, Syntax]:
    """Parse of each record by its doc_id, as the pipeline parses; from the file where they stand there already."""
    if path.exists():
        kept: dict[str, Syntax] = pickle.loads(path.read_bytes())
        if kept.keys() == {record["doc_id"] for record in records}:
            return kept
    parsed = parse_texts([record["text"] for record in records])
    parses = {record["doc_id"]: syntax_of(doc) for record, doc in zip(records, parsed, strict=True)}
    path.write_bytes(pickle.dumps(parses))
    return parses
