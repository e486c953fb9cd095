"""JSON-LD as news sites write it: lists, ``@graph``, references by ``@id``, broken commas and raw line feeds."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

Node = dict[str, Any]

ARTICLE_TYPES = frozenset(
    {
        "newsarticle", "article", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle",
        "backgroundnewsarticle", "reviewnewsarticle", "blogposting", "liveblogposting", "report", "techarticle",
        "scholarlyarticle", "satiricalarticle", "advertisercontentarticle", "asknewsarticle", "medicalwebpage",
    }
)  # fmt: skip

# Characters of a broken script that are looked at.
LONGEST_SALVAGED = 100_000
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_WRAPPER = re.compile(
    r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|/\*\s*\]\]>\s*\*/|//\s*\]\]>|\]\]>)\s*;?\s*$"
)


def read_jsonld(scripts: Iterable[str]) -> tuple[Node, ...]:
    """Every node with a type, outer before inner; scripts that are no JSON even after repair are passed over."""
    nodes: list[Node] = []
    for script in scripts:
        nodes.extend(_walk(_loads(script)))
    return _resolve(tuple(nodes))


def types_of(node: Node) -> frozenset[str]:
    """A node's types in lower case without a namespace."""
    kinds = node.get("@type") or ()
    kinds = (kinds,) if isinstance(kinds, str) else kinds
    return frozenset(str(kind).rsplit("/", 1)[-1].lower() for kind in kinds)


def find_article(nodes: tuple[Node, ...], url: str | None = None, title: str | None = None) -> Node | None:
    """The node of the page's own story: the one that names this address, else the one with this title, else the first
    dated, else the first."""
    articles = [node for node in nodes if types_of(node) & ARTICLE_TYPES]
    first = next(iter([node for node in articles if node.get("datePublished")] or articles), None)
    if first is None or len(articles) == 1:
        return first
    addresses = [
        [each for each in _addresses(node) if url and _bare_address(each) == _bare_address(url)] for node in articles
    ]
    exact = [node for node, named in zip(articles, addresses, strict=True) if url in named]
    near = [node for node, named in zip(articles, addresses, strict=True) if named]
    for own in (exact[:1], near, [node for node in articles if _is_titled(node, title)]):
        if own:
            return first if first in own else own[0]
    return first


def _addresses(node: Node) -> list[str]:
    named = (node.get("url"), node.get("@id"), text_of(node.get("mainEntityOfPage"), "@id"))
    return [address for address in named if isinstance(address, str)]


def _is_titled(node: Node, title: str | None) -> bool:
    own, shared = _letters(text_of(node.get("headline")) or ""), _letters(title or "")
    return bool(own and shared) and (own in shared or shared in own)


def _bare_address(url: str) -> str:
    return re.sub(r"^https?://(?:www\.)?|[?#].*$", "", url.strip()).rstrip("/")


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", html.unescape(text)).casefold()


def find_told_body(nodes: tuple[Node, ...]) -> str:
    """The longest ``articleBody`` of the page's articles, without tags; empty where there is none."""
    told = [text for node in nodes if types_of(node) & ARTICLE_TYPES and (text := text_of(node.get("articleBody")))]
    return html.unescape(re.sub(r"<[^>]{1,200}>", " ", max(told, key=len, default="")))


def text_of(value: object, *keys: str) -> str | None:
    """The text in a JSON-LD value: itself, the first of a list, or a node's first of ``keys`` (default ``name``)."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, list):
        return next((text for part in value if (text := text_of(part, *keys))), None)
    if isinstance(value, dict):
        return next((text for key in keys or ("name",) if (text := text_of(value.get(key)))), None)
    return None


def _loads(script: str) -> object:
    cleaned = _WRAPPER.sub("", script.strip())
    for attempt in (cleaned, _TRAILING_COMMA.sub(r"\1", cleaned)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return _salvage(cleaned)


def _salvage(script: str) -> Node | None:
    """The few strings that tell most, out of a script whose quotation marks break it; None where it is no article's."""
    kind = re.search(r'"@type"\s*:\s*\[?\s*"(\w+)"', script[:LONGEST_SALVAGED])
    if not kind or kind[1].lower() not in ARTICLE_TYPES:
        return None
    found = re.findall(
        r'"(headline|datePublished|dateModified|articleSection)"\s*:\s*"([^"\n]{3,300})"', script[:LONGEST_SALVAGED]
    )
    people = re.findall(r'"@type"\s*:\s*"Person"\s*,\s*"name"\s*:\s*"([^"\n]{3,80})"', script[:LONGEST_SALVAGED])
    return {
        "@type": kind[1],
        "author": [{"@type": "Person", "name": name} for name in people[:5]],
        **dict(reversed(found)),
    }


def _walk(value: object, depth: int = 0) -> Iterator[Node]:
    if depth > 12:
        return
    if isinstance(value, list):
        for part in value:
            yield from _walk(part, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for part in value.values():
            if isinstance(part, dict | list):
                yield from _walk(part, depth + 1)


def _resolve(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Replace ``{"@id": …}`` stubs of one level by the node that they name."""
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 2}

    def whole(value: object) -> object:
        if isinstance(value, list):
            return [whole(part) for part in value]
        if isinstance(value, dict) and set(value) <= {"@id", "@type"}:
            return by_id.get(value.get("@id", ""), value)
        return value

    return tuple({key: whole(value) for key, value in node.items()} for node in nodes)
