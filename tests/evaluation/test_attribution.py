"""The tagger's dev figures against their floors, and our scorer against the numbers it must give."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline.evaluate.assignment import assign
from pipeline.evaluate.attribution import Scores, evaluate, score

FLOORS = tomllib.loads(Path(__file__).with_name("floors.toml").read_text(encoding="utf8")).get("attribution", {})


@pytest.mark.slow
def test_no_figure_of_the_tagger_falls_below_its_floor(shared_dir: Path) -> None:
    measured = evaluate(shared_dir)
    assert FLOORS.keys() == measured.keys()
    assert not {name: (measured[name], floor) for name, floor in FLOORS.items() if measured[name] < floor}


TEXT = "Mara Holt said the dam was safe. “It leaks,” he said, “a little.” They fear rain."
GOLD = [
    {"source": [[0, 9]], "cue": [[10, 14]], "content": [[15, 31]]},
    {"source": [[45, 47]], "cue": [[48, 52]], "content": [[33, 44], [54, 65]]},
    {"source": [[66, 70]], "cue": [[71, 75]], "content": [[76, 80]]},
]


def measure(predicted: list[dict[str, Any]], reporting: bool = False) -> Scores:
    return score([{"doc_id": "a", "text": TEXT, "attributions": GOLD}], {"a": predicted}, reporting)


def test_gold_against_itself_is_perfect() -> None:
    scores = measure(GOLD)
    assert {rate.f1 for role in scores.roles.values() for rate in role.values()} == {100.0}
    assert scores.attributions["strict"].f1 == 100.0
    assert {kind: own["gold"] for kind, own in scores.recall_by_kind.items()} == {"indirect": 2, "direct": 1}


def test_marks_at_an_edge_do_not_count() -> None:
    moved = [GOLD[0], {**GOLD[1], "content": [[34, 42], [55, 63]]}]
    assert measure(moved).attributions["strict"].precision == 100.0


def test_half_of_the_content_is_soft_and_not_strict() -> None:
    half = [{**GOLD[0], "content": [[23, 31]]}]
    scores = measure(half)
    assert scores.attributions["+cue"].precision == 100.0
    assert scores.attributions["strict"].precision == 0.0


def test_a_missing_source_is_not_soft() -> None:
    scores = measure([{**GOLD[0], "source": []}])
    assert scores.attributions["content>=.5"].precision == 100.0
    assert scores.attributions["+source"].precision == 0.0


def test_reporting_leaves_attitudes_out() -> None:
    scores = measure(GOLD, reporting=True)
    assert scores.attributions["strict"].gold == 2


def test_pieces_count_one_by_one() -> None:
    scores = measure([{**GOLD[1], "content": [[33, 44]]}])
    assert scores.roles["content"]["piece"].precision == 100.0
    assert scores.roles["content"]["exact"].precision == 0.0


def test_the_assignment_is_best_in_all_and_not_greedy() -> None:
    assert assign([[0.9, 0.8], [0.8, 0.1]]) == [(0, 1), (1, 0)]
    assert assign([[0.0, 0.5, 0.0]]) == [(0, 1)]
    assert assign([[0.2], [0.7], [0.0]]) == [(1, 0)]
    assert assign([]) == []
