"""The whole way without Airflow: the demo wire into a real Postgres, and what the database itself holds to."""

from __future__ import annotations

import json

import psycopg
import pytest

from demo.server import DemoWire
from pipeline import jobs
from pipeline.jobs.session import open_store
from pipeline.settings import ROOT, Settings
from pipeline.store.database import Connection, connect, transaction
from pipeline.store.describe import dump_schema, write_dictionary
from pipeline.store.queries import get_query
from pipeline.store.server import Server
from tests.integration.conftest import copy_database, run_all

pytestmark = pytest.mark.postgres


def count(connection: Connection, sql: str) -> int:
    row = connection.execute(sql).fetchone()  # type: ignore[arg-type]
    assert row is not None
    return int(next(iter(row.values())))


def checksums(settings: Settings) -> dict[str, str]:
    with open_store(settings) as connection:
        return {r["table_name"]: r["digest"] for r in connection.execute(get_query("list_checksums")).fetchall()}


def test_the_demo_fills_the_ledger(demo: Connection) -> None:
    assert count(demo, "select count(*) from core.article") >= 40
    assert count(demo, "select count(*) from core.article_revision") >= 50
    assert count(demo, "select count(*) from core.claim") >= 150
    assert count(demo, "select count(*) from core.mention") >= 400


def test_every_data_check_holds(demo: Connection) -> None:
    assert demo.execute(get_query("list_broken_checks")).fetchall() == []


def test_polling_again_adds_nothing_to_core(loaded_demo: Settings, demo_wire: DemoWire) -> None:
    before = checksums(loaded_demo)
    demo_wire.stage = 3
    assert run_all(loaded_demo)["revisions"] == 0
    assert checksums(loaded_demo) == before


def test_a_withdrawn_story_keeps_its_text_and_loses_its_claims(demo: Connection) -> None:
    rows = demo.execute("select article_id, withdrawn_at from mart.article where status = 'withdrawn'").fetchall()
    assert rows
    for row in rows:
        assert row["withdrawn_at"] is not None
        of_article = f"where article_id = {row['article_id']}"
        assert count(demo, f"select count(*) from core.article_revision {of_article}") >= 2
        assert count(demo, f"select count(*) from mart.claim_history {of_article}") > 0
        assert count(demo, f"select count(*) from mart.claim {of_article}") == 0


def test_revision_kinds_of_the_day_are_seen(demo: Connection) -> None:
    kinds = {r["kind"] for r in demo.execute("select distinct kind from core.article_revision").fetchall()}
    assert {"original", "update", "correction", "refile", "repeat", "withdrawn"} <= kinds


def test_every_entry_of_every_poll_has_one_outcome(demo: Connection) -> None:
    seen = count(demo, "select count(*) from ops.outcome where stage = 'entry'")
    assert seen > 0
    assert (
        count(
            demo,
            "select count(*) from ops.page_visit where status in ('due', 'fetched', 'from_feed') and reason = 'entry'",
        )
        == 0
    )


def test_no_sign_off_name_is_a_source(demo: Connection) -> None:
    rows = demo.execute(
        """
        select s.words from core.claim_source as s
        join core.wire_part as w using (article_revision_id)
        where w.kind = 'sign_off' and s.text_part = w.text_part and s.span_start < w.span_end and s.span_end > w.span_start
        """
    ).fetchall()
    assert rows == []


def test_a_span_that_does_not_read_its_words_is_refused(demo_database: str) -> None:
    with (
        connect(demo_database) as connection,
        pytest.raises(psycopg.errors.CheckViolation, match="does not read"),
        transaction(connection),
    ):
        connection.execute("update core.claim_span set words = words || '!' where part = 'content'")


def test_a_revision_cannot_be_changed_or_deleted(demo_database: str) -> None:
    with connect(demo_database) as connection:
        for statement in ("update core.article_revision set body = ''", "delete from core.article_revision"):
            with pytest.raises(psycopg.errors.RestrictViolation, match="immutable"):
                connection.execute(statement)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "statement", ["delete from core.claim", "create table core.x (i int)", "select * from raw.entry"]
)
def test_the_reader_can_only_read_core_and_mart(demo_database: str, statement: str) -> None:
    with connect(demo_database) as connection, pytest.raises(psycopg.Error), transaction(connection, "wire_reader"):
        connection.execute(statement)  # type: ignore[arg-type]


def test_the_loader_makes_no_tables(demo_database: str) -> None:
    with (
        connect(demo_database) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        transaction(connection),
    ):
        connection.execute("create table core.x (i int)")


@pytest.fixture(scope="module")
def replay_differences(server: Server, loaded_demo: Settings, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Tables in which a replay of the archive, in one go, differs from the three polls of the day."""
    again = loaded_demo.model_copy(
        update={
            "database_url": Settings(database_url=copy_database(server, "template_wire")).database_url,
            "var": tmp_path_factory.mktemp("replay"),
            "archive_url": loaded_demo.archive,
        }
    )
    jobs.replay_archive(settings=again)
    jobs.analyse_all(again)
    jobs.link_new(settings=again)
    replayed, lived = checksums(again), checksums(loaded_demo)
    return {name for name in lived if lived[name] != replayed.get(name)}


def test_checksums_cover_every_table_of_core(demo: Connection) -> None:
    rows = demo.execute("select table_name from information_schema.tables where table_schema = 'core'").fetchall()
    query = get_query("list_checksums")
    assert [r["table_name"] for r in rows if f"select '{r['table_name']}'" not in query] == []


def test_a_replay_of_the_archive_gives_equal_tables(replay_differences: set[str]) -> None:
    assert replay_differences == set()


def test_every_table_view_and_column_has_a_comment(database: str) -> None:
    with connect(database) as connection:
        rows = connection.execute(
            """
            select n.nspname || '.' || k.relname as name, a.attname
            from pg_class as k
            join pg_namespace as n on n.oid = k.relnamespace
            left join pg_attribute as a on a.attrelid = k.oid and a.attnum > 0 and not a.attisdropped
              and col_description(k.oid, a.attnum) is null
            where n.nspname in ('raw', 'core', 'mart', 'ops') and k.relkind in ('r', 'v', 'm', 'p')
              and (obj_description(k.oid, 'pg_class') is null or a.attname is not null)
            """
        ).fetchall()
    assert [f"{r['name']}.{r['attname']}" for r in rows] == []


def test_columns_of_mart_are_only_ever_added(database: str) -> None:
    contract = json.loads((ROOT / "tests" / "golden" / "mart_columns.json").read_text())
    with connect(database) as connection:
        rows = connection.execute(
            "select table_name, column_name from information_schema.columns where table_schema = 'mart'"
        ).fetchall()
    found = {(r["table_name"], r["column_name"]) for r in rows}
    assert {(view, column) for view, columns in contract.items() for column in columns} - found == set()


def test_the_migrations_give_the_schema_that_stands_in_git(database: str) -> None:
    assert dump_schema(database) == (ROOT / "sql" / "schema.sql").read_text(), "run `make docs`"


def test_the_data_dictionary_is_current(database: str) -> None:
    with connect(database) as connection:
        assert write_dictionary(connection) == (ROOT / "docs" / "data-dictionary.md").read_text(), "run `make docs`"
