"""Named SQL from ``sql/queries/*.sql``: each statement stands under a ``-- name: verb_object`` line."""

from __future__ import annotations

import re
from functools import cache
from typing import LiteralString

from pipeline.settings import get_settings

_HEADER = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


@cache
def _queries() -> dict[str, LiteralString]:
    found: dict[str, LiteralString] = {}
    for path in sorted((get_settings().sql / "queries").glob("*.sql")):
        parts = _HEADER.split(path.read_text(encoding="utf-8"))
        for name, text in zip(parts[1::2], parts[2::2], strict=True):
            if name in found:
                raise KeyError(f"query {name} stands twice")
            found[name] = text.strip().rstrip(";")
    return found


def get_query(name: str) -> LiteralString:
    """The statement of that name; KeyError where there is none. Files of the repository are trusted text."""
    return _queries()[name]
