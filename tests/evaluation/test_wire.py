"""Datelines and sign-offs on labelled lines, under floors that never fall."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from pipeline.evaluate.wire import GOLDEN, evaluate, read_table

FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def figures(shared_dir: Path) -> dict[str, float]:
    return evaluate(shared_dir)


@pytest.mark.parametrize("section", ["dateline", "sign_off", "styles"])
def test_figures_hold_their_floors(figures: dict[str, float], section: str) -> None:
    below = {
        name: (figures[f"{section}.{name}"], floor)
        for name, floor in FLOORS[section].items()
        if figures[f"{section}.{name}"] < floor
    }
    assert below == {}


def test_enough_is_labelled() -> None:
    datelines = list(read_table(GOLDEN / "datelines.tsv"))
    assert len([row for row in datelines if row["start"]]) >= 300
    assert {row["half"] for row in datelines} == {"dev", "test"}
    assert len(list(read_table(GOLDEN / "sign_offs.tsv"))) == 74
    assert len(list(read_table(GOLDEN / "dateline_negatives.tsv"))) >= 20
