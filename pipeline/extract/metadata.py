"""Title, times, language and the rest of what a page says of its story, without its body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from htmldate import find_date

from pipeline.extract.jsonld import Node, find_article, text_of, types_of
from pipeline.extract.page import Page
from pipeline.extract.times import parse_stamp
from pipeline.extract.title import clean_text, find_title

PUBLISHED_KEYS = (
    "article:published_time", "og:article:published_time", "article:published", "og:published_time", "datepublished",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "pubdate", "publish-date", "publishdate",
    "article.published", "dcterms.created", "dc.date.issued", "dcterms.date", "dc.date", "date", "published_at",
    "originalpublicationdate", "published-date", "lastmoddate", "bt:pubdate", "ptime", "rbpubdate",
)  # fmt: skip
SECTION_KEYS = ("article:section", "og:article:section", "section", "parsely-section", "cxenseparse:section")
MODIFIED_KEYS = (
    "article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified", "lastmod", "last-modified",
    "article.updated", "dcterms.modified", "revision_date", "article:modified", "utime", "rbmoddate",
)  # fmt: skip


SHORTEST_TRAIL = 3


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of its story; times in UTC."""

    title: str
    published_at: datetime | None
    modified_at: datetime | None
    language: str | None
    canonical_url: str | None
    section: str | None
    keywords: tuple[str, ...]
    article: Node | None


def read_metadata(page: Page) -> Metadata:
    """All of it. The tree is not changed."""
    canonical = next((link.get("href") for link in page.tree.iter("link") if _is_canonical(link.get("rel"))), None)
    shared = page.first_meta("og:title", "twitter:title")
    article = find_article(page.jsonld, canonical or page.url, shared)
    published, modified = find_times(page, article)
    return Metadata(
        title=find_title(page, article),
        published_at=published,
        modified_at=modified,
        language=find_language(page, article),
        canonical_url=find_canonical(page, article),
        section=find_section(page, article),
        keywords=find_keywords(page, article),
        article=article,
    )


def find_times(page: Page, article: Node | None) -> tuple[datetime | None, datetime | None]:
    """First published and last modified: JSON-LD, then meta, then ``<time>``, then htmldate (a day only)."""
    others = [text for node in page.jsonld if node is not article for text in _jsonld_times(node, "datePublished")]
    stated = [*_jsonld_times(article, "datePublished", "dateCreated"), *_metas(page, PUBLISHED_KEYS), *others[:4]]
    published = _best(stated) or _best(_time_tags(page))
    modified = _best([*_jsonld_times(article, "dateModified"), *_metas(page, MODIFIED_KEYS)])
    return published or _day_only(page), modified


def find_language(page: Page, article: Node | None) -> str | None:
    """Two-letter code: ``<html lang>``, ``og:locale``, ``content-language``, JSON-LD; None where the page tells none."""
    root = page.tree.getroottree().getroot()
    told = (
        root.get("lang"), root.get("{http://www.w3.org/XML/1998/namespace}lang"), root.get("xml:lang"),
        text_of(article.get("inLanguage"), "alternateName", "name") if article else None,
        page.first_meta("og:locale", "content-language", "dc.language", "language", "inlanguage"),
    )  # fmt: skip
    return next(
        (code[0].lower() for tag in told if tag and (code := re.match(r"[A-Za-z]{2}(?=$|[-_])", tag.strip()))), None
    )


def find_canonical(page: Page, article: Node | None) -> str | None:
    """The address that the page calls its own, made absolute; None where it is no web address.

    A home page as the address of a story (a fault of many templates) is passed over.
    """
    links: list[str | None] = [link.get("href") for link in page.tree.iter("link") if _is_canonical(link.get("rel"))]
    named = (text_of(article.get("mainEntityOfPage"), "@id", "url") or text_of(article.get("url"))) if article else None
    own_path = urlsplit(page.url or "").path.strip("/")
    for address in (*links, page.first_meta("og:url"), named, page.url):
        try:
            absolute = str(urljoin(page.url or "", (address or "").strip()))
            parts = urlsplit(absolute)
        except ValueError:  # "http://[bad"
            continue
        if parts.scheme in ("http", "https") and parts.netloc and (parts.path.strip("/") or not own_path):
            return absolute
    return None


