"""``feeds/*.toml`` to `FeedSpec`: one file a service. What a file may say is in ``docs/adding-a-feed.md``.

Wrong files are refused whole, with the file and the key in the message: a misspelt key that is silently ignored would
be a feed that is polled against its publisher's terms.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Literal
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


class _Service(_Table):
    key: _Key
    name: _Name
    kind: Literal["agency", "outlet"]
    homepage: _Url
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(?:-[A-Za-z0-9]+)*$")] = "en"
    terms_url: _Url | None = None
    checked_on: date | None = None
    may_store_text: bool = True
    retention_days: Annotated[int, Field(ge=1)] | None = None
    allow_loopback: bool = False
    feed: Annotated[list[_Feed], Field(min_length=1)]
    extraction: list[_Extraction] = []


def load_registry(folder: Path) -> tuple[FeedSpec, ...]:
    """All feeds of all services in ``folder``, by file name, then as they stand. `SettingsError` naming file and key
    for what cannot be read, unknown keys, wrong values, and for a service, feed or address that is there twice."""
    if not folder.is_dir():
        raise SettingsError(f"{folder}: no such folder of feeds")
    specs: list[FeedSpec] = []
    services: set[str] = set()
    for path in sorted(folder.glob("*.toml")):
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
    return [
        FeedSpec(
            feed_key=feed.key,
            service_key=service.key,
            service_name=service.name,
            service_kind=service.kind,
            url=feed.url,
            homepage=service.homepage,
            title=feed.title,
            language=service.language,
            agency_key=feed.agency or (service.key if service.kind == "agency" else None),
            last_seen_on=feed.last_seen_on,
            terms_url=service.terms_url,
            checked_on=service.checked_on,
            may_store_text=service.may_store_text,
            retention_days=service.retention_days,
            follow_links=feed.follow_links,
            poll_minutes=feed.poll_minutes,
            allow_loopback=service.allow_loopback,
            extraction_rules=rules,
        )
        for feed in service.feed
    ]


def _refuse_duplicates(specs: list[FeedSpec], path: Path) -> None:
    """Neither a feed's key nor its address may be there twice in the folder."""
    seen: set[tuple[str, str]] = set()
    for spec in specs:
        for what, value in (("feed.key", spec.feed_key), ("feed.url", spec.url)):
            if (what, value) in seen:
                raise SettingsError(f"{path.name}: {what}: {value} is there twice")
            seen.add((what, value))
