"""Bytes of a feed to text: which encoding, and what must not be in it. No parser runs before this has passed."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from html.entities import html5
from xml.parsers import expat

from pipeline.errors import FeedParseError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: how "<?" or "{" begins without a byte order mark
_MARKERS = (
    (b"<\x00?\x00", "utf-16-le"),
    (b"\x00<\x00?", "utf-16-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"{\x00", "utf-16-le"),
    (b"\x00{", "utf-16-be"),
)
_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*?\?>", re.ASCII)
_DECLARED = re.compile(rb"""\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]+)""", re.IGNORECASE)
#: encodings in which ASCII bytes mean something else: only these outrank bytes that are valid UTF-8
_STATEFUL = frozenset({"iso2022_jp", "iso2022_kr", "iso2022_jp_2", "hz"})
#: encodings that documents come in; Python has others (punycode, idna, unicode_escape …) that are slow or no encodings
_KNOWN = re.compile(
    r"ascii|utf_(?:8|16|32)(?:_[bl]e)?|utf_8_sig|iso8859_\d+|cp(?:125\d|866|874|932|949|950|437|85\d)|koi8_[rtu]|mac_\w+"
    r"|gb2312|gbk|gb18030|hz|big5(?:hkscs)?|euc_\w+|shift_jis\w*|iso2022_\w+|johab|tis_620|kz1048|ptcp154"
)
#: characters that XML 1.0 forbids, also as references
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_FORBIDDEN_REFERENCE = re.compile(r"&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|x0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]));")
#: what may hold a bare ampersand rightly, and any ampersand that XML does not know, with its name
_REFERENCE = re.compile(
    r"<!\[CDATA\[(?:.*?\]\]>|.*)|<!--(?:.*?-->|.*)"
    r"|&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);)(?:([A-Za-z][A-Za-z0-9]*);)?",
    re.DOTALL,
)
_PROLOG_STEP = 4096
_HTML = re.compile(r"<!doctype\s+html\b|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_FEED = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:rss|rdf|feed|channel)[\s>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeedText:
    """Text without declaration, byte order mark and forbidden characters; ``warnings`` are short codes."""

    text: str
    encoding: str
    warnings: tuple[str, ...]


def read_text(body: bytes, content_type: str | None) -> FeedText:
    """Decode ``body``. Order of belief: byte order mark, UTF-16 by its look, valid UTF-8, what the XML declaration
    says, what Content-Type says, windows-1252. Valid UTF-8 outranks both declarations, because bytes of another
    encoding are hardly ever valid UTF-8 by chance, while wrong declarations are everyday."""
    text, encoding, warnings = _decode(body, content_type)
    text = _DECLARATION.sub("", text, count=1) if text.lstrip().startswith("<?xml") else text
    cleaned = _FORBIDDEN_REFERENCE.sub("", _FORBIDDEN.sub("", text))
    if len(cleaned) != len(text):
        warnings.append("control_characters")
    return FeedText(cleaned.strip(), encoding, tuple(warnings))


def repair_references(text: str) -> str:
    """XML with its bare ampersands escaped and HTML's names (``&eacute;``) spelt as numbers, outside CDATA and
    comments. Without this feedparser leaves its strict parser for the loose one, which reads ``AT&T`` as ``AT&T;``."""
    return _REFERENCE.sub(_repair_reference, text) if "&" in text else text


def _repair_reference(match: re.Match[str]) -> str:
    found, name = match.group(), match.group(1)
    if found[0] == "<":
        return found
    meant = html5.get(f"{name};") if name else None
    return "".join(f"&#{ord(letter)};" for letter in meant) if meant else "&amp;" + found[1:]


def check_document(text: str) -> None:
    """Refuse what is no feed before any parser sees it: `FeedParseError` with reason ``empty``, ``html`` or
    ``forbidden_entity``."""
    refuse_entities(text)
    head = text[:20_000]
    if _HTML.search(head) and not _FEED.search(head[: _find_html(head)]):
        raise FeedParseError("html", "a page came instead of a feed")


def refuse_entities(text: str) -> None:
    """`FeedParseError` ``empty``, or ``forbidden_entity`` for a document that declares entities. A DOCTYPE that declares
    nothing (RSS 0.91 has one) is harmless, since nobody fetches it. The prolog is read by expat, the parser under
    feedparser's strict one, so that both see the same; where expat fails, so does that, and its loose parser expands
    nothing."""
    if not text:
        raise FeedParseError("empty", "the body is empty")
    reader = expat.ParserCreate("utf-8")
    reader.EntityDeclHandler = _refuse_declaration
    reader.StartElementHandler = _end_prolog
    try:
        for start in range(0, len(text), _PROLOG_STEP):
            reader.Parse(text[start : start + _PROLOG_STEP], False)
    except (_PrologOver, expat.ExpatError):
        return


class _PrologOver(Exception):
    """The first element has begun: no more declarations can come."""


def _refuse_declaration(*declared: object) -> None:
    raise FeedParseError("forbidden_entity", f"the document type declares the entity {str(declared[0])[:40]}")


def _end_prolog(*element: object) -> None:
    raise _PrologOver


def _find_html(head: str) -> int:
    found = _HTML.search(head)
    return found.start() if found else len(head)


def _decode(body: bytes, content_type: str | None) -> tuple[str, str, list[str]]:
    for mark, encoding in _BOMS:
        if body.startswith(mark) and not (encoding == "utf-16-le" and body.startswith(codecs.BOM_UTF32_LE)):
            return _decode_marked(body[len(mark) :], encoding)
    for marker, encoding in _MARKERS:
        if body.startswith(marker):
            return _decode_marked(body, encoding)
    declared = _DECLARED.match(body[:1000])
    charset = _CHARSET.search(content_type or "")
    candidates = [declared.group(1).decode("ascii") if declared else None, charset.group(1) if charset else None]
    named = [name for name in (_find_codec(candidate) for candidate in candidates) if name]
    order = [name for name in named if name in _STATEFUL] + ["utf-8", *named, "cp1252"]
    for encoding in order:
        try:
            text = body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        expected = named[0] if named else "utf-8"
        is_odd = _find_codec(encoding) != _find_codec(expected) and not body.isascii()
        return text, encoding, ["charset_mismatch"] if is_odd else []
    return body.decode("cp1252", "replace"), "cp1252", ["charset_unknown"]


def _decode_marked(body: bytes, encoding: str) -> tuple[str, str, list[str]]:
    try:
        return body.decode(encoding), encoding, []
    except UnicodeDecodeError:
        return body.decode(encoding, "replace"), encoding, ["charset_broken"]


def _find_codec(name: str | None) -> str | None:
    """Python's name of a text encoding; gb2312 and latin-1 widened to what servers mean by them (WHATWG)."""
    if not name:
        return None
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    found = codec.name.replace("-", "_")
    if not _KNOWN.fullmatch(found):
        return None
    return {"gb2312": "gb18030", "gbk": "gb18030", "iso8859_1": "cp1252", "ascii": "cp1252", "utf_8": "utf-8"}.get(
        found, found
    )
