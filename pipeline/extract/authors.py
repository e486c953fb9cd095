"""Authors as names of people: no agencies, jobs, addresses or sites; and the agency behind a reprint."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import Any

from lxml.html import HtmlElement

from pipeline.extract.jsonld import Node, text_of, types_of
from pipeline.extract.page import Page
from pipeline.extract.title import clean_text
from pipeline.wire.dateline import find_dateline
from pipeline.wire.house import UPPER, agency_names

META_KEYS = (
    "author", "article:author", "og:article:author", "parsely-author", "sailthru.author", "byl", "dc.creator",
    "dcterms.creator", "dc.contributor", "cxenseparse:author", "article:author_name", "citation_author", "byline",
    "twitter:data1",
)  # fmt: skip
LONGEST_CREDIT = 300
# Words of a name with "e" or "y" in it: "Ana Maria dos Santos e Silva", but "Brinquedos e Brincadeiras" is a section.
FEWEST_JOINED = 4
SOURCE_KEYS = ("source", "article:source", "syndication-source", "dc.source")

_BYLINE_XPATH = "//body//*[@rel='author' or @itemprop='author' or contains(@class,'uthor') or contains(@class,'yline')]"
_BYLINE_CLASS = re.compile(r"byline|author[-_]*(?:name|names|link)|article-author|authors?\b", re.IGNORECASE)
_NOT_BYLINE = re.compile(r"comment|related|bio\b|avatar|image|social|follow|recirc|card|footer", re.IGNORECASE)
_APART = re.compile(r"comment|related|recirc|footer|sidebar|most-read|trending", re.IGNORECASE)
_SPLIT = re.compile(r"\s*(?:;|\||\n|•|·|,\s+and\s+|,|\s+and\s+|\s+&\s+|\s+y\s+(?=[A-Z])|\s+with\s+)\s*", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?:(?:written|story|words|text|reporting|reported|posted|published|article|analysis|opinion|exclusive)\s+)*"
    r"(?:by|from|von|por|par|door|tekst|texte?|texto|autor(?:in)?|auteur|автор)\s*:?\s+|^di\s+(?=\S+\s+\S)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*(?:[\[(<].*|\bfor\s+(?:the\s+)?[A-Z].*|\bin\s+[A-Z][\w ]+|\bat\s+[A-Z].*|[-–—/]\s.*|\b\d{1,2}[:/]\d\d.*"
    r"|\b(?:published|updated|posted)\b.*|\S+@\S+.*|@\w+.*)$",
    re.IGNORECASE,
)
# Words of a name: capitals, particles, or a script without capitals.
_WORD = (
    rf"(?:[{UPPER}Α-ΩΆ-ΏЀ-Я][\w'’`.-]*|d[aeiu]|del|della|de|la|le|van|von|der|den|ten|ter|bin|ibn|al|el|dos|das|do|e|y|af|av|zu"
    r"|mc\w+|o['’]\w+|[\u0590-\u0fff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af][\w.·・\u0590-\u0fff-]*)"
)
_NAME = re.compile(rf"{_WORD}(?:[ \xa0]{_WORD}){{0,7}}")
# Names of these scripts may be one word; so may a person's in JSON-LD.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af·・]{2,12}")
# "and" of other languages divides names of two words and more: "dos Santos e Silva" is one.
_OTHER_AND = re.compile(r"(?<=\S\s)(?P<before>\S+)\s+(?:e|y|i|et|und|en|og|och|ja|и|та|και|و)\s+(?=\S+\s+\S)")
_WIRE_REPORTS = re.compile(
    r"\b(?:with|from|and|compiled from)\s+(?:additional\s+)?(?:wire|agency|news (?:service|agency))\s+"
    r"(?:reports?|inputs?|services?|copy)\b|\bwith agencies\b|\bstaff and (?:wire|agencies)\b|\bwire services?\b",
    re.IGNORECASE,
)


def find_credits(page: Page, article: Node | None) -> tuple[tuple[str, ...], str | None]:
    """Names of the people who signed the story, and the agency that a credit names as its writer (or None).

    Names come from JSON-LD, then meta, then the page's byline; "with wire reports" gives the agency ``wire``.
    """
    publisher = text_of(article.get("publisher")) if article else None
    sites = tuple(name.casefold() for name in (page.first_meta("og:site_name"), publisher) if name)
    sources = (_from_jsonld(article), _from_metas(page), page_bylines(page))
    names = next((names for credits in sources if (names := clean_authors(credits, sites))), ())
    credits = [credit for source in sources for credit in source]
    if article:
        credits += [text_of(article.get(key)) or "" for key in ("sourceOrganization", "provider", "creditText")]
    credits += [value for key in SOURCE_KEYS for value in page.metas.get(key, ())]
    return names, next((agency for credit in credits if (agency := read_agency(credit))), None)


def read_agency(credit: str) -> str | None:
    """The agency that one credit names: "By Ana Vale, Associated Press", "AFP", "Staff and wire reports"."""
    if len(credit) > 200:
        return None
    names = agency_names()
    for part in re.split(
        r"\s*(?:,|;|\||/|\(|\)|•|·|\n|\s[-–—]\s|\b(?:and|for|by|via|from|with|avec|mit|con|com|met|et|und)\b)\s*",
        credit.strip(),
    ):
        bare = re.sub(
            r"(?i)^the\s+|(?:\s+\w+)?\s+(?:staff|writers?|correspondents?|reporters?|news service)$",
            "",
            part.strip(" ."),
        ).casefold()
        if bare in names:
            return names[bare]
        if (shorter := _without_agency(part.strip())) != part.strip():
            return names[part.strip()[len(shorter) :].strip(" ,").casefold()]
    return "wire" if _WIRE_REPORTS.search(credit) else None


def find_dateline_agency(body: str) -> str | None:
    """The known agency of the dateline that a body begins with."""
    dateline = find_dateline(body.split("\n", 1)[0])
    return dateline.agency if dateline and dateline.agency and dateline.agency.casefold() in agency_names() else None


def clean_authors(credits: Iterable[str], sites: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Credits to names of people, once each, in order."""
    names: list[str] = []
    for credit in credits:
        for part in _parts(credit) if len(credit) <= LONGEST_CREDIT else ():
            name = _name(part, sites)
            if name and name.casefold() not in {known.casefold() for known in names}:
                names.append(name)
    return tuple(names)


