"""A page of bytes to one article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import trafilatura

from pipeline.errors import ExtractError
from pipeline.extract.authors import find_credits, find_dateline_agency
from pipeline.extract.body import drop_elements, extract_body
from pipeline.extract.kind import decide_page_kind, read_kind_signs
from pipeline.extract.language import decide_language
from pipeline.extract.metadata import read_metadata
from pipeline.extract.page import Page, parse_page
from pipeline.records import ExtractedArticle, ExtractionRule

EXTRACTOR_VERSION = f"2026.11.0+trafilatura.{trafilatura.__version__}"


def extract_article(
    html: bytes,
    url: str | None = None,
    rules: tuple[ExtractionRule, ...] = (),
    fetched_on: date | None = None,
) -> ExtractedArticle:
    """Title, body, authors, times and the rest of one page.

    ``rules`` are the service's own; those valid on ``fetched_on`` (all, where it is None) are applied.
    Raises ``ExtractError`` where the bytes are no page; a page without a story comes back with its ``page_kind``.
    """
    page = parse_page(html, url)
    for rule in decide_rules(rules, fetched_on):
        page = _apply(page, rule)
    metadata = read_metadata(page)
    authors, agency = find_credits(page, metadata.article)
    kind_signs = read_kind_signs(page)
    body = extract_body(page, metadata.title, authors)
    return ExtractedArticle(
        title=metadata.title,
        body=body,
        authors=authors,
        published_at=metadata.published_at,
        modified_at=metadata.modified_at,
        language=decide_language(metadata.language, body),
        canonical_url=metadata.canonical_url,
        section=metadata.section,
        keywords=metadata.keywords,
        agency=agency or find_dateline_agency(body),
        page_kind=decide_page_kind(kind_signs, body),
    )


def extract_articles(pages: Iterable[tuple[bytes, str | None]]) -> Iterator[ExtractedArticle | ExtractError]:
    """One result a page, in order; a page that cannot be read gives its error, not an exception."""
    for html, url in pages:
        try:
            yield extract_article(html, url)
        except ExtractError as error:
            yield error


def decide_rules(rules: tuple[ExtractionRule, ...], fetched_on: date | None) -> tuple[ExtractionRule, ...]:
    """The rules valid on a day: ``valid_from`` included, ``valid_to`` not."""
    return tuple(
        rule
        for rule in rules
        if fetched_on is None
        or (rule.valid_from <= fetched_on and (rule.valid_to is None or fetched_on < rule.valid_to))
    )


def _apply(page: Page, rule: ExtractionRule) -> Page:
    tree = drop_elements(page.tree, rule.drop_xpath)
    if rule.body_xpath and (found := tree.xpath(rule.body_xpath)):
        body = tree.find("body")
        if body is not None:
            for child in list(body):
                body.remove(child)
            body.text = None
            body.extend(found)
    return Page(tree, page.url, page.may_be_signed)
