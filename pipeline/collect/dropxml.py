"""NewsML-G2 (news messages, news items with inline XHTML, NITF or plain text) and NITF 3."""

from __future__ import annotations

from typing import Any

from lxml import etree

from pipeline.collect.drop import DropStory
from pipeline.collect.dropfields import decide_status, find_signals, read_blocks, read_lines, read_number, read_time
from pipeline.errors import FeedParseError

NEWSML = "http://iptc.org/std/nar/2006-10-01/"
_N = {"n": NEWSML}


def read_newsml(root: Any) -> list[DropStory]:
    """Every news item in a document that is a text; `FeedParseError` ``not_a_story`` for one without guid."""
    found = [_read_news_item(element) for element in root.iter(f"{{{NEWSML}}}newsItem")]
    return [story for story in found if story is not None]


def _read_news_item(element: Any) -> DropStory | None:
    guid = element.get("guid")
    if not guid:
        raise FeedParseError("not_a_story", "a newsItem without guid")
    meta, content = element.find("n:itemMeta", _N), element.find("n:contentMeta", _N)
    status = decide_status(_code(meta, "pubStatus"))
    body = _find_body(element)
    kind = _code(meta, "itemClass") or "text"
    if kind.rpartition(":")[2] not in ("text", "composite") or (not body and status != "canceled"):
        return None
    embargoed = meta.find("n:embargoed", _N) if meta is not None else None
    embargo_until = read_time(embargoed.text) if embargoed is not None else None
    if embargoed is not None and embargo_until is None and status == "usable":
        status = "withheld"  # an embargo without an end lasts until the agency lifts it with a new version
    note = _text(meta, "edNote")
    signals = [signal.get("qcode", "").rpartition(":")[2] for signal in element.iterfind("n:itemMeta/n:signal", _N)]
    return DropStory(
        format="newsmlg2",
        guid=guid,
        version=read_number(element.get("version")) or 1,  # the standard's default
        status=status,
        headline=_text(content, "headline") or _text(meta, "title") or "",
        body=body,
        provider=_find_provider(meta),
        language=_find_language(element, content),
        slugline=_text(content, "slugline"),
        byline=_text(content, "by") or _text(content.find("n:creator", _N) if content is not None else None, "name"),
        dateline=_text(content, "dateline"),
        note=note,
        urgency=read_number(_text(content, "urgency")),
        url=_find_url(meta),
        embargo_until=embargo_until,
        created_at=read_time(_text(meta, "firstCreated")),
        versioned_at=read_time(_text(meta, "versionCreated")),
        subjects=_find_subjects(content),
        signals=tuple(dict.fromkeys([*(signal for signal in signals if signal), *find_signals(note)])),
    )


def read_nitf(root: Any) -> DropStory:
    """The story in a NITF document, with its namespace (3.4 and later) or without. `FeedParseError` ``not_a_story``
    without a doc-id."""
    for node in root.iter(etree.Element):
        node.tag = _local(node)
    data = root.find("head/docdata")
    identifier = data.find("doc-id") if data is not None else None
    guid = identifier.get("id-string") if identifier is not None else None
    if data is None or not guid:
        raise FeedParseError("not_a_story", "NITF without a doc-id")
    key = data.find("du-key")
    management = data.get("management-status", "usable")
    released = read_time(_attribute(data, "date.release", "norm"))
    note = _attribute(data, "ed-msg", "info") or _attribute(data, "correction", "info")
    signals = find_signals(note)
    if data.find("correction") is not None:
        signals = tuple(dict.fromkeys(["correction", *signals]))
    head = root.find("body/body.head")
    parts = [part for path in ("body/body.content", "body/body.end/tagline") if (part := root.find(path)) is not None]
    is_endless = management == "embargoed" and released is None
    return DropStory(
        format="nitf",
        guid=guid,
        version=read_number(key.get("version")) or 0 if key is not None else 0,
        status="withheld" if is_endless else decide_status(management),
        headline=_words(root.find("body/body.head/hedline/hl1")) or _words(root.find("head/title")) or "",
        body="\n".join(text for part in parts if (text := read_blocks(part))),
        provider=_attribute(data, "doc.copyright", "holder"),
        language=root.get("{http://www.w3.org/XML/1998/namespace}lang"),
        slugline=key.get("key") if key is not None else None,
        byline=_words(head.find("byline")) if head is not None else None,
        dateline=_words(head.find("dateline")) if head is not None else None,
        note=note,
        urgency=read_number(_attribute(data, "urgency", "ed-urg")),
        embargo_until=released if management == "embargoed" else None,
        created_at=read_time(_attribute(data, "date.issue", "norm")),
        versioned_at=read_time(_attribute(data, "date.issue", "norm")),
        subjects=tuple(
            words
            for code in root.iterfind("head/tobject/tobject.subject")
            if (words := code.get("tobject.subject.type"))
        ),
        signals=signals,
    )


def _find_body(element: Any) -> str:
    """The first inline text: markup before plain, because it knows its paragraphs."""
    for inline in element.iterfind("n:contentSet/n:inlineXML", _N):
        for child in inline:
            if isinstance(child.tag, str) and (text := read_blocks(_find_content(child))):
                return text
    for inline in element.iterfind("n:contentSet/n:inlineData", _N):
        if inline.get("contenttype", "text/plain").startswith("text/") and (text := read_lines(inline.text or "")):
            return text
    return ""


def _find_content(element: Any) -> Any:
    """The part of a document that is copy: the body of XHTML, the content of NITF."""
    for name in ("body.content", "body"):
        found = next((node for node in element.iter() if _local(node) == name), None)
        if found is not None:
            return found
    return element


def _find_provider(meta: Any) -> str | None:
    provider = meta.find("n:provider", _N) if meta is not None else None
    if provider is None:
        return None
    code = provider.get("qcode") or provider.get("literal") or ""
    return _text(provider, "name") or code.rpartition(":")[2] or None


def _find_language(element: Any, content: Any) -> str | None:
    language = content.find("n:language", _N) if content is not None else None
    tag: str | None = language.get("tag") if language is not None else None
    return tag or element.get("{http://www.w3.org/XML/1998/namespace}lang")


def _find_url(meta: Any) -> str | None:
    """Where the agency shows the story itself, if it says so."""
    for link in meta.iterfind("n:link", _N) if meta is not None else ():
        href: str = link.get("href") or ""
        if href.startswith(("http://", "https://")) and (link.get("rel") or "").endswith(":canonical"):
            return href
    return None


def _find_subjects(content: Any) -> tuple[str, ...]:
    found = content.iterfind("n:subject", _N) if content is not None else ()
    names = (_text(subject, "name") for subject in found)
    return tuple(dict.fromkeys(name for name in names if name))


def _code(parent: Any, name: str) -> str | None:
    found = parent.find(f"n:{name}", _N) if parent is not None else None
    return found.get("qcode") if found is not None else None


def _text(parent: Any, name: str) -> str | None:
    return _words(parent.find(f"n:{name}", _N)) if parent is not None else None


def _attribute(parent: Any, name: str, attribute: str) -> str | None:
    found = parent.find(name)
    return found.get(attribute) or None if found is not None else None


def _words(element: Any) -> str | None:
    return " ".join("".join(element.itertext()).split()) or None if element is not None else None


def _local(node: Any) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else ""
