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


@pytest.mark.parametrize(
    ("sentence", "plain"),
    [
        ("That the dam had cracked was denied by spokesman Otto Lind.", "Otto Lind denied the dam had cracked."),
        ("Any talk of a strike was rejected by the yard.", "The yard rejected any talk of a strike."),
        ("Vale Motors said third-quarter profit fell.", "Vale Motors said third-quarter profit fell."),
        ("Vale Motors said Tuesday profit fell.", "Vale Motors said profit fell."),
    ],
)
def test_who_says_what_in_the_usual_order(sentence: str, plain: str) -> None:
    assert [claim["plain_text"] for claim in annotate(sentence)["claims"]] == [plain]
