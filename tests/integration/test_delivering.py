"""The drop folder: what agencies deliver becomes revisions by their own versions, statuses and embargoes, and loses nothing."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import jobs
from pipeline.collect import dropread
from pipeline.collect.archive import Archive
from pipeline.errors import FeedParseError
from pipeline.jobs import delivering
from pipeline.jobs.session import open_store
from pipeline.settings import Settings
from pipeline.store import runs
from pipeline.store.database import connect
from pipeline.store.queries import get_query
from pipeline.store.server import Server
from tests.integration.conftest import copy_database

pytestmark = pytest.mark.postgres

SERVICE = """
key = "quill"
name = "Quill Agency"
kind = "agency"
homepage = "https://quill.example/"

[[drop]]
key = "quill-drop"
title = "Delivered"
"""
OLD = 1_700_000_000


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "quill.toml").write_text(SERVICE)
    (tmp_path / "drop" / "quill-drop").mkdir(parents=True)
    return Settings(database_url=database, var=tmp_path, feeds=tmp_path / "feeds")


def story(guid: str, version: int, body: str = "The dam held, officials said.", **given: Any) -> bytes:
    """A ninjs file."""
    fields = {
        "uri": f"tag:quill.example,2026:{guid}", "type": "text", "version": str(version), "pubstatus": "usable",
        "versioncreated": f"2026-11-2{version}T10:00:00Z", "language": "en", "headline": f"Dam holds at {guid}",
        "copyrightholder": "Quill Agency", "body_html": f"<p>QUILL, Nov 2{version} (Quill) - {body}</p>",
    }  # fmt: skip
    return json.dumps({**fields, **given}).encode()


def deliver(settings: Settings, name: str | bytes, body: bytes) -> Path:
    path = settings.drop_folder / "quill-drop" / os.fsdecode(name)
    path.write_bytes(body)
    os.utime(path, (OLD, OLD))
    return path


def rows(settings: Settings, sql: str) -> list[dict[str, Any]]:
    with open_store(settings) as connection:
        return connection.execute(sql).fetchall()  # type: ignore[arg-type]


def revisions(settings: Settings) -> list[tuple[str, int, str]]:
    found = rows(
        settings,
        "select a.canonical_url, r.revision_number, r.kind from core.article_revision as r join core.article as a using (article_id) order by 1, 2",
    )
    return [(row["canonical_url"].rpartition(":")[2], row["revision_number"], row["kind"]) for row in found]


def accounts(settings: Settings) -> None:
    assert rows(settings, "select * from mart.conservation where difference <> 0") == []
    assert rows(settings, "select * from mart.data_check where broken_count > 0") == []


def test_versions_become_revisions_and_the_folder_is_emptied(settings: Settings) -> None:
    deliver(settings, "a.json", story("dam", 1))
    assert jobs.take_drops(settings=settings)["revisions"] == 1
    deliver(settings, "a.json", story("dam", 2, "The dam held, officials said on Sunday. Three villages were safe."))
    deliver(settings, "late.json", story("dam", 1))
    deliver(settings, "c.json", story("ferry", 1, ednote="CORRECTS spelling"))
    counts = jobs.take_drops(settings=settings)
    assert (counts["stories revised"], counts["stories new"], counts["stories ignored"]) == (1, 1, 1)
    assert revisions(settings) == [("dam", 1, "original"), ("dam", 2, "update"), ("ferry", 1, "correction")]
    assert [p.name for p in (settings.drop_folder / "quill-drop").iterdir() if p.is_file()] == []
    assert jobs.analyse_all(settings)["claims"] >= 2
    (feed,) = rows(settings, "select health, last_outcome, article_count from mart.feed_health")
    assert feed == {"health": "well", "last_outcome": "ok", "article_count": 2}
    accounts(settings)


def test_a_cancelled_story_is_withdrawn_and_keeps_its_text(settings: Settings) -> None:
    deliver(settings, "1.json", story("dam", 1))
    jobs.take_drops(settings=settings)
    deliver(settings, "2.json", story("dam", 2, pubstatus="canceled"))
    deliver(settings, "3.json", story("ferry", 2, pubstatus="canceled"))
    jobs.take_drops(settings=settings)
    assert revisions(settings) == [("dam", 1, "original"), ("dam", 2, "withdrawn")]
    assert [r["status"] for r in rows(settings, "select status from core.article")] == ["withdrawn"]
    deliver(settings, "4.json", story("ferry", 1))
    assert jobs.take_drops(settings=settings)["stories ignored"] == 1, "cancelled before it was ever seen"
    accounts(settings)


def test_an_embargo_holds_a_text_out_of_the_ledger_until_it_ends(settings: Settings) -> None:
    until = datetime.now(UTC) + timedelta(hours=2)
    deliver(settings, "1.json", story("dam", 1, embargoed=until.isoformat()))
    deliver(settings, "2.json", story("ferry", 1, embargoed=until.isoformat()))
    deliver(settings, "3.json", story("ferry", 2, pubstatus="canceled"))
    deliver(settings, "4.json", story("mill", 2, pubstatus="withheld"))
    deliver(settings, "5.json", story("mill", 1))
    counts = jobs.take_drops(settings=settings)
    assert (counts["revisions"], counts["stories held"], counts["stories ignored"]) == (0, 3, 2)
    assert revisions(settings) == []
    with (
        open_store(settings) as connection,
        Archive(settings.archive) as archive,
        runs.recorded_run(connection, "drop", {}) as run_id,
    ):
        taker = delivering.Taker(connection, archive, run_id)
        taker.release(until - timedelta(seconds=1))
        assert revisions(settings) == []
        taker.release(until)
        taker.release(until)
    assert revisions(settings) == [("dam", 1, "original")], "the cancelled and the withheld one stay out"
    (published,) = rows(settings, "select published_at, seen_at from core.article_revision")
    assert published["published_at"] == published["seen_at"] == until
    accounts(settings)


def test_a_bad_file_goes_to_quarantine_with_its_bytes_and_is_read_after_a_fix(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(body: bytes) -> Any:
        raise FeedParseError("not_a_story", "not yet understood")

    monkeypatch.setattr(delivering, "read_drop", refuse)
    deliver(settings, "1.json", story("dam", 1))
    assert jobs.take_drops(settings=settings)["files failed"] == 1
    monkeypatch.undo()
    deliver(settings, "2.json", story("ferry", 1))
    deliver(settings, "bad.xml", b"<nitf><hedline>")
    jobs.take_drops(settings=settings)
    waiting = rows(
        settings,
        "select stage, reason, fetch_id is not null as has_bytes from mart.quarantine join raw.quarantine using (quarantine_id, stage, reason) order by 1, 2",
    )
    assert [(w["stage"], w["reason"], w["has_bytes"]) for w in waiting] == [("drop", "not_a_story", True)] * 2
    assert jobs.retry_quarantine(settings)["delivered files"] == 1
    assert revisions(settings) == [("dam", 1, "original"), ("ferry", 1, "original")]
    assert [w["subject"].split("?")[0] for w in rows(settings, "select subject from mart.quarantine")] == [
        "drop:quill-drop/bad.xml"
    ]
    accounts(settings)


def test_what_is_no_whole_file_is_left_alone_and_what_cannot_be_taken_is_told(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = settings.drop_folder / "quill-drop"
    (tmp_path / "secret.json").write_bytes(story("secret", 1))
    (folder / "link.json").symlink_to(tmp_path / "secret.json")
    os.mkfifo(folder / "pipe.json")
    (folder / "sub").mkdir()
    for name in (".hidden.json", "half.json.part"):
        deliver(settings, name, story("half", 1))
    deliver(settings, b"na\xefve name?#.json", story("dam", 1))
    deliver(settings, "empty.json", b"")
    monkeypatch.setattr(dropread, "MAX_FILE_BYTES", 2000)
    monkeypatch.setattr("pipeline.collect.dropfolder.MAX_FILE_BYTES", 2000)
    monkeypatch.setattr(delivering, "MAX_FILE_BYTES", 2000)
    deliver(settings, "large.json", story("large", 1, "x" * 4000))
    counts = jobs.take_drops(settings=settings)
    assert counts == {"revisions": 1, "files taken": 1, "stories new": 1, "files failed": 1, "files refused": 1}
    assert revisions(settings) == [("dam", 1, "original")]
    assert sorted(r["reason"] for r in rows(settings, "select reason from mart.quarantine")) == ["empty", "too_large"]
    left = {p.name for p in folder.iterdir()}
    assert left == {"link.json", "pipe.json", "sub", ".hidden.json", "half.json.part", ".taking", ".refused"}
    accounts(settings)
    assert jobs.take_drops(settings=settings)["revisions"] == 0


def test_what_a_killed_process_left_half_taken_is_taken_once(settings: Settings) -> None:
    place = settings.drop_folder / "quill-drop" / ".taking"
    place.mkdir()
    (place / "1.json").write_bytes(story("dam", 1))
    assert jobs.take_drops(settings=settings)["stories new"] == 1
    (place / "1.json").write_bytes(story("dam", 1))  # killed after the commit, before the file was removed
    assert jobs.take_drops(settings=settings) == {"revisions": 0, "files known": 1}
    assert list(place.iterdir()) == []
    accounts(settings)


def test_a_replay_of_deliveries_gives_equal_tables(server: Server, settings: Settings, tmp_path: Path) -> None:
    past = datetime.now(UTC) + timedelta(seconds=0.2)
    deliver(settings, "1.json", story("dam", 1))
    deliver(settings, "2.json", story("mill", 1, embargoed=past.isoformat()))
    deliver(settings, "3.json", b"no story")
    jobs.take_drops(settings=settings)
    deliver(settings, "4.json", story("dam", 2, "Another body, officials said."))
    deliver(settings, "5.json", story("dam", 3, pubstatus="canceled"))
    while datetime.now(UTC) < past:
        """The embargo ends."""
    jobs.take_drops(settings=settings)
    again = settings.model_copy(
        update={
            "database_url": Settings(database_url=copy_database(server, "template_wire")).database_url,
            "archive_url": settings.archive,
            "var": tmp_path / "again",
        }
    )
    assert jobs.replay_archive(settings=again)["revisions"] == len(revisions(settings)) == 4
    found = []
    for each in (settings, again):
        assert each.database_url is not None
        with connect(each.database_url.get_secret_value()) as connection:
            found.append(connection.execute(get_query("list_checksums")).fetchall())
    assert found[0] == found[1]
    assert jobs.replay_archive(settings=again)["responses"] == 0
    accounts(again)
