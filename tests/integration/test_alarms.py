"""The alarms of docs/operations.md: each is one answer, yes or no, on any ledger, and has its runbook."""

from __future__ import annotations

import re

import psycopg
import pytest

from pipeline.settings import ROOT, Settings

pytestmark = pytest.mark.postgres
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
ROWS = re.findall(r"(?m)^\| ([\w ]+) \| (.+?) \| \[[\w ]+\]\(#([\w-]+)\) \|$", PAGE)


def test_freshness_backlog_and_quarantine_have_alarms_and_all_have_runbooks() -> None:
    assert {"stale", "silent", "backlog", "quarantine"} <= {name for name, _, _ in ROWS}
    headings = {h.strip().lower().replace(" ", "-") for h in re.findall(r"(?m)^#+ (.+)$", PAGE)}
    assert {anchor for _, _, anchor in ROWS} <= headings


@pytest.mark.parametrize("is_loaded", [True, False], ids=["demo", "empty"])
def test_every_rule_is_one_yes_or_no(loaded_demo: Settings, database: str, is_loaded: bool) -> None:
    assert loaded_demo.database_url is not None
    rules = {name: found.group(1) for name, rule, _ in ROWS if (found := re.search("`(select [^`]+)`", rule))}
    assert len(rules) >= 8
    with psycopg.connect(loaded_demo.database_url.get_secret_value() if is_loaded else database) as connection:
        connection.execute("set role wire_reader")
        answers = {name: connection.execute(rule.encode()).fetchall() for name, rule in rules.items()}
    assert {name: len(rows) for name, rows in answers.items() if len(rows) != 1} == {}
    assert {name for name, ((answer,),) in answers.items() if not isinstance(answer, bool)} == set()
    assert answers["silent"] == [(not is_loaded,)]
    assert answers["data check"] == [(False,)]
