"""Act, polarity and certainty against our own gold, under floors that never fall."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline.evaluate import left_open
from pipeline.evaluate.stance import agreement, evaluate, evaluate_articles, read_gold, read_second, share_and_kappa

TESTS = Path(__file__).resolve().parent.parent
ALL_FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text(encoding="utf-8"))
FLOORS = ALL_FLOORS["stance"]
WELL_FILLED = ("deny", "confirm", "not_confirm", "decline", "no_response", "request")


@pytest.fixture(scope="module", params=["dev", "test"])
def figures(request: pytest.FixtureRequest) -> dict[str, Any]:
    return evaluate(TESTS, request.param)


def test_act(figures: dict[str, Any]) -> None:
    assert figures["act_macro_f1"] >= FLOORS["act_macro_f1"]


def test_polarity_and_certainty(figures: dict[str, Any]) -> None:
    assert figures["degree_macro_f1"] >= FLOORS["degree_macro_f1"]
    assert figures["degree_micro_f1"] >= FLOORS["degree_micro_f1"]


def test_no_denial_where_there_is_none(figures: dict[str, Any]) -> None:
    assert figures["false_denials"] <= FLOORS["false_denials_at_most"]


def test_gold_holds_enough_of_what_the_ledger_is_for() -> None:
    acts = [row.act for row in read_gold(TESTS)]
    assert {act: acts.count(act) for act in WELL_FILLED if acts.count(act) < 50} == {}


def test_a_second_annotator_labelled_every_row_and_agrees() -> None:
    found = agreement(read_gold(TESTS), read_second(TESTS))
    assert found["agreement.act_kappa"] >= 0.8
    assert found["agreement.degree_kappa"] >= 0.8


def test_kappa_is_agreement_beyond_chance() -> None:
    assert share_and_kappa([("deny", "deny"), ("state", "state")]) == (1.0, 1.0)
    assert share_and_kappa([("deny", "deny"), ("deny", "state"), ("state", "deny"), ("state", "state")]) == (0.5, 0.0)


@pytest.mark.slow
def test_claims_of_real_articles(shared_dir: Path) -> None:
    found = evaluate_articles(TESTS, shared_dir)
    assert found["found"] >= FLOORS["articles_found"]
    assert found["act_right_of_found"] >= FLOORS["articles_act_right"]
    assert found["degree_right_of_found"] >= FLOORS["articles_degree_right"]
    assert found["false_denials"] <= FLOORS["false_denials_at_most"]


def test_what_is_left_open_is_found_in_the_words_of_many_hands() -> None:
    figures = left_open.evaluate(TESTS)
    for name, floor in ALL_FLOORS["left_open"].items():
        assert figures[name] >= floor
