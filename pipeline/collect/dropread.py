"""`read_drop`: a delivered file to its stories, whatever its format."""

from __future__ import annotations

import json

from lxml import etree

from pipeline.collect.drop import DropStory
from pipeline.collect.dropjson import read_ninjs
from pipeline.collect.dropxml import NEWSML, read_newsml, read_nitf
from pipeline.collect.feedtext import read_text, refuse_entities
from pipeline.errors import FeedParseError

MAX_FILE_BYTES = 32 * 2**20
#: what an index of Postgres can hold, with room to spare
MAX_GUID_LENGTH = 600


def read_drop(body: bytes) -> tuple[DropStory, ...]:
    """The texts in a file; a message or a list may hold several. Raises `FeedParseError` with reason ``empty``,
    ``too_large``, ``forbidden_entity``, ``not_a_story`` (no format that is known), ``no_text`` (a picture, a package)."""
    if len(body) > MAX_FILE_BYTES:
        raise FeedParseError("too_large", f"more than {MAX_FILE_BYTES} bytes")
    text = read_text(body, None).text
    stories = _read_json(text) if text.startswith(("{", "[")) else _read_xml(text)
    if not stories:
        raise FeedParseError("no_text", "nothing in the file is a text")
    if any(len(story.guid) > MAX_GUID_LENGTH for story in stories):
        raise FeedParseError("not_a_story", f"an identity of more than {MAX_GUID_LENGTH} characters")
    return tuple(stories)


def _read_json(text: str) -> list[DropStory]:
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FeedParseError("not_a_story", f"broken JSON: {error}") from error
    given = tree if isinstance(tree, list) else [tree]
    found = [read_ninjs(one) for one in given if isinstance(one, dict)]
    return [story for story in found if story is not None]


def _read_xml(text: str) -> list[DropStory]:
    refuse_entities(text)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise FeedParseError("not_a_story", f"broken XML: {error}") from error
    if etree.QName(root).namespace == NEWSML:
        return read_newsml(root)
    if etree.QName(root).localname == "nitf":
        return [read_nitf(root)]
    raise FeedParseError("not_a_story", f"neither NewsML-G2, NITF nor ninjs: {etree.QName(root).localname}")
