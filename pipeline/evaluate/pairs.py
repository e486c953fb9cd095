"""Labelled pairs: their tables, their halves, and the two figures over them."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from pathlib import Path

GOLDEN = Path(__file__).resolve().parents[2] / "tests" / "golden"


def read_table(name: str) -> list[dict[str, str]]:
    """Rows of ``tests/golden/NAME.tsv``."""
    with (GOLDEN / f"{name}.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def half_of(key: str) -> str:
    """``dev`` or ``test``, by hash."""
    return "test" if hashlib.sha256(key.encode()).digest()[0] % 2 else "dev"


def share(hits: Iterable[bool]) -> float:
    """Share of true ones."""
    found = list(hits)
    return round(sum(found) / len(found), 3) if found else 0.0


def precision_recall(right: int, found: int, gold: int) -> dict[str, float]:
    """Both, to three places; precision 1 where nothing was found."""
    return {
        "precision": round(right / found, 3) if found else 1.0,
        "recall": round(right / gold, 3) if gold else 1.0,
    }
