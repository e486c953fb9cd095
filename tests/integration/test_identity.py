"""Which entry is which, through the jobs: polls and pages in, rows of entries, articles and revisions out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import jobs
from pipeline.collect.archive import Archive
from pipeline.jobs import replaying
from pipeline.jobs.redacting import redact
from pipeline.jobs.session import open_store
from pipeline.records import FetchResult
from pipeline.settings import Settings
from pipeline.store.queries import get_query
from pipeline.store.server import Server
from tests.integration.conftest import copy_database

pytestmark = pytest.mark.postgres

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SITE = "https://www.quill.example"
SERVICE = f"""
key = "quill"
name = "Quill"
kind = "outlet"
homepage = "{SITE}/"

[[feed]]
key = "quill-pages"
title = "Pages"
url = "https://feeds.quill.example/pages"

[[feed]]
key = "quill-texts"
title = "Texts"
url = "https://feeds.quill.example/texts"
follow_links = false
"""
DAM, DAM_TWO, FERRY = "Dam holds above Quill", "Dam still holds above Quill", "Ferry sinks off Porto"


@dataclass(frozen=True)
class Case:
    """``polls``: the entries of each poll, an hour apart. ``entries``: how many there are to be, by their latest title.
    ``articles``: the headlines of each article's revisions."""

    name: str
    polls: Sequence[Sequence[Mapping[str, str]]]
    entries: Sequence[str]
    articles: Sequence[Sequence[str]]
    feed: str = "texts"
    pages: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    states: int | None = None


def item(title: str, url: str | None = None, guid: str | None = None, hour: int | None = 8) -> dict[str, str]:
    given = {
        "id": guid,
        "url": url and (url if "://" in url else SITE + url),
        "title": title,
        "content_text": text(title),
    }
    if hour is not None:
        given["date_published"] = (AT + timedelta(hours=hour - 10)).isoformat()
    return {name: value for name, value in given.items() if value is not None}


def text(title: str) -> str:
    return f"QUILL, Nov 23 (Quill) - {title}, officials said on Monday. Nobody was hurt in the three villages below it."


def page(title: str, canonical: str = "") -> str:
    link = f"<link rel='canonical' href='{canonical}'>" if canonical else ""
    more = f'<p>{text(title)}</p><p>"We saw it within the hour," said Ada Quill, the mayor of the town, on Monday.</p>'
    return (
        f"<html><head><title>{title}</title>{link}</head><body><article><h1>{title}</h1>{more}</article></body></html>"
    )


