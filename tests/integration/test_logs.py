"""What the jobs log: one event a line, each with its run; polls and pages with their feed, readings with their article."""

from __future__ import annotations

import io
import json
import logging
from pathlib import Path
from typing import Any

import pytest

from demo.server import DemoWire
from pipeline import jobs, logs
from pipeline.errors import PermanentError
from pipeline.jobs.session import open_store
from pipeline.store import runs
from tests.integration.conftest import demo_settings

pytestmark = pytest.mark.postgres
ONE = "quayside-daily-latest"


def test_every_event_bears_its_ids_and_no_text(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    logger = logging.getLogger("wire")
    for name in ("handlers", "level", "propagate"):
        monkeypatch.setattr(logger, name, getattr(logger, name))
    stream = io.StringIO()
    logs.configure(stream, is_json=True)
    with DemoWire(stage=1) as wire:
        settings = demo_settings(database, tmp_path, wire)
        (host,) = jobs.list_due_hosts([ONE], settings=settings)
        jobs.collect_host(host, settings=settings)
        jobs.read_pages(settings=settings)
        jobs.analyse_all(settings)
        jobs.link_new(settings=settings)
    with open_store(settings) as connection:
        bodies = [r["body"] for r in connection.execute("select body from core.article_revision").fetchall()]
        with pytest.raises(PermanentError), runs.recorded_run(connection, "analyse", {}):
            raise PermanentError("a text that is nobody's business")
    lines: list[dict[str, Any]] = [json.loads(line) for line in stream.getvalue().splitlines()]
    by_event = {line["event"]: line for line in lines}
    assert all(line["run"] for line in lines)
    assert all(line["feed"] == ONE for line in lines if line["event"] in ("poll", "entry", "page", "revise"))
    assert {"run started", "run done", "poll", "page", "revise", "analyse", "linked"} <= by_event.keys()
    assert all(line["article"] for line in lines if line["event"] == "analyse")
    assert (by_event["run failed"]["level"], by_event["run failed"]["error"]) == ("error", "PermanentError")
    assert "business" not in stream.getvalue()
    assert not any(body[:60] in line for body in bodies for line in stream.getvalue().splitlines() if body)
