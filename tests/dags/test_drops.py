"""The drop folder in a real Airflow: a flag starts the DAG through the triggerer, and a broken account fails the check."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.jobs.session import open_store
from pipeline.local.stack import WITH_WATCHERS, Stack, find_free_port
from pipeline.settings import Settings

pytestmark = [pytest.mark.airflow, pytest.mark.postgres, pytest.mark.slow]

SERVICE = """
key = "quill"
name = "Quill Agency"
kind = "agency"
homepage = "https://quill.example/"

[[drop]]
key = "quill-drop"
title = "Delivered"
"""
STORY = {
    "uri": "tag:quill.example,2026:dam", "type": "text", "version": "1", "pubstatus": "usable", "language": "en",
    "versioncreated": "2026-11-23T10:00:00Z", "headline": "Dam holds at Quill",
    "body_html": "<p>QUILL, Nov 23 (Quill) - The dam held, officials said.</p>",
}  # fmt: skip


def wait_for(what: Callable[[], Any], seconds: float = 150) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, "nothing came"
        time.sleep(0.5)
    return found


def find_run(stack: Stack, dag_id: str, **wanted: str) -> dict[str, Any] | None:
    runs = [run for run in stack.api.list_runs() if run["dag_id"] == dag_id and run["state"] in ("success", "failed")]
    return next((run for run in runs if all(run[key] == value for key, value in wanted.items())), None)


def test_a_flag_starts_the_taking_and_a_broken_account_fails_the_check(tmp_path: Path) -> None:
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "quill.toml").write_text(SERVICE)
    settings = Settings(var=tmp_path, feeds=tmp_path / "feeds")
    folder = settings.drop_folder / "quill-drop"
    folder.mkdir(parents=True)
    environment = {"WIRE_FEEDS": str(tmp_path / "feeds")}
    dags = ("collect_drops", "maintain_warehouse")
    with (
        open_store(settings) as connection,
        Stack(settings, find_free_port(), print, environment, dags, WITH_WATCHERS).running() as stack,
    ):
        (folder / "dam.part").write_text(json.dumps(STORY))
        (folder / "dam.part").rename(folder / "dam.json")
        os.utime(folder / "dam.json", (1, 1))
        settings.drop_flag.touch()
        run = wait_for(lambda: find_run(stack, "collect_drops", run_type="asset_triggered"))
        assert run["state"] == "success"
        (article,) = connection.execute("select canonical_url from core.article").fetchall()
        assert article["canonical_url"] == "urn:wire:quill-drop:tag:quill.example,2026:dam"
        assert not settings.drop_flag.exists()
        assert not (folder / "dam.json").exists()

        connection.execute("delete from ops.outcome where stage = 'drop'")
        stack.api.trigger("maintain_warehouse", {})
        assert wait_for(lambda: find_run(stack, "maintain_warehouse", run_type="manual"))["state"] == "failed"