CASES = [
    Case("a changed GUID", [[item(DAM, "/dam", "1")], [item(DAM, "/dam", "2")]], [DAM], [[DAM]], states=1),
    Case(
        "the headline inside the GUID",
        [[item(DAM, "/dam", f"/dam?{DAM}")], [item(DAM_TWO, "/dam", f"/dam?{DAM_TWO}", 9)]],
        [DAM_TWO],
        [[DAM, DAM_TWO]],
    ),
    Case(
        "the headline inside the address",
        [[item(DAM, "/dam-holds", "1")], [item(DAM_TWO, "/dam-still-holds", "1", 9)], [item(DAM_TWO, "/dam-still-holds", "2", 9)]],
        [DAM_TWO],
        [[DAM, DAM_TWO]],
        states=2,
    ),
    Case(
        "another headline at another address at the same time",
        [[item(DAM, "/dam", "1")], [item("Water falls within the hour", "/water", "1")]],
        ["Water falls within the hour"],
        [[DAM, "Water falls within the hour"]],
    ),
    Case(
        "one GUID for two stories",
        [[item(DAM, "/dam", "1"), item(FERRY, "/ferry", "1", 9)]] * 2,
        [DAM, FERRY],
        [[DAM], [FERRY]],
        states=2,
    ),
    Case(
        "one GUID for two stories without an address",
        [[item(DAM, None, "1")], [item(FERRY, None, "1", 9), item(DAM, None, "1")], [item(FERRY, None, "1", 9)]],
        [DAM, FERRY],
        [[DAM], [FERRY]],
        states=2,
    ),
    Case(
        "a story that is listed twice",
        [[item(DAM, "/dam", "1"), item(DAM, "/dam", "1")]],
        [DAM],
        [[DAM]],
        states=1,
    ),
    Case(
        "a reused GUID",
        [[item(DAM, "/dam", "1")], [item(FERRY, "/ferry", "1", 9)]],
        [DAM, FERRY],
        [[DAM], [FERRY]],
        states=2,
    ),
    Case(
        "a reused GUID without an address",
        [[item(DAM, None, "1")], [item(FERRY, None, "1", 9)], [item("Ferry that sank off Porto is found", None, "1", 10)]],
        [DAM, "Ferry that sank off Porto is found"],
        [[DAM], [FERRY, "Ferry that sank off Porto is found"]],
    ),
    Case(
        "GUIDs that number the entries",
        [
            [item(DAM, "/dam", "1"), item("Mill burns in Quill", "/mill", "2", 7)],
            [item("Dam in Quill is old", "/old", "1", 9), item(DAM, "/dam", "2"), item("Mill burns in Quill", "/mill", "3", 7)],
        ],
        ["Dam in Quill is old", DAM, "Mill burns in Quill"],
        [["Dam in Quill is old"], [DAM], ["Mill burns in Quill"]],
        states=3,
    ),
    Case(
        "every link leads to the front page",
        [[item(DAM, "/", "1"), item(FERRY, "/", "2", 9)], [item(DAM_TWO, "/", "1"), item(FERRY, "/", "2", 9)]],
        [DAM_TWO, FERRY],
        [[DAM, DAM_TWO], [FERRY]],
        states=3,
    ),
    Case(
        "one address for two stories",
        [[item(DAM, "/live", "1")], [item(FERRY, "/live", "2", 9), item(DAM, "/live", "1")], [item(FERRY, "/live", "2", 9)]],
        [DAM, FERRY],
        [[DAM], [FERRY]],
        states=2,
    ),
    Case(
        "tracking parameters that change",
        [[item(DAM, "/dam?utm_source=a", "1")], [item(DAM, "/dam?utm_source=b&fbclid=9", "1")]],
        [DAM],
        [[DAM]],
        states=1,
    ),
    Case(
        "http, https, AMP and mobile links",
        [
            [item(DAM, "http://www.quill.example/dam", "1")],
            [item(DAM, "https://quill.example/dam/", "2")],
            [item(DAM, "https://m.quill.example/dam", "3")],
            [item(DAM, "https://www.quill.example/dam/amp/", "4")],
        ],
        [DAM],
        [[DAM]],
        states=1,
    ),
    Case(
        "a page that moved with its headline and calls itself by the new address",
        [[item(DAM, "/dam-holds", "1")], [item(DAM_TWO, "/dam-still-holds", "1", 9)]],
        [DAM_TWO],
        [[DAM, DAM_TWO]],
        "pages",
        {
            "/dam-holds": ("/dam-holds", page(DAM, f"{SITE}/dam-holds")),
            "/dam-still-holds": ("/dam-still-holds", page(DAM_TWO, f"{SITE}/dam-still-holds")),
        },
    ),
    Case(
        "a short link that is redirected",
        [[item(DAM, "/s/1", "1")], [item(DAM, "/dam", "2")]],
        [DAM, DAM],
        [[DAM]],
        "pages",
        {"/s/1": ("/dam", page(DAM)), "/dam": ("/dam", page(DAM))},
    ),
    Case(
        "a canonical link",
        [[item(DAM, "/print/dam", "1")], [item(DAM, "/dam", "2")]],
        [DAM, DAM],
        [[DAM]],
        "pages",
        {"/print/dam": ("/print/dam", page(DAM, f"{SITE}/dam")), "/dam": ("/dam", page(DAM))},
    ),
    Case(
        "a canonical link to another publisher",
        [[item(DAM, "/dam", "1")], [item(FERRY, "/ferry", "2", 9)]],
        [DAM, FERRY],
        [[DAM], [FERRY]],
        "pages",
        {
            "/dam": ("/dam", page(DAM, "https://wire.example/story")),
            "/ferry": ("/ferry", page(FERRY, "https://wire.example/story")),
        },
    ),
    Case(
        "dead stories that are redirected to the front page",
        [[item(DAM, "/dam", "1")], [item(FERRY, "/ferry", "2", 9)]],
        [DAM, FERRY],
        [],
        "pages",
        {"/dam": ("/", page(DAM)), "/ferry": ("/", page(FERRY))},
    ),
]  # fmt: skip


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "quill.toml").write_text(SERVICE)
    return Settings(database_url=database, var=tmp_path, feeds=tmp_path / "feeds")