def _parts(credit: str) -> list[str]:
    """One string a name: entities read, tags gone, ``ana@example.org (Ana Vale)`` to its bracket."""
    bare = clean_text(credit.replace("\n", " | "))
    if found := re.fullmatch(r"\S+@\S+\s+\((?P<name>[^)]+)\)", bare):
        bare = found["name"]
    return _SPLIT.split(_OTHER_AND.sub(r"\g<before>, ", _LEAD.sub("", bare)))


def _without_agency(words: str) -> str:
    """``ANA VALE Associated Press`` to ``ANA VALE``: an agency of two words or in capitals at the end."""
    last = words.casefold()
    for name in agency_names():
        if last.endswith(f" {name}") and (" " in name or words[-len(name) :].isupper()) and not words.isupper():
            return words[: -len(name)].rstrip(" ,")
        if last.endswith(f" {name}") and " " in name:
            return words[: -len(name)].rstrip(" ,")
    return words


def _name(part: str, sites: tuple[str, ...]) -> str | None:
    part = _without_agency(part.strip())
    bare = re.sub(r"\s+", " ", _TAIL.sub("", _LEAD.sub("", part.strip()))).strip(" .,:-–—\"'")
    for site in sites:
        bare = bare[: -len(site)].rstrip(" .,") if bare.casefold().endswith(f" {site}") else bare
    bare = re.sub(r"^(?:Dr|Mr|Mrs|Ms|Prof|Professor|Sir|Dame)\.?\s+", "", bare)
    if bare.isupper() and " " in bare:
        bare = " ".join(word if re.fullmatch(r"(?:[A-Z]\.)+", word) else word.title() for word in bare.split())
    if _UNSPACED.fullmatch(bare) and bare.casefold() not in agency_names():
        return bare
    if (
        not 3 <= len(bare) <= 60
        or " " not in bare
        or bare.casefold() in agency_names()
        or any(site.startswith(bare.casefold()) for site in sites)
    ):
        return None
    is_joined = bool(re.search(r"\s[ey]\s", bare)) and len(bare.split()) < FEWEST_JOINED
    return bare if _NAME.fullmatch(bare) and not is_joined and not _is_no_name(bare) else None


def _is_no_name(words: str) -> bool:
    """Whether a credit names a house, a job or an address; a paper's last word tells only of three words or more."""
    tokens = re.findall(r"\w+", words.casefold())
    no_names, papers = _credit_words()
    return (
        bool(no_names & set(tokens))
        or bool(re.search(r"[@#/\\\d]", words))
        or (len(tokens) > 2 and tokens[-1] in papers)
    )


@lru_cache(maxsize=1)
def _credit_words() -> tuple[frozenset[str], frozenset[str]]:
    table = tomllib.loads(files("pipeline.extract").joinpath("credits.toml").read_text(encoding="utf-8"))
    return frozenset(table["not_names"]["words"]), frozenset(table["papers"]["last_words"])


def _from_jsonld(article: Node | None) -> list[str]:
    if not article:
        return []
    return [name for key in ("author", "creator") for name in _people(article.get(key))]


def _people(value: Any) -> list[str]:
    if isinstance(value, list):
        return [name for part in value for name in _people(part)]
    if isinstance(value, str):
        return [value]
    if not isinstance(value, dict):
        return []
    if types_of(value) & {"organization", "newsmediaorganization"} and not read_agency(text_of(value) or ""):
        return []
    name = value.get("name")
    if isinstance(name, list):
        return [part for part in name if isinstance(part, str)]
    text = text_of(value, "name", "byline", "alternateName")
    if text and text.islower() and "person" in types_of(value):
        text = text.title()
    return [text] if text else []


def _from_metas(page: Page) -> list[str]:
    found: list[str] = []
    for key in META_KEYS:
        values = [
            value for value in page.metas.get(key, ()) if not value.startswith(("http://", "https://", "//", "/"))
        ]
        if values and (clean_authors(values) or any(read_agency(value) for value in values)):
            found.extend(values)
            break
    return found


def page_bylines(page: Page) -> list[str]:
    """Texts of the first elements that look like the story's byline."""
    texts: list[str] = []
    first_css: str | None = None
    for element in page.tree.xpath(_BYLINE_XPATH)[:20]:
        css = element.get("class") or ""
        named = element.get("rel") == "author" or element.get("itemprop") == "author" or _BYLINE_CLASS.search(css)
        if not named or _NOT_BYLINE.search(css) or any(_is_apart(parent) for parent in element.iterancestors()):
            continue
        words = " | ".join(part for text in element.itertext() if (part := " ".join(text.split())))
        if 3 <= len(words) <= 200 and first_css in (None, css):
            first_css = css
            texts.append(re.split(r"\bfollow\b", words, flags=re.IGNORECASE)[0])
        if len(texts) == 3:
            break
    return texts


def _is_apart(element: HtmlElement) -> bool:
    """Whether an element around a byline is a box of something else."""
    if element.tag in ("aside", "footer", "nav"):
        return True
    return element.tag != "body" and bool(_APART.search(element.get("class") or ""))
