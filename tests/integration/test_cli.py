"""`wire` as a person meets it: results on standard output, one clear line and exit code 2 for wrong input."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.settings import ROOT, Settings

pytestmark = pytest.mark.postgres

WIRE = Path(sys.executable).parent / "wire"
STORY = (
    "PORTO (Halcyon) - The mayor of Porto, Rui Tavares Lobo, said on Monday that the bridge was safe, but the engineers' "
    "chamber denied it had approved the repairs.\n(Reporting by Ana Prado; Editing by Joe Marsh)\n"
)


def wire(*arguments: str, stdin: str | bytes = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    given = stdin.encode() if isinstance(stdin, str) else stdin
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "WIRE_VAR", "WIRE_FEEDS")}
    return subprocess.run(
        [str(WIRE), *arguments], input=given, capture_output=True, env={**kept, **environment}, timeout=300
    )


@pytest.fixture
def ledger(loaded_demo: Settings, tmp_path: Path) -> dict[str, str]:
    """Environment that leads `wire` to the loaded demo."""
    assert loaded_demo.database_url is not None
    return {
        "DATABASE_URL": loaded_demo.database_url.get_secret_value(),
        "WIRE_VAR": str(tmp_path),
        "WIRE_FEEDS": str(ROOT / "demo" / "feeds"),
    }


def assert_refused(done: subprocess.CompletedProcess[bytes], *words: str) -> None:
    lines = done.stderr.decode().strip().splitlines()
    assert done.returncode == 2, lines
    assert "Traceback" not in done.stderr.decode()
    assert all(word in lines[-1] or word in " ".join(lines) for word in words), lines
    assert done.stdout == b""


def test_annotate_gives_the_contract_with_true_spans() -> None:
    done = wire("annotate", "--json", "--published", "2026-11-17T12:00:00Z", "-", stdin=STORY)
    assert done.returncode == 0, done.stderr
    read = json.loads(done.stdout)
    assert read["dateline"]["place"] == "Porto"
    assert [c["name"] for c in read["sign_off"]["reporting"]] == ["Ana Prado"]
    acts = {c["act"] for c in read["claims"]}
    assert "deny" in acts
    assert all(
        s["text"] == STORY[s["start"] : s["end"]]
        for c in read["claims"]
        for s in [*c["sources"], *c["content"], c["cue"]]
    )
    assert not {"Ana Prado", "Joe Marsh"} & {s["text"] for c in read["claims"] for s in c["sources"]}


def test_annotate_is_readable_without_json() -> None:
    done = wire("annotate", "-", stdin=STORY)
    assert done.returncode == 0
    assert "Rui Tavares Lobo" in done.stdout.decode()


@pytest.mark.parametrize(
    ("arguments", "stdin", "words"),
    [
        (("annotate", "no/such/file.txt"), "", ("no such file",)),
        (("annotate", "-"), b"\xff\xfe\x00bad", ("not UTF-8",)),
        (("annotate", "-"), "a\x00b", ("NUL",)),
        (("annotate", "--published", "yesterday", "-"), "Text.", ("yesterday",)),
        (("extract", "no/such/page.html"), "", ("no such file",)),
        (("extract", "-"), "", ("empty",)),
        (("sql", "select nonsense"), "", ("nonsense",)),
        (("sql", "delete from core.claim"), "", ("SQL",)),
        (("sql", "select 1; select 2"), "", ("SQL",)),
        (("sql", "reset role"), "", ("no rows",)),
        (("sql", "--json", "--csv", "select 1"), "", ("not both",)),
        (("run", "--feed", "no-such-feed"), "", ("no such feed",)),
        (("run", "--limit", "0"), "", ("limit",)),
        (("replay", "--from", "2026-11-01"), "", ("zone",)),
        (("replay", "--from", "soon"), "", ("ISO",)),
        (("replay", "--file", "nothing.warc.gz"), "", ("no such WARC",)),
        (("no-such-command",), "", ("No such command",)),
    ],
    ids=lambda value: "-".join(value)[:40] if isinstance(value, tuple) else "",
)
def test_wrong_input_is_one_clear_line(
    arguments: tuple[str, ...], stdin: str | bytes, words: tuple[str, ...], ledger: dict[str, str]
) -> None:
    assert_refused(wire(*arguments, stdin=stdin, **ledger), *words)


def test_sql_gives_json_csv_and_a_table(ledger: dict[str, str]) -> None:
    statement = "select claim_id, source_names, stated_by_at from mart.claim order by claim_id limit 3"
    rows = json.loads(wire("sql", "--json", statement, **ledger).stdout)
    assert len(rows) == 3
    assert isinstance(rows[0]["source_names"], list)
    table = list(csv.DictReader(io.StringIO(wire("sql", "--csv", statement, **ledger).stdout.decode())))
    assert [r["claim_id"] for r in table] == [str(r["claim_id"]) for r in rows]
    assert b"3 rows" in wire("sql", statement, **ledger).stdout


def test_feeds_shows_the_broken_and_the_dead(ledger: dict[str, str]) -> None:
    health = {r["feed_key"]: r["health"] for r in json.loads(wire("feeds", "--json", **ledger).stdout)}
    assert health["brackwater-noise"] == "failing"
    assert health["tollgate-gone"] == "failing"
    assert (
        health["halcyon-top" if "halcyon-top" in health else next(k for k in health if k.startswith("halcyon"))]
        != "failing"
    )


def test_quarantine_names_the_feed_that_is_none(ledger: dict[str, str]) -> None:
    rows = json.loads(wire("quarantine", "--json", **ledger).stdout)
    assert any(r["subject"] == "brackwater-noise" and r["reason"] == "not_a_feed" for r in rows)


def test_doctor_finds_this_installation_well(tmp_path: Path) -> None:
    done = wire("doctor", WIRE_VAR=str(tmp_path))
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    assert b"All is well" in done.stdout


def test_an_unreachable_database_is_one_line(tmp_path: Path) -> None:
    done = wire("sql", "select 1", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none", WIRE_VAR=str(tmp_path))
    assert done.returncode == 1
    assert b"cannot reach Postgres" in done.stderr
    assert b"Traceback" not in done.stderr


def test_the_embedded_server_stops_with_its_last_user(tmp_path: Path) -> None:
    assert wire("sql", "select 1", WIRE_VAR=str(tmp_path)).returncode == 0
    assert not (tmp_path / "postgres" / "postmaster.pid").exists()
