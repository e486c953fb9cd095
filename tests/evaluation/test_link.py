"""Linking against its gold: relations, copies and stories, held by floors. The demo's groups: tests/integration/test_link.py."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline.evaluate.link import RELATIONS, evaluate
from pipeline.evaluate.pairs import read_table

FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text(encoding="utf-8"))["link"]


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    return evaluate(Path())


@pytest.mark.parametrize("name", [name for name in FLOORS if not name.startswith("demo.")])
def test_no_figure_falls_below_its_floor(figures: dict[str, Any], name: str) -> None:
    assert figures[name] >= FLOORS[name], name


def test_gold_holds_every_relation_and_pairs_with_none() -> None:
    labels = [row["relation"] for row in read_table("link_pairs")]
    assert len(labels) == 200
    assert all(labels.count(relation) >= 15 for relation in RELATIONS)
    assert labels.count("none") >= 30
    assert {len(read_table(name)) for name in ("link_copies", "link_stories")} == {100}
