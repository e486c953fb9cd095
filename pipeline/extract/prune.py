"""What is cut from a page's tree before the body is sought, and from the body's lines after."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

# Shorter containers hold an alert or nothing; the whole page is then searched.
SHORTEST_CONTAINER = 250
# An <article> of less text beside longer ones may hold but the heading, the standfirst and the byline.
SHORTEST_STORY = 600
# A container that the page marks as the body must hold this share of the text of the page's paragraphs.
CONTAINER_SHARE = 0.2
# Hidden elements of more text than this may be a body that a script unveils.
LONGEST_HIDDEN = 1500
# A link of fewer characters is a name within a sentence.
SHORTEST_LINK = 15
# Characters around each link of a link-only paragraph: brackets, "[VIDEO]", a bar.
AROUND_LINK = 14
# Paragraphs of a hidden element that may be the rest of a story.
FEWEST_UNVEILED = 3
_INNER = (
    "span", "div", "aside", "p", "ul", "ol", "section", "h2", "h3", "h4", "h5", "a", "figure", "em", "strong", "small",
    "blockquote",
)  # fmt: skip
_HEADINGS = frozenset({"h2", "h3", "h4"})
_SENTENCE_END = (".", "?", "!", ":", ",", ";", "”", '"', "’")


def prune_tree(tree: HtmlElement) -> HtmlElement:
    """Cut furniture and other stories out of ``tree`` itself."""
    _drop_code(tree)
    _drop_marked(tree)
    _drop_link_paragraphs(tree)
    _drop_other_articles(tree)
    return tree


def is_furniture(line: str) -> bool:
    """Whether a whole line of text is one of the table's."""
    return len(line) <= 420 and _lines().fullmatch(line) is not None


@lru_cache(maxsize=1)
def load_furniture() -> dict[str, Any]:
    """``furniture.toml`` as read."""
    return tomllib.loads(files("pipeline.extract").joinpath("furniture.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _lines() -> re.Pattern[str]:
    rows = (row["pattern"].replace("(?i)", "", 1) for row in load_furniture()["line"])
    return re.compile("|".join(f"(?:{row})" for row in rows), re.IGNORECASE)


@lru_cache(maxsize=1)
def _class_words() -> re.Pattern[str]:
    words = "|".join(row["word"] for row in load_furniture()["class_word"])
    return re.compile(rf"(?:^|\s)(?:{words})(?:$|\s)", re.IGNORECASE)


def _drop_code(tree: HtmlElement) -> None:
    """Scripts but JSON-LD, styles and drawings: every later copy of the tree is the cheaper for it."""
    etree.strip_elements(tree, "style", "svg", "noscript", "template", etree.Comment, with_tail=False)
    for script in list(tree.iter("script")):
        if "ld+json" not in (script.get("type") or ""):
            _drop(script)


def _drop_marked(tree: HtmlElement) -> None:
    """Hidden elements and those of the table's classes."""
    for element in list(tree.iter(*_INNER)):
        css, style = element.get("class"), element.get("style")
        hidden = element.get("hidden") is not None or (style and "display:none" in style.replace(" ", ""))
        if (css and _is_marked(element.tag, css)) or (hidden and not _may_be_unveiled(element)):
            _drop(element)


def _may_be_unveiled(element: HtmlElement) -> bool:
    """Whether a hidden element is a body that a script unveils: long, or paragraphs that follow others of the story."""
    if _paragraph_length(element) >= LONGEST_HIDDEN:
        return True
    before = element.getprevious()
    return (
        before is not None
        and before.tag == "p"
        and len(element.findall("p")) >= FEWEST_UNVEILED
        and _paragraph_length(element) >= SHORTEST_STORY
    )


@lru_cache(maxsize=4096)
def _is_marked(tag: str, css: str) -> bool:
    """Whether an element's classes are furniture's; the same few hundred class strings come again and again."""
    return bool(_class_words().search(css)) or (tag in _HEADINGS and bool(_heading_words() & set(css.lower().split())))


@lru_cache(maxsize=1)
def _heading_words() -> frozenset[str]:
    return frozenset(load_furniture()["standfirst"]["heading_words"])


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _drop_link_paragraphs(tree: HtmlElement) -> None:
    """Paragraphs that are links and no sentence: the links to other stories between those of this one."""
    for paragraph in tree.xpath("//body//a//p"):
        _drop(paragraph)
    for paragraph in tree.xpath("//body//p[.//a]"):
        text = _words(paragraph)
        links = [words for link in paragraph.iter("a") if len(words := _words(link)) >= SHORTEST_LINK]
        around = len(text) - sum(map(len, links))
        if links and around <= AROUND_LINK * len(links) and (text.isupper() or not links[-1].endswith(_SENTENCE_END)):
            _drop(paragraph)


def _drop_other_articles(tree: HtmlElement) -> None:
    """Where one ``<article>`` of several holds the page's only heading, the others beside it are other stories."""
    articles = [article for article in tree.iter("article") if next(article.iterancestors("article"), None) is None]
    own = [article for article in articles if article.find(".//h1") is not None]
    if len(articles) < 2 or len(own) != 1:
        return
    others = [article for article in articles if article is not own[0]]
    kept, longest = len(_words(own[0])), max(len(_words(article)) for article in others)
    if kept < SHORTEST_CONTAINER or (kept < SHORTEST_STORY and 2 * kept < longest):
        return
    for article in others:
        _drop(article)


def _paragraph_length(element: HtmlElement) -> int:
    return sum(len(paragraph.text_content()) for paragraph in element.iter("p"))


def _words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def narrow_tree(tree: HtmlElement) -> None:
    """Leave nothing in the body of ``tree`` but the container that the page marks as its story's, if it marks one."""
    marked = tree.xpath("//body//*[@itemprop='articleBody'][not(ancestor::*[@itemprop='articleBody'])]")
    if not marked or marked[0].tag in ("p", "meta", "span"):
        return
    containers = [each for each in marked if each.getparent() is marked[0].getparent()]
    total, kept = _paragraph_length(tree), sum(map(_paragraph_length, containers))
    body = tree.find(".//body")
    if body is None or kept < SHORTEST_CONTAINER or kept < CONTAINER_SHARE * total:
        return
    for child in list(body):
        body.remove(child)
    body.text = None
    first, *others = containers
    for other in others:
        first.extend(list(other))
    first.tail = None
    body.append(first)
