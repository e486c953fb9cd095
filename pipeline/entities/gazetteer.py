"""The gazetteer: what names, demonyms, metonyms, titles and holders of office are known, as data.

The tables lie in ``gazetteer/`` (sources and licences in its ``SOURCES.md``); a user adds rows in TOML::

    [[organisation]]
    name = "Freedonian Wheat Board"
    aliases = ["FWB"]
    type = "agency_of_state"
    country = "fd"

    [[leader]]
    country = "fd"
    office = "president"
    name = "Ada Moor"
    surname = "Moor"
    since = 2024-01-02
    until = 2025-01-02
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.entities.names import fold_name, slug, split_person_name, strip_accents
from pipeline.errors import PermanentError
from pipeline.records import EntityKind, MentionHow

TABLES = Path(__file__).parent / "gazetteer"
_JOINT = re.compile(r"(?<=[^\W\d_])([-–/])(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Known:
    """One known entity. ``type`` is country, region, city, group or an organisation's (ministry, agency, …)."""

    key: str
    name: str
    kind: EntityKind
    type: str
    qid: str | None = None
    country: str = ""
    population: int = 0
    units: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A way to write a known entity, in words as the tokenizer cuts them."""

    words: tuple[str, ...]
    known: Known
    how: MentionHow


@dataclass(frozen=True, slots=True)
class Leader:
    """Who held an office from when; ``until`` None says that no end is known."""

    country: str
    office: str
    name: str
    surname: str
    since: date | None
    until: date | None = None

    @property
    def key(self) -> str:
        return f"person:{slug(self.name)}"

    def holds_on(self, on: date) -> bool:
        """Whether the day lies within the known term."""
        return self.since is not None and self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class Title:
    """A title's class ("chief") and the gender that it tells, if any."""

    word: str
    rank: str
    gender: str


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
        return known[0] if len(known) == 1 else None


def cut_words(text: str) -> tuple[str, ...]:
    """A name cut as the tokenizer cuts it: possessives and commas apart, hyphens between letters apart."""
    words: list[str] = []
    for word in text.replace("’", "'").split():
        tail = next((mark for mark in ("'s", ",") if word.endswith(mark) and len(word) > len(mark)), "")
        words += _JOINT.split(word.removesuffix(tail))
        words += [tail] if tail else []
    return tuple(words)


