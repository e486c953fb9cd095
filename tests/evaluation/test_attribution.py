"""The tagger's dev figures against their floors, and our scorer against the numbers it must give."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline.analyse.language import parse_texts
from pipeline.analyse.tagger import get_tagger
from pipeline.evaluate.assignment import assign
from pipeline.evaluate.attribution import ROLES, Scores, score, show

FLOORS = tomllib.loads(Path(__file__).with_name("floors.toml").read_text(encoding="utf8")).get("attribution", {})


@pytest.fixture(scope="module")
def dev(shared_dir: Path) -> tuple[Scores, Scores]:
    """(all, reporting) figures of the tagger on the dev set."""
    lines = (shared_dir / "data" / "polnear" / "dev.jsonl").read_text(encoding="utf8").splitlines()
    records: list[dict[str, Any]] = [json.loads(line) for line in lines]
    texts = [record["text"] for record in records]
    found = get_tagger().tag_batch(texts, list(parse_texts(texts)))
    predicted = {
        record["doc_id"]: [{role: getattr(a, role) for role in ROLES} for a in own]
        for record, own in zip(records, found, strict=True)
    }
    return score(records, predicted), score(records, predicted, reporting=True)


def figures(dev: tuple[Scores, Scores]) -> dict[str, float]:
    every, saying = dev
    table = {f"piece_{role}": every.roles[role]["piece"].f1 for role in ROLES}
    for name, scores in (("all", every), ("reporting", saying)):
        table[f"{name}_soft"] = scores.attributions["+cue"].f1
        table[f"{name}_strict"] = scores.attributions["strict"].f1
    return table | {f"recall_{kind}": own["+cue"] for kind, own in saying.recall_by_kind.items()}


@pytest.mark.slow
def test_no_figure_of_the_tagger_falls_below_its_floor(dev: tuple[Scores, Scores]) -> None:
    measured = figures(dev)
    below = {name: (measured[name], floor) for name, floor in FLOORS.items() if measured[name] < floor}
    assert FLOORS
    assert not below, show(dev[0])


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