def write_case(settings: Settings, case: Case, day: int = 0) -> None:
    """The polls of a case an hour apart, each followed by the pages that it leads to."""
    fetched: set[str] = set()
    with Archive(settings.archive) as archive:
        for hour, entries in enumerate(case.polls):
            at = AT + timedelta(days=day, hours=hour)
            url = f"https://feeds.quill.example/{case.feed}"
            feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Quill", "items": entries}
            archive.write(answer(url, url, json.dumps(feed), at, "application/feed+json"))
            for path in [e["url"].removeprefix(SITE) for e in entries if case.feed == "pages"]:
                final, body = case.pages[path]
                if path not in fetched:
                    fetched.add(path)
                    archive.write(answer(SITE + path, SITE + final, body, at + timedelta(minutes=1)))


def answer(url: str, final: str, body: str, at: datetime, kind: str = "text/html; charset=utf-8") -> FetchResult:
    return FetchResult(url, final, "ok", 200, (("Content-Type", kind),), body.encode(), at, 0.1)


def rows(settings: Settings, query: str) -> list[dict[str, Any]]:
    with open_store(settings) as connection:
        return connection.execute(query).fetchall()  # type: ignore[arg-type]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_entries_and_articles_keep_their_identity(settings: Settings, case: Case) -> None:
    write_case(settings, case)
    jobs.replay_archive(settings=settings)
    entries = rows(settings, "select distinct on (entry_key) title from raw.entry order by entry_key, entry_id desc")
    assert sorted(e["title"] for e in entries) == sorted(case.entries)
    found = rows(
        settings,
        "select array_agg(headline order by revision_number) as them from core.article_revision group by article_id",
    )
    assert sorted(row["them"] for row in found) == sorted(map(list, case.articles))
    if case.states is not None:
        assert len(rows(settings, "select 1 from raw.entry")) == case.states
    assert rows(settings, "select * from mart.conservation where difference <> 0") == []
    assert rows(settings, get_query("list_broken_checks")) == []


def test_pages_read_one_by_one_or_in_one_batch_give_the_same_tables(
    settings: Settings, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, case in enumerate(CASES):
        write_case(settings, case, number)
    jobs.replay_archive(settings=settings)
    url = copy_database(server, "template_wire")
    late = settings.model_copy(update={"database_url": Settings(database_url=url).database_url})
    monkeypatch.setattr(replaying, "read_fetched", lambda *given: 0)
    jobs.replay_archive(settings=late)
    assert jobs.read_pages(settings=late)["revisions"] >= len(CASES)
    assert rows(settings, get_query("list_checksums")) == rows(late, get_query("list_checksums"))
    assert rows(late, "select * from mart.conservation where difference <> 0") == []


def test_a_text_without_an_address_is_redacted_in_table_archive_and_later_polls(settings: Settings) -> None:
    both = [item(DAM, None, "1"), item(FERRY, None, "1", 9)]
    write_case(settings, Case("", [both], [], []))
    jobs.replay_archive(settings=settings)
    (ferry,) = rows(settings, "select article_id, canonical_url from mart.article where headline like 'Ferry%'")
    redact("a court order", article_id=ferry["article_id"], settings=settings)
    write_case(settings, Case("", [[*both, item("Mill burns in Quill", "/mill", "3", 7)]], [], []), day=1)
    jobs.replay_archive(settings=settings)
    titles = {row["title"] for row in rows(settings, "select title from raw.entry")}
    assert titles == {DAM, "Mill burns in Quill", ""}
    assert {row["headline"] for row in rows(settings, "select headline from core.article_revision")} == titles
    jobs.maintain(settings)
    with Archive(settings.archive) as archive:
        kept = b"".join(result.body or b"" for file in archive.files() for _, result in archive.iterate(file))
    assert b"Mill burns" in kept and b"Ferry" not in kept
