"""Bytes of a page to one parsed tree, shared by the readers of body and metadata."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lxml.html import HtmlElement
from trafilatura import load_html

from pipeline.errors import ExtractError
from pipeline.extract.jsonld import read_jsonld

# No page without one of these holds a sign-off; looking for its element costs a twentieth of the whole extraction.
_SIGN_OFF_WORDS = (b"eporting by", b"diting by", b"riting by", b"ompiled by", b"eporting By", b"diting By")


@dataclass(frozen=True)
class Page:
    """A parsed page. Only ``body.extract_body`` changes ``tree``, last of all."""

    tree: HtmlElement
    url: str | None = None
    may_be_signed: bool = True

    @cached_property
    def metas(self) -> dict[str, list[str]]:
        """``<meta>`` values by lower-case name or property, in page order."""
        found: dict[str, list[str]] = {}
        for meta in self.tree.iter("meta"):
            value = (meta.get("content") or "").strip()
            if not value:
                continue
            for attribute in ("property", "name", "itemprop"):
                if key := meta.get(attribute):
                    found.setdefault(key.strip().lower(), []).append(value)
                    break
        return found

    @cached_property
    def jsonld(self) -> tuple[dict[str, Any], ...]:
        """Every JSON-LD node of the page, in page order."""
        scripts = (
            script.text for script in self.tree.iter("script") if "ld+json" in (script.get("type") or "").lower()
        )
        return read_jsonld(text for text in scripts if text)

    def first_meta(self, *keys: str) -> str | None:
        """The first value of the first of these keys that the page has."""
        return next((self.metas[key][0] for key in keys if key in self.metas), None)


def parse_page(html: bytes, url: str | None = None) -> Page:
    """Parse ``html``. Raises ``ExtractError`` where it holds no markup at all."""
    if not html or not html.strip():
        raise ExtractError("empty_page", url or "")
    tree = load_html(html)
    if tree is None:
        raise ExtractError("not_html", url or "")
    return Page(tree, url, any(words in html for words in _SIGN_OFF_WORDS))
