"""What kind of page it is: story, live_blog, index, consent or empty."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.extract.jsonld import ARTICLE_TYPES, types_of
from pipeline.extract.page import Page

_CONSENT = re.compile(
    r"\b(?:we (?:and our (?:\d+ )?partners )?(?:use|value|care about) (?:cookies|your privacy)|manage (?:your )?"
    r"(?:consent|cookies|privacy)|accept (?:all )?cookies|before you continue|privacy (?:choices|settings)|enable "
    r"(?:javascript|cookies)|are you a robot|verify you are (?:a )?human|checking your browser|access denied|"
    r"unusual activity)",
    re.IGNORECASE,
)
# Below this length a body is looked at for consent walls; alerts are one line long, so length alone decides nothing.
SHORT = 1200


@dataclass(frozen=True, slots=True)
class KindSigns:
    """What a page says of itself: JSON-LD types and ``og:type`` in lower case, and its title."""

    types: frozenset[str]
    og_type: str
    title: str


def read_kind_signs(page: Page) -> KindSigns:
    """The signs of a page, read before its tree is pruned."""
    types = frozenset(kind for node in page.jsonld for kind in types_of(node))
    title = " ".join(element.text_content() for element in page.tree.iterfind(".//title"))[:300]
    return KindSigns(types, (page.first_meta("og:type") or "").lower(), title)


def decide_page_kind(signs: KindSigns, body: str) -> str:
    """From what the page says of itself and the body's own look."""
    if len(body) < SHORT and len(_CONSENT.findall(f"{signs.title}\n{body}")) >= (1 if len(body) < 300 else 2):
        return "consent"
    if not body.strip():
        return "empty"
    if "liveblogposting" in signs.types:
        return "live_blog"
    is_article = bool(signs.types & ARTICLE_TYPES) or signs.og_type in ("article", "news", "newsarticle")
    if not is_article and (signs.types & {"collectionpage", "itemlist", "searchresultspage"} or _is_list(body)):
        return "index"
    return "story"


def _is_list(body: str) -> bool:
    """Many short lines of which few end as sentences do."""
    lines = body.splitlines()
    ended = sum(line.rstrip("\"'”’)").endswith((".", "!", "?", ":")) for line in lines)
    return len(lines) >= 10 and ended < 0.3 * len(lines)
