"""The headline of a story, without the site's and the section's name."""

from __future__ import annotations

import html
import re
import unicodedata

from pipeline.extract.jsonld import Node, text_of
from pipeline.extract.page import Page

# A heading that shares this much with what the page says of its title is the same story's, put otherwise.
SHARED_WORDS = 0.5


def find_title(page: Page, article: Node | None) -> str:
    """The headline without the site's and the section's name; empty where the page has none.

    What the page shows as its one heading, where JSON-LD, meta or ``<title>`` bear it out; else what these say.
    """
    headline = clean_text(text_of(article.get("headline")) if article else None)
    shared = clean_text(page.first_meta("og:title", "twitter:title", "sailthru.title", "parsely-title", "dc.title"))
    titles = [clean_text(element.text_content()) for element in page.tree.iterfind(".//head/title")]
    sites = _site_names(page, article)
    headings = [
        text
        for each in page.tree.iter("h1")
        if (text := clean_text(each.text_content())) and _letters(text) not in sites
    ]
    candidates = [text for text in (headline, shared, *titles) if text]
    for candidate in candidates:
        if heading := next((each for each in headings if _holds(candidate, each)), None):
            return heading
    for candidate in candidates:
        if any(_is_kicked(candidate, each) for each in headings):
            return candidate
    for candidate in candidates:
        if heading := next((each for each in headings[:1] if _shared_words(candidate, each) >= SHARED_WORDS), None):
            return heading
    if not candidates:
        return next(iter(headings), "")
    return strip_site(candidates[0], sites, is_page_title=candidates[0] in titles)


def _is_kicked(candidate: str, heading: str) -> bool:
    """Whether a heading is the title after a kicker of up to three words: "Region Ferries stay in port"."""
    before = heading.removesuffix(candidate)
    return before != heading and 0 < len(before.split()) <= 3 and len(candidate) >= 12


def _shared_words(one: str, other: str) -> float:
    """Share of the shorter title's words that the other has."""
    a, b = (set(re.findall(r"\w+", text.casefold())) for text in (one, other))
    return len(a & b) / max(1, min(len(a), len(b)))


def strip_site(title: str, sites: tuple[str, ...] = (), *, is_page_title: bool = False) -> str:
    """``Ferry crews strike | World | The Vale Courier`` to ``Ferry crews strike``; also ``Opinion | Ferry crews strike``.

    A part goes after a bar, or where it is one of ``sites`` or an address; after a hyphen also where it is short, if the
    whole is a ``<title>`` (headlines hold dashes of their own).
    """
    while match := _TAIL.match(title):
        tail, rest, mark = match["site"].strip(), match["title"], match["mark"].strip()
        is_short = is_page_title and mark in "-–" and len(tail.split()) <= 4 <= len(rest.split()) and tail[0].isupper()
        if not (_is_site(tail, sites) or mark in "|»::•·<" or is_short):
            break
        title, is_page_title = rest.rstrip(" |-–—»·•"), False
    if match := re.match(r"(?P<site>[^|]{3,30}?)\s*(?P<mark>[|:])\s+(?P<title>.{15,})$", title):
        is_section = match["mark"] == "|" and len(match["site"].split()) <= 3
        title = match["title"] if is_section or _letters(match["site"]) in sites else title
    return title


_TAIL = re.compile(r"(?P<title>.{8,})(?P<mark>\s+(?:\||–|—|-|»|::|·|•|<)\s+)(?P<site>[^|–—»·•]{1,45})$")


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _is_site(part: str, sites: tuple[str, ...]) -> bool:
    bare = _letters(part)
    return bool(re.fullmatch(r"[\w-]+\.(?:com|org|net|co\.\w\w|\w\w)", part, re.IGNORECASE)) or any(
        bare == site or (len(site) >= 4 and bare.startswith(site)) for site in sites
    )


def _site_names(page: Page, article: Node | None) -> tuple[str, ...]:
    """Names of the site in letters alone: from meta, JSON-LD's publisher, and its host."""
    address = re.match(r"\w+://(?:www\.)?([^/.:]+)", page.url or page.first_meta("og:url") or "")
    host = address[1] if address else ""
    publisher = text_of(article.get("publisher")) if article else None
    names = (page.first_meta("og:site_name"), page.first_meta("application-name"), publisher, host)
    return tuple(_letters(name) for name in names if name)


def _holds(candidate: str, heading: str) -> bool:
    a, b = (re.sub(r"\W+", " ", text).casefold().strip() for text in (candidate, heading))
    return len(b) >= 12 and (a.startswith(b) or (a.endswith(b) and 2 * len(b) > len(a)))


def clean_text(text: str | None) -> str:
    """NFC, entities read, tags and doubled white space gone; empty for None."""
    bare = re.sub(r"<[^>]{1,40}>", "", html.unescape(text or ""))
    return unicodedata.normalize("NFC", re.sub(r"\s+", " ", bare)).strip()
