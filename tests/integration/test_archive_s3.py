"""The archive in a bucket of a real S3 server (moto's, where it is installed): polled, replayed, redacted, killed half-way."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from demo.server import DemoWire
from pipeline import jobs
from pipeline.collect.archive import Archive
from pipeline.jobs.redacting import redact, rewrite_archive
from pipeline.jobs.session import open_store
from pipeline.settings import ROOT, Settings
from pipeline.store.queries import get_query
from pipeline.store.server import Server
from tests.integration.conftest import copy_database, demo_settings
from tests.unit.test_collect_archive import RESULT

pytestmark = pytest.mark.postgres
DOMAIN = "halcyon.example"
SECRET = "Monardez"  # in the text of the article that is redacted


def find_server() -> str | None:
    """moto's server: on PATH, or where .ci/tools has put it."""
    return shutil.which("moto_server", path=f"{os.environ.get('PATH', '')}:{ROOT / 'var' / 'tools' / 'bin'}")


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    command = find_server()
    if command is None:
        pytest.skip("no moto_server here: the archive in a bucket is not shown (.ci/tools installs it)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    endpoint = f"http://127.0.0.1:{port}"
    told = {"AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": "invented", "AWS_SECRET_ACCESS_KEY": "invented"}
    server = subprocess.Popen(
        [command, "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**told, "AWS_DEFAULT_REGION": "us-east-1"}.items():
            patch.setenv(name, value)
        try:
            wait_for(f"{endpoint}/moto-api/")
            urlopen(Request(f"{endpoint}/wire", method="PUT")).close()
            yield "s3://wire/archive"
        finally:
            server.terminate()
            server.wait()


def wait_for(url: str, seconds: int = 60) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            urlopen(url).close()
            return
        except URLError:
            if time.monotonic() > end:
                raise


def count_revisions(settings: Settings) -> list[tuple[str, str]]:
    with open_store(settings) as connection:
        rows = connection.execute(get_query("list_checksums")).fetchall()
    return [(r["table_name"], r["digest"]) for r in rows if r["table_name"] in ("article", "article_revision")]


def bodies(address: str) -> bytes:
    with Archive(address) as archive:
        return b"".join(result.body or b"" for file in archive.files() for _, result in archive.iterate(file))


@pytest.fixture(scope="module")
def polled(server: Server, bucket: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """One service of the demo polled twice over the day, the archive in the bucket."""
    with DemoWire(stage=1) as wire:
        database = copy_database(server, "template_wire")
        settings = demo_settings(database, tmp_path_factory.mktemp("s3"), wire).model_copy(
            update={"archive_url": bucket}
        )
        for stage in (1, 2):
            wire.stage = stage
            for host in jobs.list_due_hosts(force=True, settings=settings):
                if DOMAIN in host["host"]:
                    jobs.collect_host(host, settings=settings)
            jobs.read_pages(settings=settings)
        yield settings


def replay(server: Server, polled: Settings, var: Path) -> Settings:
    database = Settings(database_url=copy_database(server, "template_wire")).database_url
    again = polled.model_copy(update={"database_url": database, "var": var})
    jobs.replay_archive(settings=again)
    return again


def test_a_bucket_holds_what_was_fetched_and_gives_the_ledger_back(
    server: Server, polled: Settings, tmp_path: Path
) -> None:
    with Archive(polled.archive) as archive:
        assert len(archive.files()) >= 10
    assert not (polled.var / "archive").exists()
    assert count_revisions(replay(server, polled, tmp_path)) == count_revisions(polled)


def test_a_redaction_killed_half_way_is_finished_by_the_next(
    server: Server, polled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert SECRET.encode() in bodies(polled.archive)
    with open_store(polled) as connection:
        urls = connection.execute(
            "select a.canonical_url from core.article as a join core.article_revision as r using (article_id)"
            " where r.body like %s group by 1", [f"%{SECRET}%"],
        ).fetchall()  # fmt: skip
    with monkeypatch.context() as patch:
        patch.setattr(Archive, "remove", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        for row in urls:
            with pytest.raises(KeyboardInterrupt):
                redact("a test", url=row["canonical_url"], settings=polled)
    assert SECRET.encode() in bodies(polled.archive), "the old object is still there"
    with open_store(polled) as connection:
        rewrite_archive(connection, polled)
        assert connection.execute(get_query("list_redactions_to_do")).fetchall() == []
    assert SECRET.encode() not in bodies(polled.archive)
    again = replay(server, polled, tmp_path)
    with open_store(again) as connection, Archive(polled.archive) as archive:
        rows = connection.execute("select archive_file from raw.fetch").fetchall()
        assert {r["archive_file"] for r in rows} <= set(archive.files())
        found = connection.execute(
            "select count(*) as n from core.article_revision where body like %s", [f"%{SECRET}%"]
        )
        assert found.fetchone() == {"n": 0}


def test_a_bucket_that_is_not_there_is_one_plain_error(bucket: str) -> None:
    with Archive("s3://nobody/archive") as archive, pytest.raises(OSError, match="nobody/archive") as told:
        archive.write(RESULT)
    assert "\n" not in str(told.value)