def _read_table(name: str) -> Iterator[dict[str, str]]:
    lines = (TABLES / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    header = lines[0].split("\t")
    for line in lines[1:]:
        yield dict(zip(header, line.split("\t"), strict=True))


def _read_extra(path: Path | None) -> dict[str, list[dict[str, Any]]]:
    if path is None:
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise PermanentError(f"gazetteer rows {path}: {error}") from error


def _split(text: str) -> list[str]:
    return [part for part in text.split("|") if part]


class _Builder:
    """Collects forms while the tables are read."""

    def __init__(self) -> None:
        self.forms: dict[str, list[Form]] = {}
        self.countries: dict[str, Known] = {}
        self.capitals: dict[str, list[str]] = {}

    def add(self, text: str, known: Known, how: MentionHow) -> None:
        """One form, and the same without accents."""
        for variant in dict.fromkeys((text, strip_accents(text))):
            words = cut_words(variant)
            row = self.forms.setdefault(words[0], [])
            if not any(f.words == words and f.known.key == known.key for f in row):
                row.append(Form(words, known, how))

    def add_countries(self, extra: list[dict[str, Any]]) -> None:
        for row in [*_read_table("countries"), *({**_EMPTY, **e, **_joined(e)} for e in extra)]:
            known = Known(f"country:{row['code']}", row["name"], "country", "country", row["qid"] or None, row["code"])
            self.countries[row["code"]] = known
            self.add(row["name"], known, "name")
            for alias in _split(row["aliases"]):
                self.add(alias, known, "alias")
            for demonym in (*_split(row["nouns"]), *_split(row["adjectives"])):
                self.add(demonym, known, "name" if demonym == row["name"] else "demonym")
            if row["capital"] and row["capital"] != row["name"]:
                self.add(row["capital"], known, "metonym")

    def add_names(self) -> None:
        """Further forms of countries and organisations that stand in the tables already."""
        known = {form.known.key: form.known for row in self.forms.values() for form in row}
        for row in _read_table("names"):
            how: MentionHow = "name"
            if row["how"] in ("alias", "demonym", "metonym"):
                how = row["how"]  # type: ignore[assignment]
            key = row["code"] if ":" in row["code"] else f"country:{row['code']}"
            self.add(row["form"], known[key], how)

    def add_places(self) -> None:
        for row in _read_table("regions"):
            key = f"place:{row['code']}"
            known = Known(key, row["name"], "place", "region", row["qid"] or None, row["country"])
            for number, text in enumerate((row["name"], *_split(row["aliases"]))):
                self.add(text, known, "alias" if number else "name")
        taken: dict[str, int] = {}
        for row in _read_table("cities"):
            taken[row["name"]] = taken.get(row["name"], 0) + 1
            if taken[row["name"]] > 1 and not row["capital"]:
                continue  # the largest of a name is the one that news means without a country
            known = Known(f"place:{row['geonames']}", row["name"], "place", "city", None, row["country"],
                          int(row["population"]))  # fmt: skip
            self.add(row["name"], known, "name")

    def add_organisations(self, extra: list[dict[str, Any]]) -> None:
        qids = {row["name"]: row["qid"] for row in _read_table("organisation_ids")}
        for row in [*_read_table("organisations"), *({**_EMPTY, **e, **_joined(e)} for e in extra)]:
            kind: EntityKind = "group" if row["type"] == "group" else "organisation"
            known = Known(f"{'group' if kind == 'group' else 'org'}:{slug(row['name'])}", row["name"], kind,
                          row["type"], qids.get(row["name"]) or row.get("qid") or None, row["country"],
                          units=bool(row["units"]))  # fmt: skip
            for number, text in enumerate((row["name"], *_split(row["aliases"]))):
                self.add(text, known, "alias" if number else "name")

    def add_blocs(self, lexicon: Mapping[str, Mapping[str, str]]) -> None:
        for text, name in lexicon["bloc"].items():
            self.add(text, Known(f"group:{slug(name)}", name, "group", "group"), "name")


_EMPTY = dict.fromkeys(("code", "name", "aliases", "nouns", "adjectives", "capital", "type", "country", "units"), "")
_EMPTY |= {"qid": ""}


def _joined(row: dict[str, Any]) -> dict[str, str]:
    return {key: "|".join(value) for key, value in row.items() if isinstance(value, list)}


def _leaders(extra: list[dict[str, Any]]) -> tuple[Leader, ...]:
    rows = [
        Leader(
            r["country"], r["office"], r["name"], r["surname"], date.fromisoformat(r["since"]) if r["since"] else None
        )
        for r in _read_table("leaders")
    ]
    return (*rows, *(Leader(**{"since": None, **row}) for row in extra))


def _lexicon() -> dict[str, dict[str, str]]:
    lexicon: dict[str, dict[str, str]] = {}
    for row in _read_table("lexicon"):
        lexicon.setdefault(row["class"], {})[row["word"]] = row["value"]
    return lexicon


def _given_names() -> dict[str, str]:
    if not (TABLES / "given_names.tsv").exists():
        return {}
    return {row["name"]: row["gender"] for row in _read_table("given_names")}


@lru_cache(maxsize=4)
def load_gazetteer(extra: Path | None = None) -> Gazetteer:
    """All tables, with a user's rows (TOML: ``country``, ``organisation``, ``leader``, ``title``). Cached.

    Raises ``PermanentError`` where the user's file cannot be read.
    """
    rows = _read_extra(extra)
    builder = _Builder()
    lexicon = _lexicon()
    builder.add_countries(rows.get("country", []))
    builder.add_organisations(rows.get("organisation", []))
    builder.add_names()
    builder.add_places()
    builder.add_blocs(lexicon)
    leaders = _leaders(rows.get("leader", []))
    by_surname: dict[str, list[Leader]] = {}
    for leader in leaders:
        last = split_person_name(tuple(leader.name.split()))[-1]
        for key in {fold_name(leader.surname.split(" ")[-1]), fold_name(leader.surname), fold_name(last)} - {""}:
            by_surname.setdefault(key, []).append(leader)
    titles = {cut_words(t["word"]): Title(t["word"], t["class"], t["gender"])
              for t in [*_read_table("titles"), *rows.get("title", [])]}  # fmt: skip
    offices: dict[str, set[str]] = {}
    for row in _read_table("offices"):
        offices.setdefault(row["word_class"], set()).add(row["office"])
    forms = {first: tuple(sorted(row, key=lambda f: -len(f.words))) for first, row in builder.forms.items()}
    return Gazetteer(forms, builder.countries, leaders, {k: tuple(v) for k, v in by_surname.items()}, titles,
                     {k: frozenset(v) for k, v in offices.items()}, lexicon, _given_names())  # fmt: skip
