"""The seed story against its gold, under floors that never fall."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline.annotate import annotate
from pipeline.evaluate.seed import evaluate, false_spans, read_seed

FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text(encoding="utf-8"))["seed"]


@pytest.fixture(scope="module")
def figures(shared_dir: Path) -> dict[str, Any]:
    return evaluate(shared_dir)


def test_claims_are_found(figures: dict[str, Any]) -> None:
    assert figures["claims_found"] >= FLOORS["claims_found"], figures["wrong"]


def test_no_more_claims_than_the_story_makes(figures: dict[str, Any]) -> None:
    assert figures["claims_in_all"] <= FLOORS["claims_in_all_at_most"]


def test_points_of_the_gold(figures: dict[str, Any]) -> None:
    assert figures["points"] - figures["points_right"] <= FLOORS["points_wrong_at_most"], figures["wrong"]


def test_thursday_stays_open_without_a_date(figures: dict[str, Any]) -> None:
    assert figures["undated_right"] == figures["undated"], figures["wrong"]


def test_spans_hold_in_windows_of_the_story(shared_dir: Path) -> None:
    text, _ = read_seed(shared_dir)
    for start, end in ((0, 700), (333, 1200), (900, len(text)), (5, 40)):
        part = text[start:end]
        assert not list(false_spans(part, annotate(part, "2024-10-17T18:00:00Z")))
