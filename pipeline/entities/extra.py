"""A user's gazetteer rows: TOML files, checked row by row before anything is read with them."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import SettingsError

Rows = dict[str, list[dict[str, Any]]]
Code = Field(pattern="^[a-z]{2}$", description="ISO 3166 code in small letters.")


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, str_min_length=1)


class CountryRow(_Row):
    """A country or territory."""

    code: str = Code
    name: str
    qid: str = Field("", pattern="^(Q[0-9]+)?$", min_length=0)
    aliases: list[str] = []
    nouns: list[str] = []
    adjectives: list[str] = []
    capital: str = Field("", min_length=0)


class OrganisationRow(_Row):
    """A body of any kind, or with ``type = "group"`` a group of states."""

    name: str
    aliases: list[str] = []
    type: Literal[
        "agency", "agency_of_state", "armed_group", "central_bank", "company", "court", "executive", "group",
        "intelligence", "international", "legislature", "military", "ministry", "ngo", "organisation", "outlet", "party",
        "police",
    ] = "organisation"  # fmt: skip
    country: str = Field("", pattern="^([a-z]{2})?$", min_length=0)
    qid: str = Field("", pattern="^(Q[0-9]+)?$", min_length=0)


class LeaderRow(_Row):
    """Who held an office from ``since`` until the day before ``until``."""

    country: str = Code
    office: Literal["president", "monarch", "head_of_government", "supreme_leader"]
    name: str
    surname: str
    since: date
    until: date | None = None
    post: Literal["", "chief_of_state", "head_of_government"] = ""


class TitleRow(_Row):
    """A title before or after a name."""

    word: str = Field(pattern="^[^A-Z]+$", description="In small letters, as it is looked up.")
    class_: str = Field(alias="class", pattern="^[a-z_]+$")
    gender: Literal["", "m", "f"] = Field("", min_length=0)


class PlaceRow(_Row):
    """A town, or with ``type = "region"`` a part of a country."""

    key: str = Field(pattern="^[a-z0-9-]+$", description="The rest of the entity's key, e.g. a GeoNames id.")
    name: str
    country: str = Code
    type: Literal["city", "region"] = "city"
    aliases: list[str] = []
    population: int = Field(100_000, ge=0)


TABLES: dict[str, type[_Row]] = {
    "country": CountryRow,
    "organisation": OrganisationRow,
    "leader": LeaderRow,
    "title": TitleRow,
    "place": PlaceRow,
}


def read_extra(path: Path | None) -> Rows:
    """The rows of a TOML file, or of all those of a folder by name; nothing for None.

    Raises :class:`SettingsError` that names file, table, row and field.
    """
    rows: Rows = {}
    for file in find_files(path):
        for table, given in read_file(file).items():
            rows.setdefault(table, []).extend(check_rows(file, table, given))
    return rows


def find_files(path: Path | None) -> list[Path]:
    """The files of the setting; raises :class:`SettingsError` where there are none."""
    if path is None:
        return []
    found = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    if not found:
        raise SettingsError(f"gazetteer rows: no *.toml in {path}")
    return found


def read_file(path: Path) -> dict[str, Any]:
    """A TOML file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"gazetteer rows {path}: {error}") from error


def check_rows(path: Path, table: str, given: object) -> list[dict[str, Any]]:
    """The rows of one table, with defaults filled in."""
    model = TABLES.get(table)
    if model is None or not isinstance(given, list):
        raise SettingsError(f"gazetteer rows {path}: [[{table}]] is none of {', '.join(f'[[{t}]]' for t in TABLES)}")
    checked = []
    for number, row in enumerate(given, 1):
        try:
            checked.append(model.model_validate(row).model_dump(by_alias=True))
        except ValidationError as error:
            faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            raise SettingsError(f"gazetteer rows {path}: [[{table}]] number {number}: {faults}") from None
    return checked
