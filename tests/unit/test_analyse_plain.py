"""Sentences that read alone."""

from __future__ import annotations

import pytest

from pipeline.annotate import annotate


@pytest.mark.parametrize(
    "sentence",
    [
        "A union accused the owner of ignoring cracks in the rock.",
        "The mayor urged residents of the valley to leave.",
    ],
)
def test_what_the_accused_is_charged_with_is_said_once(sentence: str) -> None:
    assert [claim["plain_text"] for claim in annotate(sentence)["claims"]] == [sentence]
