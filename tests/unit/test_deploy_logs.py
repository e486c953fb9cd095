"""One event a line, with the ids that it concerns."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import logs


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    logger = logging.getLogger("wire")
    before = logger.handlers[:], logger.level, logger.propagate
    yield
    logger.handlers[:], logger.level, logger.propagate = before


def test_ids_of_outer_and_inner_blocks_are_on_the_line_and_go_with_the_block() -> None:
    stream = io.StringIO()
    logs.configure(stream, is_json=True)
    with logs.bound(run=12, feed="halcyon-top"):
        with logs.bound(article=7):
            logs.note("read", outcome="ok")
        logs.note("polled")
    logs.note("ended")
    first, second, third = map(json.loads, stream.getvalue().splitlines())
    assert (first["event"], first["run"], first["feed"], first["article"], first["outcome"]) == (
        "read",
        12,
        "halcyon-top",
        7,
        "ok",
    )
    assert "article" not in second
    assert second["run"] == 12
    assert "run" not in third


def test_a_plain_line_keeps_the_ids_for_who_keeps_text_alone() -> None:
    stream = io.StringIO()
    logs.configure(stream, is_json=False)
    with logs.bound(run=3):
        logs.note("polled", detail="status 503", outcome="busy")
    assert stream.getvalue() == 'polled run=3 detail="status 503" outcome=busy\n'


@given(st.text(), st.text())
def test_any_text_stays_one_line_and_comes_back(event: str, detail: str) -> None:
    stream = io.StringIO()
    logs.configure(stream, is_json=True)
    logs.note(event or "x", detail=detail)
    assert stream.getvalue().count("\n") == 1
    assert json.loads(stream.getvalue())["detail"] == detail
