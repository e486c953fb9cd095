"""Decisions by hand: they take effect at once and survive re-analysis and replay."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from demo.server import DemoWire
from pipeline import jobs
from pipeline.annotate import read_revisions
from pipeline.collect.archive import Archive
from pipeline.collect.cutting import cut_entries
from pipeline.errors import UsageError
from pipeline.jobs.analysing import analyse_batch
from pipeline.jobs.correcting import correct_claim, merge_entities, split_entity
from pipeline.jobs.redacting import redact
from pipeline.jobs.session import open_store
from pipeline.records import Annotation, Span
from pipeline.settings import Settings
from pipeline.store.database import Connection
from tests.integration.conftest import copy_database, demo_settings

pytestmark = pytest.mark.postgres


@pytest.fixture
def settings(demo_database: str, loaded_demo: Settings, tmp_path: Path) -> Settings:
    """A demo ledger of the test's own, archive included."""
    shutil.copytree(loaded_demo.archive, tmp_path / "archive")
    url = Settings(database_url=demo_database).database_url
    return loaded_demo.model_copy(update={"database_url": url, "var": tmp_path, "archive_url": ""})


@pytest.fixture
def ledger(settings: Settings) -> Iterator[Connection]:
    with open_store(settings) as connection:
        yield connection


def one(connection: Connection, sql: str, *values: object) -> dict[str, Any]:
    row = connection.execute(sql, values).fetchone()  # type: ignore[arg-type]
    assert row is not None
    return row


def pick_claim(connection: Connection) -> dict[str, Any]:
    return one(connection, "select * from mart.claim where act = 'state' order by claim_id limit 1")


def reanalyse(monkeypatch: pytest.MonkeyPatch, settings: Settings, revision_id: int) -> None:
    monkeypatch.setattr("pipeline.jobs.analysing.analyser_version", lambda: "another version")
    analyse_batch([revision_id], is_switching=True, settings=settings)


