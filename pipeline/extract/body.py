"""The body: trafilatura standard without comments, then what it leaves that is no story."""

from __future__ import annotations

import re
import unicodedata
from copy import copy

import trafilatura
from lxml.html import HtmlElement

from pipeline.extract.page import Page
from pipeline.extract.prune import is_furniture, prune_tree

_SPACES = re.compile(r"[^\S\n]+|[\u200b\u2060\ufeff\u00ad]+")
_MARK = re.compile(r"^(?:[-*•·]\s+)(?=\S)")


def extract_body(page: Page, title: str) -> str:
    """Paragraphs separated by one newline, NFC; empty where the page holds no text.

    Consumes ``page.tree``: it is pruned in place, so metadata must have been read before.
    """
    tree = prune_tree(page.tree, page.first_meta("og:description", "description"))
    text = trafilatura.extract(tree, url=page.url, include_comments=False, include_tables=True) or ""
    return "\n".join(line for line in tidy_text(text, title).split("\n") if not is_furniture(line))


def tidy_text(text: str, title: str = "") -> str:
    """NFC, no white space but single spaces and newlines, no leading lines that repeat the title."""
    lines = [_SPACES.sub(" ", line).strip() for line in unicodedata.normalize("NFC", text).splitlines()]
    lines = [_MARK.sub("", line) for line in lines if line]
    while lines and title and _bare(lines[0]) == _bare(title):
        lines.pop(0)
    return "\n".join(lines)


def drop_elements(tree: HtmlElement, xpaths: tuple[str, ...]) -> HtmlElement:
    """A copy of ``tree`` without the elements that these expressions name; their tails stay."""
    pruned = copy(tree)
    for expression in xpaths:
        for element in pruned.xpath(expression):
            element.drop_tree()
    return pruned


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
