"""The gazetteer: what names, demonyms, metonyms, titles and holders of office are known, as data.

The tables lie in ``gazetteer/`` (sources and licences in its ``SOURCES.md``); a user adds rows in TOML, see
``extra.py`` and ``docs/operations.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.entities.extra import read_extra
from pipeline.entities.known import Form, Known, Leader, Title
from pipeline.entities.names import fold_name, split_person_name
from pipeline.entities.tables import (
    Builder,
    cut_words,
    read_given_names,
    read_leaders,
    read_lexicon,
    read_table,
)

__all__ = ["Form", "Gazetteer", "Known", "Leader", "Title", "load_gazetteer"]


@dataclass(frozen=True)
class Gazetteer:
    """All tables in memory. Immutable by convention: loaders build it, readers look things up."""

    forms: Mapping[str, tuple[Form, ...]]
    countries: Mapping[str, Known]
    leaders: tuple[Leader, ...]
    leaders_by_surname: Mapping[str, tuple[Leader, ...]]
    titles: Mapping[tuple[str, ...], Title]
    offices: Mapping[str, frozenset[str]]
    lexicon: Mapping[str, Mapping[str, str]]
    given_names: Mapping[str, str]

    def find_forms(self, words: list[str], start: int) -> tuple[Form, ...]:
        """The longest forms that stand at ``start``; several when one name is several entities'."""
        found: list[Form] = []
        for form in self.forms.get(words[start], ()):
            size = len(form.words)
            if found and size < len(found[0].words):
                break
            if tuple(words[start : start + size]) == form.words:
                found.append(form)
        return tuple(found)

    def find_title(self, words: list[str], end: int) -> tuple[int, Title] | None:
        """The longest title whose last word is ``words[end - 1]`` (lower case), with its first index."""
        for size in (5, 4, 3, 2, 1):
            title = self.titles.get(tuple(words[end - size : end])) if end >= size else None
            if title is not None:
                return end - size, title
        return None

    def find_leader(self, country: str, rank: str, on: date) -> Leader | None:
        """Who held the office that a title's class names; None where the table does not know that day."""
        offices = self.offices.get(rank, frozenset())
        known = [x for x in self.leaders if x.country == country and x.office in offices and x.holds_on(on)]
        if rank == "leader":  # the one who rules: a president before a premier, a premier before a monarch
            for office in ("supreme_leader", "president", "head_of_government", "monarch"):
                if ranked := [x for x in known if x.office == office]:
                    known = ranked
                    break
        first = [x for x in known if x.post == "chief_of_state"] or known
        return first[0] if len(first) == 1 else None


@lru_cache(maxsize=4)
def load_gazetteer(extra: Path | None = None) -> Gazetteer:
    """All tables, with a user's rows (a TOML file, or a folder of them). Cached.

    Raises ``SettingsError`` that names the file and the row at fault.
    """
    return _build(read_extra(extra))


def _build(rows: dict[str, list[dict[str, Any]]]) -> Gazetteer:
    builder = Builder()
    lexicon = read_lexicon()
    builder.add_countries(rows.get("country", []))
    builder.add_organisations(rows.get("organisation", []))
    builder.add_places(rows.get("place", []))
    builder.add_names()
    builder.add_blocs(lexicon)
    leaders = read_leaders(rows.get("leader", []))
    by_surname: dict[str, list[Leader]] = {}
    for leader in leaders:
        last = split_person_name(tuple(leader.name.split()))[-1]
        for key in {fold_name(leader.surname.split(" ")[-1]), fold_name(leader.surname), fold_name(last)} - {""}:
            by_surname.setdefault(key, []).append(leader)
    titles = {cut_words(t["word"]): Title(t["word"], t["class"], t["gender"])
              for t in [*read_table("titles"), *rows.get("title", [])]}  # fmt: skip
    offices: dict[str, set[str]] = {}
    for row in read_table("offices"):
        offices.setdefault(row["word_class"], set()).add(row["office"])
    forms = {first: tuple(sorted(row, key=lambda f: -len(f.words))) for first, row in builder.forms.items()}
    return Gazetteer(forms, builder.countries, leaders, {k: tuple(v) for k, v in by_surname.items()}, titles,
                     {k: frozenset(v) for k, v in offices.items()}, lexicon, read_given_names())  # fmt: skip
