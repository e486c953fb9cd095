"""Grafana's dashboards on the demo's database: every query runs as the reader, shows something, and leads somewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from pipeline.settings import ROOT

pytestmark = pytest.mark.postgres
FOLDER = ROOT / "dashboards" / "grafana"
BOARDS = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted((FOLDER / "dashboards").glob("*.json"))
}
FROM, TO = "2026-11-10T00:00:00Z", "2099-01-01T00:00:00Z"
# Panels that may well be empty: the demo need not hold what they warn of, and every story does not have it.
MAY_BE_EMPTY = {"On unnamed sources only", "Unconfirmed after ${hours} hours", "Figures", "All figures"}
Row = dict[str, Any]


def expand(sql: str, variables: dict[str, str]) -> str:
    """What Grafana's Postgres source makes of it: variables first, then macros."""
    for name, value in variables.items():
        quoted = "'" + value.replace("'", "''") + "'"
        sql = sql.replace("${" + name + ":sqlstring}", quoted)
    sql = re.sub(r"\$__interval\b", "1h", sql)
    grouped = r"floor(extract(epoch from \1) / 3600) * 3600"
    sql = re.sub(r"\$__timeGroupAlias\((\w+), 1h\)", grouped + ' as "time"', sql)
    sql = re.sub(r"\$__timeGroup\((\w+), 1h\)", grouped, sql)
    sql = re.sub(r"\$__timeFilter\(([\w.]+)\)", rf"\1 between '{FROM}' and '{TO}'", sql)
    return sql.replace("$__timeFrom()", f"'{FROM}'").replace("$__timeTo()", f"'{TO}'")


@pytest.fixture(scope="module")
def reader(loaded_demo: Any) -> Iterator[psycopg.Connection[Row]]:
    url = loaded_demo.database_url.get_secret_value()
    with psycopg.connect(url, row_factory=dict_row, autocommit=True) as connection:
        connection.execute("set role wire_reader")
        connection.execute("set default_transaction_read_only = on")
        connection.execute("set statement_timeout = '30s'")
        yield connection


def ask(reader: psycopg.Connection[Row], sql: str) -> list[Row]:
    with psycopg.Cursor(reader, row_factory=dict_row) as cursor:
        return cursor.execute(sql.encode()).fetchall()


def list_values(reader: psycopg.Connection[Row], board: dict[str, Any]) -> Iterator[dict[str, str]]:
    """The first variables that a person would see, then every other choice of the queried one."""
    texts = {v["name"]: v["query"] for v in board["templating"]["list"] if v["type"] == "textbox"}
    queried = [v for v in board["templating"]["list"] if v["type"] == "query"]
    if not queried:
        yield texts
        return
    (variable,) = queried
    choices = ask(reader, expand(variable["query"], texts))
    assert choices, f"{variable['name']} offers nothing"
    assert len({row["__value"] for row in choices}) == len(choices)
    for row in choices:
        yield {**texts, variable["name"]: str(row["__value"])}


@pytest.mark.parametrize("name", BOARDS)
def test_every_panel_runs_as_the_reader_and_shows_something(reader: psycopg.Connection[Row], name: str) -> None:
    board = BOARDS[name]
    shown: set[str] = set()
    for variables in list_values(reader, board):
        for panel in board["panels"]:
            (target,) = panel["targets"]
            sql = expand(target["rawSql"], variables)
            assert "$" not in sql, f"{panel['title']}: not expanded: {sql}"
            rows = ask(reader, sql)
            if not rows:
                continue
            shown.add(panel["title"])
            if target["format"] == "time_series":
                assert {"time", "value"} <= set(rows[0])
                assert [row["time"] for row in rows] == sorted(row["time"] for row in rows)
    assert {panel["title"] for panel in board["panels"]} - shown <= MAY_BE_EMPTY


@pytest.mark.parametrize("name", BOARDS)
def test_variables_are_text_to_the_database_whatever_is_typed(reader: psycopg.Connection[Row], name: str) -> None:
    texts = [v["name"] for v in BOARDS[name]["templating"]["list"] if v["type"] == "textbox" and v["name"] == "search"]
    queried = {v["name"]: "" for v in BOARDS[name]["templating"]["list"]}
    for panel in BOARDS[name]["panels"]:
        typed = {**queried, **dict.fromkeys(texts, "x' or true; drop table core.claim; --")}
        rows = ask(reader, expand(panel["targets"][0]["rawSql"], typed))
        if texts and "${search" in panel["targets"][0]["rawSql"]:
            assert rows == [] or list(rows[0].values()) == [0]


def list_columns(sql: str) -> set[str]:
    return set(re.findall(r' as "([^"]+)"', sql))


@pytest.mark.parametrize("name", BOARDS)
def test_panels_say_what_they_are_and_read_the_mart_alone(name: str) -> None:
    board = BOARDS[name]
    assert board["uid"] == f"wire-{name}"
    assert board["description"]
    for panel in board["panels"]:
        assert panel["title"]
        assert panel["description"].endswith(".")
        assert panel["datasource"]["uid"] == "wireledger"
        assert panel["targets"][0]["datasource"]["uid"] == "wireledger"
        relations = re.findall(r"\b(?:from|join)\s+(\w+\.\w+)", panel["targets"][0]["rawSql"])
        assert relations
        assert {relation.split(".")[0] for relation in relations} == {"mart"}


@pytest.mark.parametrize("name", BOARDS)
def test_links_name_columns_and_dashboards_that_are_there(name: str) -> None:
    uids = {board["uid"] for board in BOARDS.values()}
    for panel in BOARDS[name]["panels"]:
        columns = list_columns(panel["targets"][0]["rawSql"])
        for override in panel["fieldConfig"]["overrides"]:
            links = [link for p in override["properties"] if p["id"] == "links" for link in p["value"]]
            for link in links:
                assert override["matcher"]["options"] in columns, panel["title"]
                wanted = re.findall(r'__data\.fields(?:\.(\w+)|\["([^"]+)"\])', link["url"])
                assert {a or b for a, b in wanted} <= columns, panel["title"]
                for uid, variable in re.findall(r"/d/([\w-]+)\?var-(\w+)=", link["url"]):
                    assert uid in uids
                    target = BOARDS[uid.removeprefix("wire-")]
                    assert variable in {v["name"] for v in target["templating"]["list"]}


def test_panels_do_not_overlap_and_fill_the_width() -> None:
    for board in BOARDS.values():
        cells = [
            (x, y)
            for panel in board["panels"]
            for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
            for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
        ]
        assert len(cells) == len(set(cells))
        assert max(x for x, _ in cells) == 23


def test_the_source_is_provisioned_for_the_reader_with_no_secret_in_the_file() -> None:
    text = (FOLDER / "provisioning" / "datasources" / "wireledger.yaml").read_text(encoding="utf-8")
    assert "uid: wireledger" in text
    assert re.findall(r"password: (.*)", text) == ["${WIRE_GRAFANA_PASSWORD}"]
    asked = set(re.findall(r"\$\{(\w+)\}", text))
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    assert all(f"{name}:" in compose for name in asked)
    provider = (FOLDER / "provisioning" / "dashboards" / "wireledger.yaml").read_text(encoding="utf-8")
    assert "/var/lib/dashboards/dashboards" in provider
    assert "./dashboards/grafana:/var/lib/dashboards" in compose
