"""Feed files: what is read, and how clearly what is wrong is refused."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import SettingsError
from pipeline.registry import DEFAULT_RETENTION_DAYS, decide_retention, load_registry

FEEDS = Path(__file__).resolve().parents[2] / "feeds"
SERVICE = """
key = "example-wire"
name = "Example Wire"
kind = "agency"
homepage = "https://www.wire.example/"
"""
FEED = """
[[feed]]
key = "example-world"
title = "World"
url = "https://www.wire.example/world.xml"
"""
EXTRACTION = """
[[extraction]]
valid_from = 2026-11-23
valid_to = 2027-03-01
drop_xpath = ["//aside[@class='related']"]
body_xpath = "//div[@id='story']"
"""


def _write(folder: Path, text: str, name: str = "example.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_files_that_come_along_are_fit_for_use() -> None:
    specs = load_registry(FEEDS)
    assert len({spec.service_key for spec in specs}) >= 15
    assert all(spec.last_seen_on is not None and spec.last_seen_on <= date(2026, 11, 23) for spec in specs)
    assert not any(spec.allow_loopback for spec in specs)
    assert all(spec.url.startswith("https://") for spec in specs)
    assert any(spec.service_kind == "agency" for spec in specs)


def test_everything_a_file_may_say_is_read(tmp_path: Path) -> None:
    text = SERVICE + (
        'language = "en-GB"\nterms_url = "https://www.wire.example/terms"\nchecked_on = 2026-11-01\n'
        "may_store_text = true\nretention_days = 30\nallow_loopback = true\n"
    )
    feed = FEED + "last_seen_on = 2026-11-20\npoll_minutes = 7\nfollow_links = false\n"
    (spec,) = load_registry(_write(tmp_path, text + feed + EXTRACTION))
    assert (spec.feed_key, spec.service_key, spec.service_name) == ("example-world", "example-wire", "Example Wire")
    assert (spec.language, spec.terms_url, spec.checked_on) == (
        "en-GB", "https://www.wire.example/terms", date(2026, 11, 1),
    )  # fmt: skip
    assert (spec.may_store_text, spec.retention_days, spec.allow_loopback) == (True, 30, True)
    assert (spec.last_seen_on, spec.poll_minutes, spec.follow_links) == (date(2026, 11, 20), 7, False)
    (rule,) = spec.extraction_rules
    assert (rule.valid_from, rule.valid_to) == (date(2026, 11, 23), date(2027, 3, 1))
    assert (rule.drop_xpath, rule.body_xpath) == (("//aside[@class='related']",), "//div[@id='story']")


def test_an_agency_writes_its_own_feed_and_an_outlet_only_what_is_said(tmp_path: Path) -> None:
    outlet = (SERVICE + FEED).replace('"agency"', '"outlet"').replace("example-", "other-").replace("world.", "top.")
    _write(tmp_path, SERVICE + FEED)
    _write(tmp_path, outlet, "other.toml")
    assert [spec.agency_key for spec in load_registry(tmp_path)] == ["example-wire", None]
    _write(tmp_path, outlet + 'agency = "example-wire"\n', "other.toml")
    assert [spec.agency_key for spec in load_registry(tmp_path)] == ["example-wire", "example-wire"]


def test_every_file_that_comes_along_says_what_is_known_of_its_terms() -> None:
    for path in sorted(FEEDS.glob("*.toml")):
        stated = tomllib.loads(path.read_text(encoding="utf-8"))
        assert {"terms_url", "checked_on", "may_store_text", "retention_days"} <= stated.keys(), path.name
    for spec in load_registry(FEEDS):
        is_known = spec.terms_url is not None and spec.checked_on is not None
        assert is_known or (spec.retention_days or 10**6) <= DEFAULT_RETENTION_DAYS, spec.feed_key


@pytest.mark.parametrize(
    ("may_store_text", "asked", "kept"),
    [
        (None, None, 90),
        (None, 30, 30),
        (None, 900, 90),
        (False, None, 1),
        (False, 900, 1),
        (True, None, None),
        (True, 900, 900),
    ],
)
def test_what_nobody_has_read_is_kept_no_longer_than_the_default(
    may_store_text: bool | None, asked: int | None, kept: int | None
) -> None:
    assert decide_retention(may_store_text, asked) == kept


def test_unknown_terms_are_kept_for_the_default_and_a_drop_folder_is_a_feed(tmp_path: Path) -> None:
    drop = '[[drop]]\nkey = "example-drop"\ntitle = "Delivered"\n'
    polled, delivered = load_registry(_write(tmp_path, SERVICE + FEED + drop))
    assert (polled.terms_url, polled.checked_on, polled.may_store_text, polled.retention_days) == (None, None, None, 90)
    assert (delivered.feed_key, delivered.is_delivered, delivered.agency_key) == ("example-drop", True, "example-wire")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('name = "Example Wire"\n', "", r"^example\.toml: name: Field required"),
        ('kind = "agency"', 'kind = "blog"', r"example\.toml: kind: .*'agency' or 'outlet'"),
        ("https://www.wire.example/world.xml", "ftp://wire.example/x", r"feed\[1\]\.url: .*http or https"),
        ("https://www.wire.example/world.xml", "https://wire.example/a b", r"feed\[1\]\.url"),
        ('title = "World"', 'titel = "World"', r"feed\[1\]\.(titel|title)"),
        ('title = "World"', 'title = "World"\npoll_minutes = "5"', r"feed\[1\]\.poll_minutes"),
        ('title = "World"', 'title = "World"\npoll_minutes = 0', r"feed\[1\]\.poll_minutes"),
        ('key = "example-world"', 'key = "Example World"', r"feed\[1\]\.key"),
        ("2027-03-01", "2026-03-01", r"extraction\[1\]: .*after valid_from"),
        ("//div[@id='story']", "//div[", r"extraction\[1\]\.body_xpath: .*XPath"),
        ("[[feed]]", "[[feeds]]", r"example\.toml: feed"),
        ("[[feed]]", "may_store_text = true\n[[feed]]", r"example\.toml: .*may_store_text: true needs terms_url"),
        ("[[feed]]", "retention_days = 91\n[[feed]]", r"example\.toml: .*retention_days: at most 90"),
        ('kind = "agency"', "kind = agency", r"^example\.toml: "),
    ],
)
def test_what_is_wrong_is_named_with_file_and_key(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = SERVICE + FEED + EXTRACTION
    assert old in text
    with pytest.raises(SettingsError, match=message) as caught:
        load_registry(_write(tmp_path, text.replace(old, new)))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ((SERVICE + FEED).replace("example-world", "else").replace("world.xml", "else.xml"), "key: example-wire"),
        (
            (SERVICE + FEED).replace("example-wire", "else").replace("world.xml", "else.xml"),
            r"feed\.key: example-world",
        ),
        ((SERVICE + FEED).replace("example-w", "else-w"), r"feed\.url: https://www\.wire\.example/world\.xml"),
    ],
)
def test_nothing_is_there_twice(tmp_path: Path, other: str, message: str) -> None:
    _write(tmp_path, SERVICE + FEED)
    with pytest.raises(SettingsError, match=f"second.toml: {message} is there twice"):
        load_registry(_write(tmp_path, other, "second.toml"))


def test_a_missing_folder_is_refused_and_an_empty_one_is_empty(tmp_path: Path) -> None:
    assert load_registry(tmp_path) == ()
    with pytest.raises(SettingsError, match="no such folder"):
        load_registry(tmp_path / "nowhere")
