"""The body: trafilatura standard without comments, then what it leaves that is no story."""

from __future__ import annotations

import re
import unicodedata
from copy import copy

import trafilatura
from lxml.html import HtmlElement

from pipeline.extract.ends import decide_lost_body, drop_head_lines, drop_tail_lines, is_lost, letters
from pipeline.extract.jsonld import find_told_body
from pipeline.extract.page import Page
from pipeline.extract.prune import is_furniture, narrow_tree, prune_tree
from pipeline.wire.lines import Line, find_notice
from pipeline.wire.sign_off import find_sign_off

_SIGNED = re.compile(
    r"\s*[(\[]?\s*(?:additional |with )?(?:reporting|writing|editing|compiled|written|edited)(?: and \w+)? by\b",
    re.IGNORECASE,
)
LONGEST_SIGNED = 600
# Trafilatura falls back to the text of the whole page where it finds less than its minimum of 250 characters.
SHORT = 800
# Beyond so many elements trafilatura takes half a minute (it is quadratic in them); no story of ours has a tenth of them.
MOST_ELEMENTS = 30_000
_TEXT_BLOCKS = ("p", "h2", "h3", "h4", "li", "blockquote", "div", "td")
_SPACES = re.compile(r"[^\S\n]+|[\u200b\u2060\ufeff\u00ad]+")
_MARK = re.compile(r"^(?:[-*•·]\s+)(?=\S)")


def extract_body(page: Page, title: str, authors: tuple[str, ...] = ()) -> str:
    """Paragraphs separated by one newline, NFC; empty where the page holds no text.

    Consumes ``page.tree``: it is pruned in place, so metadata must have been read before.
    """
    told = letters(find_told_body(page.jsonld))
    tree = prune_tree(page.tree)
    signed = find_signed_lines(tree) if page.may_be_signed else []
    narrow_tree(tree)
    if tree.xpath("count(//*)") > MOST_ELEMENTS:
        text = "\n".join(find_own_paragraphs(tree))
    else:
        text = trafilatura.extract(tree, url=page.url, include_comments=False, include_tables=True) or ""
    lines = [line for line in tidy_text(text, title).split("\n") if line and not is_furniture(line)]
    if len(text) < SHORT:
        lines = decide_short_body(lines, find_own_paragraphs(tree), title)
    if told:
        own = find_all_texts(tree) if is_lost(lines, told) else []
        lines = drop_tail_lines(decide_lost_body(lines, own, told), told)
    return "\n".join(with_signed_lines(drop_head_lines(lines, authors), signed))


def find_signed_lines(tree: HtmlElement) -> list[str]:
    """The sign-off in an element of its own: trafilatura loses it outside the body's container.

    More than one sign-off of several lines is another story's: only the first is taken.
    """
    found: list[str] = []
    for element in tree.iter("p", "span", "div", "em", "i"):
        if (
            element.text
            and _SIGNED.match(element.text)
            and len(line := tidy_text(element.text_content())) <= LONGEST_SIGNED
        ):
            sign_off = find_sign_off(line, 0, len(line))
            if sign_off and sign_off.start == 0 and line not in found:
                found.append(line)
    return found if len(found) <= 2 else found[:1]


def find_own_paragraphs(tree: HtmlElement) -> list[str]:
    """Paragraphs of the first container that the page marks as its story's; none where it marks none."""
    for marked in ("//*[@itemprop='articleBody']", "//article", "//main"):
        for container in tree.xpath(marked):
            paragraphs = (each for each in container.iter("p") if next(each.iterancestors("aside"), None) is None)
            lines = [tidy_text(paragraph.text_content()) for paragraph in paragraphs]
            if any(lines):
                return [line for line in lines if line]
    return []


def find_all_texts(tree: HtmlElement) -> list[str]:
    """Texts of all blocks of ``tree`` that hold no other block."""
    return [
        text
        for element in tree.iter(*_TEXT_BLOCKS)
        if next(element.iterdescendants(*_TEXT_BLOCKS), None) is None and (text := tidy_text(element.text_content()))
    ]


def decide_short_body(lines: list[str], own: list[str], title: str = "") -> list[str]:
    """For a short page trafilatura gives the whole page's text, menus and all: then the container's paragraphs, if they
    are all in it. Alerts are one line long."""
    text = "\n".join(lines)
    own = [line for line in own if _bare(line) != _bare(title) and not is_furniture(line)]
    return own if own and all(line in text for line in own) else lines


def with_signed_lines(lines: list[str], signed: list[str]) -> list[str]:
    """Those of ``signed`` that the text lacks, put before the notices that end it."""
    text = "\n".join(lines)
    missing = [line for line in signed if line not in text]
    end = len(lines)
    while missing and end and find_notice(Line(0, len(lines[end - 1]), lines[end - 1])):
        end -= 1
    return [*lines[:end], *missing, *lines[end:]]


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