def _is_canonical(rel: str | None) -> bool:
    return "canonical" in (rel or "").lower().split()


def find_section(page: Page, article: Node | None) -> str | None:
    """The first section that the page names; its own host is none."""
    named = text_of(article.get("articleSection")) if article else None
    named = named or (None if page.first_meta(*SECTION_KEYS) else _crumb(page))
    section = clean_text(named or page.first_meta(*SECTION_KEYS)).strip(" -|")
    return section if section and section != urlsplit(page.url or "").netloc.removeprefix("www.") else None


def _crumb(page: Page) -> str | None:
    """The crumb after the first (the home page) where a trail of three or more leads to the story."""
    trails = [node.get("itemListElement") for node in page.jsonld if "breadcrumblist" in types_of(node)]
    crumbs = next((trail for trail in trails if isinstance(trail, list) and len(trail) >= SHORTEST_TRAIL), [])
    names = [
        text_of(crumb, "name") or text_of(crumb.get("item"), "name") for crumb in crumbs if isinstance(crumb, dict)
    ]
    return names[1] if len(names) >= SHORTEST_TRAIL else None


def find_keywords(page: Page, article: Node | None) -> tuple[str, ...]:
    """Keywords once each, in order, from JSON-LD, ``article:tag``, ``news_keywords`` or ``keywords``."""
    given = article.get("keywords") if article else None
    values = (
        [given]
        if isinstance(given, str)
        else [word for part in given if (word := text_of(part))]
        if isinstance(given, list)
        else []
    )
    for key in ("article:tag", "news_keywords", "keywords", "parsely-tags", "sailthru.tags"):
        values = values or page.metas.get(key, [])
    words = [clean_text(word) for value in values for word in re.split(r"\s*[,;]\s*", value)]
    return tuple(dict.fromkeys(word for word in words if 1 < len(word) <= 80))


def _jsonld_times(article: Node | None, *keys: str) -> list[str]:
    return [text for key in keys if article and (text := text_of(article.get(key)))]


def _metas(page: Page, keys: tuple[str, ...]) -> list[str]:
    return [value for key in keys for value in page.metas.get(key, ())[:1]]


def _time_tags(page: Page) -> list[str]:
    """Times in the page's own text: ``<time>``, ``itemprop``, classes of a publication date; attributes before words."""
    found: list[str] = []
    tags = page.tree.xpath(_TIME_XPATH)
    for tag in (tags or page.tree.xpath("//body//li//time"))[:8]:
        found += [value for name in ("datetime", "content", "data-timestamp") if (value := tag.get(name))]
        words = " ".join(tag.text_content().split())
        found += [words] if len(words) <= 120 else []
    return found


_TIME_XPATH = (
    "//body//*[@itemprop='datePublished'] | //body//time[not(ancestor::aside) and not(ancestor::li)]"
    " | //body//*[contains(@class,'publish') or contains(@class,'dateline') or contains(@class,'timestamp')"
    " or contains(@class,'pubdate') or contains(@class,'article-date')][not(*[3])]"
)


def _best(texts: list[str]) -> datetime | None:
    """The first time with a zone; without one, the first time of day (taken as UTC).

    Where a later one tells the same clock time in UTC, the first one's offset was only put after it (seen on sites that
    write UTC and print their own zone in JSON-LD).
    """
    stamps = [(text.strip(), *stamp) for text in texts if (stamp := parse_stamp(text))]
    first = next((moment for _, moment, _ in stamps), None)
    zoned = next(((text, moment) for text, moment, has_zone in stamps if has_zone), None)
    if first is None or zoned is None or abs(zoned[1] - first) > timedelta(days=2):
        return first
    in_utc = (moment for text, moment, _ in stamps if text[:19] == zoned[0][:19] and _UTC.search(text))
    return next(in_utc, zoned[1])


_UTC = re.compile(r"(?:Z|[+]00:?00)$")


def _day_only(page: Page) -> datetime | None:
    try:
        day = find_date(page.tree, original_date=True, url=page.url, extensive_search=False)
    except (ValueError, TypeError, AttributeError):  # htmldate on trees with odd attributes
        return None
    return datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
