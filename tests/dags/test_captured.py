"""Real input through the real DAG: 85 captured feeds and six whole pages, served over loopback."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pipeline.jobs.session import open_store
from pipeline.settings import ROOT, Settings

pytestmark = [pytest.mark.airflow, pytest.mark.postgres, pytest.mark.slow]


def read_captured(shared: Path) -> tuple[dict[str, bytes], list[bytes]]:
    """Feeds by URL, and pages."""
    rows = (shared / "data" / "feeds" / "SOURCES.tsv").read_text().splitlines()[1:]
    feeds = {
        r.split("\t")[1]: gzip.decompress((shared / "data" / "feeds" / r.split("\t")[0]).read_bytes()) for r in rows
    }
    pages = [gzip.decompress(p.read_bytes()) for p in sorted((shared / "data" / "wire_pages").glob("*.html.gz"))]
    return feeds, pages


@contextmanager
def serve(feeds: dict[str, bytes], pages: list[bytes]) -> Iterator[int]:
    """Feeds at their own host and path, a page everywhere else; the port."""
    by_address = {(urlsplit(u).hostname, urlsplit(u).path, urlsplit(u).query): body for u, body in feeds.items()}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            host = self.headers["Host"].split(":")[0]
            body = by_address.get((host, parts.path, parts.query))
            status = 200 if body is not None or parts.path != "/robots.txt" else 404
            body = body if body is not None else pages[len(self.path) % len(pages)]
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def write_registry(folder: Path, urls: list[str]) -> None:
    """One service of plain-HTTP feeds, so that no certificate stands between."""
    lines = [
        'key = "captured"',
        'name = "Captured"',
        'kind = "outlet"',
        'homepage = "http://captured.example/"',
        "allow_loopback = true",
    ]
    for number, url in enumerate(urls):
        lines += [
            "",
            "[[feed]]",
            f'key = "captured-{number:02}"',
            f'title = "{number}"',
            f"url = {json.dumps(url)}",
            "last_seen_on = 2026-11-01",
        ]
    (folder / "captured.toml").write_text("\n".join(lines) + "\n")


def find_hosts(feeds: dict[str, bytes]) -> set[str]:
    """Every host that a feed names."""
    found = {urlsplit(u).hostname or "" for u in feeds}
    for body in feeds.values():
        found |= {m.decode() for m in re.findall(rb"https?://([a-zA-Z0-9.-]+)", body)}
    return {h.lower() for h in found}


def test_captured_feeds_go_through_the_dag(shared_dir: Path, tmp_path: Path) -> None:
    feeds, pages = read_captured(shared_dir)
    plain = {u.replace("https://", "http://", 1): body for u, body in feeds.items()}
    (tmp_path / "feeds").mkdir()
    write_registry(tmp_path / "feeds", list(plain))
    with serve(plain, pages) as port:
        connect_to = dict.fromkeys(find_hosts(feeds), f"127.0.0.1:{port}")
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("AIRFLOW")},
            "AIRFLOW_HOME": str(tmp_path / "airflow"),
            "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{tmp_path}/airflow.db",
            "PYTHONPATH": str(ROOT / "dags"),
            "PYTHONWARNINGS": "ignore",
            "WIRE_VAR": str(tmp_path / "var"),
            "WIRE_FEEDS": str(tmp_path / "feeds"),
            "WIRE_CONNECT_TO": json.dumps(connect_to),
        }
        subprocess.run(
            [sys.executable, "-m", "airflow", "db", "migrate"], env=environment, check=True, capture_output=True
        )
        settings = Settings(var=tmp_path / "var", feeds=tmp_path / "feeds")
        with open_store(settings) as connection:
            command = [
                sys.executable,
                "-m",
                "airflow",
                "dags",
                "test",
                "collect_wire",
                "--conf",
                '{"limit": 2, "force": true}',
            ]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=500)
            assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
            polls = connection.execute(
                "select last_outcome, count(*) as count from ops.feed_state group by 1"
            ).fetchall()
            assert {row["last_outcome"]: row["count"] for row in polls} == {"ok": 85}
            row = connection.execute(
                """
                select
                  (select count(*) from raw.entry) as states,
                  (select count(distinct (feed_key, entry_key)) from raw.entry) as entries,
                  (select count(distinct subject) from ops.outcome
                    where stage = 'entry' and status in ('new', 'without_text')) as noted,
                  (select count(*) from core.article) as articles,
                  (select sum(broken_count) from mart.data_check) as broken
                """
            ).fetchone()
        assert row is not None
        assert row["entries"] > 1000
        assert row["noted"] == row["entries"]
        assert row["articles"] > 0
        assert row["broken"] == 0
