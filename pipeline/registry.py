"""``feeds/*.toml`` to `FeedSpec`: one file a service. What a file may say is in ``docs/adding-a-feed.md``.

Wrong files are refused whole, with the file and the key in the message: a misspelt key that is silently ignored would
be a feed that is polled against its publisher's terms.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from lxml import etree
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from pipeline.errors import SettingsError
from pipeline.records import ExtractionRule, FeedSpec


def _check_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or any(character.isspace() for character in url):
        raise ValueError("must be an http or https address")
    return url


def _check_xpath(expression: str) -> str:
    try:
        etree.XPath(expression)
    except etree.XPathSyntaxError as error:
        raise ValueError(f"no XPath: {error}") from error
    return expression


#: what is kept of a service whose terms nobody has read
DEFAULT_RETENTION_DAYS = 90
#: what is kept where the terms forbid to store: long enough to read a text and to see its corrections of the day
FORBIDDEN_RETENTION_DAYS = 1

_Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=60)]
_Url = Annotated[str, AfterValidator(_check_url)]
_Name = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
_XPath = Annotated[str, AfterValidator(_check_xpath)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Extraction(_Table):
    valid_from: date
    valid_to: date | None = None
    drop_xpath: list[_XPath] = []
    body_xpath: _XPath | None = None

    @model_validator(mode="after")
    def _check_order(self) -> _Extraction:
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError("valid_to must be after valid_from")
        return self


class _Feed(_Table):
    key: _Key
    title: _Name
    url: _Url
    last_seen_on: date | None = None
    agency: _Key | None = None
    poll_minutes: Annotated[int, Field(ge=1, le=43_200)] | None = None
    follow_links: bool = True


class _Drop(_Table):
    key: _Key
    title: _Name
    agency: _Key | None = None


class _Service(_Table):
    key: _Key
    name: _Name
    kind: Literal["agency", "outlet"]
    homepage: _Url
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(?:-[A-Za-z0-9]+)*$")] = "en"
    terms_url: _Url | Literal["unknown"] = "unknown"
    checked_on: date | Literal["unknown"] = "unknown"
    may_store_text: bool | Literal["unknown"] = "unknown"
    retention_days: Annotated[int, Field(ge=1)] | None = None
    allow_loopback: bool = False
    feed: list[_Feed] = []
    drop: list[_Drop] = []
    extraction: list[_Extraction] = []

    @model_validator(mode="after")
    def _check_terms(self) -> _Service:
        if not self.feed and not self.drop:
            raise ValueError("feed: a service has at least one [[feed]] or [[drop]]")
        if self.may_store_text is True and "unknown" in (self.terms_url, self.checked_on):
            raise ValueError(
                "may_store_text: true needs terms_url and checked_on: where it says so, and who looked when"
            )
        if self.may_store_text == "unknown" and (self.retention_days or 0) > DEFAULT_RETENTION_DAYS:
            raise ValueError(f"retention_days: at most {DEFAULT_RETENTION_DAYS} where may_store_text is unknown")
        return self


def decide_retention(may_store_text: bool | None, retention_days: int | None) -> int | None:
    """Days that text is kept before it is blanked; None for no limit. Terms that nobody has read allow nothing beyond
    the default; terms that forbid to store leave the one day in which a text is read."""
    if may_store_text is None:
        return min(retention_days or DEFAULT_RETENTION_DAYS, DEFAULT_RETENTION_DAYS)
    if not may_store_text:
        return FORBIDDEN_RETENTION_DAYS
    return retention_days


def load_registry(folder: Path) -> tuple[FeedSpec, ...]:
    """All feeds of all services in ``folder``, by file name, then as they stand. `SettingsError` naming file and key
    for what cannot be read, unknown keys, wrong values, and for a service, feed or address that is there twice."""
    if not folder.is_dir():
        raise SettingsError(f"{folder}: no such folder of feeds")
    paths = sorted(folder.glob("*.toml"))
    return _load(tuple((path, (at := path.stat()).st_mtime_ns, at.st_size, at.st_ino) for path in paths))


@lru_cache(maxsize=8)
def _load(files: tuple[tuple[Path, int, int, int], ...]) -> tuple[FeedSpec, ...]:
    """Kept while the files stay as they are: every job asks, and a thousand feeds take a second to check."""
    specs: list[FeedSpec] = []
    services: set[str] = set()
    for path, *_ in files:
        service = _read_service(path)
        if service.key in services:
            raise SettingsError(f"{path.name}: key: {service.key} is there twice")
        services.add(service.key)
        specs += _build_specs(service)
        _refuse_duplicates(specs, path)
    return tuple(specs)


def _read_service(path: Path) -> _Service:
    try:
        return _Service.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{path.name}: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise SettingsError(f"{path.name}: {_name_key(first['loc'])}: {first['msg']}") from error


def _name_key(location: tuple[int | str, ...]) -> str:
    """``feed[2].url``, counted from one as a reader counts."""
    words = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in location)
    return words.lstrip(".") or "file"


def _build_specs(service: _Service) -> list[FeedSpec]:
    rules = tuple(
        ExtractionRule(rule.valid_from, rule.valid_to, tuple(rule.drop_xpath), rule.body_xpath)
        for rule in service.extraction
    )
    may_store_text = None if service.may_store_text == "unknown" else service.may_store_text
    common: dict[str, Any] = {
        "service_key": service.key,
        "service_name": service.name,
        "service_kind": service.kind,
        "homepage": service.homepage,
        "language": service.language,
        "terms_url": None if service.terms_url == "unknown" else service.terms_url,
        "checked_on": None if service.checked_on == "unknown" else service.checked_on,
        "may_store_text": may_store_text,
        "retention_days": decide_retention(may_store_text, service.retention_days),
        "allow_loopback": service.allow_loopback,
        "extraction_rules": rules,
    }
    own = service.key if service.kind == "agency" else None
    polled = [
        FeedSpec(
            feed_key=feed.key, url=feed.url, title=feed.title, agency_key=feed.agency or own,
            last_seen_on=feed.last_seen_on, follow_links=feed.follow_links, poll_minutes=feed.poll_minutes, **common,
        )
        for feed in service.feed
    ]  # fmt: skip
    delivered = [
        FeedSpec(feed_key=drop.key, url=f"drop:{drop.key}", title=drop.title, agency_key=drop.agency or own,
                 is_delivered=True, **common)
        for drop in service.drop
    ]  # fmt: skip
    return polled + delivered


def _refuse_duplicates(specs: list[FeedSpec], path: Path) -> None:
    """Neither a feed's key nor its address may be there twice in the folder."""
    seen: set[tuple[str, str]] = set()
    for spec in specs:
        for what, value in (("feed.key", spec.feed_key), ("feed.url", spec.url)):
            if (what, value) in seen:
                raise SettingsError(f"{path.name}: {what}: {value} is there twice")
            seen.add((what, value))
