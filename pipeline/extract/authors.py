"""Authors as names of people: no agencies, jobs, addresses or sites; and the agency behind a reprint."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pipeline.extract.jsonld import Node, text_of, types_of
from pipeline.extract.page import Page
from pipeline.wire.house import UPPER, agency_names

META_KEYS = (
    "author", "article:author", "og:article:author", "parsely-author", "sailthru.author", "byl", "dc.creator",
    "dcterms.creator", "dc.contributor", "cxenseparse:author", "article:author_name", "citation_author", "byline",
    "twitter:data1",
)  # fmt: skip

_BYLINE_XPATH = (
    "//*[@rel='author' or @itemprop='author' or contains(@class,'byline') or contains(@class,'author-name')"
    " or contains(@class,'author__name') or contains(@data-testid,'AuthorName') or contains(@class,'article-author')]"
    "[not(ancestor::aside) and not(ancestor::footer) and not(ancestor::nav)"
    " and not(ancestor::*[contains(@class,'comment') or contains(@class,'related')])]"
)
_SPLIT = re.compile(r"\s*(?:;|\||\n|•|·|,\s+and\s+|,|\s+and\s+|\s+&\s+|\s+y\s+(?=[A-Z])|\s+with\s+)\s*", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?:(?:written|story|words|text|reporting|reported|posted|published|article|analysis|opinion|exclusive)\s+)*(?:by|from|von|por|par)\s*:?\s+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*(?:[\[(<].*|\bfor\s+(?:the\s+)?[A-Z].*|\bin\s+[A-Z][\w ]+|\bat\s+[A-Z].*|[-–—/]\s.*|\b\d{1,2}[:/]\d\d.*|\b(?:published|updated|posted)\b.*|\S+@\S+.*|@\w+.*)$",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"\b(?:staff|editors?|editorial|reporters?|correspondents?|writers?|columnists?|contributors?|newsroom|news|desk|team|"
    r"bureau|agency|agencies|press|media|times|post|tribune|herald|journal|magazine|online|web|admin|administrator|guest|"
    r"service|services|wires?|associated|reuters|board|department|council|university|institute|foundation|inc|ltd|llc|"
    r"producer|photographer|analyst|director|manager|officer|professor|critic|journalist|author|advertisement|sponsored|"
    r"com|org|net|co\.uk|sport|sports|channel|network|radio|tv|television|blog|contributed|the)\b|https?:|www\.|[@#/\\]|\d",
    re.IGNORECASE,
)
_WORD = rf"(?:[{UPPER}][\w'’`.-]*|d[aeiu]|del|della|de|la|le|van|von|der|den|ten|ter|bin|ibn|al|el|dos|das|do|mc\w+|o['’]\w+)"
_NAME = re.compile(rf"{_WORD}(?:[ \xa0]{_WORD}){{0,4}}")
_WIRE_REPORTS = re.compile(
    r"\b(?:with|from|and|compiled from)\s+(?:additional\s+)?(?:wire|agency|news (?:service|agency))\s+(?:reports?|inputs?|services?|copy)\b|\bwith agencies\b|\bstaff and (?:wire|agencies)\b|\bwire services?\b",
    re.IGNORECASE,
)


def find_authors(page: Page, article: Node | None) -> tuple[str, ...]:
    """People who signed the story: JSON-LD, then meta, then the byline of the page."""
    site = (page.first_meta("og:site_name") or "").casefold()
    for credits in (_from_jsonld(article), _from_metas(page), _from_byline(page)):
        if names := clean_authors(credits, site):
            return names
    return ()


def find_agency(page: Page, article: Node | None) -> str | None:
    """The agency that a credit names as the writer ("Associated Press", "with wire reports" gives ``wire``)."""
    credits = [*_from_jsonld(article), *_from_metas(page), *_from_byline(page)]
    credits += (
        [text_of(article.get(key)) or "" for key in ("sourceOrganization", "provider", "creditText")] if article else []
    )
    credits += [
        value
        for key in ("source", "article:source", "syndication-source", "dc.source")
        for value in page.metas.get(key, ())
    ]
    return next((agency for credit in credits if (agency := read_agency(credit))), None)


def read_agency(credit: str) -> str | None:
    """The agency that one credit names: "By Ana Vale, Associated Press", "AFP", "Staff and wire reports"."""
    if len(credit) > 200:
        return None
    names = agency_names()
    for part in re.split(
        r"\s*(?:,|;|\||/|\(|\)|•|·|\n|\s[-–—]\s|\band\b|\bfor\b|\bby\b|\bvia\b|\bfrom\b)\s*", credit.strip()
    ):
        bare = re.sub(
            r"(?i)^the\s+|\s+(?:staff|writers?|correspondent|reporter|news service|staff writer)$", "", part.strip(" .")
        ).casefold()
        if bare in names:
            return names[bare]
    return "wire" if _WIRE_REPORTS.search(credit) else None


def clean_authors(credits: Iterable[str], site: str = "") -> tuple[str, ...]:
    """Credits to names of people, once each, in order."""
    names: list[str] = []
    for credit in credits:
        for part in _SPLIT.split(_LEAD.sub("", credit.strip())) if len(credit) <= 300 else ():
            name = _name(part, site)
            if name and name.casefold() not in {known.casefold() for known in names}:
                names.append(name)
    return tuple(names)


def _name(part: str, site: str) -> str | None:
    bare = re.sub(r"\s+", " ", _TAIL.sub("", _LEAD.sub("", part.strip()))).strip(" .,:-–—\"'")
    bare = re.sub(r"^(?:Dr|Mr|Mrs|Ms|Prof|Professor|Sir|Dame)\.?\s+", "", bare)
    if bare.isupper() and " " in bare:
        bare = " ".join(word if re.fullmatch(r"(?:[A-Z]\.)+", word) else word.title() for word in bare.split())
    if not 3 <= len(bare) <= 60 or " " not in bare or bare.casefold() in agency_names() or bare.casefold() == site:
        return None
    return bare if _NAME.fullmatch(bare) and not _NO_NAME.search(bare) else None


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
    return [text] if (text := text_of(value, "name", "byline", "alternateName")) else []


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


def _from_byline(page: Page) -> list[str]:
    texts: list[str] = []
    for element in page.tree.xpath(_BYLINE_XPATH)[:8]:
        words = re.sub(r"\s+", " ", element.text_content()).strip()
        if 3 <= len(words) <= 200:
            texts.append(words)
    return texts[:3]
