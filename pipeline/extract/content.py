"""An article from what a feed itself carries."""

from __future__ import annotations

import re

from lxml import html as lxml_html

from pipeline.errors import ExtractError
from pipeline.extract.authors import clean_authors, find_dateline_agency, read_agency
from pipeline.extract.body import tidy_text
from pipeline.extract.language import find_language_of
from pipeline.records import ExtractedArticle, FeedEntry

_BLOCKS = (
    "p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "tr", "table", "section",
    "article", "figure", "pre", "hr", "dt", "dd",
)  # fmt: skip
# What libxml2 refuses in text.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DROPPED = ("script", "style", "figcaption", "img", "iframe", "noscript", "video", "audio", "svg", "form", "button")


def article_from_feed(entry: FeedEntry) -> ExtractedArticle:
    """Feed content, else the summary, as text. Raises ``ExtractError`` where both are empty and there is no title."""
    title = html_to_text(entry.title).replace("\n", " ")
    body = tidy_text(html_to_text(entry.content or "") or html_to_text(entry.summary or ""), "")
    if not title and not body:
        raise ExtractError("empty_entry", entry.url or entry.guid or "")
    agencies = [agency for author in entry.authors if (agency := read_agency(author))]
    return ExtractedArticle(
        title=title,
        body=body,
        authors=clean_authors(entry.authors),
        published_at=entry.published_at,
        modified_at=entry.updated_at,
        language=find_language_of(body),
        canonical_url=entry.url,
        keywords=tuple(dict.fromkeys(entry.categories)),
        section=entry.categories[0] if entry.categories else None,
        agency=next(iter(agencies), None) or find_dateline_agency(body),
        page_kind="story" if body else "empty",
    )


def html_to_text(fragment: str) -> str:
    """Text of an HTML fragment: block elements end lines, images and scripts go, plain text stays as it is."""
    if not fragment.strip():
        return ""
    if "<" not in fragment and "&" not in fragment:
        return tidy_text(fragment)
    root = lxml_html.fragment_fromstring(_CONTROL.sub("", fragment), create_parent="div")
    for element in root.xpath("|".join(f".//{name}" for name in _DROPPED)):
        element.drop_tree()
    for element in root.iter(*_BLOCKS):
        element.text = "\n" + (element.text or "")
        element.tail = "\n" + (element.tail or "")
    return tidy_text(re.sub(r"[\r\n]+", "\n", _flat(root)))


def _flat(root: lxml_html.HtmlElement) -> str:
    return str(root.text_content())