def test_a_corrected_act_survives_re_analysis(
    settings: Settings, ledger: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = pick_claim(ledger)
    correct_claim(claim["claim_id"], {"act": "promise"}, "it is a promise", "an editor", settings)
    assert one(ledger, "select act from mart.claim where claim_id = %s", claim["claim_id"])["act"] == "promise"
    reanalyse(monkeypatch, settings, claim["article_revision_id"])
    again = one(
        ledger,
        "select claim_id, act, analyser_version from mart.claim where claim_thread_id = %s",
        claim["claim_thread_id"],
    )
    assert again["claim_id"] != claim["claim_id"]
    assert (again["act"], again["analyser_version"]) == ("promise", "another version")


def test_a_correction_survives_a_reading_whose_words_differ_a_little(
    settings: Settings, ledger: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = one(
        ledger,
        "select * from mart.claim where act = 'state' and quote = 'indirect' and length(plain_text) > 90 order by claim_id limit 1",
    )
    correct_claim(claim["claim_id"], {"act": "promise"}, "it is a promise", "an editor", settings)
    monkeypatch.setattr(
        "pipeline.jobs.analysing.read_revisions", lambda given: [shorter(a) for a in read_revisions(given)]
    )
    reanalyse(monkeypatch, settings, claim["article_revision_id"])
    jobs.link_new(settings=settings)
    again = ledger.execute(
        "select act, analyser_version from mart.claim where article_revision_id = %s and act = 'promise'",
        [claim["article_revision_id"]],
    ).fetchall()
    assert "another version" in {row["analyser_version"] for row in again}


def shorter(annotation: Annotation | Exception) -> Annotation | Exception:
    """A reading that ends each content a word earlier, as another analyser may."""
    if isinstance(annotation, Exception):
        return annotation
    return replace(
        annotation, claims=tuple(replace(c, content=tuple(map(cut_last_word, c.content))) for c in annotation.claims)
    )


def cut_last_word(span: Span) -> Span:
    """A span without its last word, where it has several."""
    text = span.text.rsplit(" ", 1)[0]
    return Span(span.start, span.start + len(text), text)


def test_a_rejected_claim_leaves_the_mart_and_stays_out(
    settings: Settings, ledger: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = pick_claim(ledger)
    correct_claim(claim["claim_id"], {"rejected": "true"}, "no claim", None, settings)
    reanalyse(monkeypatch, settings, claim["article_revision_id"])
    left = ledger.execute("select 1 from mart.claim where claim_thread_id = %s", [claim["claim_thread_id"]]).fetchall()
    assert left == []


def test_wrong_corrections_are_refused_whole(settings: Settings, ledger: Connection) -> None:
    claim = pick_claim(ledger)
    for changes in ({"act": "sing"}, {"polarity": "up"}, {"speaker": "Nobody Whatsoever"}):
        with pytest.raises(UsageError):
            correct_claim(claim["claim_id"], {"polarity": "negative", **changes}, "x", None, settings)
    with pytest.raises(UsageError, match="no such claim"):
        correct_claim(10**9, {"act": "deny"}, "x", None, settings)
    assert one(ledger, "select count(*) as count from core.correction")["count"] == 0


def test_merged_entities_stay_one(settings: Settings, ledger: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ledger.execute(
        "select e.entity_key, e.entity_id, s.article_revision_id from core.entity as e "
        "join core.claim_source as s using (entity_id) where e.kind = 'person' order by e.entity_id limit 200"
    ).fetchall()
    first, second = rows[0], next(r for r in rows if r["entity_id"] != rows[0]["entity_id"])
    merge_entities(first["entity_key"], second["entity_key"], "one person", None, settings)
    reanalyse(monkeypatch, settings, first["article_revision_id"])
    left = one(ledger, "select count(*) as count from core.claim_source where entity_id = %s", first["entity_id"])
    assert left["count"] == 0


def test_a_split_entity_stays_split(settings: Settings, ledger: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    row = one(
        ledger,
        "select e.entity_key, a.canonical_url, r.article_revision_id from core.entity as e "
        "join core.claim_source as s using (entity_id) "
        "join core.article_revision as r on r.article_revision_id = s.article_revision_id "
        "join core.article as a using (article_id) "
        "where e.kind = 'person' and a.current_revision_id = r.article_revision_id order by s.claim_source_id limit 1",
    )
    key = split_entity(row["entity_key"], row["canonical_url"], "Another Person", "not the same", None, settings)
    reanalyse(monkeypatch, settings, row["article_revision_id"])
    found = one(
        ledger,
        "select count(*) as count from core.claim_source as s join core.entity as e using (entity_id) "
        "join core.analysis as n on n.article_revision_id = s.article_revision_id and n.is_current "
        "where e.entity_key = %s",
        key,
    )
    assert found["count"] > 0


def test_redaction_blanks_text_claims_and_bytes_and_a_replay_obeys(
    settings: Settings, ledger: Connection, server: Any, tmp_path: Path
) -> None:
    article = one(ledger, "select * from mart.article where claim_count > 3 order by article_id limit 1")
    words = one(ledger, "select body from core.article_revision where article_id = %s", article["article_id"])["body"][
        :60
    ]
    counts = redact("a court order", url=article["canonical_url"], settings=settings)
    assert counts["articles"] == 1 and counts["archive_files"] >= 1
    state = one(ledger, "select status from core.article where article_id = %s", article["article_id"])
    assert state["status"] == "redacted"
    assert ledger.execute("select 1 from mart.claim where article_id = %s", [article["article_id"]]).fetchall() == []
    revision = one(
        ledger, "select body, content_sha256 from core.article_revision where article_id = %s", article["article_id"]
    )
    assert revision["body"] == "" and revision["content_sha256"]
    with Archive(settings.archive) as archive:
        bodies = [
            r.body or b""
            for f in archive.files()
            for _, r in archive.iterate(f)
            if r.request_url == article["canonical_url"]
        ]
    assert bodies and not any(bodies)
    urls = {row["url"] for row in ledger.execute("select url from core.redaction").fetchall()}
    with Archive(settings.archive) as archive:
        every = [r for f in archive.files() for _, r in archive.iterate(f)]
    assert any(b"<item>" in (r.body or b"") for r in every), "the other entries are still there"
    assert [r.request_url for r in every if cut_entries(r, urls) is not None] == []
    entries = ledger.execute(
        "select title, summary, content from raw.entry where entry_key = any (%s)", [[f"url:{url}" for url in urls]]
    ).fetchall()
    assert entries and all((e["title"], e["summary"], e["content"]) == ("", "", "") for e in entries)
    pointers = ledger.execute(
        "select archive_file, archive_offset from raw.fetch where archive_file is not null"
    ).fetchall()
    with Archive(settings.archive) as archive:
        known = {(p.file, p.offset) for f in archive.files() for p, _ in archive.iterate(f)}
    assert {(p["archive_file"], p["archive_offset"]) for p in pointers} <= known
    fresh = settings.model_copy(
        update={
            "database_url": Settings(database_url=copy_database(server, "template_wire")).database_url,
            "archive_url": settings.archive,
        }
    )
    jobs.replay_archive(settings=fresh)
    with open_store(fresh) as connection:
        found = connection.execute("select 1 from core.article_revision where body like %s", [f"%{words}%"]).fetchall()
    assert found == []


def test_who_is_split_off_in_one_article_stays_so_when_the_rest_is_merged(
    settings: Settings, ledger: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = one(
        ledger,
        "select e.entity_key, a.canonical_url, r.article_revision_id from core.entity as e "
        "join core.claim_source as s using (entity_id) "
        "join core.article_revision as r on r.article_revision_id = s.article_revision_id "
        "join core.article as a using (article_id) "
        "where e.kind = 'person' and a.current_revision_id = r.article_revision_id order by s.claim_source_id limit 1",
    )
    other = one(ledger, "select entity_key from core.entity where kind = 'organisation' order by entity_id limit 1")
    key = split_entity(row["entity_key"], row["canonical_url"], "Another Person", "not the same", None, settings)
    merge_entities(row["entity_key"], other["entity_key"], "one body", None, settings)
    with pytest.raises(UsageError, match="one entity already"):
        merge_entities(other["entity_key"], row["entity_key"], "again", None, settings)
    reanalyse(monkeypatch, settings, row["article_revision_id"])
    speakers = ledger.execute(
        "select e.entity_key from core.claim_source as s join core.entity as e using (entity_id) "
        "join core.analysis as n on n.article_revision_id = s.article_revision_id and n.is_current "
        "where s.article_revision_id = %s",
        [row["article_revision_id"]],
    ).fetchall()
    assert key in {s["entity_key"] for s in speakers}


def test_a_corrected_speaker_is_also_the_one_that_the_sentence_names(
    settings: Settings, ledger: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = one(
        ledger,
        "select c.* from mart.claim as c where starts_with(c.plain_text, c.source_names[1]) "
        "and act = 'state' order by claim_id limit 1",
    )
    wrong = claim["source_names"][0]
    right = one(ledger, "select name, entity_key from core.entity where kind = 'country' order by entity_id limit 1")
    correct_claim(claim["claim_id"], {"speaker": right["entity_key"]}, "the state said it", None, settings)
    reanalyse(monkeypatch, settings, claim["article_revision_id"])
    sql = "select plain_text, source_names from mart.claim where claim_thread_id = %s"
    after = one(ledger, sql, claim["claim_thread_id"])
    assert after["plain_text"].startswith(right["name"]) and wrong not in after["source_names"]


def test_a_redacted_story_that_a_feed_lists_leaves_no_words(
    database: str, demo: Connection, demo_wire: DemoWire, tmp_path: Path
) -> None:
    article = one(
        demo, "select canonical_url from mart.article where revision_number = 1 order by first_published_at limit 1"
    )
    demo_wire.stage = 3
    settings = demo_settings(database, tmp_path, demo_wire)
    redact("a court order", url=article["canonical_url"], settings=settings)
    for host in jobs.list_due_hosts(force=True, settings=settings):
        jobs.collect_host(host, settings=settings)
    jobs.read_pages(settings=settings)
    with open_store(settings) as ledger:
        entry = one(
            ledger,
            "select e.title, e.summary from raw.entry as e join core.redaction as k on e.entry_key = 'url:' || k.url",
        )
        assert (entry["title"], entry["summary"]) == ("", "")
        assert one(ledger, "select count(*) as it from ops.outcome where status = 'redacted'")["it"] >= 1
        assert one(ledger, "select is_archive_done from core.redaction") == {"is_archive_done": False}
        assert (
            ledger.execute("select 1 from raw.fetch where request_url = %s", [article["canonical_url"]]).fetchall()
            == []
        )
        jobs.maintain(settings)
        assert one(ledger, "select is_archive_done from core.redaction") == {"is_archive_done": True}
        urls = {row["url"] for row in ledger.execute("select url from core.redaction").fetchall()}
        assert ledger.execute("select * from mart.conservation where difference <> 0").fetchall() == []
    with Archive(settings.archive) as archive:
        assert [r for f in archive.files() for _, r in archive.iterate(f) if cut_entries(r, urls) is not None] == []
