"""What the readers of delivered files share: status words, times, numbers, paragraphs, signals."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import lxml.html
from lxml import etree

from pipeline.collect.drop import Status

_BLOCKS = frozenset(
    {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "hl2", "blockquote", "bq", "td", "th", "dt", "dd", "pre"}
)
_CONTAINERS = frozenset(
    {"div", "section", "article", "body", "body.content", "block", "ul", "ol", "table", "tr", "html"}
)
_SILENT = frozenset({"script", "style", "head", "figure", "media", "aside"})
_CORRECTION = re.compile(r"\b(?:correct(?:s|ed|ion|ing)?|corrige[sdz]?|berichtig\w*|korrig\w*)\b", re.IGNORECASE)
_UPDATE = re.compile(r"\b(?:updat(?:es?|ed|ing)|adds?|recasts?|new throughout)\b", re.IGNORECASE)
_BASIC = re.compile(r"^(\d{4})(\d\d)(\d\d)T?(?:(\d\d)(\d\d)(\d\d)?)?\s*(Z|[+-]\d\d:?\d\d)?$")


def decide_status(word: str | None) -> Status:
    """``stat:usable``, ``usable``, ``canceled`` …; nothing said is usable (the standards' default), a word that nobody
    knows is withheld, because publishing by mistake cannot be taken back."""
    known = (word or "usable").rpartition(":")[2].strip().lower()
    if known in ("usable", "embargoed"):
        return "usable"
    return "canceled" if known in ("canceled", "cancelled") else "withheld"


def read_time(text: str | None) -> datetime | None:
    """ISO 8601, extended or basic (``20261123T101500Z``); UTC where no zone is given."""
    word = (text or "").strip()
    basic = _BASIC.match(word)
    if basic:
        year, month, day, hour, minute, second, zone = basic.groups()
        word = f"{year}-{month}-{day}T{hour or '00'}:{minute or '00'}:{second or '00'}{zone or ''}"
    try:
        found = datetime.fromisoformat(word)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_number(value: Any) -> int | None:
    """A whole number, also as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return int(value)
    except (ValueError, OverflowError):
        return None


def read_lines(text: str) -> str:
    """Plain text to a paragraph a line: blank lines part paragraphs; where there are none, each line is one."""
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if re.search(r"\n\s*\n", text) else text.splitlines()
    return "\n".join(line for part in parts if (line := " ".join(part.split())))


def read_html(text: str) -> str:
    """HTML or NITF markup to a paragraph a line."""
    if not text.strip():
        return ""
    try:
        root = lxml.html.fragment_fromstring(text, create_parent="div")
    except (etree.ParserError, ValueError):
        return read_lines(text)
    return read_blocks(root)


def read_blocks(root: Any) -> str:
    """The text of an element, a line for each block in it; text between blocks is a line too."""
    lines: list[str] = []
    _collect(root, lines)
    return "\n".join(line for part in lines if (line := " ".join(part.split())))


def find_signals(*texts: str | None) -> tuple[str, ...]:
    """What an editor's note says of the file: ``correction``, ``update``."""
    joined = " ".join(text for text in texts if text)
    found = [("correction", _CORRECTION), ("update", _UPDATE)]
    return tuple(name for name, pattern in found if pattern.search(joined))


def _collect(element: Any, lines: list[str]) -> None:
    """Depth first without recursion on inline markup; blocks inside blocks are lines of their own."""
    stack: list[tuple[Any, bool]] = [(element, False)]
    lines.append("")
    while stack:
        node, is_leaving = stack.pop()
        name = etree.QName(node).localname.lower() if isinstance(node.tag, str) else ""
        is_block = name in _BLOCKS or name in _CONTAINERS
        if is_leaving:
            if is_block:
                lines.append("")
            if node is not element:
                lines[-1] += node.tail or ""
            continue
        stack.append((node, True))
        if not name or name in _SILENT:
            continue
        if is_block:
            lines.append("")
        if name == "br":
            lines[-1] += " "
        lines[-1] += node.text or ""
        stack.extend((child, False) for child in reversed(node))
