"""Links between the claims of one story."""

from __future__ import annotations

import pytest

from pipeline.annotate import annotate


def links(text: str) -> set[tuple[str, str, str]]:
    found = annotate(text, "2024-10-17T18:00:00Z")
    cues = {claim["id"]: claim["cue"]["text"] for claim in found["claims"]}
    return {(cues[link["from"]], link["relation"], cues[link["to"]]) for link in found["links"]}


def test_what_is_left_open_is_not_denied() -> None:
    text = (
        "Finland accused Norway of sending soldiers across the border. "
        "Denmark said there was no evidence that Norwegian soldiers had crossed."
    )
    assert links(text) == {("said", "does_not_confirm", "accused")}


def test_a_denied_accusation() -> None:
    assert ("denied", "denies", "accused") in links("Finland accused Norway of spying. Norway denied the accusation.")


def test_a_denial_said_again_answers_the_accusation_and_not_what_was_said_last() -> None:
    text = (
        "Finland accused Norway of spying. Denmark said the summit would open on Friday and end on Sunday."
        " Sweden said the hotels were full. Norway repeated its denial."
    )
    assert ("repeated", "denies", "accused") in links(text)
    assert not [link for link in links(text) if link[2] == "said"]


def test_a_report_that_nobody_could_verify() -> None:
    text = "Finland said 40 soldiers had crossed the river. Norway could not confirm the report."
    assert ("could not confirm", "does_not_confirm", "said") in links(text)


def test_a_closer_number() -> None:
    text = "Finland said thousands of Norwegian soldiers had crossed. Finland said 4,000 Norwegian troops had crossed."
    assert ("said", "specifies", "said") in links(text)


@pytest.mark.parametrize(
    "text",
    [
        "Finland said the harvest was good. Norway said the road was open.",
        "Finland said it had no evidence of a leak. Norway said the road was open.",
        "Finland declined to comment. Norway said the road was open.",
    ],
)
def test_no_link_between_other_matters(text: str) -> None:
    assert links(text) == set()
