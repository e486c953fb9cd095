"""Reads the tables in ``gazetteer/`` and a user's rows into forms, leaders, titles and word lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.entities.known import Form, Known, Leader
from pipeline.entities.names import slug, strip_accents
from pipeline.records import EntityKind, MentionHow

TABLES = Path(__file__).parent / "gazetteer"
_JOINT = re.compile(r"(?<=[^\W\d_])([-–/])(?=[^\W\d_])")


def cut_words(text: str) -> tuple[str, ...]:
    """A name cut as the tokenizer cuts it: possessives and commas apart, hyphens between letters apart."""
    words: list[str] = []
    for word in text.replace("’", "'").split():
        tail = next((mark for mark in ("'s", ",") if word.endswith(mark) and len(word) > len(mark)), "")
        words += _JOINT.split(word.removesuffix(tail))
        words += [tail] if tail else []
    return tuple(words)


def read_table(name: str) -> Iterator[dict[str, str]]:
    lines = (TABLES / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    header = lines[0].split("\t")
    for line in lines[1:]:
        yield dict(zip(header, line.split("\t"), strict=True))


def _split(text: str) -> list[str]:
    return [part for part in text.split("|") if part]


class Builder:
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
        for row in [*read_table("countries"), *({**_EMPTY, **e, **_joined(e)} for e in extra)]:
            adjective = next(iter(_split(row["adjectives"])), row["name"])
            known = Known(f"country:{row['code']}", row["name"], "country", "country", row["qid"] or None, row["code"],
                          adjective=adjective)  # fmt: skip
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
        for row in read_table("names"):
            how: MentionHow = "name"
            if row["how"] in ("alias", "demonym", "metonym"):
                how = row["how"]  # type: ignore[assignment]
            key = row["code"] if ":" in row["code"] else f"country:{row['code']}"
            self.add(row["form"], known[key], how)

    def add_places(self, extra: list[dict[str, Any]]) -> None:
        for row in extra:
            known = Known(
                f"place:{row['key']}", row["name"], "place", row["type"], None, row["country"], row["population"]
            )
            for number, text in enumerate((row["name"], *row["aliases"])):
                self.add(text, known, "alias" if number else "name")
        for row in read_table("regions"):
            key = f"place:{row['code']}"
            known = Known(key, row["name"], "place", "region", row["qid"] or None, row["country"])
            for number, text in enumerate((row["name"], *_split(row["aliases"]))):
                self.add(text, known, "alias" if number else "name")
        taken: dict[str, int] = {}
        for row in read_table("cities"):
            taken[row["name"]] = taken.get(row["name"], 0) + 1
            if taken[row["name"]] > 1 and not row["capital"]:
                continue  # the largest of a name is the one that news means without a country
            known = Known(f"place:{row['geonames']}", row["name"], "place", "city", None, row["country"],
                          int(row["population"]))  # fmt: skip
            self.add(row["name"], known, "name")

    def add_organisations(self, extra: list[dict[str, Any]]) -> None:
        qids = {row["name"]: row["qid"] for row in read_table("organisation_ids")}
        for row in [*read_table("organisations"), *({**_EMPTY, **e, **_joined(e)} for e in extra)]:
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


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def read_leaders(extra: list[dict[str, Any]]) -> tuple[Leader, ...]:
    known = [
        Leader(r["country"], r["office"], r["name"], r["surname"], _day(r["since"]), post=r["post"])
        for r in read_table("leaders")
    ]
    return (*(Leader(**row) for row in extra), *known)


def read_lexicon() -> dict[str, dict[str, str]]:
    lexicon: dict[str, dict[str, str]] = {}
    for row in read_table("lexicon"):
        lexicon.setdefault(row["class"], {})[row["word"]] = row["value"]
    return lexicon


def read_given_names() -> dict[str, str]:
    if not (TABLES / "given_names.tsv").exists():
        return {}
    return {row["name"]: row["gender"] for row in read_table("given_names")}
