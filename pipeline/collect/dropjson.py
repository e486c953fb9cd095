"""ninjs 1.x, 2.x and 3.x (iptc.org/std/ninjs). Version 3 writes its keys in camel case, so all are folded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.collect.drop import DropStory
from pipeline.collect.dropfields import decide_status, find_signals, read_html, read_lines, read_number, read_time
from pipeline.errors import FeedParseError


def read_ninjs(given: Mapping[str, Any]) -> DropStory | None:
    """The story in a ninjs object; None where it is no text. `FeedParseError` ``not_a_story`` without uri."""
    fields = {str(key).lower(): value for key, value in given.items()}
    if not isinstance(fields.get("uri"), str) or not fields["uri"]:
        raise FeedParseError("not_a_story", "JSON without a uri is no ninjs")
    generation = "1" if not {"bodies", "headlines", "standard"} & fields.keys() else _find_generation(given, fields)
    body = _find_body(fields)
    headline = _text(fields, "headline") or _pick(fields.get("headlines"), ("main", "headline", "")) or ""
    status = decide_status(_text(fields, "pubstatus"))
    if not body and status != "canceled" and (_text(fields, "type") or "text") not in ("text", "composite"):
        return None
    note = _text(fields, "ednote")
    return DropStory(
        format=f"ninjs{generation}",
        guid=fields["uri"],
        version=read_number(fields.get("version")) or 0,
        status=status,
        headline=" ".join(headline.split()),
        body=body,
        provider=_find_provider(fields),
        language=_text(fields, "language"),
        slugline=_text(fields, "slugline"),
        byline=_text(fields, "byline") or _text(fields, "by"),
        dateline=None,
        note=note,
        urgency=read_number(fields.get("urgency")),
        url=fields["uri"] if fields["uri"].startswith(("http://", "https://")) else None,
        embargo_until=read_time(_text(fields, "embargoed")),
        created_at=read_time(_text(fields, "firstcreated")),
        versioned_at=read_time(_text(fields, "versioncreated")),
        subjects=_names(fields.get("subjects") or fields.get("subject")),
        signals=find_signals(note, headline),
    )


def _find_generation(given: Mapping[str, Any], fields: Mapping[str, Any]) -> str:
    standard = fields.get("standard")
    version = str(standard.get("version", "")) if isinstance(standard, dict) else ""
    if version[:1].isdigit():
        return version[:1]
    return "3" if any(key != key.lower() for key in given) else "2"


def _find_body(fields: Mapping[str, Any]) -> str:
    """HTML before plain text: it knows its paragraphs."""
    for key in ("body_html", "body_xhtml", "body_html5", "body_nitf"):
        if text := _text(fields, key):
            return read_html(text)
    bodies = fields.get("bodies")
    given = [body for body in bodies if isinstance(body, dict)] if isinstance(bodies, list) else []
    folded = [{str(key).lower(): value for key, value in body.items()} for body in given]
    for wanted in ("html", "plain", ""):
        for body in folded:
            kind = f"{body.get('contenttype', '')} {body.get('role', '')}".lower()
            value = body.get("value")
            if wanted in kind and isinstance(value, str) and value.strip():
                return read_html(value) if "html" in kind or "xml" in kind else read_lines(value)
    return read_lines(_text(fields, "body_text") or "")


def _find_provider(fields: Mapping[str, Any]) -> str | None:
    names = _names(fields.get("infosources") or fields.get("infosource"))
    return names[0] if names else _text(fields, "copyrightholder")


def _pick(values: Any, roles: tuple[str, ...]) -> str | None:
    """The value with the first of these roles, else the first value."""
    given = [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
    ranked = sorted(given, key=lambda one: roles.index(one["role"]) if one.get("role") in roles else len(roles))
    return next((str(one["value"]) for one in ranked if isinstance(one.get("value"), str)), None)


def _names(values: Any) -> tuple[str, ...]:
    given = values if isinstance(values, list) else []
    return tuple(str(one["name"]) for one in given if isinstance(one, dict) and one.get("name"))


def _text(fields: Mapping[str, Any], key: str) -> str | None:
    value = fields.get(key)
    return value.strip() or None if isinstance(value, str) else None
